"""Overture by ranges of bytes, WRI's plants and every zone of Marine Regions, from stubs that speak as they do."""

import dataclasses
import json
import threading
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlsplit

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import shapely
from shapely.geometry import LineString, Polygon

from oreway.layers.online import refresh as online
from oreway.layers.online.refresh import OnlineError
from oreway.layers.registry import find_layer
from oreway.scoring.measure.measure import nearest
from oreway.scoring.measure.water import water_row
from oreway.scoring.reasons import Code, note
from oreway.scoring.world.world import changed, open_world, with_fetched, with_layer
from tests.layers.stub_service import NOLANS, Reply, collection, service, sites

SEOUL = (127.0, 37.6)
NDJAMENA = (15.05, 12.11)  # in Chad, of which no plant is shipped
OLD, NEW = "2026-09-17.0", "2026-10-22.0"
PART = "release/{}/theme=base/type=infrastructure/part-00000-zstd.c000.zstd.parquet"
POWER = {
    "id": "overture-power", "query": "theme=base&type=infrastructure&subtype=power&class=power_line,substation,plant",
    "fields": {"id": "id", "name": "names.primary", "kind": "class"}, "words": {("kind", "power_line"): "line"},
    "countries": (), "licence": "ODbL 1.0", "source_url": "https://docs.overturemaps.org",
}  # fmt: skip


def written(rows, folder, group=4, **more):
    """Write rows (id, name, subtype, class, shape) as Overture does: bbox and names as structs, WKB."""
    shapes = np.array([row[4] for row in rows], dtype=object)
    bounds = shapely.bounds(shapes).astype(np.float32)
    sides = [pa.array(bounds[:, i]) for i in (0, 2, 1, 3)]
    columns = {
        "id": [row[0] for row in rows], "geometry": pa.array(shapely.to_wkb(shapes)),
        "bbox": pa.StructArray.from_arrays(sides, ["xmin", "xmax", "ymin", "ymax"]),
        "names": pa.array([{"primary": row[1]} for row in rows]),
        "subtype": [row[2] for row in rows], "class": [row[3] for row in rows], **more,
    }  # fmt: skip
    told = {"version": "1.1.0", "primary_column": "geometry", "columns": {"geometry": {"encoding": "WKB"}}}
    table = pa.table(columns).replace_schema_metadata({"geo": json.dumps(told)})
    path = folder / "part.parquet"
    pq.write_table(table, path, row_group_size=group, compression="zstd")
    return path.read_bytes()


def power_rows():
    x, y = NOLANS
    here = [
        ("a", "North line", "power", "power_line", LineString([(x - 0.01, y), (x + 0.02, y)])),
        ("b", "Yard", "power", "substation", Polygon([(x, y), (x + 0.01, y), (x + 0.01, y + 0.01)])),
        ("c", "", "power", "power_pole", LineString([(x, y), (x, y + 0.001)])),
        ("d", "Mast", "communication", "communication_line", LineString([(x, y), (x, y + 0.001)])),
    ]
    away = [(f"e{n}", "", "power", "plant", Polygon([(9, 50), (9.1, 50), (9.1, 50.1 + n)])) for n in range(400)]
    return here + away


class Bucket:
    """Object storage: ListObjectsV2, two keys a page, and ranges of bytes."""

    def __init__(self, objects, *, ranges=True, cut=0):
        self.objects, self.ranges, self.cut, self.asked = objects, ranges, cut, []
        bucket = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                asked = urlsplit(self.path)
                query = {name: values[0] for name, values in parse_qs(asked.query).items()}
                spans = self.headers.get("Range", "")
                bucket.asked.append((unquote(asked.path), spans))
                body = bucket.listing(query) if "list-type" in query else bucket.objects[unquote(asked.path)[1:]]
                partial_ = bool(spans) and bucket.ranges
                if partial_:
                    first, last = (int(side) for side in spans.removeprefix("bytes=").split("-"))
                    body = body[first : last + 1 - bucket.cut]
                self.send_response(206 if partial_ else 200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *args):
                return

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        self.thread = threading.Thread(target=partial(self.server.serve_forever, poll_interval=0.01))
        self.thread.start()

    def listing(self, query):
        keys = sorted(key for key in self.objects if key.startswith(query["prefix"]))
        if "delimiter" in query:
            folders = sorted({query["prefix"] + key.removeprefix(query["prefix"]).split("/")[0] + "/" for key in keys})
            inner = "".join(f"<CommonPrefixes><Prefix>{name}</Prefix></CommonPrefixes>" for name in folders)
            return f"<ListBucketResult><IsTruncated>false</IsTruncated>{inner}</ListBucketResult>".encode()
        at = int(query.get("continuation-token", 0))
        page, more = keys[at : at + 2], at + 2 < len(keys)
        inner = "".join(f"<Contents><Key>{k}</Key><Size>{len(self.objects[k])}</Size></Contents>" for k in page)
        token = f"<NextContinuationToken>{at + 2}</NextContinuationToken>" if more else ""
        flag = f"<IsTruncated>{str(more).lower()}</IsTruncated>"
        space = 'xmlns="http://s3.amazonaws.com/doc/2006-03-01/"'
        return f"<ListBucketResult {space}>{flag}{token}{inner}</ListBucketResult>".encode()

    def close(self):
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


