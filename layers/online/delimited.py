"""Read a table with longitudes and latitudes from an address."""

import csv
import io
import math
from urllib.parse import urlencode

import shapely

from oreway.layers.online.arcgis import Ask
from oreway.layers.online.areas import Area, Feature
from oreway.layers.online.errors import OnlineError, brief
from oreway.layers.online.json_answers import refuse_page
from oreway.layers.online.sayings import OnlineSaying
from oreway.layers.online.services import Service


def csv_features(service: Service, area: Area, ask: Ask) -> list[Feature]:
    """Return the rows that lie in the area, as points; the fields `lon` and `lat` name the columns.

    Raises:
        OnlineError: a web page, another encoding, rows cut short, missing columns or impossible positions.
    """
    query = urlencode(service.parameters)
    body = ask(f"{service.url}?{query}" if query else service.url, None)
    refuse_page(body, service.id)
    header, rows = _rows(body, service.id)
    records = (dict(zip(header, row, strict=True)) for row in rows)
    features = (feature_of_row(record, service, line) for line, record in enumerate(records, start=2))
    return [feature for feature in features if inside(feature.geometry, area)]


def inside(point: shapely.Geometry | None, area: Area) -> bool:
    """Tell whether a point lies in an area."""
    lon, lat = shapely.get_coordinates(point)[0]
    return bool(area.west <= lon <= area.east and area.south <= lat <= area.north)


def _rows(body: bytes, place: str) -> tuple[list[str], list[list[str]]]:
    try:
        rows = [row for row in csv.reader(io.StringIO(body.decode("utf-8-sig"), newline=""), strict=True) if row]
    except (UnicodeDecodeError, csv.Error) as error:
        raise OnlineError(OnlineSaying.NOT_CSV(place, brief(error))) from None
    if not rows:
        raise OnlineError(OnlineSaying.EMPTY(place))
    header, *body_rows = rows
    cut = [line for line, row in enumerate(body_rows, start=2) if len(row) != len(header)]
    if cut:
        raise OnlineError(OnlineSaying.CUT_LINE(place, cut[0], len(header)))
    return header, body_rows


def feature_of_row(row: dict[str, str], service: Service, line: int) -> Feature:
    """Return a row of a table as a point; the fields `lon` and `lat` of the service name its columns.

    Raises:
        OnlineError: a column is missing, or the position is none.
    """
    place = OnlineSaying.LINE(service.id, line)
    try:
        lon, lat = (float(row[service.fields[name]]) for name in ("lon", "lat"))
    except KeyError as error:
        raise OnlineError(OnlineSaying.NO_COLUMN(service.id, error)) from None
    except ValueError:
        raise OnlineError(OnlineSaying.NO_NUMBER(place)) from None
    if not (math.isfinite(lon) and math.isfinite(lat) and abs(lon) <= 180 and abs(lat) <= 90):
        raise OnlineError(OnlineSaying.ODD_POSITION(place, f"{lon:g}", f"{lat:g}"))
    return Feature(key="", properties=dict(row), geometry=shapely.Point(lon, lat))
