"""How stable a ranking is: stochastic multicriteria acceptability analysis (SMAA) over weights and values.

After Lahdelma, Hokkanen & Salminen (1998) and Tervonen & Figueira (2008), with the additive model of `judge.assess`.
"""

import dataclasses
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import numpy.typing as npt
import pandas as pd

from oreway.arrays import Floats, Singles
from oreway.layers.vocabulary import Setting
from oreway.scoring.errors import ScoringError
from oreway.scoring.judge.assess import Assessment, assess_sites
from oreway.scoring.judge.gates import gate_text
from oreway.scoring.rank import draws as _draws
from oreway.scoring.sayings import ScoringSaying
from oreway.scoring.world.world import World

LAND = "land"
TOP = 3
RANGE = (0.05, 0.95)
PERCENTILES = (5, 50, 95)
BINS = 10_000  # scores are counted into these, so percentiles are good to 0.01 points and memory does not grow
LANES = 2  # threads; always as many, so that the same seed gives the same bytes on every machine


@dataclasses.dataclass(frozen=True, kw_only=True)
class Acceptability:
    """Shares over all draws; rows and columns follow site_ids.

    ranks[a, r]: share in which site a takes rank r + 1. pairwise[a, b]: share in which a stands above b.
    central_weights: mean weights by criterion of the draws in which the site is first, NaN where it never is.
    scores: 5th, 50th and 95th percentile of the score, 0 to 100.
    """

    site_ids: tuple[str, ...]
    ranks: Floats
    pairwise: Floats
    central_weights: pd.DataFrame
    scores: Floats
    draws: int
    seed: int

    def standard_error(self, share: Floats) -> Floats:
        """Return the sampling error of shares for this number of draws."""
        error: Floats = np.sqrt(share * (1 - share) / self.draws)
        return error

    def rank_range(self) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """Return the best and the worst rank of each site: those reached in 5 % and in 95 % of the draws."""
        reached = self.ranks.cumsum(axis=1)
        best, worst = (1 + (reached < share).sum(axis=1) for share in RANGE)
        return best, np.minimum(len(self.site_ids), worst)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Problem:
    """Sites by criteria: bounds and base of each value, the mean weights of each site's profile."""

    site_ids: tuple[str, ...]
    criteria: tuple[str, ...]
    low: Floats
    base: Floats
    high: Floats
    profile: npt.NDArray[np.int64]
    weights: Floats


def rank(
    world: World,
    profile: str | None = None,
    draws: int | None = None,
    seed: int = 0,
    *,
    weights: Mapping[str, float] | None = None,
    site_ids: Sequence[str] | None = None,
    concentration: float | None = None,
) -> pd.DataFrame:
    """Return the scored sites in the order of their base total, with how stable that order is.

    Land and seabed sites are judged by other criteria, so each is ranked among its peers. Columns: peers (land or
    seabed), site_id, rank, total, first_share, first_error, top3_share, expected_rank, best_rank, worst_rank (5 % and
    95 % of draws), score_p5, score_p50, score_p95, coverage, profile, gates, unfc, draws, seed. A site without a total
    is left out. Gates and UNFC code are shown beside the rank and never enter it.

    Raises:
        ScoringError: an unknown profile, weight or site, or fewer than one draw.
    """
    found = assess_sites(world, site_ids, profile=profile, weights=weights)
    tables = [
        _table(
            rows, stability(world, rows, draws=draws, seed=seed, weights=weights, concentration=concentration)
        ).assign(peers=name)
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
    concentration: float | None = None,
) -> Acceptability:
    """Return the acceptability of assessed peers; draws and concentration are those of parameters.csv unless given.

    Raises:
        ScoringError: fewer than one draw.
    """
    parameters = world.methods.parameters
    return acceptability(
        problem(world, found, weights),
        draws=int(parameters["default_draws"]) if draws is None else draws,
        seed=seed,
        concentration=parameters["weight_concentration"] if concentration is None else concentration,
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
    given: Problem, *, draws: int, seed: int, concentration: float = 100, chunk: float = 700
) -> Acceptability:
    """Draw weights and values and count ranks; the same seed and chunk give the same answer.

    Weights of a profile are Dirichlet with its mean and this concentration (the number of criteria with equal means
    is no preference). A value with a base is triangular between its bounds, one without is uniform. Memory holds
    `chunk` draws at a time, however many there are. Ties keep the order of the sites.

    Raises:
        ScoringError: fewer than one draw.
    """
    if draws < 1:
        raise ScoringError(ScoringSaying.DRAWS(draws))
    sizes = [min(int(chunk), draws - start) for start in range(0, draws, int(chunk))]
    chunks = list(zip(sizes, np.random.SeedSequence(seed).spawn(len(sizes)), strict=True))
    lanes = [_Lane(given, concentration) for _ in chunks[:LANES]]
    with ThreadPoolExecutor(LANES) as pool:
        list(pool.map(_Lane.run, lanes, (chunks[i::LANES] for i in range(len(lanes)))))
    ranks, wins, bins = (sum(getattr(lane, name) for lane in lanes) for name in ("ranks", "wins", "bins"))
    central = sum(lane.central for lane in lanes)
    with np.errstate(invalid="ignore"):
        means = central / ranks[:, :1].sum(axis=1, keepdims=True)
    return Acceptability(
        site_ids=given.site_ids, ranks=ranks / draws, pairwise=wins / draws, draws=draws, seed=seed,
        central_weights=pd.DataFrame(means, index=pd.Index(given.site_ids, name="site_id"), columns=given.criteria),
        scores=_percentiles(bins),
    )  # fmt: skip


