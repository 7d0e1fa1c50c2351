"""The ways of a bill as a file, as lines on the map, and in words."""

from collections.abc import Mapping
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from oreway.outputs.files.export import provenance, to_geojson
from oreway.outputs.words.formatting import Language, amount, label
from oreway.scoring.build.bill import Bill, Way

BY = ("ports", "roads", "road_network", "power", "coast")  # what the ways lead to or along


def way_note(way: Way, lang: Language) -> str:
    """Return how a length was found, in words; "" for a straight line times its detour."""
    cell = "" if way.cell_km is None else amount(way.cell_km, lang)
    template = {"least_cost": "way_least_cost", "network": "way_network"}.get(way.method)
    return label(template, lang).format(cell=cell, km=amount(way.detour_km, lang)) if template else ""


def ways_geojson(found: Bill) -> bytes:
    """Return the ways of a bill as GeoJSON lines with their lengths, method and what they pay by layer."""
    rows = [_row(number, way) for number, way in enumerate(found.ways, start=1)]
    lines = [shapely.LineString(np.column_stack([way.lon, way.lat])) for way in found.ways]
    frame = gpd.GeoDataFrame(pd.DataFrame(rows), geometry=lines, crs="EPSG:4326")
    return to_geojson(frame.set_index("way_id") if rows else frame, provenance(BY) | {"site_id": found.site_id})


def _row(number: int, way: Way) -> Mapping[str, object]:
    lengths = zip(("length_low_km", "length_km", "length_high_km"), way.length_km, strict=True)
    return {
        "way_id": f"{way.item_id}-{number}", "item_id": way.item_id, "target": way.target, "method": way.method,
        **dict(lengths), "straight_km": way.straight_km[1], "straight_with_detour_km": way.detour_km,
        "cost_km_of_level_ground": way.cost, **{f"paid_{name}": value for name, value in way.paid.items()},
        "scale": way.scale,
    }  # fmt: skip


def ways_drawing(found: Bill, lang: Language) -> list[dict[str, Any]]:
    """Return what has to be built as the map draws it (see `route_tables.drawing`); trucks on old roads left out."""
    drawn = []
    for way in found.ways:
        if way.item_id == "haul_fleet" or way.length_km[1] == 0:
            continue
        places = np.column_stack([np.unwrap(way.lon, period=360), way.lat]).round(3).tolist()
        words = f"{label(f'item_{way.item_id}', lang)} {amount(way.length_km[1], lang)} km"
        drawn.append({"points": places, "mode": "built", "sure": way.method != "straight", "text": words})
    return drawn
