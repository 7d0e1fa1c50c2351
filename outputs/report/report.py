"""Reports as PDF by typst (tagged, PDF/A, fonts embedded): a site, sites compared, ranks; a site as HTML page too."""

import datetime
import json
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pandas as pd

from oreway.outputs.files.files import creation_date
from oreway.outputs.pictures.fonts import printable
from oreway.outputs.report.atlas_content import atlas_content
from oreway.outputs.report.balance_content import balance_content
from oreway.outputs.report.comparison_content import comparison_content
from oreway.outputs.report.contents import Content
from oreway.outputs.report.ranking_content import ranking_content
from oreway.outputs.report.site_content import report_content
from oreway.outputs.report.typeset import TEMPLATE, page, typeset
from oreway.outputs.report.whatif_content import whatif_content
from oreway.outputs.words.formatting import Language
from oreway.scoring.balance.answer import Balance
from oreway.scoring.balance.next_step import Step
from oreway.scoring.balance.tables import Tables
from oreway.scoring.dossier.dossier import Dossier
from oreway.scoring.whatif.changes import FactChange
from oreway.scoring.whatif.closing import Closing
from oreway.scoring.whatif.whatif import Addition
from oreway.scoring.world.world import World

ATLAS = Path(__file__).with_name("atlas.typ")
COMPARISON, RANKING = Path(__file__).with_name("comparison.typ"), Path(__file__).with_name("ranking.typ")
WHAT_IF = Path(__file__).with_name("whatif.typ")
BALANCE = Path(__file__).with_name("balance.typ")


def _printable(value: Any) -> Any:
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, dict):
        return {key: _printable(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_printable(item) for item in value]
    return value


def report_date(created: datetime.date | None = None) -> datetime.date:
    """Return the date a report carries: the given one, else that of `creation_date`.

    Raises:
        OutputError: SOURCE_DATE_EPOCH is not a number of seconds.
    """
    return creation_date() if created is None else created


def compiled(template: Path, content: Content, created: datetime.date) -> bytes:
    """Return a template filled with content as PDF, tagged and checked by the compiler as PDF/UA-1 and PDF/A-2a.

    Texts reach the template as data and are never read as markup; letters no shipped font draws are marked.
    """
    data = json.dumps(_printable(content), ensure_ascii=False, allow_nan=False)
    return typeset(template, data, created)


def site_report(
    dossier: Dossier, *, world: World, lang: Language = "en", created: datetime.date | None = None
) -> bytes:
    """Return the report of one site as PDF, the same bytes for the same dossier, world and date."""
    day = report_date(created)
    return compiled(TEMPLATE, report_content(dossier, world=world, lang=lang, created=day), day)


def site_reports(
    found: Iterable[Dossier], *, world: World, lang: Language = "en", created: datetime.date | None = None
) -> Iterator[bytes]:
    """Yield the reports of many sites as PDF, as `site_report` makes them; one is typeset while the next is drawn."""
    day = report_date(created)
    with ThreadPoolExecutor(1) as typesetter:
        before: Future[bytes] | None = None
        for dossier in found:
            content = report_content(dossier, world=world, lang=lang, created=day)
            now = typesetter.submit(compiled, TEMPLATE, content, day)
            if before is not None:
                yield before.result()
            before = now
        if before is not None:
            yield before.result()


def atlas_report(
    found: Iterable[Dossier], *, world: World, lang: Language = "en", created: datetime.date | None = None
) -> bytes:
    """Return the reports of many sites as one PDF with contents, page numbers and an index map.

    Args:
        found: the sites, at least one, in the order they are printed.
        world: the world they are judged in.
        lang: language of the words.
        created: the day it carries; that of `creation_date` by default.
    """
    day = report_date(created)
    return compiled(ATLAS, atlas_content(found, world=world, lang=lang, created=day), day)


def comparison_report(
    world: World, site_ids: Sequence[str], *, lang: Language = "en", created: datetime.date | None = None
) -> bytes:
    """Return two to four sites side by side as PDF.

    Raises:
        OutputError: fewer than two sites or more than four.
        ScoringError: a site is not known.
    """
    day = report_date(created)
    return compiled(COMPARISON, comparison_content(world, site_ids, lang=lang, created=day), day)


def ranking_report(
    world: World,
    *,
    profile: str | None = None,
    draws: int | None = None,
    seed: int = 0,
    lang: Language = "en",
    created: datetime.date | None = None,
) -> bytes:
    """Return the ranks of all scored sites, and how sure they are, as PDF.

    Raises:
        ScoringError: an unknown profile, or fewer than one draw.
    """
    day = report_date(created)
    content = ranking_content(world, profile=profile, draws=draws, seed=seed, lang=lang, created=day)
    return compiled(RANKING, content, day)


def balance_report(
    found: Balance, tables: Tables, steps: Sequence[Step], *, year: int, data_version: str, lang: Language = "en",
    created: datetime.date | None = None,
) -> bytes:  # fmt: skip
    """Return what could reach magnets without a Chinese step, on one page, as PDF."""
    day = report_date(created)
    content = balance_content(found, tables, steps, year=year, data_version=data_version, created=day, lang=lang)
    return compiled(BALANCE, content, day)


def whatif_report(
    world: World,
    table: pd.DataFrame,
    built: Sequence[Addition],
    steps: Sequence[FactChange | Closing],
    *,
    lang: Language = "en",
    created: datetime.date | None = None,
) -> bytes:
    """Return every site before and after what was built and changed as PDF.

    Args:
        world: the world as it is.
        table: rows of `scoring.whatif.whatif.compare`.
        built: what was built.
        steps: the facts changed and what is closed.
        lang: language of the words.
        created: the day it carries; that of `creation_date` by default.
    """
    day = report_date(created)
    return compiled(WHAT_IF, whatif_content(world, table, built, steps, lang=lang, created=day), day)


def report_html(dossier: Dossier, *, world: World, lang: Language = "en", created: datetime.date | None = None) -> str:
    """Return the report of one site as one HTML page that needs no other file; every text is escaped."""
    return page(site_content(dossier, world=world, lang=lang, created=report_date(created)))


def site_content(dossier: Dossier, *, world: World, lang: Language, created: datetime.date) -> dict[str, Any]:
    """Return what the report of one site is made of, letters that no shipped font draws marked, as JSON holds it."""
    content: dict[str, Any] = _printable(report_content(dossier, world=world, lang=lang, created=created))
    return content
