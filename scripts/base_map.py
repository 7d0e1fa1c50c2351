"""Make the offline base map in data/web: land, ice, borders, names, graticule and shaded relief.

Every file carries the first eight digits of its checksum in its name, so that a browser never shows an old one.
Names have the properties the map reads: n the name, z the first zoom that shows it, zz the last.
"""

import hashlib
import io
import json
from pathlib import Path

import geopandas
import numpy as np
import pandas as pd
import relief
import shapely
from catalogue import DATA, record
from frames import fingerprint
from PIL import Image
from rasterio.enums import Resampling
from rasterio.features import rasterize
from rasterio.transform import from_bounds
from rasterio.warp import reproject
from shapes import GEOD, polygonal

WEB = DATA / "web"
LAYERS = {
    name: DATA / folder / f"{name}.parquet"
    for name, folder in {
        "landmasses": "infrastructure",
        "towns": "infrastructure",
        "places": "infrastructure",
        "countries": "context",
        "ice": "context",
    }.items()
}
INPUTS = tuple(LAYERS.values())
DATASETS = ("base_land", "base_ice", "base_borders", "base_country_names", "base_places", "base_graticule",
            "base_relief_sea", "base_relief_land")  # fmt: skip
SOUTH_GREENLAND = shapely.box(-50, 59, -42, 62.5)
WEST_GREENLAND = shapely.box(-56, 59, -40, 72.5)
MARCUS = shapely.box(153.5, 24, 154.5, 24.6)
LAND_DEG = {"belt": 0.002, "home": 0.01, "world": 0.03}
MERCATOR_M = 20037508.342789244
PICTURE = 3072  # pixels a side: two pixels a degree and a half more than the six-minute grid holds at the equator
LAST_ZOOM = 22
BIG = 100_000  # people: a city with suburbs
SUBURB_M = 25_000.0
NE = "Made with Natural Earth"
GSHHG = "GSHHG 2.3.7, Wessel and Smith 1996"


def _save(stem: str, content: bytes, ending: str) -> str:
    for old in WEB.glob(f"{stem}.*.{ending}"):
        old.unlink()
    name = f"{stem}.{hashlib.sha256(content).hexdigest()[:8]}.{ending}"
    WEB.mkdir(parents=True, exist_ok=True)
    (WEB / name).write_bytes(content)
    return f"web/{name}"


def _geojson(features: list[tuple[shapely.Geometry, dict[str, object]]], digits: int) -> bytes:
    def rounded(value: object) -> object:
        return round(value, digits) if isinstance(value, float) else [rounded(item) for item in value]  # type: ignore[attr-defined]

    rows = []
    for geometry, properties in features:
        member = json.loads(shapely.to_geojson(shapely.orient_polygons(geometry)))
        member["coordinates"] = rounded(member["coordinates"])
        rows.append({"type": "Feature", "properties": properties, "geometry": member})
    collection = {"type": "FeatureCollection", "features": rows}
    return json.dumps(collection, ensure_ascii=False, separators=(",", ":")).encode()


def _enter(
    dataset_id: str, file: str, *, title: str, licence: str, attribution: str, changes: str, **more: str
) -> None:
    record(
        dataset_id,
        file=file,
        title=title,
        licence=licence,
        attribution=attribution,
        source_url=more.get("source_url", "https://www.naturalearthdata.com/"),
        source_package="made from data/infrastructure and data/context",
        source_version="; ".join(fingerprint(path) for path in INPUTS),
        retrieved="2026-11-23",
        geometry_type=more.get("geometry_type", "Asset"),
        changes=changes,
        known_defects=["a picture for the map, never measured on"],
        script=Path(__file__),
    )


