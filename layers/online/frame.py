"""Turn the features of an answer into a layer's frame: columns, words, units, ids, source and date."""

import re
from collections.abc import Callable, Mapping, Sequence

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from oreway.layers.errors import SchemaError
from oreway.layers.online.areas import Feature
from oreway.layers.online.errors import OnlineError
from oreway.layers.online.fetch import redacted
from oreway.layers.online.sayings import OnlineSaying
from oreway.layers.online.services import Service
from oreway.layers.port_depths import with_depths
from oreway.layers.read import read_layer
from oreway.layers.schema import INFRASTRUCTURE_COLUMNS, check_infrastructure

NUMBERS = ("_m", "_km", "_kv", "_mw", "population")
NUMBER = re.compile(r"[+-]?\d+(\.\d+)?([eE][+-]?\d+)?")
DIVIDED = re.compile(r"(?P<field>.+)/(?P<by>\d+)")
POSITION = ("id", "lon", "lat")
MOST_BROKEN = 0.01
MOST_TEXT = 200
MOST_COMPLAINTS = 5
PORT_COLUMNS = ("pier_depth_m", "max_draught_m", "channel_depth_m", "wharves", "locode", "country")


def layer_frame(features: Sequence[Feature], service: Service, retrieved: str) -> tuple[gpd.GeoDataFrame, int]:
    """Return the features as a frame indexed by feature_id, EPSG:4326, and how many broken ones were left out.

    Raises:
        OnlineError: too few rows, a field the service no longer has, or more than 1 % of broken geometry.
    """
    sound = [feature for feature in features if _is_sound(feature.geometry)]
    broken = len(features) - len(sound)
    if len(sound) < service.least_rows:
        raise OnlineError(OnlineSaying.FEW_FEATURES(service.id, f"{len(sound):,}", f"{service.least_rows:,}"))
    if broken > MOST_BROKEN * len(features):
        raise OnlineError(OnlineSaying.BROKEN_SHAPES(service.id, f"{broken:,}", f"{len(features):,}"))
    once = _once(sound, service)
    shapes = np.array([feature.geometry for _, feature in once], dtype=object)
    table = pd.DataFrame(_columns([feature for _, feature in once], service, retrieved))
    table = _with_depths(table) if service.layer_id == "ports" else table
    table.index = pd.Index([key for key, _ in once], name="feature_id")
    return gpd.GeoDataFrame(table, geometry=shapes, crs="EPSG:4326"), broken


def _is_sound(shape: shapely.Geometry | None) -> bool:
    return shape is not None and not shapely.is_empty(shape) and bool(shapely.is_valid(shape))


def _once(features: Sequence[Feature], service: Service) -> list[tuple[str, Feature]]:
    """Give each feature an id; the same one met round two sites counts once, another under its id gets a number."""
    kept: dict[str, Feature] = {}
    for feature in features:
        first = _key(feature, service)
        key, again = first, 1
        while key in kept and kept[key].geometry != feature.geometry:
            again += 1
            key = f"{first}-{again}"
        kept.setdefault(key, feature)
    return sorted(kept.items())


def _key(feature: Feature, service: Service) -> str:
    field = service.fields.get("id", "")
    given = _lower(feature.properties).get(field.lower()) if field else None
    text = str(given if given not in {None, ""} else feature.key).strip().strip("{}").lower()
    if not text:
        text = str(shapely.to_wkb(feature.geometry, hex=True))[-24:].lower()
    return f"{service.id_prefix or service.id}-{re.sub(r'[.]0+$', '', text)}"


def _lower(properties: Mapping[str, object]) -> dict[str, object]:
    return {name.lower(): value for name, value in properties.items()}


def _columns(features: Sequence[Feature], service: Service, retrieved: str) -> dict[str, object]:
    rows = [_lower(feature.properties) for feature in features]
    columns: dict[str, object] = {
        column: _column(column, field, rows, service)
        for column, field in service.fields.items()
        if column not in POSITION
    }
    columns.setdefault("country_code", [service.countries[0] if len(service.countries) == 1 else ""] * len(rows))
    for column in INFRASTRUCTURE_COLUMNS.get(service.layer_id, ()):
        columns.setdefault(column, np.full(len(rows), np.nan) if column.endswith(NUMBERS) else [""] * len(rows))
    columns |= {
        "accuracy_km": np.full(len(rows), service.accuracy_km),
        "source": [f"{service.attribution} (retrieved {retrieved})"] * len(rows),
        "source_url": [service.source_url or redacted(service.url)] * len(rows),
        "as_of": [retrieved] * len(rows),
    }
    return columns


