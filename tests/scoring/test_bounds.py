"""Bounds that hold: what a layer lacks is in them, and what is added never leaves them nor lowers a score."""

import dataclasses

import numpy as np
import pandas as pd
import pytest
from shapely.geometry import Point

from oreway.layers.catalog import DATA
from oreway.outputs.words.reason_texts import plain_text
from oreway.scoring.build.bill import bill
from oreway.scoring.judge.assess import assess, score_table
from oreway.scoring.judge.subject import logical_port, subjects
from oreway.scoring.measure.classes import measure_points
from oreway.scoring.measure.measure import measure, nearest, points_of
from oreway.scoring.measure.missed import nearer_factor
from oreway.scoring.whatif.closing import Closing, in_service, with_closing
from oreway.scoring.whatif.whatif import Addition, with_addition
from oreway.scoring.world.place import locate, whereabouts
from oreway.scoring.world.world import changed, with_layer, with_sites

SUBSTATIONS = {
    "au-costerfield": (144.28, -36.76),
    "au-greenbushes": (116.14, -33.96),
    "au-narraburra": (147.53, -34.45),
}
SCORED_KINDS = ("deposit", "zone")
CLOSED_AS = {
    "port": "port", "deep_water_port": "port", "airfield": "airfield", "power": "power", "refinery": "refinery",
}  # fmt: skip
ISLANDS = {"Rottnest": (115.5, -32.0, "AU"), "Maniitsoq": (-52.9, 65.42, "GL"), "Uummannaq": (-52.12, 70.675, "GL"),
           "Qeqertarsuaq": (-53.53, 69.247, "GL")}  # fmt: skip


@pytest.fixture(scope="module")
def world(shipped):
    return shipped


@pytest.mark.parametrize(
    ("kind", "share", "factor"),
    [("point", 0.5, (1 / 19) ** 0.5), ("line", 0.5, 1 / 19), ("point", 1.0, 1.0), ("line", np.nan, 0.0),
     ("at_site", 0.9, 0.0), ("line", 0.0, 0.0), ("point", 0.99, 1.0),
     ("shore", 0.5, 1 / 19), ("shore", np.nan, 1.0), ("register", 0.5, (1 / 19) ** (2 / 3)), ("register", np.nan, 1.0)],
)  # fmt: skip
def test_half_a_network_leaves_a_missed_point_five_times_in_a_hundred_within_a_quarter_of_the_way(kind, share, factor):
    """Odds of 1 to 19 times s / (1 - s): area for points, radius for lines."""
    assert nearer_factor(np.array([share]), 0.05, kind)[0] == pytest.approx(factor, rel=1e-9)


@pytest.mark.parametrize(("layer_id", "class_", "share"), [("towns", "town", 0.3), ("towns", "town", 0.7)])
def test_what_is_held_out_of_a_layer_lies_inside_the_bounds_of_the_rest(world, layer_id, class_, share):
    """A share of the true towns of Australia is kept; the nearest of all is inside the bounds 95 times in a hundred."""
    random, inside = np.random.default_rng(5), []
    frame = world.infrastructure[layer_id]
    networks = world.methods.tables["networks"]
    open_ = networks[~((networks["country_code"] == "AU") & (networks["class"] == class_))]
    shares = pd.DataFrame([{"country_code": "AU", "class": class_, "share": str(share)}])
    tables = {**world.methods.tables, "networks": open_, "completeness": shares}
    methods = dataclasses.replace(world.methods, tables=tables)
    lon, lat = random.uniform(116, 150, 600), random.uniform(-36, -18, 600)
    where = whereabouts(world, lon, lat)
    points = points_of(world, lon, lat, np.zeros(600), np.zeros(600, np.int64), ["*"])
    land = locate(world, lon, lat)["country_code"].to_numpy() == "AU"
    true = measure_points(world, points, where, (class_,))[class_].distance_km
    for _ in range(5):
        rest = changed(with_layer(world, layer_id, frame[random.random(len(frame)) < share]), methods=methods)
        found = measure_points(rest, points, where, (class_,))[class_]
        inside.append((found.low_km <= true + 1e-9)[land] & (true <= found.high_km + 1e-9)[land])
    assert len(np.concatenate(inside)) > 1000
    assert np.mean(np.concatenate(inside)) >= 0.95


