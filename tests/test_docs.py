"""The documents say what the product does."""

import re
from pathlib import Path

import pytest

from scripts.docs import PAGE, page

ROOT = Path(__file__).parent.parent


def test_the_data_page_is_the_one_made_from_the_catalogue():
    assert PAGE.read_text(encoding="utf-8") == page(), "run `make data`"


def test_the_readme_is_short():
    assert len((ROOT / "README.md").read_text(encoding="utf-8").splitlines()) <= 120


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md", "docs/method.md"])
def test_every_file_a_document_links_to_exists(name):
    text = (ROOT / name).read_text(encoding="utf-8")
    links = re.findall(r"\]\((?!https?:|#)([^)#]+)", text)
    folder = (ROOT / name).parent
    assert [link for link in links if not (folder / link).exists()] == []


def test_every_command_the_readme_names_exists():
    from cli import COMMANDS

    text = (ROOT / "README.md").read_text(encoding="utf-8")
    used = set(re.findall(r"^(?:\.venv/bin/)?oreway (\w+)", text, flags=re.MULTILINE))
    assert used
    assert used <= set(COMMANDS)


def test_the_lock_names_no_address():
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert "://" not in text
    assert "--hash=sha256:" in text


LOADED_BY_NAME = {"geoalchemy2": "geopandas' PostGIS reader", "psycopg": "SQLAlchemy's postgresql+psycopg"}


def test_every_dependency_is_locked():
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = [line for lines in project["optional-dependencies"].values() for line in lines]
    names = [re.split(r"[<>=~ \[]", item)[0] for item in [*project["dependencies"], *extras]]
    lock = "".join((ROOT / f"requirements{part}.lock").read_text(encoding="utf-8") for part in ("", "-extras"))
    for name in names:
        assert re.search(rf"^{re.escape(name)}==", lock, flags=re.MULTILINE), name


OWN = {"oreway", "app", "cli", "serve"}
NAMES = {"pil": "pillow", "yaml": "pyyaml"}  # what is imported by another name than it is installed by


def third_party():
    """Return the packages of others that the product imports, by the name they are installed by."""
    import ast
    import sys

    rooms = ("commands", "geo", "layers", "scoring", "outputs", "views", "oreway")
    files = [*ROOT.glob("*.py"), *(path for room in rooms for path in (ROOT / room).rglob("*.py"))]
    found = set()
    for path in files:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [name.name for name in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) and not node.level else []
            found |= {name.split(".")[0].lower() for name in names}
    outside = found - {name.lower() for name in sys.stdlib_module_names} - OWN - {""}
    return {NAMES.get(name, name).replace("_", "-") for name in outside}


def test_every_import_is_declared():
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lines = [*project["dependencies"], *(line for extra in project["optional-dependencies"].values() for line in extra)]
    declared = {re.split(r"[<>=~ \[]", line)[0].lower() for line in lines}
    assert sorted(third_party() - declared) == []
    assert sorted(declared - third_party() - set(LOADED_BY_NAME)) == []
