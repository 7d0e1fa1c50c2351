"""The second half of the cache: bills, routes, what-if, each once a question."""

import dataclasses
from typing import Any

import pandas as pd
import shapely
import streamlit as st

from oreway.layers.vocabulary import HALF_LIFE
from oreway.outputs.files.whatif_file import to_file
from oreway.outputs.report.report import whatif_report
from oreway.outputs.words.translation import Language, message
from oreway.scoring.build.bill import Bill, bill
from oreway.scoring.judge.assess import Assessment, assess, reweigh
from oreway.scoring.price.breakeven import break_even
from oreway.scoring.price.floor import Offer, offers, supply_curve
from oreway.scoring.price.studies import check_studies, positive_at
from oreway.scoring.rank.acceptability import Acceptability, stability
from oreway.scoring.rank.flips import Ground, flips_among, ground
from oreway.scoring.routes.stress import Closure
from oreway.scoring.routes.supply import Supply, supply
from oreway.scoring.whatif.closing import Open, nearest_open, read_step, with_step
from oreway.scoring.whatif.whatif import Addition, compare, with_addition
from oreway.scoring.world.networks import sea_lanes
from oreway.scoring.world.weight_profiles import with_shapes
from oreway.scoring.world.world import World
from oreway.views.cached import assessments, measurements, world
from oreway.views.waiting import waiting

OwnWeights = tuple[tuple[str, float], ...] | None
Asked = tuple[str, tuple["Built", ...], tuple[str, ...]]  # data version, what is built, what is changed
Weights = tuple[str | None, OwnWeights, str]  # profile, weights in its place, shape of the value functions


@st.cache_data(show_spinner=False)
def passages(version: str) -> tuple[str, ...]:  # noqa: ARG001
    """Return the names of the sea passages that can be closed."""
    opened = world()
    return sea_lanes(opened).passages


@waiting(message("Looking for ways …"))
@st.cache_data(show_spinner=False, max_entries=200)
def supply_of(version: str, site_id: str, closed: tuple[str, ...]) -> Supply:  # noqa: ARG001
    """Return the routes of a site with some passages closed."""
    return supply(world(), site_id, closed=closed)


@st.cache_resource(show_spinner=False)
def stresses_of(version: str) -> dict[tuple[str, ...], tuple[Closure, ...]]:  # noqa: ARG001
    """Return where the stress tests are put by the sites asked, once worked out with their progress shown."""
    return {}


@waiting(message("Working out what has to be built …"))
@st.cache_data(show_spinner=False, max_entries=300)
def bill_of(version: str, site_id: str) -> Bill:  # noqa: ARG001
    """Return what has to be built for a site."""
    return bill(world(), site_id)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Built:
    """One thing a user has built on the what-if page; its shape as WKT in degrees."""

    class_: str
    wkt: str
    name: str
    size: float | None


def check_built(version: str, built: tuple[Built, ...], changes: tuple[str, ...] = ()) -> World:  # noqa: ARG001
    """Return the world with everything built, every fact changed and everything closed.

    Raises:
        ScoringError: one of them cannot be built, changed or closed so.
    """
    opened = world()
    for one in additions(built):
        opened = with_addition(opened, one)
    for text in changes:
        opened = with_step(opened, read_step(text))
    return opened


@waiting(message("Judging every site before and after …"))
@st.cache_data(show_spinner=False, max_entries=30)
def before_and_after(version: str, built: tuple[Built, ...], changes: tuple[str, ...] = ()) -> pd.DataFrame:
    """Return each site's score, rank, bill and chain before and after."""
    return compare(world(), check_built(version, built, changes))


def additions(built: tuple[Built, ...]) -> list[Addition]:
    """Return what a user has built as the scoring room takes it."""
    return [
        Addition(class_=one.class_, geometry=shapely.from_wkt(one.wkt), name=one.name, size=one.size) for one in built
    ]


@st.cache_data(show_spinner=False, max_entries=60)
def open_near(version: str, class_: str, lon_lat: tuple[float, float], most: int) -> list[Open]:  # noqa: ARG001
    """Return what of a class may be closed nearest to a place."""
    return nearest_open(world(), class_, lon_lat, most)


@st.cache_data(show_spinner=False, max_entries=10)
def after_file(version: str, built: tuple[Built, ...], changes: tuple[str, ...]) -> bytes:
    """Return before and after as GeoJSON, with what was built."""
    table = before_and_after(version, built, changes)
    world_after, steps = check_built(version, built, changes), [read_step(text) for text in changes]
    return to_file(table, world_after, additions(built), ".geojson", steps)


