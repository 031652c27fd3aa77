"""How greyspace compares with other tools on one small model (MODEL.md): do they agree, and how fast are they.

    python bench/peers/run.py                         check, then time; under half an hour on a quiet machine
    python bench/peers/run.py --check                 only whether all tools hold the same society
    python bench/peers/run.py --quick                 100,000 persons, one round
    python bench/peers/run.py --tools numpy polars    these beside greyspace
    python bench/peers/run.py --docs                  also writes the table and the figure of docs/benchmarks.md

Each tool gets an environment of its own in ``--cache``, made by ``--python``; Mesa needs 3.12 or newer. A tool that
cannot be had is in the table, with the reason. Nothing is timed unless all tools agree. Every measurement has a process
of its own, and the tools take turns.
"""

import argparse
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from check import Comparison, Counts, compare
from check import statistics as statistics_of
from environments import HERE, Environments, NotInstalled, Peer, peers
from reference import MEANS, WEEKS
from rich.console import Console
from rich.table import Table

sys.path.append(str(HERE.parent))
from floors import Elsewhere, machine_in_words

SIZES = (100_000, 1_000_000)
PROCESSORS = 2
PAGE = HERE.parents[1] / "docs" / "benchmarks.md"
BEGIN, END = "<!-- peers -->", "<!-- /peers -->"
_PROBE_WEEKS = 2
_FEWEST_SEEDS = 5
Numbers = dict[str, Any]


@dataclass(frozen=True)
class Entry:
    """A tool on so many processors: what is checked, and timed."""

    peer: Peer
    python: Path
    threads: int

    @property
    def name(self) -> str:
        """The tool, and its processors where they are not one."""
        return self.peer.name if self.threads == 1 else f"{self.peer.name}, {self.threads} {self.peer.parallel}"

    def measure(self, persons: int, mean: float, weeks: int, seeds: list[int]) -> Numbers:
        """What peer.py says, and how many processors other programs kept meanwhile."""
        command = [
            str(self.python), str(HERE / "peer.py"), str(self.peer.file), "--name", self.name,
            "--persons", str(persons), "--mean", str(mean), "--weeks", str(weeks), "--threads", str(self.threads),
            "--seeds", *map(str, seeds),
        ]  # fmt: skip
        if self.peer.parallel == "processes" and self.threads > 1:
            command = [str(self.python.parent / "mpiexec"), "-n", str(self.threads), *command]
        limits = ("NUMBA_NUM_THREADS", "POLARS_MAX_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS")
        variables = {**os.environ, **self.peer.variables, **dict.fromkeys(limits, str(self.threads))}
        elsewhere, start, own = Elsewhere(), time.perf_counter(), _children_seconds()
        done = subprocess.run(command, env=variables, stdout=subprocess.PIPE, text=True, check=False)
        wall, own = time.perf_counter() - start, _children_seconds() - own
        if done.returncode != 0:
            raise SystemExit(f"{self.name} ended with {done.returncode}; it says why above.")
        # A package may greet before it is asked for anything; what peer.py says comes last.
        said: Numbers = json.loads(done.stdout[done.stdout.index('{"runs"') :])
        return said | {"elsewhere": max(0.0, elsewhere.processors() - own / wall)}


def _children_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def entries(
    environments: Environments, tools: list[str] | None, console: Console
) -> tuple[list[Entry], dict[str, str]]:
    """The tools that are there, on one processor and on two where they can; and why others are not."""
    found, missing = [], {}
    for peer in peers():
        if tools and peer.file.stem not in tools and not peer.here:
            continue
        try:
            with console.status(f"installing {peer.name}"):
                python = environments.of(peer)
        except NotInstalled as reason:
            missing[peer.name] = str(reason)
            continue
        found += [Entry(peer, python, threads) for threads in ((1, PROCESSORS) if peer.parallel else (1,))]
    return found, missing


# -- whether the tools agree


