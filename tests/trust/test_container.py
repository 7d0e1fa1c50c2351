"""The container is built by deploy/Dockerfile and run with the flags of its head: it works, and nothing is writable.

OREWAY_ENGINE names the engine (`podman --runtime runc`), OREWAY_BASE another base image, OREWAY_BUILD and OREWAY_RUN
more flags where a machine needs them; docs/deploy.md has an example.
"""

import ast
import dataclasses
import fnmatch
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import geopandas as gpd
import pytest
from playwright.sync_api import Playwright

from scripts.browser import find_browser
from scripts.live import Visit, free_port, launch

ROOT = Path(__file__).parent.parent.parent
FILE = (ROOT / "deploy" / "Dockerfile").read_text(encoding="utf-8")
IGNORED = (ROOT / "deploy" / "Dockerfile.dockerignore").read_text(encoding="utf-8").splitlines()
ROOMS = ("commands", "data", "geo", "layers", "oreway", "outputs", "scoring", "views")
SINGLE = ("app.py", "cli.py", "serve.py", "pyproject.toml", "requirements.lock", "README.md", "LICENSE")
LARGEST_GB = 1.7
START_S = 90.0


def goes_in(path: str) -> bool:
    """Tell whether a file of the repository gets into the build: the last pattern that fits it decides."""
    kept = True
    for line in IGNORED:
        pattern = line.removeprefix("!")
        if line.startswith("#") or not pattern:
            continue
        if pattern == path or path.startswith(f"{pattern}/") or fnmatch.fnmatch(path, pattern):
            kept = line.startswith("!")
    return kept


def files(*folders: str) -> list[str]:
    found = [path for folder in folders for path in (ROOT / folder).rglob("*") if path.is_file()]
    return [str(path.relative_to(ROOT)) for path in found if "__pycache__" not in path.parts]


def test_everything_the_page_and_the_commands_need_gets_into_the_build() -> None:
    wanted = [*files(*ROOMS), *SINGLE, ".streamlit/config.toml"]
    linked = [path.resolve().relative_to(ROOT).as_posix() for path in (ROOT / "oreway").iterdir() if path.is_symlink()]
    assert len(wanted) > 150
    assert [path for path in wanted if not goes_in(path)] == []
    assert {path for path in linked if not goes_in(path)} <= {".streamlit"}  # of it the one file above


def test_no_secret_test_or_history_gets_into_the_build() -> None:
    kept_out = [*files("tests", "docs", "benchmarks", "deploy"), ".git/config", ".streamlit/secrets.toml", ".env"]
    assert len(kept_out) > 60
    assert [path for path in kept_out if goes_in(path)] == []


@dataclasses.dataclass(frozen=True, kw_only=True)
class Running:
    """A container that runs: the engine's words, its name and the page's address."""

    engine: list[str]
    name: str
    address: str
    seconds: float

    def run(self, *words: str, given: bytes | None = None) -> "subprocess.CompletedProcess[bytes]":
        """Run a program inside."""
        more = ["-i"] if given is not None else []
        command = [*self.engine, "exec", *more, self.name, *words]
        return subprocess.run(command, input=given, capture_output=True, timeout=300, check=False)

    def oreway(self, *words: str) -> bytes:
        """Run a command of the product inside and return what it prints."""
        done = self.run(".venv/bin/oreway", *words)
        assert done.returncode == 0, done.stderr.decode()
        return done.stdout


def ask(engine: list[str], *words: str) -> str:
    done = subprocess.run([*engine, *words], capture_output=True, text=True, check=True, timeout=60)
    return done.stdout.strip()


@pytest.fixture(scope="module")
def engine() -> list[str]:
    named = shlex.split(os.environ.get("OREWAY_ENGINE", ""))
    for words in [named] if named else [["docker"], ["podman"]]:
        if (
            shutil.which(words[0])
            and subprocess.run([*words, "info"], capture_output=True, check=False).returncode == 0
        ):
            return words
    pytest.skip("no container engine that runs (docker or podman, or the one OREWAY_ENGINE names)")


@pytest.fixture(scope="module")
def image(engine: list[str]) -> str:
    found = re.search(r"^ARG BASE=(\S+)$", FILE, re.MULTILINE)
    assert found is not None
    base = os.environ.get("OREWAY_BASE", found[1])
    here = [*engine, "image", "inspect", base]
    if subprocess.run(here, capture_output=True, check=False).returncode:
        pulled = subprocess.run([*engine, "pull", base], capture_output=True, check=False)
        if pulled.returncode:
            pytest.skip(f"no base image {base} here, and no registry that has it")
    more = shlex.split(os.environ.get("OREWAY_BUILD", ""))
    command = [*engine, "build", "-f", "deploy/Dockerfile", "-t", "oreway-test", *more, "--build-arg", f"BASE={base}"]
    done = subprocess.run([*command, "."], cwd=ROOT, capture_output=True, text=True, check=False, timeout=1800)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    return "oreway-test"


def advised() -> list[str]:
    """Return the flags that the Dockerfile's head advises."""
    head = FILE[FILE.index("docker run") : FILE.index("ARG BASE")]
    words = shlex.split(head.replace("\\\n#", " "))
    return words[2 : words.index("-p")]


