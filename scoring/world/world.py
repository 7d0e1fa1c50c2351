"""The world a site is measured against: sites, facts, infrastructure, method tables, indexes made when first asked."""

import dataclasses
import threading
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar

import geopandas as gpd
import pandas as pd

from oreway.layers.catalog import DATA, data_version
from oreway.layers.online.refresh import Refreshed, read_refreshed, replaced
from oreway.layers.read import SITE_ROLES, read_facts, read_layer, read_sites
from oreway.layers.registry import LAYERS
from oreway.layers.vocabulary import SiteKind
from oreway.scoring.errors import ScoringError
from oreway.scoring.world.criteria import Criterion, Gate, Methods, read_methods

T = TypeVar("T")


class Lazy:
    """Things made once, on first request, however many threads ask."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._made: dict[Hashable, Any] = {}

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """Return what stands under the key, making it first when nothing does."""
        found = self._made.get(key)
        if found is None:
            with self._lock:
                found = self._made.get(key)
                if found is None:
                    found = self._made[key] = make()
        made: T = found
        return made

    def without(self, words: Iterable[str]) -> "Lazy":
        """Return a copy that has forgotten what stands under a key holding one of the words."""
        dropped = set(words)
        kept = Lazy()
        with self._lock:
            items = list(self._made.items())
        for key, value in items:
            parts = key if isinstance(key, tuple) else (key,)
            if not dropped & {part for part in parts if isinstance(part, str)}:
                kept._made[key] = value
        return kept


class LayerFrames(Mapping[str, gpd.GeoDataFrame]):
    """Infrastructure and context layers by id, each read from disk when first asked for."""

    def __init__(self, data: Path, fresh: Mapping[str, tuple[gpd.GeoDataFrame, Refreshed]] | None = None) -> None:
        self._data = data
        self._fresh = fresh or {}
        self._frames = Lazy()
        self._ids = tuple(layer.id for layer in LAYERS if layer.role not in SITE_ROLES)

    def __getitem__(self, layer_id: str) -> gpd.GeoDataFrame:
        """Return the layer, indexed by feature_id, EPSG:4326."""
        if layer_id not in self._ids:
            raise KeyError(layer_id)
        return self._frames.get(layer_id, lambda: self._read(layer_id))

    def _read(self, layer_id: str) -> gpd.GeoDataFrame:
        shipped = read_layer(layer_id, self._data)
        return replaced(shipped, *self._fresh[layer_id]) if layer_id in self._fresh else shipped

    def __iter__(self) -> Iterator[str]:
        """Iterate over the ids in the order of the legend."""
        return iter(self._ids)

    def __len__(self) -> int:
        """Return how many layers there are."""
        return len(self._ids)


@dataclasses.dataclass(frozen=True, kw_only=True, repr=False)
class World:
    """Everything a measurement or a judgement needs; replace `sites` to judge other sites against the same world."""

    sites: gpd.GeoDataFrame
    facts: pd.DataFrame
    plants: gpd.GeoDataFrame
    infrastructure: Mapping[str, gpd.GeoDataFrame]
    methods: Methods
    data_version: str
    indexes: Lazy = dataclasses.field(default_factory=Lazy, compare=False, repr=False)

    def __repr__(self) -> str:
        """Return one short line: frames of this size do not belong into a message."""
        return f"World({len(self.sites)} sites, data version {self.data_version})"

    @property
    def criteria(self) -> Mapping[str, Criterion]:
        """Return the criteria by id."""
        return self.methods.criteria

    @property
    def gates(self) -> tuple[Gate, ...]:
        """Return the gates."""
        return self.methods.gates


def open_world(data: Path = DATA, *, refreshed: bool = False) -> World:
    """Open the world: sites, facts and method tables now, each other layer when it is first needed.

    Args:
        data: the data folder.
        refreshed: let layers fetched by `oreway refresh` stand in for the shipped ones, where whole and valid; the
            data version then names them.

    Raises:
        LayerError: a file is missing, damaged or breaks its schema.
        ScoringError: a method table cannot be used.
    """
    sites = read_sites(data)
    found = {layer.id: read_refreshed(layer.id) for layer in LAYERS} if refreshed else {}
    fresh = {layer_id: pair for layer_id, pair in found.items() if pair is not None}
    marks = [f"+{layer_id}-{about.retrieved}-{about.sha256[:6]}" for layer_id, (_, about) in sorted(fresh.items())]
    return World(
        sites=sites,
        facts=read_facts(data),
        plants=sites[sites["kind"] == SiteKind.PLANT],
        infrastructure=LayerFrames(data, fresh),
        methods=read_methods(data),
        data_version="".join([data_version(data), *marks]),
    )


def with_sites(world: World, sites: gpd.GeoDataFrame) -> World:
    """Return the world with other sites (an upload, say) and the same infrastructure, plants and indexes."""
    return dataclasses.replace(world, sites=sites)


def without(world: World, layer_id: str, feature_ids: Iterable[str]) -> World:
    """Return the world as it would be without some features of a layer; the given world stays as it was.

    Raises:
        ScoringError: no such layer or feature.
    """
    if layer_id not in world.infrastructure:
        raise ScoringError(f"layer {layer_id!r}: not known; choose from {', '.join(world.infrastructure)}")
    dropped, frame = list(feature_ids), world.infrastructure[layer_id]
    absent = [feature_id for feature_id in dropped if feature_id not in frame.index]
    if absent:
        raise ScoringError(f"layer {layer_id}: no feature {', '.join(absent)}; take ids from its table")
    frames = {other: world.infrastructure[other] for other in world.infrastructure if other != layer_id}
    return dataclasses.replace(world, infrastructure={**frames, layer_id: frame.drop(index=dropped)}, indexes=Lazy())