def check(found: list[Entry], persons: int, seeds: int, console: Console) -> dict[str, Comparison]:
    """Compare all tools in both variants; ends the program when they do not agree."""

    def counts(entry: Entry) -> Counts:
        runs = entry.measure(persons, mean, WEEKS, list(range(1, seeds + 1)))["runs"]
        return np.array([run["counts"] for run in runs])

    out = {}
    for mean in MEANS:
        # Nothing is timed here, so as many tools may live at once as there are processors.
        with console.status(f"checking at {mean:.0%}"), ThreadPoolExecutor(PROCESSORS) as pool:
            lived = zip(found, pool.map(counts, found), strict=True)
            statistic = {entry.name: statistics_of(years) for entry, years in lived}
        out[f"{mean:g}"] = compare(statistic)
        console.print(_agreement(out[f"{mean:g}"], mean, persons, seeds))
    if not all(comparison.agree for comparison in out.values()):
        raise SystemExit("The tools do not hold the same society, so nothing is timed.")
    return out


def _agreement(comparison: Comparison, mean: float, persons: int, seeds: int) -> Table:
    shown = Table(
        title=f"{mean:.0%} travel a day: {seeds} years of {persons:,} persons from each tool", title_justify="left",
        caption=f"{comparison.compared:,} means; up to {comparison.limit:.1f} by chance. A difference over the year "
        f"would be seen from {_shares(comparison.seen)}.", caption_justify="left",
    )  # fmt: skip
    for name in ("tool", "worst z", "where", "spread, times the others'", "where", ""):
        shown.add_column(name)
    for v in comparison.verdicts:
        shown.add_row(v.name, f"{v.z:.1f}", v.where, f"{v.spread:.2f}", v.spread_where, "DIFFERS" if v.differs else "")
    return shown


def _shares(seen: dict[str, float]) -> str:
    return ", ".join(f"{share:.1%} of {measure}" for measure, share in seen.items())


# -- how fast they are


def weeks_that_fit(pace: float, persons: int, seconds: float) -> int:
    """Weeks that take about ``seconds`` at ``pace`` nanoseconds a person-day: two at least, a year at most."""
    return int(min(WEEKS, max(_PROBE_WEEKS, seconds / (pace * 1e-9 * persons * 7))))


def rounds_that_fit(pace: float, persons: int, weeks: int, seconds: float, rounds: int) -> int:
    """One where even the fewest weeks take more than twice ``seconds``: there the noise is small beside the time."""
    return rounds if pace * 1e-9 * persons * 7 * weeks <= 2 * seconds else 1


def time_all(
    found: list[Entry], sizes: tuple[int, ...], rounds: int, seconds: float, console: Console
) -> list[Numbers]:
    """All measurements, one a row."""
    rows = []
    for mean in MEANS:
        pace = {}
        for entry in found:
            with console.status(f"how long {entry.name} will take"):
                run = entry.measure(SIZES[0], mean, _PROBE_WEEKS, [0])["runs"][0]
            pace[entry.name] = run["seconds"][-1] * 1e9 / SIZES[0] / _PROBE_WEEKS / 7
        for persons in sizes:
            for number in range(rounds):
                # Whoever comes after a hot processor should not always be the same.
                turn = number * len(found) // rounds
                for entry in found[turn:] + found[:turn]:
                    # greyspace lives the whole year, so that every other tool finds its own weeks there.
                    weeks = WEEKS if entry.peer.here else weeks_that_fit(pace[entry.name], persons, seconds)
                    if number >= rounds_that_fit(pace[entry.name], persons, weeks, seconds, rounds):
                        continue
                    with console.status(f"round {number + 1}: {entry.name}, {persons:,} persons, {mean:.0%}"):
                        said = entry.measure(persons, mean, weeks, [number + 1])
                    (run,) = said.pop("runs")
                    del run["counts"]
                    which = {"tool": entry.name, "threads": entry.threads, "mean": mean, "persons": persons}
                    rows.append(which | {"weeks": weeks} | said | run)
    return rows


