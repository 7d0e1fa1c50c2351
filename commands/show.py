"""`oreway show`."""

from typing import Any

import typer

from oreway.commands._terminal import JsonFlag, known, plain, print_json, print_table, records
from oreway.commands.nearest import nearest_records, print_nearest
from oreway.later import later
from oreway.layers.answers import answer
from oreway.outputs.files.files import creation_date
from oreway.outputs.report.factsheet import in_order, stale

with later(__name__):
    from oreway.outputs.words.formatting import label
    from oreway.scoring.dossier.dossier import Dossier, dossier
    from oreway.scoring.measure.position_spread import spread
    from oreway.scoring.price.economics import appraise
    from oreway.scoring.price.figure_checks import claims
    from oreway.scoring.world.world import open_world

FACT_COLUMNS = (
    "field", "value", "low", "high", "unit", "category", "code", "as_of", "state", "confidence", "rests_on",
    "source_title", "source_url",
)  # fmt: skip
SPREAD_COLUMNS = ("class", "p5_km", "p50_km", "p95_km", "nearest")
LINES = ("order", "score", "rule")  # what the lines of text need beside the document


def run(site: str, *, as_json: JsonFlag = False) -> None:
    """Show everything known of one site, each fact with source and date."""
    told = answer(f"show {site}", lambda: _told(site))
    today = creation_date()
    facts = [{**fact, "stale": stale(fact["as_of"], today)} for fact in told["facts"]]
    if as_json:
        print_json({key: value for key, value in told.items() if key not in LINES} | {"facts": facts})
        return
    for key, value in told["site"].items():
        if value is not None:
            typer.echo(f"{key}: {value}" + (told["rule"] if key == "layer_rule" else ""))
    rows = [[facts[i][name] for name in FACT_COLUMNS] + ["old" if facts[i]["stale"] else ""] for i in told["order"]]
    print_table("Facts", [*FACT_COLUMNS, "stale"], rows)
    print_nearest(told["nearest"])
    print_table(
        "Where the site may lie", SPREAD_COLUMNS, [[row[name] for name in SPREAD_COLUMNS] for row in told["spread"]]
    )
    if told["assessment"] is not None:
        typer.echo(told["score"])
    for note in told["notes"]:
        typer.echo(f"- {note}")
    for claim in told["claims"]:
        typer.echo(f"! {claim['text']}")


def _told(site: str) -> dict[str, Any]:
    """Return what is known of a site whatever the day, as JSON holds it."""
    world = open_world()
    found = dossier(world, known(world, site))
    return _dossier_document(found) | _judged(found) | {"spread": records(spread(world, site))} | _lines(found)


def _lines(found: Dossier) -> dict[str, Any]:
    facts = found.facts.reset_index(drop=True)
    rule = found.site.get("layer_rule")
    told = f" – {label(f'rule_{rule}')}" if rule else ""
    return {"order": in_order(facts).index.tolist(), "score": _score_line(found), "rule": told}


def _score_line(found: Dossier) -> str:
    score = found.assessment
    if score is None or score.total is None:
        return "score: none"
    low, high = score.total_low, score.total_high
    gates = ", ".join(f"{gate.id} {gate.state}" for gate in score.gates) or "none"
    bounds = f"{score.total:.1f} ({low:.1f}–{high:.1f})"
    return f"score {bounds}, coverage {score.coverage:.0%}, gates: {gates}, UNFC {score.unfc}"


def _judged(found: Dossier) -> dict[str, Any]:
    """Return the appraisal and the claim flags of a site."""
    site = found.site
    holds = str(site.get("commodities") or "")
    price = appraise(str(site["site_id"]), str(site["country_code"]), found.facts, commodities=holds)
    return {"appraisal": plain(price), "claims": plain(claims(found.facts))}


def _dossier_document(found: Dossier) -> dict[str, Any]:
    site = {key: value for key, value in found.site.items() if key != "geometry"}
    return {
        "site": plain({key: (None if value == "" else value) for key, value in site.items()}),
        "facts": records(found.facts),
        "nearest": nearest_records(found.nearest),
        "assessment": plain(found.assessment),
        "notes": plain(found.notes),
        "data_version": found.data_version,
    }
