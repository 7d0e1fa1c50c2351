"""What users and scripts rely on in the terminal: words, JSON, exit codes, refusals."""

import csv
import json
import os
import re
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

import cli
from oreway.commands import _ready
from oreway.commands.doctor import table_faults
from oreway.layers import answers
from oreway.layers.catalog import DATA
from oreway.scoring.world.world import open_world

ROOT = Path(__file__).parent.parent
CLASSES = {"port", "deep_water_port", "airfield", "town", "road", "rail", "power", "refinery", "coast", "ice"}
ROW = [
    "class", "feature_id", "name", "lon", "lat", "distance_km", "low_km", "high_km", "azimuth_deg", "method", "nil",
    "source", "as_of",
]  # fmt: skip


def run(*words):
    """Run a command as its main() would: refusals become exit code 2 and one message."""
    runner = CliRunner()
    result = runner.invoke(cli.app, list(words))
    if isinstance(result.exception, cli.REFUSALS):
        return 2, result.stdout, str(result.exception)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.stdout, result.stderr


def document(*words):
    code, stdout, stderr = run(*words, "--json")
    assert code == 0, stderr
    return json.loads(stdout)


def shell(*words, **extra):
    return subprocess.run(
        [sys.executable, str(ROOT / "cli.py"), *words],
        capture_output=True, text=True, check=False, timeout=120, env=os.environ | extra.pop("env", {}), **extra,
    )  # fmt: skip


@pytest.mark.parametrize("site", ["au-costerfield", "au-uley", "jp-minamitorishima", "gl-sorensen"])
def test_a_site_without_rare_earths_or_without_a_price_is_priced_alone(site):
    code, stdout, stderr = run("price", site)
    assert code == 0, stderr
    assert site in stdout


def test_the_file_of_a_what_if_says_what_was_built_changed_and_closed(tmp_path):
    add = tmp_path / "add.csv"
    add.write_text("name,class,lon,lat,depth_m\nNew Quay,port,130.8,-12.4,14\n", encoding="utf-8")
    words = ["--add", str(add), "--change", "au-nolans:stage=construction", "--close", "port:Darwin"]
    said = ["build:port:New Quay", "au-nolans:stage=construction", "close:port:Darwin"]
    for ending in (".geojson", ".csv"):
        code, _, stderr = run("whatif", *words, "-o", str(tmp_path / f"after{ending}"))
        assert code == 0, stderr
    assert json.loads((tmp_path / "after.geojson").read_text("utf-8"))["oreway"]["what_if"] == said
    rows = list(csv.DictReader((tmp_path / "after.csv").read_text("utf-8-sig").splitlines()))
    assert {row["what_if"] for row in rows} == {"; ".join(said)}


def test_a_plant_has_no_price_and_says_what_has():
    assert run("price", "us-white-mesa")[::2] == (
        2, "oreway: site 'us-white-mesa': a plant has no break-even price; choose a deposit, a zone or a stockpile\n"
    )  # fmt: skip


def test_claims_are_told_with_verdict_evidence_and_promised_dates():
    told = document("claims")
    assert len(told["claims"]) >= 20
    mud = {one["id"]: one for one in told["claims"]}["mud-350-t"]
    assert mud["verdict"] == "not_yet_known"
    assert all(each["source_title"] for each in mud["evidence"])
    assert any(one["site_id"] == "au-nolans" and one["slip_months"] == 78 for one in told["schedules"])


def test_claims_of_one_site_are_printed_with_sign_and_word():
    code, stdout, _ = run("claims", "gl-tanbreez")
    assert code == 0
    assert "✕ wrong: The figures belong to the host rock" in stdout
    assert "mud-350-t" not in stdout
    assert "no public claim is on record about au-greenbushes" in run("claims", "au-greenbushes")[1]


def test_a_price_is_a_range_with_what_drives_it_or_what_is_missing(tmp_path):
    out = tmp_path / "prices.csv"
    words = ("price", "au-nolans", "gl-karrat", "--draws", "500", "--json")
    code, printed, _ = run(*words, "-o", str(out))
    assert code == 0
    found = {row["site_id"]: row for row in json.loads(printed)["sites"]}
    assert found["au-nolans"]["p10"] < found["au-nolans"]["p50"] < found["au-nolans"]["p90"]
    assert found["gl-karrat"]["p50"] is None
    assert found["gl-karrat"]["missing"] == "a tonnage"
    assert run(*words)[1] == printed
    assert out.read_text(encoding="utf-8-sig").startswith('"site_id",')  # the one writer of CSV: with its mark, quoted


