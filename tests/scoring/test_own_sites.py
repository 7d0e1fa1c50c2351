"""A user's own sites are measured and judged as the catalogue's are."""

import random
import re

import pandas as pd
import pytest

from oreway.layers.upload.upload import read_upload
from oreway.scoring.batch.batch import batch
from oreway.scoring.batch.doubts import suspicions
from oreway.scoring.batch.own_sites import own_scores, own_world
from oreway.scoring.judge.assess import assess, score_table
from oreway.scoring.measure.measure import measure, nearest

FILE = (
    b"id,name,lon,lat,commodities,position_accuracy_km,host_minerals\n"
    b"mine,Mine,-46.0,60.983,REE,1.5,\nsea,Sea,154.0,22.9,REE,5,biogenic apatite\n"
)
PLACES = ((131.5, -24.1), (-51.0, 69.2), (12.5, 55.7), (-150.0, 10.0), (179.9, -16.5), (-112.0, 33.4))


@pytest.fixture(scope="module")
def world(shipped):
    return shipped


@pytest.fixture(scope="module")
def own(world):
    return own_world(world, read_upload(FILE, "mine.csv").sites)


def test_country_and_setting_follow_from_the_place(own):
    assert own.sites.loc["mine", ["country_code", "setting", "kind"]].tolist() == ["GL", "arctic", "deposit"]
    assert own.sites.loc["sea", ["country_code", "setting", "kind"]].tolist() == ["", "seabed", "zone"]
    assert own.sites.loc["mine", "country"] == "Greenland"


def test_own_sites_get_the_distances_any_point_gets(world, own):
    ours = measure(own, ["mine"]).set_index("class")["distance_km"]
    any_point = nearest(world, -46.0, 60.983).set_index("class")["distance_km"]
    for class_ in ("port", "airfield", "town", "coast"):
        assert ours[class_] == pytest.approx(any_point[class_], abs=1e-9)


DOUBTFUL = (
    ("every site lies at sea: longitude and latitude may be swapped", "name,lon,lat\nA,60.97,-46.01\nB,61.2,-48.1\n"),
    ("every site lies at sea: check the positions", "name,lon,lat\nA,-140,-30\n"),
    (r"at sea, though their row names a country: A$", "name,lon,lat,country\nA,-140,-30,Chile\nB,-46,60.98,Grønland\n"),
    (r"outside the country their row names: A \(オーストラリア, not Greenland\)",
     "name,lon,lat,国\nA,-46,60.98,オーストラリア\nB,122.54,-28.86,オーストラリア\n"),
)  # fmt: skip


@pytest.mark.parametrize(("said", "text"), DOUBTFUL)
def test_suspicious_positions_are_said_of_an_upload_and_a_batch(said, text, world, tmp_path):
    (tmp_path / "in.csv").write_text(text, encoding="utf-8")
    notes = suspicions(world, read_upload(text.encode(), "in.csv").sites)
    assert any(re.match(said, note) for note in notes)
    assert set(notes) <= set(batch(tmp_path / "in.csv", tmp_path / "out.csv", world=world).notes)


def test_a_country_s_name_in_five_languages_is_no_doubt(world):
    names = ["Australia", "Australien", "Australie", "オーストラリア", "AU"]
    rows = "".join(f"{name},122.54,-28.86,{name}\n" for name in names)
    assert suspicions(world, read_upload(f"name,lon,lat,country\n{rows}".encode(), "in.csv").sites) == []


def test_a_point_at_sea_gets_from_a_batch_what_score_gives(world, own, tmp_path):
    (tmp_path / "in.csv").write_bytes(FILE)
    batch(tmp_path / "in.csv", tmp_path / "out.csv", world=world)
    batched = pd.read_csv(tmp_path / "out.csv").set_index("site_id")
    scored = score_table(own).set_index("site_id")
    columns = ["total", "total_low", "total_high", "coverage"]
    for site in ("mine", "sea"):
        assert batched.loc[site, columns].tolist() == pytest.approx(scored.loc[site, columns].tolist(), abs=1e-9)


def test_own_sites_get_a_score_whose_parts_readd(own):
    table = score_table(own)
    assert list(table["site_id"]) == ["mine", "sea"]
    parts = table[[column for column in table.columns if column.endswith("_contribution")]]
    assert parts.sum(axis=1).tolist() == pytest.approx(table["total"].tolist(), abs=1e-9)


def test_a_site_at_sea_without_a_host_mineral_is_not_judged_as_mud(world, own):
    unsaid = own_world(world, read_upload(FILE.replace(b"biogenic apatite", b""), "mine.csv").sites)
    told, untold = (assess(one, measure(one, ["sea"]))["sea"].values for one in (own, unsaid))  # noqa: PD011
    assert told["lift_readiness"][1] == pytest.approx(6 / 9, abs=1e-3)
    assert untold["lift_readiness"] == (0.0, None, 1.0)


def test_the_catalogue_stays_as_it_was(world, own):
    assert "gl-tanbreez" in world.sites.index
    assert "gl-tanbreez" not in own.sites.index


def test_many_own_sites_get_the_scores_that_sites_get_one_by_one(world):
    rows = "".join(f"n{i},N{i},{lon},{lat},REE,2\n" for i, (lon, lat) in enumerate(PLACES))
    sites = read_upload(FILE + rows.encode(), "mine.csv").sites
    slow, quick = score_table(own_world(world, sites)).set_index("site_id"), own_scores(world, sites)
    assert list(quick.index) == list(slow.index)
    for column in ("total", "total_low", "total_high", "coverage"):
        assert quick[column].tolist() == pytest.approx(slow[column].tolist(), abs=1e-9, nan_ok=True)
    assert quick["gates"].tolist() == slow["gates"].tolist()


def test_two_hundred_random_sites_on_land_and_at_sea_get_the_scores_each_gets_alone(world):
    draw = random.Random(7)
    rows = [f"r{i},R{i},{draw.uniform(-180, 180):.4f},{draw.uniform(-60, 84):.4f},REE,1\n" for i in range(200)]
    sites = read_upload((FILE.partition(b"\n")[0] + b"\n") + "".join(rows).encode(), "random.csv").sites
    together, quick = score_table(own_world(world, sites)).set_index("site_id"), own_scores(world, sites)
    at_sea = own_world(world, sites).sites["setting"] == "seabed"
    assert 40 < at_sea.sum() < 180
    columns = [name for name in together.columns if name in quick.columns and name not in ("missing", "unfc")]
    pd.testing.assert_frame_equal(
        quick.loc[at_sea, columns], together.loc[at_sea, columns], check_exact=True, check_dtype=False
    )
    numbers = [name for name in columns if name not in ("gates", "profile")]
    pd.testing.assert_frame_equal(
        quick[numbers].astype(float), together[numbers].astype(float), check_exact=False, rtol=0, atol=1e-9
    )
    assert quick[["gates", "profile"]].equals(together[["gates", "profile"]])
    for site_id in sites.index[:12]:
        alone = score_table(own_world(world, sites.loc[[site_id]])).set_index("site_id")
        pd.testing.assert_frame_equal(alone, together.loc[[site_id]], check_exact=True, check_dtype=False)


def test_a_country_is_not_called_by_an_outer_island_that_bears_its_code(world):
    sites = read_upload(b"name,lon,lat,country\nKalgoorlie,121.6,-30.7,Australia\n", "one.csv").sites
    assert own_world(world, sites).sites["country"].tolist() == ["Australia"]
    assert suspicions(world, sites) == []
