"""An XLSX workbook whose scores and bills are live formulas: change a weight or a cost, and the totals follow."""

import datetime
import io
import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd
import xlsxwriter
from xlsxwriter.utility import xl_col_to_name, xl_rowcol_to_cell

from oreway.geo.files.cells import LONGEST_CELL, arrow_table, with_shapes_as_text
from oreway.geo.geojson import plain
from oreway.outputs.files.frames import provenance, site_frame, site_layer_ids
from oreway.outputs.words.reason_texts import in_words
from oreway.scoring.build.bill import bills
from oreway.scoring.judge.assess import Assessment, assess_sites, reweigh, scored_sites
from oreway.scoring.judge.score import LEAST_COVERAGE
from oreway.scoring.measure.measure import measure
from oreway.scoring.price.breakeven import break_even
from oreway.scoring.price.economics import appraise
from oreway.scoring.rank.acceptability import LAND
from oreway.scoring.world.criteria import PROFILES
from oreway.scoring.world.world import World

OWN = "own"
SHEETS = ("read me", "sites", "weights", "values", "scores", "bill", "price", "break-even")
README, SITES, WEIGHTS, VALUES, SCORES, BILL, PRICE, BREAK_EVEN = SHEETS
HEAD = ("site_id", "name", "peers", "profile")
SUMS = ("total", "total_low", "total_high", "coverage", "rank")
BILL_COLUMNS = (
    "site_id", "name", "item_id", "title", "quantity_low", "quantity", "quantity_high", "unit", "unit_cost_low",
    "unit_cost", "unit_cost_high", "cost_low_usd_m", "cost_usd_m", "cost_high_usd_m", "year", "source",
)  # fmt: skip
PRICE_COLUMNS = ("site_id", "name", "case", "deck", "deck_usd_per_kg", "break_even_low", "break_even_usd_per_kg",
                 "break_even_high", "margin_usd_per_kg", "npv_usd_m", "source")  # fmt: skip
TOLD = (
    "Yellow cells are yours to change: the weights of a profile (sheet weights), the profile of a site (sheet scores),",
    "quantities and unit costs (sheet bill), prices (sheet price). Totals, ranks, bills and margins are formulas.",
    "sheet values: what each criterion is worth at each site, 0 to 1, with bounds; empty is unknown or does not apply.",
    "A total is taken over the known criteria; below the least coverage there is none, only bounds.",
    "sheet break-even: the price each site needs by published cost equations, P10 to P90, or what it lacks for one.",
    "The net present value (sheet price) is that of Oreway at the price of the deck and does not follow a change.",
)
FIRST = 1  # the row below the headings


class _Book:
    """The workbook while it is written."""

    def __init__(self, out: io.BytesIO, day: datetime.date) -> None:
        self.file = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
                                              "nan_inf_to_errors": False})  # fmt: skip
        self.file.set_properties({"title": "Oreway", "created": datetime.datetime.combine(day, datetime.time())})
        self.head = self.file.add_format({"bold": True, "bottom": 1})
        self.yours = self.file.add_format({"bg_color": "#fff2b3"})
        self.sheets = {name: self.file.add_worksheet(name) for name in SHEETS}

    def headings(self, sheet: str, names: Sequence[str], wide: int = 1) -> None:
        """Write the headings of a sheet and keep them and the first columns in sight."""
        page = self.sheets[sheet]
        page.write_row(0, 0, names, self.head)
        page.freeze_panes(FIRST, wide)
        page.set_column(0, len(names) - 1, 14)
        page.set_column(0, 1, 26)

    def row(self, sheet: str, row: int, cells: Iterable[object], column: int = 0, look: Any = None) -> None:
        """Write values as they are, text as text; what is missing stays empty."""
        for place, cell in enumerate(cells, start=column):
            value = plain(cell)
            if isinstance(value, str) and value:
                self.sheets[sheet].write_string(row, place, value[:LONGEST_CELL], look)
            elif value is not None and value != "":
                self.sheets[sheet].write(row, place, value, look)


def workbook(world: World, site_ids: Sequence[str] | None = None) -> bytes:
    """Return sites, weights, values, scores, bills and prices as XLSX with live formulas.

    Args:
        world: the opened world.
        site_ids: which sites; None for all.

    Raises:
        ScoringError: a site is not known.
    """
    chosen = scored_sites(world, site_ids)
    rows = measure(world, chosen)
    whole = assess_sites(world, chosen, weights=dict.fromkeys(world.criteria, 1.0))
    usual = reweigh(world, whole)
    members = provenance(site_layer_ids())
    out = io.BytesIO()
    book = _Book(out, datetime.date.fromisoformat(str(members["created"])))
    _read_me(book, members)
    _sites(book, world, site_ids)
    _weights(book, world)
    _values(book, world, whole)
    _scores(book, world, usual)
    _bill(book, world, chosen, rows)
    _price(book, world, chosen)
    _break_even(book, world, chosen)
    book.sheets[SCORES].activate()
    book.file.close()
    return out.getvalue()


