"""Make infrastructure/power: the hand-kept table power.csv, and the plants of Europe from a package."""

import hashlib
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import pandas as pd
import shapely
from catalogue import record
from frames import DATA, fingerprint, overrides, write
from packages import Package
from power_completeness import write_completeness
from pyproj import Geod

TABLE = DATA / "infrastructure" / "power.csv"
COUNTRIES = DATA / "context" / "countries.parquet"
EUROPE = Package(registry="PyPI", name="powerplantmatching", version="0.9.1", sdist=True)
EUROPE_AS_OF = "2026-10"
DATASETS = ("power",)
INPUTS = (TABLE,)
FILE = "infrastructure/power.parquet"
NUMBERS = ("capacity_mw", "voltage_kv", "accuracy_km")
LEAST_MW = 10.0  # the class "power" of data/methods/classes.csv begins here
SAME_PLANT_KM = 5.0
POSITION_KM = 5.0  # the package states no accuracy; many of its positions are those of the site's middle or town
ASTRAY_KM = 15.0  # farther than this outside its own country, a position is taken for an error
STORES = ("Battery", "Heat Storage", "Hydrogen Storage")
FUELS = {"Natural Gas": "gas", "Hard Coal": "coal", "Lignite": "coal", "Solid Biomass": "biomass", "Biogas": "biomass"}
CODES = {
    "Albania": "AL", "Austria": "AT", "Belgium": "BE", "Bosnia and Herzegovina": "BA", "Bulgaria": "BG",
    "Croatia": "HR", "Czechia": "CZ", "Denmark": "DK", "Estonia": "EE", "Finland": "FI", "France": "FR",
    "Germany": "DE", "Greece": "GR", "Hungary": "HU", "Ireland": "IE", "Italy": "IT", "Kosovo": "XK", "Latvia": "LV",
    "Lithuania": "LT", "Luxembourg": "LU", "Moldova": "MD", "Montenegro": "ME", "Netherlands": "NL",
    "North Macedonia": "MK", "Norway": "NO", "Poland": "PL", "Portugal": "PT", "Romania": "RO", "Serbia": "RS",
    "Slovakia": "SK", "Slovenia": "SI", "Spain": "ES", "Sweden": "SE", "Switzerland": "CH", "Ukraine": "UA",
    "United Kingdom": "GB",
}  # fmt: skip
GEOD = Geod(ellps="WGS84")


def _kept() -> geopandas.GeoDataFrame:
    """Return the hand-kept rows: plants and substations as points, schematic lines as lines.

    Raises:
        ValueError: a row has no name, no source or no date.
    """
    table = overrides(TABLE)
    nameless = table.index[table["name"].str.strip() == ""]
    if len(nameless):
        raise ValueError(f"{TABLE.name}, lines {[int(row) + 2 for row in nameless]}: no name; give one")
    for column in NUMBERS:
        table[column] = pd.to_numeric(table[column])
    points = shapely.points(pd.to_numeric(table["lon"]), pd.to_numeric(table["lat"]))
    lines = np.array([shapely.from_wkt(text) if text else None for text in table["geometry"]], dtype=object)
    text = table.drop(columns=["lon", "lat", "geometry", *NUMBERS])
    return geopandas.GeoDataFrame(
        pd.concat([text.mask(text == "", None), table[list(NUMBERS)]], axis=1),
        geometry=np.where(shapely.is_missing(lines), points, lines),
        crs="EPSG:4326",
    )


def _running(table: pd.DataFrame) -> pd.DataFrame:
    """Return the plants of the least size or more on land that stand today; stores are no supply."""
    year = int(EUROPE_AS_OF[:4])
    keep = (table["Capacity"] >= LEAST_MW) & ~table["Fueltype"].isin(STORES) & (table["Technology"] != "Offshore")
    return table[keep & ~(table["DateOut"] <= year) & ~(table["DateIn"] > year)]


def _apart_km(one: Mapping[Any, Any], other: Mapping[Any, Any]) -> float:
    return float(GEOD.inv(one["lon"], one["lat"], other["lon"], other["lat"])[2]) / 1000


def _one_row_a_plant(table: pd.DataFrame) -> pd.DataFrame:
    """Return plants with the parts of one name within SAME_PLANT_KM added up, at the largest part's place."""
    ordered = table.sort_values(["Country", "Name", "Capacity", "lon"], ascending=[True, True, False, True])
    rows: list[dict[str, Any]] = []
    for _, group in ordered.groupby(["Country", "Name"], sort=False):
        plants: list[dict[str, Any]] = []
        for row in group.to_dict("records"):
            same = [one for one in plants if _apart_km(one, row) <= SAME_PLANT_KM]
            if same:
                same[0]["Capacity"] += row["Capacity"]
            else:
                plants.append({str(key): value for key, value in row.items()})
        rows += plants
    return pd.DataFrame(rows)


def _at_home(frame: geopandas.GeoDataFrame) -> geopandas.GeoDataFrame:
    """Return the rows that lie in their own country, or at most ASTRAY_KM outside its drawn outline."""
    outlines = geopandas.read_parquet(COUNTRIES).dissolve("country_code").geometry
    outside = np.zeros(len(frame), dtype=bool)
    for code, rows in frame.groupby("country_code").indices.items():
        places = np.asarray(frame.geometry.array)[rows]
        outline = outlines[code]
        shapely.prepare(outline)
        gone = np.flatnonzero(~shapely.covers(outline, places))
        shores = shapely.get_point(shapely.shortest_line(outline, places[gone]), 0)
        metres = GEOD.inv(*shapely.get_coordinates(shores).T, *shapely.get_coordinates(places[gone]).T)[2]
        outside[rows[gone]] = np.asarray(metres) > ASTRAY_KM * 1000
    return frame[~outside]


