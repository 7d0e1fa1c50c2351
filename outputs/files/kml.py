"""Sites and layers as KML and KMZ: folders, styles and balloons for people without a GIS."""

import io
import math
import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import geopandas as gpd
import shapely
from PIL import Image, ImageDraw
from shapely.geometry.base import BaseGeometry

from oreway.geo.antimeridian import cut
from oreway.geo.geojson import plain
from oreway.outputs.files.files import OutputError
from oreway.outputs.files.map_files import PLANT_COLOURS, glyph, score_colour
from oreway.outputs.words.formatting import label, number, stage_label, standing_label
from oreway.outputs.words.output_sayings import OutputSaying

MOST_MARKS = 50_000  # more than a globe viewer draws in reasonable time
DECIMALS = 6
LAYER_COLOUR, LAYER_GLYPH = "#0072B2", "circle"
ICON_PIXELS, ICON_EDGE = 64, 5
CORNERS: Mapping[str, tuple[int, float]] = {  # corners, and the radius of the inner ones
    "circle": (48, 1.0), "triangle": (3, 1.0), "square": (4, 1.0), "pentagon": (5, 1.0), "star": (5, 0.45),
    "diamond": (4, 1.0), "plant": (6, 1.0),
}  # fmt: skip
TURNED = {"square": math.pi / 4}
ZIP_BEGINS = (1980, 1, 1, 0, 0, 0)
NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
TOLD = ("kind", "stage", "standing", "commodities", "host_minerals", "country")
SHOWN_URL, SHOWN_TITLE = "position_source_url", "position_source_title"


def to_kml(frame: gpd.GeoDataFrame, members: Mapping[str, object], name: str, *, icons: bool = False) -> bytes:
    """Return a frame as KML: a folder a layer, a style a sign and colour, a balloon a site, every column as data.

    Args:
        frame: sites by site_id, or features of a layer; EPSG:4326.
        members: provenance, told in the document's description.
        name: of the document.
        icons: refer to the signs that a KMZ has inside; without them a viewer's own pins are coloured.

    Raises:
        OutputError: more features than a viewer of KML can draw.
    """
    if len(frame) > MOST_MARKS:
        raise OutputError(OutputSaying.MANY_MARKS(name, f"{len(frame):,}", f"{MOST_MARKS:,}"))
    rows = frame.reset_index(drop=frame.index.name is None).drop(columns=frame.geometry.name).to_dict("records")
    signs = [_sign(row) for row in rows]
    folders: dict[str, list[str]] = {}
    for row, sign, shape in zip(rows, signs, frame.geometry, strict=True):
        folders.setdefault(str(row.get("layer") or ""), []).append(_mark(row, sign, shape))
    styles = [_style(sign, icons=icons) for sign in dict.fromkeys(signs)]
    body = "".join(_folder(title, marks) for title, marks in folders.items())
    credit = "; ".join(str(one) for key in ("attributions", "licences") for one in _listed(members.get(key)))
    told = f"Oreway {members.get('version', '')} · {members.get('data_version', '')} · {members.get('created', '')}"
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<kml xmlns="http://www.opengis.net/kml/2.2">\n<Document>\n'
        f"<name>{_text(name)}</name>\n<description>{_text(told)}\n{_text(credit)}</description>\n"
        f"{''.join(styles)}{body}</Document>\n</kml>\n"
    ).encode()


