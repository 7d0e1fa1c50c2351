"""The refresh against a stub of each kind of service on 127.0.0.1, whole answers and broken ones."""

import dataclasses
import datetime as dt
import errno
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import geopandas as gpd
import pytest
from shapely.geometry import LineString, Point, box

from layers import online
from layers._online_areas import WORLD, Area, around
from layers._online_http import make_director, redacted
from layers.catalog import DATA
from layers.online import OfflineError, OnlineError, PoliteOpener, Service
from layers.registry import find_layer

NOLANS = (133.24, -22.58)
KVANEFJELD = (-45.98, 60.97)
TODAY = dt.datetime(2026, 11, 23, 12, tzinfo=dt.UTC)
HTML = b"<!DOCTYPE html><html><head><title>Sorry</title></head><body>maintenance</body></html>"


@dataclasses.dataclass
class Reply:
    body: bytes = b""
    status: int = 200
    headers: dict = dataclasses.field(default_factory=dict)
    endless: bool = False
    silent: bool = False
    told_length: int | None = None


class Stub:
    """A server whose answers are a list or a function of the request; it keeps what it was asked."""

    def __init__(self):
        self.asked, self.over = [], threading.Event()
        stub = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                self.answer(dict(parse_qs(urlsplit(self.path).query)))

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                self.answer(dict(parse_qs(body.decode())))

            def answer(self, query):
                stub.asked.append({name: values[0] for name, values in query.items()})
                reply = stub.answers(stub.asked[-1]) if callable(stub.answers) else stub.answers.pop(0)
                if reply.silent:
                    stub.over.wait(30)
                    return
                self.send_response(reply.status)
                length = len(reply.body) if reply.told_length is None else reply.told_length
                headers = {} if reply.endless else {"Content-Length": str(length)}
                for name, value in {**headers, **reply.headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                try:
                    self.wfile.write(reply.body)
                    while reply.endless:
                        self.wfile.write(b" " * 65_536)
                except OSError:
                    return

            def log_message(self, *args):
                return

        self.answers = []
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.port = self.server.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01})
        self.thread.start()

    def close(self):
        self.over.set()
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


@pytest.fixture
def stub():
    server = Stub()
    yield server
    server.close()


class Clock:
    def __init__(self):
        self.time, self.slept = 0.0, []

    def sleep(self, seconds):
        self.slept.append(seconds)
        self.time += seconds


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def opener(clock):
    return PoliteOpener(
        director=make_director({}), sleep=clock.sleep, clock=lambda: clock.time, now=lambda: TODAY, timeout_s=5
    )


def sites(*places):
    rows = places or (("au-nolans", "AU", NOLANS),)
    frame = {"site_id": [r[0] for r in rows], "country_code": [r[1] for r in rows]}
    return gpd.GeoDataFrame(frame, geometry=[Point(r[2]) for r in rows], crs="EPSG:4326").set_index("site_id")


def service(stub, kind, layer_id="roads", **changes):
    base = {
        "id": f"stub-{kind.replace('_', '-')}", "layer_id": layer_id, "kind": kind, "url": f"{stub.url}/layer",
        "licence": "CC BY 4.0", "attribution": "A survey", "page_rows": 10, "countries": ("AU",),
        "fields": {"id": "OBJECTID", "name": "name", "kind": "'highway'"},
    }  # fmt: skip
    return Service(**{**base, **changes})


def road(number, dx=0.0, **more):
    x, y = NOLANS
    line = [[x + dx, y + number / 1000], [x + dx + 0.01, y + number / 1000]]
    properties = {"OBJECTID": number, "name": f"Road {number}"}
    return {"type": "Feature", "id": number, "properties": properties,
            "geometry": {"type": "LineString", "coordinates": line}, **more}  # fmt: skip


def collection(features, **more):
    return Reply(json.dumps({"type": "FeatureCollection", "features": features, **more}).encode())


def arcgis(rows, page_rows=10, *, flag=True):
    """Answer as a server with so many roads does: a count, then pages."""

    def answer(asked):
        if asked.get("returnCountOnly") == "true":
            return Reply(json.dumps({"count": rows}).encode())
        offset = int(asked["resultOffset"])
        page = [road(n) for n in range(offset, min(rows, offset + page_rows))]
        more = {"exceededTransferLimit": True} if flag and offset + page_rows < rows else {}
        return collection(page, **more)

    return answer


def run(stub, tmp_path, opener, kind="arcgis", frame=None, **changes):
    asked = service(stub, kind, **changes)
    return online.refresh(
        sites=sites() if frame is None else frame, folder=tmp_path, services=[asked], opener=opener
    )[0]  # fmt: skip


