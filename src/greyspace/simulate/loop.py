"""The loop: world, engine, tallies, learning, a period at a time; with checkpoints, so that a kill loses little."""

import hashlib
import logging
import time
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from greyspace.contract import Odds
from greyspace.engine import Expected, Individuals
from greyspace.errors import InputError
from greyspace.results import SHARDS, Draft, Results, Store
from greyspace.simulate.beginning import SETTLED, Beginning, expectation, spin_up
from greyspace.simulate.learn import Learnt, learn_from
from greyspace.simulate.measures import Acts, Counted, CountedMet, Met, PeriodTallies, Recorder, together
from greyspace.simulate.plan import Plan
from greyspace.simulate.shards import Ground, Shards, Workers, gathered, live_weeks
from greyspace.simulate.world import Period, World, day_of
from greyspace.society.population import make, units_at

CHECKPOINT_SECONDS = 20.0
"""Wall time between checkpoints: what a kill can cost."""

_LOG = logging.getLogger("greyspace")
Floats = NDArray[np.float64]
Progress = Callable[[str, int, int], None]
"""Called with a phase in words, weeks done and weeks in all."""
Split = Callable[[Ground], Shards]
"""Gives a run's people to workers elsewhere."""


class Life:
    """A run in progress: its world, its people, what the world has learnt. ``odds``, then ``step``, for each period."""

    def __init__(
        self,
        plan: Plan,
        threads: int = 1,
        taken_up: Mapping[str, NDArray[Any]] | None = None,
        begun: Beginning | None = None,
        split: Split | None = None,
        gpu: bool = False,
    ) -> None:
        """``taken_up``: the state of a checkpoint; ``begun``: how it begins, where that is known already; ``split``:
        who lives the individuals, if not this process; ``gpu``: whether they live on a graphics card.
        """
        self.plan = plan
        self.world: World = plan.world()
        if taken_up is not None:
            loads, settling = float(taken_up["usual_loads"]), float(taken_up["settling"])
            begun = Beginning(np.array(taken_up["spread"]), Learnt.of(dict(taken_up)), loads, settling)
        self.begun: Beginning = begun or spin_up(self.world)
        """How it begins; of a life that is taken up, with what was learnt until then."""
        self.learnt = self.begun.learnt
        recipe = self.world.recipe(self.world.start(self.begun.spread))
        self.engine: Individuals | Expected | Shards
        if split is not None:
            self.engine = split(Ground(plan.run_id, plan.seed, plan.scale, self.world.layout, recipe))
            self.made = float(self.engine.persons)
        elif plan.engine == "individuals":
            serial, region = units_at(recipe, plan.scale)
            crowd = make(recipe, plan.seed, serial, region)
            if gpu:
                from greyspace.engine.gpu import OnGpu

                self.engine = OnGpu(crowd, self.world.layout, plan.seed)
            else:
                self.engine = Individuals(crowd, self.world.layout, plan.seed, threads)
            self.made = float(len(crowd.persons))
        else:
            self.engine = expectation(self.world, recipe)
            self.made = float(self.engine.people().sum())
        if taken_up is not None:
            self.restore(taken_up)

    def weight(self, monday: int) -> float:
        """Persons of the nation in a year that one person (or unit of mass) stands for."""
        return float(self.world.persons(day_of(monday).year).sum()) / self.made

    def odds(self, period: Period) -> Odds:
        """The odds of a period, from what has been learnt so far."""
        self.enforcement = self.world.enforcement(period, self.learnt.practice)
        return self.world.odds(period, self.learnt, self.enforcement)

    def step(self, period: Period, odds: Odds, on_week: Callable[[int], None], saving: bool = False) -> PeriodTallies:
        """Live the weeks of a period under its odds, and learn; with ``saving`` shards leave checkpoints."""
        found, weight = self.enforcement, self.weight(period.monday)
        mondays = [int(monday) for monday in self.world.weeks[period.first : period.last]]
        if isinstance(self.engine, Expected):
            self.engine.renew(odds)
            weeks: list[Acts] = []
            for week in range(period.first, period.last):
                weeks.append(self.engine.advance())
                on_week(week + 1)
            whole: Acts = self.engine.lived()
            met: Met = self.engine.contacts()
            people: NDArray[Any] = self.engine.people()
        else:
            if isinstance(self.engine, Shards):
                came = self.engine.live(odds, mondays, saving)
                on_week(period.last)
            else:
                came = live_weeks(self.engine, odds, mondays, lambda week: on_week(period.first + week))
            weeks = [Counted(*each) for each in zip(came.states, came.modes, came.held, strict=True)]
            whole = together(weeks)
            met, people = CountedMet(came.outcomes, came.cases), came.people
        p, lasted, usual_loads = self.world.view(period).p, period.weeks, self.begun.usual_loads
        ended, before = met.ended, met.found(weight)
        lesson = self.world.lesson(period, whole.modes, ended, before, people, lasted, weight, usual_loads)
        knew = self.learnt.knowing
        self.learnt = learn_from(self.learnt, p, self.world.cases, self.world.sorting, found, lesson)
        market, knows = self.learnt.market, self.learnt.knowing
        return PeriodTallies(weeks, whole, met, people, found, p, market, knew, knows, weight)

    def arrays(self) -> dict[str, NDArray[Any]]:
        """The whole state, for a checkpoint."""
        begun = {
            "spread": self.begun.spread,
            "settling": np.array(self.begun.last_change),
            "usual_loads": np.array(self.begun.usual_loads),
        }
        return {**self.engine.state(), **self.learnt.arrays(), **begun}

    def snapshot(self) -> dict[str, NDArray[Any]]:
        """The whole state, which living on does not change."""
        return {name: array.copy() for name, array in self.arrays().items()}

    def restore(self, arrays: Mapping[str, NDArray[Any]]) -> None:
        """Go to the state that ``arrays`` describes."""
        self.learnt = Learnt.of(dict(arrays))
        self.engine.take_up(arrays)

    def close(self) -> None:
        """Let the engine's threads go."""
        if isinstance(self.engine, Individuals):
            self.engine.close()


