"""The columns each role must have; every complaint is collected and raised once, naming file, row and cure."""

import dataclasses
import datetime
import math
import re
from collections.abc import Iterable, Iterator
from enum import StrEnum

import geopandas as gpd
import pandas as pd

from oreway.layers.errors import SchemaError
from oreway.layers.vocabulary import (
    ChainStage,
    Confidence,
    FactState,
    Feed,
    GeometryKind,
    LayerRule,
    OccurrenceType,
    PlantStatus,
    Setting,
    SiteKind,
    SourceKind,
    Stage,
    Standing,
)

SITE_COLUMNS = (
    "name", "name_local", "name_ja", "aliases", "kind", "parent_id", "country", "country_code", "setting",
    "occurrence_type", "commodities", "host_minerals", "eudialyte", "deposit_model", "stage", "standing",
    "chain_stages", "feeds", "third_party_feed", "products", "layer_rule", "lon", "lat", "position_accuracy_km",
    "geometry_kind", "position_source_url", "position_source_title", "position_as_of", "position_confidence", "summary",
)  # fmt: skip
FACT_COLUMNS = (
    "site_id", "field", "value", "low", "high", "unit", "category", "code", "as_of", "source_url", "source_title",
    "confidence", "note", "source_kind", "state", "checked", "checked_against",
)  # fmt: skip
INFRASTRUCTURE_COLUMNS = {
    "ports": ("name", "country_code", "depth_m", "accuracy_km", "source", "as_of"),
    "airfields": ("name", "country_code", "kind", "runway_m", "is_open", "accuracy_km", "source", "as_of"),
    "towns": ("name", "country_code", "population", "accuracy_km", "source", "as_of"),
    "roads": ("name", "country_code", "kind", "accuracy_km", "source", "as_of"),
    "rail_network": ("from_node", "to_node", "length_km"),
    "power": ("name", "country_code", "kind", "accuracy_km", "source", "as_of"),
    "sea_lanes": ("length_km",),
    "water": ("name", "country_code", "kind", "salt", "seasonal", "accuracy_km", "source", "as_of"),
}
SITE_ID = re.compile(r"[a-z]{2}-[a-z0-9]+(-[a-z0-9]+)*")
DATE = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")
URL = re.compile(r"https?://[^\s/]+\.[^\s]+")
FACT_WORDS: dict[str, type[StrEnum]] = {"source_kind": SourceKind, "state": FactState}
SIGNED = frozenset({"npv", "irr_pct"})  # facts that may be below 0
WITHOUT_URL = {Confidence.UNVERIFIED, Confidence.DERIVED, Confidence.GAP}


@dataclasses.dataclass(frozen=True)
class _Words:
    column: str
    words: type[StrEnum]
    many: bool = False
    empty: bool = True


SITE_WORDS = (
    _Words("kind", SiteKind, empty=False),
    _Words("setting", Setting, empty=False),
    _Words("occurrence_type", OccurrenceType),
    _Words("standing", Standing),
    _Words("chain_stages", ChainStage, many=True),
    _Words("feeds", Feed, many=True),
    _Words("layer_rule", LayerRule),
    _Words("geometry_kind", GeometryKind, empty=False),
    _Words("position_confidence", Confidence, empty=False),
)


def _absent_columns(frame: pd.DataFrame, columns: Iterable[str], place: str) -> list[str]:
    return [f"{place}: no column {column!r}; add it" for column in columns if column not in frame.columns]


def _word_complaints(frame: pd.DataFrame, rule: _Words, place: str) -> Iterator[str]:
    allowed = {word.value for word in rule.words}
    for key, text in frame[rule.column].items():
        given = [part.strip() for part in str(text).split(";")] if rule.many else [str(text)]
        for word in given:
            if word == "" and rule.empty:
                continue
            if word not in allowed:
                yield f"{place}, row {key}: {rule.column} {word!r}; expected one of {', '.join(sorted(allowed))}"


def is_past_date(text: str, today: datetime.date) -> bool:
    """Tell whether text is YYYY, YYYY-MM or YYYY-MM-DD and not in the future."""
    if not DATE.fullmatch(text):
        return False
    parts = [int(part) for part in text.split("-")]
    try:
        start = datetime.date(parts[0], parts[1] if len(parts) > 1 else 1, parts[2] if len(parts) > 2 else 1)
    except ValueError:
        return False
    return start <= today


def _position_complaints(frame: pd.DataFrame, place: str) -> Iterator[str]:
    for key, lon, lat, accuracy in zip(
        frame.index, frame["lon"], frame["lat"], frame["position_accuracy_km"], strict=True
    ):
        if not -180 <= lon <= 180:
            yield f"{place}, row {key}: longitude {lon}; expected -180 to 180"
        if not -90 <= lat <= 90:
            yield f"{place}, row {key}: latitude {lat}; expected -90 to 90"
        if not accuracy > 0:
            yield f"{place}, row {key}: position_accuracy_km {accuracy}; expected a number above 0"


def _stage_complaints(frame: pd.DataFrame, place: str) -> Iterator[str]:
    for key, kind, stage in zip(frame.index, frame["kind"], frame["stage"], strict=True):
        words = PlantStatus if kind == SiteKind.PLANT else Stage
        allowed = {word.value for word in words}
        if kind in {SiteKind.ISLAND, SiteKind.LIMIT, SiteKind.COMPLEX}:
            allowed.add("")
        if stage not in allowed:
            yield f"{place}, row {key}: stage {stage!r}; expected one of {', '.join(sorted(allowed))}"