@pytest.fixture
def bucket(tmp_path):
    new = PART.format(NEW)
    made = Bucket({
        PART.format(OLD): b"never asked for", new: written(power_rows(), tmp_path), new.replace("part-00000", "part-1"):
        written(power_rows()[4:], tmp_path), new.replace(".zstd.parquet", "_SUCCESS"): b"",
    })  # fmt: skip
    yield made
    made.close()


def fetched(bucket, folder, opener):
    asked = service(bucket, "geoparquet", "power", **{"url": bucket.url, **POWER})
    return online.refresh(sites=sites(), folder=folder, services=[asked], opener=opener, radius_km=20)[0]


def test_of_the_newest_release_only_the_row_groups_round_the_site_are_fetched(bucket, tmp_path, opener):
    about = fetched(bucket, tmp_path, opener)
    frame = online.refreshed_layer("power", tmp_path)
    assert about.rows == 2
    assert frame["kind"].to_dict() == {"overture-power-a": "line", "overture-power-b": "substation"}
    assert set(frame.geometry.geom_type) == {"LineString", "Point"}
    assert set(frame["country_code"]) == {"AU"}
    assert set(frame["as_of"]) == {about.retrieved}
    assert not any(OLD in path for path, _ in bucket.asked)
    spans = [[int(side) for side in told.removeprefix("bytes=").split("-")] for _, told in bucket.asked if told]
    sent = sum(last - first + 1 for first, last in spans)
    assert sent < 0.9 * sum(len(body) for key, body in bucket.objects.items() if NEW in key)


@pytest.fixture(scope="module")
def shipped():
    return open_world()


def with_power(world, folder):
    """Return the world that `open_world(refreshed=True)` opens where only power was fetched."""
    frame, about = online.read_refreshed("power", folder)
    methods = with_fetched(world.methods, {"power": (frame, about)})
    return with_layer(
        changed(world, methods=methods), "power", online.replaced(world.infrastructure["power"], frame, about)
    )


def test_what_overture_gave_takes_part_and_says_its_source(bucket, tmp_path, opener, shipped):
    fetched(bucket, tmp_path, opener)
    worlds = shipped, with_power(shipped, tmp_path)
    ways = [nearest(world, *NOLANS, classes=["power"]).iloc[0] for world in worlds]
    assert "Overture" not in ways[0]["source"]
    assert (ways[1]["name"], ways[1]["as_of"]) == ("North line", "2026-11-23")
    assert ways[1]["distance_km"] < 0.01
    assert "(retrieved 2026-11-23)" in ways[1]["source"]


@pytest.mark.parametrize(
    ("fault", "said"), [({"ranges": False}, "does not answer ranges"), ({"cut": 5}, "gave [0-9,]+ bytes")]
)
def test_storage_without_ranges_or_with_cut_ones_leaves_the_old_layer(bucket, tmp_path, opener, fault, said):
    fetched(bucket, tmp_path, opener)
    before = {path.name: path.read_bytes() for path in tmp_path.glob("power*")}
    vars(bucket).update(fault)
    with pytest.raises(OnlineError, match=said):
        fetched(bucket, tmp_path, opener)
    assert {path.name: path.read_bytes() for path in tmp_path.glob("power*")} == before


def test_files_that_are_no_geoparquet_are_refused(bucket, tmp_path, opener):
    bucket.objects[PART.format(NEW)] = b"PAR1" + bytes(500) + b"PAR1"
    with pytest.raises(OnlineError, match="is no whole GeoParquet"):
        fetched(bucket, tmp_path, opener)


def test_plants_of_wri_stand_beside_the_shipped_and_open_a_country_without_a_layer(stub, tmp_path, opener, shipped):
    listed = next(one for one in online.read_services() if one.id == "wri-plants")
    head = "country,country_long,name,gppd_idnr,capacity_mw,latitude,longitude,primary_fuel\n"
    stub.answers = [Reply(f"{head}TCD,Chad,Chari Plant,TCD1,800.0,{NDJAMENA[1]},{NDJAMENA[0]},Gas\n".encode())]
    asked = service(stub, "csv", "power", **{
        name: getattr(listed, name) for name in ("id", "fields", "scope", "extent", "countries", "id_prefix")
    })  # fmt: skip
    online.refresh(folder=tmp_path, services=[asked], opener=opener)
    fresh = with_power(shipped, tmp_path)
    assert len(fresh.infrastructure["power"]) == len(shipped.infrastructure["power"]) + 1
    before, after = (
        nearest(world, NDJAMENA[0] + 0.1, NDJAMENA[1], classes=["power"]).iloc[0] for world in (shipped, fresh)
    )
    assert before["nil"] == "unknown"
    assert (after["name"], after["low_km"]) == ("Chari Plant", 0.0)
    assert after["distance_km"] == pytest.approx(10.88, abs=0.05)  # 0.1 degree at 12.11 N: 111.32 cos(12.11) / 10


