"""Fuzz the reading of uploads, guided by coverage: `python -m tests.trust.fuzz_upload -runs=50000`.

Needs atheris (`pip install atheris`, Python 3.11 to 3.13, Linux or macOS). Any exception but UploadError, and any sites
that break what the program relies on, stop the run and leave the input as a file named crash-….
"""

import logging
import sys
import tempfile
import warnings
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["oreway.layers"]):
    from oreway.layers.errors import UploadError
    from oreway.layers.upload.upload import Limits, read_here

from tests.trust.corpus import cases
from tests.trust.lawful import check_lawful

LIMITS = Limits(size_mb=1, unpacked_mb=5, features=500, vertices=2_000, cells=50_000)
LARGEST_SEED = 60_000


def one_input(content: bytes) -> None:
    """Read one input as the page would, but in this process."""
    if not content.strip():
        return
    try:
        found = read_here(content, "fuzz.dat", LIMITS)
    except UploadError:
        return
    check_lawful(found)


def main() -> None:
    """Write the seeds, then fuzz from them."""
    warnings.simplefilter("ignore")
    logging.disable()
    with tempfile.TemporaryDirectory(prefix="oreway-fuzz-") as folder:
        for number, (_, content) in enumerate(cases()):
            if len(content) <= LARGEST_SEED:
                (Path(folder) / f"seed-{number}").write_bytes(content)
        largest = f"-max_len={LARGEST_SEED}"
        atheris.Setup([sys.argv[0], largest, "-timeout=60", "-rss_limit_mb=4000", *sys.argv[1:], folder], one_input)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