def _break_even(book: _Book, world: World, chosen: Sequence[str]) -> None:
    table = in_words(break_even(world.sites.loc[list(chosen)], world.facts)).reset_index()
    table.insert(1, "name", [str(world.sites["name"][site_id]) for site_id in table["site_id"]])
    book.headings(BREAK_EVEN, [str(name) for name in table.columns], 2)
    for row, cells in enumerate(table.itertuples(index=False), start=FIRST):
        book.row(BREAK_EVEN, row, cells)


def _read_me(book: _Book, members: Mapping[str, object]) -> None:
    lines = [f"Oreway {members['version']} · data {members['data_version']} · {members['created']}", *TOLD]
    for key in ("licences", "attributions"):
        told = members[key]
        lines += [f"{key}: {one}" for one in told] if isinstance(told, list) else []
    for row, line in enumerate(lines):
        book.row(README, row, [line])
    book.sheets[README].set_column(0, 0, 120)


def _sites(book: _Book, world: World, site_ids: Sequence[str] | None) -> None:
    frame = site_frame(world, site_ids)
    table = with_shapes_as_text(arrow_table(frame)).to_pandas()
    book.headings(SITES, [str(name) for name in table.columns], 2)
    for row, cells in enumerate(table.itertuples(index=False), start=FIRST):
        book.row(SITES, row, cells)


def _weights(book: _Book, world: World) -> None:
    """Write a row a profile, a column a criterion; the profile `own` begins with equal weights."""
    book.headings(WEIGHTS, ["profile", *world.criteria])
    for row, profile in enumerate((*PROFILES, OWN), start=FIRST):
        weights = world.methods.profile_weights(PROFILES[-1] if profile == OWN else profile)
        book.row(WEIGHTS, row, [profile])
        book.row(WEIGHTS, row, [weights.get(name, 0.0) for name in world.criteria], 1, book.yours)
    book.row(WEIGHTS, len(PROFILES) + 3, ["least coverage", world.methods.parameters[LEAST_COVERAGE]])


def _values(book: _Book, world: World, found: Mapping[str, Assessment]) -> None:
    """Write low, base and high of each criterion in three blocks of columns."""
    blocks = [f"{name}_{bound}" for bound in ("value", "low", "high") for name in world.criteria]
    book.headings(VALUES, ["site_id", *blocks])
    for row, one in enumerate(found.values(), start=FIRST):
        book.row(VALUES, row, [one.site_id])
        for block, bound in enumerate((1, 0, 2)):
            cells = [one.values[name][bound] if name in one.values else None for name in world.criteria]  # noqa: PD011
            book.row(VALUES, row, cells, 1 + block * len(cells))


def _scores(book: _Book, world: World, found: Mapping[str, Assessment]) -> None:
    names, n = list(world.criteria), len(world.criteria)
    book.headings(SCORES, [*HEAD, *SUMS, *(f"{name}_contribution" for name in names)], 2)
    page, last = book.sheets[SCORES], len(found)
    profiles = f"{WEIGHTS}!$A${FIRST + 1}:$A${FIRST + len(PROFILES) + 1}"
    page.data_validation(FIRST, 3, last, 3, {"validate": "list", "source": f"={profiles}"})
    table = f"{WEIGHTS}!$B${FIRST + 1}:${xl_col_to_name(n)}${FIRST + len(PROFILES) + 1}"
    least = f"{WEIGHTS}!$B${len(PROFILES) + 4}"
    for row, one in enumerate(found.values(), start=FIRST):
        line = row + 1
        at_sea = world.sites["setting"][one.site_id] == "seabed"
        book.row(SCORES, row, [one.site_id, world.sites["name"][one.site_id], "seabed" if at_sea else LAND])
        book.row(SCORES, row, [one.profile], 3, book.yours)
        weights = f"INDEX({table},MATCH($D{line},{profiles},0),0)"
        value, low, high = (_span(row, 1 + block * n, n) for block in range(3))
        known, applied = (f"SUMPRODUCT({weights}*ISNUMBER({cells}))" for cells in (value, low))
        first, end = (f"${xl_col_to_name(len(HEAD) + len(SUMS) + at)}{line}" for at in (0, n - 1))
        peers, totals = (f"${c}${FIRST + 1}:${c}${last + 1}" for c in ("C", "E"))
        formulas = {
            "total": (f'=IF(H{line}>={least},SUM({first}:{end}),"")', one.total),
            "total_low": (f'=IF({applied}>0,100*SUMPRODUCT({weights},{low})/{applied},"")', one.total_low),
            "total_high": (f'=IF({applied}>0,100*SUMPRODUCT({weights},{high})/{applied},"")', one.total_high),
            "coverage": (f"=IF({applied}>0,{known}/{applied},0)", one.coverage),
            "rank": (f'=IF(ISNUMBER(E{line}),COUNTIFS({peers},C{line},{totals},">"&E{line})+1,"")', None),
        }
        for at, (formula, result) in enumerate(formulas.values(), start=len(HEAD)):
            page.write_formula(row, at, formula, None, "" if result is None else result)
        for at, name in enumerate(names):
            cell = f"{VALUES}!{xl_rowcol_to_cell(row, 1 + at, col_abs=True)}"
            weight = f"INDEX({table},MATCH($D{line},{profiles},0),{at + 1})"
            formula = f'=IF(AND(ISNUMBER({cell}),$H{line}>={least}),100*{weight}*{cell}/{known},"")'
            page.write_formula(row, len(HEAD) + len(SUMS) + at, formula, None, one.contributions.get(name, ""))


