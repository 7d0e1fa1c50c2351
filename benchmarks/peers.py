"""The other libraries, in an environment of their own under .cache/bench-venv, pinned by name and version.

What a peer is asked goes to it as arrays in a folder, and its answer and its own times come back the same way: it runs
in a process of its own, with its own versions. A peer that cannot run says why, and its row says so.
"""

import dataclasses
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import numpy as np

ROOT = Path(__file__).parent.parent
VENV = ROOT / ".cache" / "bench-venv"
PINS = (
    "geopandas==1.2.0", "numpy==2.4.6", "scipy==1.17.1", "shapely==2.2.0", "pyproj==3.7.2", "numba==0.68.1",
    "pyarrow==26.0.1", "scikit-learn==1.9.1", "pykdtree==1.4.3", "duckdb==1.5.5", "duckdb-extension-spatial==1.5.5",
    "sedonadb==0.5.0", "geoarrow-pyarrow==0.2.0", "networkx==3.6.1", "igraph==1.0.0", "scikit-image==0.26.0",
    "xarray-spatial==0.5.3", "pymcdm==1.4.0",
)  # fmt: skip


@dataclasses.dataclass(frozen=True, kw_only=True)
class Answer:
    """What a peer found and took; missing: why there is nothing."""

    build: float = float("nan")
    query: float = float("nan")
    arrays: Mapping[str, np.ndarray] = dataclasses.field(default_factory=dict)
    missing: str = ""


@cache
def _missing() -> dict[str, str]:
    """Make the environment where it is not there yet; return what could not be installed, and why."""
    done = VENV / "pins.json"
    if done.exists() and json.loads(done.read_text())["pins"] == list(PINS):
        return json.loads(done.read_text())["missing"]
    print("Installing the peers, once", file=sys.stderr)
    subprocess.run([sys.executable, "-m", "venv", str(VENV)], check=True)
    lost = {}
    if _install(*PINS):
        lost = {pin.split("==")[0]: fault for pin in PINS if (fault := _install(pin))}
    done.write_text(json.dumps({"pins": list(PINS), "missing": lost}))
    return lost


def python() -> Path:
    """Return the interpreter of the environment."""
    return VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def _install(*pins: str) -> str:
    command = [str(python()), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *pins]
    told = subprocess.run(command, capture_output=True, text=True, check=False)
    lines = [line for line in told.stderr.splitlines() if line.startswith("ERROR: No matching")]
    return "" if told.returncode == 0 else (lines or ["not installable here"])[-1].removeprefix("ERROR: ")


def ask(script: str, peer: str, arrays: Mapping[str, np.ndarray], needs: str, limit_s: float = 900.0) -> Answer:
    """Ask a peer: a function of benchmarks/<script>.py that takes these arrays, in its own environment."""
    lost = _missing().get(needs)
    if lost:
        return Answer(missing=lost)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        np.savez(folder / "in.npz", **dict(arrays))
        command = [str(python()), str(ROOT / "benchmarks" / f"{script}.py"), peer, name]
        clean = {key: value for key, value in os.environ.items() if key not in {"PYTHONPATH", "PYTHONHOME"}}
        try:
            told = subprocess.run(command, capture_output=True, text=True, timeout=limit_s, env=clean, check=False)
        except subprocess.TimeoutExpired:
            return Answer(missing=f"stopped after {limit_s:.0f} s")
        if told.returncode != 0:
            last = (told.stderr.strip().splitlines() or [f"ended with {told.returncode}"])[-1]
            return Answer(missing=last[:120])
        with np.load(folder / "out.npz") as found:
            out = dict(found)
        return Answer(build=float(out.pop("build")), query=float(out.pop("query")), arrays=out)


def versions() -> str:
    """Return the peers and their versions in one line."""
    lost = _missing()
    return ", ".join(pin.replace("==", " ") for pin in PINS if pin.split("==")[0] not in lost)