def _land(frames: dict[str, geopandas.GeoDataFrame]) -> None:
    land = frames["landmasses"]
    belt = land.intersects(WEST_GREENLAND) & ~land["name"].eq("Greenland")
    near = land.intersects(SOUTH_GREENLAND) & ~land["name"].eq("Greenland") | land["name"].eq("Minamitorishima")
    home = land.intersects(shapely.box(110, -45, 156, -9)) | land["name"].eq("Greenland")
    tolerance = np.select([near, belt, home], [0.0, LAND_DEG["belt"], LAND_DEG["home"]], default=LAND_DEG["world"])
    simple = land.geometry.copy()
    for step in np.unique(tolerance[tolerance > 0]):
        simple[tolerance == step] = land.geometry[tolerance == step].simplify(step)
    whole = land.geometry[land["name"].eq("Greenland")].iloc[0]
    mainland = simple[land["name"].eq("Greenland")].iloc[0]
    mended = shapely.union(
        shapely.difference(mainland, WEST_GREENLAND),
        shapely.union(
            shapely.intersection(whole, SOUTH_GREENLAND),
            shapely.intersection(whole.simplify(LAND_DEG["belt"]), shapely.difference(WEST_GREENLAND, SOUTH_GREENLAND)),
        ),
    )
    simple[land["name"].eq("Greenland")] = mended
    parts = shapely.get_parts(polygonal(simple.to_numpy()))
    fine = shapely.intersects(parts, shapely.union_all([WEST_GREENLAND, MARCUS]))
    rounded = np.where(fine, shapely.set_precision(parts, 1e-4), shapely.set_precision(parts, 1e-3))
    content = _geojson([(shapely.union_all(rounded, grid_size=1e-4), {})], 4)
    _enter(
        "base_land",
        _save("base-land", content, "geojson"),
        title="Base map: land",
        licence="LGPL-3.0 (GSHHG); public domain (Natural Earth, Antarctica)",
        attribution=f"{GSHHG}; Natural Earth",
        source_url="https://www.soest.hawaii.edu/pwessel/gshhg/",
        changes="simplified: South Greenland and Minamitorishima not at all, West Greenland 0.002, Australia and the "
        "rest of Greenland 0.01, the world 0.03 degrees",
    )


def _ice(frames: dict[str, geopandas.GeoDataFrame]) -> None:
    ice = frames["ice"]
    ice = ice[(ice["source"] == "ne50m")]
    simple = shapely.union_all(polygonal(ice.geometry.simplify(0.02).to_numpy()), grid_size=1e-3)
    content = _geojson([(simple, {})], 3)
    _enter(
        "base_ice",
        _save("base-ice", content, "geojson"),
        title="Base map: ice",
        licence="Public domain (Natural Earth)",
        attribution=NE,
        changes="Natural Earth 1:50m glaciated areas, simplified to 0.02 degrees",
    )


def _borders(frames: dict[str, geopandas.GeoDataFrame]) -> None:
    """Borders are the stretches of ring that two countries share."""
    rings = shapely.get_parts(shapely.boundary(frames["countries"].geometry.to_numpy()))
    pairs = []
    for ring in rings:
        xy = shapely.get_coordinates(ring)
        pairs.append(np.stack([xy[:-1], xy[1:]], axis=1))
    segments = np.concatenate(pairs)
    flat = np.sort(segments.round(6).view([("x", float), ("y", float)]).reshape(len(segments), 2), axis=1)
    _, first, count = np.unique(flat, axis=0, return_index=True, return_counts=True)
    shared = shapely.linestrings(segments[first[count > 1]])
    lines = shapely.line_merge(shapely.multilinestrings(list(shared)))
    content = _geojson([(lines, {})], 3)
    _enter(
        "base_borders",
        _save("base-borders", content, "geojson"),
        title="Base map: borders",
        licence="Public domain (Natural Earth)",
        attribution=NE,
        changes="the shared stretches of the country outlines",
    )


def _country_names(frames: dict[str, geopandas.GeoDataFrame]) -> None:
    countries = frames["countries"]
    countries = countries[countries["country_code"].notna()]
    features = []
    for row in countries.itertuples():
        parts = shapely.get_parts(row.geometry)
        largest = parts[np.argmax(shapely.area(parts))]
        width = float(np.sqrt(largest.area))
        zoom = 2 if width > 25 else 3 if width > 10 else 4 if width > 4 else 5 if width > 1.5 else 6
        features.append((width, (shapely.point_on_surface(largest), {"n": row.name, "z": zoom, "zz": zoom + 4})))
    features.sort(key=lambda item: -item[0])
    content = _geojson([feature for _, feature in features], 2)
    _enter(
        "base_country_names",
        _save("base-country-names", content, "geojson"),
        title="Base map: names of countries",
        licence="Public domain (Natural Earth)",
        attribution=NE,
        changes="one point in the largest part of each country",
    )