def test_a_price_can_be_asked_for_without_figures_that_one_weak_page_alone_prints():
    words = ("price", "--all", "--draws", "100", "--json")
    every, firm = (json.loads(run(*words, *more)[1]) for more in ((), ("--firm",)))
    assert (every["firm"], firm["firm"]) == (False, True)
    assert any(row["one_weak"] for row in every["sites"])
    assert not any(row["one_weak"] for row in firm["sites"])
    held = [{row["site_id"]: row["p50"] for row in one["sites"] if row["p50"] is not None} for one in (every, firm)]
    assert set(held[1]) < set(held[0])
    sure = [row["site_id"] for row in every["sites"] if row["p50"] is not None and not row["one_weak"]]
    assert {site_id: held[1].get(site_id) for site_id in sure} == {site_id: held[0][site_id] for site_id in sure}


def test_a_floor_is_answered_by_year_for_the_tonnes_asked_for():
    code, printed, _ = run("price", "--floor", "--tonnes", "5000", "--year", "2035", "--draws", "200", "--json")
    assert code == 0
    answer = json.loads(printed)
    assert answer["floor_for"]["2035"]["p90"] <= answer["floor_for"]["2035"]["p50"]
    assert {row["year"] for row in answer["curve"]} == {2035}


def test_a_deck_nobody_knows_is_refused_with_those_that_are():
    code, _, said = run("price", "--deck", "dear")
    assert code == 2
    assert "dumping, mid, floor, high" in said


def test_claims_of_an_unknown_site_are_refused_with_the_nearest_spelling():
    code, _, stderr = run("claims", "gl-tanbrez")
    assert code == 2
    assert "did you mean gl-tanbreez" in stderr


def test_show_puts_history_after_the_current_figures_and_marks_it():
    _, stdout, _ = run("show", "au-browns-range")
    capital = [line.split("\t") for line in stdout.splitlines() if line.startswith("capex\t")]
    assert capital[-1][8] == "superseded"
    assert "superseded" not in [row[8] for row in capital[:-1]]


def test_every_layer_is_listed_with_its_checksum_right():
    rows = document("layers")
    assert {"greenland", "minamitorishima", "australia", "refining", "ports"} <= {row["id"] for row in rows}
    assert all(row["sha256_ok"] for row in rows)
    assert all(set(row) >= {"id", "title", "role", "features", "licence", "as_of", "sha256_ok"} for row in rows)


def test_the_share_of_a_country_s_networks_that_is_held_is_told_with_its_source():
    rows = {row["class"]: row for row in document("layers", "--country", "au")}
    assert rows["rail"]["reference"] == 32606  # km of railways, The World Factbook
    assert rows["rail"]["share"] == pytest.approx(rows["rail"]["held"] / 32606, abs=0.001)
    assert all(row["source_url"].startswith("https://") for row in rows.values())
    code, _, told = run("layers", "--country", "xx")
    assert code == 2
    assert "two letters such as AU" in told


def test_sites_carry_the_promised_columns():
    rows = document("sites")
    needed = {"site_id", "name", "layer", "country", "stage", "lon", "lat", "position_accuracy_km"}
    assert all(needed <= set(row) for row in rows)
    assert {"gl-kvanefjeld", "gl-tanbreez", "jp-minamitorishima", "au-nolans", "my-kuantan"} <= {
        r["site_id"] for r in rows
    }


def test_sites_of_one_layer_are_that_layers():
    assert {row["layer"] for row in document("sites", "--layer", "greenland")} == {"greenland"}


def test_a_wrong_layer_is_refused_with_those_there_are():
    code, _, stderr = run("sites", "--layer", "moon")
    assert code == 2
    assert "greenland" in stderr


def test_show_prints_facts_with_source_and_date():
    shown = document("show", "gl-kvanefjeld")
    assert shown["site"]["name"] == "Kvanefjeld"
    assert any(fact["field"] == "gate" and fact["value"] == "closed" for fact in shown["facts"])
    assert all(fact["source_title"] for fact in shown["facts"])


