"""Changes of a what-if that are told in words or in a file: a fact of a site, its place, and what is built."""

import dataclasses
import difflib
import re
from collections.abc import Mapping
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely
from shapely.geometry import Point
from shapely.geometry.base import BaseGeometry

from oreway.layers.schema import as_number, may_be
from oreway.layers.tables.columns import plain_words, spelled
from oreway.layers.vocabulary import Confidence, Stage, Standing
from oreway.said import Joint, Said, listed, why, word
from oreway.scoring.errors import ScoringError
from oreway.scoring.judge.gates import STRICTEST_FIRST
from oreway.scoring.whatif.sayings import WhatIfSaying
from oreway.scoring.whatif.whatif import ADDABLE, SOURCE, Addition
from oreway.scoring.world.world import World, changed, with_sites

EXPECTED = WhatIfSaying.EXPECTED()
PLACE = {"lon": 180.0, "lat": 90.0}
SITE_FIELDS: Mapping[str, tuple[str, ...]] = {
    "stage": tuple(word.value for word in Stage), "standing": tuple(word.value for word in Standing), "products": (),
    "position_accuracy_km": (), "lon": (), "lat": (),
}  # fmt: skip
GATE = "gate"
SIZED = re.compile(r"([+-]?\d+(?:[.,]\d+)?)\s*([^\W\d]*)")
METRES = {"": 1.0, "m": 1.0, "metre": 1.0, "metres": 1.0, "meter": 1.0, "meters": 1.0, "km": 1000.0, "ft": 0.3048}
MEGAWATTS = {"": 1.0, "mw": 1.0, "kw": 0.001, "gw": 1000.0}
CLASS_WORDS: Mapping[str, tuple[str, ...]] = {
    "port": ("harbour", "harbor", "seaport", "wharf", "quay", "jetty", "marine terminal", "hafen", "havn", "puerto",
             "porto", "港", "港湾"),
    "airfield": ("airport", "airstrip", "aerodrome", "air strip", "landing strip", "runway", "flugplatz", "flughafen",
                 "lufthavn", "空港", "滑走路"),
    "road": ("highway", "haul road", "access road", "roads", "straße", "strasse", "vej", "道路"),
    "rail": ("railway", "railroad", "rail line", "railway line", "railways", "eisenbahn", "jernbane", "鉄道"),
    "power": ("substation", "power plant", "power station", "power supply", "kraftwerk", "umspannwerk", "wind farm",
              "solar farm", "hydro plant", "hydropower", "hydropower plant", "電力", "発電所", "変電所"),
}  # fmt: skip
CLASS_OF = {name: name for name in ADDABLE} | {one: name for name, words in CLASS_WORDS.items() for one in words}
OF_CLASS = ("type", "kind", "asset type", "asset class", "facility", "facility type", "feature type", "feature class",
            "infrastructure", "infrastructure type", "art", "種別", "種類")  # fmt: skip
SIZES: Mapping[str, tuple[str, ...]] = {  # what a column of sizes is called, by what is built
    "port": ("draught", "draft", "depth", "alongside depth", "max draught", "max draft", "水深"),
    "airfield": ("runway", "runway length", "length", "滑走路長"),
    "power": ("capacity", "power", "installed capacity", "mw", "kw", "gw", "capacity mw", "出力"),
}
UNIT_BEHIND = re.compile(r"(?:m|metres?|meters?|km|ft|mw|kw|gw)", re.IGNORECASE)


@dataclasses.dataclass(frozen=True, kw_only=True)
class FactChange:
    """One fact of one site as it would be; category narrows a field that has several (gate, resource_mt)."""

    site_id: str
    field: str
    value: str
    category: str = ""


def read_change(text: str) -> FactChange:
    """Return the change a text SITE:FIELD=VALUE or SITE:FIELD.CATEGORY=VALUE names.

    Raises:
        ScoringError: the text is none.
    """
    site_id, colon, rest = text.partition(":")
    name, equals, value = rest.partition("=")
    field, _, category = name.strip().partition(".")
    if not (colon and equals and site_id.strip() and field and value.strip()):
        raise ScoringError(WhatIfSaying.CHANGE_NOT_READ(repr(text), EXPECTED))
    return FactChange(site_id=site_id.strip(), field=field, category=category, value=value.strip())


