"""Compiled code is kept between processes, and a cache that cannot be used stops nobody."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from greyspace.draws import kernels

DRAW = "from greyspace.draws import words; print(words(1, 'test', [1, 2]).tolist())"


def draw(cache: Path, **more: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if name != "NUMBA_CACHE_DIR"}
    environment |= {"XDG_CACHE_HOME": str(cache)} | more
    return subprocess.run([sys.executable, "-c", DRAW], env=environment, capture_output=True, text=True, check=True)


def files(cache: Path) -> list[Path]:
    return sorted(cache.rglob("*.nb[ci]"))


@pytest.mark.parametrize("suffix", [".nbc", ".nbi"])
@pytest.mark.parametrize("kept", [0, 100])
def test_a_file_cut_off_in_the_cache_is_compiled_again(tmp_path, suffix, kept):
    first = draw(tmp_path)
    torn = next(file for file in files(tmp_path) if file.suffix == suffix)
    whole = torn.stat().st_size
    os.truncate(torn, kept)
    assert draw(tmp_path).stdout == first.stdout
    assert torn.stat().st_size == whole


def test_two_that_start_at_once_share_an_empty_cache(tmp_path):
    environment = {name: value for name, value in os.environ.items() if name != "NUMBA_CACHE_DIR"}
    environment["XDG_CACHE_HOME"] = str(tmp_path)
    command = (sys.executable, "-c", DRAW)
    started = [subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    said = [process.communicate()[0] for process in started]
    assert [process.returncode for process in started] == [0, 0, 0]
    assert said[0] == said[1] == said[2] != ""
    kept = {file: file.stat().st_mtime_ns for file in files(tmp_path)}
    assert draw(tmp_path).stdout == said[0]
    # What they left is whole: nothing was compiled again.
    assert kept == {file: file.stat().st_mtime_ns for file in files(tmp_path)} != {}


def test_a_cache_that_cannot_be_written_is_said_in_one_line(tmp_path):
    in_the_way = tmp_path / "file"
    in_the_way.write_text("not a folder")
    refused = draw(in_the_way)
    assert refused.stdout == draw(tmp_path / "good").stdout
    assert refused.stderr.count("\n") == 1
    assert "not writable" in refused.stderr


def test_the_private_option_of_numba_is_still_known():
    """If this fails, kernels still compile, with reference counting they do not need: see _options."""
    assert kernels._options()["_nrt"] is False


def test_kernels_stay_within_their_arrays(tmp_path):
    """The engines' own tests of a small world, compiled with bounds checked."""
    tests = Path(__file__).parent.parent
    code = (
        "import numpy as np, worlds\n"
        "from greyspace.engine import Expected, Individuals\n"
        "rng = np.random.default_rng(3)\n"
        "lay = worlds.layout(rng)\n"
        "chances, people = worlds.odds(rng, lay, 0.3), worlds.crowd(rng, 6)\n"
        "engine = Individuals(people, lay, 1)\n"
        "start = engine.people()\n"
        "mean = Expected(start, lay, np.full(3, 100.0), np.zeros(3))\n"
        "mean.renew(chances)\n"
        "for week in range(6):\n"
        "    engine.advance(chances, 16804 + 7 * week), mean.advance()\n"
        "mean.lived().states, mean.lived().held\n"
        "mean.settle(np.ones(start.shape), np.zeros(start.shape[-1], np.int32))\n"
        "print(mean.contacts().cases.sum() > 0)\n"
    )
    environment = os.environ | {"NUMBA_BOUNDSCHECK": "1", "NUMBA_CACHE_DIR": str(tmp_path), "PYTHONPATH": str(tests)}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False)
    assert done.stdout == "True\n", done.stderr
