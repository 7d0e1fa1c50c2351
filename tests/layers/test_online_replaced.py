"""A refresh takes the place of shipped rows where it reaches, and nowhere else."""

import geopandas as gpd
import pytest
from shapely.geometry import LineString, box

from oreway.layers.online import refresh as online
from oreway.layers.online.areas import Area


def shipped(**columns):
    lines = {"a": LineString([(130, -22.58), (136, -22.58)]), "b": LineString([(115, -30), (116, -30)])}
    frame = gpd.GeoDataFrame({**columns, "source": "curated"}, index=list(lines), geometry=list(lines.values()),
                             crs="EPSG:4326")  # fmt: skip
    frame.index.name = "feature_id"
    return frame


def about(**changes):
    base = {
        "layer_id": "roads", "file": "", "sha256": "", "retrieved": "2026-11-23", "services": (), "urls": (),
        "licence": "CC BY 4.0", "attribution": "A survey", "rows": 1, "left_out": 0, "scope": "areas",
    }  # fmt: skip
    return online.Refreshed(**{**base, **changes})


FRESH = gpd.GeoDataFrame(
    {"country_code": ["AU"], "source": ["A survey (retrieved 2026-11-23)"]}, index=["new"],
    geometry=[LineString([(133, -22.5), (133.1, -22.5)])], crs="EPSG:4326",
)  # fmt: skip


def test_inside_the_boxes_only_the_refreshed_rows_stand():
    area = Area(name="au-nolans", west=132.9, south=-23, east=133.6, north=-22)
    before = shipped(country_code=["AU", "AU"])
    merged = online.replaced(before, FRESH, about(areas=(area,)))
    assert list(merged.index) == ["a", "b", "new"]
    assert merged.loc["a"].geometry.intersection(box(*area.bounds)).length == pytest.approx(0)
    assert merged.loc["a"].geometry.length == pytest.approx(6 - 0.7)
    assert list(merged["source"]) == ["curated", "curated", "A survey (retrieved 2026-11-23)"]
    assert before.loc["a"].geometry.length == pytest.approx(6)


def test_a_country_s_refresh_leaves_other_countries_alone():
    merged = online.replaced(shipped(country_code=["AU", "GL"]), FRESH, about(scope="country", countries=("AU",)))
    assert list(merged.index) == ["b", "new"]


def test_a_whole_refresh_keeps_only_depths_corrected_by_hand():
    before = shipped(depth_basis=["curated", "pier"]).rename(index={"a": "new"})
    merged = online.replaced(before, FRESH, about(scope="whole"))
    assert list(merged.index) == ["new"]
    assert list(merged["source"]) == ["curated"]
    assert list(online.replaced(shipped(), FRESH, about(scope="whole")).index) == ["new"]
