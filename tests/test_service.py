"""What other programs ask: OGC API Features over HTTP by GDAL's own client, the Model Context Protocol by its SDK's."""

import json
import re
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path
from types import SimpleNamespace

import pyogrio
import pytest
from mcp import Client, StdioServerParameters

from oreway.commands import _features
from oreway.layers.read import read_layer
from tests.waiting import waited

ROOT = Path(__file__).parent.parent
PATIENCE_S = 120
# from (-46, 60.983) to Narsaq (-46.05, 60.916667): 0.066333 degrees of 111.41 km and 0.05 of 54.2 km, at 61 north
NARSAQ_KM = 7.87


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def fetched(address):
    with urllib.request.urlopen(address, timeout=PATIENCE_S) as answer:
        return json.load(answer)


@pytest.fixture(scope="module")
def service():
    port = free_port()
    command = [sys.executable, "cli.py", "serve", "--port", str(port)]
    running = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    told = running.stdout.readline()  # nothing before it listens
    assert f"http://127.0.0.1:{port}/collections" in told
    yield f"http://127.0.0.1:{port}"
    running.terminate()
    running.communicate(timeout=PATIENCE_S)


def test_the_sites_are_judged_once_and_before_it_says_that_it_is_ready(monkeypatch):
    order = []
    for name in ("PYGEOAPI_CONFIG", "PYGEOAPI_OPENAPI"):
        monkeypatch.setenv(name, "")  # what serve sets goes with the test
    monkeypatch.setattr(_features, "_scored", lambda: order.append("judged") or read_layer("greenland"))
    monkeypatch.setattr(_features, "load", lambda *_: SimpleNamespace(APP=None))
    monkeypatch.setattr(_features, "_Server", lambda _, ready: SimpleNamespace(run=ready))
    _features._ours.cache_clear()
    _features.serve(8502, lambda: order.append("ready"))
    assert len(_features.frame_of("sites")) == len(read_layer("greenland"))
    _features._ours.cache_clear()
    assert order == ["judged", "ready"]


@pytest.mark.slow
def test_once_it_says_that_it_is_ready_the_judged_sites_are_there(service):
    found = fetched(f"{service}/collections/sites/items?limit=10")
    assert all("total" in one["properties"] for one in found["features"])


@pytest.mark.slow
def test_gdal_reads_the_collections_as_they_are_kept(service):
    named = {one["id"] for one in fetched(f"{service}/collections")["collections"]}
    assert {"sites", "facts", "ports", "greenland"} <= named
    theirs = pyogrio.read_dataframe(f"OAPIF:{service}/collections/greenland").set_index("id")
    ours = read_layer("greenland")
    assert set(theirs.index) == set(ours.index)
    assert "WGS 84" in theirs.crs.name
    for site in ("gl-kvanefjeld", "gl-tanbreez"):
        assert theirs.loc[site, "name"] == ours.loc[site, "name"]
        assert theirs.geometry[site].distance(ours.geometry[site]) < 1e-6


@pytest.mark.slow
def test_a_box_a_value_and_an_id_choose_features(service):
    ports = read_layer("ports")
    within = ports.cx[-50:-40, 60:62]
    found = fetched(f"{service}/collections/ports/items?bbox=-50,60,-40,62&limit=1000")
    assert {one["id"] for one in found["features"]} == set(within.index)
    assert found["numberMatched"] == len(within) > 0
    round_180 = fetched(f"{service}/collections/ports/items?bbox=177,-20,-177,-15&limit=1000")["features"]
    assert {one["id"] for one in round_180} == {*ports.cx[177:180, -20:-15].index, *ports.cx[-180:-177, -20:-15].index}
    facts = fetched(f"{service}/collections/facts/items?site_id=gl-tanbreez&limit=1000")["features"]
    assert facts
    assert all(one["properties"]["source_title"] and one["properties"]["as_of"] for one in facts)
    site = fetched(f"{service}/collections/sites/items/gl-tanbreez")
    assert site["properties"]["total"] == pytest.approx(
        sum(value for key, value in site["properties"].items() if key.endswith("_contribution") and value is not None)
    )


@pytest.mark.slow
def test_the_service_is_described_and_only_read(service):
    told = fetched(f"{service}/openapi")
    assert told["openapi"].startswith("3.")
    assert "/collections/sites/items" in told["paths"]
    assert not {"put", "delete", "patch"} & set().union(*told["paths"].values())
    classes = fetched(f"{service}/conformance")["conformsTo"]
    assert "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core" in classes
    asked = urllib.request.Request(f"{service}/collections/sites/items/gl-tanbreez", method="DELETE")
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(asked, timeout=PATIENCE_S)
    assert refused.value.code == 405
    refused.value.close()


async def answers(*questions):
    told = []
    async with Client(StdioServerParameters(command=sys.executable, args=["cli.py", "mcp"], cwd=str(ROOT))) as client:
        tools = {tool.name: tool for tool in (await client.list_tools()).tools}
        for name, words in questions:
            told.append(await client.call_tool(name, words))
    return tools, told


@pytest.mark.slow
def test_an_assistant_gets_answers_with_their_sources_on_stdio():
    tools, (facts, near, scored, unknown) = waited(
        answers(
            ("facts", {"site_id": "gl-tanbreez"}), ("nearest", {"lon": -46.0, "lat": 60.983, "classes": ["port"]}),
            ("score", {"site_id": "gl-tanbreez"}), ("facts", {"site_id": "gl-tanbrez"}),
        )
    )  # fmt: skip
    assert {"sites", "nearest", "score", "supply", "facts"} == set(tools)
    assert all(tool.annotations.read_only_hint for tool in tools.values())
    rows = facts.structured_content["facts"]
    assert rows
    assert all(row["source_title"] and row["as_of"] for row in rows)
    port = near.structured_content["nearest"][0]
    assert (port["name"], port["source"]) == ("Narsaq", "NGA World Port Index (Pub. 150)")
    assert port["distance_km"] == pytest.approx(NARSAQ_KM, rel=2e-3)
    told = scored.structured_content
    assert told["total"] == pytest.approx(sum(one["contribution"] for one in told["criteria"]), abs=1e-9)
    assert all(one["source"] for one in told["criteria"])
    assert unknown.is_error
    assert re.search("not known", unknown.content[0].text)
