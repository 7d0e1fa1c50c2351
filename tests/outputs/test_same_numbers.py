"""One set of numbers: the page, the terminal, a batch, the files and the report agree on every site."""

import csv
import datetime
import functools
import html
import json
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from cli import app
from oreway.outputs.files.export import export_layer, site_features
from oreway.outputs.map.panel import site_panel
from oreway.outputs.report import rank_tables as ranks
from oreway.outputs.report.site_content import contribution_rows, distance_row, report_content, score_content
from oreway.outputs.words.formatting import kilometres
from oreway.outputs.words.reason_texts import plain_text
from oreway.scoring.dossier.dossier import Dossier, dossier
from oreway.scoring.dossier.judgement import judgement
from oreway.scoring.judge.assess import assess, score_table, scored_sites
from oreway.scoring.measure.measure import measure
from oreway.scoring.measure.targets import CLASSES
from oreway.scoring.rank.acceptability import peers, stability
from oreway.scoring.world.world import World
from oreway.views import cached

DAY = datetime.date(2026, 11, 23)
SITES = ("gl-tanbreez", "au-nolans")
CHAIN = ("distance_km", "usd_per_t")


@pytest.fixture(scope="module")
def world() -> World:
    return cached.world()


@pytest.fixture(scope="module")
def dossiers(world: World) -> dict[str, Dossier]:
    return {site_id: dossier(world, site_id) for site_id in SITES}


@pytest.fixture(scope="module")
def contents(world: World, dossiers: dict[str, Dossier]) -> dict[str, dict]:
    return {key: report_content(found, world=world, created=DAY) for key, found in dossiers.items()}


@functools.cache
def answer(*words: str):
    """Return what a command says, asked once."""
    result = CliRunner().invoke(app, [*words, "--json"])
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


@pytest.fixture(scope="module")
def scored() -> dict[str, dict]:
    return {row["site_id"]: row for row in answer("score")}


@pytest.fixture(scope="module")
def exported(world: World) -> dict[str, dict]:
    features = json.loads(site_features(world))["features"]
    return {feature["properties"]["site_id"]: feature["properties"] for feature in features}


NUMBERS = ("total", "total_low", "total_high", "coverage")
UNROUNDED = {"rtol": 1e-12, "atol": 1e-12}


@pytest.fixture(scope="module")
def page(world: World) -> dict[str, Dossier]:
    """Return every site as the page's panel gets it."""
    version = world.data_version
    assert cached.scores(version).index.tolist() == scored_sites(world)
    return {str(key): cached.site_brief(version, str(key)) for key in world.sites.index}


def table(rows: Mapping[str, Mapping], names: Sequence[str]) -> pd.DataFrame:
    return pd.DataFrame.from_dict(rows, orient="index")[list(names)].replace("", None).astype(float)


def same(found: pd.DataFrame, expected: pd.DataFrame) -> None:
    assert len(expected) > 70
    assert set(found.index) >= set(expected.index)
    np.testing.assert_allclose(found.loc[expected.index, expected.columns], expected, **UNROUNDED)


def test_every_total_and_its_bounds_are_the_same_in_page_terminal_files_and_report(
    world: World, page: dict[str, Dossier], scored: dict, ranked: dict, exported: dict, written: dict
) -> None:
    shown = cached.scores(world.data_version)
    for rows in (scored, exported, written):
        same(table(rows, NUMBERS), shown)
    same(table(ranked, ["total"]), shown[["total"]].dropna())
    for site_id, row in shown.iterrows():
        printed = score_content(page[str(site_id)].assessment, "en")
        if np.isnan(row["total"]):
            assert printed["none"]
            continue
        assert (printed["total"], printed["low"], printed["high"]) == tuple(row[list(NUMBERS[:3])])
        assert (printed["text"], printed["sum"]) == (f"{row['total']:.0f}", f"{row['total']:.1f}")


def test_every_contribution_is_the_same_in_page_terminal_files_and_report(
    world: World, page: dict[str, Dossier], scored: dict, exported: dict, written: dict
) -> None:
    names = [f"{name}_{part}" for name in world.criteria for part in ("value", "contribution")]
    shown = {key: one.assessment for key, one in page.items() if one.assessment is not None}
    given = pd.DataFrame.from_dict({key: dict(one.contributions) for key, one in shown.items()}, orient="index")
    given = given.reindex(columns=list(world.criteria)).add_suffix("_contribution").dropna(axis="columns", how="all")
    for rows in (scored, exported, written):
        same(table(rows, names), given)
    same(table(exported, names), table(scored, names))
    same(table(written, names), table(scored, names))
    for found in shown.values():
        printed = {row["id"]: row["points"] for row in contribution_rows(found, world, "en")}
        assert {key: points for key, points in printed.items() if points is not None} == dict(found.contributions)