@pytest.mark.parametrize("site_id", SUBSTATIONS)
def test_a_substation_that_may_exist_leaves_a_site_inside_its_own_bounds(world, site_id):
    before = score_table(world, site_ids=[site_id]).iloc[0]
    station = Addition(class_="power", geometry=Point(*SUBSTATIONS[site_id]), name="Substation", size=100)
    after = score_table(with_addition(world, station), site_ids=[site_id]).iloc[0]
    assert before["total_low"] <= after["total"] <= before["total_high"]
    assert after["total"] >= before["total"] - 1e-9


@pytest.mark.parametrize("name", ISLANDS)
def test_an_island_of_the_coast_is_land_of_its_country(world, name):
    lon, lat, country = ISLANDS[name]
    found = locate(world, np.array([lon]), np.array([lat])).iloc[0]
    assert (found["country_code"], found["setting"] == "seabed") == (country, False)
    assert found["landmass"]


def test_a_causeway_makes_kronstadt_one_land_with_saint_petersburg(world):
    found = nearest(world, 30.3, 59.9, classes=["port"]).iloc[0]
    assert not found["across"]
    assert locate(world, np.array([29.77, 30.3]), np.array([59.99, 59.9]))["landmass"].tolist() == ["gshhg-0"] * 2


def test_ice_outside_greenland_is_just_land_ice(world):
    places = ((10.0, 46.5), (-45.0, 61.5))
    ice = {place: plain_text(nearest(world, *place, classes=["ice"]).iloc[0]["name"]) for place in places}
    assert ice == {(10.0, 46.5): "Land ice", (-45.0, 61.5): "Land ice of Greenland"}


def test_a_runway_of_unknown_length_may_count_and_lowers_the_least_distance(world):
    """Narsarsuaq was to become a heliport when Qaqortoq opened in April 2026: whether planes may land was not read."""
    row = measure(world, ["gl-qassiarsuk"], ["airfield"]).iloc[0]
    assert plain_text(row["name"]) == "Qaqortoq Airport"
    assert row["distance_km"] == pytest.approx(58, abs=1)
    assert row["low_km"] < 3
    assert "Narsarsuaq Airport, 2.2 km, may count too" in plain_text(row["note"])


def test_a_strip_of_its_own_that_facts_state_counts_for_a_site(world):
    """Yangibana's unsealed strip of 2,000 m is on record; the nearest airport of the layer is far."""
    rows = measure(world, ["au-yangibana"])
    assert assess(world, rows)["au-yangibana"].values["airfield"][1] == 1.0  # noqa: PD011
    strip = rows.set_index("class").loc["airfield"]
    assert (strip["distance_km"], plain_text(strip["name"])) == (0.0, "at the site itself")
    site = world.sites.loc["au-yangibana"]
    assert nearest(world, site["lon"], site["lat"], classes=["airfield"]).iloc[0]["distance_km"] > 15


@pytest.mark.parametrize(
    ("site_id", "class_"),
    [
        ("au-goongarrie", "rail"),
        ("au-wild-cattle-creek", "power"),
        ("au-browns-range", "road"),
        ("au-wodgina", "airfield"),
        ("au-murrin-murrin", "refinery"),
    ],
)
def test_what_facts_say_stands_at_a_site_is_its_nearest_and_not_built_again(world, site_id, class_):
    """Goongarrie: the railway runs through the mining leases; Wild Cattle Creek: grid power to the old mine."""
    row = measure(world, [site_id], [class_]).iloc[0]
    assert row["distance_km"] == 0.0
    assert row["high_km"] <= 5.0
    assert "by a fact on record" in plain_text(row["note"])
    assert row["as_of"] != ""
    built = bill(world, site_id).items.set_index("item_id")["cost_usd_m"]
    item = {"power": "power_line", "road": "haul_road", "airfield": "airstrip"}.get(class_)
    assert item is None or built[item] == 0


def test_the_beds_of_a_camp_that_stands_are_not_built_again(world):
    beds = bill(world, "au-yangibana").items.set_index("item_id").loc["camp", "quantity"]
    assert beds == pytest.approx(300 - 296)  # 294 or 298 beds by source


