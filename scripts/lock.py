"""Write requirements.lock: every package with version and hashes for all platforms, no registry address.

Needs `uv` on the PATH (`pip install uv`); only maintainers run this.
"""

import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

ROOT = Path(__file__).parent.parent


def wanted() -> list[str]:
    """Return the requirements named in pyproject.toml, those for tests and checks included."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return [
        *project["project"]["dependencies"],
        *project["dependency-groups"]["test"],
        *project["dependency-groups"]["check"],
    ]


def main() -> int:
    """Compile the lock and refuse one that names a registry."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "requirements.in"
        source.write_text("\n".join(wanted()) + "\n", encoding="utf-8")
        lock = Path(folder) / "requirements.lock"
        command = [
            "uv",
            "pip",
            "compile",
            "--universal",
            "--python-version",
            "3.11",
            "--generate-hashes",
            "--no-header",
        ]
        command += [
            "--no-emit-index-url",
            "--no-emit-find-links",
            "--no-annotate",
            "--quiet",
            str(source),
            "-o",
            str(lock),
        ]
        subprocess.run(command, check=True)
        text = lock.read_text(encoding="utf-8")
    if "://" in text or "--index-url" in text or "--find-links" in text:
        print("requirements.lock would name a registry address; not written", file=sys.stderr)
        return 1
    (ROOT / "requirements.lock").write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
