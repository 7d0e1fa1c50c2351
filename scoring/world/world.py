"""The world a site is measured against: sites, facts, infrastructure, method tables, and what was made of them."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from oreway.later import later
from oreway.layers.answers import answer, mark, ready
from oreway.layers.catalog import DATA, data_version
from oreway.layers.registry import LAYERS, SITE_ROLES
from oreway.layers.vocabulary import Nil, SiteKind
from oreway.said import listed
from oreway.scoring.errors import ScoringError
from oreway.scoring.reasons import Code, note
from oreway.scoring.sayings import ScoringSaying
from oreway.scoring.world.criteria import Criterion, Gate, Methods, read_methods
from oreway.scoring.world.memory import Memory

with later(__name__):
    import geopandas as gpd
    import pandas as pd

    from oreway.layers.networks import NetworkTable, read_network
    from oreway.layers.online.refresh import Refreshed, read_refreshed, replaced
    from oreway.layers.read import read_facts, read_layer, read_sites


WHOLE = "parameters of a world that was whole"


class LayerFrames(Mapping[str, "gpd.GeoDataFrame"]):
    """Infrastructure and context layers by id, each read from disk when first asked for."""

    def __init__(self, data: Path, fresh: Mapping[str, tuple[gpd.GeoDataFrame, Refreshed]] | None = None) -> None:
        self._data = data
        self._fresh = fresh or {}
        self._frames = Memory()
        self._ids = tuple(layer.id for layer in LAYERS if layer.role not in SITE_ROLES)

    def __getitem__(self, layer_id: str) -> gpd.GeoDataFrame:
        """Return the layer, indexed by feature_id, EPSG:4326."""
        if layer_id not in self._ids:
            raise KeyError(layer_id)
        return self._frames.get((self._read, layer_id), lambda: self._read(layer_id))

    def _read(self, layer_id: str) -> gpd.GeoDataFrame:
        shipped = read_layer(layer_id, self._data)
        return replaced(shipped, *self._fresh[layer_id]) if layer_id in self._fresh else shipped

    def __iter__(self) -> Iterator[str]:
        """Iterate over the ids in the order of the legend."""
        return iter(self._ids)

    def __len__(self) -> int:
        """Return how many layers there are."""
        return len(self._ids)

    def token(self, layer_id: str) -> object:
        """Return what stands for a layer without reading it: the very same for as long as the layer is."""
        return self._frames.get((self.token, layer_id), object)

    def network(self, layer_id: str) -> NetworkTable | None:
        """Return a network as arrays, a frame of which takes ten times as long; None where it was refreshed."""
        if layer_id in self._fresh:
            return None
        return self._frames.get((self.network, layer_id), lambda: read_network(layer_id, self._data))


class ChangedFrames(Mapping[str, "gpd.GeoDataFrame"]):
    """Layers of a world of which some are others."""

    def __init__(self, base: Mapping[str, gpd.GeoDataFrame], others: Mapping[str, gpd.GeoDataFrame]) -> None:
        self._base, self._others = base, others

    def __getitem__(self, layer_id: str) -> gpd.GeoDataFrame:
        """Return the layer."""
        return self._others[layer_id] if layer_id in self._others else self._base[layer_id]

    def __iter__(self) -> Iterator[str]:
        """Iterate over the ids."""
        return iter(self._base)

    def __len__(self) -> int:
        """Return how many layers there are."""
        return len(self._base)

    def token(self, layer_id: str) -> object:
        """Return what stands for a layer without reading it."""
        return self._others[layer_id] if layer_id in self._others else token(self._base, layer_id)

    def network(self, layer_id: str) -> NetworkTable | None:
        """Return a network as arrays, None where there is only a frame of it."""
        return None if layer_id in self._others else as_network(self._base, layer_id)


def token(frames: Mapping[str, gpd.GeoDataFrame], layer_id: str) -> object:
    """Return what stands for a layer, the very same for as long as the layer is; None where there is none."""
    return frames.token(layer_id) if isinstance(frames, (LayerFrames, ChangedFrames)) else frames.get(layer_id)


def as_network(frames: Mapping[str, gpd.GeoDataFrame], layer_id: str) -> NetworkTable | None:
    """Return a network as arrays where it is shipped so, else None."""
    return frames.network(layer_id) if isinstance(frames, (LayerFrames, ChangedFrames)) else None


@dataclasses.dataclass(frozen=True, kw_only=True, repr=False)
class World:
    """Everything a measurement or a judgement needs; replace `sites` to judge other sites against the same world.

    base is the world this one was changed from: what was made of parts that both share is made once (see `kept`).
    mark is that of the shipped data and of the code (see `layers.answers`); a world made or changed otherwise has none.
    """

    sites: gpd.GeoDataFrame
    facts: pd.DataFrame
    plants: gpd.GeoDataFrame
    infrastructure: Mapping[str, gpd.GeoDataFrame]
    methods: Methods
    data_version: str
    base: World | None = dataclasses.field(default=None, compare=False, repr=False)
    memory: Memory = dataclasses.field(default_factory=Memory, init=False, compare=False, repr=False)
    mark: str | None = dataclasses.field(default=None, init=False, compare=False, repr=False)

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


READ: Mapping[str, Callable[[], Any]] = {
    "sites": lambda: read_sites(DATA),
    "facts": lambda: read_facts(DATA),
    "infrastructure": lambda: LayerFrames(DATA),
    "data_version": lambda: data_version(DATA),
}


class Shipped(World):
    """The shipped world, found whole under its mark before: each part is read when it is first asked for."""

    @classmethod
    def of(cls, seen: str, parameters: Mapping[str, float]) -> Shipped:
        """Return the shipped world of a mark."""
        world = object.__new__(cls)
        parts = {"base": None, "memory": Memory(), "mark": seen, "methods": ShippedMethods.of(parameters)}
        world.__dict__.update(parts)
        return world

    def __getattr__(self, name: str) -> Any:
        """Read a part."""
        if name == "plants":
            return self._once(name, lambda: self.sites[self.sites["kind"] == SiteKind.PLANT])
        if name not in READ:
            raise AttributeError(name)
        return self._once(name, READ[name])

    def _once(self, name: str, read: Callable[[], Any]) -> Any:
        """Keep a part that was read; of two threads one reads."""
        self.__dict__[name] = found = self.memory.get((Shipped, name), read)
        return found


class ShippedMethods(Methods):
    """The shipped methods: parameters at hand, tables read when they are first asked for."""

    @classmethod
    def of(cls, parameters: Mapping[str, float]) -> ShippedMethods:
        """Return the methods with these parameters."""
        methods = object.__new__(cls)
        methods.__dict__.update({"parameters": parameters, "memory": Memory()})
        return methods

    def __getattr__(self, name: str) -> Any:
        """Read all tables, once."""
        if name not in {"criteria", "gates", "weights", "tables"}:
            raise AttributeError(name)
        memory: Memory = self.__dict__["memory"]
        read = memory.get(name, lambda: memory.get("methods", lambda: read_methods(DATA)))
        self.__dict__[name] = found = getattr(read, name)
        return found


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
    seen = mark() if data == DATA and not refreshed else None
    if seen is not None and (parameters := ready(WHOLE, seen)) is not None:
        return Shipped.of(seen, parameters)
    sites = read_sites(data)
    found = {layer.id: read_refreshed(layer.id) for layer in LAYERS} if refreshed else {}
    fresh = {layer_id: pair for layer_id, pair in found.items() if pair is not None}
    marks = [f"+{layer_id}-{about.retrieved}-{about.sha256[:6]}" for layer_id, (_, about) in sorted(fresh.items())]
    world = World(
        sites=sites,
        facts=read_facts(data),
        plants=sites[sites["kind"] == SiteKind.PLANT],
        infrastructure=LayerFrames(data, fresh),
        methods=with_fetched(read_methods(data), fresh),
        data_version="".join([data_version(data), *marks]),
    )
    object.__setattr__(world, "mark", seen)
    if seen is not None:
        answer(WHOLE, lambda: dict(world.methods.parameters), seen)
    return world


def with_fetched(methods: Methods, fresh: Mapping[str, tuple[gpd.GeoDataFrame, Refreshed]]) -> Methods:
    """Return the methods in which a country without a layer of a class has at least what was fetched there."""
    networks = methods.tables["networks"]
    state = {(row.country_code, row["class"]): row.state for _, row in networks.iterrows()}
    rows = []
    for class_, layer_id in zip(methods.tables["classes"]["class"], methods.tables["classes"]["layer"], strict=True):
        frame, about = fresh.get(layer_id, (None, None))
        if frame is None or about is None:
            continue
        for code in sorted(set(frame["country_code"]) - {""}):
            if state.get((code, class_), state.get(("*", class_), "")) == Nil.UNKNOWN:
                reason = note(Code.FETCHED, str(about.retrieved))
                row = {"country_code": code, "class": class_, "state": "present", "complete": "no", "reason": reason}
                rows.append({**row, "as_of": about.retrieved, "source": about.attribution})
    if not rows:
        return methods
    kept = networks[~pd.MultiIndex.from_frame(networks[["country_code", "class"]]).isin([
        (row["country_code"], row["class"]) for row in rows
    ])]  # fmt: skip
    joined = pd.concat([kept, pd.DataFrame(rows)[networks.columns]], ignore_index=True)
    return dataclasses.replace(methods, tables={**methods.tables, "networks": joined})


def with_sites(world: World, sites: gpd.GeoDataFrame) -> World:
    """Return the world with other sites (an upload, say) and the same infrastructure and plants."""
    return changed(world, sites=sites)


def with_layer(world: World, layer_id: str, frame: gpd.GeoDataFrame) -> World:
    """Return the world with other features in one layer."""
    return changed(world, infrastructure=ChangedFrames(world.infrastructure, {layer_id: frame}))


def changed(world: World, **parts: Any) -> World:
    """Return the world with other parts; the given world stays as it was, and what both have in common is made once."""
    return dataclasses.replace(world, **parts, base=world)


def without(world: World, layer_id: str, feature_ids: Iterable[str]) -> World:
    """Return the world as it would be without some features of a layer; the given world stays as it was.

    Raises:
        ScoringError: no such layer or feature.
    """
    if layer_id not in world.infrastructure:
        raise ScoringError(ScoringSaying.NO_LAYER(repr(layer_id), listed(world.infrastructure)))
    dropped, frame = list(feature_ids), world.infrastructure[layer_id]
    absent = [feature_id for feature_id in dropped if feature_id not in frame.index]
    if absent:
        raise ScoringError(ScoringSaying.NO_FEATURE(layer_id, listed(absent)))
    return with_layer(world, layer_id, frame.drop(index=dropped))
