"""The cash-flow template against published studies and hand arithmetic; claims that do not add up are flagged."""

import dataclasses
import shutil

import numpy as np
import pandas as pd
import pytest

from oreway.layers.catalog import DATA
from oreway.layers.read import current, read_facts, read_table
from oreway.layers.schema import FACT_COLUMNS
from oreway.outputs.words.reason_texts import plain_text
from oreway.scoring.errors import ScoringError
from oreway.scoring.price.economics import (
    Plan,
    Template,
    appraise,
    break_even,
    cash_flow,
    irr,
    missing_inputs,
    npv,
    price_decks,
    read_template,
)
from oreway.scoring.price.figure_checks import claims

PLAIN = Template(
    build_shares=(0.5, 0.5), ramp=(1.0, 1.0), sustaining_share=0.0, closure_share=0.0, depreciation_years=10,
    irr_error_points=7.0, usd_per_aud=0.66,
)  # fmt: skip
PLAN = Plan(capex_m=100.0, opex_m_per_y=10.0, life_years=3, tax_rate=0.0, discount_rate=0.1)


def test_a_plain_plan_by_hand():
    flows = cash_flow(PLAN, 60.0, PLAIN)
    assert flows.tolist() == [-50.0, -50.0, 50.0, 50.0, 50.0]
    # -50 - 50/1.1 + 50/1.1² + 50/1.1³ + 50/1.1⁴ = 17.585…
    assert npv(flows, 0.1) == pytest.approx(-50 - 45.454545 + 41.322314 + 37.565740 + 34.150673, abs=1e-5)


def test_losses_are_carried_before_tax_is_paid():
    plan = Plan(capex_m=100.0, opex_m_per_y=0.0, life_years=12, tax_rate=0.5, discount_rate=0.1)
    flows = cash_flow(plan, 5.0, PLAIN)
    # 5 a year against 10 of depreciation: losses of 50 after ten years, so years 11 and 12 stay untaxed
    assert flows[2:].tolist() == [5.0] * 12


def test_tax_is_half_of_what_is_left_after_depreciation_from_the_first_year_on():
    plan = Plan(capex_m=100.0, opex_m_per_y=10.0, life_years=3, tax_rate=0.5, discount_rate=0.1)
    # 60 of sales, 10 of costs, 10 of depreciation: 20 of tax
    assert cash_flow(plan, 60.0, PLAIN)[2:].tolist() == [30.0] * 3


def test_upkeep_is_paid_every_year_and_closure_in_the_last():
    template = dataclasses.replace(PLAIN, sustaining_share=0.02, closure_share=0.05)
    # of 100 of capital: 2 a year, 5 at the end
    assert cash_flow(PLAN, 60.0, template)[2:].tolist() == [48.0, 48.0, 43.0]


@pytest.mark.parametrize("study", read_table("published_studies").to_dict("records"), ids=lambda row: row["study"])
def test_published_studies_are_met_within_seven_points_of_irr(study):
    plan = Plan(
        capex_m=float(study["capex_m"]), opex_m_per_y=float(study["opex_m_per_y"]), life_years=int(study["life_years"]),
        tax_rate=float(study["tax_rate"]), discount_rate=float(study["discount_rate"]),
    )  # fmt: skip
    flows = cash_flow(plan, float(study["revenue_m_per_y"]), read_template())
    assert npv(flows, plan.discount_rate) > 0
    assert irr(flows) * 100 == pytest.approx(float(study["published_irr_pct"]), abs=7)


def test_published_npvs_keep_their_rank_within_a_currency():
    studies = read_table("published_studies")
    for _, group in studies.groupby("currency"):
        plans = [
            Plan(
                capex_m=float(r["capex_m"]),
                opex_m_per_y=float(r["opex_m_per_y"]),
                life_years=int(r["life_years"]),
                tax_rate=float(r["tax_rate"]),
                discount_rate=float(r["discount_rate"]),
            )
            for r in group.to_dict("records")
        ]
        ours = [
            npv(cash_flow(p, float(r), read_template()), p.discount_rate)
            for p, r in zip(plans, group["revenue_m_per_y"], strict=True)
        ]
        theirs = group["published_npv_m"].astype(float).to_list()
        assert np.argsort(ours).tolist() == np.argsort(theirs).tolist()