def test_a_camp_and_a_strip_of_unknown_size_may_serve(world):
    """Browns Range: camp, near-mine roads and an airstrip exist, no size in print."""
    row = measure(world, ["au-browns-range"], ["airfield"]).iloc[0]
    assert row["distance_km"] > 80
    assert row["low_km"] == 0
    assert "a strip stands at the site" in plain_text(row["note"])
    camp = bill(world, "au-browns-range").items.set_index("item_id").loc["camp"]
    assert (camp["quantity_low"], camp["quantity"]) == (0, 300)


def test_a_by_products_plant_is_not_where_the_first_commodity_goes(world):
    rows = measure(world, ["au-gabanintha", "au-syerston", "au-dolphin"], ["refinery"]).set_index("site_id")
    assert rows.loc["au-gabanintha", "nil"] == "unknown"  # vanadium: no step is kept; titanium comes with it
    assert "no plant on record runs it" in plain_text(rows.loc["au-syerston", "note"])  # scandium
    assert rows.loc["au-dolphin", "feature_id"] == "vn-thai-nguyen-masan"  # tungsten: 7,907 km


def test_every_step_that_is_kept_has_its_commodity(world):
    steps = pd.read_csv(DATA / "methods" / "chain_steps.csv")
    known = world.methods.tables["refinery_fit"].set_index("commodity")["chain_stages"]
    assert set(steps["element"]) <= set(known.index)
    assert all(
        set(steps.loc[steps["element"] == name, "step"]) & set(known[name].split(";")) for name in steps["element"]
    )


def _addition(world, random):
    """Something that may be built: anywhere near a site of the catalogue, so that it can matter."""
    site = world.sites.iloc[int(random.integers(len(world.sites)))]
    lon = float(np.clip(site["lon"] + random.normal(0, 3), -180, 180))
    lat = float(np.clip(site["lat"] + random.normal(0, 2), -85, 85))
    class_ = ("port", "airfield", "power")[int(random.integers(3))]
    size = {"port": random.uniform(2, 16), "airfield": random.uniform(600, 3000), "power": random.uniform(1, 500)}
    return Addition(class_=class_, geometry=Point(lon, lat), name="x", size=float(size[class_]))


def _no_worse(world, before, count, seed):
    random = np.random.default_rng(seed)
    for _ in range(count):
        one = _addition(world, random)
        after = score_table(with_addition(world, one)).set_index("site_id")
        same = after["coverage"] >= before["coverage"] - 1e-12
        assert same.all(), one
        lost = (before["total"] - after["total"]).dropna()
        assert (lost <= 1e-9).all(), (one, lost[lost > 1e-9])
        assert (after["total_high"] >= before["total_low"] - 1e-9).all(), one


@pytest.fixture(scope="module")
def before(world):
    return score_table(world).set_index("site_id")


def test_two_dozen_things_built_anywhere_lower_no_score(world, before):
    _no_worse(world, before, 24, seed=3)


def test_a_port_whose_season_nobody_knows_takes_nothing_from_an_island_that_has_another_such(world):
    # found by the two thousand: of two ports without a season the nearer made the value unknown
    island = with_sites(world, world.sites.loc[["gl-karrat"]])
    one = Addition(class_="port", geometry=Point(-54.138, 71.142), name="x", size=3.17)
    before, after = (score_table(opened).iloc[0]["total"] for opened in (island, with_addition(island, one)))
    assert after >= before - 1e-9


def test_a_port_built_where_the_season_is_unknown_leaves_a_far_site_s_value_known(world):
    # found by the two thousand: the best port of Citronen Fjord is one whose season nobody knows, too far to matter
    site = with_sites(world, world.sites.loc[["gl-citronen"]])
    one = Addition(class_="port", geometry=Point(-35.596, 83.664), name="x", size=2.21)
    before, after = (score_table(opened).iloc[0] for opened in (site, with_addition(site, one)))
    assert after["coverage"] == before["coverage"]
    assert after["total"] >= before["total"] - 1e-9
    assert after["total_high"] > before["total_high"]


def test_where_an_island_holds_no_plant_what_is_missing_may_be_at_the_site(world):
    note = plain_text(nearest(world, 92.75, 12.0, classes=["power"]).iloc[0]["note"])  # South Andaman
    assert "may be at the site" in note
    assert note.endswith("none kept on this landmass")


