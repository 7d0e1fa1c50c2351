"""What looks wrong with where a user's sites lie: all at sea, axes swapped, outside the country their row names."""

import babel
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from oreway.arrays import Bools
from oreway.layers.tables.columns import spelled
from oreway.layers.vocabulary import Setting
from oreway.said import Joint, PlainSaying, Said
from oreway.scoring.batch.sayings import DoubtSaying
from oreway.scoring.world.kept import kept
from oreway.scoring.world.place import locate
from oreway.scoring.world.world import World

MOST_NAMED, MOST_LAT = 5, 90.0
NAME_LANGUAGES = ("en", "ja", "de", "da", "fr")
Texts = npt.NDArray[np.object_]


def suspicions(world: World, sites: pd.DataFrame) -> list[Said]:
    """Return what looks wrong with where a user's sites lie: all at sea, or outside the country their row names."""
    doubts = Doubts(world)
    doubts.add(pd.DataFrame(sites))
    return doubts.said()


class Named:
    """Names of which the first few are kept and all are counted."""

    def __init__(self) -> None:
        self.count, self._first = 0, list[str]()

    def take(self, name: str) -> None:
        """Count a name."""
        self.count += 1
        if self.count <= MOST_NAMED:
            self._first.append(name)

    def listed(self) -> Said:
        """Return the first names, and how many more there are."""
        first = Joint.LIST(*self._first)
        return PlainSaying.MORE(first, self.count - MOST_NAMED) if self.count > MOST_NAMED else first


class Doubts:
    """What looks wrong with where sites lie, gathered from one table or from many, one after the other.

    Tables have lon, lat and name, and where a row says its country a column of it.
    """

    def __init__(self, world: World) -> None:
        self._world = world
        self._rows, self._is_ashore, self._is_swapped = 0, False, True
        self._apart, self._at_sea = Named(), Named()

    def columns(self, names: list[str]) -> list[str]:
        """Return which columns of further sites are looked at, none once there is nothing left to ask."""
        country = spelled(names).get("country", "")
        if self._is_ashore and not country:
            return []
        return [name for name in ("name", "lon", "lat", "setting", country) if name in names]

    def add(self, sites: pd.DataFrame) -> None:
        """Look at some more sites; once one lies on land, only rows that name a country are looked at."""
        column = spelled(list(sites.columns)).get("country", "")
        if not len(sites) or (self._is_ashore and not column):
            return
        lon, lat = sites["lon"].to_numpy(dtype=float), sites["lat"].to_numpy(dtype=float)
        place = locate(self._world, lon, lat)
        sea = (place["setting"] == Setting.SEABED).to_numpy()
        self._rows += len(sites)
        self._is_ashore |= not sea.all()
        if not self._is_ashore and self._is_swapped:
            could = bool((np.abs(lon) <= MOST_LAT).all())
            self._is_swapped = could and bool((locate(self._world, lat, lon)["setting"] != Setting.SEABED).all())
        if column:
            self._compare(sites, column, place["country_code"].to_numpy(dtype=object), sea)

    def _compare(self, sites: pd.DataFrame, column: str, codes: Texts, sea: Bools) -> None:
        """Keep the sites that lie at sea or in another country than their row names; a seabed site may lie at sea."""
        known = country_codes(self._world)
        said = sites[column].astype(str).str.strip()
        if "setting" in sites.columns:
            sea = sea & (sites["setting"].astype(str) != Setting.SEABED).to_numpy()
        rows = zip(sites["name"], said, codes, country_names(self._world, codes), sea, strict=True)
        for name, word, here, where, off in rows:
            meant = known.get(word.casefold(), "")
            if meant and off:
                self._at_sea.take(str(name))
            elif meant and here and here != meant:
                self._apart.take(DoubtSaying.IN_COUNTRY(name, word, where))

    def said(self) -> list[Said]:
        """Return the sentences."""
        notes: list[Said] = []
        if self._rows and not self._is_ashore:
            if self._is_swapped:
                notes.append(DoubtSaying.ALL_AT_SEA_SWAPPED())
            else:
                notes.append(DoubtSaying.ALL_AT_SEA())
        elif self._at_sea.count:
            notes.append(DoubtSaying.AT_SEA(self._at_sea.listed()))
        if self._apart.count:
            notes.append(DoubtSaying.OUTSIDE(self._apart.listed()))
        return notes


@kept("countries")
def country_codes(world: World) -> dict[str, str]:
    """Return the code of each country by its names, in small letters: the layer's own and those of five languages."""
    frame = world.infrastructure["countries"].dropna(subset=["country_code", "name"])
    here = set(frame["country_code"].astype(str)) - {""}
    named = {
        str(name).casefold(): str(code)
        for language in NAME_LANGUAGES
        for code, name in babel.Locale(language).territories.items()
        if code in here
    }
    own = zip(frame["name"].astype(str), frame["country_code"].astype(str), strict=True)
    return named | {code.casefold(): code for code in here} | {name.casefold(): code for name, code in own}


def country_names(world: World, codes: "pd.Series[str] | Texts") -> Texts:
    """Return the name of each country by its code, "" for none."""
    names = _names(world)
    return np.array([names.get(code, "") for code in codes], dtype=object)


@kept("countries")
def _names(world: World) -> dict[str, str]:
    """Return a country's name by code; of parts that share a code the largest names it (Australia, not its reefs)."""
    frame = world.infrastructure["countries"]
    largest_first = np.argsort(-shapely.area(np.asarray(frame.geometry.array)), kind="stable")
    rows = frame.iloc[largest_first].drop_duplicates("country_code")
    return {str(code): str(name) for code, name in zip(rows["country_code"], rows["name"], strict=True)}