def _suburb(towns: geopandas.GeoDataFrame) -> np.ndarray:
    """Tell which Australian towns lie within 25 km of a city that has five times their people."""
    cities = towns[towns["country_code"].eq("AU") & (towns["population"] >= BIG)]
    close = np.zeros(len(towns), dtype=bool)
    lon, lat = towns.geometry.x.to_numpy(), towns.geometry.y.to_numpy()
    for city in cities.itertuples():
        here = np.full(len(towns), city.geometry.x), np.full(len(towns), city.geometry.y)
        near = GEOD.inv(*here, lon, lat)[2] < SUBURB_M
        close |= near & (towns["population"] * 5 < city.population).to_numpy()
    return close


def _places(frames: dict[str, geopandas.GeoDataFrame]) -> None:
    towns = frames["towns"]
    people = towns["population"]
    far = np.select([people >= 5e6, people >= 1.5e6, people >= 4e5], [4, 5, 6], default=8)
    home = np.select([people >= 1e6, people >= 1e5, people >= 1e4, people >= 2e3], [4, 5, 6, 8], default=9)
    arctic = np.select([people >= 1e4, people >= 2e3, people >= 1e3], [4, 5, 6], default=7)
    code = towns["country_code"]
    zoom = np.where(code.eq("GL"), arctic, np.where(code.eq("AU"), home, far))
    table = towns.assign(z=zoom)
    least = code.map({"GL": 0, "AU": 1_000, "JP": 50_000}).fillna(400_000)
    table = table[(people >= least) & ~_suburb(towns)]
    table = table.sort_values("population", ascending=False)[["name", "z", "geometry"]]
    small = frames["places"]
    small = small[small["country_code"].isin(["GL", "AU"]) & ~small["name"].isin(table["name"])]
    table = pd.concat([table, small.assign(z=7)[["name", "z", "geometry"]]])
    rows = zip(table.geometry, table["name"], table["z"], strict=True)
    content = _geojson([(point, {"n": name, "z": int(z), "zz": LAST_ZOOM}) for point, name, z in rows], 3)
    _enter(
        "base_places",
        _save("base-places", content, "geojson"),
        title="Base map: names of places",
        licence="CC BY 4.0 (GeoNames); public domain (Natural Earth)",
        attribution="© GeoNames, CC BY 4.0; Natural Earth",
        source_url="https://www.geonames.org/",
        changes="Greenland whole, Australia from 1000 people without the suburbs of its cities, Japan from 50000, "
        "elsewhere from 400000; zoom by population",
    )


def _graticule() -> None:
    lines = [shapely.LineString([(lon, lat) for lat in range(-85, 86, 5)]) for lon in range(-180, 180, 10)]
    lines += [shapely.LineString([(lon, lat) for lon in range(-180, 181, 5)]) for lat in range(-80, 81, 10)]
    _enter(
        "base_graticule",
        _save("base-graticule", _geojson([(shapely.multilinestrings(lines), {})], 1), "geojson"),
        title="Base map: graticule",
        licence="CC0-1.0",
        attribution="none needed",
        changes="computed: meridians and parallels every ten degrees, a corner every five",
    )


def _mercator(metres: np.ndarray, transform: object) -> tuple[np.ndarray, object]:
    target = from_bounds(-MERCATOR_M, -MERCATOR_M, MERCATOR_M, MERCATOR_M, PICTURE, PICTURE)
    out = np.empty((PICTURE, PICTURE), dtype="float32")
    reproject(
        metres.astype("float32"),
        out,
        src_transform=transform,
        src_crs="EPSG:4326",
        dst_transform=target,
        dst_crs="EPSG:3857",
        resampling=Resampling.bilinear,
    )
    return out, target


