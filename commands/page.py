"""`oreway app`."""

import contextlib
import os
import signal
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
    server = subprocess.Popen(command, cwd=script.parent, env=env)  # noqa: S603 - our own words
    signal.signal(signal.SIGTERM, lambda *_: server.terminate())  # the page goes with the command that began it
    try:
        ended = server.wait()
    except KeyboardInterrupt:
        with contextlib.suppress(KeyboardInterrupt):  # pressed twice
            server.wait()
        ended = 0
    raise typer.Exit(0 if ended == -signal.SIGTERM else ended)
