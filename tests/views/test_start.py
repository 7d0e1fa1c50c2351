"""What stands on a page before anything is chosen, what its tab and a shared link say, and the story of live links."""

import json
from typing import Any

import pytest
import streamlit_folium

from oreway.outputs.map.site_map import opening, site_map
from oreway.views import ahead, cached, first_map
from oreway.views.preview_tags import PreviewTags
from oreway.views.start import pair
from tests.views.helpers import ROOT, open_page
from tests.waiting import waited


def test_compare_and_site_open_on_a_worked_example_and_say_so() -> None:
    compared = open_page("compare")
    assert compared.multiselect(key="compare_sites").value == ["gl-tanbreez", "gl-kvanefjeld"]
    assert compared.caption[0].value == "A worked example: Tanbreez, Kvanefjeld. Choose another above."
    site = open_page("site")
    assert site.title[0].value == "Tanbreez"
    assert "A worked example: Tanbreez" in site.caption[0].value
    assert "site" not in site.query_params


def test_a_chosen_site_is_compared_with_its_neighbour_by_score_judged_alike() -> None:
    judged = cached.assessments(cached.world().data_version)
    mine, other = pair("au-nolans", judged)
    assert mine == "au-nolans"
    apart = abs((judged[mine].total or 0) - (judged[other].total or 0))
    rivals = [one for key, one in judged.items() if key != mine and one.profile == judged[mine].profile]
    assert apart == min(abs((one.total or 0) - (judged[mine].total or 0)) for one in rivals if one.total is not None)


def test_the_story_tells_the_numbers_of_the_other_pages_in_the_readers_language() -> None:
    world = cached.world()
    for lang, words in (("en", "Access score {} of 100"), ("ja", "100点中{}点")):
        app = open_page("story", lang=lang)
        told = "\n".join(one.value for one in app.markdown)
        for site_id in ("gl-tanbreez", "jp-minamitorishima", "au-mt-weld"):
            total = cached.assessments(world.data_version)[site_id].total
            assert words.format(f"{total:.0f}") in told
        assert "Lynas Kalgoorlie" in told
    assert "最寄り" in told


@pytest.mark.parametrize("name", ["explore", "site", "story"])
def test_a_link_to_another_page_keeps_the_language_and_all_that_is_chosen(name: str) -> None:
    app = open_page(name, lang="ja", site="au-nolans", closed="suez", stage="producing")
    links = [str(one.proto.query_string) for one in app.get("page_link")]
    assert links
    for words in links:
        assert {"lang=ja", "closed=suez", "stage=producing"} <= set(words.split("&")), words
        assert sum(part.startswith("site=") for part in words.split("&")) == 1


def test_no_page_makes_links_of_its_own() -> None:
    users = [path.name for path in (ROOT / "views").glob("*.py") if "st.page_link(" in path.read_text("utf-8")]
    assert users == ["start.py"]


async def _asked(path: str, query: str) -> str:
    page = (ROOT / "tests" / "views" / "test_start.py").name  # any text: only the title is replaced
    sent: list[dict[str, Any]] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"1")]})
        await send({"type": "http.response.body", "body": b"<title>Streamlit</title>" + page.encode()})

    async def keep(message: Any) -> None:
        sent.append(dict(message))

    headers = [(b"host", b"mines.example"), (b"x-forwarded-proto", b"https")]
    scope = {"type": "http", "method": "GET", "path": path, "query_string": query.encode(), "headers": headers}
    await PreviewTags(app)(scope, None, keep)  # type: ignore[arg-type]
    body = b"".join(one.get("body", b"") for one in sent)
    assert path.startswith("/static") or dict(sent[0]["headers"])[b"content-length"] == str(len(body)).encode()
    return body.decode()


@pytest.mark.parametrize(
    ("path", "query", "title"),
    [
        ("/", "", "Map · Oreway"),
        ("/base/rank", "lang=ja", "順位 · Oreway"),
        ("/supply", "site=gl-tanbreez", "Tanbreez · Supply · Oreway"),
        ("/site", "site=%3Cscript%3E", "Site · Oreway"),
    ],
)
def test_a_shared_link_is_titled_before_its_script_runs(path: str, query: str, title: str) -> None:
    body = waited(_asked(path, query))
    assert f"<title>{title}</title>" in body
    assert f'<meta property="og:title" content="{title}">' in body
    assert f'<meta property="og:image" content="https://mines.example{path.rpartition("/")[0]}/preview.png">' in body
    assert "<script>" not in body


def test_what_is_no_page_passes_untouched() -> None:
    assert "og:" not in waited(_asked("/static/js/index.js", ""))


SENT = b'<head></head><script type="module" crossorigin src="./static/js/index.Ab-1.js"></script><div id="root"></div>'


def test_the_map_stands_in_the_page_before_its_script_where_the_address_asks_for_no_more(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(first_map, "map_files", lambda: {"ja": ["../made/map-ja-1.json"]})
    monkeypatch.setattr(first_map.assets, "shown", set)
    words = first_map.with_first(SENT, "ja", {"lang"}).decode()
    assert "鉱床" in words
    assert "<iframe" not in words
    assert SENT.partition(b"<div")[0].decode() in words, "Streamlit's script does not wait for words"
    monkeypatch.setattr(first_map.assets, "shown", lambda: {ahead.MAP})
    body = first_map.with_first(SENT, "ja", {"lang"}).decode()
    assert '<script type="module"' not in body
    assert 'href="./static/js/index.Ab-1.js"' in body
    told = json.loads(body.partition('<script type="application/json">')[2].partition("</script>")[0])
    assert told["main"] == "./static/js/index.Ab-1.js"
    assert "../made/map-ja-1.json" in told["map"]["args"]["script"]
    assert '"map":' not in first_map.with_first(SENT, "ja", {"lang", "site"}).decode()
    assert first_map.with_first(SENT, "ja", {"embed"}) == SENT


def test_the_map_that_stands_first_runs_the_script_that_streamlit_folium_makes_of_the_pages_map() -> None:
    page = streamlit_folium._get_map_string(site_map("../web", "../made/map-en-1.json", scripts="s.js"))
    first = opening("../made/map-en-1.json")
    script = "".join(page.split()).replace("vardrawnItems=[];", "")
    assert script.rstrip(";") == "".join(first.split()).rstrip(";")
