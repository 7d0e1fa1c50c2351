"""Whole answers of each kind of service become rows of a layer."""

import dataclasses
import json

import geopandas as gpd
import pytest
from shapely.geometry import LineString

from oreway.layers.online import refresh as online
from oreway.layers.online.errors import OnlineError
from tests.layers.stub_service import (
    KVANEFJELD,
    NOLANS,
    Reply,
    arcgis,
    collection,
    gml,
    overpass,
    road,
    run,
    sites,
    way,
)


def test_an_arcgis_layer_is_read_over_all_its_pages(stub, tmp_path, opener):
    stub.answers = arcgis(25)
    done = run(stub, tmp_path, opener)
    assert done.rows == 25
    assert [asked.get("resultOffset") for asked in stub.asked] == [None, "0", "10", "20"]
    frame = online.refreshed_layer("roads", tmp_path)
    assert frame.crs.to_epsg() == 4326
    assert frame.loc["stub-arcgis-24", "name"] == "Road 24"
    assert set(frame["source"]) == {"A survey (retrieved 2026-11-23)"}
    assert set(frame["as_of"]) == {"2026-11-23"}


def test_paging_goes_on_while_pages_are_full_where_the_flag_is_missing(stub, tmp_path, opener):
    stub.answers = arcgis(15, flag=False)
    assert run(stub, tmp_path, opener).rows == 15


def test_only_the_boxes_round_sites_of_the_service_s_country_are_asked(stub, tmp_path, opener):
    stub.answers = arcgis(3)
    frame = sites(("au-nolans", "AU", NOLANS), ("gl-kvanefjeld", "GL", KVANEFJELD))
    done = run(stub, tmp_path, opener, frame=frame)
    assert [area.name for area in done.areas] == ["au-nolans"]
    west, south, east, north = (float(side) for side in stub.asked[0]["geometry"].split(","))
    assert west < 133.24 < east
    assert south < -22.58 < north


def test_a_feature_met_round_two_sites_counts_once(stub, tmp_path, opener):
    stub.answers = arcgis(4)
    frame = sites(("au-one", "AU", NOLANS), ("au-two", "AU", (133.3, -22.6)))
    assert run(stub, tmp_path, opener, frame=frame).rows == 4


def test_a_wfs_answers_in_geojson(stub, tmp_path, opener):
    pages = [collection([road(n) for n in range(10)], numberMatched=12),
             collection([road(10), road(11)], numberMatched=12)]  # fmt: skip
    stub.answers = pages
    assert run(stub, tmp_path, opener, "wfs_json", query="version=2.0.0&typeNames=a:roads").rows == 12
    assert [asked["startIndex"] for asked in stub.asked] == ["0", "10"]


@pytest.mark.parametrize("swapped", [False, True])
def test_gml_is_read_whichever_axis_comes_first(stub, tmp_path, opener, swapped):
    places = [(133.2, -22.5), (133.3, -22.6)]
    stub.answers = [gml([place[::-1] for place in places] if swapped else places)]
    run(stub, tmp_path, opener, "wfs_gml", layer_id="power", query="version=1.1.0&typeName=plants")
    frame = online.refreshed_layer("power", tmp_path)
    assert sorted(zip(frame.geometry.x, frame.geometry.y, strict=True)) == places


def test_gml_with_a_letter_in_a_number_is_refused_where_gdal_reads_half_of_it(stub, tmp_path, opener):
    reply = gml([("60.98", "-46.0"), ("6O.1", "-46.5")], srs="urn:ogc:def:crs:EPSG::4326")
    stub.answers = [reply]
    with pytest.raises(OnlineError, match="feature p1: not readable"):
        run(stub, tmp_path, opener, "wfs_gml", layer_id="power", query="version=1.1.0&typeName=plants")
    (tmp_path / "a.gml").write_bytes(reply.body)
    theirs = gpd.read_file(tmp_path / "a.gml", engine="pyogrio").geometry.iloc[1]
    assert 6 in (theirs.x, theirs.y)  # why ours does not go through GDAL


def test_gml_2_coordinates_and_lines_are_read(stub, tmp_path, opener):
    body = (
        b'<FeatureCollection xmlns:gml="http://www.opengis.net/gml"><gml:boundedBy><gml:Box><gml:coordinates>'
        b'0,0 1,1</gml:coordinates></gml:Box></gml:boundedBy><gml:featureMember><road fid="r.1"><OBJECTID>1</OBJECTID>'
        b"<name>Track</name><geom><gml:MultiLineString><gml:lineStringMember><gml:LineString><gml:coordinates>"
        b"133.2,-22.5 133.3,-22.6</gml:coordinates></gml:LineString></gml:lineStringMember></gml:MultiLineString>"
        b"</geom></road></gml:featureMember></FeatureCollection>"
    )
    stub.answers = [Reply(body)]
    run(stub, tmp_path, opener, "wfs_gml", query="version=1.0.0&typeName=roads")
    line = online.refreshed_layer("roads", tmp_path).geometry.iloc[0]
    assert line.equals(LineString([(133.2, -22.5), (133.3, -22.6)]))


