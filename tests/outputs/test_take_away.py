"""What people take away opens in the programs they have: globe viewers, QGIS, spreadsheets."""

import csv
import io
import json
import os
import re
import subprocess
import xml.etree.ElementTree as ET
import zipfile
from pathlib import Path

import numpy as np
import pyproj
import pytest
import shapely
from PIL import Image

from oreway.layers.upload.upload import read_here
from oreway.outputs.files.export import export_frame, export_layer, project_with_package, provenance, to_bytes
from oreway.outputs.files.files import OutputError
from oreway.outputs.files.frames import site_frame
from oreway.outputs.files.kml import MOST_MARKS
from oreway.outputs.files.workbook import SCORES, SHEETS, workbook
from oreway.outputs.pictures.sites_chart import equal_earth, sites_png, sites_svg
from oreway.scoring.build.bill import bills
from oreway.scoring.judge.assess import score_table
from scripts.debian import install

ROOT = Path(__file__).parent.parent.parent
KML = "{http://www.opengis.net/kml/2.2}"
SYSTEM_PYTHON = "/usr/bin/python3"


@pytest.fixture(scope="module")
def world(shipped):
    return shipped


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


def test_the_page_s_qgis_file_holds_a_project_and_the_data_it_names(zone):
    frame, used = zone
    with zipfile.ZipFile(io.BytesIO(project_with_package(frame, provenance(used), "oreway-sites"))) as packed:
        assert packed.namelist() == ["oreway-sites.qgz", "oreway-sites.gpkg"]
        with zipfile.ZipFile(io.BytesIO(packed.read("oreway-sites.qgz"))) as inner:
            told = b"".join(inner.read(name) for name in inner.namelist() if name.endswith(".qgs")).decode()
        back = read_here(packed.read("oreway-sites.gpkg"), "sites.gpkg").sites
    assert "oreway-sites.gpkg|layername=oreway-sites" in told
    assert list(back.index) == list(frame.index)


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


BOOK_SITES = ["gl-tanbreez", "au-nolans", "jp-minamitorishima"]


def sheet_file(sheet):
    return f"xl/worksheets/sheet{SHEETS.index(sheet) + 1}.xml"


def changed(book, sheet, cell, value):
    """Return the parts of a workbook with one number changed and every computed value forgotten."""
    with zipfile.ZipFile(io.BytesIO(book)) as packed:
        parts = {name: packed.read(name) for name in packed.namelist()}
    text = parts[sheet_file(sheet)].decode()
    text, count = re.subn(rf'(<c r="{cell}"[^>]*><v>)[^<]*', rf"\g<1>{value}", text)
    assert count == 1
    parts[sheet_file(sheet)] = text.encode()
    return {
        name: re.sub(rb"</f><v>[^<]*</v>", b"</f>", part) if name.startswith("xl/worksheets/") else part
        for name, part in parts.items()
    }


def recomputed(parts, sheet, folder):
    """Return the rows of a sheet as LibreOffice works them out."""
    with zipfile.ZipFile(folder / "book.xlsx", "w") as packed:
        for name, part in parts.items():
            packed.writestr(name, part)
    form = f"csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false,false,false,false,{SHEETS.index(sheet) + 1}"
    home = f"-env:UserInstallation=file://{folder}/profile"
    command = ["soffice", home, "--headless", "--convert-to", form, "--outdir", folder, folder / "book.xlsx"]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    return list(csv.DictReader(io.StringIO((folder / f"book-{sheet}.csv").read_text(encoding="utf-8"))))


@pytest.mark.heavy
def test_libreoffice_recomputes_scores_and_bills_after_a_change(world, tmp_path):
    assert install("libreoffice-calc")
    book = workbook(world, BOOK_SITES)
    weights = dict(world.methods.profile_weights("greenland")) | {next(iter(world.criteria)): 0.75}
    rows = recomputed(changed(book, "weights", "B2", 0.75), SCORES, tmp_path)
    own = score_table(world, weights=weights, site_ids=BOOK_SITES[:1])
    usual = score_table(world, site_ids=BOOK_SITES[1:])
    for row, table in ((rows[0], own.iloc[0]), (rows[1], usual.iloc[0]), (rows[2], usual.iloc[1])):
        assert row["site_id"] == table["site_id"]
        for name in (
            "total",
            "total_low",
            "total_high",
            "coverage",
            *(f"{key}_contribution" for key in world.criteria),
        ):
            given = float(row[name]) if row[name] else np.nan
            assert given == pytest.approx(table[name], abs=0.01, nan_ok=True), name
    found = bills(world, BOOK_SITES)
    sums = recomputed(changed(book, "weights", "B2", 0.75), "bill", tmp_path)
    told = {row["bill_usd_m"] for row in sums if row.get("bill_usd_m")}
    assert sorted(map(float, told)) == pytest.approx(sorted(one.base for one in found.values()), abs=0.01)


def test_a_workbook_keeps_text_as_text_and_sums_as_formulas(world):
    with zipfile.ZipFile(io.BytesIO(workbook(world, ["au-nolans"]))) as packed:
        scores, bill = (packed.read(sheet_file(name)).decode() for name in (SCORES, "bill"))
        price = packed.read(sheet_file("price")).decode()
    total = re.search(r'<c r="E2"[^>]*><f>IF\(H2&gt;=weights![^<]*</f><v>([^<]*)</v>', scores)
    table = score_table(world, site_ids=["au-nolans"])
    assert float(total.group(1)) == pytest.approx(table["total"][0], abs=1e-9)
    assert "<f>F2*J2</f>" in bill
    assert "<f>E2-G2</f>" in price


def test_a_workbook_of_what_is_no_site_is_refused(world, tmp_path):
    with pytest.raises(OutputError, match=r"a workbook holds sites; export ports as \.csv"):
        export_layer(world, "ports", tmp_path / "p.xlsx")


@pytest.fixture(scope="module")
def two(world):
    return site_frame(world, ["au-nolans", "gl-tanbreez"])


def test_a_picture_of_sites_has_names_scale_legend_and_credits_and_is_drawn_as_png(world, two):
    svg = sites_svg(world, two)
    assert two["name"].map(lambda name: f">{name}</text>" in svg).all()
    for told in ("along the equator", "2,000 km", "Colour = access score", "GSHHG", "Natural Earth"):
        assert told in svg
    picture = Image.open(io.BytesIO(sites_png(svg)))
    assert picture.width > 2000
    assert len(np.unique(np.asarray(picture.convert("L")))) > 5


def test_equal_earth_is_that_of_proj():
    lon, lat = np.array([180.0, 0.0, -46.0, 130.0]), np.array([0.0, 90.0, 61.0, -25.0])
    expected = pyproj.Proj("+proj=eqearth +R=1")(lon, lat)
    np.testing.assert_allclose(equal_earth(lon, lat), expected, atol=1e-9)


def test_a_region_is_drawn_round_its_middle(world):
    svg = sites_svg(world, site_frame(world, ["au-nolans", "au-mt-weld"]))
    assert "along the equator" not in svg
    assert " km</text>" in svg
