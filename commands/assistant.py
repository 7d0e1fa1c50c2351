"""`oreway mcp`."""

from oreway.layers.extras import load


def run() -> None:
    """Answer assistants on stdin and stdout: nearest, score, supply, facts, each with its sources."""
    load("oreway.commands._assistant", "mcp").server().run("stdio")
