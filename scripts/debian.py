"""Programs that tests and benchmarks need, from Debian's packages, where this process may install them."""

import os
import shutil
import subprocess
import sys


def install(*packages: str) -> bool:
    """Install packages with apt-get when root; return whether that was possible and went well."""
    if not (hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get")):
        return False
    words = (["update", "-qq"], ["install", "-y", "-qq", *packages])
    return all(_ran(["apt-get", *more]) for more in words)


def _ran(command: list[str]) -> bool:
    quiet = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    return subprocess.run(command, check=False, stdout=sys.stderr, stderr=sys.stderr, env=quiet).returncode == 0
