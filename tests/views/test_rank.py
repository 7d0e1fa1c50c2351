"""The ranking page: stability, one's own weights, what would flip, and who is beaten whatever the weights."""

import itertools

import pandas as pd
import pytest

from oreway.outputs.files import own_table
from oreway.outputs.report import rank_tables as ranks
from oreway.scoring.batch.own_sites import own_scores
from oreway.scoring.rank.acceptability import peers
from oreway.views import answers, cached
from oreway.views.rank import first_words
from tests.views.helpers import open_page


def test_the_page_ranks_and_keeps_ones_own_weights_over_other_pages() -> None:
    app = open_page("rank", profile="own_weights")
    assert len(app.dataframe) == 4
    app.slider(key="weight_port").set_value(100).run()
    assert not app.exception
    app.switch_page("views/sources.py").run()
    app.switch_page("views/rank.py").run()
    assert app.slider(key="weight_port").value == 100
    assert app.query_params["profile"] in ("own_weights", ["own_weights"])


def test_the_table_agrees_with_the_scoring_room() -> None:
    world = cached.world()
    found = peers(world, cached.assessments(world.data_version))["land"]
    answer = answers.stability_of(world.data_version, tuple(found), (None, None, "half_life"))
    table = ranks.stability_table(found, answer)
    assert table["total"].is_monotonic_decreasing
    assert table["first_share"].sum() == pytest.approx(100)
    assert (table["top3_share"] >= table["first_share"]).all()
    assert (table["best_rank"] <= table["worst_rank"]).all()


def test_the_table_before_its_stability_has_the_same_rows_and_columns() -> None:
    world = cached.world()
    found = peers(world, cached.assessments(world.data_version))["land"]
    answer = answers.stability_of(world.data_version, tuple(found), (None, None, "half_life"))
    whole, plain = ranks.stability_table(found, answer), ranks.plain_table(found, dict.fromkeys(found, "x"))
    assert list(plain.drop(columns="name").columns) == list(whole.columns)
    assert plain["total"].to_dict() == whole["total"].to_dict()
    assert list(plain.index) == list(whole.index)
    assert plain["first_share"].isna().all()


def test_where_the_highest_score_is_not_first_in_most_draws_both_are_named() -> None:
    world = cached.world()
    found = peers(world, cached.assessments(world.data_version))["land"]
    table = ranks.stability_table(
        found, answers.stability_of(world.data_version, tuple(found), (None, None, "half_life"))
    )
    names = {key: f"Site {i}" for i, key in enumerate(found)}
    often, highest = str(table["first_share"].idxmax()), str(table["total"].idxmax())
    assert often != highest, "else the sentence says nothing new"
    told = first_words(table, names, 10_000)
    assert told.startswith(f"{names[often]} stands first in ")
    assert told.endswith(
        f"{names[highest]}, which with its range stands first in {table.loc[highest, 'first_share']:.0f} %."
    )
    tidy = table.assign(total=table["total"].where(table.index == often, 0.0))
    assert "highest" not in first_words(tidy, names, 10_000)


def test_a_beaten_site_is_below_its_better_for_every_profile() -> None:
    world = cached.world()
    found = peers(world, cached.assessments(world.data_version))["land"]
    sure = ranks.undominated(found)
    for profile in ("greenland", "outback", "equal"):
        judged = answers.judged_by(world.data_version, profile, None, "half_life")
        for below, above in sure.items():
            if above:
                assert (judged[above].total_low or 0) >= (judged[below].total_high or 0) - 1e-9


def test_no_site_beats_itself_and_beating_goes_one_way() -> None:
    world = cached.world()
    found = peers(world, cached.assessments(world.data_version))["land"]
    by = ranks.by_base(found)
    assert all(above != below for below, above in by.items())
    assert any(not above for above in by.values())
    assert not [1 for a, b in itertools.combinations(found, 2) if by[a] == b and by[b] == a]


def test_the_linear_shape_is_a_switch_kept_in_the_address() -> None:
    half, linear = (open_page("rank", **address) for address in ({}, {"shape": "linear"}))
    scores = [app.dataframe[0].value.set_index("Site")["Score"] for app in (half, linear)]
    world = cached.world()
    told = answers.judged_by(world.data_version, None, None, "linear")["au-nolans"].total
    assert scores[1]["Nolans"] == pytest.approx(told, abs=0.05)
    assert scores[1]["Nolans"] != scores[0]["Nolans"]
    assert linear.query_params["shape"] in ("linear", ["linear"])


def test_sliders_are_those_of_the_setting_and_their_sum_is_told() -> None:
    app = open_page("rank", profile="own_weights")
    land = {str(slider.key) for slider in app.slider}
    assert "weight_port" in land
    assert "weight_water_depth" not in land
    whole = sum(slider.value for slider in app.slider)
    assert any(one.value.startswith(f"Sum {whole};") for one in app.caption)
    sea = open_page("rank", profile="own_weights", where="seabed")
    assert {str(slider.key) for slider in sea.slider}.isdisjoint(land)


def test_pairs_give_weights_and_say_how_well_they_agree() -> None:
    app = open_page("rank", profile="pairs")
    told = "\n".join(one.value for one in app.text)
    assert told.count("12.5 %") == 8  # nothing compared yet: eight equal weights
    assert any("Consistency ratio 0.00" in one.value for one in app.caption)


def test_sites_whose_shares_of_first_places_lie_within_their_errors_are_named_together() -> None:
    shares, errors = [26.0, 25.6, 25.0, 9.0], [0.43, 0.43, 0.43, 0.3]
    table = pd.DataFrame({"first_share": shares, "first_error": errors}, index=["b", "a", "c", "d"])
    assert ranks.tied_first(table) == ["b", "a", "c"]
    world = cached.world()
    found = peers(world, cached.assessments(world.data_version))["land"]
    order = ranks.shared_ranks(found)
    totals = {key: round(one.total or 0, 1) for key, one in found.items()}
    assert all(totals[one] == totals[other] for tied in ranks.ties(order) for one, other in itertools.pairwise(tied))
    assert min(order.values()) == 1


def test_a_site_of_ones_own_stands_in_the_ranking_with_the_score_of_its_page() -> None:
    frame = own_table.read_table(
        pd.DataFrame({"name": ["Mine"], "lon": [133.2], "lat": [-22.6], "commodities": ["REE"], "stage": [""],
                      "position_accuracy_km": [1.0]})
    ).sites  # fmt: skip
    scores = own_scores(cached.world(), frame)
    app = open_page("rank")
    app.session_state["own_scored"] = frame.join(scores[["total"]])
    app.session_state["own_mark"] = 1
    app.run()
    assert not app.exception
    table = app.dataframe[0].value.set_index("Site")
    assert table.loc["▼ Mine", "Score"] == pytest.approx(scores["total"].iloc[0], abs=0.06)
    assert table["Rank"].is_monotonic_increasing
