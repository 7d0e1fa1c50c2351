"""What could reach magnets without a Chinese step: flows by hand and by another solver, chance, outside figures."""

import dataclasses
import re
import zipfile

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import linprog
from scipy.sparse import csr_array
from scipy.sparse.csgraph import maximum_flow

from oreway.layers.errors import SchemaError
from oreway.layers.evidence import read_evidence
from oreway.outputs.report.route_tables import fill_words
from oreway.scoring.balance import tables as tables_module
from oreway.scoring.balance.answer import ALL, Asked, Way
from oreway.scoring.balance.balance import Case, announced_late, balance, read_inputs, with_limits
from oreway.scoring.balance.draws import (
    announced,
    capacities,
    drawn,
    mean_ramp,
    ramped,
    shared_limit,
    without_figure,
)
from oreway.scoring.balance.fill import fill
from oreway.scoring.balance.flow import Flow
from oreway.scoring.balance.kept import digest, remembered
from oreway.scoring.balance.network import Arc, Network, Node, closed_arcs, network
from oreway.scoring.balance.next_step import as_today, best_addition, built, next_steps
from oreway.scoring.balance.passages import cut, longer
from oreway.scoring.balance.tables import MAGNET, SEPARATION, STAGES, Range, check_states
from oreway.scoring.errors import ScoringError
from oreway.scoring.routes.roads import USUALLY_CLOSED
from oreway.scoring.world.networks import sea_lanes
from oreway.scoring.world.world import open_world
from tests.test_cli import document, run

RULE = "no_chinese_step"


@pytest.fixture(scope="module")
def inputs():
    return read_inputs()


@pytest.fixture(scope="module")
def found(inputs):
    return balance(inputs, Asked(element="NdPr", draws=60, years=(2025, 2030)))


def node(node_id, stage, *, mine=False, members=()):
    return Node(node_id=node_id, stage=stage, name=node_id, country_code="AU", bloc="allied", doubtful=False,
                standing=True, mine=mine, members=members)  # fmt: skip


def arc(start, end):
    return Arc(start=start, end=end, on_record=True)


@pytest.fixture(scope="module")
def chain():
    """Two mines, one separator, two metal makers, one magnet maker: 0, 1 → 2 → 3, 4 → 5."""
    nodes = [node("a", "concentrate", mine=True), node("b", "concentrate", mine=True), node("s", SEPARATION),
             node("m", "metal"), node("n", "metal"), node("g", MAGNET)]  # fmt: skip
    return Flow(nodes, [arc(0, 2), arc(1, 2), arc(2, 3), arc(2, 4), arc(3, 5), arc(4, 5)])


def test_a_tiny_chain_flows_as_by_hand(chain):
    solved = chain.solve(np.array([[100.0, 50, 120, 60, 30, 200], [100, 50, 120, 200, 200, 80]]))
    assert solved.flows[:, 5] == pytest.approx([90, 80])  # the two metal makers hold 90; then the magnet maker 80
    assert solved.prices[0] == pytest.approx([0, 0, 0, 1, 1, 0], abs=2e-3)
    assert solved.prices[1] == pytest.approx([0, 0, 0, 0, 0, 1], abs=2e-3)
    assert solved.flows[:, 2] == pytest.approx([120, 120])  # what is separated and finds no taker still counts there


def test_what_reaches_magnets_is_the_sum_of_capacity_times_shadow_price(chain):
    capacities = np.array([[30.0, 20, 120, 60, 30, 200]])
    solved = chain.solve(capacities)
    assert solved.flows[0, 5] == pytest.approx(50)
    assert float((solved.prices * capacities).sum()) == pytest.approx(50, rel=1e-3)


