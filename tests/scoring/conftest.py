"""A mini world of three landmasses, and the shipped one."""

import dataclasses

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from shapely.geometry import LineString, Point, box

from oreway.layers.answers import VERSION
from oreway.layers.cache_folder import cache_folder
from oreway.layers.schema import FACT_COLUMNS
from oreway.scoring.world.criteria import read_methods
from oreway.scoring.world.world import World

SITE_DEFAULTS = {
    "name_local": "", "name_ja": "", "aliases": "", "kind": "deposit", "parent_id": "", "country": "", "layer": "test",
    "occurrence_type": "mineral_deposit", "commodities": "REE", "host_minerals": "", "eudialyte": "no",
    "deposit_model": "", "stage": "resource", "standing": "active", "chain_stages": "", "feeds": "",
    "third_party_feed": "", "products": "", "layer_rule": "", "position_accuracy_km": 1.0,
    "geometry_kind": "point_precise", "position_source_url": "https://example.org/a", "position_source_title": "Test",
    "position_as_of": "2026", "position_confidence": "high", "summary": "",
}  # fmt: skip
PLANT = {"country_code": "AU", "kind": "plant"}
SOURCE = {"source": "test", "as_of": "2026", "accuracy_km": 1.0}


def site(site_id, lon, lat, country_code, setting, geometry=None, **extra):
    return {
        **SITE_DEFAULTS, "site_id": site_id, "name": site_id, "lon": lon, "lat": lat, "country_code": country_code,
        "setting": setting, "geometry": geometry or Point(lon, lat), **extra,
    }  # fmt: skip


def sites_frame(rows):
    return gpd.GeoDataFrame(rows, geometry="geometry", crs="EPSG:4326").set_index("site_id")


def frame(rows, **columns):
    made = gpd.GeoDataFrame(rows, geometry="geometry", crs="EPSG:4326").assign(**{**SOURCE, **columns})
    return made.set_index("feature_id")


def facts_frame(rows):
    blank = dict.fromkeys(FACT_COLUMNS, "")
    return pd.DataFrame([{**blank, "confidence": "high", **row} for row in rows], columns=list(FACT_COLUMNS), dtype=str)


def feature(feature_id, geometry, **columns):
    return {"feature_id": feature_id, "name": feature_id, "geometry": geometry, **columns}


def infrastructure():
    boxes = box(-50, 60, -40, 70), box(0, -5, 10, 5), box(12, -1, 13, 1)
    north, main, isle = (shapely.segmentize(area, 0.25) for area in boxes)  # short edges keep to their parallels
    return {
        "landmasses": frame([feature("lm-main", main), feature("lm-isle", isle), feature("lm-north", north)]),
        "countries": frame([
            feature("c-au", shapely.union(main, isle), country_code="AU"), feature("c-gl", north, country_code="GL"),
        ]),
        "coast": frame([
            {"feature_id": f"coast-{key}", "landmass_id": f"lm-{key}", "geometry": area.exterior}
            for key, area in (("main", main), ("isle", isle), ("north", north))
        ]),
        "ports": frame([
            feature("wpi-shallow", Point(0, 0), country_code="AU", depth_m=6.0),
            feature("wpi-deep", Point(0, 3), country_code="AU", depth_m=12.0),
            feature("wpi-isle", Point(12, 0), country_code="AU", depth_m=float("nan")),
            feature("wpi-north", Point(-45, 60), country_code="GL", depth_m=8.0),
        ]),
        "airfields": frame([
            feature("apt-good", Point(5, 1), kind="airport", runway_m=1500.0, is_open=True),
            feature("apt-short", Point(5, 0.1), kind="airport", runway_m=900.0, is_open=True),
            feature("apt-closed", Point(5, 0.2), kind="airport", runway_m=2000.0, is_open=False),
            feature("apt-heli", Point(5, 0.05), kind="heliport", runway_m=float("nan"), is_open=True),
        ]),
        "towns": frame([
            feature("geo-town", Point(6, 0), country_code="AU", population=2000),
            feature("geo-hamlet", Point(5.1, 0), country_code="AU", population=300),
            feature("geo-isle", Point(12.5, 0), country_code="AU", population=900),
            feature("geo-north", Point(-45, 61), country_code="GL", population=1000),
        ]),
        "roads": frame([
            feature("road-main", LineString([(x / 4, 1) for x in range(41)]), country_code="AU", kind="highway"),
            feature("road-street", LineString([(5, 0), (5.2, 0)]), country_code="AU", kind="town"),
            feature("road-north", LineString([(-46, 61), (-45.9, 61)]), country_code="GL", kind="track"),
        ]),
        "rail_network": frame([
            {"feature_id": "rail-1-2", "from_node": 1, "to_node": 2, "length_km": 223.0,
             "geometry": LineString([(4, -2), (6, -2)])},
            {"feature_id": "rail-2-3", "from_node": 2, "to_node": 3, "length_km": 112.0,
             "geometry": LineString([(6, -2), (7, -2)])},
        ]),
        "road_network": frame([
            {"feature_id": "way-1-2", "from_node": 1, "to_node": 2, "length_km": 111.4,
             "geometry": LineString([(8, -4), (9, -4)])},
        ]),
        "railways_curated": frame([
            feature("railway-north", LineString([(-46, 62), (-45, 62)]), country_code="GL"),
        ]),
        "power": frame([
            feature("power-plant", Point(7, 0), **PLANT, status="operating", capacity_mw=30.0),
            feature("power-planned", Point(5.1, 0), **PLANT, status="planned", capacity_mw=30.0),
            feature("power-tiny", Point(5.2, 0), **PLANT, status="operating", capacity_mw=1.0),
            feature("power-hydro", Point(-45, 61.1), kind="plant", country_code="GL", status="listed", capacity_mw=30),
        ]),
        "ice": frame([
            {"feature_id": "ice-mwdb-1", "geometry": shapely.segmentize(box(-45, 63, -44, 64), 0.25)},
            {"feature_id": "ice-ne50m-1", "geometry": shapely.segmentize(box(-45, 63.5, -44, 64), 0.25)},
        ], source=["mwdb", "ne50m"]),
        "eez": frame([feature("eez-1", box(150, 20, 156, 26))]),
    }  # fmt: skip


