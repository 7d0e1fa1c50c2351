"""Read a curated table of corridors (one row a point, in order) as lines; shared by roads and railways."""

from pathlib import Path

import geopandas
import shapely
from frames import overrides
from shapes import GEOD

PER_CORRIDOR = ["name", "country_code", "kind", "all_season", "accuracy_km"]


def lines(path: Path, prefix: str) -> geopandas.GeoDataFrame:
    """Return one row a corridor: its words, the gazetteers its points come from, the oldest date, and its line.

    Raises:
        ValueError: a corridor's rows disagree on its words, are out of order, or are fewer than two.
    """
    table = overrides(path)
    table["order"] = table["order"].astype(int)
    rows = []
    for corridor_id, part in table.groupby("corridor_id", sort=True):
        words = part[PER_CORRIDOR].drop_duplicates()
        if len(words) != 1 or list(part["order"]) != list(range(1, len(part) + 1)) or len(part) < 2:
            raise ValueError(f"{path.name}: {corridor_id}: words, order or number of points; mend its rows")
        line = shapely.LineString(part[["lon", "lat"]].astype(float).to_numpy())
        first = words.iloc[0]
        rows.append(
            {
                "feature_id": f"{prefix}-{corridor_id}",
                "name": first["name"],
                "country_code": first["country_code"],
                "kind": first["kind"],
                "all_season": first["all_season"],
                "length_km": round(GEOD.geometry_length(line) / 1000, 1),
                "accuracy_km": float(first["accuracy_km"]),
                "source": "curated through points of " + ", ".join(sorted(set(part["gazetteer"]))),
                "as_of": min(part["as_of"]),
                "geometry": line,
            }
        )
    return geopandas.GeoDataFrame(rows, crs="EPSG:4326")