def test_a_limit_that_plants_share_holds_them_together(chain):
    limit = node("limit", MAGNET, members=(1, 2))
    nodes = [node("a", "concentrate", mine=True), node("m", MAGNET), node("n", MAGNET), limit]
    solved = Flow(nodes, [arc(0, 1), arc(0, 2)]).solve(np.array([[100.0, 1e6, 1e6, 40]]))
    assert solved.flows[0, 1] + solved.flows[0, 2] == pytest.approx(40)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_random_chains_reach_what_another_solver_finds(seed):
    chance = np.random.default_rng(seed)
    stages = ("concentrate", SEPARATION, "metal", MAGNET)
    nodes = [node(f"{stage}{i}", stage, mine=stage == "concentrate") for stage in stages for i in range(5)]
    arcs = [arc(i, j) for i in range(15) for j in range(5 * (i // 5 + 1), 5 * (i // 5 + 2)) if chance.random() < 0.4]
    capacities = chance.integers(1, 100, len(nodes))
    size = 2 * len(nodes) + 2  # each node split in two by its capacity, a source and a sink
    graph = np.zeros((size, size), dtype=np.int32)
    for i, one in enumerate(nodes):
        graph[2 * i, 2 * i + 1] = capacities[i]
        if one.mine:
            graph[size - 2, 2 * i] = 1000
        if one.stage == MAGNET:
            graph[2 * i + 1, size - 1] = 1000
    for one in arcs:
        graph[2 * one.start + 1, 2 * one.end] = 1000
    other = maximum_flow(csr_array(graph), size - 2, size - 1).flow_value
    solved = Flow(nodes, arcs).solve(capacities[None, :].astype(float))
    assert solved.flows[0, 15:].sum() == pytest.approx(other)


@pytest.mark.parametrize("seed", range(4))
def test_the_best_addition_is_that_of_brute_force(seed):
    """Two mines, two separators, two magnet makers: every addition tried by another solver."""
    chance = np.random.default_rng(seed)
    nodes = [node("a", "concentrate", mine=True), node("b", "concentrate", mine=True), node("s", SEPARATION),
             node("t", SEPARATION), node("m", MAGNET), node("n", MAGNET)]  # fmt: skip
    arcs = [arc(0, 2), arc(1, 2), arc(1, 3), arc(2, 4), arc(3, 4), arc(3, 5)]
    today = chance.integers(10, 100, 6).astype(float)
    additions = [np.eye(6)[i] * int(chance.integers(10, 60)) for i in range(6)]
    start = reached_by_other_solver(nodes, arcs, today)
    gains = [reached_by_other_solver(nodes, arcs, today + one) - start for one in additions]
    best, gain = best_addition(Flow(nodes, arcs), today, additions, [4, 5])
    assert gain == pytest.approx(max(gains))
    assert gains[best] == max(gains)


@pytest.mark.parametrize("possible", [False, True])
def test_the_steps_are_those_of_brute_force_over_every_project(inputs, possible):
    """Every project alone, on the chain of today, solved by another solver."""
    asked = Asked(element="NdPr", draws=1, years=(2030,))
    steps = {step.key: step.tonnes for step in next_steps(inputs, asked, possible=possible) if step.kind == "build"}
    net = network(inputs.sites, inputs.told, inputs.tables, "NdPr", RULE)
    today, closed = as_today(inputs.tables), closed_arcs(net, inputs.told, 2030)
    start = brute_force(net, today, closed, possible)
    keys = {one.key for one in inputs.tables.phases if one.element == "NdPr" and one.state in {"building", "planned"}}
    gains = {key: brute_force(net, built(today, key), closed, possible) - start for key in keys}
    assert steps == pytest.approx({key: gain for key, gain in gains.items() if key in steps}, abs=1)
    assert all(gain < 1 for key, gain in gains.items() if key not in steps)
    assert max(gains, key=lambda key: gains[key]) == max(steps, key=lambda key: steps[key])


def test_what_a_plant_costs_in_euros_is_told_in_dollars(inputs):
    """Fastmarkets, May 2025: 110 million EUR, 123 million US$, for the metal plant at Lacq."""
    steps = next_steps(inputs, Asked(element="NdPr", draws=1, years=(2030,)), possible=True)
    lacq = next(step for step in steps if step.node_ids == ("fr-lacq-lcm",))
    assert lacq.capex_usd_m == pytest.approx(123, abs=1)


def brute_force(net, tables, closed, possible):
    fate = announced_late(tables)
    limited = with_limits(net) if possible else net
    capacity = capacities(limited, tables, fate, 2030, possible=possible)[0]
    arcs = [one for i, one in enumerate(net.arcs) if (possible or one.on_record) and i not in closed]
    return reached_by_other_solver(limited.nodes, arcs, capacity) * float(fate.left[0, STAGES.index(MAGNET)])


def reached_by_other_solver(nodes, arcs, capacities):
    """Return the greatest flow by linprog of scipy, from the nodes' own limits written out once more."""
    count = len(nodes)
    rows, most = [], []

    def row(terms, limit=0.0):
        rows.append(dict(terms))
        most.append(limit)

    for i, one in enumerate(nodes):
        row([(i, 1.0)], min(capacities[i], 1e6))
        if one.members:
            row([*((member, 1.0) for member in one.members), (i, -1.0)])
            continue
        if not one.mine:
            row([(i, 1.0), *((count + j, -1.0) for j, a in enumerate(arcs) if a.end == i)])
        row([(i, -1.0), *((count + j, 1.0) for j, a in enumerate(arcs) if a.start == i)])
    data = [(r, column, value) for r, terms in enumerate(rows) for column, value in terms.items()]
    matrix = csr_array(([v for _, _, v in data], ([r for r, _, _ in data], [c for _, c, _ in data])))
    goal = [-1.0 if one.stage == MAGNET and not one.members else 0.0 for one in nodes] + [0.0] * len(arcs)
    return -linprog(goal, A_ub=matrix, b_ub=most, method="highs").fun


@pytest.mark.parametrize("element", ["NdPr", "DyTb"])
@pytest.mark.parametrize("possible", [False, True])
def test_no_stage_delivers_more_than_it_gets_and_keeps(inputs, element, possible):
    net = network(inputs.sites, inputs.told, inputs.tables, element, RULE)
    case, plan = Case(inputs, net, 2030, possible=possible), announced(inputs.tables)
    solved, capacities = case.solve(plan), case.capacities(plan)
    recovery = {stage: bounds.base for stage, bounds in inputs.tables.of("recovery").items()}
    assert (solved.flows <= capacities + 1e-6).all()
    for i, one in enumerate(case.net.nodes):
        if one.mine or one.members:
            continue
        gets = sum(
            solved.ways[0, j] * plan.left[0, case.net.nodes[a.start].position]
            * np.prod([recovery[stage] for stage in STAGES[case.net.nodes[a.start].position + 1 : one.position + 1]])
            for j, a in enumerate(case.net.arcs) if a.end == i
        )  # fmt: skip
        assert solved.flows[0, i] * plan.left[0, one.position] <= gets + 1e-6, one.node_id
        gives = sum(solved.ways[0, j] for j, a in enumerate(case.net.arcs) if a.start == i)
        assert gives <= solved.flows[0, i] + 1e-6, one.node_id


def test_output_rises_evenly_to_nameplate_over_the_ramp():
    made = [float(ramped(year, np.array([2030.0]), np.array([2.0]))[0]) for year in (2029, 2030, 2031, 2032)]
    assert made == pytest.approx([0, 0.25, 0.75, 1])  # areas under a line from 0 to 1 over two years


def test_the_mean_ramp_is_the_published_two_and_a_half_years(inputs):
    assert mean_ramp(inputs.tables) == pytest.approx(2.5)


def test_projects_are_built_as_often_as_their_rate_says(inputs):
    fate = drawn(inputs.tables, inputs.promises, 4000, 0)
    planned = {phase.key for phase in inputs.tables.phases if phase.state == "planned"}
    mean = np.mean([fate.built[key].mean() for key in planned])
    assert mean == pytest.approx((0.25 + 0.45 + 0.70) / 3, abs=0.01)  # the mean of the triangle


def test_the_stages_never_grow_along_the_chain_and_the_bounds_are_in_order(found):
    for year in (2025, 2030):
        rows = found.table[(found.table["year"] == year) & (found.table["bloc"] == ALL)].set_index("stage")
        columns = ["record_low_t", "record_mid_t", "record_high_t", "possible_high_t"]
        assert (rows[columns].diff(axis=1).iloc[:, 1:] >= -0.1).to_numpy().all()
        assert rows.loc["metal", "record_mid_t"] < rows.loc[SEPARATION, "record_mid_t"]


def test_separation_outside_china_is_near_what_the_iea_counted(found):
    """92 % of 93,000 t was refined in China in 2023 (IEA, 2024); two plants have grown since."""
    row = found.table[(found.table["year"] == 2025) & (found.table["stage"] == SEPARATION)].iloc[0]
    assert 0.9 < row["record_mid_t"] / (0.08 * 93_000 * 0.97) < 1.6


def test_separation_in_2030_spans_what_the_iea_expects_outside_china(found):
    """23 % of 107,000 t (IEA, 2024): between the low end of the draws and what was announced."""
    row = found.table[(found.table["year"] == 2030) & (found.table["stage"] == SEPARATION)].iloc[0]
    assert row["record_low_t"] < 0.23 * 107_000 * 0.97 < row["announced_t"]


def test_the_same_seed_gives_the_same_answer_and_another_seed_another(inputs, found):
    again = balance(inputs, Asked(element="NdPr", draws=60, years=(2025, 2030)))
    pd.testing.assert_frame_equal(found.table, again.table, check_exact=True)
    other = balance(inputs, Asked(element="NdPr", draws=60, seed=1, years=(2030,)))
    assert not other.table["record_mid_t"].equals(found.table[found.table["year"] == 2030]["record_mid_t"])


def test_an_answer_kept_on_disk_is_the_one_worked_out_and_a_broken_file_is_made_anew(tmp_path, monkeypatch):
    monkeypatch.setenv("OREWAY_CACHE", str(tmp_path))
    key = digest("NdPr", 2030, np.array([1.5, np.nan]))
    assert key != digest("NdPr", 2030, np.array([1.5, 2.0]))
    made = {"rows": [["ore", 0.1 + 0.2]]}
    assert remembered(key, lambda: made) == made
    assert remembered(key, dict) == made
    (tmp_path / "balance" / f"{key}.json").write_text("{", encoding="utf-8")
    assert remembered(key, lambda: made) == made
    monkeypatch.setenv("OREWAY_CACHE", str(tmp_path / "balance" / f"{key}.json"))  # a file, not a folder
    assert remembered(key, dict) == {}


def test_the_usual_draws_are_kept_and_the_same_from_disk(inputs, tmp_path, monkeypatch):
    monkeypatch.setenv("OREWAY_CACHE", str(tmp_path))
    few = dataclasses.replace(inputs, tables=dataclasses.replace(
        inputs.tables, assumed={**inputs.tables.assumed, ("draws", ""): Range(low=5, base=5, high=5)}))  # fmt: skip
    first, second = (balance(few, Asked(element="NdPr", draws=5, years=(2029, 2030))) for _ in range(2))
    assert len(list((tmp_path / "balance").iterdir())) == 2
    pd.testing.assert_frame_equal(first.table, second.table, check_exact=True)
    assert (first.held, first.ways, first.made) == (second.held, second.ways, second.made)


def test_no_node_stands_in_china_or_belongs_to_it(inputs):
    net = network(inputs.sites, inputs.told, inputs.tables, "NdPr", RULE)
    assert all(one.country_code != "CN" for one in net.nodes)
    assert "my-kuantan" in {one.node_id for one in net.nodes}
    allied = network(inputs.sites, inputs.told, inputs.tables, "NdPr", "country_and_owner")
    assert "my-kuantan" not in {one.node_id for one in allied.nodes}  # Malaysia is not on the list of allies
    by_owner = network(inputs.sites, inputs.told, inputs.tables, "NdPr", "owner")
    assert "my-kuantan" in {one.node_id for one in by_owner.nodes}


@pytest.mark.parametrize(
    ("element", "mine", "plant", "bound", "whole"),
    [
        # Lindian, August 2025: 6,000 of 15,300 t of concentrate a year to Iluka for 15 years
        ("NdPr", "name:Kangankunde", "au-eneabba-refinery", 1640 * 6000 / 15300, 1640),
        # Northern Minerals, October 2022: 30,500 t of oxide in eight years to Iluka; 4,350 t of oxide a year
        ("DyTb", "au-browns-range", "au-eneabba-refinery", 430 * 30_500 / 8 / 4350, 430),
    ],
)
def test_a_contract_binds_its_tonnes_and_leaves_the_rest_free(inputs, element, mine, plant, bound, whole):
    net = network(inputs.sites, inputs.told, inputs.tables, element, RULE)
    most = capacities(net, inputs.tables, announced_late(inputs.tables), 2030, possible=False)[0]
    held, free = net.index()[mine, "concentrate"]
    takers = {place: {net.nodes[one.end].node_id for one in net.arcs if one.start == place} for place in (held, free)}
    assert takers[held] == {plant}
    assert "us-white-mesa" in takers[free]  # open to monazite and xenotime of others
    assert (most[held], most[held] + most[free]) == (pytest.approx(bound, rel=0.002), pytest.approx(whole))


@pytest.mark.parametrize(
    ("node_id", "element", "tonnes"),
    [
        ("kr-ochang-kmp", "NdPr", 3600 * 0.35),  # ASM, March 2024: second phase of 3,600 t of alloy
        ("us-vinton-aclara", "DyTb", 200 + 30),  # Aclara, October 2025
        ("us-vinton-aclara", "NdPr", 1400),
        ("th-korat-magnequench", "NdPr", 1800 * 0.35),
        ("vn-haiphong-shinetsu", "NdPr", 2200 * 0.35),  # Shin-Etsu, 2017
    ],
)
def test_what_a_plant_makes_by_its_facts_stands_in_the_balance_with_all_its_phases(inputs, node_id, element, tonnes):
    phases = [one for one in inputs.tables.phases if (one.node_id, one.element) == (node_id, element)]
    assert sum(one.tonnes.base for one in phases) == pytest.approx(tonnes)


def test_a_plan_for_2030_is_no_figure_of_what_a_plant_makes_today(inputs):
    """Solvay has made NdPr oxide at La Rochelle since April 2025; about 4,500 t a year are its aim for 2030."""
    net = network(inputs.sites, inputs.told, inputs.tables, "NdPr", RULE)
    place = net.index()["fr-la-rochelle", SEPARATION][0]
    assert place in without_figure(net)
    assert net.index()["my-kuantan", SEPARATION][0] not in without_figure(net)
    limited, plan = with_limits(net), announced(inputs.tables)
    for year, planned in ((2026, 0), (2040, 4500 * (0.959 + 0.982) / 2)):  # the part of NdPr in magnet rare earths
        most = capacities(limited, inputs.tables, plan, year, possible=True)[0]
        limit = next(i for i, one in enumerate(limited.nodes) if one.stage == SEPARATION and place in one.members)
        shared = shared_limit(inputs.tables, "NdPr", SEPARATION)
        assert most[limit] * plan.left[0, STAGES.index(SEPARATION)] == pytest.approx(shared + planned)


def test_no_stage_of_a_plant_feeds_another_that_cannot_take_what_it_gives(inputs):
    """Shin-Etsu at Hai Phong separates scrap and makes magnets; who makes metal between is not on record."""
    net = network(inputs.sites, inputs.told, inputs.tables, "NdPr", RULE)
    inside = {(net.nodes[one.start].stage, net.nodes[one.end].stage) for one in net.arcs
              if net.nodes[one.start].node_id == net.nodes[one.end].node_id}  # fmt: skip
    assert (SEPARATION, MAGNET) not in inside
    assert {("cracking_leaching", SEPARATION), ("metal", "alloy"), ("alloy", MAGNET)} <= inside


def test_indias_monazite_is_cracked_at_oscom_and_separated_at_aluva(inputs):
    """Government of India, March 2015: 10,000 t of monazite a year, 5,000 t of oxide equivalent, chloride for Aluva."""
    net = network(inputs.sites, inputs.told, inputs.tables, "NdPr", RULE)
    solved = Case(inputs, net, 2030, possible=False)
    ways = solved.ways(solved.solve(announced(inputs.tables)), announced(inputs.tables))
    nodes = solved.net.nodes
    pairs = {(nodes[start].node_id, nodes[end].node_id) for start, end, _, _ in ways}
    assert {("name:IREL beach sands", "in-oscom"), ("in-oscom", "in-aluva")} <= pairs


@pytest.mark.parametrize(
    ("cracker", "takers"),
    [
        # Lynas: Kalgoorlie was built to send its carbonate on to Kuantan
        ("au-kalgoorlie", {"my-kuantan"}),
        ("in-oscom", {"in-aluva", "in-atchutapuram-toyotsu"}),
        ("se-lulea-lkab", {"no-heroya-reetec"}),
    ],
)
def test_what_a_cracking_plant_makes_goes_to_the_plants_that_name_it_and_to_no_other(inputs, cracker, takers):
    net = network(inputs.sites, inputs.told, inputs.tables, "NdPr", RULE)
    ends = {net.nodes[one.end].node_id for one in net.arcs if net.nodes[one.start].node_id == cracker}
    assert ends == takers


def test_a_unit_that_runs_lends_no_capacity_to_one_that_is_being_built(inputs):
    """Saskatchewan makes metal of others' oxide; its other units are not commissioned and have no figure."""
    net = network(inputs.sites, inputs.told, inputs.tables, "NdPr", RULE)
    most = capacities(net, inputs.tables, announced_late(inputs.tables), 2030, possible=False)[0]
    places = {one.stage: i for i, one in enumerate(net.nodes) if one.node_id == "ca-saskatoon-src"}
    assert {stage: net.nodes[i].state for stage, i in places.items()} == {
        "cracking_leaching": "building", SEPARATION: "building", "metal": "operating"}  # fmt: skip
    assert [most[places[stage]] for stage in ("cracking_leaching", SEPARATION)] == [0, 0]
    assert most[places["metal"]] > 0


def test_indian_oxide_may_not_go_to_japan(inputs):
    net = network(inputs.sites, inputs.told, inputs.tables, "NdPr", RULE)
    closed = closed_arcs(net, inputs.told, 2030)
    ends = {(net.nodes[net.arcs[i].start].country_code, net.nodes[net.arcs[i].end].country_code) for i in closed}
    assert ("IN", "JP") in ends


def test_a_plant_out_of_service_takes_its_tonnes_away(inputs, found):
    less = balance(inputs, Asked(element="NdPr", draws=1, years=(2030,), without=("us-northlake-mp-10x",)))
    told = less.table.set_index(["stage", "bloc"])["announced_t"]
    full = found.table[found.table["year"] == 2030].set_index(["stage", "bloc"])["announced_t"]
    assert full[MAGNET, ALL] - told[MAGNET, ALL] == pytest.approx(2975, abs=350)  # 8,500 t of magnets at 0.35


def test_closed_passages_cut_only_the_ways_that_no_ship_can_go_round(inputs):
    world = open_world()
    plants = {name: node(name, SEPARATION) for name in ("au-kalgoorlie", "ee-sillamae", "us-mountain-pass")}
    nodes = [dataclasses.replace(one, country_code=name[:2].upper()) for name, one in plants.items()]
    net = Network(element="NdPr", rule=RULE, nodes=tuple(nodes), arcs=(arc(0, 1), arc(0, 2)))
    assert cut(world, net, ["suez"]) == net  # round the Cape
    shut = [name for name in sea_lanes(world).passages if name not in USUALLY_CLOSED]
    assert cut(world, net, shut).arcs == (arc(0, 2),)  # nothing lies between Australia and California
    usual = balance(inputs, Asked(element="NdPr", draws=1, years=(2030,)))
    way = Way(start=nodes[0], end=nodes[1], tonnes=100.0, arrives=95.0)
    found = longer(world, dataclasses.replace(usual, ways={2030: (way,)}), ["suez"])
    assert 2_000 < found[0].extra_km < 7_500  # Fremantle to the Baltic round Africa instead of through Suez
    assert longer(world, dataclasses.replace(usual, ways={2030: (way,)}), shut)[0].extra_km is None


def test_a_site_fills_a_plant_by_what_both_have_on_record(inputs):
    half = fill("au-donald", "ee-sillamae", inputs.tables)
    # 1,000 t of NdPr in Donald's concentrate, 5 % lost in cracking and 5 in separation, in a plant of 600 t/y
    assert half.share == pytest.approx(1000 * 0.95 * 0.95 / 600, rel=0.01)
    dubbo = fill("au-dubbo", "au-dubbo-refinery", inputs.tables)  # both told as 1,157 t of separated oxide
    assert (dubbo.brought, dubbo.holds) == (pytest.approx(1157, rel=0.001), 1157)
    assert fill("au-donald", "us-alexandria-ucore", inputs.tables) is None  # no figure on record
    assert fill_words("au-donald", "ee-sillamae", "en").startswith("with all that is planned at both ends")
    assert fill_words("gl-karrat", "ee-sillamae", "ja") == ""


def test_a_faulty_table_is_refused_with_every_fault(inputs, tmp_path, monkeypatch):
    frame = tables_module.read_table("balance_capacity")
    broken = frame.assign(stage=["nowhere", *frame["stage"][1:]], value=["many", *frame["value"][1:]])
    real = tables_module.read_table
    monkeypatch.setattr(
        tables_module, "read_table", lambda name, data: broken if name == "balance_capacity" else real(name, data)
    )
    with pytest.raises(SchemaError, match=r"line 2: stage 'nowhere'.*\n.*line 2: value 'many'"):
        tables_module.read_tables()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"basis": "separated_oxid"}, "basis 'separated_oxid' of NdPr has no content"),
        ({"currency": "SEK"}, "no rate for currency 'SEK'"),
        ({"bound": "1.2"}, "bound '1.2'; expected the part of a mine's figure"),
        ({"stage": SEPARATION}, "basis 'separated_oxide' is told before the losses of ore, concentrate"),
    ],
)
def test_a_basis_or_money_that_is_not_known_or_a_basis_at_the_wrong_step_is_refused(inputs, monkeypatch, change, words):
    frame = tables_module.read_table("balance_capacity")
    broken = frame.assign(**{name: [value, *frame[name][1:]] for name, value in change.items()})
    real = tables_module.read_table
    monkeypatch.setattr(
        tables_module, "read_table", lambda name, data: broken if name == "balance_capacity" else real(name, data)
    )
    with pytest.raises(SchemaError, match=words):
        tables_module.read_tables()


