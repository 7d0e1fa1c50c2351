"""An uncertain place gives a range of distances, and says when another feature may be the nearest."""

import numpy as np
import pytest

from oreway.geo.geodesy import distance_km
from oreway.outputs.words.reason_texts import in_words
from oreway.scoring.measure.position_spread import spread


@pytest.fixture(scope="module")
def world(shipped):
    return shipped


@pytest.fixture(scope="module")
def tanbreez(world):
    return in_words(spread(world, "gl-tanbreez")).set_index("class")


def test_a_distance_far_beyond_the_uncertainty_spreads_by_it(world, tanbreez):
    # 4 km along each axis: P95 − P5 of a distance hundreds of kilometres off is 3.29 × 4 km
    row = tanbreez.loc["refinery"]
    assert row["p95_km"] - row["p5_km"] == pytest.approx(3.29 * 4, rel=0.15)


def test_noise_makes_near_things_look_farther(world, tanbreez):
    site = world.sites.loc["gl-tanbreez"]
    assert tanbreez.loc["coast", "p95_km"] > 1.5  # the coast is 0.4 km off, the place known to 4 km
    assert (
        tanbreez.loc["town", "p5_km"]
        < distance_km(site["lon"], site["lat"], -46.0505, 60.913)
        < tanbreez.loc["town", "p95_km"]
    )


def test_the_nearest_town_may_be_another(tanbreez):
    assert tanbreez.loc["town", "nearest"].startswith("Narsaq")
    assert tanbreez.loc["refinery", "nearest"].endswith(" 100 %")
    assert not tanbreez["nearest"].str.contains(r"\b0 %").any()


def test_an_absent_network_has_no_percentiles(tanbreez):
    assert np.isnan(tanbreez.loc["road", "p50_km"])


def test_a_zone_is_sampled_over_its_area(world):
    rows = spread(world, "jp-minamitorishima").set_index("class")
    # the box of Takaya et al. is some tens of kilometres across; its centre is 251 km from the island's airfield
    assert rows.loc["airfield", "p5_km"] < 251 < rows.loc["airfield", "p95_km"]


def test_the_same_seed_gives_the_same_spread(world, tanbreez):
    again = spread(world, "gl-tanbreez").set_index("class")
    assert again["p50_km"].equals(tanbreez["p50_km"])
