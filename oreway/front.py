"""Oreway from Python: frames in, frames out; the same numbers as the page and the command line.

Every function measures against the shipped world, opened once a process. Positions are (lon, lat) in degrees, WGS84;
a user's own sites are a GeoDataFrame or GeoSeries with any reference system, a DataFrame with `lon` and `lat`, a shape
in degrees, or pairs of (lon, lat). Columns that are understood besides: name, commodities, stage, position_accuracy_km.
Labels of the index become ids where no column has ids. The caller's frame stays as it was.
"""

import dataclasses
import numbers
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import TypeAlias, TypeGuard, TypeVar

import geopandas as gpd
import numpy as np
import pandas as pd
from shapely.geometry.base import BaseGeometry

from oreway.layers.tables.columns import spelled
from oreway.layers.tables.delimited import head_level
from oreway.layers.upload.raw import raw_of
from oreway.layers.upload.upload import Upload, checked
from oreway.outputs.files.export import export_layer, site_frame
from oreway.outputs.map.whole_map import WholeMap, whole_map
from oreway.outputs.report.report import report_html, site_report
from oreway.outputs.words.reason_texts import in_words
from oreway.outputs.words.translation import LANGUAGES, SOURCE, Language
from oreway.scoring.balance import balance as balances
from oreway.scoring.balance.answer import Asked
from oreway.scoring.batch.own_sites import own_world
from oreway.scoring.build import bill as bills
from oreway.scoring.dossier.dossier import dossier
from oreway.scoring.errors import ScoringError
from oreway.scoring.judge.assess import score_table
from oreway.scoring.measure import measure as measuring
from oreway.scoring.price import breakeven
from oreway.scoring.rank import acceptability
from oreway.scoring.routes import supply as routes
from oreway.scoring.whatif.changes import additions
from oreway.scoring.whatif.closing import read_closing, read_step, with_step
from oreway.scoring.whatif.whatif import compare, with_addition
from oreway.scoring.world.world import World, open_world

Frame = TypeVar("Frame", bound=pd.DataFrame)
Own: TypeAlias = (
    "gpd.GeoDataFrame | gpd.GeoSeries | pd.DataFrame | BaseGeometry | np.ndarray[tuple[int, ...], np.dtype[np.float64]]"
    " | Sequence[tuple[float, float]]"
)


@cache
def world() -> World:
    """Return the shipped world, opened when first asked for."""
    return open_world()


def sites(*, scores: bool = False) -> gpd.GeoDataFrame:
    """Return the catalogue, indexed by site_id, EPSG:4326.

    Args:
        scores: add total, bounds, coverage, gates and what each criterion contributes.
    """
    return site_frame(world(), scores=scores)


def facts(site_id: str) -> pd.DataFrame:
    """Return every fact of a site, each with source and date.

    Raises:
        ScoringError: no such site.
    """
    _known(site_id)
    every = world().facts
    return every[every["site_id"] == site_id].reset_index(drop=True)


def nearest(points: "Own | tuple[float, float]", classes: Iterable[str] | None = None) -> pd.DataFrame:
    """Return the nearest of each class of infrastructure, on the WGS84 ellipsoid.

    Args:
        points: one (lon, lat), or own sites.
        classes: port, deep_water_port, airfield, town, road, rail, power, refinery, coast, ice; None for all.

    Returns:
        A row a point and class: class, name, lon, lat, distance_km, low_km, high_km, azimuth_deg, method, nil, source,
        as_of and more; for own sites the index is theirs. Where nil is not empty there is no distance, and note says
        why.

    Raises:
        ScoringError: a coordinate or a class cannot be used.
        UploadError: no row has a position that can be used.
    """
    wanted = None if classes is None else list(classes)
    if _is_pair(points):
        lon, lat = (float(one) for one in points)
        return in_words(measuring.nearest(world(), lon, lat, classes=wanted))
    own = _own(points)
    rows = measuring.measure(own_world(world(), own.sites), classes=wanted)
    return _told(in_words(rows).set_index("site_id"), own)


