"""What a port is worth to a site: draught times open season times the value of the distance, the best of all ports."""

import dataclasses

import numpy as np

from oreway.arrays import Bools, Floats
from oreway.geo.nearest import Places
from oreway.geo.weighted import HALF_LIFE, Weighted
from oreway.geo.weighted import LINEAR as LINEAR_SHAPE
from oreway.layers.vocabulary import LINEAR, Setting
from oreway.scoring.measure.points import OUT, Ints, Texts, rows_by_code
from oreway.scoring.measure.targets import home, targets
from oreway.scoring.world.criteria import ValueFunction
from oreway.scoring.world.kept import kept
from oreway.scoring.world.place import BUILT
from oreway.scoring.world.world import World

MONTHS = 12.0
SAME = 1e-9  # values as close as this are one: a port too far off is worth nothing in any season
EVERYWHERE = -9
ANY, DEEP = "port", "deep_water_port"


@dataclasses.dataclass(frozen=True, kw_only=True)
class Values:
    """Value of one criterion: low and high bound, base NaN where unknown; `applies` is False where it is left out.

    least: what it is worth by what is known to be there, where more may be and the base is unknown; low unless given.
    """

    low: Floats
    base: Floats
    high: Floats
    applies: Bools
    least: Floats = dataclasses.field(default_factory=lambda: np.empty(0))

    def __post_init__(self) -> None:
        """Let the least be the low bound where it is not given."""
        if len(self.least) != len(self.low):
            object.__setattr__(self, "least", self.low)

    def take(self, rows: Ints) -> "Values":
        """Return some of the values."""
        return Values(
            low=self.low[rows], base=self.base[rows], high=self.high[rows], applies=self.applies[rows],
            least=self.least[rows],
        )  # fmt: skip

    def times(self, other: "Values") -> "Values":
        """Return the product, bound by bound."""
        return Values(
            low=self.low * other.low, base=self.base * other.base, high=self.high * other.high,
            applies=self.applies & other.applies, least=self.least * other.least,
        )  # fmt: skip

    def better(self, other: "Values") -> "Values":
        """Return the better of two, bound by bound; an unknown base yields to a known one."""
        return Values(
            low=np.fmax(self.low, other.low), base=np.fmax(self.base, other.base), high=np.fmax(self.high, other.high),
            applies=self.applies | other.applies, least=np.fmax(self.least, other.least),
        )  # fmt: skip


def everywhere(n: int, low: float, base: float, high: float) -> Values:
    """Return one value n times."""
    return Values(low=np.full(n, low), base=np.full(n, base), high=np.full(n, high), applies=np.ones(n, bool))


def curve_values(function: ValueFunction, low_km: Floats, km: Floats, high_km: Floats) -> Values:
    """Return the values of distances: the far bound with the longest detour, the near one with the shortest."""
    return Values(
        low=function.curve(high_km, function.circuity_high), base=function.curve(km, function.circuity),
        high=function.curve(low_km, function.circuity_low), applies=np.ones(len(km), bool),
    )  # fmt: skip


def draught_values(world: World, depth_m: Floats) -> Values:
    """Return the values of depths alongside, linear between the ship classes of port_draught.csv.

    An unknown depth is valued as the shallowest class, with the deepest as its upper bound.
    """
    table = world.methods.tables["port_draught"]
    depths, worth = table["depth_m"].astype(float).to_numpy(), table["value"].astype(float).to_numpy()
    unknown = np.isnan(depth_m)
    value = np.where(unknown, worth[0], np.interp(depth_m, depths, worth))
    high = np.where(unknown, worth[-1], value)
    return Values(low=value, base=value, high=high, applies=np.ones(len(value), bool))


def season_values(world: World, country: Texts, lon: Floats, lat: Floats) -> Values:
    """Return open months over twelve from the first region of port_season.csv that holds each port; else unknown."""
    months = np.tile([0.0, np.nan, MONTHS], (len(lon), 1))
    open_ = np.ones(len(lon), bool)
    for row in world.methods.tables["port_season"].to_dict("records"):
        west, east, south, north = (float(row[key]) for key in ("west", "east", "south", "north"))
        inside = (lat >= south) & (lat <= north) & (lon >= west) & (lon <= east)
        hit = open_ & inside & ((country == row["country_code"]) | (row["country_code"] == "*"))
        months[hit] = [float(row[key]) for key in ("open_months_low", "open_months", "open_months_high")]
        open_ &= ~hit
    low, base, high = (months / MONTHS).T
    return Values(low=low, base=base, high=high, applies=np.ones(len(lon), bool))