def gml(positions, *, srs="urn:ogc:def:crs:EPSG::4283", prefix="", count=""):
    members = "".join(
        f'<gml:featureMember><ga:plant gml:id="p{n}"><ga:OBJECTID>{n}</ga:OBJECTID><ga:name>Plant {n}</ga:name>'
        f'<ga:shape><gml:Point srsName="{srs}"><gml:pos>{first} {second}</gml:pos></gml:Point></ga:shape>'
        "</ga:plant></gml:featureMember>"
        for n, (first, second) in enumerate(positions)
    )
    return Reply(
        f'{prefix}<wfs:FeatureCollection xmlns:wfs="http://www.opengis.net/wfs" {count}'
        f' xmlns:gml="http://www.opengis.net/gml" xmlns:ga="http://ga">{members}</wfs:FeatureCollection>'.encode()
    )


def overpass(*elements, **more):
    return Reply(json.dumps({"version": 0.6, "elements": elements, **more}).encode())


def way(number, tags, points):
    geometry = [{"lat": NOLANS[1] + y, "lon": NOLANS[0] + x} for x, y in points]
    return {"type": "way", "id": number, "tags": tags, "geometry": geometry}


# whole answers


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


# politeness


def test_a_busy_server_is_asked_again_after_as_long_as_it_says(stub, opener, clock):
    stub.answers = [Reply(status=503, headers={"Retry-After": "7"}),
                    Reply(status=429, headers={"Retry-After": "Mon, 23 Nov 2026 12:00:30 GMT"}),
                    Reply(b"done")]  # fmt: skip
    assert opener.read(stub.url) == b"done"
    assert clock.slept == [7, 30]


def test_a_server_that_is_busy_without_saying_how_long_gets_longer_and_longer_pauses(stub, opener, clock):
    stub.answers = [Reply(status=503), Reply(status=503), Reply(b"done")]
    assert opener.read(stub.url) == b"done"
    assert clock.slept == [2, 4]


def test_a_server_that_stays_busy_or_asks_for_too_long_is_left_alone(stub, opener):
    stub.answers = [Reply(status=503) for _ in range(4)]
    with pytest.raises(OnlineError, match="still busy after 4 tries"):
        opener.read(stub.url)
    stub.answers = [Reply(status=429, headers={"Retry-After": "3600"})]
    with pytest.raises(OnlineError, match=r"asks to wait 3,600 s"):
        opener.read(stub.url)


def test_requests_to_one_host_keep_their_distance(stub, opener, clock):
    stub.answers = [Reply(b"a"), Reply(b"b")]
    opener.read(stub.url)
    clock.time += 0.25
    opener.read(stub.url)
    assert clock.slept == [0.75]


def test_a_redirect_stays_on_its_host(stub, opener):
    stub.answers = [Reply(status=302, headers={"Location": "/there"}), Reply(b"there")]
    assert opener.read(f"{stub.url}/here") == b"there"
    stub.answers = [Reply(status=302, headers={"Location": f"http://localhost:{stub.port}/x"})]
    with pytest.raises(OnlineError, match="not followed"):
        opener.read(stub.url)


def test_a_redirect_to_nowhere_is_refused(stub, opener):
    stub.answers = [Reply(status=302, headers={"Location": "http://["})]
    with pytest.raises(OnlineError, match="no whole answer"):
        opener.read(stub.url)


@pytest.mark.parametrize(
    "address", ["http://[", "http://127.0.0.1:99999/", "file:///etc/passwd", "ftp://127.0.0.1/x", "http://", "/data/x"]
)
def test_only_web_addresses_are_read(opener, address):
    with pytest.raises(OnlineError, match=r"not an http\(s\) address"):
        opener.read(address)


def test_no_password_or_token_reaches_a_message(opener):
    assert redacted("https://me:pw@a.org/x?token=t&api_key=k&f=json#z") == "https://a.org/x?token=…&api_key=…&f=json"
    with pytest.raises(OnlineError) as refusal:
        opener.read("https://me:pw@127.0.0.1/x")
    assert "pw" not in str(refusal.value)


# broken answers