def test_every_zone_of_marine_regions_comes_page_by_page(stub, tmp_path, opener):
    listed = next(one for one in online.read_services() if one.id == "marine-regions-eez-world")
    zones = [
        {"type": "Feature", "id": f"eez.{n}", "properties": {"mrgid": n, "geoname": f"Zone {n}", "iso_ter1": "JPN"},
         "geometry": shapely.geometry.mapping(shapely.box(n, 0, n + 1, 1))} for n in range(25)
    ]  # fmt: skip
    stub.answers = lambda asked: collection(
        zones[int(asked["startIndex"]) : int(asked["startIndex"]) + int(asked["count"])], numberMatched=len(zones)
    )
    asked = service(stub, "wfs_json", "eez", **{
        name: getattr(listed, name) for name in ("id", "fields", "scope", "extent", "query", "page_rows", "countries")
    })  # fmt: skip
    assert online.refresh(folder=tmp_path, services=[asked], opener=opener)[0].rows == 25
    assert [one["startIndex"] for one in stub.asked] == ["0", "10", "20"]
    frame = online.refreshed_layer("eez", tmp_path)
    assert isinstance(frame, gpd.GeoDataFrame)
    assert "cql_filter" in stub.asked[0]


def test_fresh_water_is_told_from_its_shore_with_its_bounds_and_is_not_scored(tmp_path, opener):
    x, y = NOLANS
    square = [(x + 0.02, y - 0.01), (x + 0.04, y - 0.01), (x + 0.04, y + 0.01), (x + 0.02, y + 0.01)]
    rows = [
        ("w1", "Salt pan", "lake", "lake", Polygon([(x, y), (x + 0.01, y), (x + 0.01, y + 0.01)])),
        ("w2", "Dam", "reservoir", "reservoir", Polygon(square)),
        ("w3", "", "river", "river", LineString([(x - 0.05, y - 0.1), (x - 0.05, y + 0.1)])),
        ("w4", "", "human_made", "swimming_pool", Polygon([(x, y), (x - 0.001, y), (x, y + 0.001)])),
    ]
    salt = {"is_salt": [True, None, None, None], "is_intermittent": [None, None, True, None]}
    key = PART.format(NEW).replace("infrastructure", "water")
    bucket = Bucket({key: written(rows, tmp_path, **salt)})
    try:
        listed = next(one for one in online.read_services() if one.id == "overture-water")
        asked = dataclasses.replace(listed, url=bucket.url)
        about = online.refresh(sites=sites(), folder=tmp_path, services=[asked], opener=opener, radius_km=20)[0]
    finally:
        bucket.close()
    assert (about.layer_id, about.rows, find_layer("water").title) == ("water", 3, "Rivers and lakes (fetched)")
    found = water_row(*online.read_refreshed("water", tmp_path), x, y)
    assert (found["name"], found["low_km"], found["note"]) == ("Dam", 0.0, note(Code.WATER))
    assert found["distance_km"] == pytest.approx(2.06, abs=0.01)  # 0.02 degree at 22.58 S: 111.32 cos(22.58) / 50
    assert found["high_km"] == pytest.approx(found["distance_km"] + 0.05)
    assert water_row(*online.read_refreshed("water", tmp_path), x + 5, y)["nil"] == "unknown"


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_the_table_of_gem_is_taken_from_the_user_s_copy_and_what_runs_counts(tmp_path, opener, shipped, ending):
    table = pd.DataFrame({
        "Type": ["oil/gas", "oil/gas"], "Plant / Project name": ["Seoul Plant", "Seoul Plant"],
        "Unit / Phase name": ["1", "2"], "Capacity (MW)": [400.0, 400.0], "Status": ["operating", "retired"],
        "Latitude": [SEOUL[1], SEOUL[1]], "Longitude": [SEOUL[0], SEOUL[0] + 0.1],
        "GEM location ID": ["L100", "L100"], "GEM unit/phase ID": ["G101", "G102"],
    })  # fmt: skip
    path = tmp_path / f"tracker.{ending}"
    table.to_csv(path, index=False) if ending == "csv" else table.to_excel(path, index=False)
    listed = next(one for one in online.read_services() if one.id == "gem-plants")
    about = online.refresh(folder=tmp_path, services=[listed], opener=opener, file=path)[0]
    assert (about.rows, about.licence, about.scope) == (2, "CC BY 4.0", "beside")
    fresh = with_power(shipped, tmp_path)
    after = nearest(fresh, SEOUL[0] + 0.1, SEOUL[1], classes=["power"]).iloc[0]
    assert (after["name"], after["feature_id"], after["low_km"]) == ("Seoul Plant", "gem-g101", 0.0)
    assert after["distance_km"] == pytest.approx(8.83, abs=0.05)  # 0.1 degree at 37.6 N: 111.32 cos(37.6) / 10
    with pytest.raises(OnlineError, match=r"given out after a form .* --file"):
        online.refresh(folder=tmp_path, services=[listed], opener=opener)
