"""List every locked package with its licence in docs/licences.md; refuse what is unknown or does not fit Apache-2.0.

Run `python -m scripts.licences`; with `--check` nothing is written and a list out of date is an error.
"""

import dataclasses
import importlib.metadata
import re
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).parent.parent
LOCKS = (ROOT / "requirements.lock", ROOT / "requirements-extras.lock")
PAGE = ROOT / "docs" / "licences.md"
PIN = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)==([^\s;\\]+)\s*(?:;\s*([^\\]+?))?\s*\\?$")
HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")

PERMISSIVE = (
    "0BSD", "Apache-2.0", "Apache-2.0 WITH LLVM-exception", "BSD-2-Clause", "BSD-3-Clause", "CC0-1.0", "CNRI-Python",
    "ISC", "MIT", "MIT-0", "MIT-CMU", "PSF-2.0", "Unlicense", "Zlib",
)  # fmt: skip
UNCHANGED = {
    "LGPL-2.1-or-later": "used as an unchanged library that anyone may replace",
    "LGPL-3.0-only": "used as an unchanged library that anyone may replace",
    "MPL-2.0": "used as unchanged files",
}
CLASSIFIERS = {
    "Apache Software License": "Apache-2.0", "BSD License": "BSD-3-Clause", "ISC License (ISCL)": "ISC",
    "MIT License": "MIT", "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0", "Python Software Foundation License":
    "PSF-2.0",
}  # fmt: skip
SHORT = {
    "3-Clause BSD License": "BSD-3-Clause", "Apache 2.0": "Apache-2.0", "Apache License 2.0": "Apache-2.0",
    "Apache-2.0": "Apache-2.0", "BSD": "BSD-3-Clause", "BSD-2-Clause": "BSD-2-Clause", "BSD-3-Clause": "BSD-3-Clause",
    "BSD 2-Clause License": "BSD-2-Clause", "MIT": "MIT", "MPL-2.0": "MPL-2.0", "New BSD": "BSD-3-Clause",
}  # fmt: skip
READ_BY_HAND = {  # silent in its metadata, read in its source; or not installed on every platform and Python
    "atheris": "Apache-2.0", "click-plugins": "BSD-3-Clause", "cligj": "BSD-3-Clause", "colorama": "BSD-3-Clause",
    "httpx2-jsfetch": "BSD-3-Clause", "importlib-metadata": "Apache-2.0", "lazy-importer": "Apache-2.0",
    "librt": "MIT", "psycopg-binary": "LGPL-3.0-only", "pygeoif": "LGPL-2.1-or-later", "pywin32": "PSF-2.0",
    "streamlit-folium": "MIT", "watchdog": "Apache-2.0", "zipp": "MIT",
}  # fmt: skip


@dataclasses.dataclass(frozen=True, kw_only=True)
class Locked:
    """One line of a lock."""

    name: str
    version: str
    marker: str
    hashes: tuple[str, ...]


def locked(text: str) -> list[Locked]:
    """Return the packages of a lock file, in its order.

    Raises:
        ValueError: a line is neither a package nor a hash.
    """
    found: list[Locked] = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        pin, digest = PIN.match(line), HASH.search(line)
        if pin is not None:
            found.append(Locked(name=pin[1].lower(), version=pin[2], marker=(pin[3] or "").strip(), hashes=()))
        elif digest is not None and found:
            found[-1] = dataclasses.replace(found[-1], hashes=(*found[-1].hashes, digest[1]))
        else:
            raise ValueError(f"line {number} of the locks: neither package nor hash; run `make lock`")
    return found


def run_and_extras() -> str:
    """Return the text of both locks: what runs, then what the extras add."""
    return "".join(lock.read_text(encoding="utf-8") for lock in LOCKS)


def licence(name: str) -> str:
    """Return the licence of a package as an SPDX expression, empty when it is not known."""
    if name in READ_BY_HAND:
        return READ_BY_HAND[name]
    try:
        told = importlib.metadata.metadata(name)
    except importlib.metadata.PackageNotFoundError:
        return ""
    expression = str(told.get("License-Expression") or "")
    if expression:
        return expression
    short = SHORT.get(str(told.get("License") or "").strip(), "")
    classes = [line.rsplit(" :: ", 1)[-1] for line in told.get_all("Classifier") or [] if line.startswith("License")]
    return short or " AND ".join(sorted({CLASSIFIERS.get(word, f"? {word}") for word in classes}))


def fits(expression: str) -> bool:
    """Tell whether an SPDX expression of AND and OR may stand beside Apache-2.0: all of AND, any of OR."""
    allowed = {*PERMISSIVE, *UNCHANGED}
    plain = expression.replace("(", "").replace(")", "")
    return bool(plain) and all(
        any(word.strip() in allowed for word in part.split(" OR ")) for part in plain.split(" AND ")
    )


def page(packages: Sequence[Locked]) -> str:
    """Return the list as Markdown.

    Raises:
        ValueError: a licence is unknown or does not fit; all are named.
    """
    licences = {package.name: licence(package.name) for package in packages}
    wrong = [f"{name}: {text or 'not known'}" for name, text in licences.items() if not fits(text)]
    if wrong:
        raise ValueError(f"licences that are unknown or do not fit Apache-2.0: {'; '.join(wrong)}")
    lines = [
        "# Licences of what Oreway stands on", "",
        "Made by `python -m scripts.licences` from requirements.lock (the page and the commands), then",
        "requirements-extras.lock (cluster, mcp, serve, postgis), and each package's own metadata; checked by a test.",
        "Licences of the data stand in [data.md](data.md). Wheels of pyogrio, rasterio, shapely and pyproj carry",
        "GDAL (MIT), PROJ (MIT), GEOS (LGPL-2.1-or-later, linked dynamically) and others.",
        "", *(f"- {name}: {why}." for name, why in sorted(UNCHANGED.items())), "",
        "| Package | Version | Only when | Licence |", "|---|---|---|---|",
        *(f"| {p.name} | {p.version} | {p.marker.replace('|', '/')} | {licences[p.name]} |" for p in packages), "",
    ]  # fmt: skip
    return "\n".join(lines)


def main(words: Sequence[str]) -> int:
    """Write the page, or compare it."""
    try:
        text = page(locked(run_and_extras()))
    except ValueError as error:
        print(error, file=sys.stderr)
        return 1
    if "--check" in words:
        same = PAGE.exists() and PAGE.read_text(encoding="utf-8") == text
        print("docs/licences.md is up to date" if same else "docs/licences.md is out of date", file=sys.stderr)
        return 0 if same else 1
    PAGE.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
