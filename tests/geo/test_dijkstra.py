"""The search from one node against scipy's: every length to the last digit, every way as long as it is told to be."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array, random_array
from scipy.sparse.csgraph import dijkstra

from oreway.geo._dijkstra import search


def found(matrix: csr_array, start: int) -> tuple[np.ndarray, np.ndarray]:
    km, before = np.empty(matrix.shape[0]), np.empty(matrix.shape[0], np.int32)
    search(matrix.indptr.astype(np.int32), matrix.indices.astype(np.int32), matrix.data, start, km, before)
    return km, before


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.integers(1, 300), st.floats(0, 6), st.integers(0, 10_000), st.booleans())
def test_lengths_are_scipy_s_and_ways_add_up(n: int, degree: float, seed: int, rounded: bool) -> None:
    half = random_array((n, n), density=min(1.0, degree / n), rng=np.random.default_rng(seed))
    matrix = csr_array(half + half.T)
    if rounded:  # many ways of one length
        matrix.data = np.ceil(matrix.data * 3)
    start = seed % n
    km, before = found(matrix, start)
    np.testing.assert_array_equal(km, dijkstra(matrix, indices=start))
    joined = np.isfinite(km)
    assert (before[~joined] == -9999).all()
    assert before[start] == -9999
    for node in np.nonzero(joined)[0]:
        if node != start:
            assert km[node] == km[before[node]] + matrix[int(before[node]), int(node)]


def test_a_grid_of_streets_is_as_far_as_its_blocks() -> None:
    side = 60
    number = np.arange(side * side).reshape(side, side)
    pairs = [(number[:, :-1], number[:, 1:]), (number[:-1], number[1:])]
    first, last = (np.concatenate([pair[k].ravel() for pair in pairs]) for k in (0, 1))
    one_way = csr_array((np.ones(len(first)), (first, last)), shape=(side * side,) * 2)
    km, _ = found(csr_array(one_way + one_way.T), 0)
    assert km.reshape(side, side)[7, 41] == pytest.approx(48)
    assert km.max() == 2 * (side - 1)
