"""What is on record about plants, their owners, ties and the rules of trade: checked words, sources and known cases."""

import pandas as pd
import pytest

from oreway.layers.errors import SchemaError
from oreway.layers.evidence import TABLES, check_evidence, hosts_of, read_evidence
from oreway.layers.read import read_facts, read_layer, read_sites
from oreway.layers.vocabulary import Openness, PlantStatus, SiteKind, SourceKind
from oreway.scoring.routes.evidence import evidence

RUNNING = {PlantStatus.OPERATING, PlantStatus.COMMISSIONING}
OPENNESS = [Openness.YES, Openness.LETTER, Openness.UNKNOWN, Openness.NO]
SHIPPING = {SiteKind.DEPOSIT, SiteKind.ZONE, SiteKind.STOCKPILE}


@pytest.fixture(scope="module")
def plants():
    return read_layer("refining")


@pytest.fixture(scope="module")
def fit():
    return read_evidence("plant_fit")


@pytest.fixture(scope="module")
def ties():
    return read_evidence("ties")


def parts(cells):
    return {word for cell in cells for word in cell.split(";") if word}


@pytest.mark.parametrize("name", TABLES)
def test_every_table_of_evidence_keeps_its_columns_words_ids_and_sources(name):
    check_evidence(name, read_evidence(name), read_sites().index)


def test_every_plant_says_what_it_takes_or_that_its_openness_is_unknown(plants, fit):
    assert set(plants.index) == set(fit["site_id"])


def test_whether_a_plant_takes_others_feed_is_told_the_same_way_in_both_tables(plants, fit):
    from_fit = fit.groupby("site_id")["openness"].agg(lambda words: min(words, key=OPENNESS.index))
    kept = plants["third_party_feed"]
    assert from_fit.reindex(kept.index).to_dict() == kept.to_dict()


def test_every_plant_has_an_owner_with_a_country(plants):
    owners = read_evidence("owners")
    named = set(owners["site_id"][owners["owner_country"] != ""])
    assert set(plants.index) <= named


def test_the_status_of_every_plant_has_a_date_or_rests_on_no_citable_source(plants, fit):
    facts = read_facts()
    status = facts[facts["site_id"].isin(plants.index) & (facts["field"] == "status")]
    assert set(plants.index) == set(status["site_id"])
    assert (status["as_of"] != "").all()
    undated = set(fit["site_id"][fit["status_as_of"] == ""])
    cited = set(status["site_id"][status["confidence"] != "unverified"])
    assert undated == set(plants.index) - cited


def test_a_plant_without_a_citable_status_is_open_to_nobody(fit):
    assert set(fit["openness"][fit["status_as_of"] == ""]) == {"unknown"}


def test_every_shipping_site_has_a_tie_or_says_that_none_is_on_record(ties):
    sites = read_sites()
    assert set(sites.index[sites["kind"].isin(SHIPPING)]) == set(ties["site_id"])
    none = ties[ties["tie"] == "none"]
    assert (none["buyer"] == "").all()
    assert not none["site_id"].isin(ties["site_id"][ties["tie"] != "none"]).any()


def test_shares_of_one_site_do_not_sum_to_more_than_the_whole():
    owners = read_evidence("owners")
    shares = pd.to_numeric(owners["share_pct"]).groupby(owners["site_id"]).sum()
    assert (shares <= 100.01).all()


