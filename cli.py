"""The terminal face: `oreway …`; every command is a few calls into the rooms below."""

import dataclasses
import difflib
import importlib.util
import json
import math
import os
import socket
import subprocess
import sys
import traceback
from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path
from types import TracebackType
from typing import Annotated, Any, NoReturn

import geopandas as gpd
import pandas as pd
import typer
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

import cli_batch
from geo.errors import GeoError
from layers.catalog import complaints as data_complaints
from layers.catalog import data_version, fault, read_catalog
from layers.errors import LayerError
from layers.online import cache_faults, read_services
from layers.online import refresh as refresh_layers
from layers.postgis import is_address, parse_address, read_sites_table, write_chunks
from layers.read import read_text_table
from layers.registry import LAYERS
from layers.schema import as_number
from layers.upload import read_upload_file
from outputs.export import csv_bytes, export_frame, export_layer, release
from outputs.factsheet import stale
from outputs.files import OutputError, creation_date, write_whole
from outputs.report import comparison_report, ranking_report, report_html, site_report
from scoring.acceptability import rank as rank_sites
from scoring.access import bill as access_bill
from scoring.assess import score_table
from scoring.claims import claims
from scoring.dossier import Dossier, dossier
from scoring.economics import appraise
from scoring.errors import ScoringError
from scoring.measure import nearest as measure_nearest
from scoring.own_sites import own_world
from scoring.spread import spread
from scoring.supply import Supply
from scoring.supply import supply as supply_routes
from scoring.world import World, open_world

HOST = "127.0.0.1"
PACKAGES = ("folium", "geopandas", "numba", "pyogrio", "rasterio", "streamlit", "streamlit_folium", "typst")
FACT_COLUMNS = (
    "field", "value", "low", "high", "unit", "category", "code", "as_of", "confidence", "source_title", "source_url",
)  # fmt: skip
REFUSALS = (LayerError, GeoError, ScoringError, OutputError)
SITE_COLUMNS = ("name", "layer", "country", "stage", "lon", "lat", "position_accuracy_km")
SITE_DETAILS = ("country_code", "kind", "parent_id", "setting", "commodities", "standing")

app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False, rich_markup_mode=None,
                  help="From a deposit to a refinery: what stands in between, and how far.")  # fmt: skip
out = Console()
ProfileOption = Annotated[str, typer.Option(help="Weight profile; by default each site's own setting.")]
Refreshed = Annotated[bool, typer.Option("--refreshed", help="Use layers fetched by `oreway refresh`.")]
JsonFlag = Annotated[bool, typer.Option("--json", help="Print one JSON document and nothing else.")]


class ReportFormat(StrEnum):
    """Formats of the report."""

    PDF = "pdf"
    HTML = "html"


class Language(StrEnum):
    """Languages of the report."""

    EN = "en"
    JA = "ja"


def _refuse(message: str) -> NoReturn:
    typer.echo(f"oreway: {message}", err=True)
    raise typer.Exit(2)


