"""One site, one set of numbers: the terminal's JSON, the exported GeoJSON, the page's panel and the report agree."""

import csv
import datetime
import json

import pytest
from typer.testing import CliRunner

from cli import app
from oreway.outputs.files.export import export_layer, site_features
from oreway.outputs.map.panel import site_panel
from oreway.outputs.report import rank_tables as ranks
from oreway.outputs.report.site_content import report_content
from oreway.scoring.dossier.dossier import Dossier, dossier
from oreway.scoring.dossier.judgement import judgement
from oreway.scoring.judge.assess import assess, score_table, scored_sites
from oreway.scoring.measure.measure import measure
from oreway.scoring.rank.acceptability import peers, stability
from oreway.scoring.world.world import World, open_world

DAY = datetime.date(2026, 11, 23)
SITES = ("gl-tanbreez", "au-nolans")
CHAIN = ("distance_km", "usd_per_t")


@pytest.fixture(scope="module")
def world() -> World:
    return open_world()


@pytest.fixture(scope="module")
def dossiers(world: World) -> dict[str, Dossier]:
    return {site_id: dossier(world, site_id) for site_id in SITES}


@pytest.fixture(scope="module")
def contents(world: World, dossiers: dict[str, Dossier]) -> dict[str, dict]:
    return {key: report_content(found, world=world, created=DAY) for key, found in dossiers.items()}


def answer(*words: str):
    result = CliRunner().invoke(app, [*words, "--json"])
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


@pytest.fixture(scope="module")
def scored() -> dict[str, dict]:
    return {row["site_id"]: row for row in answer("score")}


@pytest.fixture(scope="module")
def exported(world: World) -> dict[str, dict]:
    features = json.loads(site_features(world, SITES))["features"]
    return {feature["properties"]["site_id"]: feature["properties"] for feature in features}


def contributions(row: dict) -> dict[str, float]:
    end = "_contribution"
    return {key.removesuffix(end): value for key, value in row.items() if key.endswith(end) and value is not None}


@pytest.mark.parametrize("site_id", SITES)
def test_the_total_is_the_same_in_terminal_export_page_and_report(
    world: World, dossiers: dict[str, Dossier], contents: dict, scored: dict, exported: dict, site_id: str
) -> None:
    total = dossiers[site_id].assessment.total
    assert scored[site_id]["total"] == pytest.approx(total, rel=1e-12)
    assert exported[site_id]["total"] == pytest.approx(total, rel=1e-12)
    assert contents[site_id]["score"]["total"] == total
    assert contents[site_id]["score"]["sum"] == f"{total:.1f}"
    weights = world.methods.weights[dossiers[site_id].assessment.profile]
    panel = site_panel(dossiers[site_id], weights, DAY)
    assert f"<b>{total:.0f}</b>" in panel


@pytest.mark.parametrize("site_id", SITES)
def test_each_contribution_is_the_same_in_terminal_export_page_and_report(
    world: World, dossiers: dict[str, Dossier], contents: dict, scored: dict, exported: dict, site_id: str
) -> None:
    found = dossiers[site_id].assessment
    assert contributions(scored[site_id]) == pytest.approx(dict(found.contributions), rel=1e-12)
    assert contributions(exported[site_id]) == pytest.approx(dict(found.contributions), rel=1e-12)
    printed = {row["id"]: row for row in contents[site_id]["contributions"] if row["points"] is not None}
    assert {key: row["points"] for key, row in printed.items()} == dict(found.contributions)
    panel = site_panel(dossiers[site_id], world.methods.weights[found.profile], DAY)
    for name, points in found.contributions.items():
        assert printed[name]["text"] == f"{points:.1f}"
        assert f"<em>{points:.1f}" in panel


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
