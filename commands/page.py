"""`oreway app`."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Annotated

import typer

from oreway.commands._terminal import HOST, free_port


def run(*, port: Annotated[int, typer.Option(min=1, max=65535, help="Port on 127.0.0.1.")] = 8501) -> None:
    """Start the page on 127.0.0.1."""
    free_port(port)
    typer.echo(f"Oreway: http://{HOST}:{port}  (stop with Ctrl-C)")
    script = Path(__file__).parents[1] / "serve.py"
    paths = [str(script.parents[1]), *filter(None, [os.environ.get("PYTHONPATH")])]  # where `oreway` is imported from
    command = [sys.executable, "-m", "streamlit", "run", str(script), "--server.port", str(port)]
    command += ["--server.address", HOST, "--server.headless", "true", "--browser.gatherUsageStats", "false"]
    env = os.environ | {"PYTHONPATH": os.pathsep.join(paths)}
    try:
        raise typer.Exit(subprocess.run(command, check=False, cwd=script.parent, env=env).returncode)  # noqa: S603 - our own words
    except KeyboardInterrupt:
        raise typer.Exit(0) from None
