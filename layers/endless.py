"""What looks like a file and never ends, or never begins: devices, pipes, sockets."""

from pathlib import Path

ENDLESS = "a device or pipe, which may never end; write what it gives to a file first"


def is_endless(path: Path) -> bool:
    """Tell whether a path names something that is neither a file nor a folder."""
    return path.exists() and not path.is_file() and not path.is_dir()
