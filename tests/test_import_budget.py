"""What each command may load: a list of packages, so that nothing heavy comes on the way to an answer without it."""

import importlib
import inspect
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import cli

ROOT = Path(__file__).parent.parent
WORDS = {
    "typer",
    "click",
    "shellingham",
    "rich",
    "markdown_it",
    "mdurl",
    "pygments",
    "colorama",
    "pydantic",
    "pydantic_core",
    "annotated_types",
    "annotated_doc",
    "typing_extensions",
    "typing_inspection",
    "babel",
    "pytz",
}  # fmt: skip; babel takes pytz where it is installed
READY = WORDS | {"platformdirs"}  # the answer stands ready on disk
TABLES = WORDS | {"numpy", "pandas", "pyarrow", "geopandas", "shapely", "pyproj", "dateutil", "six", "pytz", "tzdata",
                  "packaging", "certifi", "cloudpickle"}  # fmt: skip
VALUES = TABLES | {"platformdirs"}
FOUND = READY | {"numpy", "shapely", "pyproj", "certifi", "llvmlite"}  # compiled code without its compiler
MANY = (FOUND | TABLES | {"pyogrio", "filelock"}) - {"rich", "markdown_it", "mdurl", "pygments"}
IN_TABLES = ("balance", "price")  # commands whose words are those of tables of scoring
EVERY_HELP = [[name, "--help"] for name in cli.COMMANDS if name not in IN_TABLES]
CASES = {
    "help, a wrong command, a wrong option": ([["--help"], ["nonsense"], ["score", "--nonsense"], *EVERY_HELP], WORDS),
    "what stands ready: layers, sites, show": ([["layers"], ["sites"], ["show", "au-mt-weld"]], READY),
    "score, of values that stand ready": ([["score"]], VALUES),
    "supply and bill, asked before": ([["supply", "au-mt-weld"], ["bill", "au-mt-weld", "--json"]], READY),
    "nearest, of what stands ready": ([["nearest", "--lon", "133", "--lat", "-25"]], FOUND),
    "batch of few points": ([["batch", "{folder}/points.csv", "-o", "{folder}/out.csv"]], MANY),
}
LOADED = """
import io, json, sys
sys.path.insert(0, sys.argv[1])
import cli
from contextlib import redirect_stderr, redirect_stdout
for words in json.loads(sys.argv[2]):
    sys.argv = ["oreway", *words]
    with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
        try:
            cli.main()
        except SystemExit:
            pass
installed = {name for name, module in sys.modules.items() if "." not in name
             and "site-packages" in (getattr(module, "__file__", None) or "")}
print(json.dumps(sorted(installed)))
"""


@pytest.mark.parametrize("case", CASES)
def test_a_command_loads_no_package_that_its_answer_does_not_need(case, tmp_path):
    asked, may = CASES[case]
    words = [[word.format(folder=tmp_path) for word in one] for one in asked]
    (tmp_path / "points.csv").write_text("name,lon,lat\na,133,-25\nb,-46,61\n")
    command = [sys.executable, "-c", LOADED, str(ROOT), json.dumps(words)]
    if may in (READY, VALUES, FOUND, MANY):  # from the second time on
        subprocess.run(command, check=True, cwd=ROOT, capture_output=True)
    told = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT, env=os.environ | {"TERM": ""})
    loaded = {name for name in json.loads(told.stdout) if not name.startswith(("_", "oreway"))}
    assert loaded, "nothing is loaded: the list is not read right"
    assert loaded <= may


def test_the_list_of_commands_says_the_first_line_of_each():
    for name, place in cli.COMMANDS.items():
        module, function = place.split(":")
        line = inspect.getdoc(getattr(importlib.import_module(module), function)).splitlines()[0]
        assert cli.about(name) == line, name


def test_a_report_asked_for_before_loads_what_sets_type_and_no_tables(tmp_path):
    words = [["report", "au-mt-weld", "-o", str(tmp_path)]]
    command = [sys.executable, "-c", LOADED, str(ROOT), json.dumps(words)]
    for _ in range(2):
        told = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
    loaded = {name for name in json.loads(told.stdout) if not name.startswith(("_", "oreway"))}
    assert loaded <= READY | {"typst", "jinja2", "markupsafe"}
    assert (tmp_path / "au-mt-weld.pdf").read_bytes().startswith(b"%PDF-")


FIRST_WORDS = """
import json, sys
from oreway.views.preview_tags import _with_first, tags
page = b'<head></head><body><div id="root"></div></body>'
told = tags("/", "lang=ja"), _with_first(page, "/", "lang=ja").decode(), _with_first(page, "/rank", "").decode()
print(json.dumps([*told, sorted(sys.modules)]))
"""


def test_the_first_page_of_a_server_that_starts_has_title_and_words_before_any_room_that_answers_is_loaded():
    shown = subprocess.run([sys.executable, "-c", FIRST_WORDS], cwd=ROOT, capture_output=True, text=True, check=True)
    title, first, other, loaded = json.loads(shown.stdout.splitlines()[-1])
    assert "<title>地図 · Oreway</title>" in title
    assert "oreway-first" in first
    assert "鉱床" in first
    assert 'rel="modulepreload"' in other
    assert "oreway-first" not in other
    assert not {"pandas", "geopandas", "folium", "numba", "oreway.scoring.world.world"} & set(loaded)
