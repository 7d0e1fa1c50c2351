"""The tables of the balance: what plants and mines could make, what is assumed, what is wanted; read and checked."""

import dataclasses
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

import pandas as pd

from oreway.layers.catalog import DATA
from oreway.layers.errors import SchemaError
from oreway.layers.read import read_table
from oreway.layers.schema import as_number
from oreway.layers.vocabulary import PlantStatus, Stage, Standing

ELEMENTS = ("NdPr", "DyTb")
ORE, CONCENTRATE, CRACKING, SEPARATION = "ore", "concentrate", "cracking_leaching", "separation"
METAL, ALLOY, MAGNET = "metal", "alloy", "magnet"
STAGES = (ORE, CONCENTRATE, CRACKING, SEPARATION, METAL, ALLOY, MAGNET)
SOLD = STAGES[:3]  # what mines sell
# at which steps a figure of what comes out separated may stand
BEFORE = {"separated_oxide": STAGES[:2], "separated_from_carbonate": (CRACKING,)}
RUNNING, COMMISSIONING, BUILDING, PLANNED = "running", "commissioning", "building", "planned"
STATES = (RUNNING, COMMISSIONING, BUILDING, PLANNED)
REACHED: Mapping[str, tuple[str, ...]] = {  # how far a phase may be at a site of this stage; at any other it is planned
    Stage.PRODUCING: STATES, PlantStatus.OPERATING: STATES, PlantStatus.UNKNOWN: STATES,
    Stage.COMMISSIONING: STATES[1:], PlantStatus.COMMISSIONING: STATES[1:],
    Stage.CONSTRUCTION: STATES[2:], PlantStatus.BUILDING: STATES[2:],
}  # fmt: skip
OUTSIDE = "name:"  # mines that are not in the catalogue
CAPACITY, ASSUMPTIONS, DEMAND, SOURCES = (
    "balance_capacity", "balance_assumptions", "balance_demand", "balance_sources",
)  # fmt: skip
MONTHS = 12
USD, AUD = "US$", "A$"  # US$ per A$ stands in cash_flow.csv, of other money in the assumptions


@dataclasses.dataclass(frozen=True, kw_only=True)
class Range:
    """A figure with its bounds; base is the middle of the bounds where none is given."""

    low: float
    base: float
    high: float


@dataclasses.dataclass(frozen=True, kw_only=True)
class Phase:
    """What one phase of a mine or plant could make of an element at one stage.

    tonnes: t of the element's oxide a year, None where no figure is on record; start: year as a number (2028.5 is July
    2028), None where none was named; until: the last year; bound: the part of a mine's figure that contracts bind, the
    rest is free; capex_m: millions of `currency`, None where not read.
    """

    node_id: str
    project: str
    stage: str
    element: str
    phase: str
    tonnes: Range | None
    bound: float
    state: str
    start: float | None
    until: int | None
    capex_m: float | None
    currency: str
    source_url: str
    source_title: str
    as_of: str
    note: str

    @property
    def key(self) -> str:
        """Return what is built as one thing: the project named, else the phase of the mine or plant."""
        return self.project or f"{self.node_id.removeprefix(OUTSIDE)}:{self.phase}".rstrip(":")


@dataclasses.dataclass(frozen=True, kw_only=True)
class Mine:
    """A mine outside the catalogue: where it stands, who owns it, what it sells."""

    node_id: str
    name: str
    country_code: str
    owner_country: str
    form: str
    host_mineral: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class Tables:
    """Everything the balance rests on besides the evidence of the chain."""

    phases: tuple[Phase, ...]
    mines: Mapping[str, Mine]
    assumed: Mapping[tuple[str, str], Range]
    demand: Mapping[str, tuple[tuple[int, float], ...]]
    demand_titles: Mapping[str, str]

    def number(self, name: str, key: str = "") -> float:
        """Return the base of an assumption."""
        return self.assumed[name, key].base

    def of(self, name: str) -> dict[str, Range]:
        """Return the assumptions of one name by their key."""
        return {key: value for (told, key), value in self.assumed.items() if told == name}

    @property
    def years(self) -> tuple[int, ...]:
        """Return the years of the balance."""
        return tuple(range(int(self.number("first_year")), int(self.number("last_year")) + 1))


def read_tables(data: Path = DATA) -> Tables:
    """Read the tables of the balance from data/methods.

    Raises:
        CatalogError: a table is missing.
        SchemaError: rows break the rules; all complaints at once.
    """
    rows = read_table(CAPACITY, data).to_dict("records")
    told = [{str(key): str(value) for key, value in row.items()} for row in rows]
    assumed_rows = read_table(ASSUMPTIONS, data).to_dict("records")
    keys = {(str(row["name"]), str(row["key"])) for row in assumed_rows}
    complaints = [text for i, row in enumerate(told, 2) for text in _complaints(row, f"{CAPACITY}.csv, line {i}", keys)]
    complaints += [
        f"{ASSUMPTIONS}.csv, line {i}: neither a base nor both bounds"
        for i, row in enumerate(assumed_rows, 2)
        if _range(row["low"], row["base"], row["high"]) is None
    ]
    if complaints:
        raise SchemaError("\n".join(complaints))
    assumed = {
        (str(row["name"]), str(row["key"])): found
        for row in assumed_rows
        if (found := _range(row["low"], row["base"], row["high"])) is not None
    }
    mines = {
        str(row["node_id"]): Mine(**{field.name: str(row[field.name]) for field in dataclasses.fields(Mine)})
        for row in read_table(SOURCES, data).to_dict("records")
    }
    demand: dict[str, list[tuple[int, float]]] = {}
    titles: dict[str, str] = {}
    for row in read_table(DEMAND, data).to_dict("records"):
        demand.setdefault(str(row["scenario"]), []).append((int(row["year"]), float(row["magnet_rare_earths_t"])))
        titles[str(row["scenario"])] = str(row["title"])
    return Tables(
        phases=tuple(_phase(row, assumed) for row in told), mines=mines, assumed=assumed,
        demand={name: tuple(sorted(points)) for name, points in demand.items()}, demand_titles=titles,
    )  # fmt: skip


