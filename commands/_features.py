"""Sites, facts and layers as collections of OGC API Features, served by pygeoapi on 127.0.0.1; reading only."""

import functools
import json
import os
import socket
import tempfile
import warnings
from collections.abc import Callable, Mapping, Sequence
from http import HTTPStatus
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pyarrow.parquet as pq
import shapely
import uvicorn
import yaml
from pygeoapi.openapi import get_oas
from pygeoapi.provider.base import BaseProvider, ProviderItemNotFoundError
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from oreway.layers.catalog import DATA, find_dataset
from oreway.layers.extras import load
from oreway.layers.networks import NODES
from oreway.layers.read import read_layer
from oreway.layers.registry import LAYERS, find_layer
from oreway.outputs.files.export import provenance, site_frame, site_layer_ids, to_geojson
from oreway.scoring.judge.assess import score_table
from oreway.scoring.world.world import open_world

SITES, FACTS = "sites", "facts"
HOST = "127.0.0.1"
WHOLE_EARTH = [-180, -90, 180, 90]
AT_ONCE, AT_MOST = 100, 10_000
PROVIDER = "oreway.commands._features.Features"
TOTALS = ("total", "total_low", "total_high", "coverage")
READING = frozenset({"GET", "HEAD", "OPTIONS"})
UNSAID = frozenset({"geometry", "bbox"})
KINDS = {"b": "boolean", "i": "integer", "u": "integer", "f": "number"}
OWN = ("Sites of Oreway with their scores", "Facts of the sites, each with its source and date")


def collections() -> dict[str, tuple[str, list[str]]]:
    """Return the title of each collection, and the layers its rows come from."""
    ours = {name: (title, site_layer_ids()) for name, title in zip((SITES, FACTS), OWN, strict=True)}
    return ours | {layer.id: (layer.title, [layer.id]) for layer in LAYERS if layer.id not in NODES}


def frame_of(name: str) -> gpd.GeoDataFrame:
    """Return the features of a collection, EPSG:4326, indexed by their ids as text."""
    return _ours(name) if name in {SITES, FACTS} else _of_layer(name)


@functools.cache
def _ours(name: str) -> gpd.GeoDataFrame:
    """Return sites or facts; judging the sites takes seconds, so no layer that is asked for pushes them out."""
    if name == SITES:
        return _scored()
    world = open_world()
    facts = world.facts.reset_index(drop=True)
    ids = [f"{site}-{number}" for number, site in enumerate(facts["site_id"], start=1)]
    places = world.sites.loc[facts["site_id"], "geometry"].array
    return gpd.GeoDataFrame(facts.set_axis(pd.Index(ids, name="fact_id")), geometry=places, crs="EPSG:4326")


@functools.lru_cache(maxsize=4)
def _of_layer(name: str) -> gpd.GeoDataFrame:
    frame = read_layer(name)
    frame = frame[[column for column in frame.columns if column != "bbox"]]
    return frame.set_axis(frame.index.astype(str), axis=0)


def _scored() -> gpd.GeoDataFrame:
    """Return all sites with their scores."""
    world = open_world()
    frame, table = site_frame(world), score_table(world).set_index("site_id")
    further = [name for name in table.columns if name not in frame.columns]
    return gpd.GeoDataFrame(frame.join(table[further]), crs=frame.crs)


@functools.cache
def columns_of(name: str) -> dict[str, str]:
    """Return the kind of each column, without scoring anything, and of a layer from the head of its file."""
    if name == SITES:
        world = open_world()
        judged = [f"{criterion}_{part}" for criterion in world.criteria for part in ("value", "contribution")]
        return _kinds(site_frame(world)) | dict.fromkeys([*TOTALS, *judged], "number") | {"gates": "string"}
    if name == FACTS:
        return _kinds(frame_of(name))
    return _kinds(pq.read_schema(DATA / find_dataset(find_layer(name).dataset).file).empty_table().to_pandas())


def _kinds(frame: pd.DataFrame) -> dict[str, str]:
    return {str(name): KINDS.get(kind.kind, "string") for name, kind in frame.dtypes.items() if name not in UNSAID}


class Features(BaseProvider):  # type: ignore[misc]
    """A collection as pygeoapi asks for it: `data` of its definition is the collection's name."""

    def __init__(self, definition: Mapping[str, Any]) -> None:
        super().__init__(definition)
        self.get_fields()

    def get_fields(self) -> dict[str, dict[str, str]]:
        """Return the columns with their kinds, as JSON Schema names them."""
        self._fields: dict[str, dict[str, str]] = {name: {"type": kind} for name, kind in columns_of(self.data).items()}
        return dict(self._fields)

    def query(
        self, offset: int = 0, limit: int = AT_ONCE, resulttype: str = "results", bbox: Sequence[float] = (),
        properties: Sequence[tuple[str, str]] = (), sortby: Sequence[Mapping[str, str]] = (),
        select_properties: Sequence[str] = (), skip_geometry: bool = False, q: str | None = None, **_: Any,
    ) -> dict[str, Any]:  # fmt: skip
        """Return the features within a box and with some values, as a GeoJSON collection."""
        found = _held(frame_of(self.data), bbox, properties, q or "")
        for one in reversed(sortby):
            found = found.sort_values(one["property"], ascending=one["order"] != "-", kind="stable")
        shown = found.iloc[:0] if resulttype == "hits" else found.iloc[offset : offset + limit]
        collection = self._told(shown, select_properties)
        if skip_geometry:
            for feature in collection["features"]:
                feature["geometry"] = None
        return collection | {"numberMatched": len(found), "numberReturned": len(shown)}

    def get(self, identifier: str, **_: Any) -> dict[str, Any]:
        """Return one feature.

        Raises:
            ProviderItemNotFoundError: no such id.
        """
        frame = frame_of(self.data)
        if identifier not in frame.index:
            raise ProviderItemNotFoundError(f"{self.data} {identifier!r}: not known")
        feature: dict[str, Any] = self._told(frame.loc[[identifier]], ())["features"][0]
        return feature

    def _told(self, frame: gpd.GeoDataFrame, wanted: Sequence[str]) -> dict[str, Any]:
        kept = frame[[*(name for name in frame.columns if name in set(wanted)), "geometry"]] if wanted else frame
        collection: dict[str, Any] = json.loads(to_geojson(kept, provenance(collections()[self.data][1])))
        for feature, identity in zip(collection["features"], frame.index, strict=True):
            feature["id"] = str(identity)
        return collection


