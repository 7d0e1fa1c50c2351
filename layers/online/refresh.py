"""Optional refresh from the official public services: cached outside data/, dated, never needed, never silently mixed.

Nothing here runs unless it is called; `layers.read` stays on the shipped data. The services stand in
data/methods/online_services.csv. A refreshed layer counts only when the whole answer came and passed its schema.
"""

import dataclasses
import logging
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import geopandas as gpd
import pandas as pd
import shapely

from oreway.layers.cache_folder import cache_folder
from oreway.layers.online.arcgis import arcgis_features
from oreway.layers.online.areas import Area, Feature, around, in_order
from oreway.layers.online.cache import Refreshed, read_cached, writable, write_layer
from oreway.layers.online.delimited import csv_features
from oreway.layers.online.errors import OfflineError, OnlineError
from oreway.layers.online.fetch import PoliteOpener, redacted
from oreway.layers.online.frame import joined, layer_frame, with_countries
from oreway.layers.online.geoparquet import AskRange, geoparquet_features
from oreway.layers.online.overpass import overpass_features
from oreway.layers.online.own_file import file_features
from oreway.layers.online.sayings import OnlineSaying
from oreway.layers.online.services import FIRST, Service, chosen, read_services
from oreway.layers.online.wfs import wfs_gml_features, wfs_json_features
from oreway.layers.read import read_sites
from oreway.layers.registry import FETCHED, LAYERS
from oreway.layers.vocabulary import SiteKind
from oreway.said import Joint, listed, why

__all__ = [
    "OfflineError", "OnlineError", "PoliteOpener", "Refreshed", "Service", "cache_faults",
    "read_refreshed", "read_services", "refresh", "refreshed_layer", "replaced",
]  # fmt: skip
READERS = {
    "arcgis": arcgis_features,
    "wfs_json": wfs_json_features,
    "wfs_gml": wfs_gml_features,
    "overpass": overpass_features,
    "csv": csv_features,
}
GEOPARQUET, PAGES, FILE = "geoparquet", "wfs_json", "file"
SITE_KINDS = (SiteKind.DEPOSIT, SiteKind.ZONE)
LOG = logging.getLogger(__name__)
Progress = Callable[[str], None]


def refresh(
    layer_ids: Sequence[str] | None = None,
    *,
    sites: gpd.GeoDataFrame | None = None,
    radius_km: float = 30.0,
    folder: Path | None = None,
    progress: Progress | None = None,
    services: Sequence[Service] | None = None,
    opener: PoliteOpener | None = None,
    file: Path | None = None,
    sheet: str = "",
) -> tuple[Refreshed, ...]:
    """Fetch layers anew and keep them in the cache; a layer that fails stays as it was.

    Args:
        layer_ids: which layers; all that have a service when None.
        sites: what to ask round, EPSG:4326 with `country_code`; the shipped deposits and zones when None.
        radius_km: how far round each site, for services asked by area.
        folder: the cache, `cache_folder()` when None; never in data/.
        progress: told one line a layer.
        services: those marked `first` in the table when None.
        opener: how to read addresses.
        file: your copy of what a service of the kind `file` gives out.
        sheet: which sheet of that file, where it has several.

    Returns:
        One entry a refreshed layer, in the order of the services.

    Raises:
        OfflineError: no service could be reached; nothing was changed.
        OnlineError: some layers failed (all named; those that went well are kept and named too).
    """
    offered = [s for s in read_services() if s.use == FIRST] if services is None else services
    groups = chosen(layer_ids, offered)
    sites = _scored_sites() if sites is None else sites
    around(sites, radius_km)
    visit = _Visit(
        sites=sites, radius_km=radius_km, folder=writable(cache_folder() if folder is None else folder),
        opener=PoliteOpener() if opener is None else opener, file=file, sheet=sheet,
    )  # fmt: skip
    say = progress or (lambda _: None)
    done: list[Refreshed] = []
    faults: list[OnlineError] = []
    for layer_id, group in groups.items():
        say(f"{layer_id}: asking {', '.join(service.id for service in group)}")
        try:
            done.append(visit.layer(layer_id, group))
        except OnlineError as fault:
            faults.append(fault)
            say(f"{layer_id}: stays as it was")
            continue
        say(f"{layer_id}: {done[-1].rows:,} rows, retrieved {done[-1].retrieved}")
    _raise(faults, done)
    return tuple(done)


def _raise(faults: Sequence[OnlineError], done: Sequence[Refreshed]) -> None:
    if not faults:
        return
    lines = list(dict.fromkeys(why(fault) for fault in faults))
    if not done and all(isinstance(fault, OfflineError) for fault in faults):
        first = OnlineSaying.AND_MORE(lines[0], len(lines) - 1) if len(lines) > 1 else lines[0]
        raise OfflineError(OnlineSaying.NOTHING_CHANGED(first))
    if done:
        lines.append(OnlineSaying.REFRESHED_SOME(listed(about.layer_id for about in done)))
    raise OnlineError(Joint.LINES(*lines))


def _scored_sites() -> gpd.GeoDataFrame:
    sites = read_sites()
    return gpd.GeoDataFrame(sites[sites["kind"].isin(SITE_KINDS)])