def test_the_panel_and_the_report_print_the_numbers_they_are_given(
    world: World, page: dict[str, Dossier], contents: dict
) -> None:
    """A page writes a total without decimals and points with one, a report likewise."""
    for site_id in SITES:
        found = page[site_id].assessment
        panel = site_panel(page[site_id], world.methods.weights[found.profile], DAY)
        printed = {row["id"]: row["text"] for row in contents[site_id]["contributions"]}
        assert f"<b>{found.total:.0f}</b>" in panel
        assert contents[site_id]["score"] == score_content(found, "en")
        for name, points in found.contributions.items():
            assert printed[name] == f"{points:.1f}"
            assert f"<em>{points:.1f}" in panel


def test_every_site_has_a_panel_even_one_of_which_little_is_on_record(world: World, page: dict[str, Dossier]) -> None:
    for site_id, found in page.items():
        weights = {} if found.assessment is None else world.methods.weights[found.assessment.profile]
        assert str(world.sites.loc[site_id, "name"]) in html.unescape(site_panel(found, weights, DAY))


@pytest.fixture(scope="module")
def batched(world: World, tmp_path_factory: pytest.TempPathFactory) -> pd.DataFrame:
    """Return what `oreway batch` says of the positions of the catalogue, each with its commodities and its accuracy."""
    folder = tmp_path_factory.mktemp("batch")
    sites = world.sites[world.sites.geom_type == "Point"]
    asked = pd.DataFrame(sites[["lon", "lat", "commodities", "position_accuracy_km"]])
    asked.rename_axis("id").to_csv(folder / "in.csv")
    result = CliRunner().invoke(app, ["batch", str(folder / "in.csv"), "-o", str(folder / "out.csv")])
    assert result.exit_code == 0, result.output
    return pd.read_csv(folder / "out.csv", dtype={f"{name}_id": str for name in CLASSES}).set_index("site_id")


def test_every_distance_and_what_it_leads_to_is_the_same_in_page_batch_and_report(
    world: World, page: dict[str, Dossier], batched: pd.DataFrame
) -> None:
    """A row knows no country at sea, where a zone has one, one without a commodity is measured to any plant, and no row
    states what stands at it.
    """
    sites = world.sites.loc[batched.index]
    batched = batched[batched["country_code"].fillna("") == sites["country_code"]]
    rows = pd.concat({key: page[key].nearest.set_index("class") for key in batched.index}, names=["site_id"])
    compared = 0
    for class_ in CLASSES:
        near = rows.xs(class_, level="class")
        if class_ == "refinery":
            near = near[sites.loc[near.index, "commodities"] != ""]
        stated = near["name"].map(plain_text).eq("at the site itself") | near["note"].map(plain_text).str.contains(
            "by a fact"
        )
        known = near[(near["nil"] == "") & ~stated]
        got = batched.loc[known.index]
        assert (got[f"{class_}_id"].fillna("") == known["feature_id"]).all(), class_
        for column, ours in (("km", "distance_km"), ("low_km", "low_km"), ("high_km", "high_km")):
            np.testing.assert_allclose(got[f"{class_}_{column}"], known[ours].astype(float), atol=1e-9, rtol=0)
        assert batched.loc[near.index[near["nil"] != ""], f"{class_}_km"].isna().all()
        for row in known.reset_index().to_dict("records"):
            assert distance_row(row | {"class": class_}, "en")["distance"] == kilometres(row["distance_km"], "en")
        compared += len(known)
    assert compared > 1000


@pytest.mark.parametrize("site_id", SITES)
def test_the_bill_s_p50_is_the_same_in_terminal_judgement_and_report(
    world: World, dossiers: dict[str, Dossier], contents: dict, site_id: str
) -> None:
    told = answer("bill", site_id)
    judged = judgement(world, dossiers[site_id])
    assert told["p50"] == judged.bill.p50 == contents[site_id]["bill"]["totals"]["p50"]
    assert dict(contents[site_id]["bill"]["spread"])["P50"] == f"{told['p50']:,.0f}"
    costs = [row["costs"][1] for row in contents[site_id]["bill"]["rows"]]
    assert costs == [f"{x:,.0f}" if x >= 9.95 else f"{x:,.1f}" for x in (one["cost_usd_m"] for one in told["items"])]