def _plain(value: Any) -> Any:
    """Return a value JSON can hold: missing numbers become null, enumerations their words."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: _plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if isinstance(value, (bool, str)) or value is None:
        return value
    if hasattr(value, "item"):
        return _plain(value.item())
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return value if isinstance(value, int) else str(value)


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    records = frame.to_dict("records")
    return [{str(key): _null(value) for key, value in record.items()} for record in records]


def _null(value: Any) -> Any:
    if value is None or value is pd.NA or (isinstance(value, float) and not math.isfinite(value)):
        return None
    return _plain(value)


def _print_json(document: Any) -> None:
    typer.echo(json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False))


def _print_table(title: str, columns: Iterable[str], rows: Iterable[Iterable[object]]) -> None:
    names = list(columns)
    if not out.is_terminal:
        typer.echo("\t".join(names))
        for row in rows:
            typer.echo("\t".join(_cell(value) for value in row))
        return
    table = Table(title=title, title_justify="left", header_style="bold")
    for name in names:
        table.add_column(name, overflow="fold")
    for row in rows:
        table.add_row(*(_cell(value).replace("[", r"\[") for value in row))
    out.print(table)


def _cell(value: object) -> str:
    if value is None or (isinstance(value, float) and not math.isfinite(value)):
        return ""
    if isinstance(value, float):
        return f"{value:.1f}" if abs(value) >= 10 else f"{value:.3g}"
    return str(value).replace("\t", " ").replace("\n", " ")


def _known(world: World, site_id: str) -> str:
    if site_id in world.sites.index:
        return site_id
    near = difflib.get_close_matches(site_id.lower(), list(world.sites.index), n=3, cutoff=0.4)
    hint = f"; did you mean {', '.join(near)}?" if near else "; `oreway sites` lists them"
    _refuse(f"site {site_id!r}: not known{hint}")


@app.command()
def layers(*, as_json: JsonFlag = False) -> None:
    """List the layers: id, title, role, features, licence, date, whether the checksum is right."""
    catalog = read_catalog()
    rows = []
    for layer in LAYERS:
        dataset = catalog.get(layer.dataset)
        if dataset is None:
            continue
        rows.append({
            "id": layer.id, "title": layer.title, "role": layer.role.value, "features": dataset.rows,
            "licence": dataset.licence, "as_of": dataset.retrieved, "sha256_ok": fault(dataset) is None,
        })  # fmt: skip
    if as_json:
        _print_json(rows)
    else:
        _print_table("Layers", rows[0], [row.values() for row in rows])


@app.command()
def sites(*, layer: Annotated[str, typer.Option(help="Only this layer.")] = "", as_json: JsonFlag = False) -> None:
    """List the catalogue, one line a site."""
    frame = open_world().sites
    if layer:
        present = sorted(frame["layer"].unique())
        if layer not in present:
            _refuse(f"layer {layer!r}: holds no sites; choose from {', '.join(present)}")
        frame = frame[frame["layer"] == layer]
    table = frame.reset_index()[["site_id", *SITE_COLUMNS, *SITE_DETAILS]]
    if as_json:
        _print_json([{key: (None if value == "" else value) for key, value in row.items()} for row in _records(table)])
    else:
        columns = ["site_id", *SITE_COLUMNS]
        _print_table("Sites", columns, table[columns].itertuples(index=False))


@app.command()
def show(site: str, *, as_json: JsonFlag = False) -> None:
    """Show everything known of one site, each fact with source and date."""
    world = open_world()
    found = dossier(world, _known(world, site))
    ranges = spread(world, site)
    if as_json:
        _print_json(_dossier_document(found) | _judged(found) | {"spread": _records(ranges)})
        return
    for key, value in found.site.items():
        if key != "geometry" and str(value) not in {"", "nan"}:
            typer.echo(f"{key}: {value}")
    old = ["old" if stale(str(day), creation_date()) else "" for day in found.facts["as_of"]]
    facts = found.facts[list(FACT_COLUMNS)].assign(stale=old)
    _print_table("Facts", facts.columns, facts.itertuples(index=False))
    _print_nearest(found.nearest)
    _print_table("Where the site may lie", ranges.columns, ranges.itertuples(index=False))
    if found.assessment is not None:
        typer.echo(_score_line(found))
    for note in found.notes:
        typer.echo(f"- {note}")
    for claim in claims(found.facts):
        typer.echo(f"! {claim.text}")


def _score_line(found: Dossier) -> str:
    score = found.assessment
    if score is None or score.total is None:
        return "score: none"
    low, high = score.total_low, score.total_high
    gates = ", ".join(f"{gate.id} {gate.state}" for gate in score.gates) or "none"
    bounds = f"{score.total:.1f} ({low:.1f}–{high:.1f})"
    return f"score {bounds}, coverage {score.coverage:.0%}, gates: {gates}, UNFC {score.unfc}"


def _judged(found: Dossier) -> dict[str, Any]:
    """Return the appraisal and the claim flags of a site."""
    site = found.site
    price = appraise(str(site["site_id"]), str(site["country_code"]), found.facts)
    return {"appraisal": _plain(price), "claims": _plain(claims(found.facts))}


def _dossier_document(found: Dossier) -> dict[str, Any]:
    site = {key: value for key, value in found.site.items() if key != "geometry"}
    today = creation_date()
    return {
        "site": _plain({key: (None if value == "" else value) for key, value in site.items()}),
        "facts": _records(found.facts.assign(stale=[stale(str(day), today) for day in found.facts["as_of"]])),
        "nearest": _nearest_records(found.nearest),
        "assessment": _plain(found.assessment),
        "notes": list(found.notes),
        "data_version": found.data_version,
    }


def _nearest_records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    rows = _records(frame)
    return [{key: None if value == "" and key != "nil" else value for key, value in row.items()} for row in rows]


def _print_nearest(frame: pd.DataFrame) -> None:
    columns = ["class", "name", "distance_km", "low_km", "high_km", "azimuth_deg", "method", "nil", "source", "as_of"]
    _print_table("Nearest", columns, frame[columns].itertuples(index=False))


@app.command()
def nearest(
    *,
    lon: Annotated[float, typer.Option(help="Longitude, degrees east, -180 to 180.")],
    lat: Annotated[float, typer.Option(help="Latitude, degrees north, -90 to 90.")],
    classes: Annotated[list[str] | None, typer.Option("--class", help="Only these classes; may be repeated.")] = None,
    refreshed: Refreshed = False,
    as_json: JsonFlag = False,
) -> None:
    """Find the nearest of each infrastructure class for any point on Earth."""
    rows = measure_nearest(open_world(refreshed=refreshed), lon, lat, classes=classes or None)
    if as_json:
        _print_json(_nearest_records(rows))
    else:
        _print_nearest(rows)


def _chosen_world(source: str, *, refreshed: bool) -> World:
    """Return the catalogue's world, or the one of a user's file or PostgreSQL table, notes on stderr."""
    world = open_world(refreshed=refreshed)
    if not source:
        return world
    upload = read_sites_table(source) if is_address(source) else read_upload_file(Path(source))
    for note in upload.notes:
        typer.echo(f"note: {note}", err=True)
    for row, reason in upload.rejected:
        typer.echo(f"left out: row {row}: {reason}", err=True)
    return own_world(world, upload.sites)


def _weights(path: Path | None) -> dict[str, float] | None:
    if path is None:
        return None
    table = read_text_table(path)
    if list(table.columns[:2]) != ["criterion_id", "weight"]:
        _refuse(f"{path}: columns {', '.join(table.columns[:4])}; expected criterion_id,weight")
    weights: dict[str, float] = {}
    for line, (name, text) in enumerate(zip(table["criterion_id"], table["weight"], strict=True), start=2):
        number = as_number(text)
        if number is None:
            _refuse(f"{path}, line {line}: weight {text!r} is not a number")
        weights[name] = number
    return weights


def _write_table(world: World, table: pd.DataFrame, output: str) -> None:
    if is_address(output):
        shapes = list(world.sites.geometry.loc[table["site_id"]])
        write_chunks([gpd.GeoDataFrame(table.set_index("site_id"), geometry=shapes, crs="EPSG:4326")], output)
    else:
        write_whole(Path(output), csv_bytes(table))


@app.command()
def score(
    *,
    sites_from: Annotated[str, typer.Option("--sites", help="Your sites: a file, or a postgresql:// address.")] = "",
    profile: ProfileOption = "",
    weights: Annotated[Path | None, typer.Option(help="CSV with criterion_id,weight.")] = None,
    output: Annotated[str, typer.Option("-o", help="CSV file or postgresql:// address instead of printing.")] = "",
    refreshed: Refreshed = False,
    as_json: JsonFlag = False,
) -> None:
    """Score sites, 0 to 100, contributions beside the total."""
    world = _chosen_world(sites_from, refreshed=refreshed)
    table = score_table(world, profile=profile or None, weights=_weights(weights))
    if output:
        _write_table(world, table, output)
    if as_json:
        _print_json(_records(table))
    elif not output:
        columns = ["site_id", "total", "total_low", "total_high", "coverage", "gates"]
        ranked = table.sort_values("total", ascending=False, na_position="last")
        _print_table("Scores", columns, ranked[columns].itertuples(index=False))


@app.command()
def rank(
    *,
    profile: ProfileOption = "",
    draws: Annotated[int | None, typer.Option(min=1, max=1_000_000, help="Random draws of weights and values.")] = None,
    seed: Annotated[int, typer.Option(min=0, help="Seed of the draws.")] = 0,
    output: Annotated[Path | None, typer.Option("-o", help="Write a .pdf or .csv instead of printing.")] = None,
    as_json: JsonFlag = False,
) -> None:
    """Rank the sites and say how stable each rank is over weights and values."""
    world = open_world()
    if output is not None and output.suffix.lower() not in {".pdf", ".csv"}:
        _refuse(f"{output}: ending {output.suffix!r} names no format; use .pdf or .csv")
    if output is not None and output.suffix.lower() == ".pdf":
        write_whole(
            output, ranking_report(world, profile=profile or None, draws=draws, seed=seed, created=creation_date())
        )
        typer.echo(f"{output}: ranking")
        return
    table = rank_sites(world, profile or None, draws, seed)
    if output is not None:
        write_whole(output, csv_bytes(table))
        typer.echo(f"{output}: {len(table)} sites")
        return
    if as_json:
        _print_json(_records(table))
        return
    columns = ["peers", "rank", "site_id", "total", "first_share", "top3_share", "best_rank", "worst_rank", "gates"]
    _print_table("Ranks", columns, table[columns].itertuples(index=False))


@app.command()
def bill(site: str, *, as_json: JsonFlag = False) -> None:
    """Print the build-from-zero bill of one site, US$ million."""
    world = open_world()
    found = access_bill(world, _known(world, site))
    if as_json:
        document = {"site_id": found.site_id, "unit": "US$ million", **found.totals, "items": _records(found.items)}
        _print_json(_plain(document | {"left_out": found.left_out, "draws": found.draws, "seed": found.seed}))
        return
    columns = ["title", "quantity", "unit", "cost_low_usd_m", "cost_usd_m", "cost_high_usd_m", "tag", "source"]
    _print_table(f"Bill of {site}, US$ million", columns, found.items[columns].itertuples(index=False))
    typer.echo(f"itemised {found.base:,.0f} ({found.low:,.0f}–{found.high:,.0f})")
    typer.echo(f"with overrun P10 {found.p10:,.0f}, P50 {found.p50:,.0f}, P90 {found.p90:,.0f}")
    for text in found.left_out:
        typer.echo(f"- not priced: {text}")


@app.command()
def supply(
    site: str,
    *,
    to: Annotated[str, typer.Option(help="Only this refinery.")] = "",
    close: Annotated[list[str] | None, typer.Option(help="Passage to close, e.g. suez; may be repeated.")] = None,
    as_json: JsonFlag = False,
) -> None:
    """Show deposit → port → refinery, leg by leg, best first."""
    world = open_world()
    found = supply_routes(world, _known(world, site), to=to or None, closed=close or ())
    if as_json:
        _print_json(_supply_document(found))
        return
    typer.echo(f"{site}: ships {found.product} ({found.product_note}); port {found.port_name}: {found.port_rule}")
    for route in found.routes:
        marks = [route.bloc, route.status, route.fit, *(["planned"] if route.planned else [])]
        sums = (
            f"{route.distance_km:,.0f} km, {route.days:.0f} d, US$ {route.usd_per_t:.0f}/t" if route.days else "no sum"
        )
        typer.echo(f"\n{route.refinery_id} {route.refinery_name} [{', '.join(marks)}] {sums}")
        for leg in route.legs:
            ends = f"{leg.start.name} → {leg.end.name}"
            typer.echo(
                f"  {leg.mode:5} {ends}: {leg.distance_km:,.0f} km ({leg.low_km:,.0f}–{leg.high_km:,.0f}), {leg.method}"
            )
    typer.echo(f"\nbest running: {found.best or 'none'}; best allied: {found.best_allied or 'none'}")


def _supply_document(found: Supply) -> dict[str, Any]:
    document: dict[str, Any] = _plain(found)
    for route in document["routes"]:
        for leg in route["legs"]:
            leg["from"], leg["to"] = leg.pop("start"), leg.pop("end")
            leg.pop("line")
    return document


@app.command()
def export(
    layer: Annotated[str, typer.Argument(help="A layer id, or `all` for every site.")],
    *,
    output: Annotated[
        str, typer.Option("-o", help="File ending in .geojson, .gpkg, .parquet or .csv, or postgresql://")
    ],
    scores: Annotated[bool, typer.Option("--scores", help="Add the score columns to sites.")] = False,
) -> None:
    """Export a layer, with licences, dates and data version inside."""
    world = open_world()
    if is_address(output):
        frame, _ = export_frame(world, layer, scores=scores)
        count = write_chunks([frame], output)
        typer.echo(f"{parse_address(output).shown}: {count} features")
        return
    count = export_layer(world, layer, Path(output), scores=scores)
    typer.echo(f"{output}: {count} features")


@app.command()
def report(
    site: Annotated[list[str], typer.Argument(help="One or more site ids, or `all`.")],
    *,
    output: Annotated[Path, typer.Option("-o", help="Folder for the reports; made when missing.")],
    form: Annotated[ReportFormat, typer.Option("--format")] = ReportFormat.PDF,
    lang: Annotated[Language, typer.Option("--lang")] = Language.EN,
    compare: Annotated[bool, typer.Option("--compare", help="One PDF with 2 to 4 sites side by side.")] = False,
) -> None:
    """Print site-feasibility reports."""
    world = open_world()
    chosen = list(world.sites.index) if site == ["all"] else [_known(world, site_id) for site_id in dict.fromkeys(site)]
    try:
        output.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        _refuse(f"{output}: cannot be made a folder ({error.strerror}); choose another")
    created = creation_date()
    if compare:
        if not 2 <= len(chosen) <= 4:
            _refuse(f"--compare: {len(chosen)} sites; name 2 to 4")
        content = comparison_report(world, chosen, lang=lang.value, created=created)
        write_whole(output / f"{'-'.join(chosen)}.pdf", content)
        typer.echo(f"{output}: 1 comparison of {len(chosen)} sites")
        return
    with Progress(console=Console(stderr=True), disable=not sys.stderr.isatty()) as progress:
        for site_id in progress.track(chosen, description="Reports"):
            found = dossier(world, site_id)
            if form is ReportFormat.PDF:
                content = site_report(found, world=world, lang=lang.value, created=created)
            else:
                content = report_html(found, world=world, lang=lang.value, created=created).encode("utf-8")
            write_whole(output / f"{site_id}.{form.value}", content)
    typer.echo(f"{output}: {len(chosen)} {'report' if len(chosen) == 1 else 'reports'}")


@app.command(name="app")
def run_app(*, port: Annotated[int, typer.Option(min=1, max=65535, help="Port on 127.0.0.1.")] = 8501) -> None:
    """Start the page on 127.0.0.1."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        if os.name != "nt":
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            cure = f"stop what runs there or choose another, e.g. --port {port % 65535 + 1}"
            _refuse(f"port {port}: cannot be used ({error.strerror}); {cure}")
    typer.echo(f"Oreway: http://{HOST}:{port}  (stop with Ctrl-C)")
    script = Path(__file__).parent / "app.py"
    command = [sys.executable, "-m", "streamlit", "run", str(script), "--server.port", str(port)]
    command += ["--server.address", HOST, "--server.headless", "true", "--browser.gatherUsageStats", "false"]
    try:
        raise typer.Exit(subprocess.run(command, check=False, cwd=script.parent).returncode)  # noqa: S603 - our own words
    except KeyboardInterrupt:
        raise typer.Exit(0) from None


