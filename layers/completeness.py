"""What share of each country's true roads, railways and power the layers hold, against published figures."""

from pathlib import Path

import pandas as pd

from oreway.layers.catalog import DATA
from oreway.layers.errors import LayerError
from oreway.layers.read import read_text_table
from oreway.layers.sayings import LayerSaying

FILES = "completeness_*.csv"
LAYER_OF = {"road": "road_network", "rail": "rail_network", "power": "power"}
UNITS = {"layer_km": "km", "layer_mw": "MW"}
ALL = "all"


def read_completeness(country: str = ALL, data: Path = DATA) -> pd.DataFrame:
    """Return one row for each country and class of which something is published.

    Args:
        country: two letters (ISO 3166-1 alpha-2), or `all`.
        data: the data folder.

    Returns:
        country_code, class (road, rail, power), held and reference (km, or MW of power), unit, share (0 to 1;
        NaN where not known), reference_as_of, source_title, source_url, note.

    Raises:
        LayerError: no row of that country.
    """
    parts = []
    for path in sorted((data / "methods").glob(FILES)):
        table = read_text_table(path)
        held = next(name for name in UNITS if name in table.columns)
        reference = held.replace("layer", "reference")
        parts.append(table.rename(columns={held: "held", reference: "reference"}).assign(unit=UNITS[held]))
    found = pd.concat(parts, ignore_index=True)
    for name in ("held", "reference", "share"):
        found[name] = pd.to_numeric(found[name])
    if country.casefold() != ALL:
        known = found["country_code"]
        found = found[known == country.upper()]
        if found.empty:
            raise LayerError(LayerSaying.NO_PUBLISHED(repr(country), ALL, known.nunique()))
    columns = ["country_code", "class", "held", "reference", "unit", "share"]
    columns += ["reference_as_of", "source_title", "source_url", "note"]
    return found[columns].sort_values(["country_code", "class"], ignore_index=True)


def shares_by_layer(data: Path = DATA) -> dict[str, float]:
    """Return by layer id what share of the published total of all countries it holds; no country counts above 1."""
    table = read_completeness(data=data).dropna(subset=["share"])
    held = (table["share"] * table["reference"]).groupby(table["class"]).sum()
    total = table["reference"].groupby(table["class"]).sum()
    return {LAYER_OF[str(class_)]: float(share) for class_, share in (held / total).items()}
