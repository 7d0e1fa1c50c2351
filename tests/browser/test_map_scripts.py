"""The map scripts' pure parts in a real Chromium: projection, labels, lines across 180°, filters, groups."""

import math
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pyproj
import pytest
from playwright.sync_api import Browser, Page

from oreway.layers.catalog import DATA
from oreway.outputs.map.site_map import SCRIPTS
from oreway.outputs.map.whole_map import whole_map
from oreway.scoring.judge.assess import score_table
from oreway.scoring.world.world import open_world

pytestmark = pytest.mark.browser
WEB = DATA / "web"


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    opened = browser.new_page()
    opened.set_content("<canvas></canvas>")
    for name in SCRIPTS:
        opened.add_script_tag(content=(WEB / name).read_text(encoding="utf-8"))
    yield opened
    opened.close()


def test_a_place_is_projected_as_web_mercator_has_it(page: Page) -> None:
    # EPSG:3857: northing = R ln tan(π/4 + φ/2), the world 2πR across and as high
    for lon, lat in ((0.0, 0.0), (133.0, -25.0), (-46.0, 60.97), (179.9, 84.0)):
        x, y = page.evaluate("([lon, lat]) => oreway.unit(lon, lat)", [lon, lat])
        assert x == pytest.approx((lon + 180) / 360)
        assert y == pytest.approx(0.5 - math.log(math.tan(math.pi / 4 + math.radians(lat) / 2)) / (2 * math.pi))
    assert page.evaluate("oreway.unit(0, 90)[1]") == pytest.approx(0, abs=1e-9)


def test_a_label_that_would_touch_a_more_important_one_is_left_out(page: Page) -> None:
    written = page.evaluate("""() => {
      const written = [], ctx = new Proxy({}, {
        get: (held, key) => key === "measureText" ? (text) => ({ width: 6 * text.length })
          : key === "fillText" ? (text) => written.push(text) : key in held ? held[key] : () => undefined,
        set: (held, key, value) => { held[key] = value; return true; },
      });
      const place = (n, lon, lat, z, zz) => { const [x, y] = oreway.unit(lon, lat); return { x, y, p: { n, z, zz } }; };
      const points = [place("First", 0, 0, 0, 20), place("Touching", 0.5, 0, 0, 20), place("Apart", 60, 0, 0, 20),
                      place("Only nearer", 60, 40, 9, 20), place("Only farther", 60, -40, 0, 2)];
      const painter = new oreway.Painter([{ type: "label", on: true, ready: true, points, size: 11, colour: "#000" }]);
      Object.assign(painter, {
        _ctx: ctx, _bounds: { min: { x: 0, y: 0 }, getSize: () => ({ x: 2048, y: 2048 }) },
        _map: { getZoom: () => 3, getPixelOrigin: () => ({ x: 0, y: 0 }) },
      });
      painter.redraw();
      return written;
    }""")
    assert written == ["First", "Apart"]


def test_own_points_are_gathered_when_far_and_apart_when_near(page: Page) -> None:
    sizes = page.evaluate("""() => {
      const own = new oreway.Own({ lon: [10, 10.001, 100], lat: [50, 50, -20], fill: ["#a", "#b", "#c"] });
      const count = (zoom) => [...own.groups(zoom).values()].flat().map((group) => group.members.length).sort();
      return [count(3), count(11)];
    }""")
    assert sizes == [[1, 2], [1, 1, 1]]


def test_a_click_beyond_180_finds_the_point_of_the_one_world(page: Page) -> None:
    found = page.evaluate("""() => {
      const own = new oreway.Own({ lon: [-179.9, 20], lat: [-16, 0], fill: ["#a", "#b"] });
      const at = (lng, lat) => own.at({ getZoom: () => 5 },
        { wrap: () => ({ lng: ((lng + 180) % 360 + 360) % 360 - 180, lat }) });
      return [at(180.1, -16), at(-179.9, -16), at(90, 0)].map((group) => group ? group.members : null);
    }""")
    assert found == [[0], [0], None]


