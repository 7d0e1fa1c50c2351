"""Commodities, stages and accuracies in the field's usual words become those that Oreway measures by.

A word that is not known is never dropped in silence: it is handed back to be named.
"""

import functools
import math
import re
import unicodedata

from oreway.layers.errors import CoordinateError
from oreway.layers.tables.coordinates import cleaned, is_nothing
from oreway.layers.tables.sayings import TableSaying
from oreway.layers.vocabulary import PlantStatus, Stage, Standing

COMMODITY_WORDS: dict[str, tuple[str, ...]] = {
    "REE": ("rare earth", "rare earths", "rare earth element", "rare earth elements", "rare earth oxide",
            "rare earth oxides", "rare earth metals", "reo", "treo", "tree", "lree", "lreo", "light rare earths",
            "light rare earth elements", "rees", "seltene erden", "seltenerden", "sjældne jordarter",
            "sjældne jordartsmetaller", "terres rares", "terre rare", "レアアース", "希土類", "希土類元素", "稀土"),
    "HREE": ("heavy rare earth", "heavy rare earths", "heavy rare earth elements", "hreo",
             "schwere seltene erden", "tunge sjældne jordarter", "terres rares lourdes", "重希土類",
             "重レアアース"),
    "NdPr": ("neodymium praseodymium", "neodymium-praseodymium", "nd pr", "nd-pr", "magnet rare earths"),
    "Nd": ("neodymium", "neodym", "néodyme", "ネオジム"),
    "Pr": ("praseodymium", "praseodym", "praséodyme", "プラセオジム"),
    "Dy": ("dysprosium", "ジスプロシウム"),
    "Tb": ("terbium", "テルビウム"),
    "Ce": ("cerium", "cer", "cérium", "セリウム"),
    "La": ("lanthanum", "lanthan", "lanthane", "ランタン"),
    "Sm": ("samarium", "サマリウム"),
    "Eu": ("europium",),
    "Gd": ("gadolinium",),
    "Y": ("yttrium", "イットリウム"),
    "Sc": ("scandium", "スカンジウム"),
    "Li": ("lithium", "リチウム", "spodumene", "lithia", "li2o"),
    "Co": ("cobalt", "kobalt", "コバルト"),
    "Ni": ("nickel", "nikkel", "ニッケル"),
    "Cu": ("copper", "kupfer", "kobber", "cuivre", "銅"),
    "Sb": ("antimony", "antimon", "antimoine", "stibium", "アンチモン"),
    "Ga": ("gallium", "ガリウム"),
    "Ge": ("germanium", "ゲルマニウム"),
    "In": ("indium", "インジウム"),
    "graphite": ("graphit", "grafit", "flake graphite", "黒鉛", "グラファイト"),
    "Ti": ("titanium", "titan", "titane", "ilmenite", "rutile", "チタン"),
    "Zr": ("zirconium", "zircon", "ジルコニウム"),
    "Hf": ("hafnium",),
    "Nb": ("niobium", "niob", "columbium", "ニオブ"),
    "Ta": ("tantalum", "tantal", "tantale", "タンタル"),
    "W": ("tungsten", "wolfram", "tungstène", "タングステン"),
    "Mo": ("molybdenum", "molybdän", "molybdæn", "molybdène"),
    "V": ("vanadium", "バナジウム"),
    "Mn": ("manganese", "mangan", "manganèse", "マンガン"),
    "Cr": ("chromium", "chromite", "chrom", "chrome", "krom", "クロム"),
    "Fe": ("iron", "iron ore", "eisen", "jern", "fer", "鉄"),
    "Zn": ("zinc", "zink", "亜鉛"),
    "Pb": ("lead", "blei", "bly", "plomb", "鉛"),
    "Sn": ("tin", "zinn", "étain", "錫", "スズ"),
    "Au": ("gold", "guld", "or", "金"),
    "Ag": ("silver", "silber", "sølv", "argent", "銀"),
    "PGM": ("platinum group metals", "platinum group elements", "pge", "pgms", "pges", "platinoids", "白金族"),
    "Pt": ("platinum", "platin", "platine", "白金"),
    "Pd": ("palladium",),
    "U": ("uranium", "uran", "u3o8", "ウラン"),
    "Th": ("thorium", "トリウム"),
    "P": ("phosphate", "phosphorus", "phosphor", "phosphat", "リン"),
    "F": ("fluorine", "fluorite", "fluorspar"),
    "Al": ("aluminium", "aluminum", "bauxite", "アルミニウム"),
    "Mg": ("magnesium", "magnesite"),
    "Be": ("beryllium", "beryl"),
    "Bi": ("bismuth", "wismut"),
    "As": ("arsenic", "arsen"),
    "Te": ("tellurium", "tellur"),
    "Ba": ("barite", "baryte", "barium"),
    "B": ("boron", "borates", "bor"),
    "K": ("potash", "potassium"),
    "Cs": ("caesium", "cesium"),
    "Rb": ("rubidium",),
    "Sr": ("strontium", "celestite"),
    "Re": ("rhenium",),
    "Hg": ("mercury",),
    "Si": ("silicon", "silica"),
    "cryolite": ("kryolith", "kryolit", "cryolithe"),
}  # fmt: skip
STAGE_WORDS: dict[Stage, tuple[str, ...]] = {
    Stage.OCCURRENCE: ("occurrence", "showing", "mineral occurrence", "indication", "vorkommen", "forekomst",
                       "indice", "産地", "鉱徴"),
    Stage.PROSPECT: ("prospect", "advanced prospect", "exploration prospect", "raw prospect",
                     "developed prospect", "探鉱地"),
    Stage.RESOURCE: ("resource", "mineral resource", "resource estimate", "inferred resource",
                     "indicated resource", "measured resource", "resource definition", "ressource", "資源量"),
    Stage.SCOPING: ("scoping", "scoping study", "pea", "preliminary economic assessment",
                    "preliminary assessment", "概略調査", "スコーピング"),
    Stage.PFS: ("pfs", "pre-feasibility", "prefeasibility", "pre feasibility", "pre-feasibility study",
                "prefeasibility study", "preliminary feasibility study", "pre-feasibility stage",
                "vormachbarkeit", "vormachbarkeitsstudie", "préfaisabilité", "予備的経済性評価", "プレfs"),
    Stage.FS: ("fs", "feasibility", "feasibility study", "dfs", "bfs", "definitive feasibility study",
               "bankable feasibility study", "feasibility stage", "machbarkeit", "machbarkeitsstudie",
               "faisabilité", "étude de faisabilité", "企業化調査", "フィージビリティスタディ"),
    Stage.FINANCED: ("financed", "funded", "finanziert", "finansieret", "financé"),
    Stage.CONSTRUCTION: ("construction", "under construction", "in construction", "development and construction",
                         "being built", "bau", "im bau", "under opførelse", "en construction", "建設", "建設中"),
    Stage.COMMISSIONING: ("commissioning", "commissioned", "ramp-up", "ramp up", "inbetriebnahme",
                          "mise en service", "試運転"),
    Stage.PRODUCING: ("producing", "production", "in production", "producer", "operating", "operating mine",
                      "operation", "active mine", "produktion", "in produktion", "in betrieb", "i drift",
                      "en production", "生産", "生産中", "操業中"),
}  # fmt: skip
PLANT_WORDS: dict[PlantStatus, tuple[str, ...]] = {
    PlantStatus.PLANNED: ("proposed", "announced", "計画中"),
    PlantStatus.BUILDING: ("being built", "under construction", "construction", "建設中"),
    PlantStatus.COMMISSIONING: ("ramp-up", "ramp up", "試運転"),
    PlantStatus.OPERATING: ("in operation", "producing", "in production", "操業中", "稼働中"),
    PlantStatus.IDLED: ("idle", "mothballed", "care and maintenance", "休止中"),
    PlantStatus.CANCELLED: ("canceled", "中止"),
    PlantStatus.UNKNOWN: (),
}
UNIT_KM = {
    "km": 1.0, "kms": 1.0, "kilometre": 1.0, "kilometres": 1.0, "kilometer": 1.0, "kilometers": 1.0, "m": 0.001,
    "metre": 0.001, "metres": 0.001, "meter": 0.001, "meters": 0.001, "mtr": 0.001, "mi": 1.609344, "mile": 1.609344,
    "miles": 1.609344, "ft": 0.0003048, "feet": 0.0003048, "foot": 0.0003048, "キロ": 1.0, "キロメートル": 1.0,
    "メートル": 0.001, "nm": 1.852, "nmi": 1.852,
}  # fmt: skip
MOST_ACCURACY_KM = 20_038.0  # half way round the Earth: a position this sure may be anywhere
AMOUNT = re.compile(
    r"(?:±|\+/-|\+-|<|<=|≤|~|ca\.?|c\.?)?\s*\+?(\d+(?:[.,]\d+)?|[.,]\d+)\s*([^\W\d_]*)\.?", re.IGNORECASE
)
THOUSANDS = re.compile(r"\d{1,3}([,. '\u2019])\d{3}(?:\1\d{3})*")
PARTS = re.compile(r"[;,/|&+\n、，・]|\s+(?:and|und|og|et)\s+")
LONGEST_LIST = 500


