"""Fetch axe-core, the accessibility checker, by name through npm, once, into .cache; nothing of it is shipped."""

import io
import shutil
import subprocess
import tarfile
from pathlib import Path

FOLDER = Path(__file__).parent.parent.parent / ".cache" / "axe"
PACKAGE = "axe-core@4.14.1"


def axe_script() -> str | None:
    """Return axe's script; None where neither a copy nor npm can be had."""
    archive = next(FOLDER.glob("axe-core-*.tgz"), None) or _fetched()
    if archive is None:
        return None
    with tarfile.open(fileobj=io.BytesIO(archive.read_bytes())) as packed:
        member = packed.extractfile("package/axe.min.js")
        return None if member is None else member.read().decode()


def _fetched() -> Path | None:
    npm = shutil.which("npm")
    if npm is None:
        return None
    FOLDER.mkdir(parents=True, exist_ok=True)
    done = subprocess.run([npm, "pack", PACKAGE], cwd=FOLDER, capture_output=True, check=False)
    return next(FOLDER.glob("axe-core-*.tgz"), None) if done.returncode == 0 else None
