"""Answers that are broken or cannot be trusted are refused, and the older layer stays."""

import pytest

from oreway.layers.online.refresh import OnlineError
from tests.layers.stub_service import HTML, Reply, arcgis, collection, gml, overpass, road, run, sites, untouched

BROKEN = {
    "web page": (Reply(HTML), r"answers with a web page \(Sorry\)"),
    "cut JSON": (Reply(b'{"type": "FeatureCollection", "features": ['), "not whole JSON"),
    "error object": (Reply(b'{"error": {"code": 400, "message": "no layer"}}'), "reports 'no layer'"),
    "no object": (Reply(b"[1, 2]"), "no object"),
    "deep": (Reply(b"[" * 100_000), "not whole JSON"),
    "not found": (Reply(status=404), "status 404"),
    "broken off": (Reply(b"{}", told_length=5000), "broke off"),
    "no HTTP length": (
        Reply(b"{}", headers={"Content-Length": "\xb2"}),
        "tells no count|no GeoJSON|JSON without elements",
    ),
    "endless": (Reply(endless=True), r"more than 0\.2 MB"),
    "told too large": (Reply(b"{}", told_length=10**9), r"more than 0\.2 MB"),
}


@pytest.mark.parametrize("case", BROKEN)
@pytest.mark.parametrize("kind", ["arcgis", "wfs_json", "overpass"])
def test_a_broken_answer_leaves_the_older_layer_as_it_was(stub, tmp_path, opener, older, kind, case):
    reply, said = BROKEN[case]
    stub.answers = [reply]
    opener.most_mb = 0.2
    with pytest.raises(OnlineError, match=said):
        run(stub, tmp_path, opener, kind)
    assert untouched(tmp_path, older)


ANSWERS = {
    "empty": ("wfs_json", collection([]), "0 usable features where at least 1"),
    "wrong system by name": (
        "wfs_json",
        collection([road(1)], crs={"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::3857"}}),
        "answers in urn:ogc:def:crs:EPSG::3857",
    ),
    "wrong system by number": (
        "wfs_json",
        collection([{**road(1), "geometry": {"type": "Point", "coordinates": [14832000, -2582000]}}]),
        "outside the area",
    ),
    "swapped": (
        "wfs_json",
        collection([{**road(1), "geometry": {"type": "Point", "coordinates": [-22.58, 133.24]}}]),
        "outside the area|swapped",
    ),
    "elsewhere": (
        "wfs_json",
        collection([{**road(1), "geometry": {"type": "Point", "coordinates": [10, 10]}}]),
        "outside the area",
    ),
    "null geometry": ("wfs_json", collection([road(1), road(2, geometry=None)]), "1 of 2 geometries are missing"),
    "more than came": ("wfs_json", collection([road(1)], numberMatched=99), "1 features came where 99 are"),
    "as long as the page": ("wfs_json", collection([road(n) for n in range(10)]), "10 features came where more are"),
    "Esri JSON": ("wfs_json", Reply(b'{"geometryType": "esriGeometryPoint", "features": []}'), "no GeoJSON"),
    "not a number": ("wfs_json", Reply(b'{"type": "FeatureCollection", "features": [NaN]}'), "not whole JSON"),
    "field gone": ("wfs_json", collection([{**road(1), "properties": {"OBJECTID": 1}}]), "no field 'name' any more"),
    "gml page": ("wfs_gml", Reply(HTML), "answers with a web page"),
    "gml document type": ("wfs_gml", gml([(133.2, -22.5)], prefix="<!DOCTYPE x [<!ENTITY a 'b'>]>"), "document type"),
    "gml cut": ("wfs_gml", Reply(gml([(133.2, -22.5)]).body[:200]), "not whole XML"),
    "gml report": ("wfs_gml", Reply(b"<ExceptionReport><Text>bad type</Text></ExceptionReport>"), "reports 'bad type'"),
    "gml system": ("wfs_gml", gml([(133.2, -22.5)], srs="EPSG:3112"), "answers in EPSG:3112"),
    "gml elsewhere": ("wfs_gml", gml([(10, 10)]), "outside the area"),
    "gml half swapped": ("wfs_gml", gml([(133.2, -22.5), (-22.5, 133.2)]), "outside the area"),
    "gml short line": (
        "wfs_gml",
        Reply(gml([(133.2, -22.5)]).body.replace(b"Point", b"LineString").replace(b"gml:pos", b"gml:posList")),
        "not readable",
    ),
    "gml no ring": ("wfs_gml", Reply(gml([(133.2, -22.5)]).body.replace(b"Point", b"Polygon")), "not readable"),
    "gml text": ("wfs_gml", gml([("x", "y")]), "not readable"),
    "gml latin": ("wfs_gml", Reply("<a>é</a>".encode("latin-1")), "not UTF-8"),
    "overpass out of time": ("overpass", overpass(remark="runtime error: Query timed out"), "cut short by the server"),
    "overpass half": ("overpass", overpass({"type": "way", "id": 1}), "not whole"),
    "overpass other": ("overpass", Reply(b'{"version": 0.6}'), "without elements"),
    "csv page": ("csv", Reply(HTML), "answers with a web page"),
    "csv cut": ("csv", Reply(b"lon,lat,name\n133.2,-22.5"), "cut short"),
    "csv quote": ("csv", Reply(b'lon,lat,name\n133.2,-22.5,"a'), "not whole CSV"),
    "csv beyond": ("csv", Reply(b"lon,lat,name\n-22.5,133.2,a"), "expected degrees"),
    "csv words": ("csv", Reply(b"lon,lat,name\nx,y,a"), "no number"),
    "csv column": ("csv", Reply(b"x,y,name\n1,2,a"), "no column"),
    "csv nothing": ("csv", Reply(b""), "an empty answer"),
}


