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
            "sjældne jordartsmetaller", "terres rares", "terre rare", "レアアース", "希土類", "希土類元素", "稀土",
            "tierras raras", "elementos de tierras raras", "terras raras", "elementos de terras raras", "etr",
            "éléments de terres rares", "éléments des terres rares", "elementi delle terre rare",
            "sällsynta jordartsmetaller", "sällsynta jordarter", "sjeldne jordarter", "sjeldne jordartsmetaller",
            "harvinaiset maametallit", "редкие земли", "редкоземельные элементы", "редкоземельные металлы", "рзэ",
            "рзм", "稀土元素"),
    "HREE": ("heavy rare earth", "heavy rare earths", "heavy rare earth elements", "hreo", "schwere seltene erden",
             "tunge sjældne jordarter", "terres rares lourdes", "重希土類", "重レアアース", "tierras raras pesadas",
             "terras raras pesadas", "тяжелые редкие земли", "重稀土"),
    "NdPr": ("neodymium praseodymium", "neodymium-praseodymium", "nd pr", "nd-pr", "magnet rare earths"),
    "Nd": ("neodymium", "neodym", "néodyme", "ネオジム", "neodimio", "neodímio", "неодим", "钕"),
    "Pr": ("praseodymium", "praseodym", "praséodyme", "プラセオジム", "praseodimio", "praseodímio", "празеодим",
           "镨"),
    "Dy": ("dysprosium", "ジスプロシウム", "disprosio", "disprósio", "диспрозий", "镝"),
    "Tb": ("terbium", "テルビウム", "terbio", "térbio", "тербий", "铽"),
    "Ce": ("cerium", "cer", "cérium", "セリウム"),
    "La": ("lanthanum", "lanthan", "lanthane", "ランタン"),
    "Sm": ("samarium", "サマリウム"),
    "Eu": ("europium",),
    "Gd": ("gadolinium",),
    "Y": ("yttrium", "イットリウム", "itrio", "ítrio", "иттрий", "钇"),
    "Sc": ("scandium", "スカンジウム", "escandio", "escândio", "скандий", "钪"),
    "Li": ("lithium", "リチウム", "spodumene", "lithia", "li2o", "litio", "lítio", "litium", "литий", "锂"),
    "Co": ("cobalt", "kobalt", "コバルト", "cobalto", "koboltti", "kobolt", "кобальт", "钴"),
    "Ni": ("nickel", "nikkel", "ニッケル", "níquel", "niquel", "nichel", "nikkeli", "никель", "镍"),
    "Cu": ("copper", "kupfer", "kobber", "cuivre", "銅", "cobre", "rame", "koppar", "kopper", "kupari", "медь", "铜"),
    "Sb": ("antimony", "antimon", "antimoine", "stibium", "アンチモン", "antimonio", "antimônio", "antimoni",
           "сурьма", "锑"),
    "Ga": ("gallium", "ガリウム", "galio", "gálio", "галлий", "镓"),
    "Ge": ("germanium", "ゲルマニウム", "germanio", "germânio", "германий", "锗"),
    "In": ("indium", "インジウム"),
    "graphite": ("graphit", "grafit", "flake graphite", "黒鉛", "グラファイト", "grafito", "grafite",
                 "graphite naturel", "grafiitti", "графит", "石墨"),
    "Ti": ("titanium", "titan", "titane", "ilmenite", "rutile", "チタン", "titanio", "titânio", "titaani", "титан",
           "钛"),
    "Zr": ("zirconium", "zircon", "ジルコニウム", "circonio", "zircônio", "zirconio", "цирконий", "锆"),
    "Hf": ("hafnium",),
    "Nb": ("niobium", "niob", "columbium", "ニオブ", "niobio", "nióbio", "ниобий", "铌"),
    "Ta": ("tantalum", "tantal", "tantale", "タンタル", "tantalio", "tántalo", "tântalo", "тантал", "钽"),
    "W": ("tungsten", "wolfram", "tungstène", "タングステン", "wolframio", "tungsteno", "tungstênio", "volframi",
          "вольфрам", "钨"),
    "Mo": ("molybdenum", "molybdän", "molybdæn", "molybdène", "molibdeno", "molibdênio", "molybden", "молибден",
           "钼"),
    "V": ("vanadium", "バナジウム", "vanadio", "vanádio", "vanadin", "ванадий", "钒"),
    "Mn": ("manganese", "mangan", "manganèse", "マンガン", "manganeso", "manganês", "mangaani", "марганец", "锰"),
    "Cr": ("chromium", "chromite", "chrom", "chrome", "krom", "クロム", "cromo", "kromi", "хром", "铬"),
    "Fe": ("iron", "iron ore", "eisen", "jern", "fer", "鉄", "hierro", "ferro", "mineral de hierro",
           "minério de ferro", "järn", "rauta", "железо", "铁"),
    "Zn": ("zinc", "zink", "亜鉛", "zinco", "sink", "sinkki", "цинк", "锌"),
    "Pb": ("lead", "blei", "bly", "plomb", "鉛", "plomo", "chumbo", "piombo", "lyijy", "свинец", "铅"),
    "Sn": ("tin", "zinn", "étain", "錫", "スズ", "estaño", "estanho", "stagno", "tinn", "tenn", "олово", "锡"),
    "Au": ("gold", "guld", "or", "金", "oro", "ouro", "gull", "kulta", "золото"),
    "Ag": ("silver", "silber", "sølv", "argent", "銀", "plata", "prata", "argento", "hopea", "серебро", "银"),
    "PGM": ("platinum group metals", "platinum group elements", "pge", "pgms", "pges", "platinoids", "白金族"),
    "Pt": ("platinum", "platin", "platine", "白金", "platino", "platina", "платина", "铂"),
    "Pd": ("palladium",),
    "U": ("uranium", "uran", "u3o8", "ウラン", "uranio", "urânio", "uraani", "уран", "铀"),
    "Th": ("thorium", "トリウム", "torio", "tório", "торий", "钍"),
    "P": ("phosphate", "phosphorus", "phosphor", "phosphat", "リン", "fosfato", "fosfatos", "fosfaatti", "фосфат",
          "фосфор", "磷"),
    "F": ("fluorine", "fluorite", "fluorspar", "fluorita", "flúor", "萤石"),
    "Al": ("aluminium", "aluminum", "bauxite", "アルミニウム", "aluminio", "alumínio", "bauxita", "алюминий", "铝"),
    "Mg": ("magnesium", "magnesite", "magnesio", "magnésio", "магний", "镁"),
    "Be": ("beryllium", "beryl", "berilio", "berílio", "бериллий", "铍"),
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
                     "developed prospect", "探鉱地", "exploration", "exploration project", "early exploration",
                     "advanced exploration", "greenfield", "grassroots"),
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
    PlantStatus.IDLED: ("idle", "mothballed", "care and maintenance", "care & maintenance", "休止中"),
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
PARTS = re.compile(r"[;,/|&+\n、，・]|\s+(?:and|und|og|et|y|e|och|ja|и)\s+")
LONGEST_LIST = 500