@dataclasses.dataclass(frozen=True, kw_only=True)
class _Visit:
    """One run of a refresh: the same sites, radius, folder and opener for every layer."""

    sites: gpd.GeoDataFrame
    radius_km: float
    folder: Path
    opener: PoliteOpener
    file: Path | None = None
    sheet: str = ""

    def layer(self, layer_id: str, group: Sequence[Service]) -> Refreshed:
        """Fetch, check and write one layer."""
        retrieved = self.opener.now().date().isoformat()
        frames, left_out, areas = [], 0, self._areas(group[0])
        for service in group:
            frame, broken = layer_frame(self._features(service, areas), service, retrieved)
            frames.append(with_countries(frame))
            left_out += broken
        frame = joined(frames, layer_id)
        scope = group[0].scope
        about = Refreshed(
            layer_id=layer_id, file="", sha256="", retrieved=retrieved, services=tuple(s.id for s in group),
            urls=tuple(redacted(s.url) for s in group), licence=group[0].licence,
            attribution="; ".join(dict.fromkeys(s.attribution for s in group)), rows=len(frame), left_out=left_out,
            scope=scope, countries=group[0].countries, radius_km=self.radius_km if scope == "areas" else None,
            areas=tuple(areas) if scope == "areas" else (),
        )  # fmt: skip
        return write_layer(frame, about, self.folder)

    def _areas(self, service: Service) -> list[Area]:
        if service.scope != "areas":
            return [service.extent]
        mine = self.sites
        if service.countries:
            mine = gpd.GeoDataFrame(mine[mine["country_code"].isin(service.countries)])
        if mine.empty:
            raise OnlineError(OnlineSaying.NO_SITE(service.id, listed(service.countries) or OnlineSaying.THE_LIST()))
        return around(mine, self.radius_km)

    def _features(self, service: Service, areas: Sequence[Area]) -> list[Feature]:
        """Ask once an area; all answers of a service together stay below the opener's cap."""
        if service.kind == GEOPARQUET:
            found = geoparquet_features(service, areas, self._ranges())
            return [
                feature
                for area, features in zip(areas, found, strict=True)
                for feature in in_order(features, area, service.id)
            ]
        if service.kind == FILE:
            found_here = file_features(service, areas[0], self.file, self.sheet)
            return in_order(found_here, areas[0], service.id)
        many = service.scope == "whole" and service.kind == PAGES
        left = int((self.opener.most_ranges_mb if many else self.opener.most_mb) * 1e6)

        def ask(address: str, form: Mapping[str, str] | None) -> bytes:
            nonlocal left
            body = self.opener.read(address, form=form, most_bytes=left)
            left -= len(body)
            return body

        read = READERS[service.kind]
        return [
            feature for area in areas for feature in in_order(read(service, area, ask), area, service.id)
        ]  # fmt: skip

    def _ranges(self) -> AskRange:
        """Return how ranges are asked for: all of a service together stay below a cap of their own."""
        left = int(self.opener.most_ranges_mb * 1e6)

        def ask(address: str, *, span: tuple[int, int] | None = None) -> bytes:
            nonlocal left
            body = self.opener.read(address, most_bytes=left, span=span)
            left -= len(body)
            return body

        return ask


def read_refreshed(layer_id: str, folder: Path | None = None) -> tuple[gpd.GeoDataFrame, Refreshed] | None:
    """Return a refreshed layer and what it is, or None when there is none; a damaged one is logged and ignored."""
    try:
        return read_cached(layer_id, cache_folder() if folder is None else folder)
    except FileNotFoundError:
        return None
    except OnlineError as fault:
        LOG.warning("%s; the shipped layer is used", fault)
        return None


def refreshed_layer(layer_id: str, folder: Path | None = None) -> gpd.GeoDataFrame | None:
    """Return a refreshed layer, indexed by feature_id, or None when there is no whole one."""
    found = read_refreshed(layer_id, folder)
    return None if found is None else found[0]


def cache_faults(folder: Path | None = None) -> list[str]:
    """Say what is damaged in the cache; empty when all is whole or nothing was ever refreshed."""
    faults = []
    for layer in (*LAYERS, *FETCHED):
        try:
            read_cached(layer.id, cache_folder() if folder is None else folder)
        except FileNotFoundError:
            continue
        except OnlineError as fault:
            faults.append(str(fault))
    return faults


def replaced(shipped: gpd.GeoDataFrame, fresh: gpd.GeoDataFrame, about: Refreshed) -> gpd.GeoDataFrame:
    """Return the shipped layer with the part a refresh covers taken out and the refreshed rows put there.

    Areas: what is shipped inside the boxes is cut away. Country: shipped rows of its countries go. Beside: none go.
    Whole: all go but ports whose depth was corrected by hand. Every row keeps its own source and as_of; both frames
    stay as they were.
    """
    if about.scope == "areas":
        boxes = shapely.union_all([shapely.box(*area.bounds) for area in about.areas])
        kept = shipped.assign(geometry=shipped.geometry.difference(boxes))
        kept = kept[~kept.geometry.is_empty]
    elif about.scope == "beside":
        kept = shipped
    elif about.scope == "country":
        kept = shipped[~shipped["country_code"].isin(about.countries)]
    else:
        kept = shipped[shipped["depth_basis"] == "curated"] if "depth_basis" in shipped.columns else shipped[:0]
    fresh = gpd.GeoDataFrame(fresh[~fresh.index.isin(kept.index)])
    if kept.empty:
        return fresh
    frame = gpd.GeoDataFrame(pd.concat([kept, fresh]), crs="EPSG:4326")
    for column in frame.columns.difference(["geometry"]):
        if isinstance(frame[column].dtype, pd.StringDtype) or frame[column].dtype == object:
            frame[column] = frame[column].fillna("")
    return frame
