"""The field's words as enumerations, each with the standard it follows."""

from enum import StrEnum


class Nil(StrEnum):
    """Say why a value is absent, after the OGC nil-reason register."""

    UNKNOWN = "unknown"
    INAPPLICABLE = "inapplicable"
    ABSENT_NETWORK = "absent_network"
    WITHHELD = "withheld"


class Stage(StrEnum):
    """Name the rung a deposit has reached, from occurrence to product, in order.

    The study steps (scoping, pre-feasibility, feasibility) are those of CRIRSCO and JORC 2012.
    """

    OCCURRENCE = "occurrence"
    PROSPECT = "prospect"
    RESOURCE = "resource"
    SCOPING = "scoping"
    PFS = "pfs"
    FS = "fs"
    FINANCED = "financed"
    CONSTRUCTION = "construction"
    COMMISSIONING = "commissioning"
    PRODUCING = "producing"


class Standing(StrEnum):
    """Say whether work goes on at a site; stands beside the stage and never replaces it."""

    ACTIVE = "active"
    ON_HOLD = "on_hold"
    BARRED = "barred"
    CANCELLED = "cancelled"
    UNKNOWN = "unknown"


class PlantStatus(StrEnum):
    """Name the state of a refinery, smelter, magnet or recycling plant."""

    PLANNED = "planned"
    BUILDING = "building"
    COMMISSIONING = "commissioning"
    OPERATING = "operating"
    IDLED = "idled"
    CANCELLED = "cancelled"
    UNKNOWN = "unknown"


class SiteKind(StrEnum):
    """Say what a catalogue entry is; only deposits and zones are scored."""

    DEPOSIT = "deposit"
    ZONE = "zone"
    COMPLEX = "complex"
    ISLAND = "island"
    LIMIT = "limit"
    STOCKPILE = "stockpile"
    PLANT = "plant"


class OccurrenceType(StrEnum):
    """Name the kind of mineral occurrence, after EarthResourceML 2.0 (Mineral Occurrence Type)."""

    OCCURRENCE = "occurrence"
    PROSPECT = "prospect"
    DEPOSIT = "mineral_deposit"
    ORE_DEPOSIT = "ore_deposit"
    FIELD = "field"


class ResourceCategory(StrEnum):
    """Name the confidence class of a tonnage, after the CRIRSCO template (JORC, S-K 1300, NI 43-101)."""

    MEASURED = "measured"
    INDICATED = "indicated"
    MEASURED_INDICATED = "measured_indicated"
    INFERRED = "inferred"
    RESOURCE_TOTAL = "resource_total"
    PROBABLE = "probable"
    PROVED = "proved"
    RESERVE_TOTAL = "reserve_total"
    EXPLORATION_TARGET = "exploration_target"
    UNCLASSIFIED = "unclassified"


class ChainStage(StrEnum):
    """Name the step of the supply chain a plant performs."""

    CRACKING_LEACHING = "cracking_leaching"
    SEPARATION = "separation"
    METAL = "metal"
    ALLOY = "alloy"
    MAGNET = "magnet"
    RECYCLING = "recycling"
    LITHIUM_REFINING = "lithium_refining"
    COBALT_REFINING = "cobalt_refining"
    NICKEL_REFINING = "nickel_refining"
    COPPER_REFINING = "copper_refining"
    GRAPHITE_ANODE = "graphite_anode"
    GALLIUM_REFINING = "gallium_refining"
    ANTIMONY_REFINING = "antimony_refining"
    TITANIUM_REFINING = "titanium_refining"
    TUNGSTEN_REFINING = "tungsten_refining"
    MOLYBDENUM_REFINING = "molybdenum_refining"
    ZINC_REFINING = "zinc_refining"
    NIOBIUM_TANTALUM_REFINING = "niobium_tantalum_refining"
    ZIRCONIUM_REFINING = "zirconium_refining"
    VANADIUM_REFINING = "vanadium_refining"
    SCANDIUM_REFINING = "scandium_refining"
    DEWATERING = "dewatering"


class Feed(StrEnum):
    """Name the form in which material leaves one step of the chain and enters the next."""

    ORE = "ore"
    CONCENTRATE = "concentrate"
    MIXED_CARBONATE = "mixed_carbonate"
    MIXED_CHLORIDE = "mixed_chloride"
    MIXED_OXIDE = "mixed_oxide"
    OXIDE = "oxide"
    METAL = "metal"
    ALLOY = "alloy"
    MAGNET = "magnet"
    SCRAP = "scrap"
    INTERMEDIATE = "intermediate"
    MUD = "mud"
    CHEMICAL = "chemical"


class Openness(StrEnum):
    """Say whether a plant takes feed that is not its owner's; only what is on record counts."""

    YES = "yes"
    LETTER = "letter"
    NO = "no"
    UNKNOWN = "unknown"


