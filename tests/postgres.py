"""A real PostgreSQL with PostGIS for tests: installed from Debian's packages when root, run on 127.0.0.1 only."""

import contextlib
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg

from scripts.debian import install

PACKAGES = ("postgresql", "postgresql-15-postgis-3")
PASSWORD = "s3cret-of-the-test"
CURE = "no PostgreSQL with PostGIS: on Debian, run `apt-get install postgresql postgresql-15-postgis-3`"


def _binaries() -> Path | None:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    with_postgis = [path for path in found if list(Path("/usr/share/postgresql").glob("*/extension/postgis.control"))]
    return with_postgis[-1].parent if with_postgis else None


def installed() -> Path:
    """Return the folder of PostgreSQL's programs, installing Debian's packages first when that is possible."""
    binaries = _binaries()
    if binaries is None and install(*PACKAGES):
        binaries = _binaries()
    assert binaries is not None, CURE
    return binaries


def free_port() -> int:
    """Return a free port on 127.0.0.1."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Server:
    """One running server; `address(table)` names a table in it."""

    def __init__(self, binaries: Path, folder: Path) -> None:
        self.binaries, self.folder, self.port = binaries, folder, free_port()
        self.user = "postgres" if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name

    def _run(self, *words: str) -> None:
        prefix = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        done = subprocess.run(
            [*prefix, *words],
            capture_output=True,
            text=True,
            check=False,
            cwd=self.folder,
            env=os.environ | {"LC_ALL": "C"},
        )
        log = self.folder / "log"
        assert done.returncode == 0, done.stderr + done.stdout + (log.read_text() if log.exists() else "")

    def start(self) -> None:
        """Make the cluster when there is none, then start it and wait until it answers."""
        data = self.folder / "data"
        if not data.exists():
            secret = self.folder / "password"
            secret.write_text(PASSWORD)
            secret.chmod(0o644)
            self._run(
                str(self.binaries / "initdb"),
                "-D",
                str(data),
                "-A",
                "scram-sha-256",
                "-U",
                self.user,
                "--pwfile",
                str(secret),
                "-E",
                "UTF8",
            )
        options = f"-p {self.port} -h 127.0.0.1 -k {self.folder} -c fsync=off"
        log = str(self.folder / "log")
        self._run(str(self.binaries / "pg_ctl"), "-D", str(data), "-o", options, "-l", log, "-w", "start")

    def stop(self, how: str = "fast") -> None:
        """Stop the server; `immediate` is a pulled plug."""
        self._run(str(self.binaries / "pg_ctl"), "-D", str(self.folder / "data"), "-m", how, "-w", "stop")

    def ask(self, statement: str) -> list[tuple[object, ...]]:
        """Return the rows a statement gives."""
        with psycopg.connect(self.address()) as connection:
            return connection.execute(statement).fetchall()

    def address(self, table: str = "", password: str = PASSWORD) -> str:
        """Return the address of a table."""
        query = f"?table={table}" if table else ""
        return f"postgresql://{self.user}:{password}@127.0.0.1:{self.port}/postgres{query}"


@contextlib.contextmanager
def server() -> Iterator[Server]:
    """Run a fresh server with PostGIS for a while."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres", "postgres")
        running = Server(installed(), folder)
        running.start()
        try:
            with psycopg.connect(running.address()) as connection:
                connection.execute("CREATE EXTENSION postgis")
            yield running
        finally:
            with contextlib.suppress(AssertionError):
                running.stop("immediate")
