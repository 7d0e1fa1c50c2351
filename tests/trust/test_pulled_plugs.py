"""Killed, starved or raced: an output is the old file or the new one, whole, and the next run mends the rest."""

import contextlib
import hashlib
import os
import shutil
import signal
import subprocess
import sys
import threading
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from oreway.outputs.files.files import OutputError, write_whole

ROOT = Path(__file__).parent.parent.parent
NOBODY = 65534
OLD, NEW = b"old " * 50_000, b"new " * 80_000
WRITE = """
import sys
from pathlib import Path
from oreway.outputs.files.files import write_whole
write_whole(Path(sys.argv[1]), b"new " * 80_000)
"""
DIE = "import os, signal\ndie = lambda *a, **k: os.kill(os.getpid(), signal.SIGKILL)\n"
AT_MOMENTS = {
    "before a byte is written": DIE + "import tempfile\ntempfile.mkstemp = die\n",
    "with the file open": DIE + "os.fdopen = die\n",
    "with all bytes written": DIE + "os.fsync = die\n",
    "before it is moved": DIE + "from pathlib import Path\nPath.replace = die\n",
    "just after it is moved": DIE + "from pathlib import Path\nmove = Path.replace\n"
    "Path.replace = lambda *a: (move(*a), die())\n",
}
LIMITED = "import resource\nresource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))\n"


def python(program: str, *words: str | Path, **options: object) -> "subprocess.CompletedProcess[str]":
    """Run a program against this tree."""
    return subprocess.run(
        [sys.executable, "-c", program, *map(str, words)], cwd=ROOT, capture_output=True, text=True, check=False,
        timeout=300, **options,
    )  # fmt: skip


def left_over(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.name.startswith("."))


@pytest.mark.parametrize("moment", AT_MOMENTS)
def test_a_write_that_is_killed_leaves_the_old_file_or_the_new_one(tmp_path: Path, moment: str) -> None:
    target = tmp_path / "out.bin"
    target.write_bytes(OLD)
    assert python(AT_MOMENTS[moment] + WRITE, target).returncode == -signal.SIGKILL
    assert target.read_bytes() == (NEW if moment.startswith("just after") else OLD)
    write_whole(target, b"next")
    assert target.read_bytes() == b"next"
    assert left_over(tmp_path) == []


def test_a_temporary_file_still_being_written_is_left_alone(tmp_path: Path) -> None:
    fcntl = pytest.importorskip("fcntl", reason="no file locks on Windows")
    busy = tmp_path / ".out.bin.abc.part"
    with busy.open("wb") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        write_whole(tmp_path / "out.bin", NEW)
        assert busy.exists()
    write_whole(tmp_path / "out.bin", NEW)
    assert not busy.exists()


def test_a_disk_that_fills_up_leaves_the_old_file(tmp_path: Path) -> None:
    target = tmp_path / "out.bin"
    target.write_bytes(OLD)
    done = python(LIMITED + WRITE, target)
    assert done.returncode == 1
    assert "OutputError" in done.stderr
    assert "cannot be written" in done.stderr
    assert target.read_bytes() == OLD
    assert left_over(tmp_path) == []