def _column(column: str, field: str, rows: Sequence[Mapping[str, object]], service: Service) -> object:
    if field.startswith("'"):
        return [field.strip("'")] * len(rows)
    divided = DIVIDED.fullmatch(field)
    name = (divided["field"] if divided else field).lower()
    if service.kind != "overpass" and not any(name in row for row in rows):
        raise OnlineError(OnlineSaying.NO_FIELD(service.id, repr(name)))
    if column.endswith(NUMBERS):
        return np.array([_number(row.get(name)) for row in rows], dtype=float) / float(divided["by"] if divided else 1)
    word = _worder(column, service)
    return [word(_text(row.get(name))) for row in rows]


def _number(value: object) -> float:
    """Return the largest number of a list such as 132000;66000, NaN when there is none."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return float(value)
    parts = [part.strip() for part in str(value or "").split(";")]
    return max((float(part) for part in parts if NUMBER.fullmatch(part)), default=float("nan"))


def _text(value: object) -> str:
    text = "" if value is None else str(value)
    return "".join(character for character in text if character.isprintable())[:MOST_TEXT].strip()


def _worder(column: str, service: Service) -> Callable[[str], str]:
    known = {said: word for (place, said), word in service.words.items() if place == column}
    if not known:
        return lambda text: text
    return lambda text: known.get(text.lower(), known.get("*", text.lower()))


def _with_depths(table: pd.DataFrame) -> pd.DataFrame:
    """Complete a port table as scripts/ports.py does: 0 is "not filled in", not dry land."""
    table = table.copy()
    metres = [column for column in table.columns if column.endswith("_m")]
    for column in metres:
        table[column] = table[column].mask(table[column] <= 0)
    for column in table.columns.difference([*metres, "accuracy_km", "name"]):
        table[column] = table[column].mask(table[column] == "Unknown", "")
    if not set(PORT_COLUMNS) <= set(table.columns):
        return table
    table = with_depths(table).assign(country_code=_country_codes(table))
    return table.drop(columns=["country", "wharves"])


def _country_codes(table: pd.DataFrame) -> "pd.Series[str]":
    letters = table["locode"].str.replace(" ", "", regex=False).str[:2]
    known = letters[letters != ""].groupby(table["country"]).agg(lambda codes: codes.mode().iloc[0])
    return table["country"].map(known.to_dict()).fillna("")


def with_countries(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the frame with the country of each row that has none, by where its middle lies; "" at sea."""
    blank = frame["country_code"].fillna("") == ""
    if not blank.any():
        return frame
    shapes = gpd.GeoSeries(frame.geometry[blank])
    middle = gpd.GeoDataFrame(geometry=shapes.representative_point(), crs=frame.crs)
    land = read_layer("countries")[["country_code", "geometry"]]
    found = gpd.sjoin(middle, land, predicate="within", how="left")
    codes = found[~found.index.duplicated()]["country_code"].fillna("")
    return frame.assign(country_code=frame["country_code"].where(~blank, codes.reindex(frame.index)).fillna(""))


def joined(frames: Sequence[gpd.GeoDataFrame], layer_id: str) -> gpd.GeoDataFrame:
    """Return the frames of a layer's services as one that passes the layer's schema.

    Raises:
        OnlineError: the rows break the schema; the first complaints are named.
    """
    frame = frames[0] if len(frames) == 1 else gpd.GeoDataFrame(pd.concat(frames), crs="EPSG:4326")
    for column in frame.columns.drop("geometry"):
        if not pd.api.types.is_numeric_dtype(frame[column]):
            frame[column] = frame[column].fillna("").astype(str)
    place = f"refreshed {layer_id}"
    try:
        check_infrastructure(frame, layer_id, place)
    except SchemaError as error:
        lines = str(error).splitlines()
        rest = f"\nand {len(lines) - MOST_COMPLAINTS:,} more" if len(lines) > MOST_COMPLAINTS else ""
        raise OnlineError("\n".join(lines[:MOST_COMPLAINTS]) + rest) from None
    return frame.sort_index()