@pytest.mark.parametrize("site_id", SITES)
def test_the_best_routes_are_the_same_in_terminal_judgement_and_report(
    world: World, dossiers: dict[str, Dossier], contents: dict, site_id: str
) -> None:
    told = answer("supply", site_id)
    way = contents[site_id]["way"]
    assert (told["best"], told["best_allied"]) == (way["best"], way["best_allied"])
    if not told["best"]:  # nobody takes it: the same reason everywhere
        assert told["best_reason"]
        assert told["best_reason"] in way["lacks"]
        return
    route = next(one for one in told["routes"] if one["refinery_id"] == told["best"])
    printed = next(one for one in way["routes"] if one["id"] == told["best"])
    assert printed["sums"][0] == f"{route['distance_km']:,.0f}"
    assert printed["sums"][2] == f"{route['usd_per_t']:,.0f}"
    assert len(printed["legs"]) == len(route["legs"])


def test_the_score_table_and_the_dossier_agree(world: World, dossiers: dict[str, Dossier]) -> None:
    table = score_table(world, site_ids=list(SITES)).set_index("site_id")
    for site_id, found in dossiers.items():
        assert table["total"][site_id] == pytest.approx(found.assessment.total, rel=1e-12)


@pytest.fixture(scope="module")
def written(world: World, tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, str]]:
    path = tmp_path_factory.mktemp("out") / "all.csv"
    export_layer(world, "all", path, scores=True)
    with path.open(encoding="utf-8-sig", newline="") as source:
        return {row["site_id"]: row for row in csv.DictReader(source)}


@pytest.fixture(scope="module")
def ranked() -> dict[str, dict]:
    return {row["site_id"]: row for row in answer("rank", "--draws", "200")}


@pytest.mark.parametrize("site_id", SITES)
def test_bill_and_chain_are_the_same_in_terminal_and_both_files(exported: dict, written: dict, site_id: str) -> None:
    told, row = answer("bill", site_id), exported[site_id]
    chain = answer("supply", site_id)
    assert (row["refinery"] or "") == chain["best"]
    route = next((one for one in chain["routes"] if one["refinery_id"] == chain["best"]), dict.fromkeys(CHAIN))
    numbers = {
        "bill": told["base"], "bill_low": told["low"], "bill_high": told["high"],
        **{f"bill_{name}": told[name] for name in ("p10", "p50", "p90")},
        "chain_km": route["distance_km"], "chain_usd_per_t": route["usd_per_t"],
    }  # fmt: skip
    absent = [name for name, number in numbers.items() if number is None]
    assert [(row[name], written[site_id][name]) for name in absent] == [(None, "")] * len(absent)
    known = {name: number for name, number in numbers.items() if number is not None}
    assert {name: row[name] for name in known} == pytest.approx(known, rel=1e-12)
    assert {name: float(written[site_id][name]) for name in known} == pytest.approx(known, rel=1e-12)


def test_every_rank_is_the_same_in_terminal_page_and_both_files(world: World, ranked: dict, written: dict) -> None:
    found = assess(world, measure(world, scored_sites(world)))
    shown = {}
    for group in peers(world, found).values():
        shown |= ranks.stability_table(group, stability(world, group, draws=50))["rank"].to_dict()
    told = {site_id: row["rank"] for site_id, row in ranked.items()}
    assert shown == told
    assert {key: float(row["rank"]) for key, row in written.items() if row["rank"]} == told


@pytest.mark.parametrize("site_id", SITES)
def test_gates_and_unfc_stand_as_text_beside_every_score(
    world: World,
    dossiers: dict,
    contents: dict,
    scored: dict,
    exported: dict,
    written: dict,
    ranked: dict,
    site_id: str,
) -> None:
    found = dossiers[site_id].assessment
    states = {gate.id: gate.state for gate in found.gates}
    for row in (scored[site_id], exported[site_id], written[site_id], ranked[site_id]):
        assert dict(part.split("=") for part in row["gates"].split("; ")) == states
        assert row["unfc"] == found.unfc
    assert contents[site_id]["unfc"]["code"] == found.unfc
    assert [row["state"] for row in contents[site_id]["gates"]] == list(states.values())
    panel = site_panel(dossiers[site_id], world.methods.weights[found.profile], DAY)
    assert found.unfc in panel
    assert panel.count('<li class="gate ') == len(states)
    table = ranks.stability_table({site_id: found}, stability(world, {site_id: found}, draws=10))
    assert table["unfc"][site_id] == found.unfc
    assert table["gates"][site_id].count(": ") == len(states)
