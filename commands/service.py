"""`oreway serve`."""

from typing import Annotated

import typer

from oreway.commands._terminal import free_port
from oreway.layers.extras import load


def run(*, port: Annotated[int, typer.Option(min=1, max=65535, help="Port on 127.0.0.1.")] = 8502) -> None:
    """Serve sites, facts and layers to other programs on 127.0.0.1: OGC API Features, OpenAPI, reading only."""
    served = load("oreway.commands._features", "serve")
    free_port(port)
    typer.echo("Oreway: judging the sites …", err=True)
    told = f"Oreway: http://{served.HOST}:{port}/collections, described in /openapi  (stop with Ctrl-C)"
    served.serve(port, lambda: typer.echo(told))
