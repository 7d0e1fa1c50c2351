"""The only cache of the page: the world once a server, answers once a question."""

import pandas as pd
import streamlit as st

from oreway.layers.catalog import verified_path
from oreway.outputs.files import map_files
from oreway.outputs.files.export import site_features
from oreway.outputs.map.backgrounds import backgrounds
from oreway.outputs.report.report import site_report
from oreway.outputs.words.formatting import Language
from oreway.outputs.words.translation import SOURCE
from oreway.scoring.dossier.dossier import Dossier, dossier
from oreway.scoring.judge.assess import Assessment, assess
from oreway.scoring.measure import measure
from oreway.scoring.world.world import World, open_world
from oreway.views.assets import publish, shipped

SHIPPED = {
    "relief-sea": "base_relief_sea", "relief-land": "base_relief_land", "land": "base_land", "ice": "base_ice",
    "borders": "base_borders", "country-names": "base_country_names", "places": "base_places",
}  # fmt: skip
CREDIT = "Natural Earth · GSHHG · NOAA ETOPO · GeoNames · NGA World Port Index · OurAirports · © OpenStreetMap"


@st.cache_resource(show_spinner=False)
def world() -> World:
    """Open the shipped world."""
    return open_world()


@st.cache_resource(show_spinner=False)
def _judged(version: str) -> tuple[dict[str, pd.DataFrame], dict[str, Assessment]]:  # noqa: ARG001 - the cache's key
    """Measure and judge every site at once, which is as quick as a few one by one."""
    measurements = measure.measure(world())
    rows = {str(key): found.drop(columns="site_id") for key, found in measurements.groupby("site_id", sort=False)}
    return rows, assess(world(), measurements)


def assessments(version: str) -> dict[str, Assessment]:
    """Return the judgement of every scored site, each by its own profile."""
    return _judged(version)[1]


@st.cache_data(show_spinner=False)
def scores(version: str) -> pd.DataFrame:
    """Return total, bounds, coverage and the gates that are not open, by site_id."""
    found = assessments(version)
    return pd.DataFrame(
        {
            "total": [one.total for one in found.values()],
            "total_low": [one.total_low for one in found.values()],
            "total_high": [one.total_high for one in found.values()],
            "coverage": [one.coverage for one in found.values()],
        },
        index=list(found),
        dtype=float,
    )


def site_brief(version: str, site_id: str) -> Dossier:
    """Return what the panel shows of a site: everything but the notes on what is not known."""
    opened = world()
    rows, found = _judged(version)
    return Dossier(
        site={"site_id": site_id, **{str(key): value for key, value in opened.sites.loc[site_id].items()}},
        facts=opened.facts[opened.facts["site_id"] == site_id].reset_index(drop=True),
        nearest=rows[site_id],
        assessment=found.get(site_id),
        data_version=version,
        notes=(),
    )


@st.cache_data(show_spinner=False, max_entries=500)
def site_dossier(version: str, site_id: str) -> Dossier:  # noqa: ARG001
    """Return everything known of one site."""
    return dossier(world(), site_id)


@st.cache_data(show_spinner=False, max_entries=50)
def geojson(version: str, site_ids: tuple[str, ...]) -> bytes:  # noqa: ARG001
    """Return sites with their scores as GeoJSON."""
    return site_features(world(), site_ids, scores=True)


@st.cache_data(show_spinner=False, max_entries=200)
def report(version: str, site_id: str, lang: Language) -> bytes:
    """Return the PDF report of a site."""
    return site_report(site_dossier(version, site_id), world=world(), lang=lang)


@st.cache_data(show_spinner=False)
def background_urls(version: str) -> dict[str, str]:  # noqa: ARG001
    """Publish what lies under and over the sites; return the addresses by stem.

    A layer that is not in the catalogue has no address, and no switch on the map.
    """
    urls = {stem: shipped(dataset_id) for stem, dataset_id in SHIPPED.items()}
    return urls | {stem: publish(stem, content) for stem, content in backgrounds(world()).items()}


@st.cache_data(show_spinner=False)
def _sites_url(version: str, lang: Language) -> str:
    return publish(f"sites-{lang}", map_files.site_collection(world().sites, scores(version)["total"], lang))


@st.cache_data(show_spinner=False)
def _country_names_url(version: str, lang: Language) -> str:  # noqa: ARG001
    frame = world().infrastructure["countries"]
    codes = dict(zip(frame["name"].astype(str), frame["country_code"].astype(str), strict=True))
    content = verified_path(SHIPPED["country-names"]).read_bytes()
    return publish(f"country-names-{lang}", map_files.names_in(content, codes, lang))


@st.cache_data(show_spinner=False)
def map_url(version: str, lang: Language) -> str:
    """Publish the sites and the map's description; return its address."""
    urls = background_urls(version) | {"sites": _sites_url(version, lang)}
    if lang != SOURCE:
        urls["country-names"] = _country_names_url(version, lang)
    return publish(f"map-{lang}", map_files.describe(urls, CREDIT, lang), "json")


def ahead(version: str, lang: Language) -> list[str]:
    """Return the addresses without which the map does not stand: land and sites."""
    return [background_urls(version)["land-far"], _sites_url(version, lang)]


def measurements(version: str) -> dict[str, pd.DataFrame]:
    """Return what is nearest to each site, by site_id."""
    return _judged(version)[0]