def plants():
    return sites_frame([
        site("au-separator", 5, 4, "AU", "outback", kind="plant", stage="operating", chain_stages="separation"),
        site("au-idle", 5, 0.5, "AU", "outback", kind="plant", stage="idled", chain_stages="separation"),
        site("au-scrap", 5, 0.2, "AU", "outback", kind="plant", stage="operating", chain_stages="separation",
             feeds="scrap"),
        site("au-lithium", 5, 0.3, "AU", "outback", kind="plant", stage="operating", chain_stages="lithium_refining"),
    ])  # fmt: skip


def catalogue():
    zone = box(152, 22, 154, 24)
    return sites_frame([
        site("au-inland", 5, 0, "AU", "outback"),
        site("gl-fjord", -45.5, 61, "GL", "arctic"),
        site("jp-mud", 153, 23, "JP", "seabed", geometry=zone, kind="zone", host_minerals="biogenic apatite"),
        site("jp-islet", 153, 24, "JP", "temperate", kind="island", stage="", standing="", commodities=""),
    ])  # fmt: skip


def facts():
    return facts_frame([
        {"site_id": "gl-fjord", "field": "gate", "category": "no_consent", "value": "closed", "note": "refused"},
        {"site_id": "gl-fjord", "field": "gate", "category": "no_consent", "value": "open", "note": "claimed"},
        {"site_id": "jp-mud", "field": "water_depth_m", "low": "5000", "high": "6000", "unit": "m"},
        {"site_id": "au-inland", "field": "resource_mt", "category": "indicated", "value": "10", "unit": "Mt"},
    ])  # fmt: skip


def whole_methods():
    """The shipped methods; the mini world holds every road, railway and town it has."""
    methods = read_methods()
    shares = pd.DataFrame([{"country_code": "*", "class": name, "share": "1"} for name in ("road", "rail", "town")])
    return dataclasses.replace(methods, tables={**methods.tables, "completeness": shares})


def build_world(**changes):
    parts = {
        "sites": catalogue(), "facts": facts(), "plants": plants(), "infrastructure": infrastructure(),
        "methods": whole_methods(), "data_version": "test",
    }  # fmt: skip
    return World(**{**parts, **changes})


@pytest.fixture(scope="session")
def own_folder(tmp_path_factory):
    """A folder that lends the user's indexes, which stand under a hash of what they were made of."""
    folder, kept = tmp_path_factory.mktemp("cache"), cache_folder()
    for one in kept.iterdir() if kept.is_dir() else ():
        if VERSION.fullmatch(one.name):
            (folder / one.name).symlink_to(one)
    return folder


@pytest.fixture(scope="module")
def cache(own_folder):
    """A cache folder of our own, kept for all tests that ask for it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OREWAY_CACHE", str(own_folder))
        yield own_folder


@pytest.fixture(scope="session")
def tiny():
    return build_world()


@pytest.fixture(scope="session")
def make():
    """Builders for variants of the mini world."""
    return {
        "world": build_world, "site": site, "sites": sites_frame, "frame": frame, "feature": feature,
        "facts": facts_frame, "infrastructure": infrastructure,
    }  # fmt: skip