def score(
    own_sites: "Own | None" = None,
    *,
    profile: str | None = None,
    weights: Mapping[str, float] | None = None,
) -> gpd.GeoDataFrame:
    """Return scores of 0 to 100 with bounds, coverage, gates and contributions that add up to the total.

    Args:
        own_sites: own sites; None for the catalogue.
        profile: greenland, outback, seabed or equal; None for the one of each site's setting.
        weights: criterion -> weight, in place of a profile.

    Returns:
        GeoDataFrame, EPSG:4326, indexed by site_id: the sites' own columns, then the scores.

    Raises:
        ScoringError: an unknown profile or weight.
        UploadError: no row has a position that can be used.
    """
    own = None if own_sites is None else _own(own_sites)
    judged = world() if own is None else own_world(world(), own.sites)
    table = score_table(judged, profile=profile, weights=weights).set_index("site_id")
    source = judged.sites if own is None else own.sites
    kept = source.loc[table.index, [name for name in source.columns if name not in table.columns]]
    return _told(gpd.GeoDataFrame(kept.join(table), geometry="geometry", crs="EPSG:4326"), own)


def rank(
    profile: str | None = None, *, draws: int | None = None, seed: int = 0, weights: Mapping[str, float] | None = None
) -> pd.DataFrame:
    """Return the ranks of the catalogue's sites and how stable they are over weights and values (SMAA).

    Raises:
        ScoringError: an unknown profile or weight.
    """
    return acceptability.rank(world(), profile, draws, seed, weights=weights)


def bill(site_id: str) -> pd.DataFrame:
    """Return what has to be built from zero, item by item, in US$ million with bounds.

    Raises:
        ScoringError: no such site, or one that has no bill.
    """
    _known(site_id)
    found = bills.bill(world(), site_id)
    table = in_words(found.items)
    table.attrs.update({"unit": "US$ million", **found.totals})
    return table


def price(
    site_id: str | None = None, *, firm: bool = False, draws: int = breakeven.DRAWS, seed: int = 0
) -> pd.DataFrame:
    """Return the price a site needs to break even, P10 to P90, what drives it and which price decks it survives.

    Args:
        site_id: a site of the catalogue; None for all.
        firm: leave out tonnes, grades, the pace of mining and money that one weak page alone prints.
        draws: draws a site.
        seed: their seed.

    Returns:
        A row a site, indexed by site_id, as `oreway.scoring.price.breakeven.break_even` says; `missing` is not empty
        where there is no price.

    Raises:
        ScoringError: no such site, or too few draws.
    """
    if site_id is not None:
        _known(site_id)
    chosen = world().sites if site_id is None else world().sites.loc[[site_id]]
    return in_words(breakeven.break_even(chosen, world().facts, draws=draws, seed=seed, only_firm=firm))


def supply(site_id: str, *, to: str | None = None, close: Sequence[str] = ()) -> routes.Supply:
    """Return the ways from a site by port to the plants that could take its product, leg by leg.

    Args:
        site_id: a site of the catalogue.
        to: only this plant.
        close: passages that are closed, e.g. suez.

    Raises:
        ScoringError: no such site, plant or passage, or a site that ships nothing.
    """
    _known(site_id)
    return routes.supply(world(), site_id, to=to, closed=close)


def balance(
    element: str = "NdPr", *, rule: str = "no_chinese_step", draws: int | None = None, seed: int = 0
) -> pd.DataFrame:
    """Return the tonnes a year that could reach each step of the chain without a Chinese step, by year and bloc.

    `attrs["demand"]` holds the demand outside China and the gap to it, `attrs["held_back"]` what holds the chain back.

    Args:
        element: NdPr or DyTb.
        rule: what counts: no_chinese_step, country, owner or country_and_owner.
        draws: random draws of what gets built, when and how fast; None for as many as page and command take.
        seed: of the draws.

    Raises:
        ScoringError: the element or the rule is not known.
    """
    inputs = balances.read_inputs()
    found = balances.balance(
        inputs,
        Asked(
            element=element,
            rule=rule,
            draws=draws or int(inputs.tables.number("draws")),
            seed=seed,
            years=inputs.tables.years,
        ),
    )
    found.table.attrs["demand"] = found.demand.to_dict("records")
    found.table.attrs["held_back"] = [dataclasses.asdict(one) for one in found.held]
    return found.table


def whatif(add: gpd.GeoDataFrame | None = None, change: Sequence[str] = (), close: Sequence[str] = ()) -> pd.DataFrame:
    """Return every site before and after something is built or closed, or a fact is changed.

    Args:
        add: what is built, each row with `class` (port, airfield, road, rail, power) and its geometry.
        change: SITE:FIELD=VALUE, e.g. "gl-tanbreez:stage=fs".
        close: CLASS:NAME, e.g. "port:Darwin"; class port, airfield, power or refinery; a name or an id.

    Raises:
        ScoringError: a class, a site, a field or what is to be closed is not known.
        UploadError: no row has a position that can be used.
    """
    if add is None and not change and not close:
        raise ScoringError("whatif: nothing changes; give add, change or close")
    after = world()
    for one in [] if add is None else additions(_own(add).sites, "add"):
        after = with_addition(after, one)
    for step in (*map(read_step, change), *map(read_closing, close)):
        after = with_step(after, step)
    return compare(world(), after)