@pytest.mark.parametrize(("start", "end"), [((179.0, -16.0), (-178.0, -18.0)), ((-178.0, 60.0), (165.0, 40.0))])
def test_a_line_across_180_runs_on_and_keeps_to_the_great_circle(
    page: Page, start: tuple[float, float], end: tuple[float, float]
) -> None:
    points = page.evaluate("([start, end]) => oreway.arc(start, end)", [start, end])
    lons = [lon for _, lon in points]
    assert max(abs(b - a) for a, b in pairwise(lons)) < 10
    assert max(lons) > 180 or min(lons) < -180
    assert points[-1][0] == pytest.approx(end[1])
    assert (lons[-1] - end[0]) % 360 == pytest.approx(0, abs=1e-6) or (lons[-1] - end[0]) % 360 == pytest.approx(360)
    sphere = pyproj.Geod(a=1, b=1)
    parts = sum(sphere.inv(a[1], a[0], b[1], b[0])[2] for a, b in pairwise(points))
    assert parts == pytest.approx(sphere.inv(*start, *end)[2], rel=1e-9)


@pytest.mark.parametrize(
    ("state", "zoom", "seen"),
    [
        ({}, 3, ["whole", "other"]), ({}, 9, ["whole", "part", "other"]),
        ({"hidden": ["other"]}, 9, ["whole", "part"]), ({"shown": ["other", "part"]}, 3, ["other"]),
        ({"shown": []}, 9, []), ({"chosen": {"id": "part"}}, 3, ["whole", "part", "other"]),
        ({"chosen": {"id": "part"}, "hidden": ["part"]}, 9, ["whole", "other"]),
    ],
)  # fmt: skip
def test_filters_hide_sites_and_parts_wait_until_one_is_near(
    page: Page, state: dict[str, object], zoom: int, seen: list[str]
) -> None:
    sites = [{"id": "whole", "z": 0}, {"id": "part", "z": 7}, {"id": "other", "z": 0}]
    assert page.evaluate("([sites, state, zoom]) => oreway.visible(sites, state, zoom)", [sites, state, zoom]) == seen


def test_every_glyph_has_its_own_outline_and_an_unknown_one_is_a_disc(page: Page) -> None:
    traced = page.evaluate("""() => ["own", "triangle", "square", "diamond", "pentagon", "star", "plant", "anchor",
        "plane", "bolt", "area", "no such"].map((name) => {
      const steps = [], none = () => undefined;
      const take = (word) => (x, y) => steps.push(word + " " + x.toFixed(2) + " " + y.toFixed(2));
      const ctx = { beginPath: none, closePath: none, moveTo: take("m"), lineTo: take("l"), arc: take("arc") };
      oreway.glyph(ctx, name, 5, 5, 4);
      return steps.join(";");
    })""")
    assert len(set(traced)) == len(traced)
    assert traced[-1].startswith("arc 5.00 5.00")


def test_a_way_is_measured_on_the_ellipsoid(page: Page) -> None:
    ends = [((-46.0, 60.9), (-45.0, 60.0)), ((179.0, -16.0), (-178.0, -18.0)), ((133.0, -25.0), (-118.2, 33.7)),
            ((0.0, 0.0), (0.0, 0.0)), ((10.0, 80.0), (190.0, 80.0))]  # fmt: skip
    found = page.evaluate("(ends) => ends.map(([a, b]) => oreway.metres(a, b))", ends)
    true = [pyproj.Geod(ellps="WGS84").inv(*a, *b)[2] for a, b in ends]
    assert found == pytest.approx(true, abs=0.01)


def test_view_layers_and_base_map_go_into_the_address_and_come_back(page: Page) -> None:
    kept = {"zoom": 5.25, "lat": 60.9, "lon": -46, "on": ["ports", "sea_lanes"], "off": ["eez"], "base": "dark"}
    word = page.evaluate("(kept) => oreway.writeHash(kept)", kept)
    assert word == "#m1/5.25/60.9000/-46.0000/on.ports.sea_lanes/off.eez/base.dark"
    assert page.evaluate("(word) => oreway.readHash(word)", word) == {**kept, "strange": []}


