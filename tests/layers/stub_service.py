"""Stubs of each kind of service on 127.0.0.1, and what they answer."""

import dataclasses
import datetime as dt
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import geopandas as gpd
from shapely.geometry import Point

from oreway.layers.online import refresh as online
from oreway.layers.online.refresh import Service

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


class Clock:
    def __init__(self):
        self.time, self.slept = 0.0, []

    def sleep(self, seconds):
        self.slept.append(seconds)
        self.time += seconds


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


def untouched(tmp_path, older):
    return {path.name: path.read_bytes() for path in tmp_path.iterdir()} == older
