"""What can go wrong online: each error names place, fault and cure; the data on disk stay as they were."""

from oreway.layers.errors import LayerError


class OnlineError(LayerError):
    """A service did not give a whole and valid answer; nothing on disk was changed."""


class OfflineError(OnlineError):
    """The service cannot be reached at all: no network, no name, or a proxy that refuses."""


def brief(text: object, most: int = 120) -> str:
    """Return the first line of something a stranger wrote, printable and short, fit for a message."""
    lines = str(text).strip().splitlines()
    return "".join(character for character in (lines[0] if lines else "") if character.isprintable())[:most]
