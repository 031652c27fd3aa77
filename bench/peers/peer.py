"""One tool, in its own environment: make the society, let it live, print counts and times as JSON.

    python peer.py tools/numpy.py --persons 9000 --mean 0.02 --weeks 52 --seeds 1 2 3

What is imported or compiled comes first and is not timed: a small society lives two weeks before the clock starts.
"""

import argparse
import gc
import importlib.metadata
import importlib.util
import json
import platform
import re
import sys
import sysconfig
import time
import zlib
from pathlib import Path

from reference import Reference

SMALL = 1_200


def load(file):
    """The tool's module, under a name that cannot stand in for the tool's own package."""
    spec = importlib.util.spec_from_file_location(f"peer_{file.stem}", file)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def memory(what):
    """Bytes of this process: ``VmRSS`` now, ``VmHWM`` at its highest; None where the system does not tell."""
    try:
        found = re.search(rf"{what}:\s+(\d+) kB", Path("/proc/self/status").read_text())
    except OSError:
        return None
    return int(found[1]) * 1024 if found else None


def python_in_words():
    """The version; and whether it lacks what makes code in Python a good deal faster."""
    plain = "--enable-optimizations" not in (sysconfig.get_config_var("CONFIG_ARGS") or "--enable-optimizations")
    return platform.python_version() + (" built without profile-guided optimisation" if plain else "")


def seed_of(name, number):
    """Tools that share a generator must not share its numbers: their results would be alike for the wrong reason."""
    return zlib.crc32(f"{name}/{number}".encode())


def one_run(tool, model, persons, seed, threads, weeks):
    """Counts ``[week][region][measure]``, and seconds from the first day to the end of each week."""
    start = time.perf_counter()
    society = tool.Society(model, persons, seed, threads)
    gc.collect()
    made = time.perf_counter()
    counts, seconds = [], []
    for _ in range(weeks):
        counts.append(society.week())
        seconds.append(time.perf_counter() - made)
    return {"made": made - start, "seconds": seconds, "counts": counts}


def main():
    reader = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    reader.add_argument("tool", type=Path)
    reader.add_argument("--name", default="")
    reader.add_argument("--persons", type=int, default=9_000)
    reader.add_argument("--mean", type=float, default=0.02)
    reader.add_argument("--weeks", type=int, default=52)
    reader.add_argument("--threads", type=int, default=1)
    reader.add_argument("--seeds", type=int, nargs="+", default=[1])
    asked = reader.parse_args()
    tool = load(asked.tool)
    model = Reference(asked.mean)
    one_run(tool, model, SMALL, 0, asked.threads, 2)
    before = memory("VmRSS")
    runs = []
    for number in asked.seeds:
        seed = seed_of(asked.name or asked.tool.stem, number)
        runs.append(one_run(tool, model, asked.persons, seed, asked.threads, asked.weeks))
    head = asked.tool.read_text(encoding="utf-8").split("# ///")[1]
    packages = re.findall(r'"([\w-]+)(?:\[[\w,]+\])?==', head)
    versions = {name: importlib.metadata.version(name) for name in packages}
    if getattr(tool, "FIRST", True):
        json.dump({
            "runs": runs, "before": before, "peak": memory("VmHWM"),
            "versions": versions, "python": python_in_words(),
        }, sys.stdout)  # fmt: skip


if __name__ == "__main__":
    main()
