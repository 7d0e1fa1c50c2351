"""Write docs/data.md from the catalogue, the site tables and the facts, so that it never disagrees with them."""

from pathlib import Path

import pandas as pd

from oreway.layers.backing import decides
from oreway.layers.catalog import Dataset, data_version, read_catalog
from oreway.layers.read import current, read_facts, read_sites
from oreway.layers.schema import as_number
from oreway.layers.vocabulary import Backing, Confidence

PAGE = Path(__file__).parent.parent / "docs" / "data.md"
HEAD = """# Where the facts come from

Made by `make data` from data/catalog.toml and data/sites; do not edit by hand.

Correct a fact by editing one line of a `data/sites/*_facts.csv` file and running `make data`. Every fact carries
value, unit, category, date, source and confidence; conflicts are kept as conflicts, gaps as gaps.

The date is that of the figure as the page prints it, never finer than printed; where the page gives the figure none,
the day of the page. `checked` says when a row was last read against its page.
"""
DECIDING = """## What the deciding figures rest on

Tonnes, grades, the pace of mining and money that hold today. *Adds up*: one weak page prints it, and it makes the
total, mean or product that stronger figures print. *One weak*: one page of the trade press, a digest or a wiki alone;
page, report, `show` and `price` say so beside the figure.
"""


def _cell(value: object) -> str:
    return str(value).replace("|", "\\|").replace("\n", " ")


def _table(header: tuple[str, ...], rows: list[tuple[object, ...]]) -> str:
    lines = ["| " + " | ".join(header) + " |", "|" + "---|" * len(header)]
    return "\n".join([*lines, *("| " + " | ".join(_cell(value) for value in row) + " |" for row in rows)])


def _dataset(dataset: Dataset) -> str:
    package = f" from {dataset.source_package} {dataset.source_version}" if dataset.source_package else ""
    lines = [
        f"### {dataset.title}",
        "",
        f"`data/{dataset.file}` · {dataset.geometry_type}{f' · {dataset.rows:,} rows' if dataset.rows else ''}",
        "",
        f"- Licence of the data: {dataset.licence}",
        f"- Attribution: {dataset.attribution}",
        f"- Source: <{dataset.source_url}>{package}, retrieved {dataset.retrieved}",
        f"- Changes: {dataset.changes}",
        *(f"- Known defect: {defect}" for defect in dataset.known_defects),
        "",
    ]
    return "\n".join(lines)


def _site_counts(sites: pd.DataFrame, facts: pd.DataFrame) -> str:
    layer_of = facts["site_id"].map(sites["layer"])
    rows = []
    for layer_id, group in sites.groupby("layer", sort=False):
        own = facts[layer_of == layer_id]
        count = own["confidence"].value_counts()
        rows.append((layer_id, len(group), len(own), *(int(count.get(word.value, 0)) for word in Confidence)))
    return _table(("layer", "sites", "facts", *(word.value for word in Confidence)), rows)


def _resources(sites: pd.DataFrame, facts: pd.DataFrame) -> str:
    facts = current(facts)
    tonnages = facts[facts["field"].isin(["resource_mt", "reserve_mt"]) & facts["value"].map(as_number).notna()]
    header = ("site", "field", "category", "code", "Mt", "as of", "confidence", "source")
    rows = [
        (sites.loc[f.site_id, "name"], f.field, f.category, f.code, f.value, f.as_of, f.confidence, f.source_title)
        for f in tonnages.itertuples()
    ]
    return _table(header, rows)


def _deciding(sites: pd.DataFrame, facts: pd.DataFrame) -> str:
    deciding = facts[facts["field"].map(decides) & (facts["rests_on"] != "")]
    layer_of = deciding["site_id"].map(sites["layer"])
    rows = []
    for layer_id in sites["layer"].unique():
        count = deciding[layer_of == layer_id]["rests_on"].value_counts()
        rows.append((layer_id, int(count.sum()), *(int(count.get(word.value, 0)) for word in Backing)))
    return _table(("layer", "figures", *(word.value for word in Backing)), rows)


def page() -> str:
    """Return the text of docs/data.md."""
    sites, facts = read_sites(), read_facts()
    parts = [HEAD, f"Data version `{data_version()}`.", "", "## Sites and facts", "", _site_counts(sites, facts), ""]
    parts += [DECIDING, _deciding(sites, facts), ""]
    parts += ["## Tonnages: never summed across categories", "", _resources(sites, facts), "", "## Files", ""]
    parts += [_dataset(dataset) for dataset in read_catalog().values()]
    return "\n".join(parts).rstrip() + "\n"


def main() -> None:
    """Write docs/data.md."""
    PAGE.write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