class CapacityBasis(StrEnum):
    """Say which side of a plant its capacity counts."""

    FEED = "feed"
    PRODUCT = "product"


class CapacityState(StrEnum):
    """Say what a capacity is the capacity of: what runs, what is planned, the whole of a plan, or one phase of it."""

    TODAY = "today"
    PLANNED = "planned"
    TOTAL = "total"
    PHASE = "phase"


class Tie(StrEnum):
    """Name what binds a site to a plant or a buyer, strongest first; none: looked for, nothing on record."""

    OWN = "own"
    BINDING = "binding"
    OFFTAKE = "offtake"
    LETTER = "letter"
    PLAN = "plan"
    NONE = "none"


class TieState(StrEnum):
    """Say where a tie stands."""

    IN_FORCE = "in_force"
    CONDITIONAL = "conditional"
    PLANNED = "planned"
    LAPSED = "lapsed"
    UNKNOWN = "unknown"


class ControlKind(StrEnum):
    """Name the kind of a public rule that opens or closes a way."""

    EXPORT_CONTROL = "export_control"
    PROGRAMME = "programme"
    OWNERSHIP_RULE = "ownership_rule"


class ControlEffect(StrEnum):
    """Say what a public rule does to a way while it is in force."""

    LICENCE = "licence"
    CLOSED = "closed"
    SUSPENDED = "suspended"
    DIRECTED_TO = "directed_to"


class Bloc(StrEnum):
    """Name the bloc a country is counted in; a rule of this catalogue that readers may change."""

    ALLIED = "allied"
    CHINA = "china"
    OTHER = "other"


class GeometryKind(StrEnum):
    """Say what a position stands for; together with its accuracy it bounds every distance."""

    POLYGON = "polygon"
    COMPUTED = "computed"
    POINT_PRECISE = "point_precise"
    POINT_CENTROID = "point_centroid"
    NAMED_PLACE = "named_place"
    SKETCH = "sketch"


class Setting(StrEnum):
    """Name the surroundings that choose the value functions and unit costs of a site."""

    ARCTIC = "arctic"
    OUTBACK = "outback"
    TEMPERATE = "temperate"
    SEABED = "seabed"


class Confidence(StrEnum):
    """Grade a fact by how far it stands up."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"
    DERIVED = "derived"
    CONFLICT = "conflict"
    UNVERIFIED = "unverified"
    GAP = "gap"


class SourceKind(StrEnum):
    """Grade where a fact is read, strongest first; the first five are strong on their own."""

    LAW = "law"
    FILING = "filing"
    SURVEY = "survey"
    JOURNAL = "journal"
    GOVERNMENT = "government"
    COMPANY = "company"
    TRADE_PRESS = "trade_press"
    PRESS = "press"
    AGGREGATOR = "aggregator"
    ENCYCLOPAEDIA = "encyclopaedia"
    SOCIAL = "social"
    COMPUTED = "computed"


class Backing(StrEnum):
    """Say what a fact rests on."""

    PRIMARY = "primary"
    SEVERAL = "several"
    ADDS_UP = "adds_up"  # one weak page, borne out by sums with figures of stronger ones
    ONE_WEAK = "one_weak"


class FactState(StrEnum):
    """Say how a fact stands beside the others of its site, field and category; nothing: it is the current one."""

    SUPERSEDED = "superseded"
    CONFLICT = "conflict"


class LayerRule(StrEnum):
    """Say why a project stands in the Australian layer.

    reserve_mineral: it holds antimony, gallium or rare earths, the first scope of the Critical Minerals Strategic
    Reserve (Australian Government, 12 January 2026), and is a plant, a stockpile or a deposit of at least stage
    resource that is not given up. framework_named: a published paper of the US-Australia framework names it, or EXIM
    or Export Finance Australia gave it a letter; the paper is its fact named_in. both: the two. context: neither.
    """

    RESERVE_MINERAL = "reserve_mineral"
    FRAMEWORK_NAMED = "framework_named"
    BOTH = "both"
    CONTEXT = "context"


class Verdict(StrEnum):
    """Say how a claim of the public debate stands against the evidence."""

    HOLDS = "holds"
    HOLDS_IN_PART = "holds_in_part"
    WRONG = "wrong"
    NOT_YET_KNOWN = "not_yet_known"


class Kept(StrEnum):
    """Say what became of a date that a company or a government promised."""

    DONE = "done"
    MOVED = "moved"
    OPEN = "open"
    UNKNOWN = "unknown"


class Role(StrEnum):
    """Say what a layer is for."""

    SITE = "site"
    FACILITY = "facility"
    INFRASTRUCTURE = "infrastructure"
    CONTEXT = "context"


HALF_LIFE, LINEAR = "half_life", "linear"  # shapes of value functions
ALLIED_RULES = ("country_and_owner", "country", "owner")  # what counts as allied: of a plant
USUAL_ACCURACY_KM = 1.0  # of a position, where a file says nothing