def summaries(rows: list[Numbers]) -> Iterator[Numbers]:
    """Medians over the rounds of each tool, size and variant; ratios are to greyspace in the same weeks of its year."""
    own = rows[0]["tool"]
    keys = dict.fromkeys((row["mean"], row["persons"], row["tool"]) for row in rows)
    for mean, persons, tool in keys:
        here = [row for row in rows if (row["mean"], row["persons"]) == (mean, persons)]
        mine = [row for row in here if row["tool"] == tool]
        weeks = mine[0]["weeks"]
        taken = statistics.median(row["seconds"][-1] for row in mine)
        ours = statistics.median(row["seconds"][weeks - 1] for row in here if row["tool"] == own)
        memory = [(row["peak"], row["before"]) for row in mine if row["peak"] is not None and row["threads"] == 1]
        yield {
            "mean": mean, "persons": persons, "tool": tool, "threads": mine[0]["threads"], "weeks": weeks,
            "rounds": len(mine),
            "ns": taken * 1e9 / persons / weeks / 7,
            "least_ns": min(row["seconds"][-1] for row in mine) * 1e9 / persons / weeks / 7,
            "ratio": taken / ours,
            "made": statistics.median(row["made"] for row in mine),
            "peak": statistics.median(peak for peak, _ in memory) if memory else None,
            "bytes": statistics.median(peak - before for peak, before in memory) / persons if memory else None,
            "elsewhere": statistics.median(row["elsewhere"] for row in mine),
        }  # fmt: skip


COLUMNS = (
    "tool", "persons", "weeks", "rounds", "ns a person-day", "least", "times greyspace", "made in s", "peak MiB",
    "B a person", "busy elsewhere",
)  # fmt: skip


def _short(number: float) -> str:
    """Two digits, or all before the point."""
    return f"{number:,.0f}" if number >= 10 else f"{number:.2g}"


def cells_of(row: Numbers) -> tuple[str, ...]:
    """One summary as words."""
    peak = "" if row["peak"] is None else f"{row['peak'] / 2**20:,.0f}"
    each = "" if row["bytes"] is None else f"{row['bytes']:,.0f}"
    return (
        row["tool"], f"{row['persons']:,}", str(row["weeks"]), str(row["rounds"]), _short(row["ns"]),
        _short(row["least_ns"]), _short(row["ratio"]), f"{row['made']:.2f}", peak, each, f"{row['elsewhere']:.1f}",
    )  # fmt: skip


def report(summary: list[Numbers], missing: dict[str, str], console: Console) -> None:
    """A table a variant; tools that could not be had under it."""
    for mean in dict.fromkeys(row["mean"] for row in summary):
        shown = Table(title=f"{mean:.0%} of people travel a day", title_justify="left")
        for i, name in enumerate(COLUMNS):
            shown.add_column(name, justify="right" if i else "left")
        for row in summary:
            if row["mean"] == mean:
                shown.add_row(*cells_of(row))
        console.print(shown)
    for name, reason in missing.items():
        console.print(f"{name} could not be had: {reason}")


def markdown(found: Numbers) -> str:
    """What docs/benchmarks.md shows: agreement, the table of each variant, versions."""
    lines = [f"{found['date']}, greyspace {found['version']}, {found['machine']}. Versions: {_versions(found)}.", ""]
    for mean, agreement in found["agreement"].items():
        lines.append(
            f"At {float(mean):.0%} the tools agreed: of {agreement['compared']:,} means the worst was "
            f"{abs(agreement['worst']):.1f} standard errors off, and {agreement['limit']:.1f} are allowed. A tool "
            f"would have been refused if, over the year, it had been off by {_shares(agreement['seen'])}."
        )
    lines.append("")
    for mean in dict.fromkeys(row["mean"] for row in found["summary"]):
        lines += [f"**{mean:.0%} of people travel a day**", "", f"| {' | '.join(COLUMNS)} |"]
        lines.append("| --- |" + " ---: |" * (len(COLUMNS) - 1))
        lines += [f"| {' | '.join(cells_of(row))} |" for row in found["summary"] if row["mean"] == mean]
        lines.append("")
    lines += [f"- {name} could not be had: {reason}" for name, reason in found["missing"].items()]
    return "\n".join(lines).rstrip() + "\n"


