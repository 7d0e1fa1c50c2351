"""The map as every page shows it: the same addresses, so that the browser has fetched them once."""

from oreway.outputs.map.site_map import SCRIPTS, OfflineMap, site_map
from oreway.views import cached
from oreway.views.ahead import MAP
from oreway.views.assets import assets_url, bundle, shown
from oreway.views.state import language


def page_map() -> OfflineMap:
    """Return the map of every site in the reader's language."""
    shown().add(MAP)
    version, lang = cached.world().data_version, language()
    return site_map(assets_url(), cached.map_url(version, lang), scripts=bundle(SCRIPTS), lang=lang)