@pytest.mark.heavy
def test_two_thousand_things_built_anywhere_lower_no_score(world, before):
    _no_worse(world, before, 2000, seed=4)


def _in_use(world):
    """What sites use now, each a closing: the nearest of each class, and the ports that plans name."""
    rows = measure(world, list(score_table(world)["site_id"]))
    found = [
        (class_, str(key)) for measured, class_ in CLOSED_AS.items()
        for key in rows[(rows["class"] == measured) & (rows["nil"] == "")]["feature_id"]
        if str(key) in in_service(world, class_).index
    ]  # fmt: skip
    named = [logical_port(world, one) for one in subjects(world, rows, SCORED_KINDS)]
    found += [("port", port.feature_id) for port in named if port is not None]
    return [Closing(class_=class_, key=key) for class_, key in dict.fromkeys(found)]


def _no_better(world, before, count, seed):
    random, known = np.random.default_rng(seed), _in_use(world)
    fell = 0
    for _ in range(count):
        after_world, some = world, random.choice(len(known), size=int(random.integers(1, 4)), replace=False)
        for i in some:
            after_world = with_closing(after_world, known[int(i)])
        after = score_table(after_world, site_ids=list(before.index)).set_index("site_id")
        gained = (after["total"] - before["total"]).dropna()
        assert (gained <= 1e-9).all(), ([known[int(i)] for i in some], gained[gained > 1e-9])
        assert not (before["total"].isna() & after["total"].notna()).any()
        fell += int((gained < -1e-9).any())
    assert fell > count / 2


def test_four_times_some_of_what_is_in_use_closes_and_no_score_rises(world, before):
    _no_better(world, before, 4, seed=6)


@pytest.mark.heavy
def test_three_hundred_times_some_of_what_is_in_use_closes_and_no_score_rises(world, before):
    _no_better(world, before, 300, seed=7)


def test_a_power_station_never_raises_a_bill_and_none_on_another_land(world):
    """The 10 MW of the finding at 49.132 W, 66.909 N took Tanbreez from 151 to 1,364 million."""
    from oreway.scoring.build.bill import bills

    ids = ["gl-tanbreez", "gl-ilua", "gl-karrat", "gl-kvanefjeld", "gl-sarfartoq"]
    plant = Addition(class_="power", geometry=Point(-49.132, 66.909), name="x", size=10)
    after = with_addition(world, plant)
    one, two = bills(world, ids), bills(after, ids)
    assert all(two[key].base <= one[key].base + 1e-9 for key in one)
    scores = [score_table(opened, site_ids=ids).set_index("site_id")["total"] for opened in (world, after)]
    assert (scores[1] >= scores[0] - 1e-9).all()
    assert scores[1]["gl-ilua"] == scores[0]["gl-ilua"]


def test_a_zone_s_site_among_others_keeps_its_own_answers(world):
    """A world with other sites asks the first one for what both have in common."""
    few = with_sites(world, world.sites.loc[["au-nolans"]])
    assert few.base is world
    pd.testing.assert_frame_equal(measure(few), measure(world, ["au-nolans"]))


FOUR = {  # km to road and rail as intervals, worked out from the source package apart from this engine
    (-115.5325, 35.4783): ((0.0, 5.1), (14.8, 20.3)),  # Mountain Pass
    (14.57, 58.10): ((0.0, 0.9), (19.5, 20.6)),  # Norra Karr
    (-64.13, 56.32): ((171.0, 402.0), (209.0, 239.0)),  # Strange Lake
    (35.72, -15.70): ((12.0, 45.3), (52.7, 71.5)),  # Songwe Hill: Malawi's lesser roads are not in the source
}


@pytest.mark.parametrize("place", FOUR)
def test_places_far_from_here_have_their_road_and_railway_inside_the_interval(world, place):
    found = nearest(world, *place, classes=["road", "rail"])
    for (least, most), row in zip(FOUR[place], found.to_dict("records"), strict=True):
        assert row["low_km"] <= least + 0.1
        assert row["high_km"] == pytest.approx(most, abs=0.6)


def test_gladstone_has_power_beside_it_and_central_canada_its_own_town(world):
    assert nearest(world, 151.30, -23.86, classes=["power"]).iloc[0]["distance_km"] < 15
    assert nearest(world, -112.0, 60.0, classes=["town"]).iloc[0]["name"] == "Fort Smith"
