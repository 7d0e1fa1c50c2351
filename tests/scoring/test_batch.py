"""A batch of many points gives the same answers as one point at a time."""

import numpy as np
import pandas as pd
import pytest

from oreway.scoring.batch.batch import batch
from oreway.scoring.errors import ScoringError
from oreway.scoring.judge.assess import score_table
from oreway.scoring.measure.measure import nearest
from oreway.scoring.measure.targets import CLASSES
from oreway.scoring.world.world import with_sites
from tests.scoring.batch_points import as_sites, mini_points, run, written

pytestmark = pytest.mark.usefixtures("cache")
NUMBERS = {"km": "distance_km", "low_km": "low_km", "high_km": "high_km"}


@pytest.fixture(scope="module")
def tiny_batch(tiny, tmp_path_factory):
    points = mini_points(400)
    points["position_accuracy_km"] = np.linspace(0.5, 5, len(points)).round(3)
    _, table = run(points, tmp_path_factory.mktemp("tiny"), tiny)
    return points, table


def compared(row, found, class_):
    """Assert that a row of a batch and a row of `nearest` say the same; a tie may name either feature."""
    assert (row[f"{class_}_nil"] or "") == found["nil"]
    for short, whole in NUMBERS.items():
        np.testing.assert_allclose(row[f"{class_}_{short}"], found[whole], rtol=0, atol=1e-9, err_msg=class_)
    assert row[f"{class_}_id"] == found["feature_id"] or found["nil"] or class_ in {"road", "town"}


@pytest.mark.parametrize("class_", CLASSES)
def test_a_batch_says_what_nearest_says_of_each_point(tiny, tiny_batch, class_):
    points, table = tiny_batch
    for i in range(0, len(points), 8):
        lon, lat, accuracy = points.loc[i, ["lon", "lat", "position_accuracy_km"]].astype(float)
        found = nearest(tiny, lon, lat, position_accuracy_km=accuracy, classes=[class_]).iloc[0]
        compared(table.iloc[i], found, class_)


def test_a_batch_scores_as_score_table_does(tiny, tiny_batch):
    points, table = tiny_batch
    asked = points.iloc[::10].reset_index(drop=True)
    expected = score_table(with_sites(tiny, as_sites(tiny, asked)))
    got = table.iloc[::10].reset_index(drop=True)
    assert got["profile"].tolist() == expected["profile"].tolist()
    assert got["gates"].fillna("").tolist() == expected["gates"].tolist()
    numbers = [name for name in expected if name.startswith("total") or name.endswith(("_value", "_contribution"))]
    for name in [*numbers, "coverage"]:
        np.testing.assert_allclose(got[name], expected[name].astype(float), rtol=0, atol=1e-9, err_msg=name)


def test_contributions_re_add_to_the_total(tiny_batch):
    _, table = tiny_batch
    contributions = table[[name for name in table if name.endswith("_contribution")]]
    known = table["total"].notna()
    assert known.any()
    assert (contributions[known].sum(axis=1) - table.loc[known, "total"]).abs().max() < 1e-9
    assert contributions[~known].isna().all(axis=None)


def test_five_degrees_of_the_equator_are_556_597_km(tiny, tmp_path):
    _, table = run(pd.DataFrame({"lon": [5.0], "lat": [0.0]}), tmp_path, tiny)
    assert table["port_km"].iloc[0] == pytest.approx(5 * np.pi / 180 * 6378.137, abs=1e-5)
    assert table["port_id"].iloc[0] == "wpi-shallow"


def test_commodities_choose_the_refinery(tiny, tmp_path):
    points = pd.DataFrame({"lon": [5.0, 5.0, 5.0], "lat": [0.0] * 3, "commodity": ["Li", "REE", "unobtainium"]})
    _, table = run(points, tmp_path, tiny)
    assert table["refinery_id"].fillna("").tolist()[:2] == ["au-lithium", "au-separator"]


@pytest.mark.parametrize("seed", [1, 2])
def test_the_shipped_world_gives_the_same_answers(shipped, tmp_path, seed):
    random = np.random.default_rng(seed)
    lon = np.r_[random.uniform(-60, -20, 8), random.uniform(113, 154, 8), random.uniform(-180, 180, 8)].round(4)
    lat = np.r_[random.uniform(59, 83, 8), random.uniform(-39, -11, 8), random.uniform(-85, 85, 8)].round(4)
    _, table = run(pd.DataFrame({"lon": lon, "lat": lat}), tmp_path, shipped, accuracy_km=0.0)
    for i in range(len(lon)):
        for _, found in nearest(shipped, lon[i], lat[i]).iterrows():
            compared(table.iloc[i], found, found["class"])


def test_an_unknown_profile_is_refused(tiny, tmp_path):
    written(mini_points(3), tmp_path / "in.csv")
    with pytest.raises(ScoringError, match="profile"):
        batch(tmp_path / "in.csv", tmp_path / "out.csv", world=tiny, profile="moon")