def test_at_the_break_even_price_the_value_is_zero():
    price = break_even(PLAN, 1e6, PLAIN)
    assert npv(cash_flow(PLAN, price, PLAIN), 0.1) == pytest.approx(0, abs=1e-4)


def test_a_dearer_plant_needs_a_higher_price():
    dear = Plan(capex_m=200.0, opex_m_per_y=10.0, life_years=3, tax_rate=0.0, discount_rate=0.1)
    assert break_even(dear, 1e6, PLAIN) > break_even(PLAN, 1e6, PLAIN)


def test_flows_that_never_turn_positive_have_no_rate_of_return():
    assert irr(np.array([-1.0, -1.0])) is None
    assert irr(np.array([-0.01, -0.01])) is None


def test_no_output_is_refused():
    with pytest.raises(ScoringError, match="expected a number above 0"):
        break_even(PLAN, 0.0, PLAIN)


def test_the_decks_are_those_of_the_method():
    decks = price_decks()
    assert decks["dumping"] == 50
    assert decks["floor"] == 110
    assert list(decks.values()) == sorted(decks.values())


def test_nolans_breaks_even_where_a_sum_by_hand_puts_it():
    facts = read_facts()
    found = appraise("au-nolans", "AU", facts[facts["site_id"] == "au-nolans"])
    assert found.assessable
    assert found.break_even_low <= found.break_even_usd_per_kg <= found.break_even_high
    # A$1,504M of capital at year 0 over an annuity of 8.4 = 179, sustaining 32, tax 38, costs 61.6 × 4.44 = 274,
    # royalty 3.5 %: A$542M a year / 4,440 t × 0.66 = US$81/kg in the money of 2022
    assert found.break_even_usd_per_kg == pytest.approx(81, abs=4)
    values = [value for _, _, value, _ in found.decks]
    assert values == sorted(values)
    assert values[-1] > 0


def nolans_value(price_usd, royalty):
    """Nolans' value in A$M by a plain ledger: year by year, loss by loss."""
    capital, value, losses = 1590.0, -0.4 * 1590.0 - 0.6 * 1590.0 / 1.1, 0.0
    for year in range(1, 39):
        output = {1: 0.5, 2: 0.85}.get(year, 1.0)
        sales = output * 4440 * 1000 * price_usd / 0.66 / 1e6
        earned = sales * (1 - royalty) - output * 61.6 * 4440 / 1000 - 0.02 * capital
        taxable = earned - (capital / 10 if year <= 10 else 0.0) - losses
        losses = max(0.0, -taxable)
        value += (earned - 0.3 * max(0.0, taxable) - (0.05 * capital if year == 38 else 0.0)) / 1.1 ** (year + 1)
    return value


def test_nolans_is_worth_under_every_deck_what_a_ledger_gives():
    facts = read_facts()
    found = appraise("au-nolans", "AU", facts[facts["site_id"] == "au-nolans"])
    assert [deck[0] for deck in found.decks] == ["dumping", "mid", "floor", "high"]
    for _, price, value, _ in found.decks:
        assert value == pytest.approx(0.66 * nolans_value(price, royalty=0.035))
    for price, royalty in (
        (found.break_even_low, 0.025), (found.break_even_usd_per_kg, 0.035), (found.break_even_high, 0.05),
    ):  # fmt: skip
        assert nolans_value(price, royalty) == pytest.approx(0, abs=1e-3)


