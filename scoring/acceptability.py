"""How stable a ranking is: stochastic multicriteria acceptability analysis (SMAA) over weights and values.

After Lahdelma, Hokkanen & Salminen (1998) and Tervonen & Figueira (2008), with the additive model of `scoring.assess`.
"""

import dataclasses
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from layers.vocabulary import Setting
from scoring.assess import Assessment, assess, scored_sites
from scoring.errors import ScoringError
from scoring.gates import gate_text
from scoring.measure import measure
from scoring.world import World

Floats = npt.NDArray[np.float32]
Doubles = npt.NDArray[np.float64]
LAND = "land"
TOP = 3
PERCENTILES = (5, 50, 95)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Acceptability:
    """Shares over all draws; rows and columns follow site_ids.

    ranks[a, r]: share in which site a takes rank r + 1. pairwise[a, b]: share in which a stands above b.
    central_weights: mean weights by criterion of the draws in which the site is first, NaN where it never is.
    scores: 5th, 50th and 95th percentile of the score, 0 to 100.
    """

    site_ids: tuple[str, ...]
    ranks: Doubles
    pairwise: Doubles
    central_weights: pd.DataFrame
    scores: Doubles
    draws: int
    seed: int

    def standard_error(self, share: Doubles) -> Doubles:
        """Return the sampling error of shares for this number of draws."""
        error: Doubles = np.sqrt(share * (1 - share) / self.draws)
        return error


@dataclasses.dataclass(frozen=True, kw_only=True)
class Problem:
    """Sites by criteria: bounds and base of each value, the mean weights of each site's profile."""

    site_ids: tuple[str, ...]
    criteria: tuple[str, ...]
    low: Doubles
    base: Doubles
    high: Doubles
    profile: npt.NDArray[np.int64]
    weights: Doubles


def rank(
    world: World,
    profile: str | None = None,
    draws: int | None = None,
    seed: int = 0,
    *,
    weights: Mapping[str, float] | None = None,
    site_ids: Sequence[str] | None = None,
) -> pd.DataFrame:
    """Return the scored sites in the order of their base total, with how stable that order is.

    Land and seabed sites are judged by other criteria, so each is ranked among its peers. Columns: peers (land or
    seabed), site_id, rank, total, first_share, first_error, top3_share, expected_rank, best_rank, worst_rank (5 % and
    95 % of draws), score_p5, score_p50, score_p95, coverage, profile, gates, draws, seed. A site without a total is
    left out. Gates are shown beside the rank and never enter it.

    Raises:
        ScoringError: an unknown profile, weight or site, or fewer than one draw.
    """
    found = assess(world, measure(world, scored_sites(world, site_ids)), profile=profile, weights=weights)
    tables = [
        _table(rows, stability(world, rows, draws=draws, seed=seed, weights=weights)).assign(peers=name)
        for name, rows in peers(world, found).items()
    ]
    if not tables:
        tables = [_table({}, stability(world, {}, draws=draws, seed=seed, weights=weights)).assign(peers="")]
    table = pd.concat(tables, ignore_index=True)
    return table[["peers", *(name for name in table.columns if name != "peers")]]


def peers(world: World, found: Mapping[str, Assessment]) -> dict[str, dict[str, Assessment]]:
    """Return the assessments that have a total, those on land and those at sea apart."""
    groups: dict[str, dict[str, Assessment]] = {}
    for name in (LAND, Setting.SEABED.value):
        rows = {
            key: one
            for key, one in found.items()
            if one.total is not None and (world.sites["setting"][key] == Setting.SEABED) == (name != LAND)
        }
        groups |= {name: rows} if rows else {}
    return groups


def stability(
    world: World,
    found: Mapping[str, Assessment],
    *,
    draws: int | None = None,
    seed: int = 0,
    weights: Mapping[str, float] | None = None,
) -> Acceptability:
    """Return the acceptability of assessed peers, with the concentration and the number of draws of parameters.csv.

    Raises:
        ScoringError: fewer than one draw.
    """
    parameters = world.methods.parameters
    return acceptability(
        problem(world, found, weights),
        draws=int(parameters["default_draws"]) if draws is None else draws,
        seed=seed,
        concentration=parameters["weight_concentration"],
        chunk=parameters["chunk_draws"],
    )


def problem(world: World, found: Mapping[str, Assessment], weights: Mapping[str, float] | None = None) -> Problem:
    """Return the values and weights of assessed sites as arrays; NaN marks what does not apply or has no base."""
    sites, names = tuple(found), tuple(world.criteria)
    bounds = np.full((3, len(sites), len(names)), np.nan)
    for i, one in enumerate(found.values()):
        for name, (low, base, high) in one.values.items():  # noqa: PD011
            bounds[:, i, names.index(name)] = low, np.nan if base is None else base, high
    profiles = sorted({one.profile for one in found.values()})
    chosen = [weights if weights is not None else world.methods.profile_weights(name) for name in profiles]
    return Problem(
        site_ids=sites, criteria=names, low=bounds[0], base=bounds[1], high=bounds[2],
        profile=np.array([profiles.index(one.profile) for one in found.values()], dtype=np.int64),
        weights=np.array([[row.get(name, 0.0) for name in names] for row in chosen]).reshape(-1, len(names)),
    )  # fmt: skip