def _held(frame: gpd.GeoDataFrame, bbox: Sequence[float], properties: Sequence[tuple[str, str]],
          words: str) -> gpd.GeoDataFrame:  # fmt: skip
    """Return the rows within a box (west of its west edge to its east edge across 180), with values and words."""
    if len(bbox) in {4, 6}:
        west, south, east, north = bbox[0], bbox[1], bbox[len(bbox) // 2], bbox[len(bbox) // 2 + 1]
        boxes = [(west, east)] if west <= east else [(west, 180.0), (-180.0, east)]
        frame = frame[frame.intersects(shapely.union_all([shapely.box(a, south, b, north) for a, b in boxes]))]
    for name, value in properties:
        frame = frame[frame[name].astype(str) == str(value)]
    if words:
        text = frame.drop(columns="geometry").astype(str).agg(" ".join, axis=1).str.casefold()
        frame = frame[text.str.contains(words.casefold(), regex=False)]
    return frame


def configuration(port: int) -> dict[str, Any]:
    """Return what pygeoapi is told: where it listens, and the collections."""
    world_wide = {"spatial": {"bbox": WHOLE_EARTH, "crs": "http://www.opengis.net/def/crs/OGC/1.3/CRS84"}}
    resources = {}
    for name, (title, layers) in collections().items():
        credit = provenance(layers)
        resources[name] = {
            "type": "collection", "title": title, "keywords": ["critical minerals"], "extents": world_wide, "links": [],
            "description": f"{title}. Licences: {'; '.join(map(str, credit['licences']))}. "  # type: ignore[call-overload]
            f"Attribution: {'; '.join(map(str, credit['attributions']))}",  # type: ignore[call-overload]
            "providers": [{"type": "feature", "name": PROVIDER, "data": name, "editable": False}],
        }  # fmt: skip
    text = "Deposits of critical minerals, their facts and the infrastructure around them, for reading."
    nobody = {"name": "Oreway", "url": f"http://{HOST}:{port}"}
    return {
        "server": {
            "bind": {"host": HOST, "port": port}, "url": f"http://{HOST}:{port}", "mimetype": "application/json",
            "encoding": "utf-8", "gzip": False, "languages": ["en-US"], "pretty_print": False,
            "limits": {"default_items": AT_ONCE, "max_items": AT_MOST, "on_exceed": "throttle"},
            "map": {"url": "", "attribution": ""},
        },
        "logging": {"level": "ERROR"},
        "metadata": {
            "identification": {"title": "Oreway", "description": text, "keywords": ["critical minerals"],
                               "keywords_type": "theme", "terms_of_service": "", "url": nobody["url"]},
            "license": {"name": "see each collection", "url": nobody["url"]}, "provider": nobody, "contact": nobody,
        },
        "resources": resources,
    }  # fmt: skip


def described(told: dict[str, Any]) -> dict[str, Any]:
    """Return the OpenAPI document of what is served: nothing that runs or changes anything."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Support for class-based `config`")  # pygeoapi's own models
        document: dict[str, Any] = get_oas(told)
    paths = document["paths"].items()
    document["paths"] = {path: asked for path, asked in paths if not path.startswith(("/jobs", "/processes"))}
    return document


class Reading:
    """Answers questions alone, and browsers in JSON too: pygeoapi's pages would ask other servers for their parts."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a question on as one for JSON; refuse what is none."""
        if scope["type"] == "http" and scope["method"] not in READING:
            await PlainTextResponse("only for reading\n", HTTPStatus.METHOD_NOT_ALLOWED)(scope, receive, send)
            return
        if scope["type"] == "http":
            others = [pair for pair in scope["headers"] if pair[0] != b"accept"]
            scope = {**scope, "headers": [*others, (b"accept", b"application/json")]}
        await self._app(scope, receive, send)


class _Server(uvicorn.Server):
    """Says when it listens."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to listen, then say so."""
        await super().startup(sockets)
        if self.started:
            self._ready()


def serve(port: int, ready: Callable[[], None]) -> None:
    """Judge the sites, then serve until stopped; pygeoapi reads what it is told from a private folder, once.

    Args:
        port: on this machine.
        ready: called once it listens and every collection answers at once.
    """
    told = configuration(port)
    frame_of(SITES)
    with tempfile.TemporaryDirectory() as folder:
        for name, document in (("PYGEOAPI_CONFIG", told), ("PYGEOAPI_OPENAPI", described(told))):
            path = Path(folder) / f"{name}.yml"
            path.write_text(yaml.safe_dump(document, allow_unicode=True), encoding="utf-8")
            os.environ[name] = str(path)
        app = load("pygeoapi.starlette_app", "serve").APP
        _Server(uvicorn.Config(Reading(app), host=HOST, port=port, log_level="warning"), ready).run()