def _latitude() -> np.ndarray:
    rows = np.pi * (1 - 2 * (np.arange(PICTURE) + 0.5) / PICTURE)
    return np.asarray(np.degrees(np.arctan(np.sinh(rows))))


def _shade(metres: np.ndarray, exaggeration: float) -> np.ndarray:
    """Return light from the north-west on the ground, 0 to 1; a pixel is as wide as Mercator makes it."""
    pixel_m = 2 * MERCATOR_M / PICTURE * np.cos(np.radians(_latitude()))[:, None]
    down, right = np.gradient(metres * exaggeration)
    slope = np.arctan(np.hypot(right, down) / pixel_m)
    aspect = np.arctan2(-right, down)
    sun, height = np.radians(315), np.radians(45)
    light = np.sin(height) * np.cos(slope) + np.cos(height) * np.sin(slope) * np.cos(sun - aspect)
    return np.asarray(np.clip(light, 0, 1))


def _webp(rgba: np.ndarray, quality: int) -> bytes:
    stream = io.BytesIO()
    Image.fromarray(rgba).save(stream, "WEBP", quality=quality, method=6, alpha_quality=60)
    return stream.getvalue()


def _pictures(frames: dict[str, geopandas.GeoDataFrame]) -> None:
    """Paint the sea floor by depth, and the shade of the land; none on ice, whose bedrock is no surface."""
    bed, target = _mercator(*relief.world("ETOPO1"))
    ice = frames["ice"][frames["ice"]["source"] == "ne50m"].to_crs("EPSG:3857").geometry
    land = frames["landmasses"].clip((-180, -85.05, 180, 85.05)).to_crs("EPSG:3857").geometry
    on_ice = rasterize(ice[~ice.is_empty], out_shape=bed.shape, transform=target).astype(bool)
    on_land = rasterize(land[~land.is_empty], out_shape=bed.shape, transform=target, all_touched=True).astype(bool)
    stops = [-11000, -7000, -5500, -4000, -2500, -1000, -200, 0]
    colours = np.array([(104, 139, 166), (123, 158, 184), (137, 172, 196), (153, 187, 208), (170, 201, 219),
                        (188, 214, 228), (205, 226, 236), (218, 234, 241)])  # fmt: skip
    depth = np.minimum(bed, 0)
    tint = np.stack([np.interp(depth, stops, colours[:, band]) for band in range(3)], axis=-1)
    sea = tint * (0.72 + 0.4 * _shade(depth, 6.0))[..., None]
    sea_picture = np.clip(sea, 0, 255).astype("uint8")
    dark = np.clip(1.3 * (np.sin(np.radians(45)) - _shade(np.maximum(bed, 0), 16.0)), 0, 0.6)
    alpha = np.where(on_land & ~on_ice, dark * 255, 0).astype("uint8")
    land_picture = np.dstack([np.full((*bed.shape, 3), (70, 62, 54), dtype="uint8"), alpha])
    for which, rgba, quality in (("sea", sea_picture, 72), ("land", land_picture, 60)):
        _enter(
            f"base_relief_{which}",
            _save(f"base-relief-{which}", _webp(rgba, quality), "webp"),
            title=f"Base map: relief of the {which}",
            licence="Public domain (NOAA)",
            attribution="ETOPO1, Amante and Eakins 2009, NOAA",
            source_url="https://www.ncei.noaa.gov/products/etopo-global-relief-model",
            geometry_type="Asset",
            changes=f"Web Mercator from -180 -85.0511 to 180 85.0511, {PICTURE} pixels a side; light from the "
            "north-west; no shade on ice",
        )


def build() -> None:
    """Write the base map and its catalogue entries."""
    frames = {name: geopandas.read_parquet(path) for name, path in LAYERS.items()}
    _land(frames)
    _ice(frames)
    _borders(frames)
    _country_names(frames)
    _places(frames)
    _graticule()
    _pictures(frames)


if __name__ == "__main__":
    build()