BROKEN = {
    "web page": (Reply(HTML), r"answers with a web page \(Sorry\)"),
    "cut JSON": (Reply(b'{"type": "FeatureCollection", "features": ['), "not whole JSON"),
    "error object": (Reply(b'{"error": {"code": 400, "message": "no layer"}}'), "reports 'no layer'"),
    "no object": (Reply(b"[1, 2]"), "no object"),
    "deep": (Reply(b"[" * 100_000), "not whole JSON"),
    "not found": (Reply(status=404), "status 404"),
    "broken off": (Reply(b"{}", told_length=5000), "broke off"),
    "no HTTP length": (Reply(b"{}", headers={"Content-Length": "\xb2"}), "."),
    "endless": (Reply(endless=True), r"more than 0\.2 MB"),
    "told too large": (Reply(b"{}", told_length=10**9), r"more than 0\.2 MB"),
}


@pytest.fixture
def older(stub, tmp_path, opener):
    """A cache with an older refresh in it, and what its files hold."""
    stub.answers = arcgis(2)
    run(stub, tmp_path, opener)
    stub.asked.clear()
    return {path.name: path.read_bytes() for path in tmp_path.iterdir()}


def untouched(tmp_path, older):
    return {path.name: path.read_bytes() for path in tmp_path.iterdir()} == older


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


def test_without_a_network_there_is_one_message_and_nothing_is_changed(stub, tmp_path, opener, older):
    gone = Stub()
    gone.close()
    both = [service(gone, "arcgis"), service(gone, "overpass", "power")]
    with pytest.raises(OfflineError, match="nothing was changed") as refusal:
        online.refresh(sites=sites(), folder=tmp_path, services=both, opener=opener)
    assert len(str(refusal.value).splitlines()) == 1
    assert untouched(tmp_path, older)


def test_one_failing_layer_does_not_spoil_another_and_all_is_said(stub, tmp_path, opener):
    said = []
    stub.answers = lambda asked: Reply(HTML) if "data" in asked else arcgis(3)(asked)
    both = [service(stub, "overpass", "power"), service(stub, "arcgis")]
    with pytest.raises(OnlineError, match=r"(?s)web page.*refreshed all the same: roads"):
        online.refresh(sites=sites(), folder=tmp_path, services=both, opener=opener, progress=said.append)
    assert "power: stays as it was" in said
    assert "roads: 3 rows, retrieved 2026-11-23" in said
    assert online.refreshed_layer("power", tmp_path) is None


def test_of_two_services_of_a_layer_both_must_be_whole(stub, tmp_path, opener):
    def answer(asked):
        return Reply(HTML) if asked.get("where") == "bad" else arcgis(3)(asked)

    stub.answers = answer
    pair = [service(stub, "arcgis"), service(stub, "arcgis", id="other", query="where=bad")]
    with pytest.raises(OnlineError, match="web page"):
        online.refresh(sites=sites(), folder=tmp_path, services=pair, opener=opener)
    assert not list(tmp_path.iterdir())
    stub.answers = arcgis(3)
    done = online.refresh(sites=sites(), folder=tmp_path, services=pair, opener=opener)[0]
    assert done.services == ("stub-arcgis", "other")
    assert done.rows == 6


def test_services_under_different_licences_do_not_share_a_layer(stub, tmp_path, opener):
    pair = [service(stub, "arcgis"), service(stub, "overpass", licence="ODbL 1.0")]
    with pytest.raises(OnlineError, match="differ in licence or reach"):
        online.refresh(sites=sites(), folder=tmp_path, services=pair, opener=opener)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"layer_ids": ["coast"]}, "layer coast: no online service"),
        ({"layer_ids": ["rivers"]}, "layer 'rivers': not known"),
        ({"radius_km": 0}, "radius 0 km: expected more than 0"),
        ({"radius_km": float("nan")}, "radius nan km"),
        ({"sites": sites(("gl-x", "GL", KVANEFJELD))}, "no site in AU"),
        ({"sites": sites().to_crs("EPSG:3857")}, r"expected EPSG:4326"),
    ],
)
def test_questions_that_make_no_sense_are_refused(stub, tmp_path, opener, changes, said):
    asked = {"sites": sites(), "folder": tmp_path, "services": [service(stub, "arcgis")], "opener": opener}
    with pytest.raises(ValueError, match=said):
        online.refresh(**{**asked, **changes})
    assert stub.asked == []


# the cache


def test_a_second_refresh_takes_the_place_of_the_first(stub, tmp_path, opener, older):
    stub.answers = arcgis(7)
    run(stub, tmp_path, opener)
    assert len(online.refreshed_layer("roads", tmp_path)) == 7
    assert sorted(path.suffix for path in tmp_path.iterdir() if path.name[0] != ".") == [".json", ".parquet"]