def test_a_misspelt_site_is_answered_with_the_nearest_spelling():
    code, stdout, stderr = run("show", "gl-tanbrez")
    assert (code, stdout) == (2, "")
    assert "gl-tanbreez" in stderr


def test_nearest_at_kvanefjeld_finds_narsaq_and_no_network():
    rows = {row["class"]: row for row in document("nearest", "--lon", "-46.0", "--lat", "60.983")}
    assert set(rows) == CLASSES
    assert rows["town"]["name"] == "Narsaq"
    assert rows["town"]["distance_km"] == pytest.approx(8.1, abs=0.2)  # data plan: Narsaq 8.1 km
    assert rows["port"]["distance_km"] == pytest.approx(7.7, abs=0.3)  # World Port Index: 7.7 km
    for absent in ("road", "rail"):
        assert rows[absent]["nil"] == "absent_network"
        assert rows[absent]["distance_km"] is None


def test_nearest_rows_carry_the_promised_columns_in_order():
    rows = document("nearest", "--lon", "133.239", "--lat", "-22.594")
    assert {bool(row["nil"]) for row in rows} == {True, False}
    for row in rows:
        assert list(row)[: len(ROW)] == ROW
        if row["nil"]:
            assert row["distance_km"] is None
        else:
            assert row["low_km"] <= row["distance_km"] <= row["high_km"]


def test_nearest_may_be_asked_for_one_class():
    rows = document("nearest", "--lon", "-46", "--lat", "60.983", "--class", "coast")
    assert [row["class"] for row in rows] == ["coast"]


@pytest.mark.parametrize(("lon", "lat"), [("200", "0"), ("0", "-91"), ("nan", "0"), ("0", "inf")])
def test_coordinates_off_the_globe_are_refused(lon, lat):
    code, stdout, stderr = run("nearest", "--lon", lon, "--lat", lat)
    assert (code, stdout) == (2, "")
    assert "-90 to 90" in stderr or "-180 to 180" in stderr


def test_an_unknown_class_is_refused_with_those_there_are():
    code, _, stderr = run("nearest", "--lon", "0", "--lat", "0", "--class", "harbour")
    assert code == 2
    assert "deep_water_port" in stderr


def test_contributions_readd_to_the_total():
    rows = [row for row in document("score") if row["total"] is not None]
    assert len(rows) > 40
    for row in rows:
        parts = [value for key, value in row.items() if key.endswith("_contribution") and value is not None]
        assert sum(parts) == pytest.approx(row["total"], abs=1e-9)
        assert row["total_low"] - 1e-9 <= row["total"] <= row["total_high"] + 1e-9
        assert 0 <= row["total"] <= 100


def test_kvanefjelds_closed_gate_stands_beside_its_score():
    row = next(row for row in document("score") if row["site_id"] == "gl-kvanefjeld")
    assert row["total"] is not None
    assert "uranium_act" in str(row["gates"])


def test_an_unknown_ending_is_refused_before_anything_is_written(tmp_path):
    code, _, stderr = run("export", "all", "-o", str(tmp_path / "all.xls"))
    assert code == 2
    assert ".geojson" in stderr
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_layer_is_refused_and_an_old_file_kept(tmp_path):
    old = tmp_path / "moon.geojson"
    old.write_text("old")
    code, _, stderr = run("export", "moon", "-o", str(old))
    assert code == 2
    assert "greenland" in stderr
    assert old.read_text() == "old"


def test_a_folder_that_is_not_there_is_refused(tmp_path):
    code, _, stderr = run("export", "greenland", "-o", str(tmp_path / "no" / "a.geojson"))
    assert code == 2
    assert "no such folder" in stderr


def test_a_report_for_a_wrong_site_writes_nothing(tmp_path):
    code, _, stderr = run("report", "gl-tanbreez", "gl-nowhere", "-o", str(tmp_path / "out"))
    assert code == 2
    assert "gl-nowhere" in stderr
    assert not (tmp_path / "out").exists()


def test_the_doctor_finds_nothing_wrong():
    code, stdout, stderr = run("doctor")
    assert code == 0, stderr
    assert "nothing missing" in stdout