@dataclasses.dataclass(frozen=True, kw_only=True)
class Berths:
    """Every port of the layer, in the order of the class `port`: where, how deep, and draught times season."""

    lon: Floats
    lat: Floats
    depth_m: Floats
    accuracy_km: Floats
    deep: Bools
    draught: Values
    season: Values
    worth: Values


@kept("ports", "classes", "port_draught", "port_season", "landmasses", "parameters", on_disk=True)
def berths(world: World) -> Berths:
    """Return what each port is worth where it stands, made once and kept."""
    kept_ports = targets(world, ANY)
    frame = kept_ports.frame
    lon, lat = np.asarray(frame.geometry.x, dtype=np.float64), np.asarray(frame.geometry.y, dtype=np.float64)
    depth = frame["depth_m"].to_numpy(dtype=float)
    country = frame["country_code"].fillna("").to_numpy(dtype=object)
    draught, season = draught_values(world, depth), season_values(world, country, lon, lat)
    return Berths(
        lon=lon, lat=lat, depth_m=depth, accuracy_km=kept_ports.accuracy_km,
        deep=frame.index.isin(targets(world, DEEP).frame.index), draught=draught, season=season,
        worth=draught.times(season),
    )  # fmt: skip


@kept("ports", "classes", "port_draught", "port_season", "landmasses", "parameters")
def _tree(world: World, landmass: int) -> tuple[Weighted, Ints]:
    """Return the ports of one landmass, or all for EVERYWHERE, and their places in `berths`.

    One of unknown season counts as open for half of the year; what a what-if builds has no base then, its bounds alone.
    """
    known, rows = berths(world), _ports_on(world, landmass)
    half = known.draught.base * world.methods.parameters["unknown_season_share"]
    unsure = np.where(_built(world), np.nan, half)
    base = np.where(np.isnan(known.worth.base), unsure, known.worth.base)
    return _planted(known, rows, np.stack([known.worth.low, base, known.worth.high], axis=1))


@kept("ports", "classes", "port_draught", "port_season", "landmasses", "parameters")
def _sure_tree(world: World, landmass: int) -> tuple[Weighted, Ints]:
    """Return the ports of one landmass whose season is known, as `_tree` does."""
    known = berths(world)
    rows = _ports_on(world, landmass)
    rows = rows[~np.isnan(known.worth.base[rows])]
    return _planted(known, rows, np.stack([known.worth.low, known.worth.base, known.worth.high], axis=1))


@kept("ports", "classes", "landmasses", "parameters")
def _built(world: World) -> Bools:
    """Tell which ports of `berths` are what a what-if builds."""
    frame = targets(world, ANY).frame
    no_one: Bools = np.zeros(len(frame), dtype=bool)
    return (frame["source"] == BUILT).to_numpy(dtype=bool) if "source" in frame.columns else no_one


def _all_built(world: World, landmass: int) -> bool:
    """Tell whether all ports known of on a landmass are what a what-if builds; so they are where there is none."""
    built = _built(world)
    rows = _ports_on(world, landmass)
    return bool(built[rows].all()) if built.any() or not len(rows) else False


def _planted(known: Berths, rows: Ints, worth: Floats) -> tuple[Weighted, Ints]:
    deep = np.where(known.deep[rows, None], worth[rows], np.nan)
    weights = np.stack([worth[rows], deep], axis=1)
    return Weighted(known.lon[rows], known.lat[rows], known.accuracy_km[rows], weights), np.append(rows, OUT)


@kept("ports", "classes", "port_draught", "port_season", "landmasses", "parameters")
def _found_tree(world: World, landmass: int) -> Weighted:
    """Return the ports of one landmass that no what-if builds, as `_tree` does."""
    known, rows = berths(world), _ports_on(world, landmass)
    worth = np.stack([known.worth.low, known.worth.base, known.worth.high], axis=1)
    return _planted(known, rows[~_built(world)[rows]], worth)[0]


@kept("ports", "classes", "landmasses", "parameters")
def _ports_by_land(world: World) -> dict[int, Ints]:
    """Return the ports of each landmass that has any, in their order."""
    return rows_by_code(home(world, ANY))


