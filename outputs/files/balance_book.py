"""The balance as an XLSX workbook: years by stages by blocs, bottleneck, gap, flows, and what all of it rests on."""

import datetime
import io
from collections.abc import Iterable, Mapping, Sequence

import pandas as pd
import xlsxwriter

from oreway.geo.files.cells import LONGEST_CELL
from oreway.geo.geojson import plain
from oreway.layers.read import read_table
from oreway.outputs.files.frames import provenance, site_layer_ids
from oreway.scoring.balance.answer import Balance
from oreway.scoring.balance.next_step import Step
from oreway.scoring.balance.passages import Longer
from oreway.scoring.balance.tables import ASSUMPTIONS, CAPACITY, DEMAND, SOURCES, Tables

README = "read me"
WIDTH, WIDE, READ_WIDTH = 14, 30, 120
TOLD = (
    "balance: t of oxide a year by year, stage and bloc. announced: everything on its date. record: by what is on"
    " record, P10, P50, P90 of the draws. possible: if every plant of which nothing is known took what it can.",
    "held_back_share: what of the tonnes at magnets the capacities of a stage hold it to; held back names the plants.",
    "gap: demand outside China by two published outlooks, and how far it is from possible P90 and from record P10.",
    "flows: what goes where if everything comes as announced. next steps: each alone, on the chain of today.",
    "capacity, assumptions, demand, mines: every figure with its page. The method: docs/method.md, section 14.",
)


def balance_book(found: Balance, tables: Tables, steps: Sequence[Step] = (), closures: Sequence[Longer] = ()) -> bytes:
    """Return the balance as XLSX; the same bytes for the same answer.

    Args:
        found: the balance.
        tables: the tables it rests on.
        steps: the next steps, the best first.
        closures: what closed passages add to the ways.
    """
    members = provenance(site_layer_ids())
    day = datetime.date.fromisoformat(str(members["created"]))
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"title": "Oreway", "created": datetime.datetime.combine(day, datetime.time())})
    head = book.add_format({"bold": True, "bottom": 1})
    page = book.add_worksheet(README)
    page.set_column(0, 0, READ_WIDTH)
    for row, line in enumerate(_read_me(found, members)):
        page.write_string(row, 0, line)
    for name, table in _sheets(found, tables, steps, closures):
        _sheet(book.add_worksheet(name), table, head)
    book.get_worksheet_by_name("balance").activate()
    book.close()
    return out.getvalue()


def _read_me(found: Balance, members: Mapping[str, object]) -> list[str]:
    asked = found.asked
    closed = ", ".join((*asked.closed, *asked.without)) or "nothing"
    lines = [
        f"Oreway {members['version']} · data {members['data_version']} · {members['created']}",
        f"{asked.element}; counted: {asked.rule}; {asked.draws} draws, seed {asked.seed}; closed: {closed}", *TOLD,
    ]  # fmt: skip
    for key in ("licences", "attributions"):
        told = members[key]
        lines += [f"{key}: {one}" for one in told] if isinstance(told, list) else []
    return lines


def _sheets(
    found: Balance, tables: Tables, steps: Sequence[Step], closures: Sequence[Longer]
) -> Iterable[tuple[str, pd.DataFrame]]:
    yield "balance", found.table
    yield (
        "held back",
        pd.DataFrame(
            [(one.year, one.stage, one.share, "; ".join(one.names)) for one in found.held],
            columns=["year", "stage", "share", "plants or mines"],
        ),
    )
    titles = [tables.demand_titles[str(name)] for name in found.demand["scenario"]]
    yield "gap", found.demand.assign(source=titles)
    yield "flows", pd.DataFrame(
        [
            (year, way.start.node_id, way.start.name, way.start.stage, way.end.node_id, way.end.name, way.end.stage,
             way.tonnes, way.arrives)
            for year, ways in found.ways.items() for way in ways
        ],
        columns=["year", "from_id", "from", "from_stage", "to_id", "to", "to_stage", "leaves_t", "arrives_t"],
    )  # fmt: skip
    if closures:
        yield "closures", pd.DataFrame(
            [
                (one.year, one.start.name, one.end.name, one.tonnes, one.km_before, one.extra_km, one.extra_days,
                 one.extra_usd_per_t, "no way left" if one.extra_km is None else "")
                for one in closures
            ],
            columns=["year", "from", "to", "t", "km_before", "extra_km", "extra_days", "extra_usd_per_t", "note"],
        )  # fmt: skip
    if steps:
        yield "next steps", pd.DataFrame(
            [
                (step.kind, "; ".join(step.names), "; ".join(step.stages), step.tonnes, step.at_most, step.capex_usd_m,
                 step.tonnes_per_usd_m, "; ".join(step.sources))
                for step in steps
            ],
            columns=["step", "name", "stages", "t_a_year_more", "at_most", "usd_m", "t_per_usd_m", "sources"],
        )  # fmt: skip
    capacity = read_table(CAPACITY)
    yield "capacity", capacity[capacity["element"] == found.asked.element]
    yield "assumptions", read_table(ASSUMPTIONS)
    yield "demand", read_table(DEMAND)
    yield "mines", read_table(SOURCES)


def _sheet(page: xlsxwriter.worksheet.Worksheet, table: pd.DataFrame, head: object) -> None:
    """Write a table, text as text; what is missing stays empty."""
    page.write_row(0, 0, [str(name) for name in table.columns], head)
    page.freeze_panes(1, 0)
    page.autofilter(0, 0, max(len(table), 1), max(len(table.columns) - 1, 0))
    for column, name in enumerate(table.columns):
        page.set_column(column, column, WIDTH if pd.api.types.is_numeric_dtype(table[name]) else WIDE)
        for row, cell in enumerate(table[name], start=1):
            value = plain(cell)
            if isinstance(value, str) and value:
                page.write_string(row, column, value[:LONGEST_CELL])
            elif value is not None and value != "":
                page.write(row, column, value)