def _europe() -> geopandas.GeoDataFrame:
    """Return the plants of the package in the columns of the hand-kept table."""
    table = _one_row_a_plant(_running(pd.read_csv(EUROPE.open("powerplants.csv"), low_memory=False)))
    marks = ["".join(sorted(re.findall(r"'([^']+)'", text))) for text in table["projectID"]]
    frame = geopandas.GeoDataFrame(
        {
            "feature_id": [f"power-ppm-{hashlib.sha256(mark.encode()).hexdigest()[:12]}" for mark in marks],
            "name": table["Name"].str.strip(),
            "country_code": table["Country"].map(CODES),
            "kind": "plant",
            "fuel": table["Fueltype"].map(FUELS).fillna(table["Fueltype"].str.lower()),
            "status": "listed",
            "licence": "CC BY 4.0",
            "source_url": "https://github.com/PyPSA/powerplantmatching",
            "source": f"powerplantmatching {EUROPE.version}, powerplants.csv",
            "as_of": EUROPE_AS_OF,
            "capacity_mw": table["Capacity"].round(1),
            "accuracy_km": POSITION_KM,
        },
        geometry=geopandas.points_from_xy(table["lon"].round(4), table["lat"].round(4)),
        crs="EPSG:4326",
    )
    return _at_home(frame)


def build() -> None:
    """Write the power table, its completeness by country and its catalogue entry."""
    frame = pd.concat([_kept(), _europe()], ignore_index=True)
    written = write(geopandas.GeoDataFrame(frame, geometry="geometry", crs="EPSG:4326"), FILE)
    write_completeness(written)
    record(
        "power",
        file=FILE,
        title="Power plants of 10 MW or more, transmission substations and lines",
        licence="CC BY 4.0 (WRI, Geoscience Australia, powerplantmatching); public domain (EIA); facts with their "
        "source (other rows)",
        attribution="Global Energy Observatory, WRI and others: Global Power Plant Database v1.3.0 · "
        "Geoscience Australia, by way of EGRIMOD-NEM and of a public copy of its table of substations · "
        "contributors to powerplantmatching; all CC BY 4.0 · "
        "U.S. Energy Information Administration",
        source_url="https://datasets.wri.org/dataset/globalpowerplantdatabase",
        source_package=f"curated, each row with its source; {EUROPE.label} (plants of 36 European countries)",
        source_version=f"{EUROPE.version}; {fingerprint(TABLE)}",
        retrieved="2026-11-25",
        geometry_type="Point and LineString",
        changes="hand-kept rows read one by one; three Australian rows of WRI that are loads or far too large "
        "left out; rows of WRI outside Europe from 10 MW, Brazil from 30 MW, India (from 840 MW of version 1.3.0, "
        "below of 1.2.0), Indonesia, Malaysia, Mexico, Saudi Arabia, South Korea and Thailand (version 1.2.0) from "
        "100 MW, sun in Canada from 20 MW; rows that stand in another place, or twice, plants known to be shut since "
        "and those that serve one works left out; USA: plants in service (EIA-860M) of "
        "300 MW or more, in the 23 states AK, AR, AZ, CA, CO, HI, ID, MI, MN, MO, MT, NC, ND, NE, NM, NV, OR, SD, "
        "TN, TX, UT, WA and WY of more than 100 MW; sun, batteries and plants with a battery in their figure left out "
        "there; Europe: plants of 10 MW or more on land in service, no stores, parts of one name within 5 km added "
        "up, positions more than 15 km outside their country left out; lines straight",
        known_defects=[
            "not complete: no row nearby does not mean no power nearby: see data/methods/completeness_power.csv",
            "status listed = in the source, not checked since; plants close and open, and few built after 2018 are in "
            "outside Europe",
            "Australia: of the 272 stations named in the eastern market all of 10 MW or more are held but Middlemount "
            "and Wangaratta (26 MW each; no page read says that they run), of the 27 of 10 MW or more named in the "
            "western one all but Manjimup (40 MW; Open Electricity, 2020); no register of the Northern Territory was "
            "read",
            "positions of 35 Australian plants differ by 4 to 26 km from those of another public register: accuracy_km "
            "is as wide as the difference",
            "mine plants feed their mine alone; substations of Australia as of 2017 (Geoscience Australia, those of "
            "110 kV or more outside the inner cities), few elsewhere, hardly any lines",
            "the rows of WRI outside Australia and those of EIA were read in public copies of these tables, not in the "
            "tables themselves",
            "the rows of version 1.2.0 (June 2019, capacities of 2016 to 2018) are older than the others, and the "
            "version is told by their contents, the copy read does not name it; Japan and China were left out, whose "
            "plants have changed too much since",
            "some positions are those of the town supplied: see accuracy_km and note; in Europe none is stated (5 km)",
        ],
        rows=len(written),
        script=Path(__file__),
    )


if __name__ == "__main__":
    build()