def _plain(word: str) -> str:
    return re.sub(r"\s+", " ", unicodedata.normalize("NFKC", word)).strip(" .'\"").lower()


SYMBOLS = {symbol.lower(): symbol for symbol in COMMODITY_WORDS}
COMMODITY_OF = SYMBOLS | {word: symbol for symbol, words in COMMODITY_WORDS.items() for word in words} | {"re": "REE"}
STAGE_OF = {word: stage for stage, words in STAGE_WORDS.items() for word in words}
PLANT_STATE_OF = {state.value: state for state in PlantStatus} | {
    word: state for state, words in PLANT_WORDS.items() for word in words
}
STANDING_OF = {word.value: word for word in Standing} | {
    "on hold": Standing.ON_HOLD,
    "care and maintenance": Standing.ON_HOLD,
}


@functools.lru_cache(maxsize=8_192)
def commodities(text: str) -> tuple[str, tuple[str, ...]]:
    """Return a list of commodities as symbols joined by ";", and the words in it that are not known (they are kept)."""
    if is_nothing(text):
        return "", ()
    symbols: list[str] = []
    strange: list[str] = []
    for part in PARTS.split(text[:LONGEST_LIST]):
        word = re.sub(r"\(.*?\)", "", part).strip() or part.strip(" ()")
        if is_nothing(word):
            continue
        known = _symbols(word)
        symbols += known or [word]
        strange += [] if known else [word]
    return ";".join(dict.fromkeys(symbols)), tuple(dict.fromkeys(strange))


