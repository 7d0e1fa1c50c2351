"""`oreway price`."""

from pathlib import Path
from typing import Annotated

import pandas as pd
import typer

from oreway.commands._terminal import JsonFlag, print_json, print_table, records, refuse
from oreway.layers.read import read_facts, read_sites
from oreway.outputs.files.export import csv_bytes
from oreway.outputs.files.files import write_whole
from oreway.outputs.words.reason_texts import in_words, plain_text
from oreway.scoring.price.breakeven import DRAWS, break_even, drivers
from oreway.scoring.price.cases import PRICED_KINDS
from oreway.scoring.price.decks import DECKS
from oreway.scoring.price.floor import PRODUCTS, YEARS, Offer, floor_for, offers, supply_curve
from oreway.scoring.sayings import ScoringSaying

COLUMNS = ("site_id", "unit", "p10", "p50", "p90", "t_per_y", "ndpr_p50", *(f"survive_{deck}" for deck in DECKS))


def run(
    site: Annotated[list[str] | None, typer.Argument(help="Only these sites.")] = None,
    *,
    every: Annotated[bool, typer.Option("--all", help="Every site, those without a price too.")] = False,
    deck: Annotated[str, typer.Option(help=f"Show and sort by one price deck: {', '.join(DECKS)}.")] = "",
    floor: Annotated[bool, typer.Option("--floor", help="What a floor under the NdPr price brings.")] = False,
    product: Annotated[str, typer.Option(help=f"With --floor: {' or '.join(PRODUCTS)}.")] = "NdPr",
    year: Annotated[list[int] | None, typer.Option(help="With --floor: sites that start by then.")] = None,
    tonnes: Annotated[float, typer.Option(help="With --floor: the floor that brings so many tonnes a year.")] = 0.0,
    only_firm: Annotated[bool, typer.Option("--firm", help="Without figures that one weak page alone prints.")] = False,
    draws: Annotated[int, typer.Option(min=100, max=1_000_000, help="Draws a site.")] = DRAWS,
    seed: Annotated[int, typer.Option(min=0, help="Seed of the draws.")] = 0,
    output: Annotated[Path | None, typer.Option("-o", help="Write the table as .csv.")] = None,
    as_json: JsonFlag = False,
) -> None:
    """Print the price each site needs to break even, P10 to P90, what drives it, and how it fares under price decks."""
    if deck and deck not in DECKS:
        refuse(f"deck {deck!r}: not known; choose {', '.join(DECKS)}")
    if output is not None and output.suffix.lower() != ".csv":
        refuse(f"{output}: ending {output.suffix!r}; the table is written as .csv")
    sites, facts = read_sites(), read_facts()
    if floor:
        found = offers(sites, facts, draws=draws, seed=seed, only_firm=only_firm)
        _floor(found, product, year or list(YEARS), tonnes, output, as_json=as_json)
        return
    known = _chosen(sites, site or [])
    chosen = facts[facts["site_id"].isin(known)]
    table = break_even(sites.loc[known], chosen, draws=draws, seed=seed, only_firm=only_firm)
    if not every and not site:
        table = table[table["p50"].notna()]
    if deck:
        table = table.sort_values(f"survive_{deck}", ascending=False, na_position="last", kind="stable")
    _write(table.reset_index(), output)
    if as_json:
        print_json(
            {"money_of": 2024, "draws": draws, "seed": seed, "firm": only_firm, "sites": records(table.reset_index())}
        )
        return
    _print(table, deck)


def _chosen(sites: pd.DataFrame, wanted: list[str]) -> list[str]:
    for one in wanted:
        if one not in sites.index:
            refuse(f"site {one!r}: not known; `oreway sites` lists them")
        kind = sites.loc[one, "kind"]
        if kind not in PRICED_KINDS:
            refuse(str(ScoringSaying.NO_PRICE(repr(one), kind)))
    return wanted or [str(site_id) for site_id in sites.index]


def _write(table: pd.DataFrame, output: Path | None) -> None:
    if output is not None:
        write_whole(output, csv_bytes(in_words(table)))
        typer.echo(f"{output}: {len(table)} rows", err=True)


def _print(table: pd.DataFrame, deck: str) -> None:
    columns = [name for name in COLUMNS if not deck or not name.startswith("survive_") or name == f"survive_{deck}"]
    priced = table[table["p50"].notna()].reset_index() if "p50" in table else table.iloc[:0].reset_index()
    rows = [[row[name] for name in columns] + [_driven(row)] for _, row in priced.iterrows()]
    if rows:
        print_table("Break-even, money of 2024", [*columns, "driven by"], rows)
    for site_id, row in table[table["missing"].map(bool)].iterrows():
        typer.echo(f"- {site_id}: no price; missing {plain_text(row['missing'])}")
    for site_id, row in table[~table["missing"].map(bool)].iterrows():
        told = f"study {row['case']}" if row["case"] else "published estimators"
        weak = f"; on one weak page: {row['one_weak']}" if row["one_weak"] else ""
        most = row["held_mt_per_y"]
        held = "" if pd.isna(most) else f"; ore rate held at {most:g} Mt a year, the largest a study of its kind plans"
        typer.echo(f"- {site_id}: costs by {told}; own facts: {row['from_site'] or 'none'}{held}{weak}")


def _driven(row: pd.Series) -> str:
    return ", ".join(f"{name.replace('_', ' ')} {share:.0%}" for name, share in drivers(row))


def _floor(
    found: list[Offer], product: str, years: list[int], tonnes: float, output: Path | None, *, as_json: bool
) -> None:
    curves = {year: supply_curve(found, product, year) for year in years}
    needed = {year: floor_for(curve, tonnes) for year, curve in curves.items()} if tonnes > 0 else {}
    whole = pd.concat([curve.assign(product=product, year=year) for year, curve in curves.items()])
    _write(whole, output)
    if as_json:
        curve_json = {"product": product, "unit": "t/y", "floor_unit": "US$/kg NdPr oxide", "curve": records(whole)}
        print_json(
            curve_json | {"tonnes": tonnes or None, "floor_for": {str(year): one for year, one in needed.items()}}
        )
        return
    for year, curve in curves.items():
        print_table(f"{product} oxides by {year}, t/y", curve.columns, curve.itertuples(index=False))
    for year, one in needed.items():
        told = ", ".join(
            f"{name.upper()} {price:,.0f}" if price else f"{name.upper()} none" for name, price in one.items()
        )
        typer.echo(f"{tonnes:,.0f} t/y of {product} by {year}: floor in US$/kg NdPr for {told}")
