"""What the columns of a stranger's table are for, told from their names: one matcher of spellings for every way in.

A name can also say a unit, a hemisphere or a reference system ("Longitude (W)", "Lat_rad", "Easting MGA94"); these are
read with it and are applied by `layers.tables.positions`, never thrown away.
"""

import dataclasses
import functools
import re
from collections.abc import Iterable, Mapping, Sequence

from oreway.layers.tables.attributes import UNIT_KM
from oreway.layers.tables.coordinates import LAT, LETTER_OF, LON, cleaned

X, Y, EASTING, NORTHING, LOCAL = "x", "y", "easting", "northing", "local"
DEGREE, MINUTE, SECOND, LETTER = "deg", "min", "sec", "letter"
EITHER, MAYBE_SECOND = "either", "s"  # letters or signed numbers; seconds or the south: the other columns tell
LETTERS_OF = {LAT: "NS", LON: "EW"}
GERMAN = re.compile("l(ä|ae)nge")
LONGEST_NAME, CUT = 200, 10  # a Shapefile cuts names at 10 characters
AXIS_WORDS: dict[str, tuple[str, ...]] = {
    LAT: ("latitude", "latitudes", "latitud", "latitudine", "lats", "lat", "breitengrad", "breite", "breddegrad",
          "bredde",
          "緯度", "纬度", "北緯", "南緯", "北纬", "南纬", "широта", "leveysaste", "위도"),
    LON: ("longitude", "longitudes", "longitud", "longitudine", "longs", "long", "lons", "lon", "lng", "längengrad",
          "laengengrad", "länge", "laenge", "længdegrad", "længde", "laengde", "経度", "经度", "東経", "西経",
          "东经", "西经", "долгота", "lengdegrad", "pituusaste", "경도"),
    EASTING: ("eastings", "easting", "east", "e", "rechtswert", "ostwert", "østkoordinat", "ostkoordinate", "ost",
              "øst",
              "est", "utme", "utmx", "mgae", "xutm", "eutm", "emga"),
    NORTHING: ("northings", "northing", "north", "n", "hochwert", "nordwert", "nordkoordinat", "nordkoordinate", "nord",
               "utmn", "utmy", "mgan", "yutm", "nutm", "nmga"),
    X: ("x", "xcoord", "xcoordinate", "coordx", "pointx", "posx", "xpos", "centroidx"),
    Y: ("y", "ycoord", "ycoordinate", "coordy", "pointy", "posy", "ypos", "centroidy"),
}  # fmt: skip
AXIS_OF = {word: axis for axis, words in AXIS_WORDS.items() for word in words}
WHOLE_NAMES = {
    "decimallatitude": (LAT, ""), "decimallongitude": (LON, ""), "decimallat": (LAT, ""), "decimallon": (LON, ""),
    "decimallong": (LON, ""), "decimalla": (LAT, ""), "decimallo": (LON, ""), "ddlat": (LAT, ""), "ddlon": (LON, ""),
    "ddlong": (LON, ""), "ylat": (LAT, ""), "xlon": (LON, ""), "xlong": (LON, ""), "geolat": (LAT, ""),
    "geolon": (LON, ""), "geolong": (LON, ""), "gpslat": (LAT, ""), "gpslon": (LON, ""), "gpslong": (LON, ""),
    "ns": (LAT, LETTER), "ew": (LON, LETTER), "northsouth": (LAT, LETTER), "eastwest": (LON, LETTER),
    "gpslatituderef": (LAT, LETTER), "gpslongituderef": (LON, LETTER),
}  # fmt: skip
METRES_OF = {"mE": EASTING, "mN": NORTHING}  # as they are written: "Mn" is manganese
JOINERS = frozenset({"or", "and", "oder", "und", "eller", "og", "ou", "et"})
O_BESIDE = {"E": "W", "W": "E"}  # beside an E, O is Ouest; beside a W it is Ost
QUALIFIERS: dict[str, tuple[str, ...]] = {
    DEGREE: ("deg", "degs", "degree", "degrees", "°", "dd", "decimal", "dec", "decdeg", "degdec", "ddeg", "d", "度",
             "decimaldegree", "decimaldegrees", "grader", "degrés", "degres", "grad", "dezimal", "décimale", "décimal"),
    MINUTE: ("min", "mins", "minute", "minutes", "m", "分", "minuten", "minutter", "mm"),
    SECOND: ("sec", "secs", "second", "seconds", "s", "秒", "sekunden", "sekunder", "secondes", "ss"),
    LETTER: ("hemisphere", "hem", "hemi", "dir", "direction", "ref", "letter", "ns", "ew"),
    "rad": ("rad", "rads", "radian", "radians", "radianer", "bogenmaß", "ラジアン"),
    "gon": ("gon", "gons", "grads", "gradian", "gradians", "neugrad"),
    "e7": ("e7", "1e7", "1e-7"), "e6": ("e6", "1e6", "1e-6", "microdegrees", "microdegree", "µdeg"),
    "dms": ("dms", "gms", "ddmmss", "dddmmss"),
    "arcsec": ("arcsec", "arcsecs", "arcsecond", "arcseconds"),
    "arcmin": ("arcmin", "arcmins", "arcminute", "arcminutes"),
    "km": ("km", "kms", "kilometre", "kilometres", "kilometer", "kilometers"),
    "ft": ("ft", "feet", "foot", "usft", "ftus"),
    "metres": ("metre", "metres", "meter", "meters", "metern", "mtr"),
}  # fmt: skip
QUALIFIER_OF = {word: kind for kind, words in QUALIFIERS.items() for word in words}
PACKED = ((re.compile(r"d{2,3}\.mm(ss)?(\.?s+)?"), "dd.mmss"), (re.compile(r"d{2,3}mm\.m+"), "ddmm.mm"),
          (re.compile(r"d{2,3}mmss(\.s+)?"), "ddmmss"))  # fmt: skip