def test_overpass_gives_lines_for_roads_and_a_point_for_a_closed_plant(stub, tmp_path, opener):
    ring = [(0, 0), (0.01, 0), (0.01, 0.01), (0, 0.01), (0, 0)]
    plant = way(1, {"power": "plant", "name": "Solar"}, ring)
    line = way(2, {"power": "line", "voltage": "132000;66000"}, [(0, 0), (0.2, 0.2)])
    stub.answers = [overpass(plant, line)]
    fields = {"name": "name", "kind": "power", "voltage_kv": "voltage/1000"}
    run(stub, tmp_path, opener, "overpass", layer_id="power", fields=fields, query="nw[power]({box});")
    frame = online.refreshed_layer("power", tmp_path)
    assert frame.loc["stub-overpass-way-1"].geometry.geom_type == "Point"
    assert frame.loc["stub-overpass-way-2", "voltage_kv"] == 132
    assert "out geom;" in stub.asked[0]["data"]
    assert "{box}" not in stub.asked[0]["data"]


def test_words_of_the_service_become_words_of_the_layer(stub, tmp_path, opener):
    lines = [way(1, {"highway": "trunk"}, [(0, 0), (0.1, 0)]), way(2, {"highway": "track"}, [(0, 0), (0, 0.1)])]
    stub.answers = [overpass(*lines)]
    words = {("kind", "track"): "track", ("kind", "*"): "highway"}
    run(stub, tmp_path, opener, "overpass", fields={"kind": "highway"}, words=words)
    assert list(online.refreshed_layer("roads", tmp_path)["kind"]) == ["highway", "track"]


PORTS = (
    "World Port Index Number,Main Port Name,UN/LOCODE,Country Code,Facilities - Wharves,Cargo Pier Depth (m),"
    "Maximum Vessel Draft (m),Channel Depth (m),Latitude,Longitude\r\n"
    "54670.0,Darwin,AU DRW,Australia,Yes,7.9,0.0,18.6,-12.4667,130.85\r\n"
    "54680.0,Far Pier,,Australia,Yes,0.0,0.0,6.1,-13,131\r\n"
    "54690.0,Beam Typo,,Australia,Unknown,0.0,40,6.1,-14,131\r\n"
)


def ports_service(stub, **changes):
    listed = {found.id: found for found in online.read_services()}["nga-ports"]
    fields = {k: v for k, v in listed.fields.items() if v in PORTS}
    return dataclasses.replace(listed, url=stub.url, fields=fields, least_rows=3, **changes)


def test_a_table_of_ports_keeps_the_ids_and_depth_rules_of_the_shipped_one(stub, tmp_path, opener):
    stub.answers = [Reply(b"\xef\xbb\xbf" + PORTS.encode())]
    online.refresh(sites=sites(), folder=tmp_path, services=[ports_service(stub)], opener=opener)
    frame = online.refreshed_layer("ports", tmp_path)
    assert list(frame.index) == ["wpi-54670", "wpi-54680", "wpi-54690"]
    assert frame["depth_m"].fillna(-1).tolist() == [7.9, 6.1, -1]
    assert list(frame["depth_basis"]) == ["pier", "channel", "unknown"]
    assert set(frame["country_code"]) == {"AU"}


def test_a_shallow_pier_of_a_large_port_gives_no_depth_in_a_table_fetched_too(stub, tmp_path, opener):
    head, *rows = PORTS.splitlines()
    sized = [f"Harbor Size,{head}", *(f"{size},{row}" for size, row in zip(("Large", "Small", ""), rows, strict=True))]
    stub.answers = [Reply("\r\n".join(sized).encode())]
    service = ports_service(stub)
    listed = {found.id: found for found in online.read_services()}["nga-ports"]
    service = dataclasses.replace(service, fields={**service.fields, "harbor_size": listed.fields["harbor_size"]})
    online.refresh(sites=sites(), folder=tmp_path, services=[service], opener=opener)
    frame = online.refreshed_layer("ports", tmp_path)
    assert frame["depth_m"].fillna(-1).tolist() == [-1, 6.1, -1]
    assert list(frame["depth_basis"]) == ["in_doubt", "channel", "unknown"]


def test_the_side_file_says_date_service_licence_rows_and_checksum_and_no_secret(stub, tmp_path, opener):
    stub.answers = arcgis(2)
    run(stub, tmp_path, opener, url=f"{stub.url}/layer", query="token=hush&where=1=1")
    text = (tmp_path / "roads.json").read_text()
    told = json.loads(text)
    assert told["retrieved"] == "2026-11-23"
    assert told["services"] == ["stub-arcgis"]
    assert told["licence"] == "CC BY 4.0"
    assert told["attribution"] == "A survey"
    assert told["rows"] == 2
    assert len(told["sha256"]) == 64
    assert "hush" not in text
    assert stub.asked[0]["token"] == "hush"  # the service itself gets it