def _symbols(word: str) -> list[str]:
    """Return the symbols of one entry: a symbol as it is written, a name, or several symbols such as Cu-Au."""
    if word in COMMODITY_WORDS or word == "*":
        return [word]
    plain = _plain(word)
    found = COMMODITY_OF.get(plain) or COMMODITY_OF.get(plain.removesuffix("s"))
    if found:
        return [found]
    parts = re.split(r"[\s\-‐–]+", word.strip())
    several = [COMMODITY_OF.get(_plain(part), "") for part in parts]
    return several if len(parts) > 1 and all(several) else []


@functools.lru_cache(maxsize=4_096)
def stage(text: str) -> str | None:
    """Return the stage a text names, "" where it names none, None where the word is not known."""
    if is_nothing(text):
        return ""
    found = STAGE_OF.get(_plain(text).replace("_", " ").removesuffix(" stage").removesuffix(" phase"))
    return found.value if found else None


@functools.lru_cache(maxsize=1_024)
def plant_state(text: str) -> str | None:
    """Return the state of a plant a text names, "" where it is empty, None where the word is not known."""
    found = PLANT_STATE_OF.get(_plain(text))
    return found.value if found else "" if is_nothing(text) else None


@functools.lru_cache(maxsize=1_024)
def standing(text: str) -> str | None:
    """Return the standing a text names, "" where it names none, None where the word is not known."""
    found = STANDING_OF.get(_plain(text))
    return found.value if found else "" if is_nothing(text) else None


@functools.lru_cache(maxsize=4_096)
def kilometres(text: str, unit: str = "") -> float:
    """Return a length in kilometres, NaN where nothing is said or 0.

    Args:
        text: a number, perhaps with its unit: "2,5", "25000 m", "± 5 km".
        unit: of the column; a unit beside the number goes before it.

    Raises:
        CoordinateError: not a length, without any unit, or beyond half the Earth.
    """
    plain = cleaned(text[:LONGEST_LIST])
    if is_nothing(plain):
        return math.nan
    found = AMOUNT.fullmatch(plain)
    if found is None or (THOUSANDS.fullmatch(found[1]) and found[1][-4] == ","):
        raise CoordinateError(TableSaying.NO_LENGTH())
    name = found[2].lower() or unit
    if name not in UNIT_KM:
        raise CoordinateError(TableSaying.NO_UNIT())
    length = float(found[1].replace(",", ".")) * UNIT_KM[name]
    if length > MOST_ACCURACY_KM:
        raise CoordinateError(TableSaying.HALF_WAY_ROUND())
    return length if length > 0 else math.nan
