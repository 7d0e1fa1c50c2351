"""Public claims: who said them, the evidence, the verdicts; promised dates; closures of the past."""

import csv
import shutil

import pytest
from pyproj import Geod

from oreway.layers.catalog import DATA
from oreway.layers.errors import SchemaError
from oreway.layers.read import read_table
from oreway.layers.schema import as_number
from oreway.layers.vocabulary import Kept, SourceKind, Verdict
from oreway.scoring.claims.public_claims import about, public_claims
from oreway.scoring.claims.schedules import promises_of, schedules

TOKYO_STATION = 139.7671, 35.6812


@pytest.fixture(scope="module")
def claims():
    return {one.id: one for one in public_claims()}


@pytest.fixture(scope="module")
def world(shipped):
    return shipped


@pytest.fixture
def tables(tmp_path):
    """Return a data folder with copies of the tables of claims, to be spoilt."""
    (tmp_path / "methods").mkdir()
    for name in ("public_claims", "claim_evidence", "schedules"):
        shutil.copy(DATA / "methods" / f"{name}.csv", tmp_path / "methods")
    return tmp_path


def spoil(data, name, line, **cells):
    path = data / "methods" / f"{name}.csv"
    with path.open(encoding="utf-8", newline="") as source:
        rows = list(csv.DictReader(source))
    rows[line - 2] |= cells
    with path.open("w", encoding="utf-8", newline="") as target:
        writer = csv.DictWriter(target, rows[0])
        writer.writeheader()
        writer.writerows(rows)


def figures(claim):
    return {(each.value, each.unit) for each in claim.evidence}


def test_every_claim_names_who_said_it_and_at_least_one_source_that_is_not_ours(claims):
    assert len(claims) >= 20
    for one in claims.values():
        assert one.said_by, one.id
        assert one.said_source_url.startswith("http"), one.id
        read = [each for each in one.evidence if each.source_kind != SourceKind.COMPUTED]
        assert read, one.id
        assert all(each.source_url.startswith("http") for each in read), one.id


def test_every_verdict_is_given_at_least_once_and_with_a_reason(claims):
    assert {one.verdict for one in claims.values()} == {word.value for word in Verdict}
    assert all(len(one.verdict_reason) > 30 for one in claims.values())


def test_a_claim_that_does_not_wholly_hold_rests_on_two_statements(claims):
    doubted = [one for one in claims.values() if one.verdict != Verdict.HOLDS]
    assert all(len(one.evidence) >= 2 for one in doubted)


def test_the_sites_that_claims_and_schedules_name_are_in_the_catalogue(claims, world):
    named = {site for one in claims.values() for site in one.site_ids} | {one.site_id for one in schedules()}
    assert named <= set(world.sites.index)


@pytest.mark.parametrize(("site", "said_km"), [("jp-minamitorishima-island", 1861), ("jp-minamitorishima", 2037)])
def test_the_distances_from_tokyo_are_those_of_another_geodesic(claims, world, site, said_km):
    row = world.sites.loc[site]
    metres = Geod(ellps="WGS84").inv(*TOKYO_STATION, row["lon"], row["lat"])[2]
    assert metres / 1000 == pytest.approx(said_km, abs=0.6)
    assert (str(said_km), "km") in figures(claims["mud-1950-km"])


def test_the_framework_is_eight_and_a_half_billion_wherever_it_is_a_claim(claims):
    told = claims["framework-8-5-bn"]
    assert ("8.5", "US$bn") in figures(told)
    assert "not 85" in told.verdict_reason
    assert told.verdict == Verdict.HOLDS_IN_PART


def test_the_host_rock_of_tanbreez_is_no_resource(claims):
    """25.42 Mt at 0.37 % and 19.45 Mt at 0.39 % against 28.2 Mt of oxide: 0.6 %."""
    coded_mt = 25.42 * 0.0037 + 19.45 * 0.0039
    assert coded_mt == pytest.approx(0.17, abs=0.001)
    assert coded_mt / 28.2 == pytest.approx(0.006, abs=0.0005)
    assert claims["tanbreez-28-mt"].verdict == Verdict.WRONG
    assert pytest.approx(39.3, abs=0.05) == 28.2 + 11.13
    assert pytest.approx(1.54, abs=0.01) == 108 * 0.0143


def test_a_day_of_the_trial_holds_four_tenths_of_a_tonne_of_oxide(claims):
    """The oxide of rare earths with yttrium weighs about 1.2 times the metal."""
    assert pytest.approx(0.41, abs=0.01) == 350 * 964e-6 * 1.2
    assert ("0.41", "t/day") in figures(claims["mud-350-t"])


def test_the_deposits_said_to_lie_under_the_ice_lie_outside_it(claims, world):
    ice = world.infrastructure["ice"]
    for site in claims["greenland-under-ice"].site_ids:
        point = world.sites.loc[[site]].geometry.iloc[0]
        assert not ice.intersects(point).any(), site


def test_the_ministers_are_klingbeil_and_wadephul(claims):
    told = claims["table-ministers"]
    assert told.verdict == Verdict.HOLDS
    assert "Lars Klingbeil" in told.claim
    assert "Johann Wadephul" in told.claim