def test_at_the_break_even_price_money_earns_the_discount_rate():
    facts = read_facts()
    nolans = facts[facts["site_id"] == "au-nolans"]
    price = appraise("au-nolans", "AU", nolans).break_even_usd_per_kg
    ((name, asked, value, rate_pct),) = appraise("au-nolans", "AU", nolans, prices_usd_per_kg={"even": price}).decks
    assert (name, asked) == ("even", price)
    assert value == pytest.approx(0, abs=1e-3)
    assert rate_pct == pytest.approx(10.0, abs=1e-4)


@pytest.fixture
def moved(tmp_path):
    """Data folders in which Nolans lies in another region, and Australia takes 4.5 % where no region is told."""

    def folder(region):
        shutil.copytree(DATA / "methods", tmp_path / "methods", dirs_exist_ok=True)
        fiscal = tmp_path / "methods" / "fiscal.csv"
        rows = fiscal.read_text(encoding="utf-8").replace(
            "AU,,0.30,0.30,0.30,0.025,0.035", "AU,,0.30,0.30,0.30,0.025,0.045"
        )
        fiscal.write_text(rows, encoding="utf-8")
        cases = tmp_path / "methods" / "economic_cases.csv"
        cases.write_text(cases.read_text(encoding="utf-8").replace("Northern Territory", region), encoding="utf-8")
        return tmp_path

    return folder


@pytest.mark.parametrize(
    ("region", "royalty"), [("Western Australia", 0.05), ("New South Wales", 0.04), ("Queensland", 0.045)]
)
def test_the_royalty_is_that_of_the_region_else_that_of_the_country(moved, region, royalty):
    found = appraise("au-nolans", "AU", read_facts().iloc[:0], data=moved(region))
    # only what is left after the royalty counts, so the price is 0.965 / (1 - royalty) times that of the Territory
    assert found.break_even_usd_per_kg == pytest.approx(80.161 * 0.965 / (1 - royalty), rel=1e-4)


def test_a_country_without_tax_and_royalty_on_file_is_refused():
    with pytest.raises(ScoringError, match=r"fiscal\.csv: no row for ZZ"):
        appraise("au-nolans", "ZZ", read_facts().iloc[:0])


def test_only_what_is_not_published_is_named_as_missing():
    rows = [
        {"field": "capex", "low": "900", "high": "1100"}, {"field": "opex", "value": ""},
        {"field": "mine_life_years", "value": "38"},
        {"field": "planned_output", "value": "4440", "category": "NdPr oxide"},
    ]  # fmt: skip
    assert missing_inputs(stated(*rows)) == ("operating cost",)
    rows[3]["category"] = "REO"
    assert missing_inputs(stated(*rows)) == ("operating cost", "annual NdPr oxide output")


def test_a_site_without_inputs_lists_what_is_missing():
    facts = read_facts()
    found = appraise("gl-gardiner", "GL", facts[facts["site_id"] == "gl-gardiner"])
    assert not found.assessable
    assert found.break_even_usd_per_kg is None
    assert "capital cost" in found.missing


def test_tanbreez_concentrate_read_as_oxide_would_last_two_years():
    facts = read_facts()
    found = claims(facts[facts["site_id"] == "gl-tanbreez"])
    texts = " ".join(plain_text(claim.text) for claim in found)
    assert "2.0 years" in texts  # 170 kt contained / 85,000 t a year
    assert "180 %" in texts


def test_a_quiet_site_raises_no_flag():
    assert claims(pd.DataFrame(columns=read_facts().columns)) == ()


def test_the_floor_price_counts_only_where_an_offtake_is_recorded():
    facts = read_facts()
    nolans = facts[facts["site_id"] == "au-nolans"]
    unsold = nolans[nolans["field"] != "offtake"]
    sold, free = (appraise("au-nolans", "AU", rows) for rows in (nolans, unsold))
    assert ("floor", 110) in {deck[:2] for deck in sold.decks}
    assert [deck[:2] for deck in free.decks] == [("dumping", 50), ("mid", 80), ("high", 125)]
    for column, word in (("confidence", "gap"), ("state", "superseded")):
        doubted = nolans.assign(**{column: nolans[column].where(nolans["field"] != "offtake", word)})
        assert "floor" not in {deck[0] for deck in appraise("au-nolans", "AU", doubted).decks}


