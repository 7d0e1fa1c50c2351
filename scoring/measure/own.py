"""What a site's facts say stands at the site itself: it is the nearest of its class, whatever the layers hold."""

from __future__ import annotations

import dataclasses
from typing import Any

from oreway.later import later
from oreway.layers.vocabulary import Confidence, FactState
from oreway.scoring.measure.points import NILS
from oreway.scoring.measure.targets import class_rule
from oreway.scoring.reasons import Code, Reason, note
from oreway.scoring.world.kept import kept
from oreway.scoring.world.world import World

with later(__name__):
    import pandas as pd

    from oreway.layers.schema import as_number

FIELD, STRIP = "infrastructure", "airstrip"
AT_SITE = {
    "power_at_site": "power", "road_at_site": "road", "rail_at_site": "rail", "airport_at_site": "airfield",
    "refinery_at_site": "refinery", STRIP: "airfield",
}  # fmt: skip
METRES = {"m": 1.0, "km": 1000.0}


@dataclasses.dataclass(frozen=True, kw_only=True)
class _Own:
    """One class that a fact says stands at a site."""

    class_: str
    source: str
    as_of: str
    sure: bool  # else a strip of unknown length: it may count


def with_own(world: World, rows: pd.DataFrame) -> pd.DataFrame:
    """Return measured rows of sites with what facts say stands there: at 0 km, and a walk away at most.

    Args:
        world: the opened world.
        rows: site_id and the columns of `measure`.
    """
    own = _at_sites(world)
    wanted = [
        (place, known)
        for place, (site_id, class_) in enumerate(zip(rows["site_id"], rows["class"], strict=True))
        if (known := own.get((str(site_id), str(class_)))) is not None
    ]
    if not wanted:
        return rows
    told = {name: rows[name].astype(object).tolist() for name in rows}
    for place, known in wanted:
        if not known.sure:
            told["low_km"][place] = 0.0 if told["nil"][place] == NILS[0] else told["low_km"][place]
            told["note"][place] += note(Code.STRIP_AT_SITE)
            continue
        for name, value in _row(world, rows["site_id"].iloc[place], known).items():
            told[name][place] = value
    return pd.DataFrame({name: pd.Series(told[name], dtype=rows[name].dtype, index=rows.index) for name in rows})


def _row(world: World, site_id: str, known: _Own) -> dict[str, Any]:
    lon, lat, accuracy_km = (float(world.sites[name].loc[site_id]) for name in ("lon", "lat", "position_accuracy_km"))
    return {
        "distance_km": 0.0, "low_km": 0.0, "azimuth_deg": 0.0, "lon": lon, "lat": lat,
        "high_km": min(accuracy_km, world.methods.parameters["at_site_km"]), "nil": NILS[0],
        "feature_id": "", "name": Reason(Code.AT_THE_SITE), "note": note(Code.BY_A_FACT), "source": known.source,
        "as_of": known.as_of, "across": False,
    }  # fmt: skip


@kept("facts", "classes")
def _at_sites(world: World) -> dict[tuple[str, str], _Own]:
    """Return what stands at sites by site and class."""
    facts = world.facts
    facts = facts[(facts["field"] == FIELD) & facts["category"].isin(AT_SITE)]
    facts = facts[(facts["state"] != FactState.SUPERSEDED) & (facts["confidence"] != Confidence.GAP)]
    found = {}
    for row in facts.astype(str).to_dict("records"):
        sure = row["category"] != STRIP or _long_enough(world, row["value"], row["unit"])
        if sure or row["unit"] == "":
            key = (row["site_id"], AT_SITE[row["category"]])
            found[key] = _Own(class_=key[1], source=row["source_title"], as_of=row["as_of"], sure=sure)
    return found


def _long_enough(world: World, value: str, unit: str) -> bool:
    length = as_number(value)
    return length is not None and length * METRES.get(unit, 0.0) >= float(class_rule(world, "airfield")["minimum"])