def run(
    plan: Plan,
    store: Store,
    threads: int = 1,
    progress: Progress | None = None,
    shards: int = 1,
    workers: Workers | None = None,
    gpu: bool = False,
) -> Results:
    """Run a plan to its end in ``store``, or take it up where it stopped; a finished run is verified and given back.

    With ``workers`` they live the individuals, in so many ``shards``; with ``gpu`` a graphics card does. Results depend
    on the plan alone: not on threads, shards, card, interruptions or progress. FolderError where the folder refuses,
    ClusterError where the workers are gone, InputError where there is no card.
    """
    if gpu:
        if plan.engine != "individuals":
            raise InputError(f"--gpu: the engine '{plan.engine}' has no persons for a card; leave --gpu out.")
        # Only now, since it takes a second to load.
        from greyspace.engine.gpu import check_gpu

        check_gpu()
    done = store.complete(plan.run_id)
    if done is not None:
        return done
    tell = progress or (lambda phase, weeks, of: None)
    with store.begin(plan.run_id, plan.manifest()) as draft:
        return _write(plan, draft, threads, tell, shards, workers, gpu)


def _write(
    plan: Plan, draft: Draft, threads: int, tell: Progress, shards: int, workers: Workers | None, gpu: bool
) -> Results:
    saved = draft.checkpoint()
    for sentence in draft.refused:
        _LOG.warning("greyspace: %s.", sentence)
    begun: dict[str, Any] = {"periods": 0, "odds_digests": [], "unsolved": 0}
    arrays, facts = saved if saved is not None else (None, begun)
    tell("making the people", 0, 1)
    folder = draft.folder / SHARDS
    split: Split | None = None
    if workers is not None:
        split = lambda ground: Shards(folder, ground, shards, workers, int(facts["periods"]))  # noqa: E731
    elif arrays is not None and "shards" in arrays:
        arrays = {**arrays, **gathered(folder, arrays)}
    life = Life(plan, threads, arrays, split=split, gpu=gpu)
    recorder = Recorder(life.world)
    if arrays is not None:
        recorder.restore(arrays)
    total = len(life.world.weeks)
    digests: list[str] = list(facts["odds_digests"])
    unsolved = int(facts["unsolved"])
    digest = OddsDigest()
    last_saved = time.monotonic()
    try:
        for number in range(int(facts["periods"]), len(life.world.periods)):
            period = life.world.periods[number]
            odds = life.odds(period)
            digests.append(digest.of(odds))
            due = time.monotonic() - last_saved > CHECKPOINT_SECONDS
            got = life.step(period, odds, lambda week: tell("living", week, total), due)
            for i, monday in enumerate(life.world.weeks[period.first : period.last]):
                recorder.week(int(monday), got.weight, got.weeks[i])
            recorder.period(period, int(monday), got)
            unsolved += got.enforcement.unsolved
            for year in recorder.years():
                if year < day_of(int(life.world.weeks[min(period.last, total - 1)])).year:
                    recorder.write(draft, year)
            if due:
                state = {"periods": number + 1, "odds_digests": digests, "unsolved": unsolved}
                draft.save({**life.arrays(), **recorder.arrays()}, state)
                last_saved = time.monotonic()
        for year in recorder.years():
            recorder.write(draft, year)
        return draft.finish(_facts(life, digests, unsolved))
    finally:
        life.close()


def _facts(life: Life, digests: list[str], unsolved: int) -> dict[str, Any]:
    return {
        "persons_made": life.made,
        "weeks": len(life.world.weeks),
        "odds_digest": hashlib.blake2s("".join(digests).encode(), digest_size=16).hexdigest(),
        "odds_digests": digests,
        "spin_up": {"last_change": life.begun.last_change, "settled": life.begun.last_change < SETTLED},
        "posts": {"solved": unsolved == 0, "unsolved": unsolved},
    }


class OddsDigest:
    """16 hex digits over all thresholds of a renewal: where two machines part shows here first."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[NDArray[Any], bytes]] = {}

    def of(self, odds: Odds) -> str:
        """The digest of these odds; an array that a renewal did not replace is hashed once."""
        digest = hashlib.blake2s(digest_size=8)
        for name, array in odds._asdict().items():
            if name not in self._known or self._known[name][0] is not array:
                self._known[name] = (array, hashlib.sha256(np.ascontiguousarray(array).data).digest())
            digest.update(self._known[name][1])
        return digest.hexdigest()
