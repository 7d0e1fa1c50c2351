"""The two faces stay on top: no room imports them, and the terminal needs no Streamlit."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ROOMS = ("commands", "geo", "layers", "scoring", "outputs", "views")
MOST_FLOORS = 10


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


def chain(module, needs, known):
    """Return how many modules of its sub-room stand below a module, itself included."""
    if module not in known:
        known[module] = 1 + max((chain(below, needs, known) for below in needs[module]), default=0)
    return known[module]


def floors(folder):
    """Return the longest chain of imports among the modules of one folder."""
    names = {path.stem for path in folder.glob("*.py")} - {"__init__"}
    prefix = ".".join(("oreway", *folder.relative_to(ROOT).parts))
    needs = {}
    for name in names:
        needs[name] = set()
        for node in ast.walk(ast.parse((folder / f"{name}.py").read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module == prefix:
                needs[name] |= {one.name for one in node.names} & names
            elif isinstance(node, ast.ImportFrom) and (node.module or "").rpartition(".")[0] == prefix:
                needs[name] |= {node.module.rpartition(".")[2]} & names
    return max((chain(name, needs, {}) for name in names), default=0)


SUB_ROOMS = sorted({path.parent.relative_to(ROOT).as_posix() for room in ROOMS for path in (ROOT / room).rglob("*.py")})


@pytest.mark.parametrize("sub_room", SUB_ROOMS)
def test_no_sub_room_is_deeper_than_ten_floors(sub_room):
    assert floors(ROOT / sub_room) <= MOST_FLOORS


def test_a_chain_of_imports_is_counted_in_floors(tmp_path, monkeypatch):
    monkeypatch.setitem(globals(), "ROOT", tmp_path)
    (tmp_path / "room").mkdir()
    for i in range(12):
        line = f"from oreway.room.m{i + 1} import x\n" if i < 11 else "x = 1\n"
        (tmp_path / "room" / f"m{i}.py").write_text(line, encoding="utf-8")
    assert floors(tmp_path / "room") == 12
