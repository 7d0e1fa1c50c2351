"""Values of criteria, for one subject or ten million: measurements, facts and look-up tables become [0, 1]."""

import dataclasses
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry.base import BaseGeometry

from oreway.arrays import Bools, Floats
from oreway.geo.geodesy import distance_km
from oreway.layers.evidence import hosts_of
from oreway.layers.vocabulary import Setting, SiteKind
from oreway.scoring.judge.ports import (
    Stands,
    Values,
    berths,
    by_class,
    curve_values,
    everywhere,
    port_at,
    port_values,
    usable_ports,
)
from oreway.scoring.judge.subject import Subject, logical_port, number, number_range
from oreway.scoring.measure.classes import STATED
from oreway.scoring.measure.missed import only_built
from oreway.scoring.measure.points import NIL_ABSENT, NIL_INAPPLICABLE, NIL_UNKNOWN, NILS, OUT, Found, Ints, Points
from oreway.scoring.world.cells import SHAPES
from oreway.scoring.world.criteria import Criterion, ValueFunction
from oreway.scoring.world.kept import kept
from oreway.scoring.world.place import SETTINGS, Whereabouts, whereabouts
from oreway.scoring.world.world import World

Value = tuple[float, float | None, float]
CAMP = "camp_at_site"
UNKNOWN_VALUE = (0.0, np.nan, 1.0)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Stated:
    """What facts say of subjects; points of a batch state nothing.

    port: the port they name, a place in `berths`, OUT for none. port_km, depth_m: shape (3, n), NaN for none.
    host: the one host mineral of a zone, "" for anything else. beds: those of a camp
    that stands, shape (3, n): most, likely and least; any number at most where only the camp is stated, 0 for none.
    """

    port: Ints
    port_km: Floats
    depth_m: Floats
    host: npt.NDArray[np.object_]
    beds: Floats

    @classmethod
    def nothing(cls, n: int) -> "Stated":
        """Return what subjects without facts state."""
        return cls(
            port=np.full(n, OUT), port_km=np.full((3, n), np.nan), depth_m=np.full((3, n), np.nan),
            host=np.full(n, "", dtype=object), beds=np.zeros((3, n)),
        )  # fmt: skip

    def take(self, rows: Ints) -> "Stated":
        """Return what some of the subjects state."""
        return Stated(
            port=self.port[rows], port_km=self.port_km[:, rows], depth_m=self.depth_m[:, rows], host=self.host[rows],
            beds=self.beds[:, rows],
        )  # fmt: skip


class _Taken(Mapping[str, Found]):
    """Some rows of what was found, of each class when it is asked for: no setting is judged by all of them."""

    def __init__(self, whole: Mapping[str, Found], rows: Ints) -> None:
        self._whole, self._rows = whole, rows
        self._taken: dict[str, Found] = {}

    def __getitem__(self, class_: str) -> Found:
        """Return what was found of a class."""
        if class_ not in self._taken:
            self._taken[class_] = self._whole[class_].take(self._rows)
        return self._taken[class_]

    def __iter__(self) -> Iterator[str]:
        """Return the classes."""
        return iter(self._whole)

    def __len__(self) -> int:
        """Return how many classes there are."""
        return len(self._whole)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Measured:
    """Subjects with what they were measured to be nearest to, and what their facts state."""

    points: Points
    where: Whereabouts
    found: Mapping[str, Found]
    stated: Stated

    def take(self, rows: Ints) -> "Measured":
        """Return some of the subjects."""
        return Measured(
            points=self.points.take(rows), where=self.where.take(rows), stated=self.stated.take(rows),
            found=_Taken(self.found, rows),
        )  # fmt: skip

    @property
    def count(self) -> int:
        """Return how many subjects there are."""
        return len(self.points.lon)


def from_subjects(subjects: Sequence[Subject], world: World) -> Measured:
    """Return measured sites as arrays, so that they are judged by the same rules as the points of a batch."""
    n = len(subjects)
    lon, lat = (np.array([one.place[i] for one in subjects], dtype=np.float64).reshape(n) for i in (0, 1))
    classes = dict.fromkeys(class_ for one in subjects for class_ in one.rows)
    points = Points(
        lon=lon, lat=lat, accuracy_km=np.array([_slack_km(one) for one in subjects], dtype=np.float64),
        stages=np.zeros(n, np.int64), stage_words=("",),
    )  # fmt: skip
    where = whereabouts(world, lon, lat)
    setting = np.array([SETTINGS.index(one.setting) for one in subjects], dtype=np.int64)
    found = {class_: _found(subjects, class_) for class_ in classes}
    return Measured(
        points=points, where=dataclasses.replace(where, setting=setting), stated=_stated(subjects, world), found=found
    )


