"""Write a software bill of materials, CycloneDX 1.5 JSON: `python -m scripts.sbom > sbom.json`.

Every package of requirements.lock and requirements-extras.lock with version, licence, hashes of its files and what it
needs. The same locks give the same bytes; set SOURCE_DATE_EPOCH to have a time stamp in it.
"""

import datetime
import hashlib
import importlib.metadata
import json
import os
import re
import sys
import tomllib
import uuid
from typing import Any

from scripts.licences import ROOT, Locked, licence, locked, run_and_extras

NAME = re.compile(r"^[A-Za-z0-9][A-Za-z0-9._-]*")


def normal(name: str) -> str:
    """Return a package's name as registries spell it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def reference(package: Locked) -> str:
    """Return the package URL, which is its reference in the document."""
    return f"pkg:pypi/{normal(package.name)}@{package.version}"


def component(package: Locked) -> dict[str, Any]:
    """Return one package as a component."""
    text = licence(package.name)
    plain = bool(re.fullmatch(r"[A-Za-z0-9.-]+", text))
    made: dict[str, Any] = {
        "type": "library", "bom-ref": reference(package), "name": normal(package.name), "version": package.version,
        "purl": reference(package),
        "hashes": [{"alg": "SHA-256", "content": digest} for digest in package.hashes],
        "licenses": [{"license": {"id": text}} if plain else {"expression": text}],
    }  # fmt: skip
    if package.marker:
        made["properties"] = [{"name": "oreway:only-when", "value": package.marker}]
    return made


def needs(package: Locked, known: dict[str, list[str]]) -> list[str]:
    """Return the references of what a package needs, as far as it is installed here and in the lock."""
    try:
        lines = importlib.metadata.requires(package.name) or []
    except importlib.metadata.PackageNotFoundError:
        return []
    names = [match[0] for line in lines if "extra ==" not in line and (match := NAME.match(line))]
    return sorted({ref for name in names for ref in known.get(normal(name), [])})


def document(text: str) -> dict[str, Any]:
    """Return the bill of materials of a lock file's text."""
    packages = locked(text)
    known: dict[str, list[str]] = {}
    for package in packages:
        known.setdefault(normal(package.name), []).append(reference(package))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    own = f"pkg:generic/{project['name']}@{project['version']}"
    direct = {normal(match[0]) for line in project["dependencies"] if (match := NAME.match(line))}
    metadata: dict[str, Any] = {
        "component": {"type": "application", "bom-ref": own, "name": project["name"], "version": project["version"],
                      "licenses": [{"license": {"id": project["license"]}}]},
    }  # fmt: skip
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    if epoch:
        metadata["timestamp"] = datetime.datetime.fromtimestamp(int(epoch), tz=datetime.UTC).isoformat()
    top = {"ref": own, "dependsOn": sorted(ref for name in direct for ref in known.get(name, []))}
    return {
        "bomFormat": "CycloneDX", "specVersion": "1.5", "version": 1,
        "serialNumber": f"urn:uuid:{uuid.UUID(hashlib.sha256(text.encode()).hexdigest()[:32], version=4)}",
        "metadata": metadata,
        "components": [component(package) for package in packages],
        "dependencies": [top, *({"ref": reference(p), "dependsOn": needs(p, known)} for p in packages)],
    }  # fmt: skip


def main() -> None:
    """Print the document."""
    json.dump(document(run_and_extras()), sys.stdout, indent=1)
    sys.stdout.write("\n")


if __name__ == "__main__":
    main()
