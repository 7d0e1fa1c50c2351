"""Where points lie, one or ten million: landmass, country and setting; at sea all but the setting are empty."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import shapely

from oreway.arrays import Floats, Ints
from oreway.geo.nearest import NearestIndex
from oreway.later import later
from oreway.layers.cache_folder import cache_folder
from oreway.layers.vocabulary import Setting
from oreway.scoring.reasons import NOTHING, Note, recorded
from oreway.scoring.world.cells import MIXED, OUT, SHAPES, Areas, Labels, cell_labels, holders, make_cells
from oreway.scoring.world.disk_cache import Store, fingerprint, positions, world_key
from oreway.scoring.world.kept import kept
from oreway.scoring.world.world import World

with later(__name__):
    import geopandas as gpd
    import pandas as pd

Texts = npt.NDArray[np.object_]
SEA, REST = "sea", "*"
SETTINGS = tuple(word.value for word in Setting)
MANY = 5_000  # points from which on cells, once they are made, answer sooner than the exact test
LANDMASSES, COUNTRIES = "landmasses", "countries"


@kept("data_version", "parameters", on_disk=True)
def _key(world: World) -> str:
    return world_key(world)


def key_of(world: World) -> str:
    """Return the short hash of the data and method tables of a world; that of the shipped one stands ready."""
    return _key(world) if world.mark is not None else world_key(world)


@kept("data_version", "parameters")
def store(world: World) -> Store:
    """Return the folder kept on disk for a world."""
    return Store(cache_folder() / _key(world))


def shapes(world: World, name: str, make: Callable[[], Texts]) -> Texts:
    """Return shapes of the shipped world from disk, those of any other made."""
    return make() if world.mark is None else store(world).shapes(name, make)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Outlined:
    """The polygons of a layer and the index of their outlines; a point within reach of a polygon belongs to it."""

    polygons: Texts
    outlines: NearestIndex
    reach_km: float

    @functools.cached_property
    def _tree(self) -> shapely.STRtree:
        return shapely.STRtree(self.polygons)

    def exact(self, lon: Floats, lat: Floats) -> Ints:
        """Return the position of the polygon that holds each point or is within reach of it, OUT for none."""
        holder = np.full(len(lon), OUT, dtype=np.int64)
        point, polygon = self._tree.query(shapely.points(lon, lat))  # by their boxes
        with SHAPES:
            held = shapely.intersects_xy(self.polygons[polygon], lon[point], lat[point])
        np.maximum.at(holder, point[held], polygon[held])  # the last of several
        out = np.nonzero(holder < 0)[0]
        if len(out):
            holder[out] = self.outlines.query(lon[out], lat[out], within_km=self.reach_km).feature
        return holder


def _one_layer(world: World, layer_id: str) -> tuple[str, ...]:
    del world
    return (layer_id,)


@kept(also=_one_layer, on_disk=True)
def _layer_mark(world: World, layer_id: str) -> str:
    return fingerprint(world.infrastructure[layer_id].index)


@kept("parameters", also=_one_layer)
def outlined(world: World, layer_id: str) -> Outlined:
    """Return a layer's polygons made ready for containment."""
    mark = _layer_mark(world, layer_id)
    polygons = shapes(
        world, f"polygons-{layer_id}-{mark}", lambda: world.infrastructure[layer_id].geometry.to_numpy(dtype=object)
    )
    shapely.prepare(polygons)
    key = f"outlines-{layer_id}-{mark}"
    index = store(world).index(key, lambda: NearestIndex.build(shapely.boundary(polygons), edge="lonlat"))
    return Outlined(polygons=polygons, outlines=index, reach_km=world.methods.parameters["coast_tolerance_km"])


@kept("parameters", also=_one_layer)
def cells(world: World, layer_id: str) -> Labels:
    """Return the cells of a layer, from disk where an earlier run has left them."""
    areas = outlined(world, layer_id)
    held = functools.partial(holders, areas.polygons)
    chart = Areas(outlines=areas.outlines, holder=held, reach_km=areas.reach_km)
    return store(world).array(f"cells-{layer_id}-{_layer_mark(world, layer_id)}", lambda: make_cells(chart))


def _holder(world: World, layer_id: str, lon: Floats, lat: Floats) -> Ints:
    """Return the position of the polygon each point belongs to, OUT for none; of many, cells tell most."""
    if len(lon) < MANY:
        return outlined(world, layer_id).exact(lon, lat)
    found = cell_labels(lon, lat, cells(world, layer_id))
    asked = np.nonzero(found == MIXED)[0]
    if len(asked):
        found[asked] = outlined(world, layer_id).exact(lon[asked], lat[asked])
    return found