def with_change(world: World, change: FactChange) -> World:
    """Return the world with one fact changed; the given world stays as it was.

    stage, standing, products, position_accuracy_km, lon and lat are those of the site itself; every other field stands
    among its facts, whose rows of that field (and category) the new value replaces.

    Raises:
        ScoringError: no such site or field, or a value that cannot be.
    """
    if change.site_id not in world.sites.index:
        raise ScoringError(WhatIfSaying.NO_SITE(repr(change.site_id), _near(change.site_id, world.sites.index)))
    if change.field in SITE_FIELDS:
        return _with_site_value(world, change)
    fields = sorted(set(world.facts["field"]))
    change = _named_gate(world, change)
    if change.field not in fields:
        raise ScoringError(WhatIfSaying.NO_FACT(repr(change.field), _near(change.field, [*SITE_FIELDS, *fields])))
    if change.field == GATE and change.value not in STRICTEST_FIRST:
        raise ScoringError(WhatIfSaying.NO_GATE(repr(change.value), listed(map(word, STRICTEST_FIRST))))
    if change.field == GATE and change.category not in {gate.id for gate in world.gates}:
        known = listed(word(gate.id) for gate in world.gates)
        raise ScoringError(WhatIfSaying.GATE_NOT_NAMED(world.gates[0].id, known))
    return changed(world, facts=_facts(world.facts, change))


def _named_gate(world: World, change: FactChange) -> FactChange:
    """Return a change of a gate with the gate's id, where it is named by its title, or by the part before a bracket."""
    if change.field != GATE:
        return change
    wanted = change.category.replace("_", " ").strip().casefold()
    for gate in world.gates:
        titles = gate.id.replace("_", " "), gate.title, gate.title.partition(" (")[0]
        if wanted in {title.casefold() for title in titles}:
            return dataclasses.replace(change, category=gate.id)
    return change


def _near(word: str, known: "list[str] | pd.Index") -> str:
    close = difflib.get_close_matches(word.lower(), [str(one) for one in known], n=3, cutoff=0.5)
    return WhatIfSaying.DID_YOU_MEAN(listed(close)) if close else ""


def _facts(facts: pd.DataFrame, change: FactChange) -> pd.DataFrame:
    same = facts[facts["field"] == change.field]
    units = [unit for unit in same["unit"] if unit]
    if units and as_number(change.value) is None:
        raise ScoringError(WhatIfSaying.VALUE_NOT_A_NUMBER(word(change.field), repr(change.value), units[0]))
    if not may_be(change.field, as_number(change.value) or 0.0):
        raise ScoringError(WhatIfSaying.VALUE_BELOW_ZERO(word(change.field), repr(change.value)))
    mine = (facts["site_id"] == change.site_id) & (facts["field"] == change.field)
    if change.category:
        mine &= facts["category"] == change.category
    row = dict.fromkeys(facts.columns, "") | {
        "site_id": change.site_id, "field": change.field, "value": change.value, "category": change.category,
        "unit": max(set(units), key=units.count) if units else "", "confidence": Confidence.UNVERIFIED.value,
        "source_title": SOURCE,
    }  # fmt: skip
    return pd.concat([facts[~mine], pd.DataFrame([row]).astype(facts.dtypes)], ignore_index=True)


def _with_site_value(world: World, change: FactChange) -> World:
    choices, value = SITE_FIELDS[change.field], change.value
    if choices and value not in choices:
        raise ScoringError(WhatIfSaying.NO_CHOICE(word(change.field), repr(value), listed(map(word, choices))))
    sites = world.sites.copy()
    if choices or change.field == "products":
        sites.loc[change.site_id, change.field] = value
        return with_sites(world, sites)
    number, most = as_number(value), PLACE.get(change.field, 1000.0)
    if number is None or not (-most if change.field in PLACE else 0.0) <= number <= most:
        raise ScoringError(WhatIfSaying.NUMBER_UP_TO(word(change.field), repr(value), format(most, "g")))
    sites.loc[change.site_id, change.field] = number
    if change.field in PLACE:
        moved = [Point(*place) for place in zip(sites["lon"], sites["lat"], strict=True)]
        here = sites.index == change.site_id
        sites = sites.set_geometry(sites.geometry.where(~here, gpd.GeoSeries(moved, index=sites.index, crs=sites.crs)))
    return with_sites(world, sites)


