"""Questions about where something is built: what is typed the wrong way round lies in mid-ocean or far inland."""

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from oreway.layers.vocabulary import Setting
from oreway.said import Said
from oreway.scoring.measure.targets import targets
from oreway.scoring.whatif.sayings import WhatIfSaying
from oreway.scoring.whatif.whatif import JOINED, Addition
from oreway.scoring.world.place import locate
from oreway.scoring.world.world import World

COAST, PORT = "coast", "port"
MOST_LAT = 90.0


def doubts(world: World, addition: Addition) -> list[Said]:
    """Return what is odd about the place of a thing to be built, as questions; none where all is well.

    A port far from any shore, anything else at sea, a line that runs over sea. Nothing is refused: islands smaller than
    the maps and ports on rivers exist.
    """
    if addition.class_ in JOINED:
        return _line_doubts(world, addition)
    lon, lat = addition.geometry.representative_point().coords[0]
    told: list[Said] = []
    at_sea = _at_sea(world, [lon], [lat])[0]
    shore_km = _shore_km(world, lon, lat)
    if addition.class_ == PORT and shore_km > world.methods.parameters["coast_tolerance_km"]:
        if at_sea:
            told.append(WhatIfSaying.PORT_AT_SEA(format(shore_km, ",.0f")))
        else:
            told.append(WhatIfSaying.PORT_INLAND(format(shore_km, ",.0f")))
    elif addition.class_ != PORT and at_sea:
        told.append(WhatIfSaying.STANDS_AT_SEA(format(shore_km, ",.0f")))
    if told and abs(lon) <= MOST_LAT and _fits(world, addition.class_, lat, lon):
        told.append(WhatIfSaying.CHANGED_OVER(format(lat, "g"), format(lon, "g")))
    return told


def _line_doubts(world: World, addition: Addition) -> list[Said]:
    points = shapely.get_coordinates(addition.geometry)
    share = float(np.mean(_at_sea(world, points[:, 0], points[:, 1])))
    told: list[Said] = []
    if share:
        told.append(WhatIfSaying.LINE_AT_SEA(format(100 * share, ".0f")))
    if share and not _over_sea(world, addition.geometry):
        told.append(WhatIfSaying.PAIRS_CHANGED_OVER())
    return told


def _over_sea(world: World, line: BaseGeometry) -> bool:
    """Tell whether a line still touches the sea, or leaves the Earth, with longitude and latitude changed over."""
    points = shapely.get_coordinates(line)
    return bool((np.abs(points[:, 0]) > MOST_LAT).any() or _at_sea(world, points[:, 1], points[:, 0]).any())


def _at_sea(world: World, lon: object, lat: object) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    place = locate(world, np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64))
    return (place["setting"] == Setting.SEABED).to_numpy()


def _shore_km(world: World, lon: float, lat: float) -> float:
    here = np.array([lon]), np.array([lat])
    return float(np.ravel(targets(world, COAST).index.query(*here).distance_km)[0])


def _fits(world: World, class_: str, lon: float, lat: float) -> bool:
    if class_ == PORT:
        return _shore_km(world, lon, lat) <= world.methods.parameters["coast_tolerance_km"]
    return not _at_sea(world, [lon], [lat])[0]
