"""What every peer's script does: read arrays, call the function of the peer's name, write its answer and its times.

Runs in the peers' own environment and imports nothing of Oreway.
"""

import sys
import time
import warnings
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np

ENOUGH_S = 10.0
RUNS = 3

Given = Mapping[str, np.ndarray]
Query = Callable[[], Mapping[str, np.ndarray]]


def main(peers: Mapping[str, Callable[[Given], Query]]) -> None:
    """Run the peer and use the folder named on the command line; a peer builds, and returns what is then timed."""
    name, folder = sys.argv[1], Path(sys.argv[2])
    warnings.simplefilter("ignore")
    with np.load(folder / "in.npz") as found:
        given = dict(found)
    began = time.perf_counter()
    query = peers[name](given)
    build = time.perf_counter() - began
    times: list[float] = []
    answer: Mapping[str, np.ndarray] = {}
    while len(times) < RUNS and sum(times) < ENOUGH_S:
        began = time.perf_counter()
        answer = query()
        times.append(time.perf_counter() - began)
    np.savez(folder / "out.npz", build=build, query=min(times), **answer)
