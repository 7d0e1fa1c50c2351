"""The report's pictures stand on the page, each with words for those who do not see it."""

import re

import pytest

from outputs.polar import polar_view
from scoring.dossier import dossier
from scoring.world import open_world
from tests.views.helpers import open_page


@pytest.mark.parametrize(
    ("page", "address", "alt"),
    [
        ("site", {"site": "gl-tanbreez"}, "All of Greenland"),
        ("site", {"site": "au-nolans"}, "Ground along the straight line from Nolans"),
        ("site", {"site": "jp-minamitorishima"}, "below sea level"),
        ("rank", {}, "Share of draws"),
        ("supply", {"site": "au-nolans"}, "Route from Nolans"),
    ],
)
def test_the_page_shows_the_picture_with_its_words(page: str, address: dict[str, str], alt: str) -> None:
    app = open_page(page, **address)
    shown = [one.proto.body for one in app.get("html")]
    alts = re.findall(
        r'<img alt="([^"]+)"[^>]+src="component/views\.assets\.made/picture-[0-9a-f]+\.svg"', " ".join(shown)
    )
    assert any(re.search(alt, one) for one in alts), alts


def test_only_sites_of_greenland_have_the_view_from_above() -> None:
    world = open_world()
    seen = polar_view(dossier(world, "gl-tanbreez"), world)
    assert seen is not None
    assert "Tanbreez as a star" in seen.alt
    assert polar_view(dossier(world, "au-nolans"), world) is None