def _ports_on(world: World, landmass: int) -> Ints:
    if landmass == EVERYWHERE:
        return np.arange(len(home(world, ANY)))
    return _ports_by_land(world).get(landmass, np.empty(0, np.int64))


def _within_reach(landmass: Ints, setting: str) -> Ints:
    """Return the landmass whose ports can be reached, EVERYWHERE in the Arctic and from no landmass."""
    anywhere = np.full(len(landmass), EVERYWHERE)
    return anywhere if setting == Setting.ARCTIC else np.where(landmass == OUT, EVERYWHERE, landmass)


def usable_ports(world: World, landmass: int, setting: str) -> Ints:
    """Return the ports, places in `berths`, that can be reached from a landmass."""
    return _ports_on(world, int(_within_reach(np.array([landmass]), setting)[0]))


def _curve(function: ValueFunction) -> tuple[float, ...]:
    shape = LINEAR_SHAPE if function.shape == LINEAR else HALF_LIFE
    stretch = function.circuity_high, function.circuity, function.circuity_low
    return (*stretch, function.d0, function.h, function.reach, shape)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Stands:
    """Where subjects stand and how far off that may be."""

    places: Places
    landmass: Ints
    slack_km: Floats


def port_values(world: World, functions: tuple[ValueFunction, ...], asked: Stands, setting: str) -> tuple[Values, Ints]:
    """Return distance x draught x season of the best port, and which port of `berths` has the base.

    Outside the Arctic only ports on a point's own landmass count, for trucks cannot reach others; a point on no
    landmass may take any. So a port more can only be of use: it never hides another one. Where the best port by base
    is one whose season nobody knows, taken as open for half of the year, the base is unknown; at least it is what the
    best of the others is worth. So is what a what-if builds where no port is known; where others are, one it builds
    whose season nobody knows raises the upper bound alone.
    """
    curves = np.array([_curve(function) for function in by_class(functions)])
    best, winner = np.full((len(asked.landmass), 3), np.nan), np.full(len(asked.landmass), OUT)
    least, open_by = np.full(len(asked.landmass), np.nan), np.full(len(asked.landmass), np.inf)
    alone: Bools = np.zeros(len(asked.landmass), dtype=bool)  # where all ports known of are what a what-if builds
    doubtful, any_built = np.isnan(berths(world).worth.base), bool(_built(world).any())
    for code, rows in rows_by_code(_within_reach(asked.landmass, setting)).items():
        if code != EVERYWHERE and code not in _ports_by_land(world):
            best[rows, 2], alone[rows] = 1.0, True
            continue
        tree, places = _tree(world, code)
        best[rows], found = tree.best(asked.places.take(rows), asked.slack_km[rows], curves)
        winner[rows] = places[found]
        if _all_built(world, code):
            least[rows], best[rows, 2], alone[rows] = best[rows, 1], 1.0, True
        doubted = rows[np.append(doubtful, False)[winner[rows]]]
        if len(doubted):
            sure, _ = _sure_tree(world, code)
            here = asked.places.take(doubted), asked.slack_km[doubted], curves
            least[doubted] = sure.best(*here)[0][:, 1]
            if any_built:
                found_there = _found_tree(world, code).best(*here)[0]
                open_by[doubted] = found_there[:, 2] - found_there[:, 0]
    none, unsure = np.isnan(best[:, 0]), np.append(doubtful, True)[winner]
    low, high = np.where(none, 0.0, best[:, 0]), np.where(none, 1.0, best[:, 2])
    too_open = np.fmin(high - low, open_by) > SAME  # what a what-if builds opens nothing that was settled without it
    base = np.where(alone | (unsure & (none | too_open)), np.nan, np.fmax(best[:, 1], low))
    applies = np.ones(len(low), bool)
    return Values(low=low, base=base, high=high, applies=applies, least=np.fmax(low, np.nan_to_num(least))), winner


def by_class(functions: tuple[ValueFunction, ...]) -> tuple[ValueFunction, ValueFunction]:
    """Return the functions of any port and of deep ones."""
    known = {function.class_: function for function in functions}
    return known.get(ANY, functions[0]), known.get(DEEP, functions[-1])


def port_at(world: World, feature_id: str) -> int:
    """Return the place of a port in `berths`, OUT for one the layer does not hold."""
    return _places(world).get(feature_id, OUT)


@kept("ports", "classes", "landmasses", "parameters")
def _places(world: World) -> dict[str, int]:
    return {str(key): i for i, key in enumerate(targets(world, ANY).frame.index)}
