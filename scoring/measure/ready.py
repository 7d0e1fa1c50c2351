"""A world made ready for millions of points, and what is passed about them."""

import dataclasses
import functools
from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from oreway.geo.nearest import Places, places
from oreway.scoring.measure.classes import ABSENT, ICE_MAPS, INAPPLICABLE, STATED, UNKNOWN
from oreway.scoring.measure.targets import CLASSES
from oreway.scoring.measure.targets_arrays import (
    NILS,
    ClassTargets,
    IceMap,
    States,
    Texts,
    class_states,
    class_targets,
    ice_map,
)
from oreway.scoring.world.disk_cache import Store
from oreway.scoring.world.place import Floats
from oreway.scoring.world.place_cells import Ints, Locator
from oreway.scoring.world.world import World

Codes = npt.NDArray[np.int8]
OWN_LAYER = tuple(name for name in CLASSES if name not in {"refinery", "ice"})
NIL_ABSENT, NIL_INAPPLICABLE, NIL_UNKNOWN = (NILS.index(word) for word in (ABSENT, INAPPLICABLE, UNKNOWN))


@dataclasses.dataclass(frozen=True, kw_only=True)
class Points:
    """Where to measure; stages is the place of each point's steps of the chain in stage_words."""

    lon: Floats
    lat: Floats
    accuracy_km: Floats
    stages: Ints
    stage_words: tuple[str, ...]

    @functools.cached_property
    def places(self) -> Places:
        """Return the points ready to be asked of any number of indexes."""
        return places(self.lon, self.lat)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Found:
    """The nearest of one class: feature is a place in the class's ids, -1 and NaN where nil is not 0 (see NILS)."""

    feature: Ints
    distance_km: Floats
    low_km: Floats
    high_km: Floats
    nil: Codes


class Ready:
    """A world made ready for millions of points, every part of it when first asked for."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.store = Store.of(world)
        self.locator = Locator(world, self.store)

    def prepare(self, classes: Iterable[str] = CLASSES) -> None:
        """Make everything that some classes need, so that threads and other processes find it."""
        for class_ in classes:
            if class_ == "ice":
                _ = self.ice
            elif class_ != "refinery":
                self.targets(class_)
            if class_ in STATED:
                self.states(class_)

    def targets(self, class_: str) -> ClassTargets:
        """Return the features of a class."""
        make = functools.partial(class_targets, self.world, self.store, self.locator, class_)
        return self.world.indexes.get(("batch targets", class_), make)

    def states(self, class_: str) -> States:
        """Return the states of a class by country and setting."""
        make = functools.partial(class_states, self.world, self.locator, class_)
        return self.world.indexes.get(("batch states", class_), make)

    @property
    def ice(self) -> tuple[IceMap, ...]:
        """Return the maps of the ice, in the order of `ICE_MAPS`."""
        return self.world.indexes.get(("batch", "ice"), self._ice)

    def _ice(self) -> tuple[IceMap, ...]:
        maps: list[IceMap] = []
        for name in ICE_MAPS:
            maps.append(ice_map(self.world, self.store, name, first=sum(len(one.ids) for one in maps)))
        return tuple(maps)

    def ids(self, class_: str) -> Texts:
        """Return the ids that the features of a class point into."""
        if class_ == "refinery":
            return self.world.plants.index.to_numpy(dtype=object)
        return np.concatenate([one.ids for one in self.ice]) if class_ == "ice" else self.targets(class_).ids