def additions(features: gpd.GeoDataFrame, place: str, class_: str = "") -> list[Addition]:
    """Return what a file builds: one feature each, `class` one of ADDABLE, with name and size where they are given.

    Args:
        features: the `sites` of a `layers.upload.upload.Upload`.
        place: the file's name, for messages.
        class_: of the features that give none.

    Raises:
        ScoringError: a class is missing or cannot be added, or a size is no number; all faults at once.
    """
    found: list[Addition] = []
    faults: list[Said] = []
    roles = spelled([str(name) for name in features.columns])
    kinds = roles.get("class") or _column_of_classes(features) or "class"
    for row, (name, feature) in enumerate(features.iterrows(), start=1):
        told = _told(feature.get(kinds, "") or class_)
        named = CLASS_OF.get(told, told)
        text = _size_text(feature, named, roles.get("size", "size"))
        if named not in ADDABLE:
            cure = (WhatIfSaying.CHOOSE if named else WhatIfSaying.ADD_CLASS)()
            faults.append(WhatIfSaying.CLASS_OF_FEATURE(place, row, repr(named), cure, listed(map(word, ADDABLE))))
        try:
            size = _size(text, named)
        except ScoringError as error:
            faults.append(WhatIfSaying.PLACE_OF_FEATURE(place, row, why(error)))
            continue
        label, shape = str(feature.get("name", "") or name), _one_line(features.geometry.iloc[row - 1])
        found.append(Addition(class_=named, geometry=shape, name=label, size=size))
    if faults:
        raise ScoringError(Joint.LINES(*faults))
    return found


def _told(cell: object) -> str:
    return " ".join(str(cell).replace("_", " ").lower().split())


def _column_of_classes(features: gpd.GeoDataFrame) -> str:
    """Return the column called type, kind and the like whose every cell names something that can be built."""
    for column in features.columns:
        if " ".join(plain_words(str(column))) not in OF_CLASS:
            continue
        cells = {
            " ".join(str(cell).replace("_", " ").lower().split()) for cell in features[column] if str(cell).strip()
        }
        if cells and cells <= set(CLASS_OF):
            return str(column)
    return ""


def _size_text(feature: "pd.Series[Any]", class_: str, column: str) -> str:
    """Return how big a feature says it is: in its column of sizes, else in one called as sizes of its class are."""
    given = str(feature.get(column, "") or "").strip()
    if given:
        return given
    for name in feature.index:
        words = plain_words(str(name))
        units = [word for word in words if UNIT_BEHIND.fullmatch(word)]
        bare = [word for word in words if word not in units]
        cell = str(feature[name] or "").strip()
        if cell and {" ".join(words), " ".join(bare)} & set(SIZES.get(class_, ())):
            return f"{cell} {units[0]}" if units and cell[-1].isdigit() else cell
    return ""


def _size(text: str, class_: str) -> float | None:
    """Return a size in metres, or in megawatts of power, with or without its unit; None for no text.

    Raises:
        ScoringError: not a number with such a unit, or below 0.
    """
    if not text:
        return None
    match = SIZED.fullmatch(text)
    units = MEGAWATTS if class_ == "power" else METRES
    if match is None or match[2].lower() not in units:
        raise ScoringError(WhatIfSaying.SIZE_NOT_A_NUMBER(repr(text)))
    size = float(match[1].replace(",", ".")) * units[match[2].lower()]
    if size < 0:
        raise ScoringError(WhatIfSaying.SIZE_BELOW_ZERO(repr(text)))
    return size


def _one_line(shape: BaseGeometry) -> BaseGeometry:
    """Return a shape without heights; pieces of a line that meet become one line, a collection of one that one."""
    flat = shapely.force_2d(shape)
    parts = shapely.get_parts(flat)
    whole: BaseGeometry = parts[0] if len(parts) == 1 else flat
    return shapely.line_merge(whole) if whole.geom_type == "MultiLineString" else whole
