"""The world's roads, railways and towns: whole, small enough, and right where a figure is published."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from pyproj import Geod
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import dijkstra

from oreway.layers.catalog import find_dataset
from oreway.layers.errors import CatalogError
from oreway.layers.networks import read_network
from oreway.layers.read import read_layer

DATA = Path(__file__).parent.parent / "data"
WGS84 = Geod(ellps="WGS84")


@pytest.fixture(scope="module")
def networks():
    return {name: read_network(name) for name in ("road_network", "rail_network")}


def test_both_networks_hold_every_edge_of_the_package(networks):
    own = {name: int((~table.is_joined).sum()) for name, table in networks.items()}
    assert own == {"road_network": 822_234, "rail_network": 328_750}  # counted in scgraph_data 2.0.0
    assert {name: len(table.lon) for name, table in networks.items()} == {
        "road_network": 560_282, "rail_network": 274_974,
    }  # fmt: skip


def test_no_edge_is_shorter_than_the_straight_line(networks):
    for table in networks.values():
        a, b = table.from_node, table.to_node
        chord = WGS84.inv(table.lon[a], table.lat[a], table.lon[b], table.lat[b])[2] / 1000
        assert (table.length_km >= chord - 0.001).all()
        assert chord[table.is_joined].max() <= 5.02  # straight through the ground, not over it
        assert table.length_km[table.is_joined] == pytest.approx(chord[table.is_joined], abs=0.001)


@pytest.mark.parametrize(("lon", "lat"), [(14.949, 44.581), (-5.153, 55.915)])  # Mišnjak on Rab, Rhubodach on Bute
def test_no_gap_is_closed_where_a_ferry_crosses(networks, lon, lat):
    table = networks["road_network"]
    here = np.flatnonzero(np.isclose(table.lon, lon, atol=5e-4) & np.isclose(table.lat, lat, atol=5e-4))
    assert len(here) == 1
    assert not table.is_joined[np.isin(table.from_node, here) | np.isin(table.to_node, here)].any()


def along(table, start, end):
    count = len(table.lon)
    both = (np.r_[table.length_km, table.length_km],
            (np.r_[table.from_node, table.to_node], np.r_[table.to_node, table.from_node]))  # fmt: skip
    graph = csr_array(coo_array(both, shape=(count, count)))
    first, last = (int(np.argmin(WGS84.inv(np.full(count, lon), np.full(count, lat), table.lon, table.lat)[2]))
                   for lon, lat in (start, end))  # fmt: skip
    return float(dijkstra(graph, directed=False, indices=first)[last])


@pytest.mark.parametrize(
    ("layer_id", "start", "end", "published_km"),
    [
        ("road_network", (122.404, -28.627), (121.331, -28.885), 124),  # Laverton - Leonora
        ("road_network", (146.817, -19.259), (145.770, -16.920), 347),  # Townsville - Cairns
        (
            "rail_network",
            (141.450, -31.960),
            (138.010, -33.180),
            394.2,
        ),  # Broken Hill - Port Pirie, by its kilometre posts
        ("rail_network", (153.020, -27.470), (151.200, -33.870), 987),  # Brisbane - Sydney
        ("rail_network", (153.020, -27.470), (146.817, -19.259), 1338),  # Brisbane - Townsville
    ],
)
def test_lengths_are_those_published(networks, layer_id, start, end, published_km):
    # the package's lengths run 3 to 9 % short, and the places asked lie a few kilometres from their junctions
    assert along(networks[layer_id], start, end) == pytest.approx(published_km, rel=0.13)


def test_the_networks_carry_their_licence_and_are_small():
    for name in ("road_network", "road_nodes", "rail_network", "rail_nodes"):
        assert find_dataset(name).licence == "ODbL-1.0"
    sizes = [path.stat().st_size for path in (DATA / "infrastructure").glob("r*_n*.parquet")]
    assert sum(sizes) < 12e6
    assert sum(path.stat().st_size for path in DATA.rglob("*") if path.is_file()) < 45e6


def test_a_network_is_a_layer_like_any_other(networks):
    frame = read_layer("rail_network")
    assert list(frame.columns[:3]) == ["from_node", "to_node", "length_km"]
    assert frame.index.is_unique
    assert len(frame) == len(networks["rail_network"].from_node)
    with pytest.raises(CatalogError, match="network 'ferries': not known"):
        read_network("ferries")


@pytest.fixture(scope="module")
def held():
    table = pd.read_csv(DATA / "methods" / "completeness_networks.csv", keep_default_na=False)
    return table.assign(share=pd.to_numeric(table["share"])).set_index(["class", "country_code"])


def test_the_share_held_of_a_country_is_its_kilometres_over_those_published(held, networks):
    assert held.index.is_unique
    assert held.loc[("rail", "AU"), "layer_km"] == pytest.approx(23_807, rel=0.005)  # cut out by the country's outline
    assert held.loc[("rail", "AU"), "reference_km"] == 32_606  # The World Factbook, 2022
    assert held.loc[("road", "US"), "reference_km"] == 6_586_610  # The World Factbook, 2012
    for class_ in ("rail", "road"):
        table = networks[f"{class_}_network"]
        assert 0.98 < held.loc[class_, "layer_km"].sum() / table.length_km[~table.is_joined].sum() <= 1
    assert held["reference_as_of"].between(1995, 2024).all()
    assert (held["source_url"].str.startswith("https://") & (held["source_title"] != "")).all()
    others = held.index[~held["source_url"].str.startswith("https://www.cia.gov/")]
    assert list(others) == [("road", "AU")]
    assert held.loc[("road", "AU"), "reference_km"] == 18_620 + 94_854 + 12_398  # Austroads, 1999: main roads alone
    assert held.loc[("road", "AU"), "share"] == pytest.approx(78_259.9 / 125_872, abs=5e-4)


def test_a_layer_longer_than_the_reference_has_no_share_and_none_is_taken_for_whole(held):
    longer = held["layer_km"] > held["reference_km"]
    assert (held["share"].isna() == longer).all()
    assert held["share"].max() == 0.9
    known = held[~longer]
    ratio = (known["layer_km"] / known["reference_km"]).clip(upper=0.9)
    assert known["share"].to_numpy() == pytest.approx(ratio.to_numpy(), abs=0.0006)


def test_a_country_counts_main_roads_and_so_holds_a_small_part_of_all(held):
    roads = held.loc["road"]
    assert roads.loc[["CA", "US", "BR", "ZA", "IN", "RU", "CN"], "share"].between(0.03, 0.2).all()
    assert roads.loc["AU", "share"] == pytest.approx(78_260 / 125_872, abs=0.0005)  # main roads against main roads


def test_towns_of_500_people_are_there_the_world_over():
    towns = read_layer("towns")
    assert len(towns) > 180_000
    assert towns["population"].min() >= 500
    fort_smith = towns[(towns["name"] == "Fort Smith") & (towns["country_code"] == "CA")]
    assert len(fort_smith) == 1
    assert WGS84.inv(fort_smith.geometry.x.iloc[0], fort_smith.geometry.y.iloc[0], -111.89, 60.005)[2] < 5000
    assert towns["country_code"].nunique() > 200
