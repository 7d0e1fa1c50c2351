"""Oreway installs: a wheel built from the checkout works elsewhere, with its page and its data."""

import contextlib
import json
import os
import socket
import subprocess
import sys
import sysconfig
import time
import urllib.error
import urllib.request
import venv
import zipfile
from pathlib import Path

import pytest

from oreway.layers.cache_folder import cache_folder

ROOT = Path(__file__).parent.parent
DEPENDENCIES = sysconfig.get_path("purelib")
START_S = 120
LARGEST_MB = 60
WANTED = (
    "py.typed", "data/catalog.toml", "data/sites/facts.parquet", "data/web/leaflet.js", "app.py",
    ".streamlit/config.toml", "outputs/report/report.typ", "outputs/locale/ja/LC_MESSAGES/oreway.po",
)  # fmt: skip


@pytest.fixture(scope="module")
def checkout(tmp_path_factory):
    """A copy of what git tracks, as a stranger clones it."""
    copy = tmp_path_factory.mktemp("cloned") / "checkout"
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True).stdout
    copy.mkdir()
    subprocess.run(["cp", "-a", "--parents", "--no-dereference", "-t", str(copy), *listed.decode().split("\0")[:-1]],
                   cwd=ROOT, check=True)  # fmt: skip
    return copy


@pytest.fixture(scope="module")
def wheel(checkout, tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "-w", str(folder)]
    subprocess.run([*command, str(checkout)], check=True, cwd=folder)
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def elsewhere(wheel, tmp_path_factory):
    """An environment outside the checkout that holds the wheel; packages of others are lent to it by path."""
    folder = tmp_path_factory.mktemp("elsewhere")
    venv.create(folder / "env", with_pip=True)
    python = folder / "env" / "bin" / "python"
    subprocess.run([python, "-m", "pip", "install", "--quiet", "--no-deps", str(wheel)], check=True, cwd=folder)
    kept = {"OREWAY_CACHE": str(cache_folder())}  # indexes of the same data; an empty one is tried below
    env = {**os.environ, **kept, "PYTHONPATH": DEPENDENCIES, "HOME": str(folder)}
    return folder, {**env, "PATH": f"{python.parent}:{env['PATH']}"}


def run(elsewhere, *command, **more):
    folder, env = elsewhere
    done = subprocess.run(
        command, cwd=folder, env=env, capture_output=True, text=True, timeout=300, check=False, **more
    )
    assert done.returncode == 0, done.stderr
    return done


def test_the_wheel_puts_one_name_at_the_top_and_holds_data_and_types(wheel):
    names = zipfile.ZipFile(wheel).namelist()
    assert {name.split("/")[0] for name in names if ".dist-info/" not in name} == {"oreway"}
    assert [path for path in WANTED if f"oreway/{path}" not in names] == []
    assert not any("__pycache__" in name or name.startswith("oreway/tests") for name in names)
    assert wheel.stat().st_size < LARGEST_MB * 1e6


def test_every_shipped_data_file_is_in_the_wheel(wheel):
    names = set(zipfile.ZipFile(wheel).namelist())
    listed = subprocess.run(["git", "ls-files", "data"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    assert [path for path in listed.split() if f"oreway/{path}" not in names] == []


def test_the_command_answers_outside_the_checkout(elsewhere):
    shown = json.loads(run(elsewhere, "oreway", "show", "gl-tanbreez", "--json").stdout)
    assert shown["site"]["name"] == "Tanbreez"
    doctor = run(elsewhere, "oreway", "doctor")
    assert str(ROOT) not in doctor.stdout + doctor.stderr


def test_python_gets_the_same_score_as_the_command(elsewhere):
    code = (
        "import oreway, pathlib; at = pathlib.Path(oreway.__file__); assert 'site-packages' in str(at), at;"
        "print(oreway.score().loc['gl-tanbreez', 'total'])"
    )
    told = float(run(elsewhere, "python", "-c", code).stdout)
    table = json.loads(run(elsewhere, "oreway", "score", "--json").stdout)
    assert told == pytest.approx(next(row["total"] for row in table if row["site_id"] == "gl-tanbreez"), abs=1e-9)


def test_the_page_comes_up_outside_the_checkout(elsewhere):
    folder, env = elsewhere
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = subprocess.Popen(["oreway", "app", "--port", str(port)], cwd=folder, env=env, stdout=subprocess.DEVNULL,
                              stderr=subprocess.DEVNULL, start_new_session=True)  # fmt: skip
    try:
        assert answered(f"http://127.0.0.1:{port}/_stcore/health", START_S) == b"ok"
        server.terminate()  # the command alone, as a service manager does
        assert server.wait(30) == 0
        with socket.socket() as again:  # and the page went with it
            again.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            again.bind(("127.0.0.1", port))
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(server.pid, 15)
        server.wait(30)


def answered(address, seconds):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            with urllib.request.urlopen(address, timeout=5) as reply:
                return reply.read()
        except (urllib.error.URLError, OSError):
            time.sleep(0.5)
    raise AssertionError(f"{address}: no answer in {seconds} s")


def install(way, checkout, folder):
    """Install a checkout as the README says, into an empty environment; return the command."""
    tools = folder / "tools"
    venv.create(tools, with_pip=True)
    env = {
        **os.environ, "PATH": f"{tools}/bin:{os.environ['PATH']}", "UV_TOOL_DIR": f"{folder}/uv",
        "UV_TOOL_BIN_DIR": f"{folder}/bin", "UV_CACHE_DIR": f"{folder}/kept", "PIPX_HOME": f"{folder}/pipx",
        "PIPX_BIN_DIR": f"{folder}/bin",
    }  # fmt: skip
    env.pop("PYTHONPATH", None)
    pip, of_this = [tools / "bin" / "python", "-m", "pip", "install", "--quiet"], ["--python", sys.executable]
    if way == "pip":
        subprocess.run([*pip, checkout], check=True, cwd=folder, env=env)
        return tools / "bin" / "oreway"
    subprocess.run([*pip, way], check=True, cwd=folder, env=env)
    words = {"uv": ["uv", "tool", "install"], "pipx": ["pipx", "install"]}[way]
    subprocess.run([*words, *of_this, checkout], check=True, cwd=folder, env=env, capture_output=True)
    return folder / "bin" / "oreway"


@pytest.mark.heavy
@pytest.mark.parametrize("way", ["pip", "uv", "pipx"])
def test_an_empty_environment_needs_nothing_but_the_checkout(way, checkout, tmp_path):
    command, elsewhere = install(way, checkout, tmp_path), tmp_path / "elsewhere"
    elsewhere.mkdir()
    env = {**os.environ, "OREWAY_CACHE": f"{tmp_path}/cache", "HOME": str(tmp_path)}
    env.pop("PYTHONPATH", None)

    def answer(*words):
        return subprocess.run(
            [command, *words], cwd=elsewhere, env=env, capture_output=True, text=True, check=True
        ).stdout

    assert "all checksums right, nothing missing" in answer("doctor")
    found = json.loads(answer("nearest", "--lon", "-46", "--lat", "60.983", "--json"))
    assert {row["class"] for row in found} >= {"port", "town", "coast"}