MINERALS: dict[str, tuple[str, ...]] = {  # what is mined, and what it is mined for
    "mineral sands": ("Ti", "Zr"), "heavy mineral sands": ("Ti", "Zr"), "heavy minerals": ("Ti", "Zr"),
    "hms": ("Ti", "Zr"), "coltan": ("Nb", "Ta"), "columbite-tantalite": ("Nb", "Ta"), "monazite": ("REE",),
    "bastnaesite": ("REE",), "bastnäsite": ("REE",), "eudialyte": ("REE",), "xenotime": ("HREE",),
    "pyrochlore": ("Nb",), "tantalite": ("Ta",), "scheelite": ("W",), "wolframite": ("W",), "stibnite": ("Sb",),
    "cassiterite": ("Sn",), "molybdenite": ("Mo",), "petalite": ("Li",), "lepidolite": ("Li",), "pollucite": ("Cs",),
    "hpa": ("Al",), "high purity alumina": ("Al",), "high-purity alumina": ("Al",), "alumina": ("Al",),
    "apatite": ("P",),
}  # fmt: skip
OXIDE = re.compile(r"([A-Z][a-z]?)\d?O\d?")
COMPOUND = re.compile(r"\s+(?:oxides?|carbonates?|hydroxides?|sulphates?|sulfates?|metals?|concentrates?|ores?"
                      r"|minerali[sz]ation|deposits?)$")  # fmt: skip


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
    "care & maintenance": Standing.ON_HOLD,
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
    if plain in MINERALS:
        return list(MINERALS[plain])
    oxide = OXIDE.fullmatch(word)
    if oxide and oxide[1] in COMMODITY_WORDS:
        return [oxide[1]]
    if (bare := COMPOUND.sub("", plain)) != plain:
        return _symbols(bare)
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