def test_the_doctor_finds_what_is_wrong_with_tables_kept_by_hand(tmp_path):
    for name in ("catalog.toml", "sites", "methods"):
        copy = shutil.copy if (DATA / name).is_file() else shutil.copytree
        copy(DATA / name, tmp_path / name)
    assert table_faults(tmp_path) == []
    wrong = {
        "methods/programmes.csv": (",2026-01-12,", ",2126-01-12,"), "methods/schedules.csv": (",done,", ",perhaps,"),
        "methods/public_claims.csv": (",not_yet_known,", ",who knows,"), "sites/owners.csv": ("at-bergla", "at-x"),
    }  # fmt: skip
    for name, (old, new) in wrong.items():
        text = (tmp_path / name).read_text(encoding="utf-8")
        (tmp_path / name).write_text(text.replace(old, new, 1), encoding="utf-8")
    faults = table_faults(tmp_path)
    told = [next(fault for fault in faults if Path(name).name in fault) for name in wrong]
    for fault, word in zip(told, ("in the future", "perhaps", "who knows", "no such site"), strict=True):
        assert word in fault


def test_a_refusal_in_a_real_shell_is_one_line_and_exit_2():
    done = shell("show", "gl-tanbrez")
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.startswith("oreway: ")
    assert len(done.stderr.strip().splitlines()) == 1


def test_json_alone_stands_on_stdout_in_a_real_shell():
    done = shell("nearest", "--lon", "153.98", "--lat", "24.29", "--json")
    assert done.returncode == 0
    assert done.stderr == ""
    assert json.loads(done.stdout)


def test_a_port_in_use_is_refused_with_another():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = shell("app", "--port", str(taken.getsockname()[1]))
    assert done.returncode == 2
    assert "cannot be used" in done.stderr


def test_a_damaged_data_file_is_one_message_naming_it(tmp_path):
    copy = tmp_path / "oreway"
    for name in ("cli.py", "oreway", "commands", "geo", "layers", "scoring", "outputs", "data"):
        source = ROOT / name
        command = ["cp", "-a", str(source), str(copy / name)]
        copy.mkdir(exist_ok=True)
        subprocess.run(command, check=True)
    with (copy / "data" / "infrastructure" / "ports.parquet").open("r+b") as handle:
        handle.seek(100)
        handle.write(b"damage")
    done = subprocess.run(
        [sys.executable, "cli.py", "nearest", "--lon", "0", "--lat", "0"], cwd=copy, capture_output=True, text=True,
        check=False, env=os.environ | {"PYTHONPATH": str(copy)},
    )  # fmt: skip
    assert done.returncode == 2
    assert "data/infrastructure/ports.parquet" in done.stderr
    assert "Traceback" not in done.stderr


def test_what_would_swap_neighbours_is_listed_for_pairs_that_stand_next_to_each_other(tmp_path):
    ranked = document("rank", "--draws", "50")
    order = {row["site_id"]: (row["peers"], row["rank"]) for row in ranked}
    listed = document("rank", "--flips")
    assert {row["change"] for row in listed} == {"fact", "weight", "recorded"}
    for row in listed:
        (peers, upper), (others, lower) = order[row["above"]], order[row["below"]]
        assert (peers, upper + 1) == (others, lower)
        assert row["gap"] >= 0
    path = tmp_path / "flips.csv"
    assert run("rank", "--flips", "-o", str(path))[0] == 0
    assert len(path.read_text(encoding="utf-8").splitlines()) == 1 + len(listed)
    code, stdout, _ = run("rank", "--flips")
    said = [line.split("\t")[-1] for line in stdout.splitlines()[1:]]
    assert code == 0
    assert len(said) == len(listed)
    assert not [text for text in said if " instead of " in text and len(set(re.findall(r"[0-9][0-9.,]*", text))) == 1]


def test_ranks_are_stable_by_seed_and_their_shares_are_shares():
    one, two = (document("rank", "--draws", "2000", "--seed", "7") for _ in range(2))
    assert one == two
    for peers in ("land", "seabed"):
        own = [row for row in one if row["peers"] == peers]
        assert [row["rank"] for row in own] == list(range(1, len(own) + 1))
        assert sum(row["first_share"] for row in own) == pytest.approx(1, abs=1e-9)
    assert all(0 <= row["top3_share"] <= 1 for row in one)


