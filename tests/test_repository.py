"""What a stranger who clones the repository relies on."""

import importlib.util
import os
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
import yaml

import greyspace

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))

# Written in pieces, so that this file is not the one that is found.
REGISTRIES = (
    ("pypi", "org"),
    ("pythonhosted", "org"),
    ("anaconda", "org"),
    ("npmjs", "org"),
    ("npmjs", "com"),
    ("yarnpkg", "com"),
    ("unpkg", "com"),
    ("jsdelivr", "net"),
    ("crates", "io"),
)


def committed() -> list[Path]:
    """The files under version control, or, in a copy without it, all that are not left behind by a tool."""
    try:
        listed = subprocess.run(("git", "ls-files", "-z"), cwd=ROOT, capture_output=True, text=True, check=True).stdout
        names = [name for name in listed.split("\0") if name]
    except (OSError, subprocess.CalledProcessError):
        names = []
        for folder, below, files in os.walk(ROOT):
            below[:] = [b for b in below if b not in {"__pycache__", "results", "dist"} and not b.startswith(".")]
            names += [str(Path(folder, file).relative_to(ROOT)) for file in files]
    return [ROOT / name for name in names if (ROOT / name).is_file()]


def pins(lock: str) -> dict[str, list[str]]:
    """Name -> pinned versions (one, or one for each kind of machine)."""
    found: dict[str, list[str]] = {}
    for line in (ROOT / "locks" / lock).read_text().splitlines():
        if pin := re.match(r"([\w.-]+)==(\S+)", line):
            found.setdefault(pin[1], []).append(pin[2])
    return found


def test_no_committed_file_names_a_package_registry():
    hosts = re.compile("|".join(rf"{name}\.{end}" for name, end in REGISTRIES).encode(), re.IGNORECASE)
    naming = [str(file.relative_to(ROOT)) for file in committed() if hosts.search(file.read_bytes())]
    assert naming == [], "whoever installs chooses the registry: take the host names out of these files"


@pytest.mark.parametrize("lock", ["boot.txt", "run.txt", "test.txt"])
def test_every_pin_is_held_by_hashes(lock):
    text = (ROOT / "locks" / lock).read_text()
    entries = re.findall(r"^[\w.-]+==.*(?:\n    --hash=sha256:[0-9a-f]{64}.*)+", text, re.MULTILINE)
    assert len(entries) == sum(map(len, pins(lock).values())) > 0


def test_the_installer_is_all_that_comes_before_the_environment():
    assert list(pins("boot.txt")) == ["pip"]


def test_every_dependency_is_pinned():
    def names(requirements):
        return {re.match(r"[\w.-]+", each)[0].lower() for each in requirements}

    groups = PROJECT["dependency-groups"]
    wanted = names(PROJECT["project"]["dependencies"] + groups["build"] + PROJECT["build-system"]["requires"])
    assert wanted - set(pins("run.txt")) == set(), "run 'make lock'"
    assert names(groups["test"]) - set(pins("test.txt")) == set(), "run 'make lock'"


def test_the_checks_run_on_the_versions_that_users_get():
    run, test = pins("run.txt"), pins("test.txt")
    assert {name: test[name] for name in test.keys() & run.keys()} == {
        name: run[name] for name in test.keys() & run.keys()
    }


def test_the_citation_names_this_version():
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert str(citation["version"]) == greyspace.__version__
    assert " AND ".join(citation["license"]) == PROJECT["project"]["license"]


def page_is_built() -> bool:
    """Whether the page in the package is that of ``page/``: to build it takes Node and most of a minute."""
    spec = importlib.util.spec_from_file_location("hatch_build", ROOT / "hatch_build.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.is_built(ROOT)


def test_a_wheel_carries_the_countries_and_the_page_and_nothing_from_outside(tmp_path):
    if not page_is_built() and os.environ.get("GREYSPACE_BROWSER") != "required":
        pytest.skip("the page is not built: make page")
    build = (sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path))
    made = subprocess.run(build, cwd=ROOT, capture_output=True, text=True, check=False)
    assert made.returncode == 0, made.stdout + made.stderr
    (wheel,) = tmp_path.glob("*.whl")
    inside = set(zipfile.ZipFile(wheel).namelist())
    package = {str(file.relative_to(ROOT / "src")) for file in committed() if file.is_relative_to(ROOT / "src")}
    assert "greyspace/py.typed" in package
    assert "greyspace/web/static/index.html" in inside
    assert package <= inside, "these files of the package would not reach those who install it"
    assert {name.split("/")[0] for name in inside} == {"greyspace", f"greyspace-{greyspace.__version__}.dist-info"}