@pytest.mark.parametrize(
    ("plant", "feed", "openness", "sources"),
    [
        # Lynas: Kalgoorlie was built for the Mt Weld mine and has taken nothing else
        ("au-kalgoorlie", "concentrate", "no", {"au-mt-weld"}),
        # IREL, of the Department of Atomic Energy: its own beach sands feed OSCOM, and OSCOM feeds Aluva
        ("in-oscom", "concentrate", "no", {"name:IREL beach sands"}),
        ("in-aluva", "mixed_chloride", "no", {"in-oscom"}),
        # Tianqi and IGO own both Greenbushes and the Kwinana works
        ("au-kwinana-tlk", "concentrate", "no", {"au-greenbushes"}),
        # POSCO-Pilbara is named after its feed
        ("kr-gwangyang-posco-pilbara", "concentrate", "no", {"au-pilgangoora"}),
        # MP Materials, third quarter of 2025: third-party feed for the heavy circuit
        ("us-mountain-pass", "concentrate", "no", {"name:Mountain Pass mine"}),
        ("us-mountain-pass", "mixed_carbonate", "yes", {"name:Mountain Pass heavy concentrate"}),
        # a memorandum with Kelantan of May 2025 is no contract
        ("my-kuantan", "mixed_carbonate", "letter", {"au-kalgoorlie"}),
        ("mx-madero-usac", "concentrate", "yes", set()),
    ],
)
def test_known_plants_take_what_their_owners_and_regulators_say(fit, plant, feed, openness, sources):
    rows = fit[(fit["site_id"] == plant) & (fit["feed"] == feed)]
    assert set(rows["openness"]) == {openness}
    assert parts(rows["captive_sources"]) == sources


def test_outside_feed_enters_mountain_pass_for_heavy_rare_earths_only(fit):
    rows = fit[(fit["site_id"] == "us-mountain-pass") & (fit["openness"] == "yes")]
    assert parts(rows["elements"]) == {"Dy", "Tb", "HREE"}


def test_host_minerals_of_sites_are_told_in_the_words_of_plants():
    assert hosts_of("bastnaesite; calcian bastnasite;monazite") == {"bastnasite", "monazite"}
    assert hosts_of("nickel laterite") == {"laterite"}
    assert hosts_of("biogenic apatite") == {"biogenic_apatite"}
    assert hosts_of("") == frozenset()


def test_hosts_of_the_known_feeds_of_a_plant_fit_that_plant(fit, ties):
    sites = read_sites()
    own = ties[ties["tie"].isin(["own", "binding"]) & (ties["refinery_id"] != "") & (ties["form"] == "concentrate")]
    for tie in own.to_dict("records"):
        rows = fit[(fit["site_id"] == tie["refinery_id"]) & (fit["feed"] == "concentrate")]
        taken = parts(rows["host_minerals"])
        assert taken & hosts_of(sites.loc[tie["site_id"], "host_minerals"]), tie["site_id"]


def test_what_does_not_run_yet_in_a_running_plant_is_the_heavy_circuit_of_mountain_pass_alone(plants, fit):
    running = fit["site_id"].isin(plants.index[plants["stage"] == PlantStatus.OPERATING])
    assert set(fit["site_id"][running & (fit["capacity_state"] == "planned")]) == {"us-mountain-pass"}


def test_no_running_plant_takes_eudialyte_or_mud(plants, fit):
    running = fit[fit["site_id"].isin(plants.index[plants["stage"].isin(RUNNING)])]
    assert not parts(running["host_minerals"]) & {"eudialyte", "steenstrupine", "biogenic_apatite"}
    assert "mud" not in set(running["feed"])


def test_tungsten_concentrate_goes_to_tungsten_plants_alone(fit):
    tungsten = fit["host_minerals"].str.contains("scheelite|wolframite")
    takers = fit[tungsten & (fit["feed"] == "concentrate")]
    assert set(takers["stage"]) == {"tungsten_refining"}
    # Masan buys most of Mt Carbine's concentrate through Cronimet, beside the ore of its own mine
    open_to_others = {"at-bergla-wolfram", "us-towanda-gtp", "vn-thai-nguyen-masan"}
    assert set(takers["site_id"][takers["openness"] == "yes"]) == open_to_others


def test_tianqi_holds_fifty_one_per_cent_of_the_kwinana_works():
    owners = read_evidence("owners")
    row = owners[(owners["site_id"] == "au-kwinana-tlk") & (owners["owner_country"] == "CN")]
    assert list(row["share_pct"]) == ["51"]


