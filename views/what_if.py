"""The what-if page: build a port, airfield, road, railway or power supply and see every site before and after."""

from typing import Any

import shapely
import streamlit as st
from streamlit_folium import st_folium

from oreway.geo.errors import GeoError
from oreway.layers.errors import LayerError
from oreway.layers.upload.upload import read_upload
from oreway.outputs.files import drawn_shapes as drawn
from oreway.outputs.files.files import OutputError
from oreway.outputs.map.site_map import Choice, site_map
from oreway.outputs.report.route_tables import mark
from oreway.outputs.words.formatting import class_label, phrase
from oreway.scoring.errors import ScoringError
from oreway.scoring.whatif.whatif import ADDABLE, JOINED
from oreway.views import answers, cached, state
from oreway.views.assets import assets_url
from oreway.views.changes import change_form, changes
from oreway.views.guard import guarded
from oreway.views.state import language, ui
from oreway.views.whatif_answer import answer

MAP_KEY, BUILT = "build_map", "built"
CLASS_KEY, TEXT_KEY, NAME_KEY, SIZE_KEY = "build_class", "build_where", "build_name", "build_size"
HEIGHT = 600
UNITS = {"port": "size_port", "airfield": "size_airfield", "power": "size_power"}
USUAL_SIZE = {"port": 12.0, "airfield": 1500.0}  # a berth for a handy-size ship, m; a strip for a jet, m


def built() -> list[answers.Built]:
    """Return what the user has built so far."""
    found: list[answers.Built] = st.session_state.setdefault(BUILT, [])
    return found


def place_of(sent: Any) -> tuple[float, float] | None:
    """Return where the map was clicked, (lon, lat): a point, or the site that was hit."""
    sites = cached.world().sites
    if not isinstance(sent, dict):
        return None
    if sent.get("kind") == "site" and sent.get("id") in sites.index:
        return float(sites["lon"].to_dict()[sent["id"]]), float(sites["lat"].to_dict()[sent["id"]])
    return state.read_point(f"{sent.get('lon')},{sent.get('lat')}")


def take_click() -> None:
    """Put a clicked place into the coordinates."""
    sent = st.session_state.get(MAP_KEY)
    lon_lat = place_of(sent)
    if lon_lat is not None:
        is_line = st.session_state[CLASS_KEY] in JOINED
        st.session_state[TEXT_KEY] = drawn.with_point(st.session_state[TEXT_KEY], *lon_lat, is_line=is_line)


def take_class() -> None:
    """Offer the usual size of what was chosen."""
    st.session_state[SIZE_KEY] = USUAL_SIZE.get(st.session_state[CLASS_KEY])


def add() -> None:
    """Add what the form holds, or keep the refusal for the page to say."""
    held = st.session_state
    held["build_fault"] = None
    try:
        file = held.get("build_file")
        if file is not None and not held[TEXT_KEY].strip():
            shape = read_upload(file.getvalue(), file.name).sites.geometry.iloc[0]
        else:
            shape = drawn.shape_from(held[TEXT_KEY])
        name = (
            held[NAME_KEY].strip()[:60] or f"{class_label(held[CLASS_KEY], language(), short=True)} {len(built()) + 1}"
        )
        size = float(held[SIZE_KEY]) if held[SIZE_KEY] else None
        new = answers.Built(class_=held[CLASS_KEY], wkt=shape.wkt, name=name, size=size)
        answers.check_built(cached.world().data_version, (*built(), new))
    except (ScoringError, GeoError, LayerError, OutputError) as error:
        held["build_fault"] = phrase(str(error), language())
        return
    held[BUILT] = [*built(), new]
    held[TEXT_KEY], held[NAME_KEY] = "", ""


def form() -> None:
    """Show what can be built and where."""
    held = st.session_state
    for key, start in ((CLASS_KEY, ADDABLE[0]), (TEXT_KEY, ""), (NAME_KEY, ""), (SIZE_KEY, USUAL_SIZE["port"])):
        held.setdefault(key, start)
    class_ = st.selectbox(
        ui("build_what"), ADDABLE, key=CLASS_KEY, format_func=lambda key: class_label(key, language(), short=True),
        on_change=take_class,
    )  # fmt: skip
    hint = ui("build_line" if class_ in JOINED else "build_point")
    st.text_area(ui("build_where"), key=TEXT_KEY, help=hint, placeholder="-46.0, 60.9", height=80)
    if class_ in JOINED or class_ == "power":
        st.file_uploader(ui("build_file"), type=["geojson", "json"], key="build_file")
    st.text_input(ui("build_name"), key=NAME_KEY)
    if class_ in UNITS:
        st.number_input(ui(UNITS[class_]), min_value=0.0, key=SIZE_KEY, help=ui("size_help"), placeholder="–")
    st.button(ui("build_add"), on_click=add, type="primary", icon=":material/add:")
    if held.get("build_fault"):
        st.error(held["build_fault"])
    for i, one in enumerate(built()):
        st.button(
            ui("build_remove", name=one.name), key=f"remove_{i}", icon=":material/close:",
            on_click=lambda i=i: held[BUILT].pop(i),
        )  # fmt: skip
    if built():
        st.button(ui("build_reset"), on_click=built().clear, icon=":material/restart_alt:")


@guarded
def page() -> None:
    """Read, choose, compute, show."""
    opened = cached.world()
    state.settle([str(key) for key in opened.sites.index])
    st.title(ui("what_if_title"))
    st.markdown(ui("what_if_intro"))
    left, right = st.columns([31, 19], gap="small")
    with right:
        form()
        change_form(tuple(built()))
    with left:
        shapes = [(shapely.from_wkt(one.wkt), one.name) for one in built()]
        typed = st.session_state[TEXT_KEY].strip()
        if typed:
            try:
                shapes.append((drawn.shape_from(typed), ui("build_new")))
            except OutputError as error:
                right.caption(phrase(str(error), language()))
        choice = {"chosen": None, "lines": [], "hidden": [], "shown": None, "routes": drawn.drawing(shapes), "fit": 0}
        choice["fit"] = mark(built()) if built() else 0
        st_folium(
            site_map(assets_url(), cached.map_url(opened.data_version, language())), key=MAP_KEY, height=HEIGHT,
            width=None, use_container_width=True, returned_objects=[], feature_group_to_add=Choice(choice),
            on_change=take_click,
        )  # fmt: skip
    if built() or changes():
        asked = opened.data_version, tuple(built()), tuple(changes())
        answer(answers.before_and_after(*asked), lambda: answers.after_file(*asked))


page()
