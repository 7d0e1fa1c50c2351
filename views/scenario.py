"""What the address holds in one word each: the reader's own weights, and what is built and changed on the what-if page.

Each word begins with its version; a word that cannot be read is refused with a reason, never taken in part.
"""

import base64
import binascii
import json
import re
import zlib
from collections.abc import Mapping, Sequence
from typing import Any

import shapely

from oreway.geo.errors import GeoError
from oreway.layers.errors import LayerError
from oreway.outputs.words.output_sayings import ScenarioSaying
from oreway.said import why
from oreway.scoring.errors import ScoringError
from oreway.scoring.rank.ahp import SCALE
from oreway.scoring.whatif.closing import CLOSE
from oreway.scoring.whatif.whatif import ADDABLE
from oreway.views import answers, cached

VERSION, BETWEEN, FILE = "1", "~", "oreway_scenario"
CLOSING_VERSION = "2"  # of a scenario in which something is closed; without it stays what older versions read
READ = (VERSION, CLOSING_VERSION)
TIMES = {**{f"1/{step:.0f}": 1 / step for step in reversed(SCALE[1:])}, **{f"{step:.0f}": step for step in SCALE}}
LONGEST, MOST_BYTES, MOST_STEPS, MOST_NAME = 1_800, 20_000, 20, 60
WEIGHT = re.compile(r"([a-z_]{1,40})\.(\d{1,3})")
MOST_WEIGHT, DECIMALS = 100, 5


class ScenarioError(ValueError):
    """A word of the address cannot be read; the message says why."""


def weights_word(weights: Mapping[str, int]) -> str:
    """Return weights as a word; those of zero are left out.

    >>> weights_word({"port_km": 20, "road_km": 0, "power_km": 5})
    '1~port_km.20~power_km.5'
    """
    return BETWEEN.join([VERSION, *(f"{name}.{weight}" for name, weight in weights.items() if weight)])


def read_weights(word: str, known: Sequence[str]) -> dict[str, int]:
    """Return the weight of every known criterion, zero where the word does not name it.

    Raises:
        ScenarioError: another version, an unknown criterion, or a weight that is none.
    """
    version, *parts = word.split(BETWEEN)
    if version != VERSION:
        raise ScenarioError(ScenarioSaying.VERSION(repr(version[:8])))
    found = dict.fromkeys(known, 0)
    for part in parts:
        match = WEIGHT.fullmatch(part)
        if match is None or match[1] not in found or int(match[2]) > MOST_WEIGHT:
            raise ScenarioError(part[:40])
        found[match[1]] = int(match[2])
    return found


def pairs_word(told: Mapping[tuple[str, str], str]) -> str:
    """Return comparisons in pairs as a word, a share with a minus; "" where every pair is equal.

    >>> pairs_word({("port", "road"): "3", ("port", "rail"): "1", ("road", "rail"): "1/5"})
    '1~port.road.3~road.rail.-5'
    """
    unlike = {pair: times.replace("1/", "-") for pair, times in told.items() if times != "1"}
    return (
        BETWEEN.join([VERSION, *(f"{one}.{other}.{step}" for (one, other), step in unlike.items())]) if unlike else ""
    )


def read_pairs(word: str, known: Sequence[str]) -> dict[tuple[str, str], str]:
    """Return how many times as important the first of a pair is, as TIMES write it; pairs not named are equal.

    Raises:
        ScenarioError: another version, an unknown criterion, or a number that is none of TIMES.
    """
    version, *parts = word.split(BETWEEN)
    if version != VERSION:
        raise ScenarioError(ScenarioSaying.VERSION(repr(version[:8])))
    found = {}
    for part in parts:
        one, other, step = (*part.split("."), "", "")[:3]
        step = step.replace("-", "1/", 1)
        if one not in known or other not in known or step not in TIMES:
            raise ScenarioError(part[:40])
        found[one, other] = step
    return found


def scenario_word(built: Sequence[answers.Built], changes: Sequence[str]) -> str:
    """Return what is built and changed as a word; empty where it is nothing, or too long for an address."""
    if not built and not changes:
        return ""
    things = [
        [one.class_, shapely.to_wkt(shapely.from_wkt(one.wkt), rounding_precision=DECIMALS), one.name, one.size]
        for one in built
    ]
    text = json.dumps([things, list(changes)], ensure_ascii=False, separators=(",", ":"))
    packed = base64.urlsafe_b64encode(zlib.compress(text.encode(), 9)).decode("ascii").rstrip("=")
    word = f"{_version(changes)}{BETWEEN}{packed}"
    return word if len(word) <= LONGEST else ""


