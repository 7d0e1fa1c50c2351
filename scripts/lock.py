"""Write the locks: every package with version and hashes for all platforms, no registry address.

requirements.lock holds what runs (`make run`), requirements-extras.lock what the extras add (`make extras`),
requirements-dev.lock what tests and checks need on top of both.
Needs `uv` on the PATH (`pip install uv`); only maintainers run this.
"""

import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).parent.parent
RUN, EXTRAS, DEVELOPMENT = "requirements.lock", "requirements-extras.lock", "requirements-dev.lock"
COMPILE = (
    "uv", "pip", "compile", "--universal", "--python-version", "3.11", "--generate-hashes", "--no-header",
    "--no-emit-index-url", "--no-emit-find-links", "--no-annotate", "--quiet",
)  # fmt: skip
ADDRESSES = ("://", "--index-url", "--find-links")


def wanted() -> dict[str, list[str]]:
    """Return the requirements named in pyproject.toml by the lock that holds them."""
    document = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    extras = document["project"]["optional-dependencies"].values()
    groups = document["dependency-groups"].values()
    return {
        RUN: [*document["build-system"]["requires"], *document["project"]["dependencies"]],
        EXTRAS: [line for extra in extras for line in extra],
        DEVELOPMENT: [line for group in groups for line in group],
    }


def kept() -> str:
    """Return the locks as they stand."""
    return "".join(
        (ROOT / name).read_text(encoding="utf-8") for name in (RUN, EXTRAS, DEVELOPMENT) if (ROOT / name).exists()
    )


def compiled(lines: list[str], folder: Path, name: str, *, given: Sequence[str] = ()) -> str:
    """Return the lock of some requirements; the versions of the locks `given` do not change."""
    source, lock = folder / f"{name}.in", folder / name
    source.write_text("\n".join(lines) + "\n", encoding="utf-8")
    lock.write_text(kept(), encoding="utf-8")  # versions there already stay unless they have to change
    constraint = [word for other in given for word in ("--constraint", str(folder / other))]
    subprocess.run([*COMPILE, *constraint, str(source), "-o", str(lock)], check=True)
    return lock.read_text(encoding="utf-8")


def entries(text: str) -> dict[str, str]:
    """Return the packages of a lock by name, each with its hashes."""
    blocks: list[str] = []
    for line in text.splitlines(keepends=True):
        if line.startswith((" ", "\t")):
            blocks[-1] += line
        elif line.strip():
            blocks.append(line)
    return {block.split("==")[0] + block.partition(";")[2].partition("\\")[0]: block for block in blocks}


def main() -> int:
    """Compile the locks, each only with what those before it lack, and refuse one that names a registry."""
    locks: dict[str, str] = {}
    known: set[str] = set()
    with tempfile.TemporaryDirectory() as folder:
        for name, lines in wanted().items():
            found = entries(compiled(lines, Path(folder), name, given=tuple(locks)))
            locks[name] = "".join(block for package, block in found.items() if package not in known)
            known |= set(found)
    for name, text in locks.items():
        if any(address in text for address in ADDRESSES):
            print(f"{name} would name a registry address; not written", file=sys.stderr)
            return 1
    for name, text in locks.items():
        (ROOT / name).write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