def test_harjavalta_stands_in_finland_and_belongs_to_a_russian_company():
    owners = read_evidence("owners")
    assert list(owners["owner_country"][owners["site_id"] == "fi-harjavalta"]) == ["RU"]
    blocs = read_evidence("blocs").set_index("country_code")["bloc"]
    assert (blocs["FI"], blocs["RU"], blocs["CN"]) == ("allied", "other", "china")


@pytest.mark.parametrize(
    ("site", "plant", "tie"),
    [
        ("au-donald", "us-white-mesa", "binding"),
        ("au-browns-range", "au-eneabba-refinery", "binding"),
        ("au-wimmera", "au-eneabba-refinery", "own"),
        ("au-eneabba-stockpile", "au-eneabba-refinery", "own"),
        ("au-pilgangoora", "kr-gwangyang-posco-pilbara", "binding"),
        ("au-mt-holland", "au-kwinana-covalent", "own"),
        ("gl-tanbreez", "us-alexandria-ucore", "letter"),
        ("gl-sarfartoq", "ee-sillamae", "plan"),
        ("gl-malmbjerg", "be-ghent-molymet", "plan"),
        ("jp-minamitorishima", "jp-honshu-mud-plant", "plan"),
    ],
)
def test_known_ties_stand_in_the_table_with_their_strength(ties, site, plant, tie):
    assert list(ties["tie"][(ties["site_id"] == site) & (ties["refinery_id"] == plant)]) == [tie]


def test_the_offtake_of_goschen_by_a_chinese_company_has_lapsed(ties):
    rows = ties[ties["site_id"] == "au-goschen"]
    assert set(rows["status"]) == {"lapsed"}


@pytest.mark.parametrize(
    ("rule", "day", "holds"),
    [
        # announcements of 2025: no. 70 pauses no. 57 to 10 November 2026, no. 72 pauses no. 46 to 27 November
        ("cn-rare-earths-2025-10", "2026-06-01", False),
        ("cn-rare-earths-2025-10", "2026-11-10", False),
        ("cn-rare-earths-2025-10", "2026-11-11", True),
        ("cn-us-ga-ge-sb-2024-12", "2025-06-01", True),
        ("cn-us-ga-ge-sb-2024-12", "2026-11-27", False),
        ("cn-us-ga-ge-sb-2024-12-pause", "2026-06-01", False),
        ("cn-medium-heavy-2025-04", "2025-04-03", False),
        ("cn-medium-heavy-2025-04", "2026-06-01", True),
    ],
)
def test_a_rule_holds_on_a_day_only_when_no_row_pauses_it(rule, day, holds):
    told = evidence()
    row = next(one for one in told.controls if one["rule_id"] == rule)
    assert told.in_force(row, day) is holds


def test_what_china_suspended_stays_a_licence_after_the_pause():
    controls = read_evidence("controls").set_index("rule_id")
    pause = controls.loc["cn-rare-earths-2025-10-pause"]
    assert (pause["effect"], pause["until"]) == ("suspended", "2026-11-10")
    assert controls.loc["cn-rare-earths-2025-10", "effect"] == "licence"
    assert controls.loc["cn-medium-heavy-2025-04", "until"] == ""


def test_every_country_of_the_catalogue_and_of_an_owner_is_in_a_bloc():
    owners = read_evidence("owners")
    named = set(read_sites()["country_code"]) | parts(owners["owner_country"])
    assert named <= set(read_evidence("blocs")["country_code"])


def test_every_fact_about_a_plant_says_what_kind_of_source_it_rests_on(plants):
    facts = read_facts()
    own = facts[facts["site_id"].isin(plants.index)]
    assert set(own["source_kind"]) <= {word.value for word in SourceKind}


def test_leads_without_a_source_decide_nothing(fit):
    facts = read_facts()
    assert not facts["source_title"].str.startswith("Uncited").any()
    assert set(fit["openness"][fit["confidence"] == "unverified"]) <= {"unknown"}


