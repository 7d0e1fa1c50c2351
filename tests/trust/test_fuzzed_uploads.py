"""Random and mutated files: hypothesis in every run, coverage-guided atheris in the long one."""

import csv
import importlib.util
import io
import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from oreway.layers.errors import UploadError
from oreway.layers.upload.upload import Limits, read_here
from tests.trust import corpus
from tests.trust.lawful import check_lawful

ROOT = Path(__file__).parent.parent.parent
LIMITS = Limits(size_mb=1, unpacked_mb=5, features=500, vertices=2_000, cells=50_000)
FUZZ_INPUTS = 50_000
FEW = settings(max_examples=80, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
SEEDS = [
    corpus.shapefile(), corpus.geopackage(), corpus.parquet(), corpus.collection(corpus.point(1, 2), None),
    corpus.kml(corpus.placemark("<Point><coordinates>1,2,3</coordinates></Point>")),
    b"name;lon;lat\nA;1,5;2,5\nB;;\n", "name,lon,lat\nGrønnedal,-48.1,61.2\n".encode("utf-16"),
]  # fmt: skip
STARTS = [b"PAR1", b"SQLite format 3\x00", b"PK\x03\x04", b"{", b"<", b"\xff\xfe", b"\xef\xbb\xbf", b"lon,lat\n"]
NUMBERS = st.one_of(
    st.floats(allow_nan=True).map(repr), st.integers(-400, 400).map(str), st.text(max_size=12),
    st.sampled_from(["1,5", "60.8 N", "45° W", "１２", "1e999", "−5", "1_0", "", " 7 ", "+-1"]),
)  # fmt: skip
HEADS = st.sampled_from(["lon", "lat", "Longitude (deg)", "Y", "name", "id", "site_id", "geometry", "accuracy_km", ""])


def read(content: bytes) -> None:
    """Read content; anything but a lawful answer or a refusal fails the test."""
    if not content.strip():
        return
    try:
        found = read_here(content, "fuzz.dat", LIMITS)
    except UploadError as refusal:
        if not str(refusal).startswith("fuzz.dat"):
            raise
        return
    check_lawful(found)


@FEW
@given(st.builds(bytes.__add__, st.sampled_from([b"", *STARTS]), st.binary(max_size=600)))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    read(content)


@FEW
@given(st.sampled_from(SEEDS), st.lists(st.tuples(st.floats(0, 1), st.binary(max_size=8)), min_size=1, max_size=6),
       st.floats(0.2, 1))  # fmt: skip
def test_any_mutation_of_a_lawful_file_is_read_or_refused(
    seed: bytes, changes: list[tuple[float, bytes]], kept: float
) -> None:
    content = bytearray(seed)
    for where, new in changes:
        place = int(where * len(content))
        content[place : place + len(new)] = new
    read(bytes(content[: int(kept * len(content)) + 1] if kept < 0.9 else content))


@FEW
@given(
    st.lists(st.one_of(HEADS, st.text(max_size=8)), min_size=1, max_size=8),
    st.lists(st.lists(st.one_of(NUMBERS, st.text(max_size=20)), max_size=9), max_size=8),
    st.sampled_from(",;\t|"), st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"]),
    st.sampled_from(["\n", "\r\n", "\r"]),
)  # fmt: skip
def test_any_table_is_read_or_refused(
    head: list[str], rows: list[list[str]], delimiter: str, encoding: str, ending: str
) -> None:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter, lineterminator=ending)
    writer.writerow(head)
    writer.writerows(rows)
    read(text.getvalue().encode(encoding, "replace"))


@FEW
@given(
    st.lists(
        st.recursive(
            st.one_of(st.none(), st.booleans(), st.floats(), st.integers(), st.text(max_size=8)),
            lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(
                st.sampled_from(["type", "coordinates", "geometries", "id", "name"]), inner, max_size=4)),
            max_leaves=12,
        ),
        max_size=4,
    ),
    st.sampled_from(["Point", "LineString", "Polygon", "MultiPolygon", "GeometryCollection"]),
    st.dictionaries(st.text(max_size=8), st.one_of(st.none(), st.floats(), st.text(max_size=20)), max_size=5),
)  # fmt: skip
def test_any_geojson_is_read_or_refused(inside: list[object], kind: str, properties: dict[str, object]) -> None:
    shape = {"type": kind, "coordinates": inside, "geometries": inside}
    read(corpus.collection(shape, corpus.point(1, 2), properties=properties))


@FEW
@given(st.lists(st.tuples(st.floats(-180, 180), st.floats(-90, 90)), min_size=1, max_size=9), st.booleans())
def test_any_lawful_position_comes_back_as_it_was(positions: list[tuple[float, float]], semicolons: bool) -> None:
    rows = "".join(f"s{n},{lon!r},{lat!r}\n" for n, (lon, lat) in enumerate(positions))
    text = "name,lon,lat\n" + rows
    sites = read_here((text.replace(",", ";") if semicolons else text).encode(), "a.csv").sites
    assert list(zip(sites["lon"], sites["lat"], strict=True)) == positions


@pytest.mark.heavy
def test_fifty_thousand_guided_inputs_find_nothing(tmp_path: Path) -> None:
    if importlib.util.find_spec("atheris") is None:
        pytest.skip("atheris is not installed; it exists for Python 3.11 to 3.13: pip install atheris")
    command = [sys.executable, "-m", "tests.trust.fuzz_upload", f"-runs={FUZZ_INPUTS}", f"-artifact_prefix={tmp_path}/"]
    # a shell between: the kernel counts the peak of a process that starts another as the peak of the one it becomes
    apart = ["/bin/sh", "-c", '"$@"; exit $?', "sh", *command]
    done = subprocess.run(apart, cwd=ROOT, capture_output=True, text=True, check=False, timeout=3600)
    assert done.returncode == 0, done.stderr[-3000:]
    counts = re.findall(r"#(\d+)\s+DONE", done.stderr)
    assert counts, done.stderr[-1000:]
    assert int(counts[-1]) >= FUZZ_INPUTS
