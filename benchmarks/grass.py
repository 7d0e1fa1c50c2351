"""GRASS r.cost, from the distribution's package: installed where this may be done, else its rows say why not."""

import re
import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path

import numpy as np

from benchmarks.peers import Answer
from benchmarks.world import Floats
from scripts.debian import install

MISSING = "GRASS is not on this machine: on Debian, run `apt-get install grass-core`"
SCRIPT = """
set -e
g.region n={n} s=0 e={n} w=0 res=1 --quiet
r.in.bin -d input={folder}/friction output=friction bytes=8 north={n} south=0 east={n} west=0 rows={n} cols={n} --quiet
r.in.bin input={folder}/start output=start bytes=1 north={n} south=0 east={n} west=0 rows={n} cols={n} anull=0 --quiet
began=$(date +%s%N)
r.cost input=friction start_raster=start output=cost memory={memory_mb} --quiet
echo "taken $(( $(date +%s%N) - began ))"
r.out.bin input=cost output={folder}/cost bytes=8 --quiet
"""


@cache
def _program() -> str | None:
    return shutil.which("grass") or (shutil.which("grass") if install("grass-core") else None)


def cost(friction: Floats, sources: np.ndarray, memory_mb: int = 4000) -> Answer:
    """Return what r.cost finds on square cells of one metre, eight directions, and its own seconds."""
    program = _program()
    if program is None:
        return Answer(missing=MISSING)
    n = len(friction)
    start = np.zeros(friction.shape, dtype=np.uint8)
    start[tuple(sources.T)] = 1
    with tempfile.TemporaryDirectory() as name:
        friction.astype("<f8").tofile(Path(name) / "friction")
        start.tofile(Path(name) / "start")
        script = Path(name) / "run.sh"
        script.write_text(SCRIPT.format(n=n, folder=name, memory_mb=memory_mb))
        told = subprocess.run(
            [program, "--tmp-location", "XY", "--exec", "bash", str(script)],
            capture_output=True,
            text=True,
            check=False,
        )
        taken = re.search(r"^taken (\d+)$", told.stdout, re.MULTILINE)
        if told.returncode != 0 or taken is None:
            return Answer(missing=(told.stderr.strip().splitlines() or ["ended without a word"])[-1][:120])
        found = np.fromfile(Path(name) / "cost", dtype="<f8").reshape(friction.shape)
    return Answer(query=int(taken[1]) / 1e9, arrays={"cost": found})
