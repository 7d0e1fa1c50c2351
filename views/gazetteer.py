"""Names of places one may look for: sites, ports, airfields and towns, found by the beginning of any of their names."""

import dataclasses
import unicodedata

import pandas as pd
import streamlit as st

from oreway.layers.read import read_town_names
from oreway.outputs.words.formatting import class_label, country_label, label
from oreway.outputs.words.translation import Language
from oreway.scoring.world.world import World
from oreway.views.cached import world

TOWNS = "towns"
KINDS = {"ports": ("port", "depth_m"), "airfields": ("airfield", "runway_m"), TOWNS: ("town", "population")}
SITE = "site"
SITE_NAMES = ("name", "name_local", "name_ja", "aliases")
MOST = 8


@dataclasses.dataclass(frozen=True, kw_only=True)
class Hit:
    """A place that was found; site_id is empty where it is no site."""

    name: str
    kind: str
    country: str
    country_code: str
    lon: float
    lat: float
    site_id: str

    def told(self, lang: Language) -> str:
        """Return the place in words: name, what it is, country."""
        kind = label(self.kind, lang) if self.site_id else class_label(self.kind, lang, short=True)
        country = country_label(self.country, self.country_code, lang) if self.country_code else self.country
        return " · ".join(part for part in (self.name, kind, country) if part)


def folded(text: str) -> str:
    """Return a name as it is compared: without accents, case and doubled spaces."""
    plain = unicodedata.normalize("NFKD", text)
    return " ".join("".join(one for one in plain if not unicodedata.combining(one)).casefold().split())


def _places(opened: World) -> pd.DataFrame:
    frames = []
    for layer, (kind, size) in KINDS.items():
        frame = opened.infrastructure[layer]
        rows = pd.DataFrame({"name": frame["name"].astype(str), "country_code": frame["country_code"].astype(str)})
        rows = rows.assign(kind=kind, size=frame[size].astype(float).fillna(0.0), lon=frame.geometry.x,
                           lat=frame.geometry.y, site_id="", country="")  # fmt: skip
        frames.append(rows)
        if layer == TOWNS:
            frames.append(_in_kana_or_kanji(rows))
    return pd.concat(frames, ignore_index=True)


def _in_kana_or_kanji(towns: pd.DataFrame) -> pd.DataFrame:
    names = read_town_names().set_index("feature_id")["name"]
    rows = towns.rename(columns={"name": "called"}).join(names, how="inner")
    return rows.assign(shown=rows["name"] + " (" + rows["called"] + ")")


def _sites(opened: World) -> pd.DataFrame:
    rows = []
    for site_id, site in opened.sites[[*SITE_NAMES, "country", "country_code", "kind", "lon", "lat"]].iterrows():
        names = [part.strip() for column in SITE_NAMES for part in str(site[column]).split(";") if part.strip()]
        told = {name: site[name] for name in ("country", "country_code", "kind", "lon", "lat")}
        rows += [{**told, "name": name, "shown": site["name"], "site_id": str(site_id)} for name in [*names, site_id]]
    return pd.DataFrame(rows).assign(size=float("inf"))


@st.cache_resource(show_spinner=False)
def _index(version: str) -> pd.DataFrame:  # noqa: ARG001 - the cache's key
    """Return every name with its place, sites first, then the largest."""
    opened = world()
    table = pd.concat([_sites(opened), _places(opened)], ignore_index=True)
    for column in ("shown", "called"):
        table[column] = table[column].fillna(table["name"])
    table["folded"] = [folded(str(name)) for name in table["name"]]
    return table.sort_values("size", ascending=False, kind="stable").reset_index(drop=True)


def hits(version: str, text: str) -> list[Hit]:
    """Return up to MOST places: of this very name, sites that hold it, then those that begin so.

    Where no name is or begins so, every place that holds it counts.
    """
    wanted, table = folded(text), _index(version)
    if not wanted:
        return []
    names = table["folded"]
    exact, begins = names == wanted, names.str.startswith(wanted)
    inside = names.str.contains(wanted, regex=False) & ~exact
    ours, others = inside & (table["site_id"] != ""), inside & ~begins & (not (exact | begins).any())
    rows = pd.concat([table[exact], table[ours], table[(begins & ~exact | others) & ~ours]])
    found: dict[object, Hit] = {}
    for row in rows.head(20 * MOST).to_dict("records"):
        key = row["site_id"] or (row["called"], row["kind"], row["country_code"], round(row["lon"], 1))
        hit = Hit(
            name=str(row["shown"]), kind=str(row["kind"]), country=str(row["country"]), site_id=str(row["site_id"]),
            country_code=str(row["country_code"]), lon=float(row["lon"]), lat=float(row["lat"]),
        )  # fmt: skip
        found.setdefault(key, hit)
        if len(found) == MOST:
            break
    return list(found.values())