def _span(row: int, column: int, count: int) -> str:
    """Return the address of cells of one row of the sheet values."""
    return f"{VALUES}!${xl_col_to_name(column)}{row + 1}:${xl_col_to_name(column + count - 1)}{row + 1}"


def _bill(book: _Book, world: World, chosen: Sequence[str], rows: pd.DataFrame) -> None:
    """Write the items of all bills; a cost is quantity by unit cost, and each site's sum stands beside them."""
    found = bills(world, chosen, measurements=rows)
    book.headings(BILL, BILL_COLUMNS, 2)
    page, row = book.sheets[BILL], FIRST
    sums_at = len(BILL_COLUMNS) + 1
    for one in found.values():
        for item in one.items.to_dict("records"):
            known = {**item, "site_id": one.site_id, "name": world.sites["name"][one.site_id]}
            for place, name in enumerate(BILL_COLUMNS):
                if name.startswith("cost_"):
                    formula = f"={_at(name, 'quantity')}{row + 1}*{_at(name, 'unit_cost')}{row + 1}"
                    page.write_formula(row, place, formula, None, item[name])
                else:
                    mine = name.startswith(("quantity", "unit_cost"))
                    book.row(BILL, row, [known[name]], place, book.yours if mine else None)
            row += 1
    book.row(BILL, 0, ["site_id", "bill_low_usd_m", "bill_usd_m", "bill_high_usd_m"], sums_at, book.head)
    for line, one in enumerate(found.values(), start=FIRST):
        book.row(BILL, line, [one.site_id], sums_at)
        key = xl_rowcol_to_cell(line, sums_at, col_abs=True)
        for place, (name, result) in enumerate({"cost_low_usd_m": one.low, "cost_usd_m": one.base,
                                                "cost_high_usd_m": one.high}.items(), start=sums_at + 1):  # fmt: skip
            at = xl_col_to_name(BILL_COLUMNS.index(name))
            page.write_formula(line, place, f"=SUMIF($A$2:$A${row},{key},{at}$2:{at}${row})", None, result)


def _at(cost: str, what: str) -> str:
    """Return the column of the quantity or unit cost that a cost is of: low, base or high."""
    bound = cost.removeprefix("cost").removesuffix("_usd_m")
    return str(xl_col_to_name(BILL_COLUMNS.index(f"{what}{bound}")))


def _price(book: _Book, world: World, chosen: Sequence[str]) -> None:
    """Write what the sites with a published case need for a price, deck by deck, and the margin as a formula."""
    book.headings(PRICE, PRICE_COLUMNS, 2)
    row = FIRST
    for site_id in chosen:
        site = world.sites.loc[site_id]
        told = appraise(site_id, str(site["country_code"]), world.facts[world.facts["site_id"] == site_id])
        if not told.assessable or told.break_even_usd_per_kg is None:
            continue
        bounds = (told.break_even_low, told.break_even_usd_per_kg, told.break_even_high)
        for deck, price, value, _ in told.decks:
            book.row(PRICE, row, [site_id, site["name"], told.case, deck])
            book.row(PRICE, row, [price], 4, book.yours)
            book.row(PRICE, row, bounds, 5)
            margin = price - told.break_even_usd_per_kg
            book.sheets[PRICE].write_formula(row, 8, f"=E{row + 1}-G{row + 1}", None, margin)
            book.row(PRICE, row, [value if math.isfinite(value) else None, told.source_url], 9)
            row += 1
