"""Lengths of one site's bill along ways: over relief, and along existing roads, to the target that costs least."""

import dataclasses
from collections.abc import Iterator

import numpy as np

from oreway.geo.nearest import places
from oreway.scoring.build.items import DEEP, Billed, Bounds
from oreway.scoring.build.ways import Way, new_way, road_way, straight_way
from oreway.scoring.judge.ports import berths
from oreway.scoring.judge.subject import Subject, logical_port
from oreway.scoring.measure.classes import on_own_land
from oreway.scoring.measure.points import OUT, Found
from oreway.scoring.measure.targets import home, local, targets
from oreway.scoring.reasons import named
from oreway.scoring.world.criteria import ValueFunction

NEAR = 6  # targets that are tried, from the nearest on; none is tried whose straight line is longer than a way found
Key = tuple[str, str]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Along:
    """Lengths along ways for one site; ways holds, by item and class, the way each length was found along."""

    billed: Billed
    subject: Subject
    dem: str
    ways: dict[Key, Way]

    def new(self, item_id: str, class_: str, by: ValueFunction) -> Bounds:
        """Return the length of a new road or line to the target of a class that it is shortest to."""
        best: Way | None = None
        for straight_line in self._candidates(item_id, class_, by):
            if best is not None and straight_line.straight_km[1] >= best.length_km[1]:
                break
            way = new_way(self.billed.world, self.subject, straight_line, self.dem)
            best = way if best is None or way.length_km[1] < best.length_km[1] else best
        return self._told((item_id, class_), best)

    def trucks(self, by: ValueFunction) -> Bounds:
        """Return the way over existing roads to the port facts name, else to the deep one it is shortest to."""
        best: Way | None = None
        for straight_line in self._ports(by):
            if best is not None and straight_line.straight_km[1] >= best.length_km[1]:
                break
            way = road_way(self.billed.world, self.subject, straight_line)
            best = way if best is None or way.length_km[1] < best.length_km[1] else best
        return self._told(("haul_fleet", DEEP), best)

    def _told(self, key: Key, way: Way | None) -> Bounds:
        if way is None:
            return np.full((3, 1), np.nan)
        self.ways[key] = way
        return np.array(way.length_km)[:, None]

    def _ports(self, by: ValueFunction) -> Iterator[Way]:
        named = logical_port(self.billed.world, self.subject)
        if named is None:
            yield from self._candidates("haul_fleet", DEEP, by)
            return
        ends = self.subject.place, (named.lon, named.lat)
        yield straight_way("haul_fleet", named.name, ends, named.distances(self.subject), by)

    def _candidates(self, item_id: str, class_: str, by: ValueFunction) -> Iterator[Way]:
        """Yield straight lines to the nearest of a class, then to those after it on the same landmass."""
        asked = self.billed.asked
        found = asked.found.get(class_)
        if found is not None and class_ == DEEP:
            found = on_own_land(self.billed.world, asked.points, asked.where, found, class_)
        if found is None or found.nil[0] != 0:
            return
        km = float(found.low_km[0]), float(found.distance_km[0]), float(found.high_km[0])
        row = self.subject.rows[class_]
        first = float(found.lon[0]), float(found.lat[0])
        name = self._name(found) if class_ == DEEP else named(row["name"])
        yield straight_way(item_id, name, (self.subject.place, first), km, by)
        yield from self._next(item_id, class_, by, km)

    def _name(self, found: Found) -> str:
        known = berths(self.billed.world)
        at = (known.lon == found.lon[0]) & (known.lat == found.lat[0])
        frame = targets(self.billed.world, "port").frame
        return str(frame["name"].iloc[int(np.argmax(at))]) if at.any() else ""

    def _next(self, item_id: str, class_: str, by: ValueFunction, first: tuple[float, float, float]) -> Iterator[Way]:
        """Yield straight lines to the features after the nearest one; bounds keep their distance from the base."""
        world, landmass = self.billed.world, int(self.billed.asked.where.landmass[0])
        if class_ == "coast" or landmass == OUT or landmass not in home(world, class_):
            return
        here = local(world, class_, landmass)
        names = targets(world, class_).frame["name"]
        answer = here.index.query_places(places(*self.subject.place), min(NEAR, len(here.rows)))
        rows = zip(
            *(np.ravel(one) for one in (answer.feature, answer.distance_km, answer.lon, answer.lat)), strict=True
        )
        for feature, km, lon, lat in rows:
            if feature >= 0 and km > first[1]:
                bounds = max(0.0, km - (first[1] - first[0])), float(km), float(km + first[2] - first[1])
                name = named(names.iloc[int(here.rows[int(feature)])])
                yield straight_way(item_id, name, (self.subject.place, (float(lon), float(lat))), bounds, by)