def export(layer: str, path: str | Path, *, scores: bool = False) -> int:
    """Write a layer, or "all" sites, in the format of the path's ending; return the number of features.

    Raises:
        OutputError: the ending is not known, or the file cannot be written.
        LayerError: no such layer.
    """
    return export_layer(world(), layer, Path(path), scores=scores)


def report(site_id: str, *, form: str = "pdf", lang: Language = SOURCE) -> bytes:
    """Return the site-feasibility report of a site.

    Args:
        site_id: a site of the catalogue.
        form: pdf or html.
        lang: en or ja.

    Raises:
        ScoringError: no such site, form or language.
    """
    _known(site_id)
    _spoken(lang)
    if form not in {"pdf", "html"}:
        raise ScoringError(f"report: form {form!r}; choose pdf or html")
    found = dossier(world(), site_id)
    if form == "pdf":
        return site_report(found, world=world(), lang=lang)
    return report_html(found, world=world(), lang=lang).encode("utf-8")


def site_map(shown: gpd.GeoDataFrame | None = None, *, lang: Language = SOURCE) -> WholeMap:
    """Return a Folium map that needs no network; a notebook shows it, `.save("map.html")` writes it as one file.

    Args:
        shown: sites indexed by site_id with name, lon and lat, such as those of `sites` or `score`; None for the
            catalogue with its scores.
        lang: language of the words, en or ja.

    Raises:
        ScoringError: no such language.
    """
    _spoken(lang)
    return whole_map(sites(scores=True), lang, world=world()) if shown is None else whole_map(shown, lang)


def _spoken(lang: object) -> None:
    if lang not in LANGUAGES:
        raise ScoringError(f"language {lang!r}: not known; choose from {', '.join(LANGUAGES)}")


def _known(site_id: str) -> None:
    measuring.chosen_sites(world(), [site_id])


def _is_pair(points: object) -> TypeGuard[Sequence[float]]:
    """Tell whether something is one (lon, lat)."""
    if not isinstance(points, (tuple, list, np.ndarray)) or len(points) != 2:
        return False
    return all(isinstance(one, numbers.Real) for one in points)


def _own(points: "Own | Sequence[float]") -> Upload:
    """Return a caller's sites, checked."""
    frame = _framed(points)
    absent = [name for name in ("lon", "lat") if name not in frame.columns]
    if absent and not isinstance(frame, gpd.GeoDataFrame) and not head_level([str(name) for name in frame.columns]):
        raise ScoringError(f"sites: no column {' and '.join(absent)}; give lon and lat, or a GeoDataFrame")
    if frame.empty:
        raise ScoringError("sites: no rows; give at least one site")
    labels = frame.index
    if not isinstance(labels, (pd.RangeIndex, pd.MultiIndex)) and "site_id" not in (
        labels.name, *spelled([str(name) for name in frame.columns])
    ):  # fmt: skip
        frame = frame.assign(site_id=[str(label) for label in labels])
    return checked(raw_of(frame), "sites")


def _framed(points: "Own | Sequence[float]") -> pd.DataFrame:
    if isinstance(points, pd.DataFrame):
        return points
    if isinstance(points, gpd.GeoSeries):
        return gpd.GeoDataFrame(geometry=points)
    if isinstance(points, BaseGeometry):
        return gpd.GeoDataFrame(geometry=[points], crs="EPSG:4326")
    listed = [points] if _is_pair(points) else points
    if isinstance(listed, (list, tuple, np.ndarray)) and len(listed) and all(_is_pair(one) for one in listed):
        return pd.DataFrame([tuple(map(float, one)) for one in listed], columns=["lon", "lat"])
    raise ScoringError(
        f"sites: a {type(points).__name__}; give (lon, lat) pairs, a GeoDataFrame, or a DataFrame with lon and lat"
    )


def _told(frame: Frame, own: Upload | None) -> Frame:
    """Return the frame with what was noted and left out on the way, in its attrs."""
    if own is not None:
        frame.attrs.update({"notes": list(own.notes), "rejected": list(own.rejected)})
    return frame
