"""Parts of Oreway that need packages the base installation leaves out, loaded when they are first asked for."""

import importlib
from types import ModuleType

from oreway.layers.errors import ExtraError
from oreway.layers.sayings import LayerSaying


def load(module: str, extra: str) -> ModuleType:
    """Return a module of ours that needs the packages of an extra.

    Args:
        module: its dotted name.
        extra: the extra of pyproject.toml that brings its packages.

    Raises:
        ExtraError: a package of the extra is not installed; names the command that installs it.
    """
    try:
        return importlib.import_module(module)
    except ModuleNotFoundError as error:
        if (error.name or "").startswith("oreway"):
            raise
        raise ExtraError(LayerSaying.NOT_INSTALLED(error.name, extra)) from None