def test_an_unknown_word_a_missing_source_and_a_strange_site_are_refused_together(fit):
    spoilt = fit.head(1).assign(site_id="xx-nowhere", openness="perhaps", source_title="", capacity="-1")
    with pytest.raises(SchemaError) as told:
        check_evidence("plant_fit", spoilt, read_sites().index)
    for part in ("xx-nowhere", "openness 'perhaps'", "no source_title", "capacity '-1'", "line 2"):
        assert part in str(told.value)


@pytest.mark.parametrize(
    ("feed", "stage", "told"),
    [
        ("oxide", "alloy;magnet", "feed 'oxide' cannot enter alloy, which takes metal"),
        ("concentrate", "metal", "feed 'concentrate' cannot enter metal, which takes oxide"),
        ("mixed_carbonate", "cracking_leaching;separation", "feed 'mixed_carbonate' cannot enter cracking_leaching"),
    ],
)
def test_a_feed_that_its_plants_first_step_cannot_take_is_refused(fit, feed, stage, told):
    spoilt = fit[fit["site_id"] == "ee-narva"].assign(feed=feed, stage=stage)
    with pytest.raises(SchemaError, match=told):
        check_evidence("plant_fit", spoilt, read_sites().index)


def test_narva_is_fed_with_metal_since_oxide_of_sillamae_is_made_metal_on_toll_first(fit):
    """Neo, supply chain: this oxide must be converted into metal form before it can be utilized by Magnequench."""
    row = fit[fit["site_id"] == "ee-narva"].iloc[0]
    assert (row["feed"], row["stage"]) == ("metal", "alloy;magnet")


def test_a_weak_source_is_never_of_high_confidence(ties):
    spoilt = ties[ties["source_kind"] == "press"].head(1).assign(confidence="high")
    with pytest.raises(SchemaError, match="confidence high on a press source"):
        check_evidence("ties", spoilt, read_sites().index)


def test_a_table_without_one_of_its_columns_is_refused(ties):
    with pytest.raises(SchemaError, match="no column 'buyer'"):
        check_evidence("ties", ties.drop(columns="buyer"), read_sites().index)


def test_a_pause_without_its_rule_is_refused():
    controls = read_evidence("controls")
    with pytest.raises(SchemaError, match="named after the rule it pauses"):
        check_evidence("controls", controls[controls["rule_id"] != "cn-rare-earths-2025-10"], read_sites().index)


def test_a_checked_fact_of_a_plant_has_a_page_and_a_fact_with_a_unit_is_a_number():
    facts = pd.read_csv("data/sites/refining_facts.csv", dtype=str, keep_default_na=False)
    checked = facts[facts["checked"] != ""]
    pageless = checked[(checked["source_url"] == "") | checked["confidence"].isin(["unverified", "gap"])]
    assert list(pageless["site_id"]) == []
    measured = facts[(facts["unit"] != "") & (facts["unit"] != "date") & (facts["value"] != "")]
    assert list(measured["site_id"][pd.to_numeric(measured["value"], errors="coerce").isna()]) == []


def test_what_a_plant_that_is_not_built_could_make_is_told_as_a_plan(plants):
    """A reader of one row must not take the tonnes of a drawing for tonnes that are made; running parts are named."""
    stages = plants["stage"]
    facts = read_facts()
    facts = facts[(facts["state"] == "") & facts["field"].isin(["capacity", "feed_rate"])]
    facts = facts[facts["site_id"].map(stages).isin([PlantStatus.PLANNED, PlantStatus.BUILDING])]
    numbers = facts[(facts["value"] + facts["low"]) != ""]
    assert len(numbers) >= 40
    told = (numbers["category"] + " " + numbers["note"]).str.contains(
        r"plan|expect|possible|target|being built|smelting unit"
    )
    assert list(numbers[~told]["site_id"]) == []