def acceptability(
    given: Problem, *, draws: int, seed: int, concentration: float = 100, chunk: float = 2000
) -> Acceptability:
    """Draw weights and values and count ranks; the same seed gives the same answer.

    Weights of a profile are Dirichlet with its mean and this concentration (1 times the number of criteria or less
    means no preference). A value with a base is triangular between its bounds, one without is uniform.

    Raises:
        ScoringError: fewer than one draw.
    """
    if draws < 1:
        raise ScoringError(f"draws {draws}: expected 1 or more")
    n = len(given.site_ids)
    ranks, pairwise, firsts = np.zeros((n, n)), np.zeros((n, n)), np.zeros(n)
    central = np.zeros((n, len(given.criteria)))
    kept = [np.zeros((n, 0), dtype=np.float32)]
    for scores, weights in _draw(given, draws, seed, concentration, int(chunk)):
        place = _places(scores)
        for a in range(n):
            ranks[a] += np.bincount(place[a], minlength=n)
            pairwise[a] += (place[a] < place).sum(axis=1)
            won = place[a] == 0
            firsts[a] += won.sum()
            central[a] += weights[given.profile[a]][:, won].sum(axis=1)
        kept.append(scores)
    with np.errstate(invalid="ignore"):
        means = central / firsts[:, None]
    return Acceptability(
        site_ids=given.site_ids, ranks=ranks / draws, pairwise=pairwise / draws, draws=draws, seed=seed,
        central_weights=pd.DataFrame(means, index=pd.Index(given.site_ids, name="site_id"), columns=given.criteria),
        scores=_percentiles(np.concatenate(kept, axis=1)),
    )  # fmt: skip


def _places(scores: Floats) -> npt.NDArray[np.int16]:
    """Return the place of each site (row) in each draw (column), 0 first; ties keep the order of the sites."""
    order = np.argsort(-scores, axis=0, kind="stable")
    place = np.empty(order.shape, dtype=np.int16)
    np.put_along_axis(place, order, np.arange(len(scores), dtype=np.int16)[:, None], axis=0)
    return place


def _percentiles(scores: Floats) -> Doubles:
    if not len(scores):
        return np.zeros((0, len(PERCENTILES)))
    found: Doubles = 100 * np.percentile(scores.astype(np.float64), PERCENTILES, axis=1).T
    return found


def _draw(
    given: Problem, draws: int, seed: int, concentration: float, chunk: int
) -> Iterator[tuple[Floats, list[Floats]]]:
    """Yield (scores (sites, m), weights (criteria, m) of each profile) for chunks of m draws."""
    random = np.random.default_rng(seed)
    for start in range(0, draws, chunk):
        m = min(chunk, draws - start)
        weights = [_dirichlet(random, row, concentration, m) for row in given.weights]
        scores = np.zeros((len(given.site_ids), m), dtype=np.float32)
        for a, profile in enumerate(given.profile):
            own, used = weights[profile], np.zeros(m, dtype=np.float32)
            for k in np.nonzero(~np.isnan(given.low[a]))[0]:
                scores[a] += own[k] * _values(random, given.low[a, k], given.base[a, k], given.high[a, k], m)
                used += own[k]
            scores[a] /= used
        yield scores, weights


def _dirichlet(random: np.random.Generator, mean: Doubles, concentration: float, m: int) -> Floats:
    """Return m weight vectors, one a column, that sum to 1; a criterion of weight 0 stays at 0."""
    drawn = np.zeros((len(mean), m), dtype=np.float32)
    for k in np.nonzero(mean > 0)[0]:
        drawn[k] = random.standard_gamma(concentration * mean[k] / mean.sum(), m)
    drawn /= np.maximum(drawn.sum(axis=0), np.finfo(np.float32).tiny)
    return drawn


def _values(random: np.random.Generator, low: float, base: float, high: float, m: int) -> Floats | np.float32:
    """Return m draws of a value: triangular, uniform where there is no base; one number where the bounds meet."""
    if not high > low:
        return np.float32(low)
    u = random.random(m, dtype=np.float32)
    if np.isnan(base):
        uniform: Floats = np.float32(low) + u * np.float32(high - low)
        return uniform
    return triangular(u, float(low), float(base), float(high))


def triangular(u: Floats, low: float, mode: float, high: float) -> Floats:
    """Return the quantiles u of a triangular distribution."""
    span = high - low
    if not span > 0:
        return np.full_like(u, mode)
    left = (mode - low) / span
    rising = low + np.sqrt(u * np.float32(span * (mode - low)))
    falling = high - np.sqrt((1 - u) * np.float32(span * (high - mode)))
    found: Floats = np.where(u < left, rising, falling).astype(u.dtype)
    return found


def _table(found: Mapping[str, Assessment], answer: Acceptability) -> pd.DataFrame:
    n = len(answer.site_ids)
    first = answer.ranks[:, 0] if n else np.zeros(0)
    rising = answer.ranks.cumsum(axis=1)
    table = pd.DataFrame(
        {
            "site_id": answer.site_ids,
            "total": [one.total for one in found.values()],
            "first_share": first,
            "first_error": answer.standard_error(first),
            "top3_share": answer.ranks[:, :TOP].sum(axis=1),
            "expected_rank": answer.ranks @ np.arange(1, n + 1),
            "best_rank": 1 + (rising < 0.05).sum(axis=1),
            "worst_rank": np.minimum(n, 1 + (rising < 0.95).sum(axis=1)),
            **{f"score_p{p}": answer.scores[:, i] for i, p in enumerate(PERCENTILES)},
            "coverage": [one.coverage for one in found.values()],
            "profile": [one.profile for one in found.values()],
            "gates": [gate_text(one.gates) for one in found.values()],
            "draws": answer.draws,
            "seed": answer.seed,
        }
    )
    table = table.sort_values(["total", "site_id"], ascending=[False, True], kind="stable", ignore_index=True)
    table.insert(1, "rank", np.arange(1, n + 1))
    return table