def test_the_bill_readds_and_names_its_sources():
    found = document("bill", "gl-tanbreez")
    assert sum(item["cost_usd_m"] for item in found["items"]) == pytest.approx(found["base"], abs=1e-9)
    assert found["p10"] < found["p50"] < found["p90"]
    assert all(item["source"] for item in found["items"])


def test_a_plant_has_no_bill():
    code, _, stderr = run("bill", "my-kuantan")
    assert code == 2
    assert "has no access bill" in stderr


def test_own_sites_are_scored_and_bad_rows_named(tmp_path):
    mine = tmp_path / "mine.csv"
    mine.write_text("id,lon,lat\na,-46,60.98\nb,500,1\n")
    code, stdout, stderr = run("score", "--sites", str(mine), "--json")
    assert code == 0
    assert [row["site_id"] for row in json.loads(stdout)] == ["a"]
    assert "line 3: longitude 500" in stderr


def test_own_weights_change_the_score_and_unknown_ones_are_refused(tmp_path):
    weights = tmp_path / "w.csv"
    weights.write_text("criterion_id,weight\ntown,1\n")
    rows = {row["site_id"]: row for row in document("score", "--weights", str(weights))}
    assert rows["au-dubbo"]["total"] == pytest.approx(100 * rows["au-dubbo"]["town_value"], abs=1e-9)
    weights.write_text("criterion_id,weight\nluck,1\n")
    code, _, stderr = run("score", "--weights", str(weights))
    assert code == 2
    assert "luck" in stderr
    weights.write_text("criterion_id,weight\ntown,much\n")
    assert "'much' is not a number" in run("score", "--weights", str(weights))[2]


def test_an_unknown_profile_is_refused_with_those_there_are():
    code, _, stderr = run("score", "--profile", "moon")
    assert code == 2
    assert "outback" in stderr


def test_show_marks_old_facts_and_figures_that_do_not_add_up():
    shown = document("show", "gl-tanbreez")
    old = {fact["as_of"]: fact["stale"] for fact in shown["facts"]}
    assert old["2013-08"] is True  # far more than 18 months ago
    assert any("2.0 years" in claim["text"] for claim in shown["claims"])
    assert shown["appraisal"]["assessable"] is False
    assert shown["appraisal"]["missing"]
    assert {row["class"] for row in shown["spread"]} == CLASSES


def test_two_sites_side_by_side_and_a_ranking_are_pdfs(tmp_path):
    code, _, stderr = run("report", "gl-tanbreez", "au-nolans", "--compare", "-o", str(tmp_path))
    assert code == 0, stderr
    assert (tmp_path / "gl-tanbreez-au-nolans.pdf").read_bytes().startswith(b"%PDF")
    code, _, stderr = run("rank", "--draws", "500", "-o", str(tmp_path / "ranks.pdf"))
    assert code == 0, stderr
    assert (tmp_path / "ranks.pdf").read_bytes().startswith(b"%PDF")


@pytest.mark.parametrize(("name", "start"), [("mine.pdf", b"%PDF"), ("new/mine.html", b"<!DOCTYPE html>")])
def test_a_report_goes_to_the_file_that_was_named_in_the_format_of_its_name(tmp_path, name, start):
    code, _, stderr = run("report", "gl-tanbreez", "-o", str(tmp_path / name))
    assert code == 0, stderr
    assert [path.name for path in tmp_path.rglob("mine*")] == [Path(name).name]
    assert (tmp_path / name).read_bytes()[: len(start)].upper() == start.upper()


@pytest.mark.parametrize(
    ("words", "cure"),
    [
        (("gl-tanbreez", "au-nolans"), "name a folder"),
        (("gl-tanbreez", "--format", "html"), "leave one of them out"),
    ],
)
def test_a_file_that_cannot_hold_what_was_asked_is_refused_and_not_made(tmp_path, words, cure):
    code, _, stderr = run("report", *words, "-o", str(tmp_path / "mine.pdf"))
    assert code == 2
    assert cure in stderr
    assert list(tmp_path.iterdir()) == []


def test_one_site_cannot_be_compared(tmp_path):
    code, _, stderr = run("report", "gl-tanbreez", "--compare", "-o", str(tmp_path))
    assert code == 2
    assert "name 2 to 4" in stderr