def test_a_superseded_figure_is_not_one_to_reckon_with():
    fields = {"capex": "A$M", "opex": "A$/kg", "mine_life_years": "years"}
    rows = [{"field": name, "value": "1", "unit": unit} for name, unit in fields.items()]
    rows.append({"field": "planned_output", "value": "1", "unit": "t/y", "category": "NdPr oxide"})
    assert missing_inputs(stated(*rows)) == ()
    past = stated(*(row | {"state": "superseded"} for row in rows))
    assert len(missing_inputs(past)) == len(rows)


def test_the_case_reckoned_with_rests_on_figures_that_are_not_superseded():
    facts = current(read_facts())
    for case in read_table("economic_cases").to_dict("records"):
        own = facts[(facts["site_id"] == case["site_id"]) & facts["unit"].str.startswith(case["currency"])]
        for field, column, rel in (("opex", "opex_per_kg_ndpr", 0), ("capex", "capex_m", 0.02)):
            known = own.loc[own["field"] == field, "value"].astype(float)
            assert any(value == pytest.approx(float(case[column]), rel=rel) for value in known)


def stated(*rows):
    blank = dict.fromkeys(FACT_COLUMNS, "") | {"site_id": "x", "confidence": "high", "source_title": "Test"}
    return pd.DataFrame([{**blank, **row} for row in rows], columns=list(FACT_COLUMNS), dtype=str)


RESOURCE = {"field": "contained_reo_kt", "value": "100", "unit": "kt", "category": "indicated"}
OUTPUT = {"field": "planned_output", "unit": "t/y", "category": "REO"}
CODED = {"field": "resource_mt", "value": "10", "unit": "Mt", "category": "indicated"}


def test_output_that_outruns_the_resource_is_flagged_with_its_years():
    (claim,) = claims(stated(RESOURCE, {**OUTPUT, "value": "40000"}))
    assert claim.id == "life"
    assert "2.5 years" in plain_text(claim.text)  # 100,000 t / 40,000 t a year
    assert "outruns the resource" in plain_text(claim.text)


def test_measured_and_indicated_parts_are_added_before_output_is_judged():
    parts = stated(RESOURCE, {**RESOURCE, "category": "measured", "value": "20"}, {**OUTPUT, "value": "40000"})
    assert "3.0 years" in plain_text(claims(parts)[0].text)  # 120,000 t / 40,000 t a year


def test_concentrate_sold_as_oxide_is_flagged():
    (claim,) = claims(stated(RESOURCE, {**OUTPUT, "value": "50000", "category": "concentrate"}))
    assert "2.0 years" in plain_text(claim.text)
    assert "cannot be oxide: it is concentrate" in plain_text(claim.text)


def test_a_rate_of_return_is_flagged_above_sixty_per_cent_only():
    rates = stated(*({"field": "irr_pct", "value": value, "unit": "%"} for value in ("60", "61")))
    (claim,) = claims(rates)
    assert claim.id == "irr"
    assert "61 %" in plain_text(claim.text)


@pytest.mark.parametrize("category", ["", "unclassified"])
def test_a_resource_without_category_is_flagged(category):
    (claim,) = claims(stated({**CODED, "category": category}))
    assert claim.id == "category"
    assert plain_text(claim.text).startswith("10 Mt")


def test_a_site_whose_figures_agree_raises_no_flag():
    fine = {**OUTPUT, "value": "20000"}  # 100,000 t / 20,000 t a year: five years, not below
    assert claims(stated(RESOURCE, CODED, fine, {"field": "irr_pct", "value": "17", "unit": "%"})) == ()
