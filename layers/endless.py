"""What looks like a file and never ends, or never begins: devices, pipes, sockets."""

from pathlib import Path


def is_endless(path: Path) -> bool:
    """Tell whether a path names something that is neither a file nor a folder."""
    return path.exists() and not path.is_file() and not path.is_dir()
