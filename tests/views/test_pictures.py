"""The report's pictures stand on the page, each with words for those who do not see it."""

import re
from xml.etree import ElementTree

import pytest
from pyproj import Proj

from oreway.outputs.pictures.polar import polar_inset, polar_view
from oreway.scoring.dossier.dossier import dossier
from oreway.scoring.world.world import World
from tests.views.helpers import open_page


@pytest.mark.parametrize(
    ("page", "address", "alt"),
    [
        ("site", {"site": "gl-tanbreez"}, "All of Greenland"),
        ("site", {"site": "au-nolans"}, "Ground along the straight line from Nolans"),
        ("site", {"site": "jp-minamitorishima"}, "below sea level"),
        ("supply", {"site": "au-nolans"}, "Route from Nolans"),
    ],
)
def test_the_page_shows_the_picture_with_its_words(page: str, address: dict[str, str], alt: str) -> None:
    app = open_page(page, **address)
    shown = [one.proto.body for one in app.get("html")]
    source = r'src="component/oreway\.views\.assets\.made/picture-[0-9a-f]+\.svg"'
    alts = re.findall(rf'<img class="oreway-picture(?: whole)?" alt="([^"]+)"[^>]+{source}', " ".join(shown))
    assert any(re.search(alt, one) for one in alts), alts


def test_only_sites_of_greenland_have_the_view_from_above(shipped: World) -> None:
    world = shipped
    seen = polar_view(dossier(world, "gl-tanbreez"), world)
    assert seen is not None
    assert "Tanbreez as a star" in seen.alt
    assert polar_view(dossier(world, "au-nolans"), world) is None


def test_the_small_view_of_greenland_marks_each_site_where_it_lies(shipped: World) -> None:
    world, from_above = shipped, Proj(proj="aeqd", lat_0=72, lon_0=-42, ellps="WGS84", units="km")
    points_a_km = 44 / 2 / 1270 * 72 / 25.4
    for site in ("gl-kvanefjeld", "gl-karrat"):
        seen = polar_inset(dossier(world, site), world)
        assert seen is not None
        ElementTree.fromstring(seen.svg)
        star = re.search(r'<path d="M([\d.]+) ([\d.]+)L[^"]+Z" fill="#[0-9a-f]{6}" stroke="#ffffff"', seen.svg)
        assert star is not None
        east, north = from_above(world.sites["lon"][site], world.sites["lat"][site])
        middle = 44 / 2 * 72 / 25.4, 52 / 2 * 72 / 25.4
        tip = middle[0] + east * points_a_km, middle[1] - north * points_a_km - 6.0
        assert (float(star[1]), float(star[2])) == pytest.approx(tip, abs=0.05)
    assert polar_inset(dossier(world, "au-nolans"), world) is None
