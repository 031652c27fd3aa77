"""How the page gets into what is handed on."""

import gzip
import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest

from greyspace.web import STATIC

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture(scope="module")
def hook():
    spec = importlib.util.spec_from_file_location("hatch_build", ROOT / "hatch_build.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def copy(tmp_path, hook):
    """A small working copy whose page is built."""
    for name, text in {"package-lock.json": "{}", "src/App.svelte": "<h1>", "node_modules/a/index.js": "1"}.items():
        path = tmp_path / "page" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    (tmp_path / hook.STATIC).mkdir(parents=True)
    (tmp_path / hook.STATIC / "index.html").write_text("built")
    (tmp_path / hook.STATIC / hook.STAMP).write_text(hook.stamp(tmp_path) + "\n")
    return tmp_path


def without_node(monkeypatch, hook):
    monkeypatch.setattr(hook.importlib.util, "find_spec", lambda name: None)
    monkeypatch.setattr(hook.shutil, "which", lambda name: None)


def test_a_page_that_is_built_is_taken_as_it_is(copy, hook, monkeypatch):
    without_node(monkeypatch, hook)
    (copy / "page" / "node_modules" / "a" / "index.js").write_text("2")
    hook.PageHook(str(copy), {}, None, None, str(copy), "wheel").initialize("standard", {})
    assert (copy / hook.STATIC / "index.html").read_text() == "built"


def test_a_page_of_another_source_is_not_handed_on_and_one_sentence_says_so(copy, hook, monkeypatch):
    without_node(monkeypatch, hook)
    (copy / "page" / "src" / "App.svelte").write_text("<h2>")
    wheel = hook.PageHook(str(copy), {}, None, None, str(copy), "wheel")
    with pytest.raises(SystemExit, match=r"^the page cannot be built, since there is no Node: .*\.$"):
        wheel.initialize("standard", {})


def test_what_is_installed_in_place_needs_no_page(copy, hook, monkeypatch):
    without_node(monkeypatch, hook)
    (copy / "page" / "src" / "App.svelte").write_text("<h2>")
    hook.PageHook(str(copy), {}, None, None, str(copy), "wheel").initialize("editable", {})
    assert hook.PageHook(str(copy), {}, None, None, str(copy), "wheel").dependencies() == []


def test_a_step_that_fails_leaves_no_page_of_another_source(copy, hook, monkeypatch, capsys):
    npm = copy / "npm"
    npm.write_text("#!/bin/sh\necho no registry; exit 3\n")
    npm.chmod(0o755)
    monkeypatch.setattr(hook.importlib.util, "find_spec", lambda name: None)
    monkeypatch.setattr(hook.shutil, "which", lambda name: str(npm))
    (copy / "page" / "src" / "App.svelte").write_text("<h2>")
    with pytest.raises(hook.CannotBuild, match="status 3"):
        hook.build(copy)
    assert "no registry" in capsys.readouterr().err
    assert not (copy / hook.STATIC).exists()


def test_the_lock_of_the_page_names_no_place_and_holds_hashes():
    lock = (ROOT / "page" / "package-lock.json").read_text()
    assert '"resolved"' not in lock
    assert lock.count('"integrity"') > 50


@pytest.mark.skipif(not (STATIC / "index.html").is_file(), reason="the page is not built: make page")
def test_the_whole_page_is_small_and_asks_nobody_else():
    files = [path for path in STATIC.rglob("*") if path.is_file()]
    assert sum(len(gzip.compress(path.read_bytes())) for path in files) < 300_000
    index = (STATIC / "index.html").read_text()
    assert "http" not in index
    assert "<script>" not in index, "the page's own rules forbid scripts that stand in it"


def test_the_program_runs_without_the_page():
    """`make run` needs neither Node nor the extra: nothing of the explorer is imported by other commands."""
    code = (
        "import sys; sys.modules.update(dict.fromkeys(('fastapi', 'uvicorn')))\n"
        "from greyspace.cli.app import main; sys.exit(main(['scenarios', '--country', 'toyland']))"
    )
    said = subprocess.run((sys.executable, "-c", code), capture_output=True, text=True, check=False, env={**os.environ})
    assert said.returncode == 0, said.stderr