@dataclasses.dataclass(frozen=True, kw_only=True)
class Whereabouts:
    """Landmass (position in the layer, OUT at sea), country (position in the codes, 0 for none) and setting."""

    landmass: Ints
    country: Ints
    setting: Ints

    def take(self, rows: Ints) -> Whereabouts:
        """Return those of some of the points."""
        return Whereabouts(landmass=self.landmass[rows], country=self.country[rows], setting=self.setting[rows])


@dataclasses.dataclass(frozen=True, kw_only=True)
class Islands:
    """Islands of the coast that the layer of landmasses is too coarse for; each is a landmass of its own."""

    ids: Texts
    shapes: Texts
    outlines: NearestIndex


@kept("coast", LANDMASSES)
def _island_rings(world: World) -> gpd.GeoDataFrame:
    coast = world.infrastructure["coast"]
    own = coast[~coast["landmass_id"].isin(world.infrastructure[LANDMASSES].index)]
    own = own[(own.geometry.geom_type == "LineString") & own.geometry.is_ring]
    return own.drop_duplicates("landmass_id")


@kept("coast", LANDMASSES, on_disk=True)
def _island_ids(world: World) -> tuple[str, Texts]:
    """Return the mark of the rings and the ids of their landmasses."""
    rings = _island_rings(world)
    return fingerprint(rings.index), rings["landmass_id"].to_numpy(dtype=object)


@kept("coast", LANDMASSES, "parameters")
def islands(world: World) -> Islands:
    """Return the islands of a world, closed shores only."""
    mark, ids = _island_ids(world)

    def polygons() -> Texts:
        rings = _island_rings(world).geometry.to_numpy()
        coordinates, ring = shapely.get_coordinates(rings, return_index=True)
        made: Any = shapely.polygons(shapely.linearrings(coordinates, indices=ring)) if len(rings) else []
        return np.array(made, dtype=object)

    index = store(world).index(f"outlines-islands-{mark}", lambda: NearestIndex.build(_island_rings(world).geometry))
    return Islands(ids=ids, shapes=shapes(world, f"polygons-islands-{mark}", polygons), outlines=index)


def _on_islands(world: World, lon: Floats, lat: Floats) -> Ints:
    """Return the island each point lies on or within the coast tolerance of, OUT for none."""
    reach, known = world.methods.parameters["coast_tolerance_km"], islands(world)
    found = known.outlines.query(lon, lat, within_km=2 * reach)  # no point of so small an island is farther inside
    feature = found.feature.copy()
    far = np.nonzero((feature >= 0) & (found.distance_km > reach))[0]
    held = shapely.contains_xy(known.shapes[feature[far]], lon[far], lat[far])
    feature[far[~held]] = OUT
    return feature


@kept("joined_land", "coast", LANDMASSES, "parameters", on_disk=True)
def _joined(world: World) -> Ints:
    """Return the landmass that each one counts as, itself where no causeway or bridge joins it to a larger one."""
    size = len(outlined(world, LANDMASSES).polygons) + len(islands(world).ids)
    counts_as = np.arange(size)
    rows = world.methods.tables["joined_land"]
    ends: list[Floats] = [
        np.asarray(rows[name].astype(float), dtype=np.float64) for name in ("lon", "lat", "to_lon", "to_lat")
    ]
    small, large = _landmass(world, ends[0], ends[1]), _landmass(world, ends[2], ends[3])
    for one, other in zip(small.tolist(), large.tolist(), strict=True):
        if one != OUT and other != OUT:
            counts_as[counts_as == counts_as[one]] = counts_as[other]
    return np.append(counts_as, OUT)


def _landmass(world: World, lon: Floats, lat: Floats) -> Ints:
    """Return the landmass or else the island that each point belongs to, OUT for none."""
    found = _holder(world, LANDMASSES, lon, lat)
    sea = np.nonzero(found == OUT)[0]
    if len(sea) and len(islands(world).ids):
        island = _on_islands(world, lon[sea], lat[sea])
        found[sea] = np.where(island == OUT, OUT, island + len(outlined(world, LANDMASSES).polygons))
    return found


@dataclasses.dataclass(frozen=True, kw_only=True)
class Codes:
    """What the numbers of `Whereabouts` stand for; of_polygon is the country of each polygon of the layer, then 0."""

    landmasses: Texts
    countries: tuple[str, ...]
    of_polygon: Ints
    setting_of: Ints

    def country(self, codes: object) -> Ints:
        """Return the number of each country code; 0 for one no polygon has."""
        return np.maximum(positions(pd.Index(self.countries), codes), 0)


