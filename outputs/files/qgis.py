"""Styles inside a GeoPackage and a QGIS project beside it, so that both open drawn as on Oreway's map."""

import sqlite3
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from io import BytesIO
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

import geopandas as gpd

from oreway.layers.vocabulary import SiteKind
from oreway.outputs.files.map_files import NO_SCORE, OPERATING, PLANT_COLOURS, RUNGS, SCORE_COLOURS
from oreway.outputs.words.map_texts import word

QGIS_VERSION = "3.22.0"
ZIP_BEGINS = (1980, 1, 1, 0, 0, 0)
POINT, LINE, AREA = "Point", "Line", "Polygon"
KIND_OF = {
    "Point": POINT, "MultiPoint": POINT, "LineString": LINE, "MultiLineString": LINE, "Polygon": AREA,
    "MultiPolygon": AREA,
}  # fmt: skip
LAYER_TYPE = {POINT: 0, LINE: 1, AREA: 2}
MARK_OF = {POINT: "marker", LINE: "line", AREA: "fill"}
PLACED = {POINT: 6, LINE: 2, AREA: 1}  # beside a point, along a line, over an area
EDGE, LAYER_COLOUR, AREA_COLOUR = "#3c3c3c", "#0072B2", "#7a5ea8"
MARK_MM, LABEL_PT, LABELS_FROM = "3.4", "8", 30_000_000  # labels from one to thirty million on
STYLE_TABLE = """CREATE TABLE layer_styles (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, f_table_catalog TEXT(256), f_table_schema TEXT(256),
  f_table_name TEXT(256), f_geometry_column TEXT(256), styleName TEXT(30), styleQML TEXT, styleSLD TEXT,
  useAsDefault BOOLEAN, description TEXT, owner TEXT(30), ui TEXT(30),
  update_time DATETIME DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')))"""


def with_styles(path: Path, frame: gpd.GeoDataFrame, created: str) -> None:
    """Write the style of a layer into its GeoPackage, in the table that QGIS reads.

    Args:
        path: the GeoPackage.
        frame: what is in it.
        created: the day, YYYY-MM-DD.
    """
    kind = (kinds_of(frame) or [POINT])[0]
    with sqlite3.connect(path) as database:
        database.execute(STYLE_TABLE)
        database.execute(
            "INSERT INTO layer_styles SELECT 1, '', '', table_name, column_name, 'Oreway', ?, '', 1, ?, '', NULL, ? "
            "FROM gpkg_geometry_columns",
            (qml(frame, kind), "as on the map of Oreway", f"{created}T00:00:00.000Z"),
        )
    database.close()


def kinds_of(frame: gpd.GeoDataFrame) -> list[str]:
    """Return the kinds of geometry in a frame, the most frequent first."""
    counts = frame.geom_type.map(KIND_OF).value_counts()
    return [str(kind) for kind in counts.index]


def qml(frame: gpd.GeoDataFrame, kind: str) -> str:
    """Return the style of a frame's points, lines or areas as QGIS has it."""
    return (
        "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n"
        f'<qgis version="{QGIS_VERSION}" styleCategories="Symbology|Labeling" labelsEnabled="1">'
        f"{_drawn(frame, kind)}<layerGeometryType>{LAYER_TYPE[kind]}</layerGeometryType></qgis>"
    )