SYSTEM = re.compile(
    r"\b(?:epsg[:\s_]*\d{4,6}|wgs[\s_-]?(?:84|72)|gda[\s_-]?(?:94|2020|20)|nad[\s_-]?(?:27|83)|ed[\s_-]?50|etrs[\s_-]?89"
    r"|agd[\s_-]?(?:66|84)|jgd[\s_-]?20(?:00|11)|tokyo|osgb(?:[\s_-]?36)?|gr[\s_-]?96|psad[\s_-]?56|sad[\s_-]?69"
    r"|sirgas[\s_-]?2000|mga[\s_-]?(?:94|2020|20)?|amg[\s_-]?(?:66|84)?|utm|bng|nztm|sweref[\s_-]?99)(?![a-z])"
    r"(?:[\s_/,-]*(?:utm|mga))?(?:[\s_/,-]*(?:zone|z)?[\s_-]*\d{1,2}[a-z]?(?![a-z\d]))?", re.IGNORECASE,
)  # fmt: skip
ZONED = re.compile(r"(?:zone|z)[\s_]*\d{1,2}[a-z]?", re.IGNORECASE)
APART = re.compile(r"(?<![a-z\d])\d{1,2}[a-z]?(?![a-z\d])", re.IGNORECASE)  # a zone that stands apart: UTM_E_51S
ZONELESS_GRIDS = frozenset({"utm", "mga", "mga94", "mga2020"})
SIGNED = re.compile(r"(?<![a-z])-\s*[ws](?![a-z])|negative|\bneg\b|minus|[+±]\s*/?\s*-", re.IGNORECASE)
FILLERS = frozenset(
    [
        "coordinate",
        "coordinates",
        "coord",
        "coords",
        "site",
        "centroid",
        "center",
        "centre",
        "geo",
        "geographic",
        "geographical",
        "gps",
        "value",
        "point",
        "location",
        "position",
        "pos",
        "loc",
        "collar",
        "hole",
        "in",
        "the",
        "of",
        "mean",
        "wgs",
        "84",
        "y",
        "x",
        "lat",
        "lon",
        "native",
        "positive",
        "plus",
        "and",
        "or",
        "geographische",
        "geografisk",
        "start",
        "from",
        "proj",
        "map",
        "koordinate",
        "koordinat",
        "zone",
        "z",
        "negative",
        "neg",
        "minus",
    ]
)
NOT_A_POSITION = frozenset(
    [
        "error",
        "err",
        "uncertainty",
        "accuracy",
        "acc",
        "precision",
        "offset",
        "id",
        "std",
        "sd",
        "count",
        "range",
        "max",
        "end",
        "to",
        "name",
        "type",
        "quality",
        "diff",
        "delta",
        "source",
        "method",
        "datum",
        "system",
    ]
)
MINES = frozenset(["local", "mine", "minegrid", "plant", "lokal", "minen"])
ROLES: Mapping[str, tuple[str, ...]] = {
    "site_id": ("site_id", "id", "site_no", "site_number", "occurrence_id", "deposit_id", "dep_id", "mindep_no",
                "hole_id",
                "feature_id", "objectid", "object_id", "ogc_fid", "gml_id", "fid", "uuid", "nummer", "番号", "code"),
    "name": ("name", "site", "site_name", "deposit", "deposit_name", "dep_name", "project", "project_name", "prospect",
             "prospect_name", "mine", "mine_name", "occurrence", "occurrence_name", "locality", "title", "label",
             "target", "property", "place", "place_name", "名称", "名前", "鉱山名", "鉱床名", "地点名", "サイト名",
             "地点", "bezeichnung", "lagerstätte", "standort", "fundort", "navn", "lokalitet", "forekomst", "nom",
             "gisement", "nome", "nombre", "hole", "sample", "proyecto", "nombre_proyecto", "nombre_del_proyecto",
             "yacimiento", "projeto", "nome_projeto", "nome_do_projeto", "jazida", "depósito", "deposito", "mina",
             "progetto", "giacimento", "projet", "nom_du_projet", "projekt", "projektname", "projektnavn", "prosjekt",
             "prosjektnavn", "namn", "fyndighet", "nimi", "esiintymä", "название", "наименование", "месторождение",
             "объект", "项目", "项目名称", "矿床", "矿山", "矿区"),
    "commodities": ("commodities", "commodity", "commods", "commod", "primary_commodity", "main_commodity",
                    "commodity_1",
                    "commod_1", "commodity_name", "commodity_list", "target_commodity", "mineral_commodity", "minerals",
                    "mineral", "elements", "element", "metals", "metal", "rohstoffe", "rohstoff", "råstoffer", "råstof",
                    "mineraler", "substances", "substance", "鉱種", "元素", "対象鉱種", "資源", "mineral_principal",
                    "sustancia", "sustancias", "elemento", "elementos", "metales", "recurso_mineral", "substância",
                    "substancia", "substâncias", "minério", "minerio", "metais", "bem_mineral", "sostanza", "minerale",
                    "métal", "métaux", "råvara", "metall", "metaller", "råstoff", "полезное_ископаемое",
                    "полезные_ископаемые", "металл", "矿种", "矿产", "主矿种"),
    "stage": ("stage", "dev_stat", "dev_status", "development_status", "development_stage", "project_stage",
              "project_status", "deposit_stage", "stadium", "projektstadium", "stade", "段階", "開発段階", "phase",
              "status", "etapa", "fase", "estágio", "estagio", "стадия", "阶段"),
    "standing": ("standing",),
    "accuracy": ("position_accuracy_km", "accuracy_km", "position_accuracy_m", "accuracy_m", "position_accuracy",
                 "coordinate_uncertainty_in_meters", "coordinate_uncertainty", "coordinate_accuracy", "uncertainty_km",
                 "uncertainty_m", "location_accuracy", "loc_accuracy", "positional_accuracy", "accuracy", "uncertainty",
                 "genauigkeit", "nøjagtighed", "précision", "位置精度", "精度", "precisión", "precisão",
                 "precisione", "nøyaktighet", "noggrannhet", "tarkkuus", "точность"),
    "class": ("class", "klasse", "classe", "infrastructure_class"), "size": ("size", "größe", "størrelse", "taille"),
    "country": ("country", "country_name", "country_code", "land", "pays", "国", "国名", "nation", "país", "pais",
                "paese", "страна", "国家"),
    "zone": ("zone", "utm_zone", "mga_zone", "zone_utm", "zone_mga", "grid_zone", "amg_zone", "zone_no", "utmzone"),
    "system": ("crs", "epsg", "epsg_code", "srid", "srs", "datum", "geodetic_datum", "grid", "grid_system",
               "projection",
               "coordinate_system", "coord_system", "coord_sys", "coordsys", "spatial_reference", "map_datum",
               "horizontal_datum", "koordinatensystem", "bezugssystem", "koordinatsystem", "測地系", "座標系"),
    "hemisphere": ("hemisphere", "hemi", "utm_hemisphere"),
    "shape": ("geometry_wkt", "wkt", "geometry", "geom", "the_geom", "wkt_geometry", "wkb_geometry", "wkb", "shape",
              "geog", "wktgeom", "geom_wkt", "footprint", "geojson"),
    "pair": ("coordinates", "coordinate", "coords", "coord", "lat_lon", "lat_long", "latlon", "latlong", "latlng",
             "lon_lat", "lonlat", "long_lat", "latitude_longitude", "longitude_latitude", "latitude_and_longitude",
             "gps", "gps_coordinates", "position", "location", "geo_point", "geo_point_2d", "geopoint", "geolocation",
             "koordinaten", "koordinater", "coordonnées", "座標", "緯度経度", "経度緯度", "位置", "経緯度", "lage",
             "point",
             "latitud_longitud",
             "decimal_coordinates", "lat_lng", "lng_lat", "breite_länge", "xy", "geo"),
}  # fmt: skip
MORE_COMMODITIES = re.compile(r"(?:commod(?:ity|s)?|mineral|metal|element)_?([2-9])")


