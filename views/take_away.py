"""What a visitor takes away of the shown sites, format by format; each file is made when its button is pressed."""

from collections.abc import Callable

import streamlit as st

from oreway.outputs.files.export import project_with_package, to_bytes
from oreway.outputs.files.frames import provenance, site_frame, site_layer_ids
from oreway.outputs.files.workbook import workbook
from oreway.outputs.map.whole_map import whole_map
from oreway.outputs.pictures.sites_chart import sites_png, sites_svg
from oreway.outputs.report.report import atlas_report
from oreway.outputs.words.formatting import Language
from oreway.scoring.dossier.dossier import dossiers
from oreway.views import cached
from oreway.views.state import language, ui

FORMATS = {
    ".html": ("take_html", "text/html"),
    ".png": ("take_png", "image/png"),
    ".svg": ("take_svg", "image/svg+xml"),
    ".xlsx": ("take_xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ".csv": ("take_csv", "text/csv"),
    ".kmz": ("take_kmz", "application/vnd.google-earth.kmz"),
    ".gpkg": ("take_gpkg", "application/geopackage+sqlite3"),
    ".qgz": ("take_qgz", "application/zip"),
    ".pdf": ("take_atlas", "application/pdf"),
}
MOST_IN_ATLAS = 40  # it is made while the visitor waits; the command takes any number
NAMED = {".pdf": "-atlas.pdf", ".qgz": "-qgis.zip"}  # a project and the GeoPackage that it shows


@st.cache_data(show_spinner=False, max_entries=30)
def made(version: str, ids: tuple[str, ...], ending: str, lang: Language) -> bytes:  # noqa: ARG001
    """Return sites in a format."""
    world = cached.world()
    if ending == ".pdf":
        return atlas_report(dossiers(world, ids), world=world, lang=lang)
    if ending == ".xlsx":
        return workbook(world, ids)
    sites = site_frame(world, ids, scores=True)
    if ending == ".html":
        return str(whole_map(sites, lang, world=world).get_root().render()).encode("utf-8")
    if ending in {".png", ".svg"}:
        svg = sites_svg(world, sites, lang)
        return sites_png(svg) if ending == ".png" else svg.encode("utf-8")
    if ending == ".qgz":
        return project_with_package(sites, provenance(site_layer_ids()), "oreway-sites")
    return to_bytes(sites, ending, provenance(site_layer_ids()), "sites")


def offer(ids: tuple[str, ...]) -> None:
    """Show a button a format for the shown sites."""
    version, lang = cached.world().data_version, language()
    with st.popover(ui("take_away"), icon=":material/download:", disabled=not ids):
        st.caption(ui("take_away_told", number=len(ids)))
        for ending, (words, kind) in FORMATS.items():
            st.download_button(
                ui(words), _maker(version, ids, ending, lang), f"oreway-sites{NAMED.get(ending, ending)}", kind,
                on_click="ignore", width="stretch", disabled=ending == ".pdf" and len(ids) > MOST_IN_ATLAS,
                help=ui("take_atlas_told", most=MOST_IN_ATLAS) if ending == ".pdf" else None,
            )  # fmt: skip


def _maker(version: str, ids: tuple[str, ...], ending: str, lang: Language) -> Callable[[], bytes]:
    return lambda: made(version, ids, ending, lang)
