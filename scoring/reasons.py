"""Why something is as it is, as codes with values; `outputs.words.reason_texts` makes the sentences of them."""

import dataclasses
from collections.abc import Iterable
from enum import StrEnum


class Code(StrEnum):
    """Name a sentence by what it says; what goes into it stands in the values of its `Reason`."""

    RECORDED = "recorded"  # a sentence of data/: as its source wrote it
    # what is nearest
    JUNCTION_BOUND = "junction_bound"
    STEP = "step"
    NO_STEP = "no_step"
    NOBODY_RUNS = "nobody_runs"
    FEED_YES = "feed_yes"
    FEED_NO = "feed_no"
    FEED_LETTER = "feed_letter"
    FEED_UNKNOWN = "feed_unknown"
    ON_MAP = "on_map"
    NO_ICE = "no_ice"
    NONE_ON_LANDMASS = "none_on_landmass"
    NONE_FOUND = "none_found"
    FOR_INFORMATION = "for_information"
    ACROSS = "across"
    MAY_COUNT = "may_count"
    FROM_ZONE = "from_zone"
    WHATIF_BUILT = "whatif_built"
    FETCHED = "fetched"
    # names of what has no name of its own
    COAST = "coast"
    COAST_OF = "coast_of"
    ICE = "ice"
    ICE_OF_GREENLAND = "ice_of_greenland"
    JUNCTION = "junction"
    UNNAMED = "unnamed"
    SHARE = "share"
    ROAD_NEAR = "road_near"
    RAIL_NEAR = "rail_near"
    SHORE = "shore"
    TIDEWATER = "tidewater"
    # gates, class and claims
    OTHER_SOURCE = "other_source"
    URANIUM_ABOVE = "uranium_above"
    URANIUM_BELOW = "uranium_below"
    TONNAGE_STATED = "tonnage_stated"
    NO_TONNAGE = "no_tonnage"
    NO_UNFC_RULE = "no_unfc_rule"
    LIFE_CONCENTRATE = "life_concentrate"
    LIFE_OUTRUN = "life_outrun"
    HIGH_RETURN = "high_return"
    UNCODED = "uncoded"
    # what is not known of a site
    CLASS_UNKNOWN = "class_unknown"
    CRITERION_UNKNOWN = "criterion_unknown"
    GATE_UNKNOWN = "gate_unknown"
    FACT_GAP = "fact_gap"
    # bill
    TO_TIDEWATER = "to_tidewater"
    NEARER_TIDEWATER = "nearer_tidewater"
    OWN_STATION = "own_station"
    CHEAPER_STATION = "cheaper_station"
    STATION_UNLESS_SUPPLY = "station_unless_supply"
    OR_INSTEAD = "or_instead"
    AT_THE_SITE = "at_the_site"
    BY_A_FACT = "by_a_fact"
    STRIP_AT_SITE = "strip_at_site"
    RAILWAY_NOT_PRICED = "railway_not_priced"
    NO_LIFT_RATE = "no_lift_rate"
    SUM_BELOW = "sum_below"
    OTHER_SIZE = "other_size"
    OTHER_LENGTH = "other_length"
    ABOVE_CAPITAL = "above_capital"
    TO_BERTH = "to_berth"
    TO_PORT = "to_port"
    OWN_TERMINAL = "own_terminal"
    NONE_IN_REACH = "none_in_reach"
    NOT_PRICED = "not_priced"
    NOT_KNOWN = "not_known"
    NO_WATER_SOURCE = "no_water_source"
    NO_RAILWAY_NEEDED = "no_railway_needed"
    NO_DEEP_PORT = "no_deep_port"
    NO_DEPTH = "no_depth"
    NO_SHUTTLE_PORT = "no_shuttle_port"
    RUNNING_ON_LAND = "running_on_land"
    RUNNING_AT_SEA = "running_at_sea"
    LEACHING = "leaching"
    # price
    LACKS_TONNAGE = "lacks_tonnage"
    LACKS_ROUTE = "lacks_route"
    LACKS_LIFTING = "lacks_lifting"
    LACKS_GRADE = "lacks_grade"
    LACKS_PRICE = "lacks_price"
    LACKS_FIRM = "lacks_firm"
    # routes
    PORT_NAMED = "port_named"
    PORT_NEAREST = "port_nearest"
    PORT_ACROSS = "port_across"
    PORT_NEAREST_DEEP = "port_nearest_deep"
    PORT_CHEAPEST = "port_cheapest"
    PORT_CHEAPEST_DEEP = "port_cheapest_deep"
    RAW_MUD = "raw_mud"
    OWN_BERTH = "own_berth"
    NO_PORT_ON_ISLAND = "no_port_on_island"
    SEA_LANES = "sea_lanes"
    OPEN_SEA = "open_sea"
    STRAIGHT_SEA = "straight_sea"
    STRAIGHT_LAND = "straight_land"
    ROAD_JUNCTIONS = "road_junctions"
    RAIL_JUNCTIONS = "rail_junctions"
    BETWEEN_PORT_AND_LANE = "between_port_and_lane"
    STRAIGHT_OVER_SEA = "straight_over_sea"
    PASSAGE = "passage"
    FAR_FROM_LANES = "far_from_lanes"
    LANES_FARTHER = "lanes_farther"
    NO_LANES_LEFT = "no_lanes_left"
    NO_LANES_JOIN = "no_lanes_join"
    END_ON_CLOSED = "end_on_closed"
    NO_WAY_LEFT = "no_way_left"
    NO_ROADS_HERE = "no_roads_here"
    STRAIGHT_SHORTER = "straight_shorter"
    WAY_UNKNOWN = "way_unknown"
    TO_NETWORK = "to_network"
    ON_EDGE = "on_edge"
    ROUND_ABOUT = "round_about"
    MOUNTAINS = "mountains"
    WATER = "water"
    WATER_SEASONAL = "water_seasonal"
    WATER_NOT_FETCHED = "water_not_fetched"
    FROM_NETWORK = "from_network"
    TO_SHORE = "to_shore"
    NEW_HAUL_ROAD = "new_haul_road"


@dataclasses.dataclass(frozen=True)
class Reason:
    """One sentence: its code, and the numbers, words, ids or further reasons that go into it, in their order."""

    code: Code
    values: "tuple[Value, ...]" = ()


@dataclasses.dataclass(frozen=True)
class Note:
    """Some reasons one after the other; empty where there is nothing to say."""

    reasons: tuple[Reason, ...] = ()

    def __bool__(self) -> bool:
        """Tell whether anything is said."""
        return bool(self.reasons)

    def __add__(self, other: "Note") -> "Note":
        """Return what this and then the other says."""
        return Note(self.reasons + other.reasons) if other else self


Value = str | float | Reason | Note
Name = str | Reason  # a name as recorded, or what stands for one
NOTHING = Note()


def note(code: Code, *values: Value) -> Note:
    """Return one reason as a note."""
    return Note((Reason(code, values),))


def recorded(text: str) -> Note:
    """Return a sentence of the data as a note; nothing for an empty one."""
    return note(Code.RECORDED, text) if text else NOTHING


def named(value: object) -> Name:
    """Return a cell of a column of names: a text, or what stands for one."""
    return value if isinstance(value, Reason) else str(value)


def joined(parts: Iterable[Note]) -> Note:
    """Return several notes as one."""
    return Note(tuple(reason for part in parts for reason in part.reasons))
