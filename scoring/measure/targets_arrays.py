"""What each class is measured against, made ready for millions of points: ids, accuracies, landmasses and indexes."""

import dataclasses

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from oreway.geo.nearest import NearestIndex
from oreway.scoring.measure.classes import ABSENT, INAPPLICABLE, PRESENT, UNKNOWN
from oreway.scoring.measure.junctions import JUNCTIONS
from oreway.scoring.measure.targets import Targets, class_rule, landmass_of, plant_targets, serving
from oreway.scoring.world.criteria import words
from oreway.scoring.world.disk_cache import Store, fingerprint, positions
from oreway.scoring.world.place import Floats, network_state
from oreway.scoring.world.place_cells import OUT, SETTINGS, Areas, Ints, Labels, Locator, holders, make_cells
from oreway.scoring.world.world import World

Texts = npt.NDArray[np.object_]
NILS = ("", UNKNOWN, INAPPLICABLE, ABSENT, "withheld")
ON_LANDMASS = ("town", "road", "rail", "power")  # the classes classes.csv may bind to the point's own landmass
STEP_KM = 10.0
BOW_KM = 0.1  # three times what a geodesic of 10 km at 83 degrees north strays from a straight lon/lat line
PORTS = ("port", "deep_water_port")


@dataclasses.dataclass(frozen=True, kw_only=True)
class ClassTargets:
    """The features of one class: `home` is the landmass of each, empty where the class is not bound to one.

    ids hold the features first, then what else may stand in an answer: the edges of the junction network.
    """

    index: NearestIndex
    ids: Texts
    accuracy_km: Floats
    home: Ints
    bound_to_landmass: bool
    edges: pd.Index


@dataclasses.dataclass(frozen=True, kw_only=True)
class IceMap:
    """One map of the ice: `parts` are single polygons, `owner` the feature of each."""

    index: NearestIndex
    outlines: NearestIndex
    cells: Labels
    parts: Texts
    owner: Ints
    first: int
    ids: Texts
    accuracy_km: Floats

    def holder(self, lon: Floats, lat: Floats) -> Ints:
        """Return the first feature that holds each point, OUT for none; may err by BOW_KM from an edge."""
        last = holders(self.parts[::-1], lon, lat)
        return np.append(self.owner[::-1], OUT)[last]


@dataclasses.dataclass(frozen=True, kw_only=True)
class States:
    """State of a class by country and setting: a code of NILS, 0 for present, and whether the layer is complete."""

    nil: npt.NDArray[np.int8]
    complete: npt.NDArray[np.bool_]


def class_targets(world: World, store: Store, locator: Locator, class_: str) -> ClassTargets:
    """Return the features of a class that is read from one layer; leaves its index with the world for others."""
    frame = serving(world, class_)
    index = store.index(f"{class_}-{fingerprint(frame.index)}", lambda: NearestIndex.build(frame.geometry))
    world.indexes.get(("targets", class_), lambda: Targets(frame=frame, index=index))
    bound = class_rule(world, class_)["same_landmass"] == "yes"

    def landmass_codes() -> npt.NDArray[np.int16]:
        return positions(locator.landmass_ids, landmass_of(world, frame)).astype(np.int16)

    home = (
        store.array(f"home-{class_}-{fingerprint(frame.index)}", landmass_codes)
        if bound or class_ in PORTS
        else np.empty(0, np.int16)
    )
    if bound:
        ids = np.append(locator.landmass_ids.to_numpy(dtype=object), "")
        world.indexes.get(("landmass_of", class_), lambda: ids[home])
    edges = world.infrastructure[JUNCTIONS[class_]].index if class_ in JUNCTIONS else pd.Index([], dtype=object)
    accuracy = pd.to_numeric(frame["accuracy_km"]).fillna(0.0).to_numpy(dtype=float)
    junction = np.full(len(edges), world.methods.parameters["junction_accuracy_km"])
    return ClassTargets(
        index=index,
        ids=np.concatenate([frame.index.to_numpy(dtype=object), edges.to_numpy(dtype=object)]),
        accuracy_km=np.concatenate([accuracy, junction]),
        home=home.astype(np.int64),
        bound_to_landmass=bound,
        edges=edges,
    )


def plants_for(world: World, chain_stages: str) -> tuple[NearestIndex, Ints]:
    """Return the index of the operating plants for some steps, and the place of each among all plants."""
    found = plant_targets(world, words(chain_stages))
    return found.index, positions(world.plants.index, found.frame.index)


def ice_map(world: World, store: Store, name: str, first: int) -> IceMap:
    """Return one map of the ice; `first` is where its features stand among those of all maps."""
    layer = world.infrastructure["ice"]
    frame = layer[layer["source"] == name]
    mark = fingerprint(frame.index)
    parts, owner = shapely.get_parts(frame.geometry.to_numpy(dtype=object), return_index=True)
    shapely.prepare(parts)
    index = store.index(f"ice-{name}-lonlat-{mark}", lambda: NearestIndex.build(frame.geometry, edge="lonlat"))
    world.indexes.get(("ice", name), lambda: Targets(frame=frame, index=index))
    chart = IceMap(
        index=index,
        outlines=store.index(
            f"ice-{name}-outlines-lonlat-{mark}", lambda: NearestIndex.build(frame.geometry.boundary, edge="lonlat")
        ),
        cells=np.empty((0, 0), np.int16),
        parts=parts,
        owner=owner.astype(np.int64),
        first=first,
        ids=frame.index.to_numpy(dtype=object),
        accuracy_km=pd.to_numeric(frame["accuracy_km"]).fillna(0.0).to_numpy(dtype=float),
    )
    reach = world.methods.parameters["ice_reach_km"]
    areas = Areas(
        outlines=chart.outlines, holder=chart.holder, reach_km=reach, bow_km=BOW_KM, knows_near=True
    )  # fmt: skip
    return dataclasses.replace(chart, cells=store.array(f"cells-ice-lonlat-{name}-{mark}", lambda: make_cells(areas)))


def class_states(world: World, locator: Locator, class_: str) -> States:
    """Return the state of a class in every country and setting."""
    shape = (len(locator.country_codes), len(SETTINGS))
    nil, complete = np.zeros(shape, np.int8), np.zeros(shape, np.bool_)
    for i, code in enumerate(locator.country_codes):
        for j, setting in enumerate(SETTINGS):
            state = network_state(world, class_, code, setting)
            nil[i, j] = 0 if state.state == PRESENT else NILS.index(state.state)
            complete[i, j] = state.complete
    return States(nil=nil, complete=complete)
