"""What a locator map points at: the nearest places of a dossier, and how wide a window they need."""

import dataclasses

from oreway.outputs.words.reason_texts import plain_text
from oreway.scoring.dossier.dossier import Dossier

CLASSES = ("port", "deep_water_port", "airfield", "town", "road", "rail", "power", "refinery")
LARGEST_KM, FAR_FACTOR = 3500.0, 4.0
SMALLEST_KM = {"arctic": 20.0, "outback": 150.0, "temperate": 100.0, "seabed": 620.0}


@dataclasses.dataclass(frozen=True, kw_only=True)
class Target:
    """A place that one or more classes of infrastructure are nearest at."""

    name: str
    classes: tuple[str, ...]
    distance_km: float
    azimuth_deg: float


def targets(dossier: Dossier) -> list[Target]:
    """Return the nearest features of a dossier that exist, nearest first; a place with several uses stands once."""
    rows = dossier.nearest[dossier.nearest["feature_id"] != dossier.site.get("site_id")]
    present = rows[(rows["nil"] == "") & rows["distance_km"].notna() & rows["class"].isin(CLASSES)]
    found: list[Target] = []
    for row in present.sort_values(["distance_km", "class"], kind="stable").to_dict("records"):
        name, distance, azimuth = (
            " ".join(plain_text(row["name"] or "").split()),
            float(row["distance_km"]),
            float(row["azimuth_deg"]),
        )
        same = next((t for t in found if t.name == name and abs(t.distance_km - distance) < 0.02 * distance + 1), None)
        if same is None:
            found.append(Target(name=name, classes=(str(row["class"]),), distance_km=distance, azimuth_deg=azimuth))
        else:
            found[found.index(same)] = dataclasses.replace(same, classes=(*same.classes, str(row["class"])))
    return found


def window_km(places: list[Target], extent_km: float, setting: str) -> float:
    """Return the distance from the centre to the map's edge: room for the near places, not for the farthest."""
    smallest = SMALLEST_KM.get(setting, SMALLEST_KM["temperate"])
    distances = sorted(place.distance_km for place in places if "refinery" not in place.classes)
    reach = max(0.8 * smallest, 1.6 * extent_km, *distances[:1])
    for distance in distances:
        if distance <= FAR_FACTOR * max(reach, extent_km):
            reach = max(reach, distance)
    return min(1.25 * reach, LARGEST_KM)
