"""The catalogue says whose each file is and notices when one is not whole."""

import shutil

import pytest

from oreway.layers.catalog import complaints, data_version, read_catalog, verified_path
from oreway.layers.errors import CatalogError

ENTRY = """
[datasets.ports]
title = "Ports"
file = "ports.txt"
sha256 = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
geometry_type = "Point"
licence = "public domain"
attribution = "somebody"
source_url = "https://example.org"
retrieved = "2026-01-01"
changes = "none"
"""


@pytest.fixture
def small(tmp_path):
    (tmp_path / "catalog.toml").write_text(ENTRY)
    (tmp_path / "ports.txt").write_bytes(b"abc")  # FIPS 180-2 gives this digest for "abc"
    return tmp_path


def test_a_file_with_the_published_digest_is_handed_out(small):
    assert verified_path("ports", small).read_bytes() == b"abc"


def test_a_changed_byte_is_refused_by_the_name_of_its_file(small):
    (small / "ports.txt").write_bytes(b"abd")
    with pytest.raises(CatalogError, match=r"data/ports\.txt: checksum differs"):
        verified_path("ports", small)


def test_a_missing_file_is_refused_by_its_name(small):
    (small / "ports.txt").unlink()
    with pytest.raises(CatalogError, match=r"data/ports\.txt: cannot be read"):
        verified_path("ports", small)


def test_an_unknown_data_set_is_refused_with_the_cure(small):
    with pytest.raises(CatalogError, match="'roads'; run `make data`"):
        verified_path("roads", small)


def test_a_table_without_licence_is_refused_and_says_so(small):
    (small / "catalog.toml").write_text(ENTRY.replace('licence = "public domain"\n', ""))
    with pytest.raises(CatalogError, match="table ports: no licence"):
        read_catalog(small)


def test_a_broken_catalogue_is_one_message(small):
    (small / "catalog.toml").write_text("[datasets.ports\n")
    with pytest.raises(CatalogError, match="not readable as TOML"):
        read_catalog(small)


def test_no_reader_of_a_table_takes_the_data_version_for_a_number(tmp_path):
    """Twelve digits, or digits round an e, would lose their zeros or become 2.5e12 in a spreadsheet."""
    for number in range(300):
        (tmp_path / "catalog.toml").write_text(ENTRY.replace("ba78", f"{number:04}"))
        version = data_version(tmp_path)
        assert len(version) == 12
        with pytest.raises(ValueError, match="could not convert"):
            float(version)


def test_the_data_version_changes_with_any_checksum(small):
    before = data_version(small)
    (small / "catalog.toml").write_text(ENTRY.replace("ba7816bf", "ba7816c0"))
    assert data_version(small) != before


def test_a_file_nobody_listed_is_a_complaint(small):
    (small / "stray.tif").write_bytes(b"")
    assert complaints(small) == ["data/stray.tif: not in catalog.toml; add it or remove the file"]


def test_the_shipped_data_are_whole_and_listed():
    assert complaints() == []


@pytest.mark.parametrize("dataset", read_catalog().values(), ids=lambda dataset: dataset.id)
def test_every_shipped_data_set_names_licence_attribution_and_source(dataset):
    assert dataset.licence not in {"NA", "unknown", ""}
    assert dataset.attribution
    assert dataset.source_url.startswith("https://")
    assert len(dataset.sha256) == 64


def test_open_database_data_stay_in_their_own_files():
    shared = [d for d in read_catalog().values() if "ODbL" in d.licence]
    assert {d.id for d in shared} == {"rail_network", "rail_nodes", "road_network", "road_nodes"}
    assert all("OpenStreetMap" in d.attribution for d in shared)


def test_a_copy_of_the_data_reads_the_same(tmp_path):
    from oreway.layers.catalog import DATA

    shutil.copytree(DATA, tmp_path / "data")
    assert data_version(tmp_path / "data") == data_version()
