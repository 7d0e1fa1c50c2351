"""The table a batch gives: where each point lies, the nearest of each class, and the score columns."""

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from oreway.arrays import Floats
from oreway.layers.evidence import hosts_of
from oreway.layers.vocabulary import SiteKind
from oreway.scoring.batch.read import POINTS
from oreway.scoring.judge.gates import UNKNOWN, gates_of
from oreway.scoring.judge.score import score_points
from oreway.scoring.measure.classes import measure_points
from oreway.scoring.measure.features import texts
from oreway.scoring.measure.measure import ANY_COMMODITY, points_of
from oreway.scoring.measure.points import NILS, OUT, Found, Points, Texts
from oreway.scoring.measure.targets import CLASSES
from oreway.scoring.world.place import SETTINGS, Whereabouts, codes, whereabouts
from oreway.scoring.world.world import World

HOSTS = "host_minerals"
NIL_WORDS = pa.array(NILS)


def batch_table(world: World, chunk: pa.Table, profile: str | None = None) -> pa.Table:
    """Return one row a point: the columns of the input's roles, then those of `nearest` and `score`.

    Args:
        world: the opened world.
        chunk: points whose first columns are `scoring.batch.read.POINTS`; those after them are handed on at the end.
        profile: a weight profile; None for the profile of each point's setting.

    Raises:
        ScoringError: no such profile.
    """
    points, commodities = _points(world, chunk)
    where, known = whereabouts(world, points.lon, points.lat), codes(world)
    found = measure_points(world, points, where)
    scores = score_points(world, points, where, found, profile, _hosts(chunk))
    columns: dict[str, pa.Array] = {name: chunk[name].combine_chunks() for name in ("site_id", "name", "line")}
    own = {name: chunk[name] for name in chunk.column_names[len(POINTS) :]}
    columns |= {"lon": pa.array(points.lon), "lat": pa.array(points.lat), "position_accuracy_km": chunk["accuracy"]}
    columns["commodities"] = chunk["commodities"]
    columns["country_code"] = _coded(where.country, np.array(known.countries, dtype=object))
    columns["setting"] = _coded(where.setting, np.array(SETTINGS, dtype=object))
    for class_ in CLASSES:
        columns |= _class_columns(world, class_, found[class_])
    for name in ("total", "total_low", "total_high", "coverage"):
        columns[name] = _numbers(getattr(scores, name))
    columns["gates"] = _gates(world, where, known.countries, commodities)
    columns["profile"] = pa.array(scores.profile, pa.string()).dictionary_encode()
    for name in world.criteria:
        columns[f"{name}_value"] = _numbers(scores.values[name])  # noqa: PD011 - a mapping, no frame
        columns[f"{name}_contribution"] = _numbers(scores.contributions[name])
    for name, cells in own.items():
        columns[_free(name, columns)] = cells
    return pa.table(columns).combine_chunks()  # one run of memory a column: the bytes on disk depend on it


def _hosts(chunk: pa.Table) -> Texts | None:
    """Return the one host mineral that each row states, "" for none or several; None where no column states any."""
    if HOSTS not in chunk.column_names[len(POINTS) :]:
        return None
    code, words = pd.factorize(pc.fill_null(chunk[HOSTS], "").to_numpy())
    stated = [hosts_of(str(word)) for word in words]
    return np.array([next(iter(one)) if len(one) == 1 else "" for one in stated], dtype=object)[code]


def _free(name: str, taken: Iterable[str]) -> str:
    """Return the name a column of the input has in the output: another where ours has that name."""
    while name in taken:
        name = f"{name}_given"
    return name


def _points(world: World, chunk: pa.Table) -> tuple[Points, tuple[npt.NDArray[np.int64], Texts]]:
    """Return the points, and the commodities of each as codes into their different texts."""
    stated = pc.if_else(pc.equal(chunk["commodities"], ""), ANY_COMMODITY, chunk["commodities"])
    code, names = pd.factorize(stated.to_numpy(), sort=True)
    lon, lat, accuracy = (chunk[name].to_numpy() for name in ("lon", "lat", "accuracy"))
    return points_of(world, lon, lat, accuracy, code, names), (code.astype(np.int64), np.asarray(names, dtype=object))


def _class_columns(world: World, class_: str, found: Found) -> dict[str, pa.Array]:
    nil = pa.DictionaryArray.from_arrays(pa.array(found.nil), NIL_WORDS)
    return {
        f"{class_}_km": _numbers(found.distance_km),
        f"{class_}_low_km": _numbers(found.low_km),
        f"{class_}_high_km": _numbers(found.high_km),
        f"{class_}_id": _named(world, class_, found.feature),
        f"{class_}_nil": nil,
    }


def _numbers(values: Floats) -> pa.Array:
    return pa.array(values, from_pandas=True)


def _named(world: World, class_: str, feature: npt.NDArray[np.int64]) -> pa.DictionaryArray:
    """Return the ids of features as a dictionary of those in use, in their order; null for OUT."""
    known, place = _in_use(feature, int(feature.max(initial=OUT)) + 1)
    ids = texts(world, class_, known, ["feature_id"])["feature_id"]
    return pa.DictionaryArray.from_arrays(pa.array(place, mask=feature == OUT), pa.array(ids, pa.string()))


def _in_use(codes: npt.NDArray[np.int64], many: int) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int32]]:
    """Return which of so many numbers occur, in their order, and the place of each code among them; OUT has none."""
    used = np.zeros(many + 1, bool)
    used[codes] = True
    used[OUT] = False
    place = np.cumsum(used, dtype=np.int32) - 1
    return np.nonzero(used)[0], place[codes]


def _coded(codes: npt.NDArray[np.int64], texts: Texts) -> pa.DictionaryArray:
    """Return texts by code as a dictionary of those in use; null for OUT."""
    known, place = _in_use(codes, len(texts))
    return pa.DictionaryArray.from_arrays(pa.array(place, mask=codes == OUT), pa.array(texts[known], pa.string()))


def _gates(
    world: World, where: Whereabouts, countries: tuple[str, ...], commodities: tuple[npt.NDArray[np.int64], Texts]
) -> pa.DictionaryArray:
    """Return the gates of each point, the same for all of one country, setting and commodity."""
    commodity_of, names = commodities
    key = (commodity_of * len(countries) + where.country) * len(SETTINGS) + where.setting
    different, place = np.unique(key, return_inverse=True)
    told = []
    for one in different:
        rest, setting = divmod(int(one), len(SETTINGS))
        commodity, country = divmod(rest, len(countries))
        here = countries[country], SETTINGS[setting], SiteKind.DEPOSIT.value
        asked = gates_of(world, *here, str(names[commodity]))
        told.append("; ".join(f"{gate.id}={UNKNOWN}" for gate in asked))  # a point brings no evidence
    text_of, gates = pd.factorize(np.array(told, dtype=object), sort=True)  # a dictionary must name nothing twice
    return pa.DictionaryArray.from_arrays(pa.array(text_of[place].astype(np.int32)), pa.array(gates, pa.string()))
