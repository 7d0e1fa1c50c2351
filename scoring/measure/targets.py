"""Which features count as a class of infrastructure, and the index that finds the nearest of them."""

import dataclasses
from collections.abc import Mapping
from functools import cached_property

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from oreway.geo.geodesy import azimuth_deg
from oreway.geo.nearest import Edge, NearestIndex
from oreway.layers.vocabulary import Feed, PlantStatus
from oreway.scoring.errors import ScoringError
from oreway.scoring.measure.points import GEODESIC, Floats, Rows, Texts, same_text
from oreway.scoring.world.criteria import words
from oreway.scoring.world.disk_cache import Store, fingerprint, positions
from oreway.scoring.world.place import landmasses
from oreway.scoring.world.world import World

CLASSES = ("port", "deep_water_port", "airfield", "town", "road", "rail", "power", "refinery", "coast", "ice")
ANYWHERE = ""
UNSERVED_STATES = ("planned", "proposed", "closed", "retired", "cancelled", "building")
LAYER_TEXTS = ("name", "source", "as_of")
TITLES = {"coast": "coast", "ice": "ice"}


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
        texts = {name: _filled(self.frame[name]) if name in columns else empty for name in LAYER_TEXTS}
        return {"feature_id": _filled(self.frame.index), **texts}

    @cached_property
    def accuracy_km(self) -> Floats:
        """How far off each feature may be; the one past the last is NaN."""
        return np.append(pd.to_numeric(self.frame["accuracy_km"]).to_numpy(dtype=float), np.nan)


def _filled(column: "pd.Series[str] | pd.Index[str]") -> Texts:
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
    return world.indexes.get("class_rules", lambda: _rules(world.methods.tables["classes"]))[class_]


def _rules(table: pd.DataFrame) -> dict[str, dict[str, str]]:
    rows = table.to_dict("records")
    return {str(row["class"]): {str(key): str(value) for key, value in row.items()} for row in rows}


def serving(world: World, class_: str) -> gpd.GeoDataFrame:
    """Return the features that count as a class by its rule: kind, least size, open or in service."""
    rule = class_rule(world, class_)
    frame = world.infrastructure[rule["layer"]]
    if class_ == "coast":
        frame = _named_shores(world, frame)
    keep = np.ones(len(frame), dtype=bool)
    if rule["kinds"]:
        keep &= frame["kind"].isin(words(rule["kinds"])).to_numpy()
    if rule["column"]:
        size = pd.to_numeric(frame[rule["column"]], errors="coerce").to_numpy(dtype=float)
        keep &= (size >= float(rule["minimum"])) | (np.isnan(size) & (rule["unknown_counts"] == "yes"))
    if "is_open" in frame.columns:
        keep &= frame["is_open"].to_numpy(dtype=bool)
    if "status" in frame.columns:
        keep &= ~frame["status"].isin(UNSERVED_STATES).to_numpy()
    return frame[keep]


def _named_shores(world: World, coast: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the shorelines with the name, source and date of their landmass."""
    land = world.infrastructure["landmasses"][list(LAYER_TEXTS)].astype(object)
    told = land.reindex(coast["landmass_id"]).fillna("").set_axis(coast.index)
    names = [f"Coast of {name}" if name else "Coast" for name in told["name"]]
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


def _make(world: World, name: str, frame: gpd.GeoDataFrame) -> Targets:
    """Return the targets with their index, mapped from the user's cache where an earlier run has left it."""
    store = world.indexes.get("store", lambda: Store.of(world))
    areas = bool(frame.geometry.geom_type.str.contains("Polygon").any())
    edge: Edge = "lonlat" if areas else "geodesic"  # outlines are drawn straight in longitude and latitude
    key = f"nearest-{name}-{edge}-{fingerprint(frame.index)}"
    return Targets(frame=frame, index=store.index(key, lambda: NearestIndex.build(frame.geometry, edge=edge)))


def targets(world: World, class_: str, landmass: str = ANYWHERE) -> Targets:
    """Return the features of a class, all of them or those on one landmass, made once and kept."""
    if landmass == ANYWHERE:
        return world.indexes.get(("targets", class_), lambda: _make(world, class_, serving(world, class_)))
    return world.indexes.get(("targets", class_, landmass), lambda: _landed(world, class_, landmass))


def plant_targets(world: World, chain_stages: tuple[str, ...]) -> Targets:
    """Return the operating plants for some steps of the chain, made once and kept."""
    return world.indexes.get(("plants", chain_stages), lambda: _make(world, "plants", refineries(world, chain_stages)))


def ice_targets(world: World, source: str) -> Targets:
    """Return the ice of one of the two maps, made once and kept."""
    frame = world.infrastructure["ice"]
    return world.indexes.get(("ice", source), lambda: _make(world, f"ice-{source}", frame[frame["source"] == source]))


def _landed(world: World, class_: str, landmass: str) -> Targets:
    return _make(world, f"{class_}-{landmass}", _on_landmass(world, class_, landmass))


def _on_landmass(world: World, class_: str, landmass: str) -> gpd.GeoDataFrame:
    frame = targets(world, class_).frame
    home = world.indexes.get(("landmass_of", class_), lambda: kept_landmass_of(world, class_, frame))
    return gpd.GeoDataFrame(frame[home == landmass])


def landmass_of(world: World, frame: gpd.GeoDataFrame) -> Texts:
    """Return the landmass of each feature: that of its point, or of a line's first vertex."""
    if frame.empty:
        return np.empty(0, dtype=object)
    coordinates, owner = shapely.get_coordinates(frame.geometry.to_numpy(), return_index=True)
    first = coordinates[np.searchsorted(owner, np.arange(len(frame)))]
    return landmasses(world, first[:, 0], first[:, 1])


def kept_landmass_of(world: World, name: str, frame: gpd.GeoDataFrame) -> Texts:
    """Return the same as landmass_of, from the user's cache where an earlier run has left it."""
    store = world.indexes.get("store", lambda: Store.of(world))
    ids = world.infrastructure["landmasses"].index

    def codes() -> npt.NDArray[np.int16]:
        return positions(ids, landmass_of(world, frame)).astype(np.int16)

    kept = store.array(f"home-{name}-{fingerprint(frame.index)}", codes)
    homes: Texts = np.append(ids.to_numpy(dtype=object), ANYWHERE)[kept]
    return homes


def find(found: Targets, lon: Floats, lat: Floats, within_km: float | None = None) -> Rows:
    """Return the nearest target of each point, in the order asked."""
    answer = found.index.query(lon, lat, within_km=within_km)
    feature, there = answer.feature, answer.feature >= 0
    azimuth = np.full(len(lon), np.nan)
    azimuth[there] = azimuth_deg(lon[there], lat[there], answer.lon[there], answer.lat[there])
    return Rows(
        **{name: texts[feature] for name, texts in found.texts.items()},
        lon=answer.lon, lat=answer.lat, azimuth_deg=azimuth, accuracy_km=found.accuracy_km[feature],
        distance_km=answer.distance_km, low_km=answer.distance_km, high_km=answer.distance_km,
        method=same_text(GEODESIC, len(lon)), nil=same_text("", len(lon)), note=same_text("", len(lon)),
    )  # fmt: skip