def project(frame: gpd.GeoDataFrame, name: str, package: str) -> bytes:
    """Return a QGIS project (.qgz) that shows a GeoPackage in the same folder.

    Args:
        frame: what is in the package.
        name: of its layer, and of the project.
        package: file name of the GeoPackage.
    """
    kinds = sorted(kinds_of(frame), key=(POINT, LINE, AREA).index)
    layers = []
    for kind in kinds:
        only = f"|geometrytype={kind}" if len(kinds) > 1 else ""
        key = f"oreway_{name}_{kind.lower()}"  # longer than ten letters, or QGIS gives the layer another
        layers.append((key, kind, f"./{package}|layername={name}{only}"))
    tree = "".join(
        f'<layer-tree-layer id={quoteattr(key)} name={quoteattr(_title(name, kind, kinds))} checked="Qt::Checked" '
        f'expanded="1" providerKey="ogr" source={quoteattr(source)}/>'
        for key, kind, source in layers
    )
    maps = "".join(
        f'<maplayer type="vector" geometry="{kind}" hasScaleBasedVisibilityFlag="0" labelsEnabled="1">'
        f"<id>{escape(key)}</id><datasource>{escape(source)}</datasource>"
        f"<layername>{escape(_title(name, kind, kinds))}</layername><srs>{_system()}</srs>"
        f'<provider encoding="UTF-8">ogr</provider>{_drawn(frame, kind)}</maplayer>'
        for key, kind, source in layers
    )
    west, south, east, north = frame.total_bounds
    text = (
        "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n"
        f'<qgis projectname={quoteattr(name)} version="{QGIS_VERSION}"><title>{escape(name)}</title>'
        f"<projectCrs>{_system()}</projectCrs><layer-tree-group>{tree}</layer-tree-group>"
        f'<mapcanvas name="theMapCanvas"><units>degrees</units><extent><xmin>{west}</xmin><ymin>{south}</ymin>'
        f"<xmax>{east}</xmax><ymax>{north}</ymax></extent><destinationsrs>{_system()}</destinationsrs></mapcanvas>"
        f"<projectlayers>{maps}</projectlayers>"
        '<properties><Paths><Absolute type="bool">false</Absolute></Paths></properties></qgis>\n'
    )
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr(zipfile.ZipInfo(f"{name}.qgs", ZIP_BEGINS), text.encode(), zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _title(name: str, kind: str, kinds: Sequence[str]) -> str:
    return name if len(kinds) == 1 else f"{name} ({kind.lower()}s)"


def _system() -> str:
    return "<spatialrefsys><authid>EPSG:4326</authid><srid>4326</srid></spatialrefsys>"


def _drawn(frame: gpd.GeoDataFrame, kind: str) -> str:
    """Return renderer and labels of a frame's points, lines or areas."""
    if kind == POINT and "stage" in frame.columns:
        rules = list(_site_rules("total" in frame.columns))
    else:
        symbol = {POINT: _marker("circle", LAYER_COLOUR), LINE: _line(LAYER_COLOUR), AREA: _fill(AREA_COLOUR)}[kind]
        rules = [("", "", symbol)]
    listed = "".join(
        f'<rule key="rule{i}" symbol="{i}" filter={quoteattr(asked)} label={quoteattr(title)}/>'
        for i, (asked, title, _) in enumerate(rules)
    )
    symbols = "".join(
        f'<symbol type="{MARK_OF[kind]}" name="{i}" alpha="1" clip_to_extent="1" force_rhr="0">{symbol}</symbol>'
        for i, (_, _, symbol) in enumerate(rules)
    )
    renderer = (
        '<renderer-v2 type="RuleRenderer" forceraster="0" symbollevels="0" enableorderby="0">'
        f'<rules key="rules">{listed}</rules><symbols>{symbols}</symbols></renderer-v2>'
    )
    return renderer + (_labels(kind) if "name" in frame.columns else "")


def _site_rules(scored: bool) -> Iterable[tuple[str, str, str]]:
    """Yield filter, title and symbol for each sign of the map: shape by stage, colour by score."""
    plants, stockpiles = f"\"kind\" = '{SiteKind.PLANT.value}'", f"\"kind\" = '{SiteKind.STOCKPILE.value}'"
    running = f'{plants} AND "stage" IN ({_list(sorted(OPERATING))})'
    yield running, word("running", "en"), _marker("hexagon", PLANT_COLOURS[True])
    yield (f"{plants} AND NOT ({running})", word("coming", "en"), _marker("hexagon", PLANT_COLOURS[False]))
    yield stockpiles, "stockpile", _marker("diamond", NO_SCORE, _score_colour() if scored else "")
    for shape, stages in RUNGS:
        asked = f'NOT ({plants}) AND NOT ({stockpiles}) AND "stage" IN ({_list(stage.value for stage in stages)})'
        yield asked, word(shape, "en"), _marker(shape, NO_SCORE, _score_colour() if scored else "")
    yield "ELSE", word("unscored", "en"), _marker("circle", "#ffffff")


def _list(words: Iterable[str]) -> str:
    return ", ".join(f"'{one}'" for one in words)


def _score_colour() -> str:
    """Return the expression that gives a score its colour, as on the map."""
    step = 100 // len(SCORE_COLOURS)
    cases = " ".join(f"WHEN \"total\" < {step * (i + 1)} THEN '{c}'" for i, c in enumerate(SCORE_COLOURS[:-1]))
    return f"CASE WHEN \"total\" IS NULL THEN '{NO_SCORE}' {cases} ELSE '{SCORE_COLOURS[-1]}' END"


def _rgba(colour: str, opacity: int = 255) -> str:
    return ",".join([*(str(int(colour[i : i + 2], 16)) for i in (1, 3, 5)), str(opacity)])


def _symbol_layer(kind: str, options: Mapping[str, str], expressions: Mapping[str, str]) -> str:
    stated = "".join(f'<Option type="QString" name="{key}" value="{value}"/>' for key, value in options.items())
    old = "".join(f'<prop k="{key}" v="{value}"/>' for key, value in options.items())
    computed = "".join(
        f'<Option type="Map" name="{key}"><Option type="bool" name="active" value="true"/>'
        f'<Option type="QString" name="expression" value={quoteattr(text)}/>'
        '<Option type="int" name="type" value="3"/></Option>'
        for key, text in expressions.items() if text
    )  # fmt: skip
    return (
        f'<layer class="{kind}" enabled="1" locked="0" pass="0"><Option type="Map">{stated}</Option>{old}'
        '<data_defined_properties><Option type="Map"><Option type="QString" name="name" value=""/>'
        f'<Option type="Map" name="properties">{computed}</Option>'
        '<Option type="QString" name="type" value="collection"/></Option></data_defined_properties></layer>'
    )


def _marker(shape: str, colour: str, expression: str = "") -> str:
    options = {"name": shape, "color": _rgba(colour), "outline_color": _rgba(EDGE), "size": MARK_MM,
               "size_unit": "MM"}  # fmt: skip
    return _symbol_layer("SimpleMarker", options, {"fillColor": expression})


def _line(colour: str) -> str:
    return _symbol_layer("SimpleLine", {"line_color": _rgba(colour), "line_width": "0.5"}, {})


def _fill(colour: str) -> str:
    options = {"color": _rgba(colour, 60), "outline_color": _rgba(colour), "outline_width": "0.5", "style": "solid"}
    return _symbol_layer("SimpleFill", options, {})


def _labels(kind: str) -> str:
    """Return labels by name, drawn from a scale on at which they have room."""
    return (
        '<labeling type="simple"><settings calloutType="simple">'
        f'<text-style fieldName="name" fontSize="{LABEL_PT}" fontSizeUnit="Point" textColor="29,39,48,255">'
        '<text-buffer bufferDraw="1" bufferSize="0.8" bufferColor="255,255,255,200"/></text-style>'
        f'<placement placement="{PLACED[kind]}" dist="1"/>'
        f'<rendering scaleVisibility="1" scaleMin="{LABELS_FROM}" scaleMax="1" obstacle="1"/>'
        "</settings></labeling>"
    )
