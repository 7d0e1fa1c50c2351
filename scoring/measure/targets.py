"""Which features count as a class of infrastructure, and the index that finds the nearest of them."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Callable, Mapping
from functools import cached_property, partial
from typing import NamedTuple, Protocol

import numpy as np
import numpy.typing as npt
import shapely

from oreway.arrays import Floats
from oreway.geo.nearest import Edge, NearestIndex
from oreway.later import later
from oreway.layers.vocabulary import Feed, PlantStatus
from oreway.said import listed
from oreway.scoring.errors import ScoringError
from oreway.scoring.measure.points import Ints, Texts, picked, same_text
from oreway.scoring.reasons import Code, Reason
from oreway.scoring.sayings import ScoringSaying
from oreway.scoring.world.criteria import words
from oreway.scoring.world.disk_cache import Store, fingerprint, positions
from oreway.scoring.world.harbours import harbour_landmasses
from oreway.scoring.world.kept import kept
from oreway.scoring.world.place import landmass_positions, store
from oreway.scoring.world.world import World

with later(__name__):
    import geopandas as gpd
    import pandas as pd

CLASSES = ("port", "deep_water_port", "airfield", "town", "road", "rail", "power", "refinery", "coast", "ice")
WORTH_KEEPING = 2_000  # features from which on an index is kept on disk; of fewer it is made as soon as read
UNSERVED_STATES = ("planned", "proposed", "closed", "retired", "cancelled", "building")
ID, LAYER_TEXTS = "feature_id", ("name", "source", "as_of")
TEXTS = (ID, *LAYER_TEXTS)


class Rows(Protocol):
    """Texts that are picked by row, "" for -1."""

    def __len__(self) -> int:
        """Return how many there are."""

    def take(self, rows: Ints, /) -> Texts:
        """Return the texts of some rows."""


@dataclasses.dataclass(frozen=True)
class Cells:
    """Texts at hand."""

    cells: Texts

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self.cells)

    def take(self, rows: Ints, /) -> Texts:
        """Return the texts of some rows, "" for -1."""
        return picked(self.cells, rows, "")


class Told(NamedTuple):
    """What is told of some features without reading them: a mark of their ids, how many, and whether they are areas."""

    mark: str
    size: int
    areas: bool


@dataclasses.dataclass(frozen=True, kw_only=True)
class Targets:
    """The features of one class, one row each, and the index over them; the frame is read when it is asked for."""

    name: str
    told: Told
    index: NearestIndex
    serve: Callable[[], gpd.GeoDataFrame]
    disk: Store | None

    @property
    def frame(self) -> gpd.GeoDataFrame:
        """The features."""
        return self.serve()

    @property
    def count(self) -> int:
        """How many features there are."""
        return self.told.size

    @cached_property
    def texts(self) -> Mapping[str, Rows]:
        """The ids and texts of the features; what is missing is empty."""
        if self.disk is None:
            return {name: Cells(self._cells(name)) for name in TEXTS}
        kept_as = {name: f"{name}-of-{self.name}-{self.told.mark}" for name in TEXTS}
        return {name: self.disk.texts(place, partial(self._cells, name)) for name, place in kept_as.items()}

    def _cells(self, name: str) -> Texts:
        if name == ID:
            return filled(self.frame.index)
        return filled(self.frame[name]) if name in self.frame.columns else same_text("", self.count)

    @cached_property
    def accuracy_km(self) -> Floats:
        """How far off each feature may be, 0 where nobody says."""

        def make() -> Floats:
            return pd.to_numeric(self.frame["accuracy_km"]).fillna(0.0).to_numpy(dtype=float)

        return make() if self.disk is None else self.disk.array(f"accuracy-of-{self.name}-{self.told.mark}", make)


def filled(column: pd.Series[str] | pd.Index[str]) -> Texts:
    """Return texts, "" for missing ones."""
    texts = column.to_numpy(dtype=object)
    found: Texts = np.where(pd.isna(texts), "", texts)
    return found


def check_classes(classes: tuple[str, ...]) -> tuple[str, ...]:
    """Return the classes as given.

    Raises:
        ScoringError: a class is not known.
    """
    unknown = [name for name in classes if name not in CLASSES]
    if unknown:
        raise ScoringError(ScoringSaying.NO_CLASS(listed(map(repr, unknown)), listed(CLASSES)))
    return classes


def class_rule(world: World, class_: str) -> dict[str, str]:
    """Return the row of data/methods/classes.csv for a class."""
    return _rules(world)[class_]


@kept("classes", on_disk=True)
def _rules(world: World) -> dict[str, dict[str, str]]:
    rows = world.methods.tables["classes"].to_dict("records")
    return {str(row["class"]): {str(key): str(value) for key, value in row.items()} for row in rows}


def bound_to_landmass(world: World, class_: str) -> bool:
    """Tell whether only the features on a point's own landmass count."""
    return class_rule(world, class_)["same_landmass"] == "yes"


