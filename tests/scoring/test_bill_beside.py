"""What stands beside a bill, and which of two things is built: against facts of the sites and hand arithmetic."""

import numpy as np
import pytest

from oreway.outputs.words.reason_texts import plain_text
from oreway.scoring.build.bill import bill


@pytest.fixture(scope="module")
def billed(shipped):
    return lambda site_id: bill(shipped, site_id)


def costs(found, item_id):
    row = found.items.set_index("item_id").loc[item_id]
    return row["cost_low_usd_m"], row["cost_usd_m"], row["cost_high_usd_m"]


def said(found):
    return " ".join(plain_text(one) for one in (*found.remarks, *found.left_out))


def test_the_cheaper_of_two_costs_no_more_than_the_other_at_its_dearest(billed):
    # a station of 12 to 20 MW costs at most 20 x 2.2 = US$44M: so does a line in its place
    for site_id in ("au-balranald", "au-siviour", "au-fingerboards"):
        assert costs(billed(site_id), "power_line")[2] == pytest.approx(44)
    plain = billed("au-nolans")
    low, base, high = (plain.items["quantity_low"], plain.items["quantity"], plain.items["quantity_high"])
    assert (low <= base).all()
    assert (base <= high).all()
    assert (plain.items["cost_low_usd_m"] <= plain.items["cost_usd_m"]).all()


def test_where_no_supply_is_known_a_station_is_billed_or_nothing(billed):
    found = billed("au-dolphin")  # King Island has no supply in the layer
    assert costs(found, "power_station") == pytest.approx((0, 16 * 1.4, 20 * 2.2))
    assert "no supply is known here" in " ".join(map(plain_text, found.items["note"]))


def test_who_has_a_road_to_a_berth_needs_none_to_the_shore(billed):
    for site_id in ("gl-ivittuut", "gl-gronnedal-ika"):
        items = billed(site_id).items["item_id"].tolist()
        assert items.count("haul_road") == 1
        assert "terminal" not in items


def test_a_railway_is_not_called_needless_where_more_than_half_a_million_tonnes_leave(billed):
    assert "railway: 1.48 Mt of product a year is on record" in said(billed("au-greenbushes"))
    assert "railway: not needed" in said(billed("au-nolans"))


@pytest.mark.parametrize(
    ("site_id", "rate"), [("au-costerfield", "0.15"), ("au-avonbank", "11"), ("gl-citronen", "3.3")]
)
def test_a_plan_of_another_size_than_the_reference_mine_is_told(billed, site_id, rate):
    assert f"this site's own plan is {rate} Mt" in said(billed(site_id))


def test_a_length_the_project_prints_is_told_where_the_bill_counts_another(billed):
    assert "speaks of 20 km to the tidewater; the bill counts 21.8 to" in said(billed("gl-sarfartoq"))


@pytest.mark.parametrize(("site_id", "capital"), [("gl-amitsoq", 131), ("gl-sarfartoq", 343), ("au-uley", 53)])
def test_a_bill_above_the_whole_capital_of_the_study_says_so(billed, site_id, capital):
    assert f"more than the whole capital of its study ({capital}, " in said(billed(site_id))  # A$80M x 0.66 at Uley


def test_a_sum_below_its_own_tenth_percentile_is_explained(billed):
    found = billed("gl-kvanefjeld")
    assert found.base < found.p10
    assert "below P10" in said(found)


def test_nodules_are_shipped_at_their_own_tonnage_and_crusts_at_none(billed):
    # 3 Mt a year / 365 = 8,219 t a day against the mud's 3,500: 2.35 times the ships
    ships = [billed(name).items.set_index("item_id")["quantity"] for name in
             ("jp-minamitorishima-nodules", "jp-minamitorishima-lift-2026")]  # fmt: skip
    ratio = ships[0]["shuttle_carrier"] / ships[1]["shuttle_carrier"]
    assert ratio == pytest.approx(3e6 / 365 / 3500, rel=0.1)
    crusts = billed("jp-minamitorishima-crusts")
    assert "shuttle_carrier" not in crusts.items["item_id"].tolist()
    assert "no tonnage a day is on record" in said(crusts)


def test_the_port_a_site_named_last_is_its_port(shipped, billed):
    assert any("Wyndham" in plain_text(note) for note in billed("au-browns-range").items["note"])  # 2014: Darwin
    assert any("Onslow" in plain_text(note) for note in billed("au-yangibana").items["note"])  # 2017: Geraldton
    assert np.isfinite(billed("au-yangibana").p50)
