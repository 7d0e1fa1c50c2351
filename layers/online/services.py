"""The official services, one row each in data/methods/online_services.csv."""

import dataclasses
import re
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from oreway.layers.catalog import DATA
from oreway.layers.online.areas import WORLD, Area
from oreway.layers.online.errors import OnlineError
from oreway.layers.read import read_table
from oreway.layers.registry import SITE_ROLES, find_layer

KINDS = ("arcgis", "wfs_json", "wfs_gml", "overpass", "csv", "geoparquet", "file")
SCOPES = ("areas", "country", "whole", "beside")
FIRST = "first"
PAIR = re.compile(r"\s*;\s*")


@dataclasses.dataclass(frozen=True, kw_only=True)
class Service:
    """One service: where it is, what to ask, how its fields become the layer's columns, whose the data are.

    `scope` says what the answer replaces: the boxes round the sites (areas), its countries, the whole layer, or nothing
    (beside).
    `fields` holds column -> field of the answer; 'word' in quotes is the same for every row and field/1000 divides.
    `words` holds (column, word of the answer in lower case) -> word of the layer; "*" stands for any other.
    """

    id: str
    layer_id: str
    kind: str
    url: str
    licence: str
    attribution: str
    use: str = "other"
    query: str = ""
    scope: str = "areas"
    extent: Area = WORLD
    countries: tuple[str, ...] = ()
    page_rows: int = 1000
    least_rows: int = 1
    id_prefix: str = ""
    fields: dict[str, str] = dataclasses.field(default_factory=dict)
    words: dict[tuple[str, str], str] = dataclasses.field(default_factory=dict)
    accuracy_km: float = 1.0
    source_url: str = ""
    checked: str = "no"
    note: str = ""

    @property
    def parameters(self) -> dict[str, str]:
        """Return the query as parameters; values stand in the table as they are, not percent-encoded."""
        pairs = [part.partition("=") for part in self.query.split("&") if part]
        return {name: value for name, _, value in pairs}


def read_services(data: Path = DATA) -> tuple[Service, ...]:
    """Read data/methods/online_services.csv.

    Raises:
        CatalogError: the table is missing.
        OnlineError: rows that cannot be used, all named at once.
    """
    table = read_table("online_services", data)
    services, complaints = [], []
    for line, row in enumerate(table.to_dict("records"), start=2):
        try:
            services.append(_service({str(key): str(value) for key, value in row.items()}))
        except (ValueError, KeyError) as error:
            complaints.append(f"online_services.csv, line {line}: {error}; mend the row")
    ids = pd.Series([service.id for service in services], dtype=str)
    complaints += [f"online_services.csv: id {name} stands twice; keep one" for name in ids[ids.duplicated()].unique()]
    if complaints:
        raise OnlineError("\n".join(complaints))
    return tuple(services)


def _service(row: dict[str, str]) -> Service:
    if row["kind"] not in KINDS:
        raise ValueError(f"kind {row['kind']!r}, expected one of {', '.join(KINDS)}")
    if row["scope"] not in SCOPES:
        raise ValueError(f"scope {row['scope']!r}, expected one of {', '.join(SCOPES)}")
    if not (row["licence"] and row["attribution"] and row["url"].startswith(("https://", "http://"))):
        raise ValueError("no licence, attribution or http(s) url")
    if find_layer(row["layer"]).role in SITE_ROLES:
        raise ValueError(f"layer {row['layer']!r} is a hand-kept site layer")
    words = [part.partition("=") for part in PAIR.split(row["words"]) if part]
    return Service(
        id=row["service_id"], layer_id=row["layer"], kind=row["kind"], use=row["use"], url=row["url"],
        query=row["query"], scope=row["scope"], extent=_extent(row["extent"]),
        countries=tuple(code for code in PAIR.split(row["countries"]) if code), page_rows=int(row["page_rows"]),
        least_rows=int(row["least_rows"]), id_prefix=row["id_prefix"],
        fields={name: field for name, _, field in (part.partition("=") for part in PAIR.split(row["fields"]) if part)},
        words={_word(place): word for place, _, word in words}, accuracy_km=float(row["accuracy_km"]),
        licence=row["licence"], attribution=row["attribution"], source_url=row["source_url"],
        checked=row["checked"], note=row["note"],
    )  # fmt: skip


def _extent(text: str) -> Area:
    if not text:
        return WORLD
    west, south, east, north = (float(part) for part in text.split())
    return Area(name="its extent", west=west, south=south, east=east, north=north)


def _word(text: str) -> tuple[str, str]:
    column, _, word = text.partition(":")
    return column, word.lower()


def chosen(layer_ids: Sequence[str] | None, services: Sequence[Service]) -> dict[str, tuple[Service, ...]]:
    """Return the services of each layer to refresh, in the order of the table.

    Raises:
        OnlineError: a layer has no service, or its services differ in licence or scope and cannot share one layer.
    """
    by_layer: dict[str, tuple[Service, ...]] = {}
    for service in services:
        by_layer[service.layer_id] = (*by_layer.get(service.layer_id, ()), service)
    wanted = list(by_layer) if layer_ids is None else [find_layer(layer_id).id for layer_id in dict.fromkeys(layer_ids)]
    complaints = [
        f"layer {layer_id}: no online service; choose from {', '.join(by_layer)}"
        for layer_id in wanted
        if layer_id not in by_layer
    ]
    for layer_id in wanted:
        group = by_layer.get(layer_id, ())
        if len({(service.licence, service.scope, service.countries) for service in group}) > 1:
            names = ", ".join(service.id for service in group)
            complaints.append(f"layer {layer_id}: {names} differ in licence or reach; refresh from one of them")
    if complaints:
        raise OnlineError("\n".join(complaints))
    return {layer_id: by_layer[layer_id] for layer_id in wanted}
