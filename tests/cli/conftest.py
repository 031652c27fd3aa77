"""The command as a user gives it: a process of its own, in a folder of its own."""

import os
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

Said = subprocess.CompletedProcess[str]

TOYLAND = ("--country", "toyland", "--from", "2019-01-07", "--to", "2019-03-25", "--draws", "0", "--quiet")
"""Twelve weeks of a country of twelve thousand: a second's work."""


def command() -> tuple[str, ...]:
    installed = Path(sys.executable).with_name("greyspace")
    if installed.exists():
        return (str(installed),)
    return (sys.executable, "-c", "import sys; from greyspace.cli.app import main; sys.exit(main())")


def surroundings() -> dict[str, str]:
    """80 columns, no colours."""
    return {**os.environ, "COLUMNS": "80", "TERM": "dumb"}


def give_in(folder: Path, *words: str, **options: object) -> Said:
    """Give a command in a folder."""
    return subprocess.run(
        (*command(), *words),
        cwd=folder,
        env=surroundings(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
        **options,
    )


@pytest.fixture
def greyspace(tmp_path: Path) -> Callable[..., Said]:
    """Give a command in an empty folder: ``greyspace("run", "history")``."""
    return partial(give_in, tmp_path)


@pytest.fixture
def driver(tmp_path: Path) -> Callable[..., Said]:
    """Give a command after some lines of Python that bend the machinery: ``driver("import ...", "run", "history")``."""

    def give(lines: str, *words: str) -> Said:
        code = f"{lines}\nimport sys\nfrom greyspace.cli.app import main\nsys.exit(main(sys.argv[1:]))"
        return subprocess.run(
            (sys.executable, "-c", code, *words),
            cwd=tmp_path,
            env=surroundings(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )

    return give


@pytest.fixture
def refused() -> Callable[[Said, str], None]:
    """Asserts that a command ended with status 2 and one sentence that holds some words."""

    def check(said: Said, words: str) -> None:
        assert said.returncode == 2, said.stderr
        assert said.stdout == ""
        assert said.stderr.startswith("greyspace: ")
        assert said.stderr.count("\n") == 1
        assert "Traceback" not in said.stderr
        assert words in said.stderr

    return check