@pytest.fixture(scope="module")
def running(engine: list[str], image: str) -> Iterator[Running]:
    port, name = free_port(), f"oreway-test-{os.getpid()}"
    flags = [*advised(), *shlex.split(os.environ.get("OREWAY_RUN", ""))]
    command = [*engine, "run", "-d", "--name", name, *flags, "-p", f"127.0.0.1:{port}:8501", image]
    start = time.monotonic()
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    try:
        address = f"http://127.0.0.1:{port}"
        while not answers(address):
            assert time.monotonic() < start + START_S, ask(engine, "logs", name)
            time.sleep(0.2)
        yield Running(engine=engine, name=name, address=address, seconds=time.monotonic() - start)
    finally:
        subprocess.run([*engine, "rm", "-f", name], check=False, capture_output=True)


def answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"{address}/_stcore/health", timeout=2) as found:
            return found.status == 200
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return False


@pytest.mark.heavy
def test_the_image_holds_the_product_and_no_more(engine: list[str], image: str, running: Running) -> None:
    assert float(ask(engine, "image", "inspect", "--format", "{{.Size}}", image)) < LARGEST_GB * 1e9
    listed = running.run("ls", "-A", "/opt/oreway").stdout.decode().split()
    assert {name for name in listed if not name.endswith(".egg-info")} == {*ROOMS, *SINGLE, ".streamlit", ".venv"}
    packages = running.run("ls", "/opt/oreway/.venv/lib/python3.11/site-packages").stdout.decode().split()
    assert "streamlit" in packages
    assert {"pytest", "pip", "playwright", "mypy", "duckdb", "hypothesis"} & set(packages) == set()


@pytest.mark.heavy
def test_the_page_comes_within_a_minute_and_its_health_check_passes(running: Running) -> None:
    assert running.seconds < 60
    found = re.search(r"^HEALTHCHECK .*\\\n\s+CMD (\[.+\])$", FILE, re.MULTILINE)
    assert found is not None
    assert running.run(*ast.literal_eval(found[1])).returncode == 0


@pytest.mark.heavy
def test_it_runs_as_nobody_in_particular_without_rights(running: Running) -> None:
    lines = running.run("cat", "/proc/1/status").stdout.decode().splitlines()
    status = dict(line.split(":\t", 1) for line in lines if "\t" in line)
    assert set(status["Uid"].split()) == {"10001"}
    assert {int(status[key], 16) for key in ("CapPrm", "CapEff", "CapBnd", "CapAmb")} == {0}
    assert status["NoNewPrivs"] == "1"
    assert status["Seccomp"] == "2"


@pytest.mark.heavy
def test_memory_and_processes_are_limited(running: Running) -> None:
    limit = "cat /sys/fs/cgroup/{}.max 2>/dev/null || cat /sys/fs/cgroup/{}"
    memory = running.run("sh", "-c", limit.format("memory", "memory/memory.limit_in_bytes")).stdout
    processes = running.run("sh", "-c", limit.format("pids", "pids/pids.max")).stdout
    assert int(memory) == 8 * 1024**3
    assert int(processes) == 512


@pytest.mark.heavy
@pytest.mark.parametrize("folder", ["/", "/opt/oreway", "/opt/oreway/data", "/etc", "/usr/bin"])
def test_nothing_but_memory_is_writable(running: Running, folder: str) -> None:
    done = running.run("touch", f"{folder}/planted")
    assert done.returncode != 0
    assert b"denied" in done.stderr or b"Read-only" in done.stderr


@pytest.mark.heavy
@pytest.mark.browser
def test_a_click_on_the_map_opens_a_site(running: Running, playwright: Playwright) -> None:
    browser = launch(playwright, find_browser())
    visit = Visit(browser, running.address)
    visit.open("/?site=gl-kvanefjeld")
    visit.page.locator(".oreway-panel h3", has_text="Kvanefjeld").wait_for(timeout=60_000)
    visit.click_site("gl-tanbreez")
    visit.page.locator(".oreway-panel h3", has_text="Tanbreez").wait_for(timeout=60_000)
    assert visit.failures == []
    browser.close()


@pytest.mark.heavy
def test_scores_are_the_same_inside_and_outside(running: Running) -> None:
    outside = subprocess.run(
        [sys.executable, "cli.py", "score", "--json"], cwd=ROOT, capture_output=True, check=True, timeout=300
    )
    assert len(json.loads(outside.stdout)) > 10
    assert json.loads(running.oreway("score", "--json")) == json.loads(outside.stdout)


@pytest.mark.heavy
def test_a_report_is_made_inside_and_nothing_is_left_outside_memory(engine: list[str], running: Running) -> None:
    running.oreway("report", "gl-tanbreez", "-o", "/tmp/reports")
    pdf = running.run("cat", "/tmp/reports/gl-tanbreez.pdf").stdout
    assert pdf.startswith(b"%PDF-")
    assert len(pdf) > 100_000
    changed = {line.split(maxsplit=1)[1] for line in ask(engine, "diff", running.name).splitlines()}
    by_the_engine = {"/etc", "/dev", "/proc", "/sys", "/run", "/tmp"}
    assert {path for path in changed if path not in by_the_engine} == set()


@pytest.mark.heavy
def test_a_strangers_geopackage_is_read_inside(running: Running, tmp_path: Path) -> None:
    sites = gpd.GeoDataFrame({"name": ["Claim 7"]}, geometry=gpd.points_from_xy([-45.9], [60.95]), crs=4326)
    sites.to_file(tmp_path / "own.gpkg")
    given = (tmp_path / "own.gpkg").read_bytes()
    assert running.run("sh", "-c", "cat > /tmp/own.gpkg", given=given).returncode == 0
    rows = json.loads(running.oreway("score", "--sites", "/tmp/own.gpkg", "--json"))
    assert any("Claim 7" in json.dumps(row) for row in rows)
