"""What a first visitor would wait for, made when the server starts."""

import gc
import logging
import time

from oreway.geo.nearest import wake
from oreway.outputs.words.translation import LANGUAGES
from oreway.views import ahead, assets, cached, first_map, gazetteer, points
from oreway.views.first_words import Rooms, rooms
from oreway.views.guard import REFUSALS

VISITOR_S, LOOK_S = 5.0, 0.05
log = logging.getLogger(__name__)
NO_PAGE = "streamlit.runtime.scriptrunner_utils.script_run_context"  # it warns that no page is being shown
ANYWHERE, ANY_NAME = (10.0, 50.0), "Perth"


def open_map() -> None:
    """Open the world, judge the sites, publish the maps; a fault is left for the page to say."""
    logging.getLogger(NO_PAGE).setLevel(logging.ERROR)
    try:
        version = cached.world().data_version
        for lang in LANGUAGES:
            ahead.map_files()[lang] = [cached.map_url(version, lang), *cached.ahead(version, lang)]
        rooms().append(Rooms(links=ahead.links, first=first_map.with_first))
    except REFUSALS as fault:
        log.warning("the data cannot be opened: %s", fault)


def let_pass() -> None:
    """Wait until the first visitor's map stands: what is made meanwhile would hold it up."""
    until = time.monotonic() + VISITOR_S
    while time.monotonic() < until and ahead.MAP not in assets.shown():
        time.sleep(LOOK_S)


def open_rest() -> None:
    """Make what the first click and the first search would wait for.

    At the end everything made so far is set apart from the garbage collector, which Streamlit runs after each answer:
    looking through the whole world each time would hold up the answer for a fifth of a second.
    """
    try:
        version = cached.world().data_version
        points.point_dossier(version, *ANYWHERE)
        gazetteer.hits(version, ANY_NAME)
    except REFUSALS as fault:
        log.warning("the data cannot be opened: %s", fault)
    wake()  # a few answers come without the compiler; a server gives many
    gc.collect()
    gc.freeze()
