"""What a process of the explorer does: answer a question, live a run, compare two scenarios."""

import gc
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from greyspace.country import Pack, load_pack
from greyspace.results import Store
from greyspace.results.files import make_folder, write_json
from greyspace.simulate import Life, Plan, plan, run
from greyspace.simulate.processes import seldom
from greyspace.study import footprint, pairs
from greyspace.study.atlas import MEASURES, Atlas, of_results, read
from greyspace.study.months import Month
from greyspace.study.pairs import Wanted
from greyspace.study.whatif import Kept, Question, beginning, live

Tell = Callable[..., None]
Stop = Callable[[], bool]

_TELL_SECONDS = 0.2


@lru_cache(maxsize=8)
def _pack(where: str) -> Pack:
    return load_pack(where)


def national(atlas: Atlas) -> dict[str, list[float | None]]:
    """Every measure by year, for the whole country; None where there is nothing to measure."""
    values = read(atlas, list(MEASURES.values()), [atlas.regions])[..., 0]
    return {name: plain(row) for name, row in zip(MEASURES, values, strict=True)}


def plain(row: Any) -> list[float | None]:
    """Numbers as JSON has them, to seven digits."""
    return [None if not np.isfinite(x) else float(f"{x:.7g}") for x in row]


@dataclass(frozen=True)
class Asked:
    """A question, as it travels to another process: a country by the place of its pack."""

    where: str
    scenario: str
    since: int
    until: int
    sets: Mapping[str, float]
    off: tuple[str, ...]
    folder: Path

    def question(self) -> Question:
        """The question itself."""
        return Question(_pack(self.where), self.scenario, self.since, self.until, self.sets, self.off)

    def do(self, tell: Tell, stop: Stop) -> None:
        """Answer it: tell each year as it is finished, and keep the answer."""

        def on_year(year: Atlas) -> None:
            tell(year.years[0], {name: values[0] for name, values in national(year).items()})

        live(self.question(), Kept(self.folder), on_year, stop)


@lru_cache(maxsize=4)
def _month(where: str, scenario: str, first: date) -> Month:
    """A month of a country: a few seconds and some tens of megabytes each."""
    pack = _pack(where)
    return footprint.month(pack, pack.scenario(scenario), first, start=beginning(pack))


@dataclass(frozen=True)
class Footprint:
    """A synthetic person's month, and what of it is kept."""

    where: str
    scenario: str
    first: date
    profile: str
    region: str
    seed: int
    off: frozenset[str]

    def do(self, tell: Tell, stop: Stop) -> dict[str, Any]:
        """The month as plain data. InputError where there is no such person, month or system."""
        month = _month(self.where, self.scenario, self.first)
        return footprint.told(footprint.person(month, self.profile, self.region, self.seed, self.off))


@dataclass(frozen=True)
class Warm:
    """Load what a life needs, and compile it if need be: so that the first question need not wait for it."""

    where: str

    def do(self, tell: Tell, stop: Stop) -> None:
        """Live four weeks."""
        pack = _pack(self.where)
        start = beginning(pack)
        life = Life(plan(pack, pack.scenario("history"), engine="expected", start=start, end=start + timedelta(27)))
        life.step(life.world.periods[0], life.odds(life.world.periods[0]), lambda _: None)
        life.close()
        # What is loaded stays: to look through it all for what can go took a tenth of a second of every other answer.
        gc.collect()
        gc.freeze()


@dataclass(frozen=True)
class Run:
    """A run of individuals, kept in the folder of results like any other, and read into an atlas."""

    asked: Asked
    first: int
    scale: float
    seed: int
    results: Path

    def plan(self) -> Plan:
        """What is run. InputError as ``plan``."""
        question = self.asked.question()
        base = replace(question, since=beginning(question.pack).year).plan
        return plan(
            base.pack, base.scenario, engine="individuals", seed=self.seed, scale=self.scale,
            start=max(date(self.first, 1, 1), question.start), end=base.end, sets=base.sets,
        )  # fmt: skip

    def do(self, tell: Tell, stop: Stop) -> str:
        """Run it, or take it up where it was stopped; the id of the run."""
        made = self.plan()
        found = run(made, Store(self.results), 1, seldom(tell, _TELL_SECONDS))
        kept = Kept(self.asked.folder)
        if not kept.has(made.run_id):
            tell("reading", 0, 1)
            kept.put(made.run_id, of_results(found, made.pack))
        return made.run_id


@dataclass(frozen=True)
class Compare:
    """Two scenarios side by side, noted in ``note`` when all pairs are lived."""

    where: str
    a: str
    b: str
    until: int
    draws: int
    seeds: int
    structures: bool
    folder: Path
    note: Path

    def wanted(self) -> Wanted:
        """What is compared."""
        return Wanted(_pack(self.where), self.a, self.b, self.until, self.draws, self.seeds, self.structures)

    def do(self, tell: Tell, stop: Stop) -> None:
        """Live what is not kept, and write down which lives it is made of."""
        found = pairs.live(self.wanted(), Kept(self.folder), lambda done, of: tell("living", done, of), stop)
        make_folder(self.note.parent)
        content = {"a": self.a, "b": self.b, "until": self.until, "pairs": [asdict(pair) for pair in found]}
        content |= {"draws": self.draws, "seeds": self.seeds, "country": _pack(self.where).id}
        write_json(self.note, content)
