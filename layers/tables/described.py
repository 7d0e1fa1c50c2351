"""What a file says of each site beside its place: id, name, commodities, stage, standing and how sure the place is."""

import collections
import dataclasses
import math
from collections.abc import Callable, Sequence

import numpy as np
import pyarrow as pa

from oreway.arrays import Floats
from oreway.layers.errors import CoordinateError
from oreway.layers.tables.attributes import commodities, kilometres, plant_state, stage, standing
from oreway.layers.tables.columns import accuracy_unit, further_commodities, spelled
from oreway.layers.tables.coordinates import SHOWN
from oreway.layers.tables.sayings import TableSaying
from oreway.layers.upload.raw import texts
from oreway.layers.vocabulary import USUAL_ACCURACY_KM, SiteKind
from oreway.said import Said, listed, why

MOST_WORDS = 12
KIND = "kind"  # says of which rows the stage is the state of a plant
NO_ID = frozenset({"code"})  # a code may be one of commodities: an id only where each differs


@dataclasses.dataclass(frozen=True, kw_only=True)
class Described:
    """What the columns of roles say, an entry a row; faults: rows whose accuracy cannot be read; used: columns."""

    site_ids: list[str]
    names: list[str]
    commodities: list[str]
    stages: list[str]
    standings: list[str]
    accuracy_km: Floats
    faults: dict[int, Said]
    notes: tuple[Said, ...]
    used: frozenset[str]


def described(table: pa.Table, clean: Callable[[str], str]) -> Described:
    """Return what a table says of its rows.

    Args:
        table: columns of any kind.
        clean: makes a text of a cell fit to be kept.
    """
    names = list(table.column_names)
    roles = spelled(names)

    def cells(role: str) -> list[str]:
        return [clean(text) for text in texts(table[roles[role]])] if role in roles else [""] * table.num_rows

    more = further_commodities(names)
    listed = zip(
        *(
            [clean(t) for t in texts(table[n])]
            for n in ([roles["commodities"]] if "commodities" in roles else []) + more
        ),
        strict=True,
    )
    joined = [";".join(part for part in parts if part) for parts in listed] or [""] * table.num_rows
    told: list[Said] = []
    symbols = _understood(joined, commodities_of, TableSaying.COMMODITIES_NOT_KNOWN, told)
    kinds = texts(table[KIND]) if KIND in names else [""] * table.num_rows
    stages = _stages(cells("stage"), kinds, told)
    standings = _understood(cells("standing"), standing, TableSaying.STANDINGS_NOT_KNOWN, told)
    accuracy, faults = accuracies(cells("accuracy"), accuracy_unit(roles.get("accuracy", "")), told)
    ids = cells("site_id")
    if roles.get("site_id", "").lower() in NO_ID and len({one for one in ids if one}) < len(ids):
        ids = [""] * len(ids)
        roles.pop("site_id")
    used = {
        roles[role] for role in ("site_id", "name", "commodities", "stage", "standing", "accuracy") if role in roles
    }
    return Described(
        site_ids=ids, names=cells("name"), commodities=symbols, stages=stages, standings=standings,
        accuracy_km=accuracy,
        faults=faults, notes=tuple(told), used=frozenset(used),
    )  # fmt: skip


def commodities_of(text: str) -> tuple[str, tuple[str, ...]]:
    """Return the symbols of a list of commodities and the words in it that are not known."""
    return commodities(text)


def _stages(cells: Sequence[str], kinds: Sequence[str], told: list[Said]) -> list[str]:
    """Return the stage of each row, of a plant its state; words not known are named in told."""
    are_plants = [kind.strip().lower() == SiteKind.PLANT for kind in kinds]
    deposits = [cell for cell, is_plant in zip(cells, are_plants, strict=True) if not is_plant]
    plants = [cell for cell, is_plant in zip(cells, are_plants, strict=True) if is_plant]
    of_deposits = iter(_understood(deposits, stage, TableSaying.STAGES_NOT_KNOWN, told))
    of_plants = iter(_understood(plants, plant_state, TableSaying.STATES_NOT_KNOWN, told))
    return [next(of_plants if is_plant else of_deposits) for is_plant in are_plants]


def _understood(cells: Sequence[str], read: Callable[..., object], what: TableSaying, told: list[Said]) -> list[str]:
    """Return cells as the words Oreway measures by; those not known are named in told, and kept among commodities."""
    strange: collections.Counter[str] = collections.Counter()
    known: dict[str, str] = {}
    for cell in dict.fromkeys(cells):
        found = read(cell)
        if isinstance(found, tuple):
            known[cell], words = str(found[0]), found[1]
            strange.update(words)
        else:
            known[cell] = str(found or "")
            strange.update([cell] if found is None else [])
    if strange:
        told.append(what(listed((word[:SHOWN] for word in strange), most=MOST_WORDS)))
    return [known[cell] for cell in cells]


def accuracies(cells: Sequence[str], unit: str, told: list[Said]) -> tuple[Floats, dict[int, Said]]:
    """Return how sure each position is, km, USUAL_ACCURACY_KM where nothing is said, and the cells not read."""
    found, faults = np.full(len(cells), math.nan), dict[int, Said]()
    strange: dict[str, None] = {}
    for i, cell in enumerate(cells):
        try:
            found[i] = kilometres(cell, unit)
        except CoordinateError as error:
            if not unit and not any(character.isdigit() for character in cell):
                strange[cell] = None
            else:
                faults[i] = TableSaying.ACCURACY(repr(cell[:SHOWN]), why(error))
    if strange:
        told.append(TableSaying.ACCURACIES_NOT_KNOWN(listed(word[:SHOWN] for word in list(strange)[:MOST_WORDS])))
    gone = np.isnan(found)
    gone[list(faults)] = False
    if gone.any():
        told.append(TableSaying.ACCURACY_TAKEN(format(USUAL_ACCURACY_KM, "g")))
    return np.where(np.isnan(found), USUAL_ACCURACY_KM, found), faults
