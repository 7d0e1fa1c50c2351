"""Make the site layers: hand-kept CSV tables → checked GeoParquet with geometry, and one facts table.

Correct a fact by editing one line of data/sites/*_facts.csv and running `make data`.
"""

import sys
from pathlib import Path

import geopandas as gpd
import pandas as pd
import shapely

from oreway.geo.geodesy import disc, measuring_point
from oreway.layers.backing import backing
from oreway.layers.errors import SchemaError
from oreway.layers.evidence import TABLES, check_evidence, read_evidence
from oreway.layers.read import read_text_table
from oreway.layers.schema import FACT_COLUMNS, check_facts, check_sites
from oreway.scoring.balance.tables import check_states, read_tables
from scripts.catalogue import DATA, record
from scripts.frames import write_table

SITES = DATA / "sites"
TITLES = {
    "greenland": "Greenland's rare-earth deposits and prospects",
    "minamitorishima": "Minamitorishima: mud zone, survey areas, island, computed 200-nautical-mile circle",
    "australia": "Australian projects: first minerals of the Strategic Reserve, named in the US framework, context",
    "refining": "Refining, separation, metal, magnet and recycling plants of the world",
}
OWN = {
    "licence": "CC BY 4.0",
    "attribution": "Oreway catalogue; each fact names its own source",
    "source_url": "https://creativecommons.org/licenses/by/4.0/",
    "source_package": "",
    "source_version": "",
    "script": Path(__file__),
}


def last_read(table: pd.DataFrame) -> str:
    """Return the day on which a row was last read or written, ISO 8601."""
    days = pd.concat([table["checked"], table["as_of"]])
    return str(days[days.str.fullmatch(r"\d{4}-\d{2}-\d{2}")].max())


def number(row: "pd.Series[str]", column: str, place: str) -> float:
    """Return a numeric cell or name the row that has none."""
    try:
        return float(row[column])
    except ValueError:
        raise SchemaError(f"{place}, row {row['site_id']}: {column} {row[column]!r} is not a number") from None


def shape(row: "pd.Series[str]", place: str) -> shapely.Geometry:
    """Return a site's geometry: a point, WKT, or a geodesic disc round the point."""
    lon, lat = number(row, "lon", place), number(row, "lat", place)
    rule = row["geometry"]
    if rule == "":
        return shapely.Point(lon, lat)
    if rule.startswith("disc:"):
        return disc(lon, lat, float(rule.removeprefix("disc:")))
    try:
        return shapely.from_wkt(rule)
    except shapely.errors.GEOSException:
        raise SchemaError(f"{place}, row {row['site_id']}: geometry is neither WKT nor disc:<km>; mend it") from None


def build_sites(layer_id: str) -> gpd.GeoDataFrame:
    """Return one site layer from its CSV, checked."""
    place = f"data/sites/{layer_id}.csv"
    table = read_text_table(SITES / f"{layer_id}.csv")
    shapes = [shape(row, place) for _, row in table.iterrows()]
    frame = gpd.GeoDataFrame(table.drop(columns="geometry"), geometry=shapes, crs="EPSG:4326")
    for column in ("lon", "lat", "position_accuracy_km"):
        frame[column] = [number(row, column, place) for _, row in table.iterrows()]
    areal = ~frame.geometry.geom_type.isin(["Point"])
    points = [measuring_point(geometry) for geometry in frame.geometry[areal]]
    frame.loc[areal, "lon"] = [point[0] for point in points]
    frame.loc[areal, "lat"] = [point[1] for point in points]
    frame = frame.set_index("site_id").sort_index()
    check_sites(frame, place)
    return frame


def main() -> None:
    """Check the tables and write the GeoParquet files and their catalogue entries."""
    facts = []
    site_ids: list[str] = []
    tables: dict[str, gpd.GeoDataFrame] = {}
    for layer_id in TITLES:
        tables[layer_id] = build_sites(layer_id)
        site_ids += list(tables[layer_id].index)
    twice = sorted({site_id for site_id in site_ids if site_ids.count(site_id) > 1})
    if twice:
        raise SchemaError(f"data/sites: {', '.join(twice)} in more than one table; rename one")
    days: dict[str, str] = {}
    for layer_id in TITLES:
        table = read_text_table(SITES / f"{layer_id}_facts.csv")
        days[layer_id] = last_read(table)
        check_facts(table, f"data/sites/{layer_id}_facts.csv", site_ids)
        facts.append(table[list(FACT_COLUMNS)])
    for name in TABLES:
        check_evidence(name, read_evidence(name), site_ids)
    check_states(read_tables(), pd.concat(tables.values()), read_evidence("plant_fit"))
    for layer_id, title in TITLES.items():
        path = SITES / f"{layer_id}.parquet"
        write_table(tables[layer_id], path, write_covering_bbox=True)
        record(
            layer_id, file=path, title=title, rows=len(tables[layer_id]), geometry_type="Point and Polygon",
            changes=f"made from data/sites/{layer_id}.csv", retrieved=days[layer_id],
            known_defects=["positions are as good as position_accuracy_km says"], **OWN,
        )  # fmt: skip
    path = SITES / "facts.parquet"
    every = pd.concat(facts).sort_values(["site_id", "field", "category", "as_of", "value"], kind="stable")
    write_table(every.assign(rests_on=backing(every)).reset_index(drop=True), path, index=False)
    record(
        "facts", file=path, title="Facts of every site, each with source and date",
        rows=len(every), geometry_type="Table",
        changes="made from data/sites/*_facts.csv", retrieved=max(days.values()),
        known_defects=["facts marked unverified have no citable source yet"], **OWN,
    )  # fmt: skip


if __name__ == "__main__":
    try:
        main()
    except SchemaError as error:
        sys.exit(str(error))
