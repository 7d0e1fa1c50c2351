import dataclasses
import tracemalloc

import numpy as np
import pytest
import scipy.stats
from hypothesis import given, settings
from hypothesis import strategies as st

from oreway.scoring.errors import ScoringError
from oreway.scoring.judge.assess import assess
from oreway.scoring.measure.measure import measure
from oreway.scoring.rank import draws as _draws
from oreway.scoring.rank.acceptability import Problem, acceptability, rank
from oreway.scoring.rank.draws import triangular
from oreway.scoring.rank.flips import flips
from oreway.scoring.world.world import with_sites


def problem(values, spread=0.0, weights=None):
    base = np.asarray(values, dtype=float)
    names = tuple(f"k{i}" for i in range(base.shape[1]))
    return Problem(
        site_ids=tuple(f"s{i}" for i in range(len(base))), criteria=names, low=np.clip(base - spread, 0, 1), base=base,
        high=np.clip(base + spread, 0, 1), profile=np.zeros(len(base), dtype=np.int64),
        weights=np.array([weights or [1.0] * len(names)]),
    )  # fmt: skip


def test_a_site_better_in_everything_is_always_first():
    found = acceptability(problem([[0.9, 0.8], [0.5, 0.4], [0.1, 0.2]]), draws=500, seed=1)
    assert found.ranks[0, 0] == 1
    assert found.pairwise[0, 1] == 1
    assert found.pairwise[1, 0] == 0


def test_two_mirror_images_share_the_first_place():
    found = acceptability(problem([[1.0, 0.0], [0.0, 1.0]]), draws=20_000, seed=1)
    assert found.ranks[0, 0] == pytest.approx(0.5, abs=4 * found.standard_error(np.array(0.5)))
    assert found.central_weights.loc["s0", "k0"] > 0.5 > found.central_weights.loc["s0", "k1"]


def test_no_preference_gives_the_known_share():
    # Dirichlet(1, 1): w0 is uniform on (0, 1); s0 wins when 0.6 w0 > 0.3 (1 - w0), that is w0 > 1/3
    found = acceptability(problem([[0.6, 0.0], [0.0, 0.3]]), draws=40_000, seed=2, concentration=2)
    assert found.ranks[0, 0] == pytest.approx(2 / 3, abs=0.01)


@settings(max_examples=20, deadline=None)
@given(st.integers(1, 6), st.integers(1, 5), st.integers(0, 2**32 - 1))
def test_shares_of_every_site_and_of_every_rank_add_up_to_one(sites, criteria, seed):
    values = np.random.default_rng(seed).random((sites, criteria))
    found = acceptability(problem(values, spread=0.2), draws=50, seed=seed)
    assert found.ranks.sum(axis=0) == pytest.approx(np.ones(sites))
    assert found.ranks.sum(axis=1) == pytest.approx(np.ones(sites))
    off = ~np.eye(sites, dtype=bool)
    assert (found.pairwise + found.pairwise.T)[off] == pytest.approx(np.ones(off.sum()))


def test_the_same_seed_gives_the_same_answer_and_chunks_only_change_memory():
    given_problem = problem(np.random.default_rng(0).random((5, 4)), spread=0.1)
    one = acceptability(given_problem, draws=3000, seed=7)
    assert np.array_equal(one.ranks, acceptability(given_problem, draws=3000, seed=7).ranks)
    other = acceptability(given_problem, draws=3000, seed=7, chunk=500)
    assert other.ranks == pytest.approx(one.ranks, abs=0.06)


def test_triangular_quantiles_meet_the_bounds_and_the_mean():
    u = np.linspace(0, 1, 100_001, dtype=np.float32)
    drawn = triangular(u, 0.1, 0.3, 0.9)
    assert (drawn.min(), drawn.max()) == pytest.approx((0.1, 0.9), abs=1e-4)
    assert drawn.mean() == pytest.approx((0.1 + 0.3 + 0.9) / 3, abs=1e-3)


def test_an_unknown_value_is_drawn_from_all_it_may_be():
    base = problem([[0.5], [0.5]])
    unknown = Problem(**{**vars(base), "low": np.array([[0.0], [0.5]]), "base": np.array([[np.nan], [0.5]]),
                         "high": np.array([[1.0], [0.5]])})  # fmt: skip
    found = acceptability(unknown, draws=20_000, seed=3)
    assert found.ranks[0, 0] == pytest.approx(0.5, abs=0.02)
    assert found.scores[0] == pytest.approx([5, 50, 95], abs=1.5)


def test_percentiles_of_a_triangular_score_are_those_of_its_formula():
    falling = Problem(**{**vars(problem([[0.0]])), "high": np.array([[1.0]])})
    found = acceptability(falling, draws=200_000, seed=5)
    assert found.scores[0] == pytest.approx([100 * (1 - np.sqrt(1 - p)) for p in (0.05, 0.5, 0.95)], abs=0.5)


