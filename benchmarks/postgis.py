"""PostGIS' nearest neighbour on geography, on two connections, against a server of its own on 127.0.0.1."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import numpy as np
import psycopg
import shapely

from benchmarks.peers import Answer
from tests import postgres

CONNECTIONS = 2
NEAREST = """
select s.i, near.m from sites s cross join lateral
  (select ST_Distance(f.g, s.g) as m from features f order by f.g <-> s.g limit 1) near
where s.i >= %s and s.i < %s order by s.i
"""


@contextmanager
def server() -> Iterator[str]:
    """Give the address of a fresh server, or "" and why there is none."""
    try:
        with postgres.server() as running:
            address = running.address()
            with psycopg.connect(address, autocommit=True) as base:
                base.execute("create extension if not exists postgis")
            yield address
    except (AssertionError, OSError, psycopg.Error) as fault:
        print(f"PostGIS: {fault}")
        yield ""


def nearest(address: str, shapes: np.ndarray, lon: np.ndarray, lat: np.ndarray) -> Answer:
    """Return the distance of every site to its nearest feature as PostGIS sees it."""
    if not address:
        return Answer(missing=postgres.CURE)
    began = time.perf_counter()
    with psycopg.connect(address, autocommit=True) as base:
        for table, geometries in (("features", shapes), ("sites", shapely.points(lon, lat))):
            base.execute(f"drop table if exists {table}")
            base.execute(f"create table {table} (i int, g geography)")
            with base.cursor().copy(f"copy {table} from stdin") as copy:
                for i, blob in enumerate(
                    shapely.to_wkb(shapely.set_srid(geometries, 4326), hex=True, include_srid=True)
                ):
                    copy.write_row((i, blob))
        base.execute("create index on features using gist (g)")
        base.execute("vacuum analyze features, sites")
    build = time.perf_counter() - began
    bounds = np.linspace(0, len(lon), CONNECTIONS + 1).astype(int).tolist()
    with ThreadPoolExecutor(CONNECTIONS) as pool:
        began = time.perf_counter()
        parts = list(pool.map(lambda low, high: _part(address, low, high), bounds[:-1], bounds[1:]))
        query = time.perf_counter() - began
    km = np.concatenate(parts) / 1000
    return Answer(build=build, query=query, arrays={"km": km})


def _part(address: str, low: int, high: int) -> np.ndarray:
    with psycopg.connect(address) as base:
        return np.array([row[1] for row in base.execute(NEAREST, (low, high)).fetchall()])
