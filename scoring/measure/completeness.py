"""How much of what a place needs the layers hold, country by country: towns, roads, railways, power."""

import numpy as np
import pandas as pd

from oreway.layers.vocabulary import Nil
from oreway.scoring.measure.missed import shares
from oreway.scoring.world.place import codes, network_state
from oreway.scoring.world.world import World

ON_LAND = ("town", "road", "rail", "power")


def held_shares(world: World) -> pd.DataFrame:
    """Return the share of the true network that is held, 0 to 1, by country code; columns ON_LAND.

    A network that does not exist is held whole; NaN where nobody knows the share.
    """
    countries = codes(world).countries
    table = pd.DataFrame(index=pd.Index(countries, name="country_code"))
    for class_ in ON_LAND:
        absent = [network_state(world, class_, code, "").state == Nil.ABSENT_NETWORK for code in countries]
        table[class_] = np.where(absent, 1.0, shares(world, class_))
    return table


def held_whole(world: World) -> "pd.Series[float]":
    """Return the mean share over ON_LAND by country code; what nobody knows counts as not held."""
    return held_shares(world).fillna(0.0).mean(axis=1)
