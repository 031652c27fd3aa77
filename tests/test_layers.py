"""A room imports only rooms below it."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
LINT = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True))"


def linted(house: Path) -> subprocess.CompletedProcess[str]:
    """What import-linter says of the package in ``house`` under the pyproject.toml that lies there."""
    call = (sys.executable, "-c", LINT)
    return subprocess.run(call, cwd=house, env={"PYTHONPATH": str(house)}, capture_output=True, text=True, check=False)


def test_every_room_imports_only_rooms_below_it():
    said = linted(ROOT)
    assert said.returncode == 0, said.stdout + said.stderr


def test_a_room_that_looks_up_or_has_no_place_is_found_out(tmp_path):
    """The rules bite in the smallest house: three rooms, then a glance upwards, then an attic."""
    (tmp_path / "pyproject.toml").write_bytes((ROOT / "pyproject.toml").read_bytes())
    house = tmp_path / "greyspace"
    for room in (house, house / "cli", house / "draws"):
        room.mkdir()
        (room / "__init__.py").touch()
    (house / "errors.py").touch()
    said = linted(tmp_path)
    assert said.returncode == 0, said.stdout + said.stderr

    (house / "draws" / "__init__.py").write_text("import greyspace.cli\n")
    said = linted(tmp_path)
    assert said.returncode == 1
    assert "greyspace.draws is not allowed to import greyspace.cli" in said.stdout

    (house / "draws" / "__init__.py").write_text("")
    (house / "attic.py").touch()
    said = linted(tmp_path)
    assert said.returncode == 1
    assert "attic" in said.stdout
