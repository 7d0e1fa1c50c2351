"""Name the installed packages that the product itself does not need, for the container: `python -m scripts.spare`.

The lock also holds what tests and checks need, so that one list of hashes does for all; a server is better off without.
"""

import importlib.metadata
import tomllib
from collections.abc import Iterable

from packaging.requirements import Requirement

from scripts.licences import ROOT
from scripts.sbom import normal


def needed(lines: Iterable[str]) -> set[str]:
    """Return the names of everything that requirements need here, themselves included.

    Raises:
        importlib.metadata.PackageNotFoundError: one of them is not installed.
    """
    found: set[tuple[str, str]] = set()
    ahead = [Requirement(line) for line in lines]
    while ahead:
        wanted = ahead.pop()
        for extra in ("", *wanted.extras):
            key = normal(wanted.name), extra
            if key in found:
                continue
            found.add(key)
            asked = map(Requirement, importlib.metadata.requires(wanted.name) or [])
            ahead += [more for more in asked if more.marker is None or more.marker.evaluate({"extra": extra})]
    return {name for name, _ in found}


def spare() -> list[str]:
    """Return the installed packages that nothing in [project] of pyproject.toml needs."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    kept = needed(project["dependencies"]) | {normal(project["name"])}
    return sorted({normal(found.metadata["Name"]) for found in importlib.metadata.distributions()} - kept)


if __name__ == "__main__":
    print("\n".join(spare()))
