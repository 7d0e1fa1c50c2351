"""`oreway show`."""

from typing import Any

import typer

from oreway.commands._terminal import JsonFlag, known, plain, print_json, print_table, records
from oreway.commands.nearest import nearest_records, print_nearest
from oreway.later import later

with later(__name__):
    from oreway.outputs.files.files import creation_date
    from oreway.outputs.report.factsheet import in_order, stale
    from oreway.outputs.words.formatting import label
    from oreway.outputs.words.reason_texts import plain_text
    from oreway.scoring.dossier.dossier import Dossier, dossier
    from oreway.scoring.measure.position_spread import spread
    from oreway.scoring.price.economics import appraise
    from oreway.scoring.price.figure_checks import claims
    from oreway.scoring.world.world import open_world

FACT_COLUMNS = (
    "field", "value", "low", "high", "unit", "category", "code", "as_of", "state", "confidence", "source_title",
    "source_url",
)  # fmt: skip


def run(site: str, *, as_json: JsonFlag = False) -> None:
    """Show everything known of one site, each fact with source and date."""
    world = open_world()
    found = dossier(world, known(world, site))
    ranges = spread(world, site)
    if as_json:
        print_json(_dossier_document(found) | _judged(found) | {"spread": records(ranges)})
        return
    for key, value in found.site.items():
        if key != "geometry" and str(value) not in {"", "nan"}:
            typer.echo(f"{key}: {value}" + (f" – {label(f'rule_{value}')}" if key == "layer_rule" else ""))
    facts = in_order(found.facts)[list(FACT_COLUMNS)]
    facts["stale"] = ["old" if stale(str(day), creation_date()) else "" for day in facts["as_of"]]
    print_table("Facts", facts.columns, facts.itertuples(index=False))
    print_nearest(found.nearest)
    print_table("Where the site may lie", ranges.columns, ranges.itertuples(index=False))
    if found.assessment is not None:
        typer.echo(_score_line(found))
    for note in found.notes:
        typer.echo(f"- {plain_text(note)}")
    for claim in claims(found.facts):
        typer.echo(f"! {plain_text(claim.text)}")


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
    price = appraise(str(site["site_id"]), str(site["country_code"]), found.facts)
    return {"appraisal": plain(price), "claims": plain(claims(found.facts))}


def _dossier_document(found: Dossier) -> dict[str, Any]:
    site = {key: value for key, value in found.site.items() if key != "geometry"}
    today = creation_date()
    return {
        "site": plain({key: (None if value == "" else value) for key, value in site.items()}),
        "facts": records(found.facts.assign(stale=[stale(str(day), today) for day in found.facts["as_of"]])),
        "nearest": nearest_records(found.nearest),
        "assessment": plain(found.assessment),
        "notes": plain(found.notes),
        "data_version": found.data_version,
    }