LENGTHS = frozenset({"metres", "km", "ft"})  # what is measured so is no degrees


@dataclasses.dataclass(frozen=True, kw_only=True)
class Header:
    """A column that may be part of a position.

    axis: lon, lat, x, y, easting, northing or local (a mine's own grid). part: deg, min, sec or letter where the name
    says
    one; EITHER and MAYBE_SECOND where only the other columns can tell. unit: of the numbers, nothing for degrees.
    letter: the hemisphere the name says. system: the reference system it
    says. strange: words of it that were not understood. rank: how far it is from the plainest spelling.
    """

    name: str
    axis: str
    part: str = ""
    unit: str = ""
    letter: str = ""
    system: str = ""
    strange: tuple[str, ...] = ()
    rank: int = 0


def plain_words(name: str) -> list[str]:
    """Return the words of a column's name, in small letters, CamelCase parted."""
    text = cleaned(name[:LONGEST_NAME]).lstrip("# ")
    parted = re.sub(r"(?<=[a-zß-ÿ])(?=[A-Z][a-z])", " ", text)
    return re.findall(r"[^\W_]+|°", parted.lower())


@functools.lru_cache(maxsize=4_096)
def position_header(name: str) -> Header | None:
    """Return what a column's name says of a position; None where it says nothing."""
    words = plain_words(name)
    whole = WHOLE_NAMES.get("".join(words))
    if whole and words not in (["n", "s"], ["e", "w"]):
        return Header(name=name, axis=whole[0], part=whole[1], rank=1)
    if axis := _both_letters(words):
        return Header(name=name, axis=axis, part=LETTER)
    if name.strip() in METRES_OF:
        return Header(name=name, axis=METRES_OF[name.strip()])
    text = cleaned(name[:LONGEST_NAME]).lower().replace("_", " ")
    system = _system(text)
    left = plain_words(SYSTEM.sub(" ", ZONED.sub(" ", text))) if system else words
    axis, rest = _axis(left)
    if not axis or NOT_A_POSITION & set(left):
        return None
    if axis not in {LAT, LON} and MINES & set(left):
        return Header(name=name, axis=LOCAL)
    return _qualified(name, text, axis, rest, system)