def test_a_value_between_bounds_is_drawn_from_its_triangle_an_unknown_one_evenly():
    low, base, high = (np.array([[one] for one in row]) for row in ((0.2, 0.2, 0.4), (0.3, np.nan, 0.7), (0.8,) * 3))
    bounds = {"low": low, "base": base, "high": high}
    found = acceptability(Problem(**{**vars(problem([[0.0]] * 3)), **bounds}), draws=100_000, seed=5)
    # triangle a, c, b: a + sqrt(p (b-a) (c-a)) up to p = (c-a) / (b-a), then b - sqrt((1-p) (b-a) (b-c))
    assert found.scores[0] == pytest.approx([25.48, 41.27, 67.75], abs=0.5)
    assert found.scores[1] == pytest.approx([23, 50, 77], abs=0.5)
    assert found.scores[2] == pytest.approx([47.75, 64.49, 75.53], abs=0.5)


def test_the_best_score_there_is_counts_as_a_hundred():
    found = acceptability(problem([[1.0], [1.0]]), draws=200, seed=0)
    assert found.scores == pytest.approx(np.full((2, 3), 100.0), abs=0.011)


def test_a_half_from_2500_draws_is_good_to_a_hundredth():
    found = acceptability(problem([[1.0, 0.0], [0.0, 1.0]]), draws=2500, seed=1)
    assert found.standard_error(np.array(0.5)) == pytest.approx(0.01)  # sqrt(0.5 * 0.5 / 2500)


def test_a_certain_score_has_no_spread():
    assert acceptability(problem([[0.6123]]), draws=100, seed=0).scores[0] == pytest.approx([61.23] * 3, abs=0.01)


def test_counts_are_those_of_sorting_ties_in_the_order_of_the_sites():
    score = np.random.default_rng(0).integers(0, 4, (6, 500)).astype(np.float32)
    place, ranks, wins = np.empty((6, 500), np.int16), np.zeros((6, 6), np.int64), np.zeros((6, 6), np.int64)
    _draws.count(score, place, ranks, wins)
    order = np.argsort(-score, axis=0, kind="stable")
    assert (np.take_along_axis(place, order, axis=0) == np.arange(6)[:, None]).all()
    assert ranks.tolist() == [[int((row == r).sum()) for r in range(6)] for row in place]
    assert wins.tolist() == [[int((one < other).sum()) for other in place] for one in place]


def test_memory_does_not_grow_with_the_draws():
    given_problem = problem(np.random.default_rng(0).random((20, 4)), spread=0.1)
    peaks = []
    for draws in (10_000, 100_000):
        tracemalloc.start()
        acceptability(given_problem, draws=draws, seed=0)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < peaks[0] + 1_000_000  # all scores of 90,000 more draws would be 7 MB


def test_no_draws_are_refused():
    with pytest.raises(ScoringError, match="1 or more"):
        acceptability(problem([[1.0]]), draws=0, seed=0)


def test_the_ranking_names_every_scored_site_once_among_its_peers(tiny):
    table = rank(tiny, draws=500)
    assert set(table["site_id"]) == {"au-inland", "gl-fjord", "jp-mud"}
    for _, group in table.groupby("peers"):
        assert list(group["rank"]) == list(range(1, len(group) + 1))
        assert group["total"].is_monotonic_decreasing
        assert group["first_share"].sum() == pytest.approx(1)
    assert (table["score_p5"] <= table["score_p95"]).all()


@pytest.mark.parametrize("concentration", [2, 20, 200])
def test_less_sure_weights_make_the_first_place_less_sure(concentration):
    # s0 wins where w0 > 1/2, and a Dirichlet's first part of two is Beta(0.6 k, 0.4 k)
    given_problem = problem([[1.0, 0.0], [0.0, 1.0]], weights=[3.0, 2.0])
    found = acceptability(given_problem, draws=40_000, seed=4, concentration=concentration)
    known = scipy.stats.beta.sf(0.5, 0.6 * concentration, 0.4 * concentration)
    assert found.ranks[0, 0] == pytest.approx(known, abs=0.01)


def test_the_concentration_asked_for_reaches_the_ranking(pair):
    weights = {"road": 3.0, "town": 2.0}
    sure, unsure = (rank(pair, draws=4000, weights=weights, concentration=k)["first_share"].max() for k in (10_000, 2))
    assert sure > unsure + 0.05


def test_mud_is_not_ranked_against_rock(tiny):
    table = rank(tiny, draws=10).set_index("site_id")
    assert table.loc["jp-mud", "peers"] == "seabed"
    assert table.loc["jp-mud", "rank"] == 1
    assert "jp-mud" not in set(flips(tiny)["above"]) | set(flips(tiny)["below"])


def test_a_ranking_of_nothing_is_empty(tiny):
    assert rank(tiny, "seabed", draws=10, site_ids=["au-inland"]).empty


def test_a_profile_ranks_only_what_it_can_judge(tiny):
    assert set(rank(tiny, "greenland", draws=50)["site_id"]) == {"au-inland", "gl-fjord"}


@pytest.fixture(scope="module")
def pair(tiny, make):
    rows = [make["site"]("au-one", 5, 0, "AU", "outback"), make["site"]("au-two", 4, 0.5, "AU", "outback")]
    return with_sites(tiny, make["sites"](rows))


