"""Nearest feature as a user of other libraries would write it. Runs in the peers' own environment.

Given: lon, lat of the sites; points (n, 2), or ends (n, 2, 2) of straight edges. Each answers km (one a site).
Where a library only chooses, the geodesic to its choice is added: the kindest way to count.
"""

import numpy as np
import peer_run
import shapely
from pyproj import Geod, Transformer

GEOD = Geod(ellps="WGS84")
RMAX = GEOD.a / np.sqrt(1 - GEOD.es)
MEAN_KM = 6371.0088


def shapes(given):
    return shapely.points(given["points"]) if "points" in given else shapely.linestrings(given["ends"])


def vertices(given):
    return given["points"] if "points" in given else given["ends"].reshape(-1, 2)


def km(lon, lat, x, y):
    return np.asarray(GEOD.inv(lon, lat, x, y)[2]) / 1000


def to_chosen(given, sites, chosen, back=None):
    """Kilometres to the place the chosen shapes come nearest to in their own coordinates."""
    foot = shapely.get_coordinates(shapely.get_point(shapely.shortest_line(sites, chosen), 1))
    x, y = foot.T if back is None else back.transform(*foot.T)
    return {"km": km(given["lon"], given["lat"], x, y)}


def sjoin(given, crs):
    import geopandas as gpd

    frame = gpd.GeoDataFrame(geometry=shapes(given), crs=4326).to_crs(crs)
    _ = frame.sindex
    back = None if crs == 4326 else Transformer.from_crs(crs, 4326, always_xy=True)

    def query():
        asked = gpd.GeoDataFrame(geometry=shapely.points(given["lon"], given["lat"]), crs=4326).to_crs(crs)
        joined = gpd.sjoin_nearest(asked, frame)
        joined = joined[~joined.index.duplicated()].sort_index()
        chosen = frame.geometry.to_numpy()[joined["index_right"].to_numpy()]
        return to_chosen(given, asked.geometry.to_numpy(), chosen, back)

    return query


def aeqd(given):
    """One projection a site, centred on it; a box that grows until it holds the nearest."""
    all_shapes = shapes(given)
    tree = shapely.STRtree(all_shapes)

    def one(lon, lat):
        local = Transformer.from_crs(4326, f"+proj=aeqd +lat_0={lat} +lon_0={lon} +ellps=WGS84", always_xy=True)
        reach, best = 25.0, np.inf
        while best > reach and reach < 20_000:
            reach = min(max(2 * reach, 0.0), best * 1.01) if np.isfinite(best) else 2 * reach
            high = reach / 110.5
            wide = min(180.0, high / max(np.cos(np.radians(min(abs(lat) + high, 89.9))), 1e-3))
            boxes = [
                shapely.box(lon - wide + turn, lat - high, lon + wide + turn, lat + high) for turn in (-360, 0, 360)
            ]
            near = np.unique(np.concatenate([tree.query(box) for box in boxes]))
            if len(near):
                flat = shapely.transform(all_shapes[near], lambda c: np.column_stack(local.transform(*c.T)))
                best = float(shapely.distance(shapely.Point(0, 0), flat).min()) / 1000
        return best

    return lambda: {"km": np.array([one(x, y) for x, y in zip(given["lon"], given["lat"], strict=True)])}


def balltree(given):
    from sklearn.neighbors import BallTree

    tree = BallTree(np.radians(vertices(given)[:, ::-1]), metric="haversine")
    asked = np.radians(np.column_stack([given["lat"], given["lon"]]))
    return lambda: {"km": tree.query(asked, k=1)[0][:, 0] * MEAN_KM}


def unit(lon, lat):
    lam, phi = np.radians(lon), np.radians(lat)
    return np.column_stack([np.cos(phi) * np.cos(lam), np.cos(phi) * np.sin(lam), np.sin(phi)])


def ecef(lon, lat):
    n = GEOD.a / np.sqrt(1 - GEOD.es * np.sin(np.radians(lat)) ** 2)
    xyz = unit(lon, lat) * n[:, None]
    xyz[:, 2] *= 1 - GEOD.es
    return xyz


def sphere_tree(given):
    from scipy.spatial import cKDTree

    tree = cKDTree(unit(*vertices(given).T))

    def query():
        chord = tree.query(unit(given["lon"], given["lat"]), workers=-1)[0]
        return {"km": 2 * np.arcsin(chord / 2) * MEAN_KM}

    return query


def ecef_tree(given):
    from scipy.spatial import cKDTree

    x, y = vertices(given).T
    tree = cKDTree(ecef(x, y))

    def query():
        i = tree.query(ecef(given["lon"], given["lat"]), workers=-1)[1]
        return {"km": km(given["lon"], given["lat"], x[i], y[i])}

    return query