@kept(LANDMASSES, "coast", COUNTRIES, "places", "parameters", on_disk=True)
def codes(world: World) -> Codes:
    """Return the codes of a world."""
    code = world.infrastructure[COUNTRIES]["country_code"].fillna("").astype(str)
    names = ("", *sorted(set(code) - {""}))
    table = world.methods.tables["places"].set_index("country_code")["setting"].to_dict()
    return Codes(
        landmasses=np.concatenate([
            world.infrastructure[LANDMASSES].index.to_numpy(dtype=object), islands(world).ids
        ]),
        countries=names,
        of_polygon=np.append(positions(pd.Index(names), code), 0),
        setting_of=np.array([SETTINGS.index(table.get(name, table[REST])) for name in names]),
    )  # fmt: skip


def _country(world: World, lon: Floats, lat: Floats) -> Ints:
    """Return the country that holds each point on land, or the nearest one in reach of an island; OUT for none."""
    found = _holder(world, COUNTRIES, lon, lat)
    alone = np.nonzero(found == OUT)[0]
    if len(alone):
        reach = world.methods.parameters["island_country_km"]
        found[alone] = outlined(world, COUNTRIES).outlines.query(lon[alone], lat[alone], within_km=reach).feature
    return found


def whereabouts(world: World, lon: Floats, lat: Floats) -> Whereabouts:
    """Return where points lie; at sea, over 5 km off any coast, the country is empty and the setting is seabed."""
    known = codes(world)
    landmass = landmass_positions(world, lon, lat)
    country = np.zeros(len(lon), dtype=np.int64)
    land = np.nonzero(landmass != OUT)[0]
    country[land] = known.of_polygon[_country(world, lon[land], lat[land])]
    setting = known.setting_of[country]
    setting[np.abs(lat) >= world.methods.parameters["arctic_latitude_deg"]] = SETTINGS.index(Setting.ARCTIC)
    setting[landmass == OUT] = SETTINGS.index(Setting.SEABED)
    return Whereabouts(landmass=landmass, country=country, setting=setting)


def locate(world: World, lon: Floats, lat: Floats) -> pd.DataFrame:
    """Say of each point on which landmass, in which country and in which setting it lies.

    Args:
        world: the opened world.
        lon: degrees east, shape (n,).
        lat: degrees north, shape (n,).

    Returns:
        DataFrame with landmass, country_code and setting; a point over 5 km off any coast has the setting seabed.
    """
    found, known = whereabouts(world, lon, lat), codes(world)
    return pd.DataFrame({
        "landmass": np.append(known.landmasses, "")[found.landmass],
        "country_code": np.array(known.countries, dtype=object)[found.country],
        "setting": np.array(SETTINGS, dtype=object)[found.setting],
    })  # fmt: skip


def landmass_positions(world: World, lon: Floats, lat: Floats) -> Ints:
    """Return the landmass each point lies on or within 5 km of, a place in `codes`, OUT at sea.

    Landmasses of the layer come first, then islands of the coast; what a causeway joins counts as the larger one.
    """
    return _joined(world)[_landmass(world, lon, lat)]


def landmasses(world: World, lon: Floats, lat: Floats) -> Texts:
    """Return the feature_id of the landmass each point lies on or within 5 km of; "" at sea."""
    ids: Texts = np.append(codes(world).landmasses, "")
    return ids[landmass_positions(world, lon, lat)]


def countries(world: World, lon: Floats, lat: Floats) -> Texts:
    """Return the country code of each point on land or within 5 km of it; "" at sea or where no code is known."""
    known = codes(world)
    return np.array(known.countries, dtype=object)[known.of_polygon[_holder(world, COUNTRIES, lon, lat)]]


class NetworkState(NamedTuple):
    """What is known of a class of infrastructure in a country: `present`, or the Nil that replaces a distance."""

    state: str
    reason: Note
    source: str
    as_of: str
    complete: bool


PRESENT = "present"
BUILT = "what-if"  # the source of what is only supposed
EVERYWHERE = NetworkState(PRESENT, NOTHING, "", "", complete=False)


def network_state(world: World, class_: str, country_code: str, setting: str) -> NetworkState:
    """Return the state of a class in a country, or at sea for the setting seabed.

    A country that networks.csv does not name takes its "*" row; a class that it does not name is present everywhere.
    complete says that a feature the layer does not hold does not exist.
    """
    table = _states(world)
    if setting == Setting.SEABED:
        return table.get((SEA, class_), EVERYWHERE)
    return table.get((country_code, class_), table.get((REST, class_), EVERYWHERE))


def _reason(cell: str | Note) -> Note:
    return cell if isinstance(cell, Note) else recorded(cell)


@kept("networks", on_disk=True)
def _states(world: World) -> dict[tuple[str, str], NetworkState]:
    return {
        (row["country_code"], row["class"]): NetworkState(
            row["state"], _reason(row["reason"]), row["source"], row["as_of"], complete=row["complete"] == "yes"
        )
        for row in world.methods.tables["networks"].to_dict("records")
    }