@pytest.mark.parametrize(
    ("word", "strange"), [("#m1/99/60/-46", ["99/60/-46"]), ("#m1/a/b/c/on.ports", ["a/b/c"]), ("#m1/5/1/2/x", ["x"])]
)
def test_a_damaged_address_is_told_and_the_rest_of_it_kept(page: Page, word: str, strange: list[str]) -> None:
    assert page.evaluate("(word) => oreway.readHash(word).strange", word) == strange
    assert page.evaluate("oreway.readHash('#elsewhere')") is None


def test_signs_on_each_other_are_all_found_the_nearest_first(page: Page) -> None:
    signs = [{"x": 100, "y": 100, "size": 7}, {"x": 104, "y": 100, "size": 7}, {"x": 140, "y": 100, "size": 7}]
    assert page.evaluate("(signs) => oreway.under(signs, 105, 100)", signs) == [1, 0]
    assert page.evaluate("(signs) => oreway.under(signs, 120, 100)", signs) == []


def test_arrows_go_to_the_next_site_that_way(page: Page) -> None:
    places = [{"x": 200, "y": 110}, {"x": 120, "y": 300}, {"x": 20, "y": 100}, {"x": 900, "y": 100}]
    step = "([places, way]) => oreway.towards(places, { x: 100, y: 100 }, way)"
    assert [page.evaluate(step, [places, way]) for way in ([1, 0], [-1, 0], [0, 1], [0, -1])] == [0, 2, 1, -1]


def test_a_crowd_of_ports_is_thinned_when_far_and_whole_when_near_and_nothing_is_called_undefined(page: Page) -> None:
    drawn = page.evaluate("""() => [3, 12].map((zoom) => {
      const written = [], signs = [], ctx = new Proxy({}, {
        get: (held, key) => key === "measureText" ? () => ({ width: 40 }) : key === "arc" ? () => signs.push(1)
          : key === "fillText" ? (text) => written.push(text) : key in held ? held[key] : () => undefined,
        set: (held, key, value) => { held[key] = value; return true; },
      });
      const place = (n, lon) => { const [x, y] = oreway.unit(lon, 0); return { x, y, p: n ? { n } : {} }; };
      const points = [place("Largest", -180), place("", -179.99), place("Third", -179.98)];
      const look = { names: 8, thin: 22, glyph: "disc", fill: "#000" };
      const item = Object.assign({ type: "point", on: true, ready: true, points, rings: [] }, look);
      const painter = new oreway.Painter([item]);
      Object.assign(painter, {
        _ctx: ctx, _bounds: { min: { x: 0, y: 128 * Math.pow(2, zoom) - 200 }, getSize: () => ({ x: 200, y: 400 }) },
        _map: { getZoom: () => zoom, getPixelOrigin: () => ({ x: 0, y: 0 }) },
      });
      painter.redraw();
      return [signs.length, written];
    })""")
    assert drawn[0] == [1, []]
    assert drawn[1] == [3, ["Largest", "Third"]]


def test_the_map_in_one_file_judges_by_moved_weights_as_the_engine_does(browser: Browser, tmp_path: Path) -> None:
    world, chosen = open_world(), ["au-nolans", "gl-tanbreez", "jp-minamitorishima"]
    sites = world.sites.loc[chosen].assign(total=float("nan"))
    whole_map(sites, world=world).save(str(tmp_path / "map.html"))
    page, faults, asked = browser.new_page(), [], []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("request", lambda request: asked.append(request.url.split(":")[0]))
    page.goto((tmp_path / "map.html").as_uri())
    page.click("summary")
    page.select_option("select", "outback")
    page.locator("input[data-criterion=port]").fill("90")
    told = page.evaluate("orewayWeights.sites.map((site) => [site.id, site.total])")
    page.close()
    weights = dict(world.methods.profile_weights("outback")) | {"port": 0.9}
    expected = score_table(world, weights=weights, site_ids=chosen).set_index("site_id")["total"]
    for site_id, total in told:
        assert (float("nan") if total is None else total) == pytest.approx(expected[site_id], abs=0.01, nan_ok=True)
    assert len(told) == len(chosen)
    assert faults == []
    assert set(asked) <= {"file", "data"}