def test_what_comes_out_separated_is_that_figure_again_after_the_losses_of_the_chain(inputs):
    """Lynas: feed of Mt Weld for 12,000 t, of Kalgoorlie for 9,000 t of finished NdPr; 9 and 26 t of Dy and Tb in two
    quarters of 2025."""
    net = network(inputs.sites, inputs.told, inputs.tables, "NdPr", RULE)
    heavy = network(inputs.sites, inputs.told, inputs.tables, "DyTb", RULE)
    fate = announced_late(inputs.tables)
    left = float(fate.left[0, STAGES.index(SEPARATION)])
    for chain, node_id, stage, tonnes in (
        (net, "au-mt-weld", "concentrate", 12_000), (net, "au-kalgoorlie", "cracking_leaching", 9_000),
        (heavy, "au-mt-weld", "concentrate", (9 + 26) * 2), (heavy, "my-kuantan", SEPARATION, (9 + 26) * 2),
    ):  # fmt: skip
        gate = capacities(chain, inputs.tables, fate, 2040, possible=False)[0][chain.index()[node_id, stage][0]]
        assert gate * left == pytest.approx(tonnes, rel=0.002)


def told(inputs, node_id, element, phase=""):
    named = [one for one in inputs.tables.phases if (one.node_id, one.element, one.phase) == (node_id, element, phase)]
    return named[0].tonnes


