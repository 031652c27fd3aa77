"""Each tool in an environment of its own: what its file asks for at its head, and nothing else."""

import hashlib
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
_HEAD = re.compile(r"^# /// script\n((?:#.*\n)+?)# ///$", re.MULTILINE)


@dataclass(frozen=True)
class Peer:
    """A tool as its file's head describes it; a *variant* is the same file under other environment variables."""

    name: str
    file: Path
    requires: str
    dependencies: tuple[str, ...]
    parallel: str = ""  # how it uses two processors: "threads", "processes", or not at all
    here: bool = False  # runs in the environment of this program
    before: tuple[str, ...] = ()  # installed first, because the others are built with it
    build: dict[str, str] = field(default_factory=dict)
    variables: dict[str, str] = field(default_factory=dict)


def read(file: Path) -> Iterator[Peer]:
    """The tool of ``file``, and its variants."""
    head = _HEAD.search(file.read_text(encoding="utf-8"))
    if head is None:
        raise ValueError(f"{file.name} does not begin with what it needs")
    block: dict[str, Any] = tomllib.loads(re.sub(r"^# ?", "", head[1], flags=re.MULTILINE))
    own = block["tool"]["peer"]
    common: dict[str, Any] = {
        "file": file,
        "requires": block["requires-python"],
        "dependencies": tuple(block["dependencies"]),
        "parallel": own.get("parallel", ""),
        "here": own.get("here", False),
        "before": tuple(own.get("before", ())),
        "build": own.get("build", {}),
    }
    yield Peer(name=own["name"], **common)
    for name, variables in own.get("variants", {}).items():
        yield Peer(name=name, variables=variables, **common)


def peers() -> list[Peer]:
    """All tools, greyspace first."""
    found = [peer for file in sorted(HERE.glob("tools/*.py")) for peer in read(file)]
    return sorted(found, key=lambda peer: not peer.here)


class NotInstalled(Exception):
    """Why a tool could not be had; the sentence goes into the table in its place."""


@dataclass(frozen=True)
class Environments:
    """Environments in ``cache``, made with the interpreter ``python`` and kept from one run to the next."""

    cache: Path
    python: str

    def of(self, peer: Peer) -> Path:
        """The interpreter that runs ``peer``; raises :class:`NotInstalled`."""
        if peer.here:
            return Path(sys.executable)
        version = self._ask("import sys; print('%d.%d.%d' % sys.version_info[:3])")
        oldest = peer.requires.removeprefix(">=")
        if [int(part) for part in version.split(".")[:2]] < [int(part) for part in oldest.split(".")]:
            raise NotInstalled(f"needs Python {oldest}, and {self.python} is {version}")
        asked = hashlib.sha256(repr((peer.before, peer.dependencies, peer.build, version)).encode()).hexdigest()
        folder = self.cache / f"{peer.file.stem}-{asked[:12]}"
        stamp = folder / "complete"
        if not stamp.exists():
            shutil.rmtree(folder, ignore_errors=True)
            self._make(peer, folder)
            stamp.touch()
        return folder / "bin" / "python"

    def _ask(self, program: str) -> str:
        return subprocess.run((self.python, "-c", program), capture_output=True, text=True, check=True).stdout.strip()

    def _make(self, peer: Peer, folder: Path) -> None:
        variables = {**os.environ, **peer.build, "PATH": f"{folder / 'bin'}{os.pathsep}{os.environ['PATH']}"}
        pip = (str(folder / "bin" / "python"), "-m", "pip", "--disable-pip-version-check", "install", "-q")
        steps = [(self.python, "-m", "venv", str(folder)), (*pip, *peer.dependencies)]
        if peer.before:
            steps.insert(1, (*pip, *peer.before))
        for step in steps:
            done = subprocess.run(step, env=variables, capture_output=True, text=True, check=False)
            if done.returncode != 0:
                errors = [line for line in done.stderr.splitlines() if re.match(r"\s*(ERROR|error)", line)]
                shutil.rmtree(folder, ignore_errors=True)
                raise NotInstalled(errors[-1].strip() if errors else f"{' '.join(step[-2:])} failed")