@pytest.mark.parametrize("case", ANSWERS)
def test_an_answer_that_cannot_be_trusted_is_refused(stub, tmp_path, opener, older, case):
    kind, reply, said = ANSWERS[case]
    stub.answers = [reply]
    fields = {"lon": "lon", "lat": "lat", "name": "name", "kind": "'highway'"}
    with pytest.raises(OnlineError, match=said):
        run(stub, tmp_path, opener, kind, query="version=1.1.0", fields=fields)
    assert untouched(tmp_path, older)


def test_a_count_that_differs_from_what_came_is_refused(stub, tmp_path, opener):
    stub.answers = [Reply(b'{"count": 5}'), collection([road(1)])]
    with pytest.raises(OnlineError, match="1 features came, 5 were counted"):
        run(stub, tmp_path, opener)


def test_a_server_that_does_not_page_is_refused(stub, tmp_path, opener):
    page = [road(n) for n in range(10)]
    stub.answers = [Reply(b'{"count": 20}'), collection(page), collection(page)]
    with pytest.raises(OnlineError, match="repeats the one before"):
        run(stub, tmp_path, opener)


def test_all_pages_together_stay_below_the_cap(stub, tmp_path, opener):
    stub.answers = arcgis(40)
    opener.most_mb = 0.004
    with pytest.raises(OnlineError, match="MB; ask for fewer sites"):
        run(stub, tmp_path, opener)


def test_a_silent_server_is_given_up(stub, tmp_path, opener):
    stub.answers = [Reply(silent=True)]
    opener.timeout_s = 0.1
    with pytest.raises(OnlineError, match=r"no answer within 0\.1 s"):
        run(stub, tmp_path, opener)


def test_a_body_that_drips_is_given_up_at_the_deadline(stub, opener, clock):
    stub.answers = [Reply(endless=True)]
    ticks = iter(range(0, 100_000, 100))
    opener.clock = lambda: float(next(ticks))
    with pytest.raises(OnlineError, match="not finished after 300 s"):
        opener.read(stub.url)


def test_an_ambiguous_gml_answer_is_refused(stub, tmp_path, opener):
    stub.answers = [gml([(30.1, 30.0)])]
    with pytest.raises(OnlineError, match="cannot tell longitude from latitude"):
        run(stub, tmp_path, opener, "wfs_gml", frame=sites(("eg-x", "AU", (30.0, 30.0))), query="version=1.1.0")
