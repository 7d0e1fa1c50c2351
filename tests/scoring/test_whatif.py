"""Building something never worsens a site, helps the one beside it, and helps nobody when it joins nothing."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shapely.geometry import LineString, Point

from oreway.scoring.dossier.summary import summary
from oreway.scoring.errors import ScoringError
from oreway.scoring.judge.assess import score_table
from oreway.scoring.measure.measure import measure
from oreway.scoring.routes.supply import supply
from oreway.scoring.whatif.changes import read_change, with_change
from oreway.scoring.whatif.closing import read_closing, with_closing
from oreway.scoring.whatif.whatif import Addition, compare, with_addition

QAQORTOQ = (-46.035, 60.718)
ALICE_SPRINGS = (133.88, -23.7)


@pytest.fixture(scope="module")
def world(shipped):
    return shipped


@pytest.fixture(scope="module")
def known(world):
    return summary(world)


@pytest.fixture(scope="module")
def before(world):
    return score_table(world).set_index("site_id")["total"]


def test_a_deep_port_beside_tanbreez_becomes_its_nearest_and_raises_its_score(world, known):
    site = world.sites.loc["gl-tanbreez"]
    port = Addition(class_="port", geometry=Point(site["lon"], site["lat"] + 0.02), name="New berth", size=12)
    after = with_addition(world, port)
    row = measure(after, ["gl-tanbreez"], ["deep_water_port"]).iloc[0]
    assert row["name"] == "New berth"
    assert row["distance_km"] == pytest.approx(0.02 * 111.4, rel=0.01)  # one degree of latitude at 61° N: 111.4 km
    table = compare(world, after, known=known).set_index("site_id")
    assert table.loc["gl-tanbreez", "gain"] > 0
    assert table["gain"].dropna().is_monotonic_decreasing
    assert table["gain"].nunique() > 1
    assert (table["gain"].dropna() >= -1e-9).all()
    for site_id in ("au-nolans", "gl-ilua"):
        for when, opened in (("before", world), ("after", after)):
            found = supply(opened, site_id)
            best = next(route for route in found.routes if route.refinery_id == found.best)
            assert table.loc[site_id, f"chain_km_{when}"] == best.distance_km
            assert table.loc[site_id, f"refinery_{when}"] == found.best
    scored = score_table(after).set_index("site_id")
    assert table.loc["gl-tanbreez", "total_after"] == scored.loc["gl-tanbreez", "total"]
    assert table.loc["gl-tanbreez", "gates_after"] == scored.loc["gl-tanbreez", "gates"]
    assert table.loc["gl-tanbreez", "rank_after"] < table.loc["gl-tanbreez", "rank_before"]
    assert (table["bill_after"] <= table["bill_before"] + 1e-6).all()


def test_of_ports_the_next_takes_over_from_a_closed_one(world, before):
    """Nolans ships by Darwin, its plan says; without it the best of the others counts, and nobody gains."""
    after = with_closing(world, read_closing("port:Darwin"))
    assert len(after.infrastructure["ports"]) == len(world.infrastructure["ports"]) - 1
    assert supply(world, "au-nolans").port_name == "Darwin"
    assert supply(after, "au-nolans").port_name != "Darwin"
    gains = score_table(after).set_index("site_id")["total"] - before
    assert gains["au-nolans"] < 0
    assert gains["au-browns-range"] == 0  # an older plan names Darwin, the newer one Wyndham
    assert (gains.dropna() <= 1e-9).all()


def test_at_sea_the_next_port_is_no_nearer_than_the_closed_one(world):
    asked = ["jp-minamitorishima", "jp-minamitorishima-nodules"]
    before = score_table(world, site_ids=asked)["total"]
    after = score_table(with_closing(world, read_closing("port:Shimizu Ko")), site_ids=asked)["total"]
    assert (after < before).all()


def test_a_closed_plant_stays_in_the_catalogue_and_serves_nobody(world):
    after = with_closing(world, read_closing("refinery:my-kuantan"))
    assert after.plants.loc["my-kuantan", "stage"] == after.sites.loc["my-kuantan", "stage"] == "idled"
    before = supply(world, "au-mt-weld").route("my-kuantan")
    assert (before.status, supply(after, "au-mt-weld").route("my-kuantan").status) == ("operating", "idled")


@pytest.mark.parametrize(
    ("text", "said"),
    [("port:Darwn", "did you mean Darwin"), ("ice:Vatnajökull", "cannot be closed; choose from port"),
     ("port", "expected CLASS:NAME"), ("port:Georgetown", "name one by its id")],
)  # fmt: skip
def test_what_cannot_be_closed_is_refused_with_the_cure(world, text, said):
    with pytest.raises(ScoringError, match=said):
        with_closing(world, read_closing(text))


def test_the_world_before_stays_as_it_was(world):
    count = len(world.infrastructure["ports"])
    with_addition(world, Addition(class_="port", geometry=Point(-46, 60.9), name="X"))
    assert len(world.infrastructure["ports"]) == count


def test_a_road_from_qaqortoq_to_tanbreez_ends_the_absent_network(world):
    site = world.sites.loc["gl-tanbreez"]
    road = Addition(class_="road", geometry=LineString([QAQORTOQ, (site["lon"], site["lat"])]), name="Mine road")
    rows = measure(with_addition(world, road), ["gl-tanbreez", "gl-kvanefjeld"], ["road"]).set_index("site_id")
    assert rows.loc["gl-tanbreez", "nil"] == ""
    assert rows.loc["gl-tanbreez", "distance_km"] == pytest.approx(0, abs=1e-3)
    assert rows.loc["gl-kvanefjeld", "name"] == "Mine road"


def test_a_road_that_joins_nothing_is_refused(world):
    road = Addition(class_="road", geometry=LineString([(-40, 75), (-39, 75)]), name="On the ice")
    with pytest.raises(ScoringError, match=r"joins nothing: no port, town, road within 5 km"):
        with_addition(world, road)


@pytest.mark.parametrize(
    ("class_", "geometry", "said"),
    [
        ("ice", Point(0, 0), "cannot be added"),
        ("port", LineString([(0, 0), (1, 1)]), "a port is a point"),
        ("road", Point(0, 0), "a road is a line"),
    ],
)
def test_a_shape_that_does_not_fit_is_refused(world, class_, geometry, said):
    with pytest.raises(ScoringError, match=said):
        with_addition(world, Addition(class_=class_, geometry=geometry, name="x"))


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    class_=st.sampled_from(["port", "airfield", "power", "road", "rail"]),
    lon=st.floats(114, 152),
    lat=st.floats(-38, -12),
    size=st.floats(0, 3000),
)
def test_adding_never_worsens_any_site(world, before, class_, lon, lat, size):
    shape = Point(lon, lat) if class_ not in {"road", "rail"} else LineString([ALICE_SPRINGS, (lon, lat)])
    after = with_addition(world, Addition(class_=class_, geometry=shape, name="x", size=size))
    gains = score_table(after).set_index("site_id")["total"] - before
    assert (gains.dropna() >= -1e-9).all()


def test_land_and_sea_are_ranked_apart(known):
    assert known.loc["jp-minamitorishima", "rank"] <= 5  # of five at sea
    assert known["rank"].value_counts().loc[1.0] == 2  # one first on land, one at sea


def test_a_moved_site_changes_alone_its_chain_too(world, known):
    # from 133.2 E, 22.6 S to 20 S: 288 km nearer to Darwin, and far from the highway
    after = with_change(world, read_change("au-nolans:lat=-20"))
    table = compare(world, after, known=known).set_index("site_id")
    assert table.loc["au-nolans", "chain_km_after"] < table.loc["au-nolans", "chain_km_before"]
    assert (table["gain"].drop("au-nolans").dropna() == 0).all()
    others = table.drop("au-nolans")
    assert others["chain_km_after"].dropna().equals(others["chain_km_before"].dropna())
    assert others["bill_after"].equals(others["bill_before"].rename("bill_after"))


def test_a_port_added_after_scoring_has_its_depth(world, before):
    site = world.sites.loc["gl-tanbreez"]
    berth = Addition(class_="port", geometry=Point(site["lon"], site["lat"] + 0.02), name="New berth", size=12)
    after = score_table(with_addition(world, berth), site_ids=["gl-tanbreez"])
    assert after["total"].iloc[0] > before["gl-tanbreez"]
