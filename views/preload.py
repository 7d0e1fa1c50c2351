"""What a first visitor would wait for, made when the server starts."""

import gc
import logging

from oreway.geo.nearest import wake
from oreway.outputs.words.translation import LANGUAGES
from oreway.views import ahead, cached, gazetteer, points
from oreway.views.guard import REFUSALS

log = logging.getLogger(__name__)
NO_PAGE = "streamlit.runtime.scriptrunner_utils.script_run_context"  # it warns that no page is being shown
ANYWHERE, ANY_NAME = (10.0, 50.0), "Perth"


def warm() -> None:
    """Open the world, judge the sites, publish the maps; a fault is left for the page to say.

    At the end everything made so far is set apart from the garbage collector, which Streamlit runs after each answer:
    looking through the whole world each time would hold up the answer for a fifth of a second.
    """
    logging.getLogger(NO_PAGE).setLevel(logging.ERROR)
    wake()  # a few answers come without the compiler; a server gives many
    try:
        version = cached.world().data_version
        for lang in LANGUAGES:
            ahead.map_files()[lang] = [cached.map_url(version, lang), *cached.ahead(version, lang)]
        points.point_dossier(version, *ANYWHERE)
        gazetteer.hits(version, ANY_NAME)
    except REFUSALS as fault:
        log.warning("the data cannot be opened: %s", fault)
    gc.collect()
    gc.freeze()