def _slack_km(subject: Subject) -> float:
    """Return how far off the place of a site may be; of a zone, as far as its farthest corner too."""
    shape, accuracy = subject.site.get("geometry"), number(subject.site["position_accuracy_km"])
    if not isinstance(shape, BaseGeometry) or shape.geom_type == "Point":
        return accuracy
    lon, lat = shapely.get_coordinates(shape).T
    here = subject.place
    return accuracy + float(np.max(distance_km(np.full(len(lon), here[0]), np.full(len(lat), here[1]), lon, lat)))


def _found(subjects: Sequence[Subject], class_: str) -> Found:
    """Return the rows of one class of a measurements frame; a class that was not measured is unknown."""
    found = Found.nothing(len(subjects))
    for i, one in enumerate(subjects):
        row = one.rows.get(class_)
        found.nil[i] = NIL_UNKNOWN if row is None else NILS.index(str(row["nil"]))
        if found.nil[i] == 0 and row is not None:
            for name in ("lon", "lat", "distance_km", "low_km", "high_km"):
                getattr(found, name)[i] = number(row[name])
    return found


def _stated(subjects: Sequence[Subject], world: World) -> Stated:
    stated = Stated.nothing(len(subjects))
    for i, one in enumerate(subjects):
        if one.site.get("kind") == SiteKind.ZONE:
            hosts = hosts_of(str(one.site.get("host_minerals") or ""))
            stated.host[i] = next(iter(hosts)) if len(hosts) == 1 else ""
        for fact in one.fact_rows("infrastructure"):
            if fact["category"] == CAMP:
                least, likely, most = number_range(fact) or (0.0, 0.0, np.inf)
                stated.beds[:, i] = most, likely, least
        depth, port = one.depth_range(), logical_port(world, one)
        if depth is not None:
            stated.depth_m[:, i] = depth
        if port is not None:
            stated.port[i] = port_at(world, port.feature_id)
            stated.port_km[:, i] = port.distances(one)
    return stated


def values_of(world: World, asked: Measured, setting: str, weights: Mapping[str, float]) -> dict[str, Values]:
    """Return the values of the weighted criteria that subjects of one setting are judged by."""
    methods = world.methods
    functions_for = methods.values_from(setting)
    values = {}
    for name, weight in weights.items():
        criterion = methods.criteria[name]
        if weight > 0 and (criterion.group == "seabed") == (functions_for == Setting.SEABED):
            found = criterion_values(world, criterion, criterion.functions.get(functions_for, ()), asked, setting)
            if found is not None:
                values[name] = found
    return values


def criterion_values(
    world: World, criterion: Criterion, functions: tuple[ValueFunction, ...], asked: Measured, setting: str
) -> Values | None:
    """Return (low, base, high) of one criterion for subjects of one setting; None where it does not apply to any.

    An absent network is (0, 0, 0): it has to be built, so it earns nothing and keeps its weight.
    """
    if criterion.scale == "table":
        return _table(world, criterion.id, asked)
    if criterion.scale == "none":
        return everywhere(asked.count, *UNKNOWN_VALUE)
    if not functions:
        return None
    if criterion.scale == "port":
        return _port(world, functions, asked, setting)
    if criterion.scale == "depth":
        return _known(curve_values(functions[0], *asked.stated.depth_m), ~np.isnan(asked.stated.depth_m[1]))
    from_rows = _from_rows(world, functions[0], asked)
    if criterion.scale == "mainland_port":
        named = curve_values(functions[0], *asked.stated.port_km)
        return _either(asked.stated.port != OUT, named, from_rows)
    return from_rows


def _known(values: Values, known: Bools) -> Values:
    return _either(known, values, everywhere(len(known), *UNKNOWN_VALUE))


def _either(choose: Bools, one: Values, other: Values) -> Values:
    return Values(**{
        field.name: np.where(choose, getattr(one, field.name), getattr(other, field.name))
        for field in dataclasses.fields(Values)
    })  # fmt: skip


