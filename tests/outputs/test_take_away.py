"""What people take away opens in the programs they have: globe viewers, QGIS, spreadsheets."""

import io
import json
import os
import subprocess
import xml.etree.ElementTree as ET
import zipfile
from pathlib import Path

import numpy as np
import pytest
import shapely
from PIL import Image

from oreway.layers.upload.upload import read_here
from oreway.outputs.files.export import export_frame, export_layer, provenance, to_bytes
from oreway.outputs.files.files import OutputError
from oreway.outputs.files.kml import MOST_MARKS
from oreway.scoring.world.world import open_world
from scripts.debian import install

ROOT = Path(__file__).parent.parent.parent
KML = "{http://www.opengis.net/kml/2.2}"
SYSTEM_PYTHON = "/usr/bin/python3"


@pytest.fixture(scope="module")
def world():
    return open_world()


@pytest.fixture(scope="module")
def zone(world):
    return export_frame(world, "minamitorishima", scores=True)


@pytest.mark.parametrize("ending", [".kml", ".kmz"])
def test_sites_come_back_from_a_globe_viewers_file(zone, ending):
    given, used = zone
    back = read_here(to_bytes(given, ending, provenance(used), "zone"), f"zone{ending}").sites
    assert list(back.index) == list(given.index)
    assert list(back["name"]) == list(given["name"])
    assert shapely.equals_exact(back.geometry.to_numpy(), given.geometry.to_numpy(), 1e-6, normalize=True).all()
    np.testing.assert_allclose(back["lon"], given["lon"], rtol=0, atol=1e-9)


def test_a_balloon_says_stage_score_and_source_and_runs_nothing(zone):
    frame, used = zone
    frame = frame.assign(name=["<script>alert(1)</script>", *frame["name"][1:]])
    root = ET.fromstring(to_bytes(frame, ".kml", provenance(used), "zone"))
    styles = {one.get("id") for one in root.iter(f"{KML}Style")}
    marks = list(root.iter(f"{KML}Placemark"))
    assert len(marks) == len(frame)
    assert {mark.findtext(f"{KML}styleUrl") for mark in marks} <= {f"#{one}" for one in styles}
    told = [mark.findtext(f"{KML}description") for mark in marks]
    assert "<script" not in told[0]
    scored = frame["total"].notna().to_numpy()
    assert scored.any()
    assert all(" / 100" in one for one, known in zip(told, scored, strict=True) if known)
    assert all("<a href=" in one for one in told)


def test_a_kmz_holds_every_sign_it_names(zone):
    frame, used = zone
    with zipfile.ZipFile(io.BytesIO(to_bytes(frame, ".kmz", provenance(used), "zone"))) as packed:
        text = packed.read("doc.kml").decode()
        named = set(packed.namelist()) - {"doc.kml"}
        assert named
        assert all(f"<href>{name}</href>" in text for name in named)
        assert all(Image.open(io.BytesIO(packed.read(name))).getbbox() for name in named)


def test_more_marks_than_a_viewer_draws_are_refused_with_the_cure(world):
    towns = world.infrastructure["towns"].head(MOST_MARKS + 1)
    with pytest.raises(OutputError, match=r"50,001 features; KML holds 50,000, export \.gpkg"):
        to_bytes(towns, ".kml", {}, "towns")


@pytest.mark.heavy
def test_qgis_opens_the_project_drawn_as_on_the_map(world, tmp_path):
    assert install("qgis", "python3-qgis")
    export_layer(world, "all", tmp_path / "all.qgz", scores=True)
    export_layer(world, "australia", tmp_path / "au.gpkg", scores=True)
    words = [tmp_path / "all.qgz", tmp_path / "au.gpkg", "australia", tmp_path / "seen.png"]
    seen = subprocess.run(
        [SYSTEM_PYTHON, ROOT / "scripts" / "qgis_look.py", *words], capture_output=True, check=True, timeout=120,
        env=os.environ | {"QT_QPA_PLATFORM": "offscreen"},
    )  # fmt: skip
    told = json.loads(seen.stdout)
    assert told["read"]
    assert told["alone"] == "RuleRenderer"
    assert sum(one["features"] for one in told["layers"].values()) == len(world.sites)
    assert all(one["valid"] and one["system"] == "EPSG:4326" for one in told["layers"].values())
    assert "resource counted" in told["layers"]["all (points)"]["rules"]
    assert len(np.unique(np.asarray(Image.open(tmp_path / "seen.png").convert("L")))) > 5