def test_eneabba_has_room_for_the_heavy_feed_of_others_beside_its_stockpile(inputs):
    """750 t of Dy and Tb are of 23,000 t of blended oxide; 17,500 t of it would be the stockpile's."""
    share = 750 * 17.5 / 23
    refinery = told(inputs, "au-eneabba-refinery", "DyTb")
    assert (refinery.low, refinery.high) == (pytest.approx(share, abs=1), 750)
    assert told(inputs, "au-eneabba-stockpile", "DyTb").base == pytest.approx(share * 1.108, rel=0.002)


def test_browns_range_brings_the_dysprosium_and_terbium_of_its_grades(inputs):
    """Wolverine: 0.83 kg/t Dy and 0.12 kg/t Tb in ore of 0.96 % TREO, of 4,350 t of oxide a year."""
    assert told(inputs, "au-browns-range", "DyTb").base == pytest.approx(4350 * (0.83 + 0.12) / 9.6, abs=1)


def test_no_phase_of_the_balance_is_further_than_its_site(inputs):
    check_states(inputs.tables, inputs.sites, read_evidence("plant_fit"))


@pytest.mark.parametrize(
    ("node_id", "stage", "state"),
    [
        # Plant Services, 3 March 2026: building to begin at once; that it has was not found in November 2026
        ("us-northlake-mp-10x", MAGNET, "building"),
        ("vn-sgi-vina", MAGNET, "running"),  # at work in May 2025 when its coating exploded: since not read
        ("au-yangibana", "concentrate", "building"),  # a third built, on hold until its operator decides
        ("ca-saskatoon-src", SEPARATION, "running"),  # only the metal unit runs
    ],
)
def test_a_phase_that_is_further_than_its_site_is_refused(inputs, node_id, stage, state):
    phase = next(one for one in inputs.tables.phases if one.node_id == node_id)
    ahead = dataclasses.replace(inputs.tables, phases=(dataclasses.replace(phase, stage=stage, state=state),))
    with pytest.raises(SchemaError, match=rf"{node_id} {stage} .*is {state}, but the site is"):
        check_states(ahead, inputs.sites, read_evidence("plant_fit"))