@app.command()
def refresh(
    layers: Annotated[list[str] | None, typer.Argument(metavar="[LAYER]...")] = None,
    *,
    service: Annotated[list[str] | None, typer.Option(help="Instead of the first choice; may be repeated.")] = None,
    radius_km: Annotated[float, typer.Option(min=1, max=200, help="How far round each site.")] = 30.0,
    as_json: JsonFlag = False,
) -> None:
    """Fetch layers anew from the official online services, when there is a network."""
    known = {found.id: found for found in read_services()}
    if wrong := [name for name in service or [] if name not in known]:
        _refuse(f"service {wrong[0]!r}: not known; choose from {', '.join(known)}")
    chosen = [known[name] for name in service] if service else None
    say = None if as_json else (lambda line: typer.echo(line, err=True))
    done = refresh_layers(layers or None, radius_km=radius_km, services=chosen, progress=say)
    if as_json:
        _print_json([_plain(about) for about in done])
    else:
        rows = [(about.layer_id, about.rows, about.retrieved, about.licence) for about in done]
        _print_table("Refreshed", ("layer", "rows", "retrieved", "licence"), rows)


@app.command()
def doctor() -> None:
    """Check data, versions and assets; say what is wrong and how to mend it."""
    catalog = read_catalog()
    complaints = [*data_complaints(), *cache_faults()]
    absent = [layer for layer in LAYERS if layer.dataset not in catalog]
    complaints += [f"layer {layer.id}: no data set in catalog.toml; run `make data`" for layer in absent]
    missing = [name for name in PACKAGES if importlib.util.find_spec(name) is None]
    complaints += [f"package {name}: not installed; run `make setup`" for name in missing]
    typer.echo(f"Oreway {release()}, data {data_version()}, Python {sys.version.split()[0]}, {len(catalog)} files")
    for complaint in complaints:
        typer.echo(complaint, err=True)
    if complaints:
        raise typer.Exit(2)
    typer.echo("all checksums right, nothing missing")


cli_batch.add(app)


def _one_line(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if os.environ.get("OREWAY_DEBUG"):
        traceback.print_exception(kind, error, trace)
    typer.echo(f"oreway: unexpected {kind.__name__}: {error} (set OREWAY_DEBUG=1 for details)", err=True)


def main() -> None:
    """Run a command; refusals are one message on stderr and exit code 2, never a traceback."""
    sys.excepthook = _one_line
    try:
        typer.main.get_command(app)()  # called through typer, it would put its own traceback printer in place
    except REFUSALS as error:
        typer.echo(f"oreway: {error}", err=True)
        sys.exit(2)


if __name__ == "__main__":
    main()
