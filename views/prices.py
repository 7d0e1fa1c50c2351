"""The price page: what every site needs, which deck it survives, what a floor brings, and how far to trust it."""

import math

import pandas as pd
import streamlit as st

from oreway.outputs.files.export import csv_bytes
from oreway.outputs.pictures.price_charts import curve_chart, floors_chart
from oreway.outputs.words.formatting import note_text, number
from oreway.outputs.words.price_texts import driver_words, word
from oreway.scoring.price.decks import DECKS
from oreway.scoring.price.economics import price_decks
from oreway.scoring.price.floor import FLOORS, PRODUCTS, YEARS, floor_for
from oreway.scoring.price.studies import CAPITAL, CHECK, NEEDED, OPERATING, score
from oreway.views import answers, cached
from oreway.views.address import FIRM_KEY, ONLY_KEY, TONNES, TONNES_KEY, USUAL_TONNES
from oreway.views.grids import grid, in_words
from oreway.views.guard import guarded
from oreway.views.lists import site_names
from oreway.views.pictures import show
from oreway.views.start import title
from oreway.views.state import language, settle, ui

PRODUCT_KEY = "prices_product"
MOST_ROWS, DIGITS = 14, 3  # no price is known to more figures


def table_of(table: pd.DataFrame, names: dict[str, str]) -> pd.DataFrame:
    """Return the prices as people read them, one row a site."""
    lang = language()
    rows = [
        {
            "name": names[str(site_id)], "product": word(f"sold_{row['product']}", lang), "unit": row["unit"],
            **{name: _figures(row[name]) for name in ("p10", "p50", "p90")}, "enters": _figures(row["ndpr_p50"]),
            "t_per_y": _figures(row["t_per_y"]),
            **{f"survive_{deck}": round(100 * row[f"survive_{deck}"], 1) for deck in DECKS},
            "drivers": driver_words(row, lang), "costs": row["case"] or ui("by_equations"),
        }
        for site_id, row in table.iterrows()
    ]  # fmt: skip
    return pd.DataFrame(rows)


def _figures(value: float) -> float:
    """Return a number with the figures that are known of it."""
    return float(value) if not math.isfinite(value) else float(f"{value:.{DIGITS}g}")


def shown(table: pd.DataFrame, alt: str) -> None:
    """Show a table with its headings in words."""
    name = st.column_config.TextColumn(width="medium")
    grid(in_words(table), alt, most=MOST_ROWS, columns={ui("col_name"): name})


def prices(table: pd.DataFrame, names: dict[str, str]) -> None:
    """Show the price of every site, and of whom nothing can be said yet."""
    priced = table[table["p50"].notna()]
    earn = {deck: number((priced[f"survive_{deck}"] >= 0.5).sum(), 0, language()) for deck in DECKS}
    st.text(ui("prices_told", priced=len(priced), all=len(table), **earn))
    only = st.toggle(ui("prices_rare_earths_only"), key=ONLY_KEY)
    kept = priced[priced["ndpr_p50"].notna()] if only else priced
    told = table_of(kept.sort_values("survive_mid", ascending=False, kind="stable"), names)
    shown(told, ui("prices_title"))
    st.download_button(
        ui("csv"), csv_bytes(table.reset_index()), "oreway-prices.csv", "text/csv", on_click="ignore",
        icon=":material/download:",
    )  # fmt: skip
    with st.expander(ui("prices_missing")):
        left = table[table["missing"].map(bool)]
        rows = [
            {"name": names[str(key)], "missing": note_text(why, language())} for key, why in left["missing"].items()
        ]
        shown(pd.DataFrame(rows), ui("prices_missing"))


def floors(version: str, *, only_firm: bool) -> None:
    """Show what a floor brings by year, and the floor that brings the tonnes a reader wants."""
    if st.session_state.get(PRODUCT_KEY) not in PRODUCTS:
        st.session_state[PRODUCT_KEY] = next(iter(PRODUCTS))
    product = str(st.segmented_control(ui("prices_product"), list(PRODUCTS), key=PRODUCT_KEY, required=True))
    curves = {year: answers.curve_of(version, product, year, only_firm=only_firm) for year in YEARS}
    show(curve_chart(curves, product, language()))
    st.session_state.setdefault(f"{TONNES_KEY}{product}", USUAL_TONNES[product])
    wanted = st.number_input(ui("prices_tonnes"), *TONNES, key=f"{TONNES_KEY}{product}")
    st.text(ui("prices_floor_for", tonnes=number(wanted, 0, language()), product=product))
    found = {year: floor_for(curve, float(wanted)) for year, curve in curves.items()}
    rows = [
        {"year": str(year), "half": _floor(one["p50"]), "nine": _floor(one["p10"]), "one": _floor(one["p90"])}
        for year, one in found.items()
    ]
    shown(pd.DataFrame(rows), ui("prices_curve"))


def _floor(price: float | None) -> str:
    lang = language()
    return ui("prices_no_floor", most=number(FLOORS[-1], 0, lang)) if price is None else number(price, 0, lang)


def check(version: str) -> None:
    """Show how the estimates stand against published studies."""
    found, lang = answers.studies_of(version), language()
    kept = found[found["used_for"] == CHECK]
    for quantity in (CAPITAL, OPERATING, NEEDED):
        one = score(kept[kept["quantity"] == quantity])
        st.text(
            ui(
                "prices_check_told", quantity=ui(f"quantity_{quantity}"), number=one.studies,
                inside=round(one.inside * one.studies), bias=number(one.bias, 2, lang),
            )
        )  # fmt: skip
    st.text(ui("prices_check_share"))
    st.caption(ui("prices_check_hint"))
    _by_route(kept[kept["quantity"] == CAPITAL])
    told = found[["study", "quantity", "published", "p10", "p50", "p90", "inside", "used_for"]].round(0)
    told = told.assign(
        quantity=[ui(f"quantity_{name}") for name in told["quantity"]],
        used_for=[ui(f"used_{name}") for name in told["used_for"]],
        inside=[ui("yes") if inside else "–" for inside in told["inside"]],
    )
    shown(told, ui("prices_check"))
    peak, low, every = answers.worth_building(version)
    st.text(ui("prices_twelve", all=every, high=peak, low=low))


def _by_route(kept: pd.DataFrame) -> None:
    """Show the bias of each process route."""
    rows = []
    for route, part in kept.groupby("route"):
        one = score(part)
        rows.append({"route": word(f"route_{route}", language()), "studies": one.studies,
                     "number_inside": round(one.inside * one.studies), "ratio": round(one.bias, 2)})  # fmt: skip
    shown(pd.DataFrame(rows), ui("prices_check_route"))


@guarded
def page() -> None:
    """Read, choose, compute, show."""
    opened = cached.world()
    settle(opened.sites.index)
    title(ui("prices"))
    st.title(ui("prices_title"))
    st.markdown(ui("prices_intro"))
    names = site_names(opened.sites)
    only_firm = st.toggle(ui("prices_firm"), key=FIRM_KEY, help=ui("prices_firm_hint"))
    table = answers.prices_of(opened.data_version, only_firm=only_firm)
    prices(table, names)
    st.header(ui("prices_floors"))
    st.caption(ui("prices_floors_hint"))
    show(floors_chart(table, names, price_decks(), language()))
    st.header(ui("prices_curve"))
    st.caption(ui("prices_curve_hint"))
    floors(opened.data_version, only_firm=only_firm)
    st.header(ui("prices_check"))
    check(opened.data_version)


page()
