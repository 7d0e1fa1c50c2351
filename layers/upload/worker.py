"""The process that reads one stranger's file: bytes on standard input, sites on standard output, limits on itself."""

import io
import json
import sys
from types import ModuleType

from oreway.layers.errors import ChoiceError, UploadError
from oreway.layers.upload.limits import Limits
from oreway.layers.upload.raw import Choice
from oreway.layers.upload.upload import read_here
from oreway.said import packed

try:
    import resource as found
except ImportError:  # Windows has no such limits; the time limit of the caller holds there too
    RESOURCE: ModuleType | None = None
else:
    RESOURCE = found


def bound(limits: Limits) -> None:
    """Limit this process: memory, processor time, size of files written, no core dump."""
    if RESOURCE is None:
        return
    wanted = {
        "RLIMIT_AS": limits.memory_mb * 1_000_000,
        "RLIMIT_CPU": int(limits.seconds) + 5,
        "RLIMIT_FSIZE": int(2 * limits.unpacked_mb * 1e6),
        "RLIMIT_CORE": 0,
    }
    for name, most in wanted.items():
        key = getattr(RESOURCE, name)
        hard = RESOURCE.getrlimit(key)[1]
        RESOURCE.setrlimit(key, (most if hard == RESOURCE.RLIM_INFINITY else min(most, hard), hard))


def answer(content: bytes, place: str, limits: Limits, choice: Choice) -> bytes:
    """Return what the caller reads: one line of JSON, and the sites as GeoParquet when there are any."""
    try:
        found = read_here(content, place, limits, choice)
    except ChoiceError as error:
        return json.dumps({"refusal": packed(error.said), "choices": list(error.choices)}).encode() + b"\n"
    except UploadError as error:
        return json.dumps({"refusal": packed(error.said)}).encode() + b"\n"
    body = io.BytesIO()
    found.sites.to_parquet(body)
    head = json.dumps(
        {"notes": [packed(note) for note in found.notes],
         "rejected": [[row, packed(reason)] for row, reason in found.rejected], "counted": found.counted,
         "layers": list(found.layers)}
    )  # fmt: skip
    return head.encode() + b"\n" + body.getvalue()


def main() -> None:
    """Read the file and answer."""
    place, told, chosen = json.loads(sys.argv[1])
    limits = Limits(**told)
    bound(limits)
    sys.stdout.buffer.write(answer(sys.stdin.buffer.read(), str(place), limits, Choice(**chosen)))


if __name__ == "__main__":
    main()