def check_sites(frame: gpd.GeoDataFrame, place: str) -> None:
    """Check a sites frame indexed by site_id.

    Raises:
        SchemaError: every complaint, one a line, each with file, row and what was expected.
    """
    complaints = _absent_columns(frame, SITE_COLUMNS, place)
    if complaints:
        raise SchemaError("\n".join(complaints))
    complaints += _frame_complaints(frame, place)
    complaints += [
        f"{place}, row {key}: not a site_id; expected lower-case words joined by hyphens, e.g. gl-tanbreez"
        for key in frame.index
        if not SITE_ID.fullmatch(str(key))
    ]
    for rule in SITE_WORDS:
        complaints += _word_complaints(frame, rule, place)
    complaints += _stage_complaints(frame, place)
    complaints += _position_complaints(frame, place)
    complaints += [f"{place}, row {key}: no name; fill it in" for key, name in frame["name"].items() if not name]
    today = datetime.datetime.now(tz=datetime.UTC).date()
    complaints += [
        f"{place}, row {key}: position_as_of {text!r}; expected YYYY, YYYY-MM or YYYY-MM-DD, not in the future"
        for key, text in frame["position_as_of"].items()
        if not is_past_date(text, today)
    ]
    if complaints:
        raise SchemaError("\n".join(complaints))


def _frame_complaints(frame: gpd.GeoDataFrame, place: str) -> Iterator[str]:
    if frame.crs is None or frame.crs.to_epsg() != 4326:
        yield f"{place}: CRS is {frame.crs}; expected EPSG:4326 (lon, lat)"
    for key in frame.index[frame.index.duplicated()].unique():
        yield f"{place}, row {key}: the id stands more than once; keep one"
    shapes = frame.geometry
    empty = shapes.isna() | shapes.is_empty
    for key in frame.index[empty]:
        yield f"{place}, row {key}: no geometry; give lon and lat"
    for key in frame.index[~empty & ~shapes.is_valid]:
        yield f"{place}, row {key}: geometry is not valid; redraw it without crossing itself"


def check_infrastructure(frame: gpd.GeoDataFrame, layer_id: str, place: str) -> None:
    """Check an infrastructure or context frame indexed by feature_id.

    Raises:
        SchemaError: every complaint, one a line.
    """
    complaints = _absent_columns(frame, INFRASTRUCTURE_COLUMNS.get(layer_id, ()), place)
    complaints += list(_frame_complaints(frame, place))
    if complaints:
        raise SchemaError("\n".join(complaints))


def _state_complaints(row: dict[str, str], place: str, today: datetime.date) -> Iterator[str]:
    for column, words in FACT_WORDS.items():
        if row[column] and row[column] not in {word.value for word in words}:
            yield f"{place}: {column} {row[column]!r}; expected one of {', '.join(sorted(words))} or nothing"
    if row["checked"] and not is_past_date(row["checked"], today):
        yield f"{place}: checked {row['checked']!r}; expected YYYY-MM-DD, not in the future"


def _fact_complaints(row: dict[str, str], place: str, today: datetime.date) -> Iterator[str]:
    allowed = {word.value for word in Confidence}
    if row["confidence"] not in allowed:
        yield f"{place}: confidence {row['confidence']!r}; expected one of {', '.join(sorted(allowed))}"
    yield from _state_complaints(row, place, today)
    if not row["field"]:
        yield f"{place}: no field; name what the value is"
    if not row["source_title"]:
        yield f"{place}: no source_title; say who says it"
    if not row["source_url"] and row["confidence"] not in WITHOUT_URL:
        yield f"{place}: no source_url; give the address or mark the fact unverified"
    if row["source_url"] and not URL.fullmatch(row["source_url"]):
        yield f"{place}: source_url {row['source_url']!r} is not an http(s) address"
    if not (row["as_of"] == "" and row["confidence"] == Confidence.GAP) and not is_past_date(row["as_of"], today):
        yield f"{place}: as_of {row['as_of']!r}; expected YYYY, YYYY-MM or YYYY-MM-DD, not in the future"
    has_value = bool(row["value"] or row["low"] or row["high"])
    if has_value == (row["confidence"] == Confidence.GAP):
        yield f"{place}: a gap has no value and every other fact has one"
    numbers = [row[key] for key in ("value", "low", "high") if as_number(row[key]) is not None]
    if numbers and not row["unit"]:
        yield f"{place}: {numbers[0]} without a unit; name the unit"
    for key in ("low", "high"):
        if row[key] and as_number(row[key]) is None:
            yield f"{place}: {key} {row[key]!r} is not a number"
    below = [number for number in numbers if not may_be(row["field"], float(number))]
    if below:
        yield f"{place}: {below[0]} is below 0; only {' and '.join(sorted(SIGNED))} may be"


def may_be(field: str, number: float) -> bool:
    """Return whether a fact of this field may have this value: quantities are not below 0."""
    return number >= 0 or field in SIGNED


def as_number(text: str) -> float | None:
    """Return text as a finite number, or None when it is not one."""
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def check_facts(frame: pd.DataFrame, place: str, site_ids: Iterable[str]) -> None:
    """Check a long facts table (all columns text, row numbers as in the file with its header as line 1).

    Raises:
        SchemaError: every complaint, one a line, naming file, line, site and field.
    """
    complaints = _absent_columns(frame, FACT_COLUMNS, place)
    if complaints:
        raise SchemaError("\n".join(complaints))
    known = set(site_ids)
    today = datetime.datetime.now(tz=datetime.UTC).date()
    for line, row in enumerate(frame[list(FACT_COLUMNS)].to_dict("records"), start=2):
        where = f"{place}, line {line} ({row['site_id']}, {row['field']})"
        if row["site_id"] not in known:
            complaints.append(f"{where}: no such site; add it to the sites table or mend the id")
        complaints += _fact_complaints({str(key): str(value) for key, value in row.items()}, where, today)
    if complaints:
        raise SchemaError("\n".join(complaints))
