"""Files made for the browser: whole, and gone when nobody needs them."""

import gzip
import hashlib
import os
import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from oreway.views import assets, first_words, preview_tags
from oreway.views.kept_files import FOR_EVER, KeptFiles
from tests.waiting import waited


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


MARKED, OWN = "/component/a.made/map-en-97a9090cdd0653e8.json", "/component/a.made/own-97a9090cdd0653e8.json"


def asked_twice(path: str, encoding: bytes) -> tuple[int, list[dict[bytes, bytes]], list[bytes]]:
    """Ask for a file twice; return how often it was read, and the headers and bodies of the answers."""
    read, answers = [], []

    async def behind(scope, receive, send):
        read.append(scope["path"])
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/plain")]})
        await send({"type": "http.response.body", "body": b"land " * 500})

    async def ask() -> None:
        kept = KeptFiles(behind)
        for _ in range(2):
            told: list = []

            async def send(message, told=told):
                told.append(message)

            headers = [(b"accept-encoding", encoding)]
            await kept(
                {"type": "http", "method": "GET", "path": path, "query_string": b"", "headers": headers}, None, send
            )
            answers.append(told)

    waited(ask())
    return len(read), [dict(told[0]["headers"]) for told in answers], [told[1]["body"] for told in answers]


def test_a_file_named_by_its_content_is_compressed_once_and_kept_for_ever() -> None:
    read, headers, bodies = asked_twice(MARKED, b"gzip, br")
    assert read == 1
    assert bodies[0] == bodies[1]
    assert gzip.decompress(bodies[1]) == b"land " * 500
    assert headers[1][b"cache-control"] == FOR_EVER
    assert headers[1][b"content-length"] == str(len(bodies[1])).encode()


@pytest.mark.parametrize(
    ("path", "encoding"), [(OWN, b"gzip"), ("/component/a.web/oreway.css", b"gzip"), (MARKED, b"")]
)
def test_a_visitors_own_file_one_without_a_mark_or_a_browser_without_gzip_is_passed_on(
    path: str, encoding: bytes
) -> None:
    read, headers, bodies = asked_twice(path, encoding)
    assert read == 2
    assert b"cache-control" not in headers[0]
    assert bodies[0] == b"land " * 500


def test_the_fonts_of_the_sheets_bear_the_mark_of_their_content() -> None:
    for sheet in ("oreway.css", "oreway-page.css"):
        named = re.findall(r'url\("(fonts/[^"?]+)(?:\?v=(\w+))?"\)', (assets.WEB / sheet).read_text("utf-8"))
        assert named
        for path, mark in named:
            assert hashlib.sha256((assets.WEB / path).read_bytes()).hexdigest()[:8] == mark, path


def test_the_head_names_parts_of_the_page_that_are_there_and_not_named_already() -> None:
    folder, page = first_words.STATIC / "static" / "js", (first_words.STATIC / "index.html").read_text("utf-8")
    assert {part.partition(".")[0] for part in first_words.parts()} >= set(first_words.PARTS)
    for part in first_words.parts():
        assert (folder / part).is_file()
        assert part not in page
    assert preview_tags.OLD_FONT.search(page.encode())
