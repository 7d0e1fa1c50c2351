"""GeoJSON against the text of RFC 7946."""

import enum
import json

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from oreway.geo.antimeridian import cut
from oreway.geo.errors import GeoError
from oreway.geo.geodesy import area_km2, disc
from oreway.geo.geojson import bbox, dumps, feature_collection, geometry


class Stage(enum.StrEnum):
    MINE = "mine"


def frame(*shapes, **columns):
    return gpd.GeoDataFrame(columns, geometry=list(shapes), crs=4326)


def test_a_feature_has_its_index_as_id_and_missing_values_are_null():
    given = gpd.GeoDataFrame(
        {
            "name": ["Narsaq", None],
            "depth_m": [9.4, np.nan],
            "people": pd.array([1346, pd.NA], dtype="Int64"),
            "seen": [pd.Timestamp("2026-01-02"), pd.NaT],
            "stage": [Stage.MINE, None],
        },
        geometry=[shapely.Point(-46.05, 60.91), None],
        index=["gl-narsaq", "none"],
        crs=4326,
    )
    document = json.loads(dumps(feature_collection(given)))
    first, second = document["features"]
    assert first["id"] == "gl-narsaq"
    assert first["properties"]["name"] == "Narsaq"
    assert first["properties"]["people"] == 1346
    assert first["properties"]["seen"] == "2026-01-02T00:00:00"
    assert first["properties"]["stage"] == "mine"
    assert set(second["properties"].values()) == {None}
    assert second["geometry"] is None
    assert document["bbox"] == [-46.05, 60.91, -46.05, 60.91]


def test_foreign_members_stand_beside_the_features_and_cannot_replace_them():
    members = {"oreway": {"version": "1.0", "licences": ("CC BY 4.0",)}}
    document = feature_collection(frame(shapely.Point(0, 0)), members=members)
    assert document["oreway"] == {"version": "1.0", "licences": ["CC BY 4.0"]}
    with pytest.raises(GeoError, match="'features'"):
        feature_collection(frame(shapely.Point(0, 0)), members={"features": []})


def test_outer_rings_run_counter_clockwise_and_holes_clockwise():
    hole = shapely.box(4, 4, 6, 6)
    backwards = shapely.Polygon(list(shapely.box(0, 0, 10, 10).exterior.coords), [list(hole.exterior.coords)]).reverse()
    for shape in (backwards, backwards.reverse()):
        outer, inner = geometry(shape)["coordinates"]
        assert shapely.is_ccw(shapely.LinearRing(outer))
        assert not shapely.is_ccw(shapely.LinearRing(inner))


def test_positions_have_six_decimals_no_z_and_no_negative_zero():
    written = geometry(shapely.Point(1.23456789, -0.0000001, 50))
    assert json.dumps(written) == '{"type": "Point", "coordinates": [1.234568, 0.0]}'


def test_a_line_across_180_is_cut_where_it_crosses():
    written = geometry(shapely.LineString([(170, 0), (-170, 20)]))
    assert written["type"] == "MultiLineString"
    assert [[list(p) for p in part] for part in written["coordinates"]] == [
        [[170, 0], [180, 10]],
        [[-180, 10], [-170, 20]],
    ]


def test_a_polygon_across_180_is_cut_and_loses_no_area():
    whole = shapely.Polygon([(170, -20), (-170, -20), (-170, -10), (170, -10)])
    halves = cut(whole)
    assert halves.geom_type == "MultiPolygon"
    assert halves.is_valid
    assert area_km2(shapely.segmentize(halves, 0.1)) == pytest.approx(
        2 * area_km2(shapely.segmentize(shapely.box(0, -20, 10, -10), 0.1)), rel=1e-9
    )


def test_a_hole_across_180_is_cut_with_its_polygon():
    rim = [(160, -30), (-160, -30), (-160, 30), (160, 30)]
    hole = [(175, -5), (175, 5), (-175, 5), (-175, -5)]
    halves = cut(shapely.Polygon(rim, [hole]))
    assert halves.is_valid
    assert halves.area == pytest.approx(40 * 60 - 10 * 10)
    assert not shapely.intersects_xy(halves, [179, -179], [0, 0]).any()


def test_what_does_not_cross_180_comes_back_the_same():
    box = shapely.box(-180, -10, 180, 10)
    assert cut(box) is box
    ring_round_the_pole = disc(0, 90, 1000)
    assert cut(ring_round_the_pole) is ring_round_the_pole


def test_a_bounding_box_across_180_has_its_west_greater_than_its_east():
    fiji = [shapely.Point(177, -18), shapely.Point(-179, -16)]
    assert bbox(fiji) == [177, -18, -179, -16]
    assert bbox([shapely.Point(-10, 0), shapely.Point(10, 5)]) == [-10, 0, 10, 5]
    assert bbox([]) is None
    assert bbox([disc(0, 90, 500)])[0::2] == [-180, 180]


def test_a_frame_without_lon_lat_is_refused():
    with pytest.raises(GeoError, match="expected EPSG:4326"):
        feature_collection(frame(shapely.Point(0, 0)).to_crs(3857))
    with pytest.raises(GeoError, match="expected EPSG:4326"):
        feature_collection(gpd.GeoDataFrame(geometry=[shapely.Point(0, 0)]))


def test_a_position_off_the_globe_is_refused_by_the_features_id():
    with pytest.raises(GeoError, match="feature 0, row 0: latitude 99"):
        feature_collection(frame(shapely.Point(0, 99)))


def test_the_same_frame_gives_the_same_bytes():
    given = frame(shapely.Point(1, 2), name=["南鳥島"])
    assert dumps(feature_collection(given)) == dumps(feature_collection(given.copy()))
    assert "南鳥島".encode() in dumps(feature_collection(given))


def test_rounding_makes_no_shape_invalid():
    apart = shapely.MultiPolygon([shapely.box(0, 0, 1, 1), shapely.box(1 + 3e-7, 0, 2, 1)])
    short = shapely.LineString([(10, 20), (10 + 2e-7, 20)])
    for shape in (apart, short):
        read = shapely.from_geojson(json.dumps(geometry(shape)))
        assert shapely.is_valid(read)
        assert (read.area, read.length) == pytest.approx((shape.area, shape.length), rel=0.4)


def test_a_box_round_180_is_one_within_half_the_globe_only():
    ports = [shapely.Point(lon, 0) for lon in (-178, -120, -10, 60, 120, 178)]
    assert bbox(ports) == [-178, 0, 178, 0]
    assert bbox([shapely.Point(100, 0), shapely.Point(-100, 0)]) == [100, 0, -100, 0]
