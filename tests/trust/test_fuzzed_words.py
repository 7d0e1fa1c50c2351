"""Random words, addresses, weights and tables on the command line and in the address bar: an answer or a refusal."""

import contextlib
import importlib
import pkgutil
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest
from typer.testing import CliRunner

import cli
import commands
from oreway.layers.errors import LayerError
from oreway.layers.postgis import parse_address
from oreway.outputs.files.drawn_shapes import shape_from
from oreway.outputs.files.files import OutputError
from oreway.scoring.world.world import World, open_world

ROOT = Path(__file__).parent.parent.parent
TIMES = pytest.mark.parametrize("times", [1, pytest.param(20, marks=pytest.mark.heavy)])
NUMBERS = st.one_of(
    st.floats(allow_nan=True).map(repr), st.integers(-1000, 1000).map(str),
    st.sampled_from(["1,5", "-0", "1e999", "nan", "−5", "٣", "0x10", "", "180", "-180.0000001", "90", "-90"]),
)  # fmt: skip
SITES = st.sampled_from(["gl-tanbreez", "au-nolans", "jp-minamitorishima", "my-kuantan", "gl-tanbrez", "GL-TANBREEZ"])
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)
ANY_SITE = st.one_of(SITES, TEXTS)
CLASSES = st.one_of(st.sampled_from(["port", "road", "ice", "refinery", "Port", "gold"]), TEXTS)
BYTES = st.one_of(
    st.binary(max_size=200),
    st.lists(st.tuples(st.sampled_from(["port", "road", "town", "weight", ""]), NUMBERS), max_size=5).map(
        lambda rows: "\n".join(["criterion_id,weight", *(",".join(row) for row in rows)]).encode()
    ),
)


@pytest.fixture(scope="module")
def world() -> World:
    return open_world()


@pytest.fixture
def at_hand(world: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Let every command use one opened world, in an empty folder; return the folder."""
    for found in pkgutil.iter_modules(commands.__path__):
        module = importlib.import_module(f"oreway.commands.{found.name}")
        if hasattr(module, "open_world"):
            monkeypatch.setattr(module, "open_world", lambda **_: world)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def told(words: list[str]) -> None:
    """Run a command: an answer on stdout with 0, or a refusal with 2 and no traceback."""
    result = CliRunner().invoke(cli.app, words)
    fault = result.exception
    if isinstance(fault, cli.REFUSALS):
        assert str(fault).strip()
    elif fault is not None and not isinstance(fault, SystemExit):
        raise AssertionError(f"{words}: {fault!r}") from fault
    else:
        assert result.exit_code in {0, 2}, (words, result.output)
        assert result.exit_code == 2 or result.stdout
        assert result.exit_code == 0 or result.stderr


def fuzz(examples: int, *inputs: st.SearchStrategy[object]) -> Callable[[Callable[..., None]], None]:
    """Run a check at once on as many inputs, the same ones each time."""
    wanted = settings(max_examples=examples, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
    return lambda check: wanted(given(*inputs)(check))()


@TIMES
def test_any_position_is_answered_or_refused(at_hand: Path, times: int) -> None:
    @fuzz(25 * times, NUMBERS, NUMBERS, st.lists(CLASSES, max_size=2))
    def _(lon: str, lat: str, classes: list[str]) -> None:
        told(["nearest", f"--lon={lon}", f"--lat={lat}", *(f"--class={name}" for name in classes)])


@TIMES
def test_any_site_is_answered_or_refused(at_hand: Path, times: int) -> None:
    @fuzz(15 * times, st.sampled_from(["show", "bill", "supply", "report"]), ANY_SITE, st.lists(TEXTS, max_size=2))
    def _(command: str, site: str, more: list[str]) -> None:
        told([command, *(["-o", "out"] if command == "report" else []), "--", site, *more])


@TIMES
def test_any_layer_and_file_is_answered_or_refused(at_hand: Path, times: int) -> None:
    @fuzz(25 * times, TEXTS, TEXTS)
    def _(layer: str, output: str) -> None:
        told(["export", "-o", f"x/{output}", "--", layer])
        told(["export", "-o", output or "x", "--", "minamitorishima"])


@TIMES
def test_any_weights_are_used_or_refused(at_hand: Path, times: int) -> None:
    @fuzz(6 * times, BYTES, st.one_of(st.sampled_from(["", "greenland", "equal"]), TEXTS))
    def _(content: bytes, profile: str) -> None:
        (at_hand / "weights.csv").write_bytes(content)
        told(["score", "--json", "--weights=weights.csv", f"--profile={profile}"])


@TIMES
def test_any_points_are_measured_or_refused(at_hand: Path, times: int) -> None:
    @fuzz(30 * times, st.binary(max_size=300), st.sampled_from(["csv", "parquet", "geojson", "tsv", "txt"]))
    def _(content: bytes, ending: str) -> None:
        (at_hand / f"in.{ending}").write_bytes(content)
        told(["batch", f"in.{ending}", "-o", "out.csv"])


@TIMES
def test_any_region_and_cell_is_drawn_or_refused(at_hand: Path, times: int) -> None:
    cells = st.one_of(st.sampled_from(["30", "45", "0", "-1", "nan", "inf", "1e-9", "1e-300"]), TEXTS)

    @fuzz(25 * times, st.one_of(TEXTS, st.lists(NUMBERS, min_size=3, max_size=5).map(",".join)), cells)
    def _(region: str, cell: str) -> None:
        told(["surface", "-o", "out.tif", f"--resolution={cell}", "--", region])


@TIMES
def test_any_database_address_is_read_or_refused_without_its_password(times: int) -> None:
    secret = "hunter2hunter2"
    lawful = st.builds(f"postgresql://{{}}:{secret}{{}}@{{}}/{{}}?{{}}".format, TEXTS, TEXTS, TEXTS, TEXTS, TEXTS)

    @fuzz(300 * times, st.one_of(TEXTS, lawful))
    def _(text: str) -> None:
        try:
            shown = parse_address(text).shown
        except LayerError as refusal:
            shown = str(refusal)
        assert secret not in shown


@TIMES
def test_any_drawn_shape_is_read_or_refused(times: int) -> None:
    pairs = st.lists(st.tuples(NUMBERS, NUMBERS).map(", ".join), max_size=4).map("; ".join)

    @fuzz(300 * times, st.one_of(TEXTS, pairs))
    def _(text: str) -> None:
        with contextlib.suppress(OutputError):
            west, south, east, north = shape_from(text).bounds
            assert -180 <= west <= east <= 180
            assert -90 <= south <= north <= 90


@TIMES
def test_any_address_bar_shows_the_page(times: int) -> None:
    names = ("site", "at", "lang", "layer", "commodity", "country", "stage", "score", "closed", "with", "profile", "to",
             "where", "zzz")  # fmt: skip
    values = st.sampled_from(["gl-tanbreez", "1,2", "nan,nan", "1e999,0", "ja", "90-10", "-5-500", ",,,"])

    @fuzz(8 * times, st.dictionaries(st.sampled_from(names), st.one_of(TEXTS, values), min_size=1, max_size=6))
    def _(words: dict[str, str]) -> None:
        page = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120)
        for name, value in words.items():
            page.query_params[name] = value
        page.run()
        assert not page.exception, (words, page.exception)