class _Lane:
    """What one thread draws from and counts into."""

    def __init__(self, given: Problem, concentration: float) -> None:
        n = len(given.site_ids)
        applies = ~np.isnan(given.low)
        sure = applies & ~(given.high > given.low)
        self.given, self.concentration = given, concentration
        self.applies = applies.astype(np.float32)
        self.sure = np.where(sure, given.low, 0.0).astype(np.float32)
        self.spread = list(zip(*np.nonzero(applies & ~sure), strict=True))
        self.members = [np.nonzero(given.profile == p)[0] for p in range(len(given.weights))]
        self.ranks, self.wins = np.zeros((n, n), np.int64), np.zeros((n, n), np.int64)
        self.bins, self.central = np.zeros((n, BINS), np.int32), np.zeros((n, len(given.criteria)))

    def run(self, chunks: Sequence[tuple[int, np.random.SeedSequence]]) -> None:
        """Draw and count chunk after chunk."""
        for m, seed in chunks:
            self.draw(m, seed)

    def draw(self, m: int, seed: np.random.SeedSequence) -> None:
        """Draw m times and count."""
        given, random = self.given, np.random.default_rng(seed)
        weights = [_dirichlet(random, row, self.concentration, m) for row in given.weights]
        score = np.empty((len(given.site_ids), m), dtype=np.float32)
        for own, members in zip(weights, self.members, strict=True):
            score[members] = self.sure[members] @ own
        for a, k in self.spread:
            u = random.random(m, dtype=np.float32)
            bounds = given.low[a, k], given.base[a, k], given.high[a, k]
            _draws.weigh_spread(u, *bounds, weights[given.profile[a]][k], score[a])
        for own, members in zip(weights, self.members, strict=True):
            score[members] /= self.applies[members] @ own
        place = np.empty(score.shape, dtype=np.int16)
        _draws.count(score, place, self.ranks, self.wins)
        _draws.count_scores(score, self.bins)
        first = place.argmin(axis=0) if len(place) else np.empty(0, dtype=np.intp)
        for own, members in zip(weights, self.members, strict=True):
            for k in np.nonzero(own.any(axis=1))[0]:
                self.central[members, k] += np.bincount(first, own[k], minlength=len(place))[members]


def _percentiles(bins: npt.NDArray[np.int32]) -> Floats:
    """Return percentiles of 0 to 100 from counts by bin, linear within a bin."""
    found = np.zeros((len(bins), len(PERCENTILES)))
    edges = np.linspace(0, 100, bins.shape[1] + 1)
    for a, row in enumerate(bins):
        reached = np.concatenate([[0], row.cumsum(dtype=np.int64)])
        found[a] = np.interp(np.array(PERCENTILES) / 100 * reached[-1], reached, edges)
    return found


def _dirichlet(random: np.random.Generator, mean: Floats, concentration: float, m: int) -> Singles:
    """Return m weight vectors, one a column, that sum to 1; a criterion of weight 0 stays at 0."""
    drawn = np.zeros((len(mean), m), dtype=np.float32)
    for k in np.nonzero(mean > 0)[0]:
        random.standard_gamma(concentration * mean[k] / mean.sum(), dtype=np.float32, out=drawn[k])
    drawn /= np.maximum(drawn.sum(axis=0), np.finfo(np.float32).tiny)
    return drawn


def _table(found: Mapping[str, Assessment], answer: Acceptability) -> pd.DataFrame:
    n = len(answer.site_ids)
    first = answer.ranks[:, 0] if n else np.zeros(0)
    best, worst = answer.rank_range()
    table = pd.DataFrame(
        {
            "site_id": answer.site_ids,
            "total": [one.total for one in found.values()],
            "first_share": first,
            "first_error": answer.standard_error(first),
            "top3_share": answer.ranks[:, :TOP].sum(axis=1),
            "expected_rank": answer.ranks @ np.arange(1, n + 1),
            "best_rank": best,
            "worst_rank": worst,
            **{f"score_p{p}": answer.scores[:, i] for i, p in enumerate(PERCENTILES)},
            "coverage": [one.coverage for one in found.values()],
            "profile": [one.profile for one in found.values()],
            "gates": [gate_text(one.gates) for one in found.values()],
            "unfc": [one.unfc for one in found.values()],
            "draws": answer.draws,
            "seed": answer.seed,
        }
    )
    table = table.sort_values(["total", "site_id"], ascending=[False, True], kind="stable", ignore_index=True)
    table.insert(1, "rank", np.arange(1, n + 1))
    return table
