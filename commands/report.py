"""`oreway report`."""

from __future__ import annotations

import errno
import os
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from oreway.commands._terminal import known, refuse
from oreway.later import later
from oreway.layers.answers import answer
from oreway.layers.registry import LAYERS
from oreway.layers.rule_days import rules_in_force, today
from oreway.layers.vocabulary import Role
from oreway.outputs.words.translation import LANGUAGES, SOURCE

with later(__name__):
    from rich.console import Console
    from rich.progress import Progress

    from oreway.outputs.files.files import creation_date, write_whole
    from oreway.outputs.report.report import atlas_report, comparison_report, report_html, site_content, site_reports
    from oreway.outputs.report.typeset import page, paper
    from oreway.scoring.dossier.dossier import dossiers
    from oreway.scoring.world.world import World, open_world

SEVERAL = frozenset({"all", *(layer.id for layer in LAYERS if layer.role in {Role.SITE, Role.FACILITY})})


class ReportFormat(StrEnum):
    """Formats of the report."""

    PDF = "pdf"
    HTML = "html"


SUFFIXES = tuple(f".{form.value}" for form in ReportFormat)


def _chosen(world: World, words: list[str]) -> list[str]:
    """Return the ids of the sites that words name: ids, layers of sites, or all."""
    found: list[str] = []
    for word in words:
        layer = world.sites["layer"] == word
        found += list(world.sites.index[layer | (word == "all")]) or [known(world, word)]
    return list(dict.fromkeys(found))


def _write_atlas(world: World, chosen: list[str], path: Path, lang: str) -> None:
    with Progress(console=Console(stderr=True), disable=not sys.stderr.isatty()) as progress:
        found = progress.track(dossiers(world, chosen), total=len(chosen), description="Reports")
        content = atlas_report(found, world=world, lang=lang, created=creation_date())
    write_whole(path, content)
    typer.echo(f"{path}: 1 atlas of {len(chosen)} {'site' if len(chosen) == 1 else 'sites'}")


def _names_file(output: Path) -> bool:
    return output.suffix.lower() in SUFFIXES and not output.is_dir()


def _check_folder(output: Path) -> None:
    """Refuse what is no folder before anything is computed for it."""
    if _names_file(output):
        refuse(f"{output}: several reports, one file; name a folder, or write --atlas or --compare for one PDF")
    if output.exists() and not output.is_dir():
        refuse(f"{output}: cannot be made a folder ({os.strerror(errno.EEXIST)}); choose another")


def _make_folder(output: Path) -> None:
    try:
        output.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        refuse(f"{output}: cannot be made a folder ({error.strerror}); choose another")


def _form(output: Path, asked: ReportFormat | None) -> ReportFormat:
    """Return the format asked for, or else the one a file is named after; refuse two that disagree."""
    named = ReportFormat(output.suffix.lower()[1:]) if _names_file(output) else None
    if asked and named and asked is not named:
        refuse(f"--format: {asked.value}, and the file {output} is named .{named.value}; leave one of them out")
    return asked or named or ReportFormat.PDF


def _write_one(site_id: str, output: Path, form: ReportFormat, lang: str) -> None:
    """Write the report of one site; contents of the same day stand ready where it was asked for before."""
    path = output if _names_file(output) else output / f"{site_id}.{form.value}"
    if path is not output:
        _check_folder(output)
    day = creation_date()
    asked = [site_id, lang, day.isoformat(), rules_in_force(today())]
    told = answer(f"report {asked}", lambda: _content(site_id, lang))
    _make_folder(path.parent)
    made = paper(told, day) if form is ReportFormat.PDF else page(told).encode("utf-8")
    write_whole(path, made)
    typer.echo(f"{output}: 1 report")


def _content(site_id: str, lang: str) -> dict[str, Any]:
    world = open_world()
    dossier = next(iter(dossiers(world, [known(world, site_id)])))
    return site_content(dossier, world=world, lang=lang, created=creation_date())


def run(
    site: Annotated[list[str], typer.Argument(help="One or more site ids, layers of sites, or `all`.")],
    *,
    output: Annotated[Path, typer.Option("-o", help="Folder for reports, made when missing; or one .pdf or .html.")],
    form: Annotated[ReportFormat | None, typer.Option("--format", help="[default: pdf]", show_default=False)] = None,
    lang: Annotated[str, typer.Option("--lang", help=f"One of {', '.join(LANGUAGES)}.")] = SOURCE,
    compare: Annotated[bool, typer.Option("--compare", help="One PDF with 2 to 4 sites side by side.")] = False,
    atlas: Annotated[bool, typer.Option("--atlas", help="All in one PDF: contents, page numbers, index map.")] = False,
) -> None:
    """Print site-feasibility reports."""
    if lang not in LANGUAGES:
        refuse(f"--lang: {lang!r} is no language of the report; write one of {', '.join(LANGUAGES)}")
    wanted = _form(output, form)
    if len(site) == 1 and site[0] not in SEVERAL and not (compare or atlas):
        _write_one(site[0], output, wanted, lang)
        return
    if (atlas or compare) and wanted is not ReportFormat.PDF:
        refuse(f"--{'atlas' if atlas else 'compare'}: a PDF, not {wanted.value}")
    if not (atlas or compare):
        _check_folder(output)
    world = open_world()
    chosen = _chosen(world, site)
    if compare and not atlas and not 2 <= len(chosen) <= 4:
        refuse(f"--compare: {len(chosen)} sites; name 2 to 4")
    if not _names_file(output):
        _make_folder(output)
    if atlas:
        _write_atlas(world, chosen, output if _names_file(output) else output / "atlas.pdf", lang)
        return
    created = creation_date()
    if compare:
        content = comparison_report(world, chosen, lang=lang, created=created)
        write_whole(output if _names_file(output) else output / f"{'-'.join(chosen)}.pdf", content)
        typer.echo(f"{output}: 1 comparison of {len(chosen)} sites")
        return
    with Progress(console=Console(stderr=True), disable=not sys.stderr.isatty()) as progress:
        found = dossiers(world, chosen)
        if wanted is ReportFormat.PDF:
            reports = site_reports(found, world=world, lang=lang, created=created)
        else:
            pages = (report_html(one, world=world, lang=lang, created=created) for one in found)
            reports = (page.encode("utf-8") for page in pages)
        made = zip(chosen, reports, strict=True)
        for site_id, content in progress.track(made, total=len(chosen), description="Reports"):
            write_whole(output / f"{site_id}.{wanted.value}", content)
    typer.echo(f"{output}: {len(chosen)} {'report' if len(chosen) == 1 else 'reports'}")