def check_states(tables: Tables, sites: pd.DataFrame, feeds: pd.DataFrame) -> None:
    """Refuse a phase that is further than its site: one that runs at a plant whose opening nobody found, for one.

    Args:
        tables: the tables of the balance.
        sites: every site by site_id, with `stage` and `standing`.
        feeds: data/sites/plant_fit.csv, with the state of a unit where it is not the plant's.

    Raises:
        SchemaError: every such phase.
    """
    units = [
        (site_id, stage, state)
        for site_id, stages, state in zip(feeds["site_id"], feeds["stage"], feeds["stage_state"], strict=True)
        for stage in str(stages).split(";") if state
    ]  # fmt: skip
    complaints = []
    for phase in tables.phases:
        if phase.node_id.startswith(OUTSIDE):
            continue
        site = sites.loc[phase.node_id]
        own = {state for site_id, stage, state in units if (site_id, stage) == (phase.node_id, phase.stage)}
        states = own | {str(site["stage"])}
        may_be = {PLANNED, *(one for state in states for one in REACHED.get(state, ()))}
        if str(site["standing"]) in {Standing.ON_HOLD, Standing.BARRED, Standing.CANCELLED}:
            may_be = {PLANNED}
        if phase.state not in may_be:
            stands = ", ".join(sorted({*states, str(site["standing"])} - {""}))
            complaints.append(
                f"{CAPACITY}.csv: {phase.node_id} {phase.stage} {phase.element} {phase.phase}".rstrip()
                + f" is {phase.state}, but the site is {stands}; set it back, or the stage of the site forward"
            )
    if complaints:
        raise SchemaError("\n".join(complaints))


def _range(low: object, base: object, high: object) -> Range | None:
    """Return a figure with its bounds; a bound that is not given is the base, a base that is not given the middle."""
    numbers = [as_number(str(cell)) for cell in (low, base, high)]
    least, middle, most = numbers
    if middle is None:
        if least is None or most is None:
            return None
        middle = (least + most) / 2
    return Range(
        low=middle if least is None else min(least, middle), base=middle, high=middle if most is None else most
    )


def _phase(row: Mapping[str, str], assumed: Mapping[tuple[str, str], Range]) -> Phase:
    given = _range(row["low"], row["value"], row["high"])
    share = as_number(row["share"])
    content = Range(low=share, base=share, high=share) if share is not None else _content(row, assumed)
    tonnes = given and Range(
        low=given.low * content.low, base=given.base * content.base, high=given.high * content.high
    )
    until = as_number(row["until"])
    return Phase(
        node_id=row["node_id"], project=row["project"], stage=row["stage"], element=row["element"],
        phase=row["phase"], tonnes=tonnes, bound=as_number(row["bound"]) or 1.0, state=row["state"],
        start=_year(row["start"]),
        until=None if until is None else int(until),
        capex_m=as_number(row["capex_m"]), currency=row["currency"], source_url=row["source_url"],
        source_title=row["source_title"], as_of=row["as_of"], note=row["note"],
    )  # fmt: skip


def _content(row: Mapping[str, str], assumed: Mapping[tuple[str, str], Range]) -> Range:
    return assumed.get(("content", f"{row['basis']}|{row['element']}"), Range(low=1, base=1, high=1))


def _year(text: str) -> float | None:
    """Return a date as a number of years, the month's beginning; a year alone begins in January."""
    if not text:
        return None
    year, _, month = text.partition("-")
    return int(year) + (int(month[:2]) - 1) / MONTHS if month else float(year)


def _complaints(row: Mapping[str, str], where: str, assumed: Collection[tuple[str, str]]) -> Iterator[str]:
    for column, words in (("stage", STAGES), ("element", ELEMENTS), ("state", STATES)):
        if row[column] not in words:
            yield f"{where}: {column} {row[column]!r}; expected one of {', '.join(words)}"
    yield from (
        f"{where}: {column} is empty" for column in ("node_id", "source_url", "source_title") if not row[column]
    )
    yield from (
        f"{where}: {column} {row[column]!r}; expected a number or nothing"
        for column in ("value", "low", "high", "share", "bound", "until", "capex_m")
        if row[column] and as_number(row[column]) is None
    )
    bound = as_number(row["bound"])
    if bound is not None and not (0 < bound < 1 and row["stage"] in SOLD):
        yield f"{where}: bound {row['bound']!r}; expected the part of a mine's figure that contracts bind, below 1"
    basis = row["basis"]
    if (row["value"] or row["low"]) and not row["share"] and ("content", f"{basis}|{row['element']}") not in assumed:
        yield f"{where}: basis {basis!r} of {row['element']} has no content in {ASSUMPTIONS}.csv; add it, or a share"
    if row["stage"] not in BEFORE.get(basis, STAGES):
        yield f"{where}: basis {basis!r} is told before the losses of {', '.join(BEFORE[basis])}; mend basis or stage"
    if bool(row["capex_m"]) != bool(row["currency"]):
        yield f"{where}: capex_m and currency go together"
    if row["currency"] not in {"", USD, AUD} and ("usd_per", row["currency"]) not in assumed:
        yield f"{where}: no rate for currency {row['currency']!r}; add usd_per to {ASSUMPTIONS}.csv"
