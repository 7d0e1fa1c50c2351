"""The power layer: known stations where they stand, closed ones silent, one row a plant, sources everywhere."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from pyproj import Geod

from oreway.layers.catalog import DATA
from oreway.scoring.measure.measure import nearest
from oreway.scoring.measure.targets import UNSERVED_STATES
from oreway.scoring.world.world import World

GEOD = Geod(ellps="WGS84")
KERANG = (143.9203, -35.7349)  # GeoNames 2161950
PERMITTED = {"CC BY 4.0", "single facts with their source", "public domain (work of the US Government)"}


@pytest.fixture(scope="module")
def world(shipped) -> World:
    return shipped


@pytest.fixture(scope="module")
def power() -> gpd.GeoDataFrame:
    return gpd.read_parquet(DATA / "infrastructure" / "power.parquet")


def power_km(world: World, lon: float, lat: float) -> tuple[str, float]:
    rows = nearest(world, lon, lat)
    row = rows[rows["class"] == "power"].iloc[0]
    return str(row["name"]), float(row["distance_km"])


def apart_km(row: pd.Series, lon: float, lat: float) -> float:
    return float(GEOD.inv(row.geometry.x, row.geometry.y, lon, lat)[2]) / 1000


@pytest.mark.parametrize(
    ("place", "lon", "lat", "within_km"),
    [
        ("Gladstone", 151.22, -23.85, 15),
        ("Darwin", 130.84, -12.46, 20),
        ("Karratha", 116.85, -20.74, 15),
        ("Muswellbrook, for Bayswater", 150.89, -32.27, 20),
        ("Mackay", 149.19, -21.14, 10),
        ("Bendigo, for Costerfield", 144.28, -36.76, 10),
        ("Temora, for Narraburra", 147.53, -34.45, 10),
        ("Mount Isa", 139.49, -20.73, 10),
        ("Bridgetown, for Greenbushes", 116.14, -33.96, 10),
        ("Kwinana", 115.77, -32.24, 5),
        ("Katherine", 132.27, -14.47, 5),
        ("Pine Creek", 131.83, -13.82, 5),
        ("Kiruna, for Per Geijer", 20.25, 67.86, 60),
        ("Gebeng, for the Lynas works", 103.38, 3.98, 80),
        ("Map Ta Phut", 101.14, 12.69, 5),
        ("Pittsburgh", -80.0, 40.44, 10),
        ("Mandalay", 96.08, 21.97, 60),
    ],
)
def test_a_town_with_a_power_supply_has_one_near(
    world: World, place: str, lon: float, lat: float, within_km: float
) -> None:
    name, km = power_km(world, lon, lat)
    assert km <= within_km, f"{place}: {name} at {km:.0f} km"


@pytest.mark.parametrize(
    ("name", "lon", "lat", "capacity_mw"),
    [
        ("Gladstone", 151.22, -23.85, 1680),
        ("Channel Island (Darwin)", 130.867, -12.555, 310),
        ("Bayswater", 150.949, -32.395, 2640),
        ("Eraring", 151.52, -33.06, 2880),
        ("Yurralyi Maya (Karratha Seven Mile)", 116.742, -20.762, 180),
        ("Loy Yang A", 146.57, -38.25, 2180),
        ("Tumut 3", 148.29, -35.61, 1500),
        ("Kvilldal", 6.63, 59.52, 1240),
        ("Western Downs Green Power Hub", 150.748, -26.919, 400),  # its 275 kV substation, Geoscience Australia
        ("Darlington Point Solar Farm", 146.035, -34.649, 275),  # the 330 kV substation next door, same
        ("Harspranget", 19.82, 66.88, 840),
        ("Susan River solar", 152.72, -25.42, 98),  # between Hervey Bay and Maryborough, as its builder says
        ("Poatina", 146.92, -41.81, 372),  # AEMO, Generation Information
        ("Wollar Solar Farm", 149.95, -32.36, 280),  # Wollar village
        ("Willogoleche Wind Farm", 138.79, -33.41, 119),  # Hallett
        ("Hawkesdale Wind Farm", 142.32, -38.11, 90),  # Hawkesdale
        ("Wellington North Solar Farm", 148.95, -32.51, 330),  # the Wellington 330 kV substation
        ("Yarranlea Solar Farm", 151.53, -27.72, 103),  # Yarranlea
    ],
)
def test_a_large_station_stands_in_its_place(
    power: gpd.GeoDataFrame, name: str, lon: float, lat: float, capacity_mw: float
) -> None:
    rows = power[power["name"] == name]
    assert any(
        apart_km(row, lon, lat) < 15 and row["capacity_mw"] == pytest.approx(capacity_mw, rel=0.2)
        for _, row in rows.iterrows()
    ), rows[["name", "capacity_mw", "geometry"]].to_string()


@pytest.mark.parametrize(
    "name", ["Liddell", "Hazelwood", "Northern (Port Augusta)", "Muja C", "Anglesea", "Mica Creek (Mount Isa)"]
)
def test_a_closed_station_serves_nobody(world: World, power: gpd.GeoDataFrame, name: str) -> None:
    row = power[power["name"] == name].iloc[0]
    assert row["status"] == "closed"
    assert row["status"] in UNSERVED_STATES
    assert power_km(world, row.geometry.x, row.geometry.y)[0] != name


def test_gannawarra_lies_west_of_kerang(power: gpd.GeoDataFrame) -> None:
    row = power[power["name"] == "Gannawarra Solar Farm"].iloc[0]
    azimuth, _, metres = GEOD.inv(*KERANG, row.geometry.x, row.geometry.y)
    assert metres < 12_000
    assert azimuth % 360 == pytest.approx(270, abs=30)


def test_every_row_has_a_name_a_source_a_date_and_a_licence_that_permits_it(power: gpd.GeoDataFrame) -> None:
    for column in ("name", "source", "source_url", "as_of", "licence", "country_code", "kind", "status"):
        assert power[column].fillna("").str.strip().ne("").all(), column
    assert set(power["licence"]) <= PERMITTED
    assert power["source_url"].str.match(r"https?://").all()
    assert not power["name"].str.fullmatch("(?i)undefined|nan|none").any()


def test_no_plant_stands_twice(power: gpd.GeoDataFrame) -> None:
    plants = power[power["kind"] == "plant"]
    twice = []
    for name, group in plants.groupby(["country_code", "name"]):
        lon, lat = group.geometry.x.to_numpy(), group.geometry.y.to_numpy()
        for one in range(len(group) - 1):
            rest = slice(one + 1, None)
            count = len(lon[rest])
            metres = np.asarray(GEOD.inv(np.full(count, lon[one]), np.full(count, lat[one]), lon[rest], lat[rest])[2])
            twice += [name] if (metres <= 5000).any() else []
    assert twice == []


def test_completeness_tells_what_share_of_a_country_is_held(power: gpd.GeoDataFrame) -> None:
    table = pd.read_csv(DATA / "methods" / "completeness_power.csv", keep_default_na=False)
    assert table["country_code"].is_unique
    assert (table["class"] == "power").all()
    known = table.set_index("country_code")
    running = power[(power["kind"] == "plant") & ~power["status"].isin(UNSERVED_STATES)]
    held = running.groupby("country_code")["capacity_mw"].sum()
    assert set(held.index) <= set(known.index)
    for code, mw in held.items():
        assert known.loc[code, "layer_mw"] == pytest.approx(mw, abs=0.1)
    assert known.loc["AU", "reference_mw"] == pytest.approx(108_193, rel=0.05)  # AER and ABS: about 100 GW with roofs
    assert 0.4 < known.loc["AU", "share"] <= 1
    assert known.loc["NO", "share"] > 0.8
    assert known["share"].between(0, 1).all()


def test_a_country_whose_plants_are_held_has_a_network_that_is_not_complete(power: gpd.GeoDataFrame) -> None:
    states = pd.read_csv(DATA / "methods" / "networks.csv", keep_default_na=False)
    told = states[states["class"] == "power"].set_index("country_code")
    running = power[(power["kind"] == "plant") & ~power["status"].isin(UNSERVED_STATES)]
    for code in set(running["country_code"]) - {"GL"}:
        assert told.loc[code, "state"] == "present", code
        assert told.loc[code, "complete"] == "no", code
        assert "at the site" in told.loc[code, "reason"], code


def test_murrin_murrin_has_its_own_station_at_the_mine(world: World) -> None:
    lon, lat = 121.893, -28.7668  # Geoscience Australia, Identified Mineral Resources
    name, km = power_km(world, lon, lat)
    assert name == "Murrin Murrin Nickel Mine"
    assert km < 5