@contextlib.contextmanager
def small_disk(folder: Path, options: str) -> Iterator[Path]:
    """Mount a small file system in memory, for root on Linux; skip the test elsewhere."""
    if sys.platform != "linux" or os.geteuid() != 0:
        pytest.skip("mounting a small disk needs root on Linux")
    folder.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", options, "none", str(folder)], check=False).returncode:
        pytest.skip("this container may not mount a small disk")
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def test_a_full_disk_is_refused_and_leaves_the_old_file(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", "size=400k") as disk:
        target = disk / "out.bin"
        target.write_bytes(OLD)
        with pytest.raises(OutputError, match="No space left"):
            write_whole(target, NEW)
        assert target.read_bytes() == OLD
        assert left_over(disk) == []


def test_a_read_only_disk_is_refused_and_leaves_the_old_file(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", "size=4m") as disk:
        (disk / "out.bin").write_bytes(OLD)
        subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
        with pytest.raises(OutputError, match="Read-only file system"):
            write_whole(disk / "out.bin", NEW)
        assert (disk / "out.bin").read_bytes() == OLD


def test_a_folder_without_the_right_to_write_is_refused(tmp_path: Path) -> None:
    locked = tmp_path / "locked"
    locked.mkdir()
    (locked / "out.bin").write_bytes(OLD)
    locked.chmod(0o555)
    if os.geteuid() != 0:
        with pytest.raises(OutputError, match="Permission denied"):
            write_whole(locked / "out.bin", NEW)
    else:  # root may write anywhere: ask for nobody, who first loads the code as root
        lower = WRITE.replace("write_whole(P", f"import os\nos.setgid({NOBODY}); os.setuid({NOBODY})\nwrite_whole(P")
        for folder in (tmp_path, *tmp_path.parents[:2]):
            folder.chmod(0o755)
        assert "Permission denied" in python(lower, locked / "out.bin").stderr
    assert (locked / "out.bin").read_bytes() == OLD


def test_a_pipe_or_device_is_never_replaced_by_a_file(tmp_path: Path) -> None:
    if not hasattr(os, "mkfifo"):
        pytest.skip("no named pipes on Windows")
    pipe = tmp_path / "out.csv"
    os.mkfifo(pipe)
    with pytest.raises(OutputError, match="device or pipe"):
        write_whole(pipe, NEW)
    assert pipe.is_fifo()


def test_two_processes_writing_the_same_file_leave_one_whole_file(tmp_path: Path) -> None:
    target = tmp_path / "out.bin"
    forty = "for n in range(40): write_whole(Path(sys.argv[1]), sys.argv[2].encode() * 80_000)"
    program = WRITE.replace('write_whole(Path(sys.argv[1]), b"new " * 80_000)', forty)
    running = [
        subprocess.Popen([sys.executable, "-c", program, str(target), word], cwd=ROOT) for word in ("aaaa", "bbbb")
    ]
    assert [process.wait(timeout=120) for process in running] == [0, 0]
    assert target.read_bytes() in {b"aaaa" * 80_000, b"bbbb" * 80_000}
    assert left_over(tmp_path) == []


def test_threads_writing_the_same_file_leave_one_whole_file(tmp_path: Path) -> None:
    target = tmp_path / "out.bin"
    threads = [threading.Thread(target=write_whole, args=(target, bytes([65 + n]) * 300_000)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(target.read_bytes())) == 1
    assert len(target.read_bytes()) == 300_000
    assert left_over(tmp_path) == []


CACHE = """
import geopandas as gpd, shapely
from pathlib import Path
from oreway.layers.online.cache import Refreshed, write_layer
import sys
shapes = [shapely.Point(float(sys.argv[2]), 2)]
frame = gpd.GeoDataFrame({"name": ["x"]}, geometry=shapes, crs="EPSG:4326", index=["a"]).rename_axis("feature_id")
about = Refreshed(layer_id="places", file="", sha256="", retrieved="2026-11-23", services=("s",), urls=("u",),
    licence="l", attribution="a", rows=1, left_out=0, scope="whole")
"""
STORE = "write_layer(frame, about, Path(sys.argv[1]))\n"
AFTER_MOVES = DIE + "move, moves = Path.replace, []\n" + (
    "def step(*a):\n    moves.append(move(*a))\n    if len(moves) == {}: die()\nPath.replace = step\n"
)  # fmt: skip


def cached_longitude(folder: Path) -> tuple[str, float]:
    """Return what the side file says counts, its file checked by its checksum."""
    side = (folder / "places.json").read_text(encoding="utf-8")
    program = (
        "import json, sys, hashlib, geopandas as gpd; from pathlib import Path\n"
        "told = json.loads(sys.argv[2]); path = Path(sys.argv[1]) / told['file']\n"
        "assert hashlib.sha256(path.read_bytes()).hexdigest() == told['sha256']\n"
        "print(gpd.read_parquet(path).geometry.x.iloc[0])\n"
    )
    done = python(program, folder, side)
    assert done.returncode == 0, done.stderr
    return side, float(done.stdout)


@pytest.mark.heavy
@pytest.mark.parametrize(("moves", "counts"), [(1, 10.0), (2, 20.0)])
def test_a_refresh_that_is_killed_keeps_a_whole_layer(tmp_path: Path, moves: int, counts: float) -> None:
    assert python(CACHE + STORE, tmp_path, "10").returncode == 0
    assert python(CACHE + AFTER_MOVES.format(moves) + STORE, tmp_path, "20").returncode == -signal.SIGKILL
    assert cached_longitude(tmp_path)[1] == counts
    assert python(CACHE + STORE, tmp_path, "30").returncode == 0
    assert cached_longitude(tmp_path)[1] == 30.0
    assert left_over(tmp_path) == [".places.lock"]


CLI = "import sys, cli\nsys.argv = ['oreway', *sys.argv[1:]]\ncli.main()\n"


@pytest.mark.heavy
@pytest.mark.parametrize("ending", ["geojson", "gpkg", "parquet", "csv"])
def test_an_export_that_is_killed_leaves_the_old_file_and_the_next_one_mends_it(tmp_path: Path, ending: str) -> None:
    target = tmp_path / f"sites.{ending}"
    target.write_bytes(OLD)
    done = python(AT_MOMENTS["before it is moved"] + CLI, "export", "greenland", "-o", target)
    assert done.returncode == -signal.SIGKILL, done.stderr
    assert target.read_bytes() == OLD
    assert python(CLI, "export", "greenland", "-o", target).returncode == 0
    assert target.read_bytes() != OLD
    assert left_over(tmp_path) == []


@pytest.mark.heavy
def test_reports_that_are_killed_half_way_are_whole_as_far_as_they_got(tmp_path: Path) -> None:
    third = "from pathlib import Path\n" + AFTER_MOVES.format(3)
    third = third.replace("def step(*a):\n", "def step(*a):\n    if a[1].suffix != '.pdf': return move(*a)\n")
    done = python(third + CLI, "report", "all", "-o", tmp_path)
    assert done.returncode == -signal.SIGKILL, done.stderr
    reports = sorted(tmp_path.glob("*.pdf"))
    assert len(reports) == 3
    assert all(path.read_bytes().rstrip().endswith(b"%%EOF") for path in reports)
    again = python(CLI, "report", *[path.stem for path in reports], "-o", tmp_path)
    assert again.returncode == 0, again.stderr
    assert left_over(tmp_path) == []


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """Copy what a data build needs into a tree of its own."""
    for room in ("scripts", "layers", "geo", "outputs", "data/sites", "data/methods"):
        shutil.copytree(ROOT / room, tmp_path / room, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "data" / "catalog.toml", tmp_path / "data")
    return tmp_path


def wrong_checksums(tree: Path) -> list[str]:
    tables = tomllib.loads((tree / "data" / "catalog.toml").read_text(encoding="utf-8"))["datasets"]
    files = [(table["file"], table["sha256"]) for table in tables.values() if table["file"].startswith("sites/")]
    return [name for name, told in files if hashlib.sha256((tree / "data" / name).read_bytes()).hexdigest() != told]


def build(tree: Path, before: str = "") -> "subprocess.CompletedProcess[str]":
    program = f"import sys\nsys.path.insert(0, {str(tree)!r})\nfrom pathlib import Path\n{before}"
    return subprocess.run(
        [sys.executable, "-P", "-c", program + "from scripts.sites import main\nmain()\n"], cwd=tree, check=False,
        capture_output=True, text=True, timeout=300,
    )  # fmt: skip


@pytest.mark.heavy
@pytest.mark.parametrize("moves", [1, 3, 5])
def test_a_data_build_that_is_killed_is_noticed_or_whole_and_mended_by_the_next(tree: Path, moves: int) -> None:
    table = tree / "data" / "sites" / "greenland.csv"
    table.write_text(table.read_text(encoding="utf-8").replace("Kvanefjeld", "Kvanefield"), encoding="utf-8")
    assert build(tree, AFTER_MOVES.format(moves)).returncode == -signal.SIGKILL
    tomllib.loads((tree / "data" / "catalog.toml").read_text(encoding="utf-8"))
    done = build(tree)
    assert done.returncode == 0, done.stderr
    assert wrong_checksums(tree) == []
    assert left_over(tree / "data" / "sites") == []


@pytest.mark.heavy
def test_a_data_build_killed_between_table_and_catalogue_is_noticed_by_its_checksum(tree: Path) -> None:
    table = tree / "data" / "sites" / "greenland.csv"
    table.write_text(table.read_text(encoding="utf-8").replace("Kvanefjeld", "Kvanefield"), encoding="utf-8")
    patch = DIE + "import scripts.catalogue\nscripts.catalogue.record = die\n"
    assert build(tree, patch).returncode == -signal.SIGKILL
    assert wrong_checksums(tree) == ["sites/greenland.parquet"]
    assert build(tree).returncode == 0
    assert wrong_checksums(tree) == []


def read_only(tmp_path: Path, program: str) -> "subprocess.CompletedProcess[str]":
    """Run a shell program where tree and home cannot be written, only the folders `cache` and `out`."""
    if sys.platform != "linux" or os.geteuid() != 0:
        pytest.skip("mounting the tree read-only needs root on Linux")
    home, cache, out = tmp_path / "home", tmp_path / "cache", tmp_path / "out"
    for folder in (home, cache, out):
        folder.mkdir()
    script = (
        f"mount --bind {ROOT} {ROOT} && mount -o remount,bind,ro {ROOT} && "
        f"mount --bind {home} {home} && mount -o remount,bind,ro {home} && ! touch {ROOT}/x {home}/x 2>/dev/null && "
        f"cd {ROOT} && {program}"
    )
    environment = {"PATH": os.environ["PATH"], "HOME": str(home), "NUMBA_CACHE_DIR": str(cache), "TMPDIR": str(out),
                   "OREWAY_CACHE": str(cache), "PYTHONDONTWRITEBYTECODE": "1"}  # fmt: skip
    done = subprocess.run(
        ["unshare", "--mount", "sh", "-c", script], env=environment, capture_output=True, text=True, check=False,
        timeout=600,
    )  # fmt: skip
    if "unshare" in done.stderr:
        pytest.skip("this container may not make a mount namespace")
    return done


@pytest.mark.heavy
def test_the_command_runs_from_a_read_only_tree_and_home(tmp_path: Path) -> None:
    out = tmp_path / "out"
    done = read_only(
        tmp_path,
        f"{sys.executable} cli.py nearest --lon -46 --lat 61 --json && "
        f"{sys.executable} cli.py report gl-tanbreez -o {out} && {sys.executable} cli.py doctor",
    )
    assert done.returncode == 0, done.stderr
    assert (out / "gl-tanbreez.pdf").read_bytes().startswith(b"%PDF-")


@pytest.mark.heavy
@pytest.mark.parametrize("ending", ["nbi", "nbc", "code"])
def test_damaged_compiled_code_is_compiled_anew(tmp_path: Path, ending: str) -> None:
    program = "import os, sys\nos.environ['NUMBA_CACHE_DIR'] = sys.argv.pop(1)\n" + CLI
    words = (tmp_path, "nearest", "--lon", "-46", "--lat", "61", "--json")
    assert python(CLI, *words[1:]).returncode == 0  # the indexes stand: only what answers is compiled below
    first = python(program, *words)
    assert first.returncode == 0, first.stderr
    kept = {path: path.read_bytes() for path in tmp_path.rglob(f"*.{ending}")}
    assert len(kept) > 3
    for number, (path, content) in enumerate(kept.items()):
        path.write_bytes(content[: len(content) // 2] if number % 2 else os.urandom(len(content)))
    damaged = {path: path.read_bytes() for path in kept}
    if ending != "code":  # one point is answered by what is kept ahead; without it the compiler's own cache is read
        for path in tmp_path.rglob("*.code"):
            path.unlink()
    assert python(program, *words).stdout == first.stdout
    assert python(program, *words).stdout == first.stdout
    if ending == "code":  # names within it differ from one making to the next
        assert all(path.read_bytes() != content for path, content in damaged.items())
    else:
        assert all(path.read_bytes()[:60] == content[:60] for path, content in kept.items() if path.exists())


PAGE = """
import asyncio
from benchmarks.visitors import warm_up
from oreway.layers.read import read_sites
from scripts.live import serving
with serving() as address:
    told = asyncio.run(warm_up(address, [str(key) for key in read_sites().index]))
print(len(told.clicks), told.errors)
"""


@pytest.mark.heavy
def test_the_page_runs_from_a_read_only_tree_and_home(tmp_path: Path) -> None:
    done = read_only(tmp_path, f"PYTHONPATH=. {sys.executable} -c '{PAGE}'")
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "20 []"