def cut_to_pieces(ends, longest_m=2000.0):
    """Both ends of pieces of the geodesics, Earth-centred."""
    (x1, y1), (x2, y2) = ends[:, 0].T, ends[:, 1].T
    azimuth, _, length = (np.asarray(v) for v in GEOD.inv(x1, y1, x2, y2))
    count = np.maximum(1, np.ceil(length / longest_m)).astype(int)
    i = np.repeat(np.arange(len(count)), count)
    k = np.arange(len(i)) - np.repeat(np.cumsum(count) - count, count)
    places = [GEOD.fwd(x1[i], y1[i], azimuth[i], length[i] * (k + s) / count[i]) for s in (0, 1)]
    return [ecef(np.asarray(x), np.asarray(y)) for x, y, _ in places]


def piece_tree(given):
    """Lines with libraries alone, exact: pieces in a k-d tree, eight candidates, asked again where that may miss."""
    from pykdtree.kdtree import KDTree

    a, b = cut_to_pieces(given["ends"])
    half = float(np.sqrt(((b - a) ** 2).sum(axis=1)).max()) / 2
    tree = KDTree((a + b) / 2)

    def refine(p, near):
        best, where = np.full(len(p), np.inf), np.zeros_like(p)
        for i in near.T:
            d = b[i] - a[i]
            t = np.clip(((p - a[i]) * d).sum(1) / np.maximum((d * d).sum(1), 1e-12), 0, 1)
            q = a[i] + t[:, None] * d
            far = np.sqrt(((p - q) ** 2).sum(1))
            where[far < best] = q[far < best]
            best = np.minimum(best, far)
        return best, where

    def query():
        p = ecef(given["lon"], given["lat"])
        open_, k, foot = np.arange(len(p)), 8, np.zeros_like(p)
        while len(open_):
            chord, near = tree.query(p[open_], k=min(k, len(a)))
            best, foot[open_] = refine(p[open_], near.astype(np.int64).reshape(len(open_), -1))
            sure = chord.reshape(len(open_), -1)[:, -1] >= best * (1 + 1e-4) + half + 1
            open_ = open_[~sure] if k < len(a) else open_[:0]
            k *= 4
        lon = np.degrees(np.arctan2(foot[:, 1], foot[:, 0]))
        lat = np.degrees(np.arctan2(foot[:, 2] / (1 - GEOD.es), np.hypot(foot[:, 0], foot[:, 1])))
        return {"km": km(given["lon"], given["lat"], lon, lat)}

    return query


def duckdb(given):
    import pathlib

    import duckdb as duck
    import duckdb_extension_spatial
    import pyarrow as pa

    if "points" not in given:
        raise SystemExit("no spheroid distance to a line in DuckDB spatial")
    extension = next(pathlib.Path(duckdb_extension_spatial.__file__).parent.rglob("*.duckdb_extension"))
    base = duck.connect()
    base.execute(f"load '{extension}'")
    x, y = given["points"].T
    for name, lon, lat in (("f", x, y), ("s", given["lon"], given["lat"])):
        base.register(f"raw_{name}", pa.table({"i": np.arange(len(lon)), "lon": lon, "lat": lat}))
        base.execute(f"create table {name} as select i, ST_Point(lat, lon)::POINT_2D as p from raw_{name}")
    text = "select s.i, min(ST_Distance_Spheroid(s.p, f.p)) as m from s, f group by s.i order by s.i"
    return lambda: {"km": base.execute(text).fetchnumpy()["m"] / 1000}


def sedonadb(given):
    import geopandas as gpd
    import sedonadb as sedona

    base = sedona.connect()
    all_shapes, sites = shapes(given), shapely.points(given["lon"], given["lat"])
    for name, geometry in (("s", sites), ("f", all_shapes)):
        frame = gpd.GeoDataFrame({name + "i": np.arange(len(geometry))}, geometry=geometry, crs=4326)
        base.create_data_frame(frame).to_view(name)
    text = "select si, fi from s join f on ST_KNN(s.geometry, f.geometry, 1, false)"

    def query():
        pairs = base.sql(text).to_pandas().drop_duplicates("si").sort_values("si")
        return to_chosen(given, sites, all_shapes[pairs["fi"].to_numpy()])

    return query


peer_run.main({
    "sjoin 4326": lambda given: sjoin(given, 4326),
    "sjoin 3857": lambda given: sjoin(given, 3857),
    "aeqd": aeqd,
    "balltree": balltree,
    "sphere tree": sphere_tree,
    "ecef tree": ecef_tree,
    "piece tree": piece_tree,
    "duckdb": duckdb,
    "sedonadb": sedonadb,
})  # fmt: skip