def to_kmz(frame: gpd.GeoDataFrame, members: Mapping[str, object], name: str) -> bytes:
    """Return a frame as KMZ: `to_kml` with its signs as pictures inside, so that nothing is fetched."""
    text = to_kml(frame, members, name, icons=True)
    used = [kind for kind in CORNERS if f"files/{kind}.png".encode() in text]
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for inside, content in (("doc.kml", text), *((f"files/{kind}.png", _icon(kind)) for kind in used)):
            packed.writestr(zipfile.ZipInfo(inside, ZIP_BEGINS), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _listed(value: object) -> Sequence[object]:
    return value if isinstance(value, (list, tuple)) else []


def _text(value: object) -> str:
    return escape(NO_XML.sub("", str(value)))


def _sign(row: Mapping[Any, Any]) -> tuple[str, str]:
    """Return the shape and the colour a row is drawn by, those of the map."""
    kind, stage = row.get("kind"), str(row.get("stage") or "")
    if "site_id" not in row:
        return LAYER_GLYPH, LAYER_COLOUR
    shape = glyph(str(kind), stage)
    if shape == "plant":
        return shape, PLANT_COLOURS[stage in {"operating", "commissioning"}]
    total = row.get("total")
    return shape, score_colour(float("nan") if total is None else float(total), str(row.get("setting") or ""))


def _style(sign: tuple[str, str], *, icons: bool) -> str:
    shape, colour = sign
    picture = f"<Icon><href>files/{shape}.png</href></Icon>" if icons else ""
    return (
        f'<Style id="{_style_id(sign)}"><IconStyle><color>{_kml_colour(colour)}</color><scale>0.9</scale>{picture}'
        "</IconStyle><LabelStyle><scale>0.8</scale></LabelStyle>"
        f"<LineStyle><color>{_kml_colour(colour)}</color><width>2</width></LineStyle>"
        f"<PolyStyle><color>{_kml_colour(colour, '80')}</color></PolyStyle>"
        "<BalloonStyle><text>$[description]</text></BalloonStyle></Style>\n"
    )


def _style_id(sign: tuple[str, str]) -> str:
    return f"{sign[0]}-{sign[1].lstrip('#')}"


def _kml_colour(colour: str, opacity: str = "ff") -> str:
    """Return #rrggbb as KML has it: opacity, blue, green, red."""
    red, green, blue = colour[1:3], colour[3:5], colour[5:7]
    return f"{opacity}{blue}{green}{red}"


def _folder(title: str, marks: Iterable[str]) -> str:
    inside = "".join(marks)
    return f"<Folder><name>{_text(title)}</name>\n{inside}</Folder>\n" if title else inside


def _mark(row: Mapping[Any, Any], sign: tuple[str, str], shape: BaseGeometry | None) -> str:
    identity = next((str(value) for key, value in row.items() if str(key).endswith("_id")), "")
    cells = {str(key): plain(value) for key, value in row.items()}
    data = "".join(
        f"<Data name={quoteattr(NO_XML.sub('', key))}><value>{_text(value)}</value></Data>"
        for key, value in cells.items() if value not in (None, "") and key != "name"
    )  # fmt: skip
    return (
        f"<Placemark id={quoteattr(NO_XML.sub('', identity))}><name>{_text(cells.get('name') or identity)}</name>"
        f"<description>{_text(balloon(cells))}</description><styleUrl>#{_style_id(sign)}</styleUrl>"
        f"<ExtendedData>{data}</ExtendedData>{_shape(shape)}</Placemark>\n"
    )


def balloon(cells: Mapping[str, Any]) -> str:
    """Return what a balloon says, as HTML whose every text is escaped: what a site is, its score, where from."""
    known = {key: str(cells.get(key) or "") for key in (*TOLD, SHOWN_URL, SHOWN_TITLE, "summary", "gates")}
    rows = {
        label("kind"): label(known["kind"]) if known["kind"] else "",
        label("stage"): stage_label(known["stage"]) if known["stage"] else "",
        label("standing"): standing_label(known["standing"]) if known["standing"] else "",
        label("commodities"): known["commodities"].replace(";", ", "),
        label("host_minerals"): known["host_minerals"].replace(";", ", "),
        label("country"): known["country"],
        label("score"): _score(cells),
        label("gates"): known["gates"].replace("=", ": "),
    }
    table = "".join(f"<tr><th align='left'>{_text(key)}</th><td>{_text(v)}</td></tr>" for key, v in rows.items() if v)
    title, url = known[SHOWN_TITLE], known[SHOWN_URL]
    source = f"<a href={quoteattr(url)}>{_text(title or url)}</a>" if url.startswith(("https://", "http://")) else ""
    name = _text(cells.get("name") or "")
    return f"<h3>{name}</h3><p>{_text(known['summary'])}</p><table>{table}</table><p>{source}</p>"


def _score(cells: Mapping[str, Any]) -> str:
    total = cells.get("total")
    if total is None:
        return ""
    low, high = (cells.get(key) for key in ("total_low", "total_high"))
    bounds = "" if low is None or high is None else f" ({number(float(low))}–{number(float(high))})"
    return f"{number(float(total), 1)} / 100{bounds}"


def _shape(shape: BaseGeometry | None) -> str:
    """Return a geometry cut at 180 degrees; several parts become a MultiGeometry."""
    if shape is None or shape.is_empty:
        return ""
    parts = [_part(part) for part in shapely.get_parts(cut(shapely.force_2d(shape)))]
    return parts[0] if len(parts) == 1 else f"<MultiGeometry>{''.join(parts)}</MultiGeometry>"


def _part(part: BaseGeometry) -> str:
    wound = shapely.orient_polygons(part)
    if isinstance(wound, shapely.Polygon):
        rings = [("outerBoundaryIs", wound.exterior), *(("innerBoundaryIs", ring) for ring in wound.interiors)]
        inside = "".join(f"<{at}><LinearRing>{_places(ring)}</LinearRing></{at}>" for at, ring in rings)
        return f"<Polygon><tessellate>1</tessellate>{inside}</Polygon>"
    if part.geom_type == "Point":
        return f"<Point>{_places(part)}</Point>"
    return f"<LineString><tessellate>1</tessellate>{_places(part)}</LineString>"


def _places(shape: BaseGeometry) -> str:
    pairs = shapely.get_coordinates(shape).round(DECIMALS) + 0.0
    return f"<coordinates>{' '.join(f'{lon},{lat}' for lon, lat in pairs.tolist())}</coordinates>"


def _icon(kind: str) -> bytes:
    """Return a sign as PNG, white with a dark edge: a viewer multiplies it by the colour of the style."""
    corners, inner = CORNERS[kind]
    middle, reach = ICON_PIXELS / 2, ICON_PIXELS / 2 - ICON_EDGE
    steps = 2 * corners if inner < 1 else corners
    points = []
    for step in range(steps):
        angle = TURNED.get(kind, 0.0) + 2 * math.pi * step / steps
        radius = reach * (inner if inner < 1 and step % 2 else 1.0)
        points.append((middle + radius * math.sin(angle), middle - radius * math.cos(angle)))
    picture = Image.new("RGBA", (ICON_PIXELS, ICON_PIXELS), (0, 0, 0, 0))
    ImageDraw.Draw(picture).polygon(points, fill=(255, 255, 255, 255), outline=(60, 60, 60, 255), width=ICON_EDGE)
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()
