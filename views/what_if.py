"""The what-if page: build or close a port, a plant or what leads there, and see every site before and after."""

from typing import Any

import shapely
import streamlit as st
from streamlit_folium import st_folium

from oreway.geo.errors import GeoError
from oreway.layers.errors import LayerError
from oreway.layers.upload.upload import read_upload
from oreway.outputs.files import drawn_shapes as drawn
from oreway.outputs.files.files import OutputError
from oreway.outputs.map.site_map import Choice
from oreway.outputs.report.route_tables import mark
from oreway.outputs.words.formatting import class_label, fault_text
from oreway.said import why
from oreway.scoring.errors import ScoringError
from oreway.scoring.whatif.closing import Closing, read_step
from oreway.scoring.whatif.doubts import doubts
from oreway.scoring.whatif.whatif import ADDABLE, JOINED, Addition
from oreway.views import answers, cached, state
from oreway.views.changes import change_form, changed_list, close_form, closed_drawn
from oreway.views.guard import guarded
from oreway.views.page_map import page_map
from oreway.views.state import language, ui
from oreway.views.what_if_steps import BUILT, built, can_undo, changes, files, remember, remove_all, remove_built, undo
from oreway.views.whatif_answer import answer, gains_drawn

MAP_KEY = "build_map"
CLASS_KEY, TEXT_KEY, NAME_KEY, SIZE_KEY = "build_class", "build_where", "build_name", "build_size"
HEIGHT = 600
UNITS = {"port": "size_port", "airfield": "size_airfield", "power": "size_power"}
USUAL_SIZE = {"port": 12.0, "airfield": 1500.0}  # a berth for a handy-size ship, m; a strip for a jet, m


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


def add(*, sure: bool = False) -> None:
    """Add what the form holds; a refusal, or a doubt about its place, is kept for the page to say.

    Args:
        sure: the user has seen the doubt and wants it there.
    """
    held = st.session_state
    held["build_fault"], held["build_doubt"] = None, ()
    try:
        new = typed()
        answers.check_built(cached.world().data_version, (*built(), new))
    except (ScoringError, GeoError, LayerError, OutputError) as error:
        held["build_fault"] = fault_text(why(error), language())
        return
    shape = shapely.from_wkt(new.wkt)
    held["build_doubt"] = () if sure else tuple(
        fault_text(doubt, language())
        for doubt in doubts(cached.world(), Addition(class_=new.class_, geometry=shape, name=new.name))
    )  # fmt: skip
    if held["build_doubt"]:
        return
    remember()
    held[BUILT] = [*built(), new]
    held[TEXT_KEY], held[NAME_KEY] = "", ""


def typed() -> answers.Built:
    """Return what the form holds.

    Raises:
        LayerError, OutputError: its place cannot be read.
    """
    held = st.session_state
    file = held.get("build_file")
    if file is not None and not held[TEXT_KEY].strip():
        shape = read_upload(file.getvalue(), file.name).sites.geometry.iloc[0]
    else:
        shape = drawn.shape_from(held[TEXT_KEY])
    name = held[NAME_KEY].strip()[:60]
    name = name or f"{class_label(held[CLASS_KEY], language(), short=True)} {len(built()) + 1}"
    size = float(held[SIZE_KEY]) if held[SIZE_KEY] else None
    return answers.Built(class_=held[CLASS_KEY], wkt=shape.wkt, name=name, size=size)


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
    if held.get("build_doubt"):
        st.warning("\n\n".join(held["build_doubt"]))
        st.button(ui("build_sure"), on_click=add, kwargs={"sure": True}, icon=":material/check:")


def steps() -> None:
    """Show what is built and changed, each with a way to take it back, and undo."""
    for i, one in enumerate(built()):
        st.button(
            ui("build_remove", name=one.name), key=f"remove_{i}", icon=":material/close:", on_click=remove_built,
            args=(i,),
        )  # fmt: skip
    changed_list()
    with st.container(horizontal=True):
        if can_undo():
            st.button(ui("build_undo"), on_click=undo, icon=":material/undo:")
        if built() or changes():
            st.button(ui("build_reset"), on_click=remove_all, icon=":material/restart_alt:")
    files()


@guarded
def page() -> None:
    """Read, choose, compute, show."""
    opened = cached.world()
    state.settle(opened.sites.index)
    st.title(ui("what_if_title"))
    st.markdown(ui("what_if_intro"))
    left, right = st.columns([31, 19], gap="small")
    with right:
        building, changing, closing = st.tabs([ui("build_tab"), ui("change_fact"), ui("close_tab")])
        with building:
            form()
        with changing:
            change_form()
        with closing:
            close_form()
        waits = st.container()  # beside the button that was pressed: under the map nobody would see it
        steps()
    asked = opened.data_version, tuple(built()), tuple(changes())
    with waits:
        table = answers.before_and_after(*asked) if built() or changes() else None
    with left:
        shapes = [(shapely.from_wkt(one.wkt), one.name) for one in built()]
        shapes += closed_drawn([one for one in map(read_step, changes()) if isinstance(one, Closing)])
        text = st.session_state[TEXT_KEY].strip()
        if text:
            try:
                shapes.append((drawn.shape_from(text), ui("build_new")))
            except OutputError as error:
                right.caption(fault_text(why(error), language()))
        choice: dict[str, Any] = {"chosen": None, "lines": [], "hidden": [], "shown": None, "fit": 0}
        choice["routes"] = [*drawn.drawing(shapes), *([] if table is None else gains_drawn(table))]
        choice["fit"] = 0 if table is None or not choice["routes"] else mark(built(), changes())
        st_folium(
            page_map(), key=MAP_KEY, height=HEIGHT, width=None, use_container_width=True, returned_objects=[],
            feature_group_to_add=Choice(choice), on_change=take_click,
        )  # fmt: skip
    if table is not None:
        answer(table, asked)


page()