def known_weights(world):
    one = assess(world, measure(world))["au-one"]
    return {name: world.methods.weights["outback"][name] for name in one.contributions}


def test_the_smallest_change_of_a_fact_closes_the_gap(pair):
    table = flips(pair)
    fact = table[table["change"] == "fact"].iloc[0]
    weights = known_weights(pair)
    share = weights[fact["criterion_id"]] / sum(weights.values())
    assert abs(fact["to_value"] - fact["from_value"]) * share * 100 == pytest.approx(fact["gap"])


def test_the_smallest_change_of_a_weight_closes_the_gap(pair):
    table = flips(pair)
    change = table[table["change"] == "weight"].iloc[0]
    weights = known_weights(pair)
    name, to = change["criterion_id"], change["to_value"]
    rest = sum(w for k, w in weights.items() if k != name)
    weights[name] = to * rest / (1 - to)
    totals = rank(pair, weights=weights, draws=1)["total"]
    assert totals.max() - totals.min() == pytest.approx(0, abs=1e-6)


def test_one_site_alone_has_nothing_to_swap_with(tiny):
    assert flips(tiny, site_ids=["au-inland"]).empty


def test_the_depth_a_port_would_need_is_the_one_that_makes_two_sites_equal(tiny, make):
    rows = [make["site"]("au-quay", 0.05, 0, "AU", "outback"), make["site"]("au-haul", 2, 3, "AU", "outback")]
    world, port = with_sites(tiny, make["sites"](rows)), {"port": 1.0}
    found = flips(world, weights=port).set_index("change").loc["recorded"]
    # 5.57 km to 6 m of water: 0.5 * 2^-((1.3*5.57 - 2)/150) = 0.488; 222.3 km to 12 m: 2^-((1.3*222.3 - 2)/300) = 0.515
    assert (found["above"], found["below"]) == ("au-haul", "au-quay")
    assert (found["field"], found["field_of"], found["from_recorded"]) == ("berth_depth_m", "wpi-shallow", 6.0)
    # the berth has to be worth 0.515/0.976 = 0.528: from 0.50 at 6 m to 0.85 at 10 m
    assert found["to_recorded"] == pytest.approx(6 + 4 * (0.528 - 0.5) / 0.35, abs=0.02)
    infrastructure = make["infrastructure"]()
    infrastructure["ports"].loc["wpi-shallow", "depth_m"] = found["to_recorded"]
    deeper = with_sites(make["world"](infrastructure=infrastructure), make["sites"](rows))
    totals = rank(deeper, weights=port, draws=1)["total"]
    assert totals.max() - totals.min() == pytest.approx(0, abs=1e-9)


def test_the_months_a_port_would_need_open_are_those_that_make_two_sites_equal(tiny, make):
    rows = [make["site"]("gl-quay", -45, 60.01, "GL", "arctic"), make["site"]("gl-town", -45, 60.98, "GL", "arctic")]
    infrastructure = make["infrastructure"]()
    infrastructure["ports"].loc["wpi-north", "depth_m"] = 12.0
    world = with_sites(make["world"](infrastructure=infrastructure), make["sites"](rows))
    weights = {"port": 1.0, "town": 0.75}
    found = flips(world, weights=weights).set_index("change").loc["recorded"]
    assert (found["above"], found["field"], found["from_recorded"]) == ("gl-quay", "open_months", 10.5)
    seasons = world.methods.tables["port_season"].copy()
    seasons.loc[seasons["region"] == "South Greenland", "open_months"] = str(found["to_recorded"])
    methods = dataclasses.replace(world.methods, tables={**world.methods.tables, "port_season": seasons})
    closed = with_sites(make["world"](infrastructure=infrastructure, methods=methods), make["sites"](rows))
    totals = rank(closed, weights=weights, draws=1)["total"]
    assert totals.max() - totals.min() == pytest.approx(0, abs=1e-9)


def test_a_single_criterion_has_no_weight_that_swaps(pair):
    assert "weight" not in set(flips(pair, weights={"road": 1.0})["change"])


def test_the_depth_of_water_that_would_swap_two_sites_at_sea_gives_the_same_value(tiny, make):
    facts = make["facts"]([
        {"site_id": "jp-shoal", "field": "water_depth_m", "value": "3000", "unit": "m"},
        {"site_id": "jp-deep", "field": "water_depth_m", "value": "5000", "unit": "m"},
    ])  # fmt: skip
    rows = [make["site"](key, 153, 23, "JP", "seabed", kind="zone") for key in ("jp-shoal", "jp-deep")]
    world = dataclasses.replace(with_sites(tiny, make["sites"](rows)), facts=facts)
    found = flips(world, weights={"water_depth": 1.0}).set_index("change").loc["recorded"]
    assert (found["above"], found["field"]) == ("jp-shoal", "water_depth_m")
    assert {found["from_recorded"], round(found["to_recorded"])} == {3000.0, 5000}
