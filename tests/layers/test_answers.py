"""Answers kept on disk: found again by name, never those of other data or code, never what is damaged."""

import math
import os
import shutil
from pathlib import Path

import pytest

from oreway.layers import answers
from oreway.layers.answers import answer, mark, sweep

TOLD = {"name": "Kvanefjeld", "km": [1.5, math.inf, None, True], "ja": "グリーンランド"}


@pytest.fixture
def _own_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("OREWAY_CACHE", str(tmp_path))


def nothing():
    raise AssertionError("asked again")


def kept_file(tmp_path):
    (path,) = (tmp_path / "answers").glob("*/*.json")
    return path


@pytest.mark.usefixtures("_own_cache")
def test_an_answer_is_made_once_and_comes_back_as_it_was():
    assert answer("show x", lambda: TOLD) == TOLD
    assert answer("show x", nothing) == TOLD
    assert answer("show y", lambda: "another") == "another"


@pytest.mark.usefixtures("_own_cache")
@pytest.mark.parametrize("damage", [b"", b"0\n[]", b"\xff\xfe", b'"whole"', "half", "foreign"])
def test_what_is_damaged_or_half_written_is_made_anew(tmp_path, damage):
    answer("show x", lambda: "right")
    path = kept_file(tmp_path)
    whole = path.read_bytes()
    path.write_bytes({"half": whole[:-3], "foreign": whole.replace(b"right", b"wrong")}.get(damage, damage))
    assert answer("show x", lambda: "again") == "again"
    assert answer("show x", nothing) == "again"


@pytest.mark.usefixtures("_own_cache")
def test_a_folder_that_cannot_be_written_only_costs_time(tmp_path):
    (tmp_path / "answers").write_text("a file")
    assert answer("show x", lambda: (1, 2)) == [1, 2]
    assert answer("show x", lambda: 3) == 3


def copied(root: Path) -> Path:
    """Write a small data folder and a room of code that are older than this process."""
    for name, text in {"data/sites/a.csv": "site_id\n", "layers/read.py": "x = 1\n", "data/web/big.js": ""}.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return root


def test_any_change_of_data_or_code_is_another_mark_and_pictures_are_none(tmp_path, monkeypatch):
    monkeypatch.setattr(answers, "STARTED_NS", 2**63)
    root = copied(tmp_path)
    first = mark(root)
    (root / "data/web/big.js").write_text("other")
    assert mark(root) == first
    seen = {first}
    for name in ("data/sites/a.csv", "layers/read.py", "data/sites/b.csv"):
        (root / name).write_text("y = 22\n")
        assert mark(root) not in seen
        seen.add(mark(root))
    shutil.rmtree(root / "layers")
    assert mark(root) not in seen


def test_data_changed_while_a_process_runs_have_no_mark_in_it(tmp_path):
    assert mark(copied(tmp_path)) is None


@pytest.mark.usefixtures("_own_cache")
def test_answers_made_while_the_data_change_are_not_kept(tmp_path, monkeypatch):
    marks = iter(["a" * 16, None])
    monkeypatch.setattr(answers, "mark", lambda: next(marks))
    assert answer("show x", lambda: "told") == "told"
    assert not list(tmp_path.glob("answers/*/*.json"))


@pytest.mark.usefixtures("_own_cache")
def test_of_folders_of_earlier_data_the_newest_stay_and_others_are_left_alone(tmp_path):
    for i in range(20):
        for folder in (f"answers/{i:016x}", f"{i:012x}"):
            (tmp_path / folder).mkdir(parents=True)
            os.utime(tmp_path / folder, (i, i))
    (tmp_path / "balance").mkdir()
    sweep()
    left = sorted(int(one.name, 16) for one in (tmp_path / "answers").iterdir())
    assert left == list(range(20 - answers.KEPT_MARKS + 1, 20))
    assert len(list(tmp_path.iterdir())) == answers.KEPT_VERSIONS - 1 + 2
