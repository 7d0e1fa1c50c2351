"""Sums a reader can do on the facts of one site: metal held, parts and wholes, output and ore, one value per key."""

import itertools
import re
from urllib.parse import urlsplit

import pandas as pd
import pytest

from oreway.layers.read import read_facts, read_sites
from oreway.layers.schema import as_number

LAYERS = ("greenland", "minamitorishima", "australia")

STRONG = {"law", "filing", "survey", "journal", "government", "company", "computed"}
# contained metal field -> the grade field it is made of
GRADE_OF = {"contained_reo_kt": "grade_treo_pct", "contained_graphite_kt": "grade_tgc_pct"}
# word of a planned product -> the grade field of what it is counted in
PRODUCT_GRADES = {
    r"^(total )?(TREO|REO|rare earth oxide)": "grade_treo_pct",
    r"^antimony(,|$)": "grade_sb_pct",
    r"^graphite concentrate": "grade_tgc_pct",
    r"^zinc metal": "grade_zn_pct",
}
TONNES_A_YEAR = {"Mt/y": 1e6, "kt/y": 1e3, "t/y": 1.0, "t/day": 365.0}
KEY = ["site_id", "field", "category", "unit", "code"]


@pytest.fixture(scope="module")
def current():
    """The rows that stand, with the layer of their site and their number (NaN where the value is no number)."""
    facts = read_facts()
    facts = facts[facts["state"] != "superseded"]
    return facts.assign(
        layer=facts["site_id"].map(read_sites()["layer"]),
        number=facts["value"].map(as_number).astype(float),
    )


def of_layer(current, layer):
    rows = current[current["layer"] == layer]
    assert len(rows) > 0, layer
    return rows


def half_step(text):
    """Return half of the last printed digit's worth: 0.05 for "2.1", 50 for "1100", because a count is often round."""
    whole, _, decimals = text.partition(".")
    if decimals:
        return 0.5 * 10 ** -len(decimals)
    return 0.5 * 10 ** (len(whole) - len(whole.rstrip("0")))


def span(row):
    return row.number - half_step(row.value), row.number + half_step(row.value)


def product_span(tonnage, grade):
    """Return the least and most of tonnage (Mt) x grade (% or ppm), in kt, that the printed digits allow."""
    kt_per_mt = {"%": 10.0, "ppm": 0.001}[grade.unit]
    (least_t, most_t), (least_g, most_g) = span(tonnage), span(grade)
    return least_t * least_g * kt_per_mt, most_t * most_g * kt_per_mt


def grade_field(contained):
    metal = contained.removeprefix("contained_").removesuffix("_kt")
    return GRADE_OF.get(contained), f"grade_{metal}_pct", f"grade_{metal}_ppm"


def sums_of_metal(rows):
    """Yield (site, category, contained row, tonnage row, grade row) where all three stand under one key and code."""
    numeric = rows.dropna(subset="number")
    for (site, category, code), group in numeric.groupby(["site_id", "category", "code"]):
        tonnages = group[group["field"] == "resource_mt"]
        for held in group[group["field"].str.fullmatch(r"contained_\w+_kt")].itertuples():
            grades = group[group["field"].isin(grade_field(held.field))]
            for tonnage, grade in itertools.product(tonnages.itertuples(), grades.itertuples()):
                yield site, category or code, held, tonnage, grade


@pytest.mark.parametrize("layer", LAYERS)
def test_contained_metal_is_tonnage_times_grade(current, layer):
    right, wrong = set(), {}
    for site, category, held, tonnage, grade in sums_of_metal(of_layer(current, layer)):
        least, most = product_span(tonnage, grade)
        low, high = span(held)
        key = (site, held.field, category, "" if held.state == "conflict" else held.value)
        if low <= most and least <= high:
            right.add(key)
        else:
            wrong[key] = f"{tonnage.value} Mt x {grade.value} {grade.unit} = {least:.1f} to {most:.1f} kt"
    assert right
    # of two values in conflict, one sum that fits is enough
    assert {key: said for key, said in wrong.items() if key not in right} == {}


def ore_t_y(rows):
    """Return {site: its largest yearly ore in t} from the rows that give one."""
    rates = rows[rows["field"].isin(["throughput_mt_y", "throughput_kt_y", "planned_ore_rate"])]
    ore = {}
    for row in rates.dropna(subset="number").itertuples():
        ore[row.site_id] = max(ore.get(row.site_id, 0.0), row.number * TONNES_A_YEAR[row.unit])
    return ore


def outputs_of_ore(rows):
    """Yield (output row, ore t/y, best grade %) where all three stand; a past year had its own ore and grade."""
    ore = ore_t_y(rows)
    plans = rows[(rows["field"] == "planned_output") & (rows["unit"] == "t/y")].dropna(subset="number")
    plans = plans[plans["site_id"].isin(list(ore)) & ~plans["category"].str.contains("actual")]
    for output in plans.itertuples():
        field = next((f for word, f in PRODUCT_GRADES.items() if re.search(word, output.category)), None)
        grades = rows[(rows["site_id"] == output.site_id) & (rows["field"] == field)]["number"].dropna()
        if len(grades):
            yield output, ore[output.site_id], grades.max()


@pytest.mark.parametrize("layer", LAYERS)
def test_no_site_sells_more_than_the_ore_it_mines_holds(current, layer):
    too_much = {
        (output.site_id, output.category): f"{output.value} t/y out of {ore:.0f} t/y at {grade} %"
        for output, ore, grade in outputs_of_ore(of_layer(current, layer))
        if output.number > ore * grade / 100
    }
    assert too_much == {}


