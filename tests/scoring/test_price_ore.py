"""Ore, grade and rate of a price: of one category, of the site's own plan, near what the site itself prints."""

import pandas as pd
import pytest

from oreway.layers.backing import firm
from oreway.layers.read import read_facts, read_sites
from oreway.scoring.price import ore
from oreway.scoring.price.breakeven import break_even
from oreway.scoring.price.cases import cases


@pytest.fixture(scope="module")
def world():
    return read_sites(), read_facts()


@pytest.fixture(scope="module")
def found(world):
    return {one.site_id: one for one in cases(*world)}


@pytest.fixture(scope="module")
def prices(world):
    return break_even(*world, draws=4000)


def row(field, number, category="", unit="Mt", **more):
    return {"field": field, "number": number, "category": category, "unit": unit, "rests_on": "primary"} | more


def test_the_grade_is_that_of_the_tonnes(found):
    # Wimmera: 180 Mt probable at 5.4 % heavy minerals; 4.6 % is the grade of the whole 450 Mt
    assert (found["au-wimmera"].ore_mt, found["au-wimmera"].grades["grade_hm_pct"]) == (180, 5.4)
    # Tanbreez: 25.42 Mt at 0.37 % and 19.45 Mt at 0.39 %: (9.4054 + 7.5855) / 44.87
    assert found["gl-tanbreez"].ore_mt == pytest.approx(44.87)
    assert found["gl-tanbreez"].grades["grade_treo_pct"] == pytest.approx(0.3787, abs=1e-4)


def test_a_price_names_a_grade_of_another_class_than_its_tonnes(found):
    told = "grade of another class than the tonnes"
    assert told in found["au-sconi"].from_site  # a reserve of 57.3 Mt, cobalt's grade printed for the resource alone
    assert [site_id for site_id, one in found.items() if told in one.from_site and not one.missing] == ["au-sconi"]


def test_the_grade_of_an_area_is_not_that_of_the_whole(found):
    # Mt Ridley: gallium and scandium in areas of their own; Yangibana: niobium in one of its own
    assert set(found["au-mt-ridley"].grades) == {"grade_treo_pct"}
    assert "grade_nb2o5_pct" not in found["au-yangibana"].grades


def test_a_life_gives_the_rate_of_a_reserve_but_not_of_a_resource():
    life = row(ore.LIFE, 25.0, unit="years")
    reserve, resource = ([row(field, 100.0, "resource_total")] for field in ("reserve_mt", "resource_mt"))
    assert ore.plan([*reserve, life], reserve, 100.0) == (4.0, 25.0)
    assert ore.plan([*resource, life], resource, 100.0) == (None, None)


def test_what_is_built_first_is_what_is_priced():
    rates = [row("throughput_mt_y", 7.5, "phase 1", "Mt/y"), row("throughput_mt_y", 15.0, "phase 2", "Mt/y")]
    lives = [row(ore.LIFE, 42.0, "phase 1", "years"), row(ore.LIFE, 58.0, "phases 1 and 2", "years")]
    assert ore.plan([*rates, *lives], [], None) == (7.5, 42.0)


@pytest.mark.parametrize(
    ("site_id", "printed"),
    [
        ("au-cummins-range", 12_000),  # TREO in concentrate (scoping of 2023)
        ("au-donald", 0.6 * 7_200),  # rare earth concentrate of phase 1 with over 60 % TREO (filing of 2023)
        ("au-gabanintha", 11_200),  # V2O5 (bankable study of 2022)
        ("au-goongarrie", 30_000),  # nickel (pre-feasibility of 2023)
        ("au-greenbushes", 1_350_000),  # spodumene concentrate made in 2025 (IGO)
        ("au-pilgangoora", 754_600),  # the year to June 2025
        ("au-wodgina", 820_000),  # what the three trains can make
        ("gl-kvanefjeld", 32_000),
    ],
)
def test_a_site_is_priced_at_about_what_it_makes_or_plans(prices, site_id, printed):
    assert prices.loc[site_id, "t_per_y"] == pytest.approx(printed, rel=0.15)


def test_the_ore_that_greenbushes_needs_is_the_ore_it_milled(found):
    # 6.16 Mt of ore made the 1.35 Mt of 2025 (IGO): reckoned from the concentrate, 1.9 % Li2O and 68 % recovery
    assert found["au-greenbushes"].ore_mt_per_y == pytest.approx(6.16, rel=0.03)


def test_the_monazite_of_eneabbas_stockpile_is_its_own(prices):
    # life 0.2 x (0.96 Mt / 0.907185)^0.25 = 6.41 y, so 0.150 Mt/y x 0.945 mined x 83.5 % heavy minerals x 20 % monazite
    # x 0.88 recovered x 0.6 TREO = 12.5 kt; with the usual 3.2 % of monazite it would be 2.0
    assert prices.loc["au-eneabba-stockpile", "t_per_y"] == pytest.approx(12_500, rel=0.05)


def test_taylors_rule_is_held_at_the_largest_plan_of_its_kind(prices):
    # 1,800 Mt would be mined at 42 Mt a year; no clay has been planned above the 8 Mt of North Stanmore
    assert prices.loc["au-jupiter", "held_mt_per_y"] == 8
    assert prices.loc["au-jupiter", "t_per_y"] == pytest.approx(8e6 * 0.945 * 0.0017 * 0.4, rel=0.05)
    assert prices["held_mt_per_y"].notna().sum() < 8
    assert pd.isna(prices.loc["au-nolans", "held_mt_per_y"])


def facts_of(*rows):
    columns = ["site_id", "field", "category", "rests_on"]
    return pd.DataFrame([("one", *one) for one in rows], columns=columns)


@pytest.mark.parametrize(
    ("rows", "kept"),
    [
        ([("reserve_mt", "reserve_total", "primary"), ("grade_sb_pct", "reserve_total", "one_weak")], []),
        ([("reserve_mt", "proved", "one_weak"), ("reserve_mt", "probable", "several")], []),
        ([("resource_mt", "indicated", "several"), ("resource_mt", "inferred", "one_weak")], ["indicated"]),
        ([("resource_mt", "resource_total", "several"), ("reserve_mt", "proved", "one_weak")], ["resource_total"]),
        ([("owner", "", "one_weak"), ("planned_output", "", "one_weak")], [""]),
    ],
)
def test_tonnes_and_grades_of_one_category_are_firm_together(rows, kept):
    assert firm(facts_of(*rows))["category"].tolist() == kept


def test_a_site_that_would_lose_its_gold_has_no_firm_price(world):
    sites, facts = world
    whole, held = (break_even(sites.loc[["au-hillgrove"]], facts, only_firm=one).iloc[0] for one in (False, True))
    assert whole["p50"] > 0
    assert pd.isna(held["p50"])
    assert "gold" in str(held["missing"])
