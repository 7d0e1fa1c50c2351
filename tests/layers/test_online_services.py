"""The shipped table of services, and a wrong row of it."""

import datetime as dt

import pytest

from oreway.layers.catalog import DATA
from oreway.layers.online import refresh as online
from oreway.layers.online.areas import WORLD
from oreway.layers.online.refresh import OnlineError
from oreway.layers.registry import find_layer


@pytest.mark.parametrize("listed", online.read_services(), ids=lambda found: found.id)
def test_every_listed_service_names_layer_licence_source_and_whether_it_was_checked(listed):
    assert find_layer(listed.layer_id)
    assert listed.url.startswith("https://")
    assert listed.source_url.startswith("https://")
    assert listed.use in {"first", "other"}
    assert listed.checked == "no" or dt.date.fromisoformat(listed.checked)
    assert listed.note
    assert (listed.scope == "areas") == (listed.extent == WORLD) or listed.kind in {"csv", "file"}
    assert "{box}" in listed.query or listed.kind != "overpass"


def test_the_services_asked_first_cover_roads_rail_power_and_ports_under_one_licence_a_layer():
    first = [found for found in online.read_services() if found.use == "first"]
    by_layer = {found.layer_id: {f.licence for f in first if f.layer_id == found.layer_id} for found in first}
    assert set(by_layer) == {"roads", "railways_curated", "power", "ports"}
    assert all(len(licences) == 1 for licences in by_layer.values())


def test_a_wrong_row_of_the_table_is_named_by_its_line(tmp_path):
    text = (DATA / "methods" / "online_services.csv").read_text(encoding="utf-8").replace(",arcgis,", ",telepathy,", 1)
    (tmp_path / "methods").mkdir()
    (tmp_path / "methods" / "online_services.csv").write_text(text, encoding="utf-8")
    with pytest.raises(OnlineError, match="line 2: kind 'telepathy', expected one of"):
        online.read_services(tmp_path)
