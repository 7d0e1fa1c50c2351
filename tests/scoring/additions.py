"""Things built anywhere on land, in groups far apart, and the places that are judged round each of them."""

import dataclasses

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely.geometry import LineString, Point

from oreway.arrays import Bools, Floats
from oreway.geo.geodesy import destination, distance_km
from oreway.scoring.build.items import bill_points
from oreway.scoring.judge.score import Scores, score_points
from oreway.scoring.measure.classes import measure_points
from oreway.scoring.measure.measure import points_of
from oreway.scoring.measure.missed import AT_SITE
from oreway.scoring.measure.points import ABSENT, OUT
from oreway.scoring.measure.targets import class_rule, targets
from oreway.scoring.whatif.whatif import Addition, with_addition
from oreway.scoring.world.place import BUILT, codes, network_state, whereabouts
from oreway.scoring.world.world import World, with_layer

SIZES = {"port": (2, 16), "airfield": (600, 3500), "plant": (1, 2000), "substation": (10, 10), "town": (500, 90_000)}
LINES = {"road": "road", "rail": "rail", "line": "power"}
KINDS = (*SIZES, *LINES)
CLASS_OF = {"plant": "power", "substation": "power", "line": "power"}
RINGS_KM = (0.0, 1.0, 6.0, 25.0, 80.0, 250.0)
SPOKES = 4
SLACK = 1e-9
ISLANDS = {
    "Rottnest": (115.5, -32.0), "Tasmania": (146.6, -42.0), "North Island": (175.8, -38.9), "Hokkaido": (142.9, 43.4),
    "South Island": (170.5, -44.2), "Honshu": (138.5, 36.2), "Kyushu": (131.0, 32.6), "Disko": (-53.5, 69.8),
    "Greenland": (-46.0, 60.98), "Milne Land": (-26.8, 70.6), "Melville": (130.9, -11.6), "Groote": (136.6, -14.0),
    "King Island": (143.9, -39.9), "Iceland": (-18.5, 64.9), "Madagascar": (46.9, -19.5), "Cuba": (-78.9, 21.9),
    "Borneo": (114.1, 0.9), "New Guinea": (143.4, -6.3), "Sri Lanka": (80.7, 7.6), "Great Britain": (-3.6, 56.6),
    "Newfoundland": (-56.2, 48.7), "Baffin": (-71.0, 69.0), "Spitsbergen": (16.0, 78.4), "Sakhalin": (142.8, 50.6),
    "New Caledonia": (165.4, -21.3), "Minamitorishima": (153.98, 24.28), "Hawaii": (-155.5, 19.6),
    "Fiji": (178.0, -17.8), "Lefkada": (20.65, 38.71),
}  # fmt: skip


@dataclasses.dataclass(frozen=True, kw_only=True)
class Group:
    """One thing of a kind at each of some places far apart; lon, lat: shape (places, points round each)."""

    kind: str
    shapes: tuple[shapely.Geometry, ...]
    sizes: tuple[float, ...]
    lon: Floats
    lat: Floats


def land_places(world: World, random: np.random.Generator, n: int) -> Floats:
    """Return n places, lon and lat: islands named above, sites, and of all land small islands as often as large."""
    sites = world.sites[["lon", "lat"]].to_numpy(dtype=float)
    land = world.infrastructure["landmasses"].geometry.to_numpy()
    coast = world.infrastructure["coast"].geometry.to_numpy()
    large = land[np.argsort(-shapely.area(land))[:60]]
    chosen = []
    for i in range(n):
        if i % 4 == 0:
            chosen.append(list(ISLANDS.values())[int(random.integers(len(ISLANDS)))])
        elif i % 4 == 1:
            chosen.append(tuple(sites[int(random.integers(len(sites)))]))
        elif i % 4 == 2:
            shape = land[int(random.integers(len(land)))] if random.random() < 0.5 else None
            line = coast[int(random.integers(len(coast)))]
            point = (
                line.interpolate(random.random(), normalized=True) if shape is None else shape.representative_point()
            )
            chosen.append((point.x, point.y))
        else:
            chosen.append(_inside(large[int(random.integers(len(large)))], random))
    return np.array(chosen)


def _inside(shape: shapely.Geometry, random: np.random.Generator) -> tuple[float, float]:
    west, south, east, north = shape.bounds
    while True:
        lon, lat = (
            random.uniform(west, east),
            np.degrees(np.arcsin(random.uniform(*np.sin(np.radians([south, north]))))),
        )
        if shapely.contains_xy(shape, lon, lat):
            return float(lon), float(lat)


def group(world: World, random: np.random.Generator, kind: str, size: int) -> Group:
    """Return a group of one kind: places at least 1,500 km apart, each with points on rings round it."""
    kept: list[Floats] = []
    for place in land_places(world, random, 12 * size):
        near = [distance_km(*place, *other) < 1500 for other in kept]
        if abs(place[1]) < 84 and not any(near) and len(kept) < size:
            kept.append(place)
    base = np.array(kept)
    away = random.exponential(60, len(base)) * (random.random(len(base)) < 0.7)
    at = np.array(destination(base[:, 0], base[:, 1], random.uniform(0, 360, len(base)), away)).T
    turn = random.uniform(0, 360, len(base))
    rings = [(km, turn + 360 / SPOKES * i) for km in RINGS_KM for i in range(SPOKES if km else 1)]
    round_ = [destination(base[:, 0], base[:, 1], azimuth, np.full(len(base), km)) for km, azimuth in rings]
    lon, lat = (np.stack([one[i] for one in round_], axis=1) for i in (0, 1))
    sizes = tuple(float(random.uniform(*SIZES.get(kind, (np.nan, np.nan)))) if kind in SIZES else np.nan for _ in base)
    shapes = tuple(_shape(world, random, kind, point) for point in at)
    return Group(kind=kind, shapes=shapes, sizes=sizes, lon=lon, lat=lat)


