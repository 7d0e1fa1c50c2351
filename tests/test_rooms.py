"""The two faces stay on top: no room imports them, and the terminal needs no Streamlit."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ROOMS = ("commands", "geo", "layers", "scoring", "outputs", "views")


def room_of(module):
    """Return the room of ours, or the package of others, that a module belongs to."""
    first, *rest = module.split(".")
    return rest[0] if first == "oreway" and rest else first


def imported(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (room_of(name.name) for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield room_of(node.module or "")


@pytest.mark.parametrize("room", ROOMS)
def test_no_room_imports_a_face(room):
    for path in (ROOT / room).rglob("*.py"):
        assert not {"app", "cli"} & set(imported(path)), path.name


def test_the_terminal_needs_neither_streamlit_nor_the_pages():
    for path in (ROOT / "cli.py", *(ROOT / "commands").glob("*.py")):
        assert not {"streamlit", "views", "pyproj", "rasterio"} & set(imported(path)), path.name


def test_the_page_is_navigation_and_nothing_else():
    assert len((ROOT / "app.py").read_text(encoding="utf-8").splitlines()) <= 40


@pytest.mark.parametrize("room", ROOMS)
def test_imports_stand_at_the_top_of_their_module(room):
    for path in (ROOT / room).rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        inside = [
            node.lineno
            for function in ast.walk(tree)
            if isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef))
            for node in ast.walk(function)
            if isinstance(node, (ast.Import, ast.ImportFrom))
        ]
        assert inside == [], path.name