@pytest.mark.parametrize(
    ("change", "words"),
    [({"element": "Nd"}, "NdPr, DyTb"), ({"rule": "g7"}, "no_chinese_step"), ({"years": (1999,)}, "2025 to 2040"),
     ({"without": ("xx-nowhere",)}, "no such mine or plant"), ({"draws": 0}, "1 or more")],
)  # fmt: skip
def test_what_is_not_known_is_refused(inputs, change, words):
    with pytest.raises(ScoringError, match=words):
        balance(inputs, dataclasses.replace(Asked(element="NdPr", draws=1, years=(2030,)), **change))


def test_the_command_prints_one_document_and_writes_the_same_bytes_twice(tmp_path):
    asked = ["balance", "--year", "2030", "--draws", "5"]
    told = document(*asked)
    assert {row["stage"] for row in told["balance"]} == set(STAGES)
    for name in ("a.csv", "b.csv", "a.xlsx", "b.xlsx"):
        assert run(*asked, "-o", str(tmp_path / name))[0] == 0
    assert (tmp_path / "a.csv").read_bytes() == (tmp_path / "b.csv").read_bytes()
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()
    with zipfile.ZipFile(tmp_path / "a.xlsx") as book:
        sheets = re.findall(r'<sheet name="([^"]+)"', book.read("xl/workbook.xml").decode())
        texts = book.read("xl/sharedStrings.xml").decode()
    assert sheets == [
        "read me", "balance", "held back", "gap", "flows", "next steps", "capacity", "assumptions", "demand", "mines",
    ]  # fmt: skip
    assert "https://doi.org/10.5066/P13XCP3R" in texts  # an assumption stands with its page
    assert run("balance", "-o", str(tmp_path / "a.doc"))[0] == 2