def _shape(world: World, random: np.random.Generator, kind: str, at: Floats) -> shapely.Geometry:
    """Return a point, or for a line one that begins at the nearest town and ends at the place or beyond it."""
    if kind in SIZES:
        return Point(*at)
    town = targets(world, "town").index.query(at[:1], at[1:])
    nearest = np.array([town.lon[0], town.lat[0]])
    if distance_km(*nearest, *at) < 0.5 or abs(nearest[0] - at[0]) > 90:
        return LineString([nearest, nearest + random.uniform(0.1, 0.4, 2) * [1, -np.sign(nearest[1])]])
    return LineString([nearest, at])


def with_group(world: World, built: Group) -> World:
    """Return the world with all things of a group."""
    after = world
    for i, (shape, size) in enumerate(zip(built.shapes, built.sizes, strict=True)):
        if built.kind in {"town", "substation"}:
            continue
        class_ = CLASS_OF.get(built.kind, built.kind)
        known = None if np.isnan(size) else size
        after = with_addition(after, Addition(class_=class_, geometry=shape, name=f"{built.kind} {i}", size=known))
    if built.kind == "town":
        rows = {"population": [int(size) for size in built.sizes]}
        return with_rows(world, "towns", built, rows)
    if built.kind == "substation":
        return with_rows(world, "power", built, {"kind": "substation", "status": "operating", "source": BUILT})
    return after


def with_rows(world: World, layer_id: str, built: Group, columns: dict[str, object]) -> World:
    """Return the world with rows of a layer that no what-if adds."""
    frame = world.infrastructure[layer_id]
    index = pd.Index([f"built-{built.kind}-{i}-{shape.wkb_hex[-12:]}" for i, shape in enumerate(built.shapes)])
    common = {"name": "x", "country_code": "", "accuracy_km": 0.1, "source": "test", "as_of": "2026"}
    rows = gpd.GeoDataFrame({**common, **columns}, geometry=list(built.shapes), crs=frame.crs, index=index)
    joined = pd.concat([frame, rows])
    return with_layer(world, layer_id, gpd.GeoDataFrame(joined, crs=frame.crs).rename_axis(frame.index.name))


@dataclasses.dataclass(frozen=True, kw_only=True)
class Judged:
    """The points round a group: their scores, their bills (US$M, NaN where none), and where a class may be missed.

    at_site: where what is missed may be at the site, so that no total leaves its bounds; elsewhere they
    hold at a level.
    """

    scores: Scores
    bill: Floats
    at_site: Bools
    missed: Bools


def judged(world: World, built: Group) -> Judged:
    """Return the judgement of the points round a group, one after the other."""
    lon, lat = built.lon.ravel(), built.lat.ravel()
    points = points_of(world, lon, lat, np.zeros(len(lon)), np.zeros(len(lon), np.int64), ["*"])
    where, class_ = whereabouts(world, lon, lat), CLASS_OF.get(built.kind, built.kind)
    found = measure_points(world, points, where)
    states = [network_state(world, class_, code, "") for code in codes(world).countries]
    missed = np.array([state.state != ABSENT and not state.complete for state in states])[where.country]
    return Judged(
        scores=score_points(world, points, where, found), bill=bill_points(world, points, where, found).base,
        at_site=missed & (class_rule(world, class_)["missed"] == AT_SITE) & (where.landmass != OUT),
        missed=missed & (where.landmass != OUT),
    )  # fmt: skip


def faults(world: World, random: np.random.Generator, kind: str, size: int) -> tuple[int, list[str], list[bool]]:
    """Build a group; return how many things that is, what fell, rose or left its bounds that must not, and
    of each point where things are missed whether its total rose above its bounds."""
    built = group(world, random, kind, size)
    after = with_group(world, built)
    one, two = judged(world, built), judged(after, built)
    was, now = one.scores, two.scores
    lost = ~np.isnan(was.total) & np.isnan(now.total)
    beyond = now.total > was.total_high + SLACK
    bad = {
        "total lower": now.total < was.total - SLACK,
        "total gone": lost & (now.coverage >= was.coverage),
        "above its bounds": beyond & one.at_site,
        "below its bounds": now.total < was.total_low - SLACK,
        "outside its own bounds": (now.total > now.total_high + SLACK) | (now.total < now.total_low - SLACK),
        "bill higher": two.bill > one.bill + SLACK, "bill gone": np.isnan(two.bill) & ~np.isnan(one.bill),
    }  # fmt: skip
    told = []
    for word, mask in bad.items():
        for row in np.nonzero(mask)[0]:
            shape = built.shapes[row // built.lon.shape[1]]
            at = f"{built.lon.ravel()[row]:.4f} {built.lat.ravel()[row]:.4f}"
            numbers = (
                f"{was.total[row]:.3f} -> {now.total[row]:.3f} of {was.total_low[row]:.3f}-{was.total_high[row]:.3f}"
            )
            told.append(
                f"{kind} {shape.wkt}: {word} at {at}: {numbers}, bill {one.bill[row]:.3f} -> {two.bill[row]:.3f}"
            )
    return len(built.shapes), told, beyond[one.missed].tolist()