def test_a_full_disk_leaves_the_older_layer_as_it_was(stub, tmp_path, opener, older, monkeypatch):
    def full(*args, **kwargs):
        raise OSError(errno.ENOSPC, "No space left on device")

    stub.answers = arcgis(7)
    monkeypatch.setattr(gpd.GeoDataFrame, "to_parquet", full)
    with pytest.raises(OnlineError, match=r"cannot be written .*No space left"):
        run(stub, tmp_path, opener)
    assert untouched(tmp_path, older)


def test_a_layer_never_refreshed_is_none_and_says_nothing(tmp_path, caplog):
    assert online.read_refreshed("roads", tmp_path / "nowhere") is None
    assert caplog.records == []
    assert online.cache_faults(tmp_path) == []


@pytest.mark.parametrize("damage", ["bytes", "missing", "side", "elsewhere"])
def test_a_damaged_cache_is_reported_and_ignored(tmp_path, older, caplog, damage):
    parquet, side = next(tmp_path.glob("*.parquet")), tmp_path / "roads.json"
    if damage == "bytes":
        parquet.write_bytes(parquet.read_bytes()[:-1] + b"!")
    elif damage == "missing":
        parquet.unlink()
    elif damage == "side":
        side.write_text(side.read_text()[:50])
    else:
        side.write_text(side.read_text().replace(parquet.name, "../../etc/passwd"))
    assert online.refreshed_layer("roads", tmp_path) is None
    assert "the shipped layer is used" in caplog.text
    assert len(online.cache_faults(tmp_path)) == 1


def test_the_cache_is_never_in_the_shipped_data(stub, opener):
    with pytest.raises(OnlineError, match="lies in the shipped data"):
        run(stub, DATA / "cache", opener)


def test_the_folder_comes_from_the_environment(monkeypatch, tmp_path):
    monkeypatch.setenv("OREWAY_CACHE", str(tmp_path / "own"))
    assert online.default_cache() == tmp_path / "own"
    monkeypatch.delenv("OREWAY_CACHE")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert online.default_cache() == tmp_path / "oreway"
    monkeypatch.setenv("XDG_CACHE_HOME", "relative")
    assert online.default_cache().parts[-2:] == (".cache", "oreway")


def test_a_folder_that_cannot_be_made_is_named(stub, tmp_path, opener):
    (tmp_path / "file").write_text("")
    with pytest.raises(OnlineError, match="cannot be made"):
        run(stub, tmp_path / "file" / "cache", opener)


# putting a refresh in the place of what is shipped


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


# areas


@pytest.mark.parametrize("place", [NOLANS, KVANEFJELD, (0.0, 0.0), (10.0, 85.0)])
def test_a_box_holds_every_point_within_the_radius(place):
    geod = pytest.importorskip("pyproj").Geod(ellps="WGS84")
    area = around(sites(("au-x", "AU", place)), 30)[0]
    for azimuth in range(0, 360, 5):
        lon, lat, _ = geod.fwd(*place, azimuth, 30_000)
        assert area.west <= lon <= area.east
        assert area.south <= lat <= area.north


def test_a_box_across_longitude_180_is_two_and_one_round_a_pole_is_a_band():
    east, west = around(sites(("x-y", "NZ", (179.9, 0.0))), 30)
    assert (east.east, west.west) == (180, -180)
    assert west.east == pytest.approx(-179.83, abs=0.01)
    band = around(sites(("x-y", "NZ", (10.0, 90.0))), 30)[0]
    assert (band.west, band.east, band.north) == (-180, 180, 90)


def test_a_zone_is_asked_round_its_whole_extent():
    zone = sites().assign(geometry=[box(152, 20, 156, 24)])
    area = around(zone, 30)[0]
    assert area.west < 152
    assert area.north > 24


def test_an_ambiguous_gml_answer_is_refused(stub, tmp_path, opener):
    stub.answers = [gml([(30.1, 30.0)])]
    with pytest.raises(OnlineError, match="cannot tell longitude from latitude"):
        run(stub, tmp_path, opener, "wfs_gml", frame=sites(("eg-x", "AU", (30.0, 30.0))), query="version=1.1.0")


# the table of services


@pytest.mark.parametrize("listed", online.read_services(), ids=lambda found: found.id)
def test_every_listed_service_names_layer_licence_source_and_whether_it_was_checked(listed):
    assert find_layer(listed.layer_id)
    assert listed.url.startswith("https://")
    assert listed.source_url.startswith("https://")
    assert listed.use in {"first", "other"}
    assert listed.checked == "no" or dt.date.fromisoformat(listed.checked)
    assert listed.note
    assert (listed.scope == "areas") == (listed.extent == WORLD) or listed.kind == "csv"
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