def _from_rows(world: World, function: ValueFunction, asked: Measured) -> Values:
    """Return the values of the distances to one class; an absent network earns 0, an unknown one may earn anything.

    The first that a what-if builds where nobody knows what else there is earns at least what it is worth.
    """
    found = asked.found.get(function.class_)
    if found is None:
        return everywhere(asked.count, *UNKNOWN_VALUE)
    none, known = found.nil == NIL_ABSENT, found.nil == 0
    values = curve_values(function, found.low_km, found.distance_km, found.high_km)
    alone = known & _alone(world, function.class_, asked.where)
    base = np.where(alone, np.nan, np.where(known, values.base, np.where(none, 0.0, np.nan)))
    low = np.where(known, values.low, 0.0)
    return Values(
        low=low, base=base, least=np.where(alone, values.base, low), applies=found.nil != NIL_INAPPLICABLE,
        high=np.where(alone, 1.0, np.where(known, values.high, np.where(none, 0.0, 1.0))),
    )  # fmt: skip


def _alone(world: World, class_: str, where: Whereabouts) -> Bools:
    return only_built(world, class_, where) if class_ in STATED else np.zeros(len(where.landmass), bool)


def _port(world: World, functions: tuple[ValueFunction, ...], asked: Measured, setting: str) -> Values:
    """Return distance x draught x season of the best port: of all that can be reached, or the one facts name."""
    stands = Stands(places=asked.points.places, landmass=asked.where.landmass, slack_km=asked.points.accuracy_km)
    best, _ = port_values(world, functions, stands, setting)
    rows = np.nonzero(asked.stated.port != OUT)[0]
    if not len(rows):
        return best
    port = asked.stated.port[rows]
    named = curve_values(functions[-1], *asked.stated.port_km[:, rows]).times(berths(world).worth.take(port))
    at_least = np.where(np.isnan(best.base[rows]), best.least[rows], best.base[rows])  # the named port is known
    best.base[rows] = np.where(np.isnan(named.base), best.base[rows], np.fmax(at_least, named.base))
    for name in ("low", "high"):
        getattr(best, name)[rows] = np.fmax(getattr(best, name)[rows], getattr(named, name))
    return best


def _table(world: World, criterion_id: str, asked: Measured) -> Values:
    """Return the value of seabed.csv for where a subject lies or what has to be lifted; unknown where it has none."""
    if criterion_id == "lift_readiness":
        keys = asked.stated.host
    else:
        inside = np.zeros(asked.count, bool)
        for zone in world.infrastructure["eez"].geometry:
            with SHAPES:
                inside |= shapely.contains_xy(zone, asked.points.lon, asked.points.lat)
        keys = np.where(inside, "eez", "")
    table = _seabed_values(world)
    found = everywhere(asked.count, *UNKNOWN_VALUE)
    for key in set(keys):
        found = _either(keys == key, everywhere(asked.count, *table.get((criterion_id, key), UNKNOWN_VALUE)), found)
    return found


@kept("seabed")
def _seabed_values(world: World) -> dict[tuple[str, str], tuple[float, float, float]]:
    """Return the values of seabed.csv by criterion and key."""
    return {
        (str(row["criterion_id"]), str(row["key"])): (float(row["low"]), float(row["base"]), float(row["high"]))
        for row in world.methods.tables["seabed"].to_dict("records")
    }


def ports_in_use(world: World, asked: Measured, setting: str) -> dict[int, float]:
    """Return the ports that one subject may be valued by, places in `berths`, with the base value of the distance."""
    functions = world.criteria["port"].functions.get(world.methods.values_from(setting), ())
    if not functions:
        return {}
    any_port, deep_port = by_class(functions)
    stands = Stands(places=asked.points.places, landmass=asked.where.landmass, slack_km=asked.points.accuracy_km)
    known, here = berths(world), (asked.points.lon, asked.points.lat)
    usable = usable_ports(world, int(asked.where.landmass[0]), setting)
    km = distance_km(
        np.full(len(usable), here[0][0]), np.full(len(usable), here[1][0]), known.lon[usable], known.lat[usable]
    )
    deep = known.deep[usable]
    value = np.maximum(
        any_port.curve(km, any_port.circuity), np.where(deep, deep_port.curve(km, deep_port.circuity), 0.0)
    )
    chosen = {int(port_values(world, functions, stands, setting)[1][0])}
    chosen |= {int(usable[rows][np.argmin(km[rows])]) for rows in (deep | True, deep) if rows.any()}
    found = {port: float(value[usable == port][0]) for port in sorted(chosen - {OUT})}
    named = int(asked.stated.port[0])
    if named != OUT:
        by_name = float(deep_port.curve(asked.stated.port_km[1], deep_port.circuity)[0])
        found[named] = max(by_name, found.get(named, 0.0))
    return found