def _both_letters(words: Sequence[str]) -> str:
    """Return the axis of which words name both directions and nothing else: "N/S", "E or W", "Est/Ouest"."""
    letters = letters_of([word for word in words if word not in JOINERS])
    return next((axis for axis, both in LETTERS_OF.items() if len(letters) == 2 and set(letters) == set(both)), "")


def letters_of(words: Sequence[str]) -> list[str]:
    """Return the directions that words name, "" for a word that names none; an O is told by the others."""
    letters = [LETTER_OF.get(word, "") for word in words]
    beside = {O_BESIDE[letter] for letter in letters if letter in O_BESIDE}
    meant = beside.pop() if len(beside) == 1 else ""
    return [letter or (meant if word == "o" else "") for word, letter in zip(words, letters, strict=True)]


def _system(text: str) -> str:
    found, zone = SYSTEM.search(text), ZONED.search(text)
    told = found[0].strip() if found else ""
    if told in ZONELESS_GRIDS and zone is None and (apart := APART.search(text)):
        return f"{told} zone {apart[0]}"
    return f"{told} {zone[0]}".strip() if zone and zone[0] not in told else told


def _axis(words: Sequence[str]) -> tuple[str, list[str]]:
    """Return the axis some words name, and the other words; "latdeg" is "lat" and "deg"."""
    places = sorted(range(len(words)), key=lambda at: AXIS_OF.get(words[at]) not in {LAT, LON})
    for at in places:
        word = words[at]
        if word in AXIS_OF and not (word in {"e", "n", "x", "y"} and len(words) > 1 and _named_elsewhere(words, word)):
            rest = [*words[:at], *words[at + 1 :]]
            return AXIS_OF[word], [LETTER_OF[word].lower(), *rest] if word in LETTER_OF and AXIS_OF[word] in {
                LAT,
                LON,
            } else rest
    for at, word in enumerate(words):
        for axis in (LAT, LON):
            for stem in AXIS_WORDS[axis]:
                left = word.removeprefix(stem)
                fits = left in QUALIFIER_OF or LETTER_OF.get(left, "-") in LETTERS_OF[axis]
                if left != word and fits and len(stem) >= 3:
                    return axis, [*words[:at], left, *words[at + 1 :]]
    return "", list(words)