def test_claims_and_dates_of_one_site_are_those_that_name_it():
    assert {"tanbreez-28-mt", "tanbreez-radioactivity"} <= {one.id for one in about("gl-tanbreez", public_claims())}
    assert about("au-greenbushes", public_claims()) == ()
    assert {one.promised for one in promises_of("au-nolans", schedules())} == {"commissioning", "investment decision"}


@pytest.mark.parametrize(
    ("site", "promised", "months"),
    [
        ("au-nolans", "commissioning", 78),  # June 2022 to December 2028
        ("au-browns-range", "investment decision", 30),  # June 2024 to December 2026
        ("au-kalgoorlie", "first feed", 6),  # June 2023 to December 2023
        ("gl-tanbreez", "mining", 15),  # December 2027 to March 2029
        ("jp-minamitorishima", "report on profitability", None),
    ],
)
def test_the_months_of_a_slip_are_counted_from_period_end_to_period_end(site, promised, months):
    found = next(one for one in promises_of(site, schedules()) if one.promised == promised)
    assert found.slip_months == months
    assert (found.slip_months is None) == (found.happened in {Kept.OPEN, Kept.UNKNOWN})


@pytest.mark.parametrize(
    ("name", "cells", "told"),
    [
        ("public_claims", {"verdict": "true"}, "public_claims.csv, line 3: verdict 'true'; expected one of holds"),
        ("public_claims", {"said_by": ""}, "public_claims.csv, line 3: no said_by"),
        ("public_claims", {"said_source_url": "somewhere"}, "'somewhere' is not an http(s) address"),
        ("public_claims", {"claim_id": "greenland-quarter"}, "stands more than once"),
        ("public_claims", {"evidence_as_of": "2024"}, "the newest evidence is of"),
        ("public_claims", {"claim_id": "unheard"}, "no evidence for 'unheard'"),
        ("claim_evidence", {"source_url": ""}, "claim_evidence.csv, line 3: no source_url"),
        ("claim_evidence", {"source_kind": "hearsay"}, "source_kind 'hearsay'; expected one of law"),
        ("claim_evidence", {"as_of": "2999"}, "as_of '2999'"),
        ("claim_evidence", {"checked": "2026-11-26", "checked_against": ""}, "give both or none"),
        ("claim_evidence", {"claim_id": "unheard"}, "which is no claim of public_claims.csv"),
    ],
)
def test_a_spoilt_claim_is_refused_by_place_fault_and_cure(tables, name, cells, told):
    spoil(tables, name, 3, **cells)
    with pytest.raises(SchemaError) as refused:
        public_claims(tables)
    assert told in str(refused.value)


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        ({"happened": "kept"}, "schedules.csv, line 2: happened 'kept'; expected one of done"),
        ({"happened": "open"}, "happened_on and its source go with done and moved"),
        ({"promised_for": "soon"}, "promised_for 'soon'; expected YYYY"),
        ({"happened_on": "2999-01"}, "happened_on '2999-01'; expected YYYY"),
    ],
)
def test_a_spoilt_schedule_is_refused_by_place_fault_and_cure(tables, cells, told):
    spoil(tables, "schedules", 2, **cells)
    with pytest.raises(SchemaError) as refused:
        schedules(tables)
    assert told in str(refused.value)


def test_every_verdict_rests_on_evidence_that_was_read_again_at_least_in_part():
    table = read_table("claim_evidence")
    again = table.groupby("claim_id")["checked"].apply(lambda days: (days != "").any())
    assert list(again.index[~again]) == []


def test_closures_of_the_past_have_route_unit_and_source():
    table = read_table("closures_history")
    assert set(table["closure_id"]) == {"suez-2021", "panama-2023", "red-sea-2023"}
    assert set(table["passage"]) == {"suez", "panama", "babalmandab"}
    numbers = table[["value", "low", "high"]].map(as_number).notna().any(axis=1)
    assert numbers.all()
    assert (table[["unit", "as_of", "source_title"]] != "").all().all()
    assert table["source_url"].str.startswith("http").all()
    assert set(table["source_kind"]) <= {kind.value for kind in SourceKind}


def test_the_detour_of_2021_is_the_difference_of_the_two_ways():
    table = read_table("closures_history").set_index(["closure_id", "quantity"])["value"].map(as_number)
    via, without, extra = (
        table["suez-2021", name] for name in ("distance_via_passage", "distance_without", "extra_distance")
    )
    assert without - via == extra == 3487


def test_programmes_hold_the_laws_controls_and_frameworks_with_date_source_and_kind():
    table = read_table("programmes")
    assert (table[["as_of", "source_title", "source_kind"]] != "").all().all()
    assert set(table["source_kind"]) <= {kind.value for kind in SourceKind}
    act = table[table["programme"] == "Greenland uranium act"].set_index("field")
    assert {"section_1", "section_2", "section_3"} <= set(act.index)
    assert act.loc["uranium_limit", ["value", "unit"]].tolist() == ["100", "ppm"]
    assert act["source_url"].str.startswith("https://nalunaarutit.gl/").all()
    controls = table[table["programme"] == "China's export controls"].set_index("field")["as_of"]
    assert controls["april_2025"] == "2025-04-04"
    assert controls["japan_2026"] == "2026-01-06"
    assert {"US–Greenland framework", "Japan–US critical minerals framework", "EU strategic projects"} <= set(
        table["programme"]
    )
