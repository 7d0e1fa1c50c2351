"""Files made for the browser: whole, and gone when nobody needs them."""

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from oreway.views import assets


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setattr(assets, "_made_folder", lambda: tmp_path)
    return tmp_path


def names(folder: Path) -> list[str]:
    return sorted(path.name.split(".")[0] for path in folder.iterdir())


def test_own_files_and_pictures_go_after_a_day_and_the_map_stays(folder: Path) -> None:
    for stem in ("own-abc", "picture-x", "surface-y", "map-en"):
        assets.publish(stem, stem.encode())
    yesterday = time.time() - 86_401
    for path in folder.iterdir():
        os.utime(path, (yesterday, yesterday))
    assets.publish("own-abc", b"own-abc")  # asked for again
    assets.publish("picture-new", b"new")
    assert [name.rsplit("-", 1)[0] for name in names(folder)] == ["map-en", "own-abc", "picture-new"]


def test_what_is_taken_back_is_gone(folder: Path) -> None:
    kept, gone = (assets.publish(stem, b"{}") for stem in ("own-kept", "own-gone"))
    assets.withdraw(gone)
    assets.withdraw(gone)
    assets.withdraw("")
    assert [path.name for path in folder.iterdir()] == [kept.rsplit("/", 1)[-1]]
