"""`oreway claims`."""

from typing import Annotated

import typer

from oreway.commands._terminal import JsonFlag, known, plain, print_json, print_table
from oreway.later import later
from oreway.layers.vocabulary import Verdict

with later(__name__):
    from oreway.outputs.report.said_content import VERDICT_SIGNS
    from oreway.scoring.claims.public_claims import PublicClaim, about, public_claims
    from oreway.scoring.claims.schedules import promises_of, schedules
    from oreway.scoring.world.world import open_world

COLUMNS = ("site_id", "promised", "promised_for", "promised_on", "happened", "happened_on", "slip_months", "source_url")


def run(
    site: Annotated[str, typer.Argument(help="Only what concerns this site.")] = "", *, as_json: JsonFlag = False
) -> None:
    """Show what was said in public, the evidence, and how it stands; promised dates and what became of them."""
    claims, promises = public_claims(), schedules()
    if site:
        key = known(open_world(), site)
        claims, promises = about(key, claims), promises_of(key, promises)
    if as_json:
        print_json({"claims": plain(claims), "schedules": plain(promises)})
        return
    for one in claims:
        _print_claim(one)
    if not claims:
        typer.echo("no public claim is on record" + (f" about {site}" if site else ""))
    if promises:
        rows = [["" if (cell := getattr(one, name)) is None else cell for name in COLUMNS] for one in promises]
        print_table("Dates promised", COLUMNS, rows)


def _print_claim(one: PublicClaim) -> None:
    typer.echo(f"{one.id}: {one.claim}")
    typer.echo(f"  said by {one.said_by}, {one.said_on}: {one.said_source_title} {one.said_source_url}")
    typer.echo(f"  {VERDICT_SIGNS[Verdict(one.verdict)]} {one.verdict.replace('_', ' ')}: {one.verdict_reason}")
    for each in one.evidence:
        source = f"{each.source_title}, {each.as_of}, {each.source_kind}".replace("_", " ")
        typer.echo(f"  - {each.statement} [{source}] {each.source_url}".rstrip())
    typer.echo("")