def test_the_check_of_outputs_has_outputs_to_check(current):
    assert len(list(outputs_of_ore(current))) >= 5


@pytest.mark.parametrize("layer", LAYERS)
@pytest.mark.parametrize(
    ("field", "parts", "whole"),
    [
        ("resource_mt", ("measured", "indicated", "inferred"), "resource_total"),
        ("reserve_mt", ("proved", "probable"), "reserve_total"),
    ],
)
def test_the_classes_of_an_estimate_add_up_to_its_total(current, layer, field, parts, whole):
    rows = of_layer(current, layer)
    rows = rows[(rows["field"] == field) & (rows["state"] == "")].dropna(subset="number")
    off = {}
    for key, group in rows.groupby(["site_id", "code"]):
        total = group[group["category"] == whole]
        classes = group[group["category"].isin(parts)]
        if total.empty or classes.empty:
            continue
        most = span(next(total.itertuples()))[1]
        least = sum(span(row)[0] for row in classes.itertuples())
        complete = set(classes["category"]) == set(parts)
        short = complete and sum(span(r)[1] for r in classes.itertuples()) < span(next(total.itertuples()))[0]
        if least > most or short:
            off[key] = (dict(zip(classes["category"], classes["value"], strict=True)), total["value"].iloc[0])
    assert off == {}


@pytest.mark.parametrize("layer", LAYERS)
def test_no_part_is_larger_than_the_whole_it_is_a_part_of(current, layer):
    rows = of_layer(current, layer)
    whole = rows[rows["field"].isin(["resource_mt", "stockpile_mt"])].groupby("site_id")["number"].max()
    parts = rows[rows["field"].isin(["part_resource_mt", "high_grade_part_mt"])].dropna(subset="number")
    larger = [row for row in parts.itertuples() if row.number > whole.get(row.site_id, float("inf"))]
    assert [(row.site_id, row.value) for row in larger] == []


TAX = re.compile(r"(?:before|after|pre|post)[ -]?tax|tax basis[^;]* not", re.IGNORECASE)


@pytest.mark.parametrize("layer", LAYERS)
def test_every_net_present_value_says_which_side_of_tax_it_stands_on(current, layer):
    values = of_layer(current, layer)
    values = values[(values["field"] == "npv") & (values["value"] + values["low"] != "")]
    silent = [(row.site_id, row.category, row.value) for row in values.itertuples() if not TAX.search(row.note)]
    assert silent == []


@pytest.mark.parametrize("layer", LAYERS)
def test_one_key_has_one_number_unless_the_rows_are_marked_as_a_conflict(current, layer):
    rows = of_layer(current, layer)
    rows = rows[rows["state"] == ""].dropna(subset="number")
    several = rows.groupby(KEY)["number"].agg(lambda numbers: sorted(set(numbers)))
    assert {key: values for key, values in several.items() if len(values) > 1} == {}


def test_a_figure_stands_once_and_its_second_page_in_its_note(current):
    """Two rows of the same figure read as two figures."""
    rows = current[(current["state"] == "") & current["number"].notna()]
    twice = rows[rows.duplicated([*KEY, "value", "low", "high"], keep=False)]
    assert list(zip(twice["site_id"], twice["field"], twice["value"], strict=True)) == []


@pytest.mark.parametrize("layer", LAYERS)
def test_a_conflict_has_two_sides_and_says_what_the_difference_is(current, layer):
    rows = of_layer(current, layer)
    rows = rows[rows["state"] == "conflict"]
    assert list(rows[rows["note"] == ""]["site_id"]) == []
    sides = rows.groupby(["site_id", "field"]).size()
    assert list(sides[sides < 2].index) == []


def host(url):
    return urlsplit(url).netloc.removeprefix("www.")


def has_second_host(row, peers):
    """Say whether another host stands behind the row: named in its note, or an agreeing row of the same key."""
    parts = [part for part in row.note.split("; ") if re.search(r"\b(also|so too|second|printed)\b|too$", part)]
    named = {host(url) for part in parts for url in re.findall(r"https?://\S+", part)}
    agreeing = {host(peer.source_url) for peer in peers if peer.value == row.value and peer.low == row.low}
    return bool((named | agreeing) - {host(row.source_url), ""})


@pytest.mark.parametrize("layer", LAYERS)
def test_high_confidence_rests_on_a_strong_source_or_on_two(current, layer):
    rows = of_layer(current, layer)
    weak = rows[(rows["confidence"] == "high") & ~rows["source_kind"].isin(STRONG)]
    groups = {key: list(group.itertuples()) for key, group in rows.groupby(["site_id", "field"])}
    alone = [
        (row.site_id, row.field, row.category, row.value)
        for row in weak.itertuples()
        if not has_second_host(row, groups[row.site_id, row.field])
    ]
    assert alone == []


@pytest.mark.parametrize("layer", LAYERS)
def test_every_row_says_the_kind_of_its_source_and_a_date_of_checking_says_against_what(current, layer):
    rows = of_layer(current, layer)
    assert list(rows[rows["source_kind"] == ""]["site_id"]) == []
    dated, named = rows["checked"] != "", rows["checked_against"] != ""
    assert list(rows[dated & ~named]["site_id"]) == []
    assert pd.to_datetime(rows["checked"][dated], format="%Y-%m-%d").max() <= pd.Timestamp.now()
