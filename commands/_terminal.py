"""What the commands share: their common options, their tables, their JSON and their refusals."""

from __future__ import annotations

import dataclasses
import difflib
import json
import math
import os
import socket
import sys
from collections.abc import Iterable
from typing import Annotated, Any, NoReturn

import typer

from oreway.later import later
from oreway.scoring.reasons import Note, Reason

with later(__name__):
    import pandas as pd
    from rich.console import Console
    from rich.table import Table

    from oreway.layers.upload.upload import Upload
    from oreway.outputs.words.reason_texts import plain_text
    from oreway.scoring.world.world import World

HOST = "127.0.0.1"
MOST_NAMED = 50
ASKED_FOR = frozenset({"FORCE_COLOR", "TTY_COMPATIBLE"})  # with one of them rich may see a terminal where there is none
ProfileOption = Annotated[str, typer.Option(help="Weight profile; by default each site's own setting.")]
Refreshed = Annotated[bool, typer.Option("--refreshed", help="Use layers fetched by `oreway refresh`.")]
LayerOption = Annotated[
    str, typer.Option("--layer", "--sheet", help="Layer or sheet to read, where the file holds several.")
]
SystemOption = Annotated[
    str, typer.Option("--crs", help="Reference system of the positions, e.g. EPSG:28351, where the file does not say.")
]
JsonFlag = Annotated[bool, typer.Option("--json", help="Print one JSON document and nothing else.")]


def refuse(message: str) -> NoReturn:
    typer.echo(f"oreway: {message}", err=True)
    raise typer.Exit(2)


def free_port(port: int) -> None:
    """Refuse a port of this machine that cannot be used, with another to try."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        if os.name != "nt":
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            cure = f"stop what runs there or choose another, e.g. --port {port % 65535 + 1}"
            refuse(f"port {port}: cannot be used ({error.strerror}); {cure}")


def left_out(upload: Upload) -> list[str]:
    """Return the rows of a file that were left out, those with the same reason as one line where they are many."""
    by_reason: dict[str, list[int]] = {}
    for row, reason in upload.rejected:
        by_reason.setdefault(reason, []).append(row)
    if len(upload.rejected) <= MOST_NAMED:
        return [f"{upload.counted} {row}: {reason}" for row, reason in upload.rejected]
    told = [
        f"{len(rows):,} {upload.counted}s, the first of them {rows[0]}: {reason}"
        for reason, rows in sorted(by_reason.items(), key=lambda one: -len(one[1]))
    ]
    more = len(told) - MOST_NAMED
    return [*told[:MOST_NAMED], *([f"{more:,} reasons more"] if more > 0 else [])]


def plain(value: Any) -> Any:
    """Return a value JSON can hold: missing numbers become null, enumerations their words, reasons their sentences."""
    if isinstance(value, (Note, Reason)):
        return plain_text(value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, (bool, str)) or value is None:
        return value
    if hasattr(value, "item"):
        return plain(value.item())
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return value if isinstance(value, int) else str(value)


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    records = frame.to_dict("records")
    return [{str(key): _null(value) for key, value in record.items()} for record in records]


def _null(value: Any) -> Any:
    if value is None or value is pd.NA or (isinstance(value, float) and not math.isfinite(value)):
        return None
    return plain(value)


def print_json(document: Any) -> None:
    typer.echo(json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False))


def print_table(title: str, columns: Iterable[str], rows: Iterable[Iterable[object]]) -> None:
    names = list(columns)
    out = Console() if sys.stdout.isatty() or ASKED_FOR & set(os.environ) else None
    if out is None or not out.is_terminal:
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
    text = plain_text(value) if isinstance(value, (Note, Reason)) else str(value)
    return text.replace("\t", " ").replace("\n", " ")


def known(world: World, site_id: str) -> str:
    if site_id in world.sites.index:
        return site_id
    near = difflib.get_close_matches(site_id.lower(), list(world.sites.index), n=3, cutoff=0.4)
    hint = f"; did you mean {', '.join(near)}?" if near else "; `oreway sites` lists them"
    refuse(f"site {site_id!r}: not known{hint}")


def say_refreshed(version: str) -> None:
    """Say on the error channel which fetched layers stand in for shipped ones, and from when, by the data version."""
    _, *marks = version.split("+")
    layers = [mark.rpartition("-")[0].split("-", 1) for mark in marks]
    told = "; ".join(f"{layer_id}, {date}" for layer_id, date in layers)
    typer.echo(
        f"Fetched layers in use: {told}" if told else "No fetched layer in the cache: all layers are shipped", err=True
    )