def test_a_linear_shape_lowers_no_value_of_a_site_at_the_road_and_changes_the_totals():
    half, linear = ({row["site_id"]: row for row in document("score", *extra)} for extra in ((), ("--shape", "linear")))
    at_the_road = [site_id for site_id, row in half.items() if row["road_value"] == 1]
    assert at_the_road
    assert {linear[site_id]["road_value"] for site_id in at_the_road} == {1}
    # 11.92 km x 1.3 to the Stuart Highway: 1 - (15.50 - 1) / (5 x 30)
    assert linear["au-nolans"]["road_value"] == pytest.approx(1 - (11.921 * 1.3 - 1) / 150, abs=1e-4)
    assert linear["au-nolans"]["total"] != half["au-nolans"]["total"]


def test_a_ranking_takes_weights_of_ones_own(tmp_path):
    path = tmp_path / "own.csv"
    path.write_text("criterion_id,weight\nroad,1\n", encoding="utf-8")
    ranked = document("rank", "--draws", "50", "--weights", str(path))
    scored = {row["site_id"]: row for row in document("score")}
    land = [row for row in ranked if row["peers"] == "land"]
    assert land[0]["total"] == pytest.approx(100)
    assert {row["site_id"]: row["total"] for row in land}["au-nolans"] == pytest.approx(
        100 * scored["au-nolans"]["road_value"]
    )
    code, _, stderr = run("rank", "--weights", str(path), "-o", str(tmp_path / "ranks.pdf"))
    assert code == 2
    assert "write a .csv" in stderr


def test_a_berth_of_its_own_spares_tanbreez_the_terminal(tmp_path):
    site = {row["site_id"]: row for row in document("sites")}["gl-tanbreez"]
    berth = {"type": "Feature", "properties": {"class": "port", "name": "New berth", "size": 12},
             "geometry": {"type": "Point", "coordinates": [site["lon"], site["lat"]]}}  # fmt: skip
    add = tmp_path / "add.geojson"
    inland = {"type": "Feature", "properties": {"class": "Harbour", "name": "Alice"},
              "geometry": {"type": "Point", "coordinates": [133.88, -23.7]}}  # fmt: skip
    add.write_text(json.dumps({"type": "FeatureCollection", "features": [berth, inland]}), encoding="utf-8")
    code, _, stderr = run("whatif", "--add", str(add), "-o", str(tmp_path / "after.geojson"))
    assert code == 0
    assert re.search(r"note: Alice: the port lies \d{3} km from the nearest coast, inland", stderr)
    features = json.loads((tmp_path / "after.geojson").read_text(encoding="utf-8"))["features"]
    found = {feature["properties"]["site_id"]: feature for feature in features}
    row = found["gl-tanbreez"]["properties"]
    assert row["gain"] == pytest.approx(row["total_after"] - row["total_before"])
    assert row["gain"] > 0
    assert row["bill_after"] == pytest.approx(row["bill_before"] - 110, abs=3)  # no terminal of its own, US$110M
    assert found["what-if-1"]["geometry"]["coordinates"] == [round(site["lon"], 6), round(site["lat"], 6)]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "nothing changes; give --add, --change"),
        (("--change", "gl-tanbreez:stage=done"), "choose from"),
        (("--change", "gl-tanbreez:stage=fs", "-o", "after.xlsx"), "use .csv, .geojson, .pdf"),
    ],
)
def test_a_what_if_that_cannot_be_is_refused(words, said):
    code, _, stderr = run("whatif", *words)
    assert code == 2
    assert said in stderr


def test_what_stands_ready_is_asked_of_every_site_once_and_then_at_hand():
    world = open_world()
    shares = [(kind, site) for kind, sites in _ready._shares(world) for site in sites]
    assert len(set(shares)) == len(shares)
    kinds = world.sites["kind"]
    deposits = set(kinds.index[kinds.isin(["deposit", "zone", "stockpile"])])
    assert {site for kind, site in shares if kind == "supply"} == deposits
    assert {site for kind, site in shares if kind == "bill"} == deposits
    assert _ready._make(("bill", ("gl-tanbreez",))) == 1
    assert answers.ready("bill gl-tanbreez", answers.mark()) is not None