def _versions(found: Numbers) -> str:
    named = {tool: version for row in found["rows"] for tool, version in row["versions"].items()}
    python = sorted({row["python"] for row in found["rows"]})
    return ", ".join([*(f"{tool} {named[tool]}" for tool in sorted(named)), f"Python {' and '.join(python)}"])


def write_docs(found: Numbers, page: Path) -> None:
    """Put table and figure into the page, between its two marks."""
    from picture import draw  # Matplotlib is only for this

    draw(found, page.parent / "figures")
    text = page.read_text(encoding="utf-8")
    before, rest = text.split(BEGIN)
    after = rest.split(END)[1]
    figure = f"![{_caption(found)}](figures/peers.png)"
    page.write_text(f"{before}{BEGIN}\n\n{markdown(found)}\n{figure}\n\n{END}{after}", encoding="utf-8")


def _caption(found: Numbers) -> str:
    largest = max(row["persons"] for row in found["summary"])
    return f"Nanoseconds a person-day of each tool, {largest:,} persons, both variants, on a logarithmic scale."


def main() -> None:
    """Install, check, time, print, and write what was asked for."""
    reader = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    cache = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "greyspace-peers"
    reader.add_argument("--cache", type=Path, default=cache, metavar="FOLDER", help="where the environments are kept")
    reader.add_argument("--python", default=sys.executable, metavar="FILE", help="the interpreter they are made with")
    reader.add_argument("--tools", nargs="+", metavar="TOOL", help="only these, by the names of their files in tools/")
    reader.add_argument("--check", action="store_true", help="time nothing")
    reader.add_argument("--quick", action="store_true", help="100,000 persons, one round")
    reader.add_argument("--seeds", type=int, default=20, help="years of each tool that are compared (20)")
    reader.add_argument("--persons", type=int, default=9_000, help="persons in each of them (9,000)")
    reader.add_argument("--seconds", type=float, default=3.0, help="how long one measurement may take, about (3)")
    reader.add_argument("--json", type=Path, metavar="FILE", help="write all numbers to FILE")
    reader.add_argument("--docs", action="store_true", help="write the table and the figure of docs/benchmarks.md")
    asked = reader.parse_args()
    if asked.seeds < _FEWEST_SEEDS:
        reader.error(f"fewer than {_FEWEST_SEEDS} seeds say nothing about spread")
    if shutil.which(asked.python) is None:
        reader.error(f"there is no interpreter '{asked.python}'")
    console, start = Console(), time.perf_counter()
    found, missing = entries(Environments(asked.cache.resolve(), asked.python), asked.tools, console)
    agreement = check(found, asked.persons, asked.seeds, console)
    if asked.check:
        for name, reason in missing.items():
            console.print(f"{name} could not be had: {reason}")
        return
    from greyspace import __version__

    rounds, sizes = (1, SIZES[:1]) if asked.quick else (3, SIZES)
    rows = time_all(found, sizes, rounds, asked.seconds, console)
    numbers: Numbers = {
        "version": __version__, "date": str(date.today()), "machine": machine_in_words(), "missing": missing,
        "agreement": {
            mean: {
                "compared": each.compared, "limit": each.limit, "seen": each.seen,
                "worst": max((v.z for v in each.verdicts), key=abs),
            }
            for mean, each in agreement.items()
        },
        "summary": list(summaries(rows)), "rows": rows,
    }  # fmt: skip
    report(numbers["summary"], missing, console)
    console.print(f"All this took {(time.perf_counter() - start) / 60:.0f} minutes.")
    if asked.json:
        asked.json.write_text(json.dumps(numbers, indent=1) + "\n", encoding="utf-8")
    if asked.docs:
        write_docs(numbers, PAGE)


if __name__ == "__main__":
    main()
