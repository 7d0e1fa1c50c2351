"""Which features count as a class of infrastructure, and the index that finds the nearest of them."""

import dataclasses
from collections.abc import Mapping
from functools import cached_property

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from oreway.geo.nearest import Edge, NearestIndex
from oreway.layers.vocabulary import Feed, PlantStatus
from oreway.scoring.errors import ScoringError
from oreway.scoring.measure.points import Floats, Ints, Texts, same_text
from oreway.scoring.reasons import Code, Reason
from oreway.scoring.world.criteria import words
from oreway.scoring.world.disk_cache import fingerprint
from oreway.scoring.world.kept import kept
from oreway.scoring.world.place import landmass_positions, store
from oreway.scoring.world.world import World

CLASSES = ("port", "deep_water_port", "airfield", "town", "road", "rail", "power", "refinery", "coast", "ice")
WORTH_KEEPING = 2_000  # features from which on an index is kept on disk; of fewer it is made as soon as read
UNSERVED_STATES = ("planned", "proposed", "closed", "retired", "cancelled", "building")
LAYER_TEXTS = ("name", "source", "as_of")


@dataclasses.dataclass(frozen=True, kw_only=True)
class Targets:
    """The features of one class, one row each, and the index over them."""

    frame: gpd.GeoDataFrame
    index: NearestIndex

    @cached_property
    def texts(self) -> Mapping[str, Texts]:
        """The ids and texts of the features; what is missing, and the one past the last, is empty."""
        empty = same_text("", len(self.frame) + 1)
        columns = self.frame.columns
        texts = {name: filled(self.frame[name]) if name in columns else empty for name in LAYER_TEXTS}
        return {"feature_id": filled(self.frame.index), **texts}

    @cached_property
    def accuracy_km(self) -> Floats:
        """How far off each feature may be, 0 where nobody says."""
        return pd.to_numeric(self.frame["accuracy_km"]).fillna(0.0).to_numpy(dtype=float)


def filled(column: "pd.Series[str] | pd.Index[str]") -> Texts:
    """Return texts, "" for missing ones, and one "" past the last."""
    texts = column.to_numpy(dtype=object)
    return np.append(np.where(pd.isna(texts), "", texts), "")


def check_classes(classes: tuple[str, ...]) -> tuple[str, ...]:
    """Return the classes as given.

    Raises:
        ScoringError: a class is not known.
    """
    unknown = [name for name in classes if name not in CLASSES]
    if unknown:
        raise ScoringError(f"class {', '.join(map(repr, unknown))}: not known; choose from {', '.join(CLASSES)}")
    return classes


def class_rule(world: World, class_: str) -> dict[str, str]:
    """Return the row of data/methods/classes.csv for a class."""
    return _rules(world)[class_]


@kept("classes")
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


def _serves(frame: gpd.GeoDataFrame, rule: Mapping[str, str]) -> npt.NDArray[np.bool_]:
    """Tell which features are of the kinds of a class, open and in service, whatever their size."""
    keep = np.ones(len(frame), dtype=bool)
    if rule["kinds"]:
        keep &= frame["kind"].isin(words(rule["kinds"])).to_numpy()
    if "is_open" in frame.columns:
        keep &= frame["is_open"].to_numpy(dtype=bool)
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


def _indexed(world: World, name: str, frame: gpd.GeoDataFrame) -> NearestIndex:
    """Return the index of a frame, mapped from the user's cache where an earlier run has left it."""
    areas = bool(frame.geometry.geom_type.str.contains("Polygon").any())
    edge: Edge = "lonlat" if areas else "geodesic"  # outlines are drawn straight in longitude and latitude

    def build() -> NearestIndex:
        return NearestIndex.build(frame.geometry, edge=edge)

    if len(frame) < WORTH_KEEPING and not areas:
        return build()
    return store(world).index(f"nearest-{name}-{edge}-{fingerprint(frame.index)}", build)


def _class_parts(world: World, class_: str, *_: object) -> tuple[str, ...]:
    return ("plants",) if class_ == "refinery" else (class_rule(world, class_)["layer"],)


@kept("classes", "landmasses", "parameters", also=_class_parts)
def targets(world: World, class_: str) -> Targets:
    """Return the features of a class that is read from one layer, made once and kept."""
    frame = serving(world, class_)
    return Targets(frame=frame, index=_indexed(world, class_, frame))


@kept("classes", "landmasses", "parameters", also=_class_parts)
def maybe_targets(world: World, class_: str) -> Targets | None:
    """Return the features of unknown size that may count as a class, None where the class has none by its rule."""
    rule = class_rule(world, class_)
    if rule["unknown_counts"] != "may":
        return None
    frame = world.infrastructure[rule["layer"]]
    unsure = gpd.GeoDataFrame(frame[np.isnan(_size(frame, rule["column"])) & _serves(frame, rule)])
    return Targets(frame=unsure, index=_indexed(world, f"maybe-{class_}", unsure)) if len(unsure) else None


@kept("plants", "parameters")
def plant_targets(world: World, chain_stages: tuple[str, ...]) -> Targets:
    """Return the operating plants for some steps of the chain, made once and kept."""
    frame = refineries(world, chain_stages)
    return Targets(frame=frame, index=_indexed(world, "plants", frame))


@kept("ice", "parameters")
def ice_targets(world: World, name: str) -> Targets:
    """Return the ice of one of the two maps, made once and kept."""
    frame = world.infrastructure["ice"]
    chosen = gpd.GeoDataFrame(frame[frame["source"] == name])
    return Targets(frame=chosen, index=_indexed(world, f"ice-{name}", chosen))


def home(world: World, class_: str) -> Ints:
    """Return the landmass of each feature of a class, a position in the layer of landmasses, OUT at sea."""
    return _homes(world, class_)


@kept("classes", "landmasses", "parameters", also=_class_parts)
def _homes(world: World, class_: str) -> Ints:
    return kept_landmass_of(world, class_, targets(world, class_).frame)


def kept_landmass_of(world: World, name: str, frame: gpd.GeoDataFrame) -> Ints:
    """Return the landmass of each feature: that of its point, or of a line's first vertex."""

    def codes() -> npt.NDArray[np.int16]:
        if frame.empty:
            return np.empty(0, np.int16)
        coordinates, owner = shapely.get_coordinates(frame.geometry.to_numpy(), return_index=True)
        first = coordinates[np.searchsorted(owner, np.arange(len(frame)))]
        return landmass_positions(world, first[:, 0], first[:, 1]).astype(np.int16)

    if len(frame) < WORTH_KEEPING:
        return codes().astype(np.int64)
    return store(world).array(f"home-{name}-{fingerprint(frame.index)}", codes).astype(np.int64)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Local:
    """The features of a class on one landmass: the index over them, and the place of each among all of the class."""

    index: NearestIndex
    rows: Ints


@kept("classes", "landmasses", "parameters", also=_class_parts)
def local(world: World, class_: str, landmass: int) -> Local:
    """Return the features of a class on one landmass, made once and kept."""
    rows = np.nonzero(home(world, class_) == landmass)[0]
    frame = gpd.GeoDataFrame(targets(world, class_).frame.iloc[rows])
    return Local(index=_indexed(world, f"{class_}-on-{landmass}", frame), rows=rows)
