"""The terminal face: `oreway …`; every command is a module of `commands`, loaded when it is asked for."""

import importlib
import os
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

from oreway.geo.errors import GeoError
from oreway.later import later
from oreway.layers.errors import LayerError
from oreway.outputs.files.files import OutputError
from oreway.scoring.errors import ScoringError

with later(__name__):
    import traceback

REFUSALS = (LayerError, GeoError, ScoringError, OutputError)
COMMANDS = {
    "layers": "oreway.commands.layers:run",
    "sites": "oreway.commands.sites:run",
    "show": "oreway.commands.show:run",
    "claims": "oreway.commands.claims:run",
    "nearest": "oreway.commands.nearest:run",
    "score": "oreway.commands.score:run",
    "rank": "oreway.commands.rank:run",
    "bill": "oreway.commands.bill:run",
    "supply": "oreway.commands.supply:run",
    "balance": "oreway.commands.balance:run",
    "price": "oreway.commands.price:run",
    "whatif": "oreway.commands.whatif:run",
    "export": "oreway.commands.export:run",
    "report": "oreway.commands.report:run",
    "map": "oreway.commands.map:run",
    "app": "oreway.commands.page:run",
    "serve": "oreway.commands.service:run",
    "mcp": "oreway.commands.assistant:run",
    "refresh": "oreway.commands.refresh:run",
    "doctor": "oreway.commands.doctor:run",
    "batch": "oreway.commands.batch:run",
    "surface": "oreway.commands.surface:run",
}


def about(name: str) -> str:
    """Return what a command is for, the first line of its function's text, read and not run."""
    module, function = COMMANDS[name].split(":")
    text = (Path(__file__).parent / f"{module.removeprefix('oreway.').replace('.', '/')}.py").read_text("utf-8")
    return text.split(f"\ndef {function}(", 1)[1].split('\n    """', 1)[1].split("\n", 1)[0].removesuffix('"""')


class _Commands(Mapping[str, Any]):
    """The commands by name, each made from its function when it is looked up: `module:function`."""

    def __getitem__(self, name: str) -> Any:
        module, function = COMMANDS[name].split(":")
        alone = typer.Typer(add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)
        alone.command(name)(getattr(importlib.import_module(module), function))
        return typer.main.get_command(alone)

    def __iter__(self) -> Iterator[str]:
        return iter(COMMANDS)

    def __len__(self) -> int:
        return len(COMMANDS)


class _Group(TyperGroup):
    """A group whose commands are not imported before they are needed."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings | {"commands": _Commands()})

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Refuse a command that is none before anything else is looked at."""
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            self.resolve_command(ctx, args)
        return super().parse_args(ctx, args)

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """Write what each command is for, without importing any."""
        asked = self.commands
        self.commands = {name: TyperCommand(name, help=about(name)) for name in COMMANDS}
        super().format_commands(ctx, formatter)
        self.commands = asked


app = typer.Typer(cls=_Group, add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False,
                  rich_markup_mode=None)  # fmt: skip


@app.callback()
def oreway() -> None:
    """From a deposit to a refinery: what stands in between, and how far."""


def _one_line(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if os.environ.get("OREWAY_DEBUG"):
        traceback.print_exception(kind, error, trace)
    typer.echo(f"oreway: unexpected {kind.__name__}: {error} (set OREWAY_DEBUG=1 for details)", err=True)


def _run(words: list[str]) -> None:
    """Run the command of this name alone; the group stands for the rest: its help, its refusals."""
    name = words[1] if len(words) > 1 else ""
    if name in COMMANDS:
        _Commands()[name](words[2:], prog_name=f"{Path(words[0]).name} {name}")
    else:
        typer.main.get_command(app)()  # called through typer, it would put its own traceback printer in place


def main() -> None:
    """Run a command; refusals are one message on stderr and exit code 2, never a traceback."""
    sys.excepthook = _one_line
    try:
        _run(sys.argv)
    except REFUSALS as error:
        typer.echo(f"oreway: {error}", err=True)
        sys.exit(2)


if __name__ == "__main__":
    main()