def serving(world: World, class_: str) -> gpd.GeoDataFrame:
    """Return the features that count as a class by its rule: kind, least size, open or in service."""
    rule = class_rule(world, class_)
    frame = world.infrastructure[rule["layer"]]
    if class_ == "coast":
        frame = _named_shores(world, frame)
    large = np.ones(len(frame), dtype=bool)
    if rule["column"]:
        size = _size(frame, rule["column"])
        large = (size >= float(rule["minimum"])) | (np.isnan(size) & (rule["unknown_counts"] == "yes"))
    return frame[large & _serves(frame, rule)]


def _size(frame: gpd.GeoDataFrame, column: str) -> Floats:
    return pd.to_numeric(frame[column], errors="coerce").to_numpy(dtype=float)


def _serves(frame: gpd.GeoDataFrame, rule: Mapping[str, str], *, unsure: bool = False) -> npt.NDArray[np.bool_]:
    """Tell which features are of the kinds of a class, open (or not known to be, if unsure) and in service."""
    keep = np.ones(len(frame), dtype=bool)
    if rule["kinds"]:
        keep &= frame["kind"].isin(words(rule["kinds"])).to_numpy()
    if "is_open" in frame.columns:
        keep &= frame["is_open"].astype("boolean").fillna(unsure).to_numpy(dtype=bool)
    if "status" in frame.columns:
        keep &= ~frame["status"].isin(UNSERVED_STATES).to_numpy()
    return keep