def _named_elsewhere(words: Sequence[str], letter: str) -> bool:
    """Tell whether another word than a single letter names the axis, so that the letter stands beside it."""
    return any(
        word != letter and AXIS_OF.get(word, word) != word and len(word) > 1 and word in AXIS_OF for word in words
    )


def _qualified(name: str, text: str, axis: str, rest: Sequence[str], system: str) -> Header:
    of_axis = {LAT: {"N", "S"}, LON: {"E", "W"}}.get(axis, set())
    letters, parts, units, strange = set[str](), list[str](), list[str](), list[str]()
    packed = next((unit for pattern, unit in PACKED if pattern.search(text.replace(" ", ""))), "")
    for word in rest:
        kind, letter = QUALIFIER_OF.get(word, ""), LETTER_OF.get(word, "")
        if letter in of_axis:
            letters.add(letter)
        elif word == "o" and axis == LON:
            letters |= {"E"} if GERMAN.search(text) else {"O"}
        elif kind in {DEGREE, MINUTE, SECOND, LETTER}:
            parts.append(kind)
        elif kind:
            units.append(kind)
        elif word not in FILLERS and not (packed and set(word) <= set("dms")):
            strange.append(word)
    if of_axis and letters == of_axis and not parts:
        parts = [EITHER]
    if list(rest) == ["s"] and axis == LAT:
        parts = [MAYBE_SECOND]
    letter = next(iter(letters)) if len(letters) == 1 and not SIGNED.search(text) else ""
    return Header(
        name=name, axis=axis, part=parts[0] if parts else "", unit=packed or (units[0] if units else ""), letter=letter,
        system=system, strange=tuple(strange), rank=len(rest) + 5 * len(strange),
    )  # fmt: skip


def position_headers(names: Iterable[str]) -> list[Header]:
    """Return the columns that may be part of a position, the plainest spelling first."""
    found = [header for name in names if (header := position_header(name)) is not None]
    return sorted(found, key=lambda header: header.rank)


def compact(name: str) -> str:
    """Return a name as it is compared: its letters and digits alone."""
    return "".join(plain_words(re.sub(r"\(.*?\)|\[.*?\]", "", name[:LONGEST_NAME])) or plain_words(name))


SPELLINGS = {compact(word): (role, place) for role, words in ROLES.items() for place, word in enumerate(words)}
CUT_NAMES = {
    word.replace(" ", "_")[:CUT]: role for role in ("commodities", "accuracy",
        "stage") for word in ROLES[role] if len(word) > CUT
}  # fmt: skip


def spelled(names: Sequence[str]) -> dict[str, str]:
    """Return which column plays which role of ROLES, by the usual spellings; the first spelling of a role wins."""
    best: dict[str, tuple[int, str]] = {}
    for name in names:
        role, place = SPELLINGS.get(compact(name), ("", 0))
        if not role and len(name) == CUT and name.lower() in CUT_NAMES:
            role, place = CUT_NAMES[name.lower()], len(ROLES["accuracy"])
        if role and (role not in best or place < best[role][0]):
            best[role] = (place, name)
    return {role: name for role, (_, name) in best.items()}


def further_commodities(names: Iterable[str]) -> list[str]:
    """Return the columns of a second and further commodities, in order."""
    found = [(match[1], name) for name in names if (match := MORE_COMMODITIES.fullmatch(compact(name)))]
    return [name for _, name in sorted(found)]


def accuracy_unit(name: str) -> str:
    """Return the unit a column of accuracies names, "" where it names none."""
    return next((word for word in plain_words(name) if word in UNIT_KM), "km" if name.lower() == "position_a" else "")
