"""`oreway whatif`."""

from pathlib import Path
from typing import Annotated

import typer

from oreway.commands._judged import ShapeOption, WeightsOption, judged
from oreway.commands._terminal import (
    JsonFlag,
    LayerOption,
    ProfileOption,
    SystemOption,
    left_out,
    print_json,
    print_table,
    records,
    refuse,
)  # fmt: skip
from oreway.later import later
from oreway.layers.tables.sayings import TableSaying

with later(__name__):
    from oreway.layers.upload.upload import Choice, read_upload_file
    from oreway.outputs.files.files import write_whole
    from oreway.outputs.files.whatif_file import to_file
    from oreway.outputs.report.report import whatif_report
    from oreway.scoring.whatif.changes import additions
    from oreway.scoring.whatif.closing import read_closing, read_step, with_step
    from oreway.scoring.whatif.doubts import doubts
    from oreway.scoring.whatif.whatif import Addition, compare, with_addition
    from oreway.scoring.world.world import open_world

ENDINGS = (".csv", ".geojson", ".pdf")
OF_ACCURACY = (  # what is built may stand anywhere near
    TableSaying.ACCURACY_TAKEN, TableSaying.ACCURACIES_NOT_KNOWN, TableSaying.WRITTEN_COARSELY
)  # fmt: skip


def _built(path: Path, choice: Choice, class_: str) -> list[Addition]:
    """Return what a file builds, notes and rows left out on stderr."""
    upload = read_upload_file(path, choice=choice)
    for note in upload.notes:
        if note.code not in OF_ACCURACY:
            typer.echo(f"note: {note}", err=True)
    for told in left_out(upload):
        typer.echo(f"left out: {told}", err=True)
    return additions(upload.sites, str(path), class_)


def run(
    *,
    add: Annotated[
        list[Path] | None,
        typer.Option(help="File of what is built: each feature with class (port, airfield, road, rail, power)."),
    ] = None,
    change: Annotated[
        list[str] | None, typer.Option(help="SITE:FIELD=VALUE, e.g. gl-tanbreez:stage=fs; may be repeated.")
    ] = None,
    close: Annotated[
        list[str] | None,
        typer.Option(
            help="CLASS:NAME of what closes (port, airfield, power, refinery), e.g. port:Darwin; may be repeated."
        ),
    ] = None,
    profile: ProfileOption = "",
    weights: WeightsOption = None,
    shape: ShapeOption = None,
    class_: Annotated[str, typer.Option("--class", help="Class of the features of --add that give none.")] = "",
    layer: LayerOption = "",
    system: SystemOption = "",
    output: Annotated[Path | None, typer.Option("-o", help="Write .csv, .geojson or .pdf instead of printing.")] = None,
    as_json: JsonFlag = False,
) -> None:
    """Build or close something, change a fact or the weights: each site's score, rank, bill, chain before and after."""
    if not (add or change or close or profile or weights or shape):
        refuse("whatif: nothing changes; give --add, --change, --close, --profile, --weights or --shape")
    if output is not None and output.suffix.lower() not in ENDINGS:
        refuse(f"{output}: ending {output.suffix!r} names no format; use {', '.join(ENDINGS)}")
    before = open_world()
    after, own = judged(before, weights, shape)
    built = [one for path in add or [] for one in _built(path, Choice(layer=layer, system=system), class_)]
    for one in built:
        after = with_addition(after, one)
        for doubt in doubts(before, one):
            typer.echo(f"note: {one.name}: {doubt}", err=True)
    steps = [*(read_step(text) for text in change or []), *(read_closing(text) for text in close or [])]
    for step in steps:
        after = with_step(after, step)
    table = compare(before, after, profile=profile or None, weights=own)
    if output is not None and output.suffix.lower() == ".pdf":
        write_whole(output, whatif_report(before, table, built, steps))
        typer.echo(f"{output}: {len(table)} sites")
    elif output is not None:
        write_whole(output, to_file(table, after, built, output.suffix.lower(), steps))
        typer.echo(f"{output}: {len(table)} sites")
    elif as_json:
        print_json(records(table))
    else:
        columns = ["site_id", "gain", "total_before", "total_after", "rank_before", "rank_after", "bill_before",
                   "bill_after", "chain_km_before", "chain_km_after", "gates_after"]  # fmt: skip
        print_table("Before and after", columns, table[columns].itertuples(index=False))