def _named_shores(world: World, coast: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the shorelines with the name, source and date of their landmass."""
    land = world.infrastructure["landmasses"][list(LAYER_TEXTS)].astype(object)
    told = land.reindex(coast["landmass_id"]).fillna("").set_axis(coast.index)
    names = told["name"].map(lambda name: Reason(Code.COAST_OF, (str(name),)) if name else Reason(Code.COAST))
    return coast.assign(name=names, source=told["source"], as_of=told["as_of"])


def refineries(world: World, chain_stages: tuple[str, ...]) -> gpd.GeoDataFrame:
    """Return the operating plants that perform one of the steps of the chain and do not live on scrap alone."""
    plants = world.plants
    fits = [
        bool(set(words(stages)) & set(chain_stages)) and set(words(feeds)) != {Feed.SCRAP.value}
        for stages, feeds in zip(plants["chain_stages"], plants["feeds"], strict=True)
    ]
    frame = plants[np.array(fits, dtype=bool) & (plants["stage"] == PlantStatus.OPERATING).to_numpy()]
    return frame.assign(
        geometry=gpd.points_from_xy(frame["lon"], frame["lat"], crs="EPSG:4326"),
        accuracy_km=frame["position_accuracy_km"],
        source=frame["position_source_title"],
        as_of=frame["position_as_of"],
    )


def _told(frame: gpd.GeoDataFrame) -> Told:
    areas = bool(frame.geometry.geom_type.str.contains("Polygon").any())
    return Told(fingerprint(frame.index), len(frame), areas)


def _targets(world: World, name: str, told: Told, serve: Callable[[], gpd.GeoDataFrame]) -> Targets:
    """Return features with their index, mapped from the user's cache where an earlier run has left it."""
    edge: Edge = "lonlat" if told.areas else "geodesic"  # outlines are drawn straight in longitude and latitude

    def build() -> NearestIndex:
        return NearestIndex.build(serve().geometry, edge=edge)

    few = world.mark is None and told.size < WORTH_KEEPING and not told.areas
    index = build() if few else store(world).index(f"nearest-{name}-{edge}-{told.mark}", build)
    disk = None if world.mark is None else store(world)
    return Targets(name=name, told=told, index=index, serve=serve, disk=disk)


def _class_parts(world: World, class_: str, *_: object) -> tuple[str, ...]:
    return ("plants",) if class_ == "refinery" else (class_rule(world, class_)["layer"],)


@kept("classes", "landmasses", "parameters", also=_class_parts)
def _serving(world: World, class_: str) -> gpd.GeoDataFrame:
    return serving(world, class_)


@kept("classes", "landmasses", "parameters", also=_class_parts, on_disk=True)
def _told_of_class(world: World, class_: str) -> Told:
    return _told(_serving(world, class_))


@kept("classes", "landmasses", "parameters", also=_class_parts)
def targets(world: World, class_: str) -> Targets:
    """Return the features of a class that is read from one layer, made once and kept."""
    return _targets(world, class_, _told_of_class(world, class_), lambda: _serving(world, class_))


@kept("classes", "landmasses", "parameters", also=_class_parts)
def _unsure(world: World, class_: str) -> gpd.GeoDataFrame:
    rule = class_rule(world, class_)
    frame = world.infrastructure[rule["layer"]]
    size = _size(frame, rule["column"])
    unsure = np.isnan(size)
    if "is_open" in frame.columns:
        unsure |= frame["is_open"].isna().to_numpy() & (size >= float(rule["minimum"]))
    return gpd.GeoDataFrame(frame[unsure & _serves(frame, rule, unsure=True)])


@kept("classes", "landmasses", "parameters", also=_class_parts, on_disk=True)
def _told_of_unsure(world: World, class_: str) -> Told:
    return _told(_unsure(world, class_))


@kept("classes", "landmasses", "parameters", also=_class_parts)
def maybe_targets(world: World, class_: str) -> Targets | None:
    """Return the features of unknown size or state that may count as a class, None where it has none by its rule."""
    if class_rule(world, class_)["unknown_counts"] != "may":
        return None
    told = _told_of_unsure(world, class_)
    return _targets(world, f"maybe-{class_}", told, lambda: _unsure(world, class_)) if told.size else None


@kept("plants")
def _fitting(world: World, chain_stages: tuple[str, ...]) -> gpd.GeoDataFrame:
    return refineries(world, chain_stages)


@kept("plants", on_disk=True)
def _told_of_fitting(world: World, chain_stages: tuple[str, ...]) -> Told:
    return _told(_fitting(world, chain_stages))


@kept("plants", "parameters")
def plant_targets(world: World, chain_stages: tuple[str, ...]) -> Targets:
    """Return the operating plants for some steps of the chain, made once and kept."""
    told = _told_of_fitting(world, chain_stages)
    return _targets(world, "plants", told, lambda: _fitting(world, chain_stages))


@kept("plants", on_disk=True)
def places_of_plants(world: World, chain_stages: tuple[str, ...]) -> Ints:
    """Return the place of each of the `plant_targets` among all plants."""
    return positions(world.plants.index, _fitting(world, chain_stages).index)


@kept("ice")
def _ice(world: World, name: str) -> gpd.GeoDataFrame:
    frame = world.infrastructure["ice"]
    return gpd.GeoDataFrame(frame[frame["source"] == name])


@kept("ice", on_disk=True)
def _told_of_ice(world: World, name: str) -> Told:
    return _told(_ice(world, name))


@kept("ice", "parameters")
def ice_targets(world: World, name: str) -> Targets:
    """Return the ice of one of the two maps, made once and kept."""
    return _targets(world, f"ice-{name}", _told_of_ice(world, name), lambda: _ice(world, name))


def home(world: World, class_: str) -> Ints:
    """Return the landmass of each feature of a class, a position in the layer of landmasses, OUT at sea."""
    return _homes(world, class_)


@kept("classes", "landmasses", "parameters", also=_class_parts)
def _homes(world: World, class_: str) -> Ints:
    """Return the landmass of each feature: that of its point, or of a line's first vertex."""
    known = targets(world, class_)

    def codes() -> npt.NDArray[np.int16]:
        frame = known.frame
        if frame.empty:
            return np.empty(0, np.int16)
        if class_rule(world, class_)["layer"] == "ports":
            return harbour_landmasses(world, frame).astype(np.int16)
        coordinates, owner = shapely.get_coordinates(frame.geometry.to_numpy(), return_index=True)
        first = coordinates[np.searchsorted(owner, np.arange(len(frame)))]
        return landmass_positions(world, first[:, 0], first[:, 1]).astype(np.int16)

    if world.mark is None and known.count < WORTH_KEEPING:
        return codes().astype(np.int64)
    return store(world).array(f"home-{class_}-{known.told.mark}", codes).astype(np.int64)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Local:
    """The features of a class on one landmass: the index over them, and the place of each among all of the class."""

    index: NearestIndex
    rows: Ints


@kept("classes", "landmasses", "parameters", also=_class_parts)
def local(world: World, class_: str, landmass: int) -> Local:
    """Return the features of a class on one landmass, made once and kept."""
    rows, name = np.nonzero(home(world, class_) == landmass)[0], f"{class_}-on-{landmass}"
    known = targets(world, class_)
    serve = functools.cache(lambda: gpd.GeoDataFrame(known.frame.iloc[rows]))
    told = _told(serve()) if world.mark is None else Told(f"of-{known.told.mark}", len(rows), known.told.areas)
    return Local(index=_targets(world, name, told, serve).index, rows=rows)
