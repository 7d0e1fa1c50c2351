"""The questions an assistant may ask on stdio, by the official SDK of the Model Context Protocol; reading only."""

from typing import Any

import pandas as pd
from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.types import ToolAnnotations

from oreway import front
from oreway.commands._terminal import plain, records
from oreway.commands.nearest import nearest_records
from oreway.commands.supply import supply_document
from oreway.geo.errors import GeoError
from oreway.layers.errors import LayerError
from oreway.outputs.files.export import provenance, release, site_layer_ids
from oreway.scoring.errors import ScoringError

NAME = "oreway"
ABOUT = (
    "Deposits of critical minerals, what stands between them and a refinery, and how far. Every number comes from "
    "Oreway's shipped data; quote the source that stands beside it. null means not known, never zero. Site ids come "
    "from the tool sites."
)
READS = ToolAnnotations(read_only_hint=True, idempotent_hint=True, open_world_hint=False)
REFUSALS = (LayerError, GeoError, ScoringError)
MOST_SITES = 50
Answer = dict[str, Any]


def sites(words: str = "") -> Answer:
    """Find sites of the catalogue whose id, name, country or commodities hold all the words; the first 50."""
    frame = pd.DataFrame(front.sites().drop(columns="geometry")).reset_index()
    asked = words.casefold().split()
    text = frame[["site_id", "name", "aliases", "country", "commodities", "stage"]].astype(str).agg(" ".join, axis=1)
    found = frame[[all(word in line for word in asked) for line in text.str.casefold()]]
    kept = ["site_id", "name", "country", "commodities", "stage", "lon", "lat", "position_accuracy_km",
            "position_source_title"]  # fmt: skip
    return {"matched": len(found), "sites": records(found[kept].head(MOST_SITES)), "provenance": _provenance()}


def nearest(lon: float, lat: float, classes: list[str] | None = None) -> Answer:
    """Measure how far the nearest port, road, railway, power, town, airfield, refinery, coast and ice are.

    Each row has its source. Degrees of WGS84; kilometres on the ellipsoid with low and high; where nil says why,
    there is no distance.
    """
    return {"nearest": nearest_records(_asked(front.nearest, (lon, lat), classes)), "provenance": _provenance()}


def score(
    site_id: str = "", lon: float | None = None, lat: float | None = None, commodities: str = "", profile: str = ""
) -> Answer:
    """Score a site of the catalogue, or any point by lon and lat: 0 to 100, with bounds, coverage and contributions.

    The contributions add up to the total; a criterion says why it counts and where that comes from.
    """
    if bool(site_id) == (lon is not None and lat is not None):
        raise ToolError("score: give either site_id, or lon and lat")
    if site_id:
        _asked(front.facts, site_id)
        table = _asked(front.score, None, profile=profile or None).loc[[site_id]]
    else:
        own = pd.DataFrame({"name": ["point"], "lon": [lon], "lat": [lat], "commodities": [commodities]})
        table = _asked(front.score, own, profile=profile or None)
    row = records(pd.DataFrame(table.drop(columns="geometry")).reset_index())[0]
    criteria = front.world().criteria
    judged = [
        {"criterion": name, "title": one.title, "rationale": one.rationale, "source": one.source,
         "value": row[f"{name}_value"], "contribution": row[f"{name}_contribution"]}
        for name, one in criteria.items() if row.get(f"{name}_value") is not None
    ]  # fmt: skip
    kept = ("site_id", "name", "lon", "lat", "profile", "total", "total_low", "total_high", "coverage", "gates")
    return {**{key: row.get(key) for key in kept}, "criteria": judged, "provenance": _provenance()}


def supply(site_id: str, to: str = "", close: list[str] | None = None) -> Answer:
    """Show the ways from a deposit by port to the plants that could take its product, leg by leg, best first.

    to: only this plant. close: passages that are closed, such as suez. Each leg carries its source.
    """
    found = _asked(front.supply, site_id, to=to or None, close=close or ())
    names = {str(key): str(name) for key, name in front.world().sites["name"].items()}
    return {**plain(supply_document(found, names)), "provenance": _provenance()}


def facts(site_id: str, field: str = "") -> Answer:
    """Give every fact on record of a site, or those of one field, each with its source, address and date."""
    rows = _asked(front.facts, site_id)
    chosen = rows[rows["field"] == field] if field else rows
    return {"site_id": site_id, "facts": records(chosen), "provenance": _provenance()}


TOOLS = (sites, nearest, score, supply, facts)


def server() -> MCPServer:
    """Return the server with its tools, none of which writes anything or asks the network."""
    made: MCPServer = MCPServer(NAME, title="Oreway", instructions=ABOUT, version=release(), log_level="WARNING")
    for tool in TOOLS:
        made.tool(annotations=READS)(tool)
    return made


def _asked(question: Any, *words: Any, **more: Any) -> Any:
    """Return the answer to a question; a refusal is told to the assistant as it is told to people."""
    try:
        return question(*words, **more)
    except REFUSALS as error:
        raise ToolError(str(error)) from None


def _provenance() -> Answer:
    return plain(provenance(site_layer_ids()))  # type: ignore[no-any-return]