def scenario_file(built: Sequence[answers.Built], changes: Sequence[str]) -> bytes:
    """Return what is built and changed as a file that people can read, for whatever is too long for an address too."""
    things = [[one.class_, one.wkt, one.name, one.size] for one in built]
    return json.dumps(
        {FILE: _version(changes), "built": things, "changes": list(changes)}, ensure_ascii=False, indent=1
    ).encode()


def _version(changes: Sequence[str]) -> str:
    return CLOSING_VERSION if any(one.startswith(f"{CLOSE}:") for one in changes) else VERSION


def _of_version(version: str, things: list[Any], changes: list[str]) -> tuple[list[Any], list[str]]:
    """Return what a scenario holds, refused where its version is not that of what it holds."""
    if version != _version(changes):
        raise ScenarioError(ScenarioSaying.VERSION(repr(version)))
    return things, changes


def read_scenario_file(content: bytes) -> tuple[list[answers.Built], list[str]]:
    """Return what a file of `scenario_file` holds, tried on the world.

    Raises:
        ScenarioError: another kind of file or version, damaged, or something that cannot be built or changed so.
    """
    try:
        found = json.loads(content[: MOST_BYTES + 1])
        if not isinstance(found, dict) or found.get(FILE) not in READ:
            raise ScenarioError(ScenarioSaying.NO_SCENARIO(FILE, VERSION))  # noqa: TRY301 - said as it is, below
        return _tried(*_of_version(found[FILE], *_checked(found.get("built"), found.get("changes"))))
    except ScenarioError:
        raise
    except (ValueError, TypeError, shapely.errors.ShapelyError) as error:
        raise ScenarioError(ScenarioSaying.DAMAGED()) from error


def read_scenario(word: str) -> tuple[list[answers.Built], list[str]]:
    """Return what is built and changed; it is tried on the world, so that a page may rely on it.

    Raises:
        ScenarioError: another version, damaged, or something that cannot be built or changed so.
    """
    version, _, packed = word.partition(BETWEEN)
    if version not in READ or len(word) > LONGEST:
        raise ScenarioError(ScenarioSaying.VERSION(repr(version[:8])))
    try:
        return _tried(*_of_version(version, *_unpacked(packed)))
    except ScenarioError:
        raise
    except (ValueError, TypeError, zlib.error, binascii.Error, shapely.errors.ShapelyError) as error:
        raise ScenarioError(ScenarioSaying.DAMAGED()) from error


def _tried(things: list[Any], changes: list[str]) -> tuple[list[answers.Built], list[str]]:
    built = [_built(thing) for thing in things]
    try:
        answers.check_built(cached.world().data_version, tuple(built), tuple(changes))
    except (ScoringError, GeoError, LayerError) as error:
        raise ScenarioError(why(error)) from error
    return built, changes


def _unpacked(packed: str) -> tuple[list[Any], list[str]]:
    raw = base64.urlsafe_b64decode(packed + "=" * (-len(packed) % 4))
    opened = zlib.decompressobj()
    text = opened.decompress(raw, MOST_BYTES)
    if opened.unconsumed_tail:
        raise ValueError("too long")
    return _checked(*json.loads(text))


def _checked(things: Any, changes: Any) -> tuple[list[Any], list[str]]:
    if not (isinstance(things, list) and isinstance(changes, list) and len(things) + len(changes) <= MOST_STEPS):
        raise ValueError("not two lists")
    if not all(isinstance(one, str) for one in changes):
        raise ValueError("not texts")
    return things, changes


def _built(thing: Any) -> answers.Built:
    class_, wkt, name, size = thing
    if class_ not in ADDABLE or not isinstance(wkt, str) or not isinstance(name, str):
        raise ValueError("not a thing one can build")
    shapely.from_wkt(wkt)
    return answers.Built(class_=class_, wkt=wkt, name=name[:MOST_NAME], size=None if size is None else float(size))