@st.cache_data(show_spinner=False, max_entries=10)
def after_report(version: str, built: tuple[Built, ...], changes: tuple[str, ...], lang: Language) -> bytes:
    """Return before and after as PDF."""
    table = before_and_after(version, built, changes)
    return whatif_report(world(), table, additions(built), [read_step(text) for text in changes], lang=lang)


@st.cache_resource(show_spinner=False)
def _measured(version: str) -> pd.DataFrame:
    return pd.concat(
        [rows.assign(site_id=site_id) for site_id, rows in measurements(version).items()], ignore_index=True
    )


@st.cache_resource(show_spinner=False, max_entries=4)
def _by_every_criterion(version: str, shape: str) -> dict[str, Assessment]:
    """Return the judgement in which every criterion counts: it holds all values, which no weight changes."""
    opened = with_shapes(world(), shape)
    return assess(opened, _measured(version), weights=dict.fromkeys(opened.criteria, 1.0))


@waiting(message("Judging …"))
@st.cache_resource(show_spinner=False, max_entries=60)
def judged_by(version: str, profile: str | None, own: OwnWeights, shape: str) -> dict[str, Assessment]:
    """Return the judgement of every scored site by a profile or one's own weights, in a shape."""
    if profile is None and own is None and shape == HALF_LIFE:
        return assessments(version)
    values = _by_every_criterion(version, shape)
    return reweigh(world(), values, profile=profile, weights=None if own is None else dict(own))


@st.cache_data(show_spinner=False, max_entries=60)
def stability_of(version: str, site_ids: tuple[str, ...], key: Weights) -> Acceptability:
    """Return how stable the ranks of peers are."""
    found = judged_by(version, *key)
    own = None if key[1] is None else dict(key[1])
    return stability(world(), {site_id: found[site_id] for site_id in site_ids}, weights=own)


@st.cache_resource(show_spinner=False, max_entries=4)
def _ground(version: str, shape: str) -> Ground:
    """Return what flips rest on whatever the weights."""
    return ground(with_shapes(world(), shape), _measured(version))


@waiting(message("Looking for what would change the order …"))
@st.cache_data(show_spinner=False, max_entries=60)
def flips_of(version: str, site_ids: tuple[str, ...], key: Weights) -> pd.DataFrame:
    """Return what would swap neighbours among peers."""
    judged, own = judged_by(version, *key), key[1]
    found = {site_id: judged[site_id] for site_id in site_ids}
    return flips_among(_ground(version, key[2]), found, weights=None if own is None else dict(own))


@waiting(message("Estimating what each site needs …"))
@st.cache_data(show_spinner=False)
def prices_of(version: str, *, only_firm: bool = False) -> pd.DataFrame:  # noqa: ARG001
    """Return the break-even price of every site; of firm figures alone where asked."""
    opened = world()
    return break_even(opened.sites, opened.facts, only_firm=only_firm)


@st.cache_data(show_spinner=False, max_entries=300)
def price_of(version: str, site_id: str) -> dict[Any, Any]:  # noqa: ARG001
    """Return the break-even price of a site, empty where it ships nothing: the same as among all."""
    opened = world()
    rows = break_even(opened.sites.loc[[site_id]], opened.facts).to_dict("records")
    return rows[0] if rows else {}


@st.cache_resource(show_spinner=False)
def _offers(version: str, *, only_firm: bool) -> list[Offer]:  # noqa: ARG001
    opened = world()
    return offers(opened.sites, opened.facts, only_firm=only_firm)


@st.cache_data(show_spinner=False)
def curve_of(version: str, product: str, year: int, *, only_firm: bool = False) -> pd.DataFrame:
    """Return what a floor brings by a year."""
    return supply_curve(_offers(version, only_firm=only_firm), product, year)


@st.cache_data(show_spinner=False)
def studies_of(version: str) -> pd.DataFrame:  # noqa: ARG001
    """Return published studies beside the estimates."""
    return check_studies()


@st.cache_data(show_spinner=False)
def worth_building(version: str) -> tuple[int, int, int]:  # noqa: ARG001
    """Return how many rare earth sites earn their cost at the prices of 2011 and of 2016, and of how many."""
    opened = world()
    peak, low = (positive_at(opened.sites, opened.facts, year) for year in (2011, 2016))
    return int(peak.sum()), int(low.sum()), len(peak)
