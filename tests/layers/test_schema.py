"""Rows that break the schema are named with file, row and cure, all at once."""

import datetime as dt

import geopandas as gpd
import pandas as pd
import pytest
from shapely.geometry import Point, Polygon

from oreway.layers.errors import SchemaError
from oreway.layers.read import read_text_table
from oreway.layers.schema import FACT_COLUMNS, check_facts, check_sites, is_past_date

SITE = {
    "name": "Somewhere", "name_local": "", "name_ja": "", "aliases": "", "kind": "deposit", "parent_id": "",
    "country": "Greenland", "country_code": "GL", "setting": "arctic", "occurrence_type": "prospect",
    "commodities": "REE", "host_minerals": "", "eudialyte": "no", "deposit_model": "", "stage": "prospect",
    "standing": "active", "chain_stages": "", "feeds": "", "third_party_feed": "", "products": "", "layer_rule": "",
    "lon": -46.0, "lat": 61.0, "position_accuracy_km": 1.0, "geometry_kind": "point_centroid",
    "position_source_url": "https://example.org", "position_source_title": "a map", "position_as_of": "2020",
    "position_confidence": "high", "summary": "A place.",
}  # fmt: skip
FACT = dict.fromkeys(FACT_COLUMNS, "") | {
    "site_id": "gl-somewhere", "field": "resource_mt", "value": "10", "unit": "Mt", "category": "inferred",
    "as_of": "2020-02", "source_url": "https://example.org/a", "source_title": "a report", "confidence": "high",
}  # fmt: skip


def site(**changes):
    row = SITE | changes
    index = pd.Index([row.pop("site_id", "gl-somewhere")], name="site_id")
    geometry = row.pop("geometry", Point(-46, 61))
    return gpd.GeoDataFrame([row], index=index, geometry=[geometry], crs=row.pop("crs", "EPSG:4326"))


def fact(**changes):
    return pd.DataFrame([FACT | changes])


def test_a_sound_site_passes():
    check_sites(site(), "data/sites/greenland.csv")
    plant = {"kind": "plant", "stage": "operating", "chain_stages": "cracking_leaching;separation"}
    check_sites(site(**plant, feeds="ore;concentrate"), "data/sites/refining.csv")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"lat": 91.2}, r"greenland\.csv, row gl-somewhere: latitude 91\.2; expected -90 to 90"),
        ({"lon": -200.0}, "longitude -200.0; expected -180 to 180"),
        ({"position_accuracy_km": 0.0}, "position_accuracy_km 0.0; expected a number above 0"),
        ({"stage": "soon"}, "stage 'soon'; expected one of"),
        ({"kind": "plant", "stage": "resource"}, "stage 'resource'; expected one of"),
        ({"setting": "desert"}, "setting 'desert'; expected one of arctic, outback"),
        ({"chain_stages": "separation;cooking"}, "chain_stages 'cooking'"),
        *(
            ({column: ""}, f"{column} ''; expected one of")
            for column in ("kind", "setting", "geometry_kind", "position_confidence")
        ),
        ({"feeds": "ore;soup"}, "feeds 'soup'; expected one of"),
        ({"name": ""}, "no name; fill it in"),
        ({"position_as_of": "2999"}, "position_as_of '2999'"),
        ({"site_id": "gl_somewhere"}, "not a site_id"),
        ({"geometry": Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])}, "geometry is not valid"),
        ({"geometry": Point()}, "no geometry; give lon and lat"),
    ],
)
def test_a_fault_is_named_with_its_row_and_what_was_expected(changes, said):
    with pytest.raises(SchemaError, match=said):
        check_sites(site(**changes), "data/sites/greenland.csv")


def test_a_frame_in_another_crs_is_refused():
    with pytest.raises(SchemaError, match="expected EPSG:4326"):
        check_sites(site().to_crs("EPSG:3413"), "x.csv")


def test_all_faults_come_at_once():
    with pytest.raises(SchemaError) as caught:
        check_sites(site(lat=91.2, stage="soon", name=""), "x.csv")
    assert len(str(caught.value).splitlines()) == 3


def test_a_missing_column_is_named():
    with pytest.raises(SchemaError, match="no column 'stage'; add it"):
        check_sites(site().drop(columns="stage"), "x.csv")


def test_a_missing_column_of_facts_is_named():
    with pytest.raises(SchemaError, match=r"f\.csv: no column 'unit'; add it"):
        check_facts(fact().drop(columns="unit"), "f.csv", ["gl-somewhere"])


def test_a_sound_fact_passes():
    check_facts(fact(), "f.csv", ["gl-somewhere"])


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"site_id": "gl-nowhere"}, r"f\.csv, line 2 \(gl-nowhere, resource_mt\): no such site"),
        ({"unit": ""}, "10 without a unit"),
        ({"source_url": ""}, "no source_url"),
        ({"source_url": "ftp:x"}, "is not an http"),
        ({"source_title": ""}, "no source_title"),
        ({"as_of": "2020-13"}, "as_of '2020-13'"),
        ({"as_of": "2999-01"}, "not in the future"),
        ({"confidence": "sure"}, "confidence 'sure'; expected one of"),
        ({"value": ""}, "every other fact has one"),
        ({"confidence": "gap"}, "a gap has no value"),
        ({"low": "ten"}, "low 'ten' is not a number"),
        ({"low": "nan"}, "low 'nan' is not a number"),
        ({"high": "inf"}, "high 'inf' is not a number"),
        ({"value": "-1.0"}, "-1.0 is below 0; only irr_pct and npv may be"),
    ],
)
def test_a_fact_that_breaks_a_rule_is_named_with_its_line(changes, said):
    with pytest.raises(SchemaError, match=said):
        check_facts(fact(**changes), "f.csv", ["gl-somewhere"])


def test_an_unverified_fact_needs_no_address_but_says_so():
    check_facts(fact(source_url="", confidence="unverified"), "f.csv", ["gl-somewhere"])


@pytest.mark.parametrize(
    ("text", "past"),
    [
        ("2026", True),
        ("2026-11-23", True),
        ("2026-11-22", True),
        ("2026-02-29", False),
        ("2024-02-29", True),
        ("2026-11-24", False),
        ("26", False),
        ("", False),
    ],
)
def test_dates_are_real_and_not_in_the_future(text, past):
    assert is_past_date(text, dt.date(2026, 11, 23)) is past


def test_a_comma_too_many_is_named_with_its_line(tmp_path):
    path = tmp_path / "costs.csv"
    path.write_text("a,b\n1,2\n3,4,5\n")
    with pytest.raises(SchemaError, match=r"costs\.csv, line 3: 3 cells; expected 2"):
        read_text_table(path)
