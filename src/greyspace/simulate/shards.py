"""One population in shards: whole units each, lived by workers in other processes or on other hosts.

The head works out the odds of a period, writes them into a *log* in the run's folder, and gives every shard a task. A
worker lives the shard's weeks under the odds in the log and sends back what they came to; the head adds it up and
learns. A worker without the shard's state takes the newest whole checkpoint of it, or makes its people anew, and lives
again through the odds in the log. So a task gives the same answer whoever carries it out, when, and how often.

Every entry of the log is sealed with a checksum and names the seal of the entry before it. A state knows the last seal
it lived under: neither a log nor a checkpoint of another history can be taken for this one.
"""

import io
import json
import logging
import math
import socket
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from greyspace.contract import Crowd, Layout, Odds
from greyspace.country import Generator
from greyspace.engine import Individuals
from greyspace.errors import FolderError, InputError
from greyspace.results import checkpoint, source_hash
from greyspace.results.files import make_folder, read_bytes, sweep, write_whole
from greyspace.society.population import Recipe, make, unit_sizes, units_at

FIRST = ""
"""The seal before the first entry of the log."""

_KEEP = 2
"""Checkpoints of a shard kept: the newest, and one before it should the newest be torn."""

_LOG = logging.getLogger("greyspace")
_GROUND = "ground"


class Weeks(NamedTuple):
    """What the people of a shard, or of all, came to in the weeks of a period."""

    states: NDArray[Any]  # [week, R, P, A, state]
    modes: NDArray[Any]  # [week, R, A, way, state]
    held: NDArray[Any]  # [week, R, P, hold class]
    outcomes: NDArray[Any]  # [R, C, X, G, powered, outcome], all weeks together
    cases: NDArray[Any]  # [R, D, X * J, powered, F, V], all weeks together
    people: NDArray[Any]  # [R, P, S] on the last day


def live_weeks(engine: Individuals, odds: Odds, mondays: Sequence[int], on_week: Callable[[int], None]) -> Weeks:
    """Let the engine's people live the weeks that begin on ``mondays``; ``on_week`` is told how many are over."""
    states, modes, held = [], [], []
    outcomes, cases = np.zeros((), np.int64), np.zeros((), np.int64)
    for number, monday in enumerate(mondays, start=1):
        tallies = engine.advance(odds, monday)
        outcomes, cases = outcomes + tallies.outcomes, cases + tallies.cases
        states.append(tallies.states)
        modes.append(tallies.modes)
        held.append(tallies.held)
        on_week(number)
    return Weeks(np.stack(states), np.stack(modes), np.stack(held), outcomes, cases, engine.people())


@dataclass(frozen=True)
class Task:
    """Live one period of one shard: units ``units[0]`` to ``units[1]`` of the run in whose ``folder`` the log is."""

    folder: str
    shard: int
    shards: int
    units: tuple[int, int]
    period: int
    seal: str  # of the log's entry before this period
    saving: bool  # whether to leave a checkpoint after it
    saved: int  # the period at which the head's own newest checkpoint begins

    @property
    def home(self) -> Path:
        """Where the checkpoints of this shard are."""
        return Path(self.folder) / f"{self.shard + 1}-of-{self.shards}"


# -- what head and workers share on disk


@dataclass(frozen=True)
class Ground:
    """What a worker needs to know of a run before its first week."""

    run_id: str
    seed: int
    scale: float
    layout: Layout
    recipe: Recipe

    @cached_property
    def units(self) -> tuple[NDArray[np.uint32], NDArray[np.int32]]:
        """Serial number and region of all units of the run."""
        return units_at(self.recipe, self.scale)

    def write(self, folder: Path) -> None:
        """Put it where workers find it."""
        layout, made = self.layout._asdict(), vars(self.recipe.generator)
        arrays = {f"layout_{name}": np.asarray(value) for name, value in layout.items()}
        arrays |= {f"made_{name}": value for name, value in made.items()}
        arrays |= {"temper_of": self.recipe.temper_of, "start": self.recipe.start}
        facts = {
            "run_id": self.run_id,
            "source_hash": source_hash(),
            "seed": self.seed,
            "scale": self.scale,
            "units": self.recipe.units,
            "least_households": self.recipe.least_households,
            "most_households": self.recipe.most_households,
        }
        write_whole(folder / _GROUND, lambda file: checkpoint.dump(file, arrays, facts))

    @classmethod
    def read(cls, folder: Path) -> "Ground":
        """InputError where the folder cannot be seen, or another version of greyspace wrote it."""
        path, here = folder / _GROUND, socket.gethostname()
        if not path.exists():
            raise InputError(
                f"a worker on {here} cannot see {path}: all workers must see the folder of results under the same path."
            )
        arrays, facts = _intact(path, read_bytes(path))
        if facts["source_hash"] != source_hash():
            raise InputError(
                f"a worker on {here} has another version of greyspace ({source_hash()[:8]}, not "
                f"{facts['source_hash'][:8]}): install the same one everywhere."
            )
        fixed = {name: arrays[f"layout_{name}"] for name in Layout._fields}
        layout: dict[str, Any] = {name: array if array.ndim else int(array) for name, array in fixed.items()}
        made = {name.removeprefix("made_"): array for name, array in arrays.items() if name.startswith("made_")}
        recipe = Recipe(
            generator=Generator(**made),
            units=tuple(facts["units"]),
            least_households=facts["least_households"],
            most_households=facts["most_households"],
            temper_of=arrays["temper_of"],
            start=arrays["start"],
        )
        return cls(facts["run_id"], facts["seed"], facts["scale"], Layout(**layout), recipe)


def _intact(path: Path, data: bytes) -> tuple[dict[str, NDArray[Any]], dict[str, Any]]:
    loaded = checkpoint.load(data)
    if loaded is None:
        raise FolderError(f"{path} is torn or was changed: remove {path.parents[1]} and run again")
    return loaded


def _entry(folder: Path, period: int) -> Path:
    return folder / f"odds-{period:06d}"


def write_odds(folder: Path, period: int, before: str, odds: Odds, mondays: Sequence[int]) -> str:
    """Put the odds of a period in the log; returns the seal of the entry."""
    facts = {"before": before, "mondays": [int(monday) for monday in mondays]}
    file = io.BytesIO()
    checkpoint.dump(file, odds._asdict(), facts)
    data = file.getvalue()
    write_whole(_entry(folder, period), lambda out: out.write(data))
    return checkpoint.seal(data)


def _read_odds(folder: Path, period: int) -> tuple[Odds, list[int], str, str]:
    """Odds, Mondays, the seal before, and the entry's own."""
    path = _entry(folder, period)
    data = read_bytes(path)
    # These arrays are writable: Numba would compile everything once more for others.
    arrays, facts = _intact(path, data)
    return Odds(**arrays), facts["mondays"], facts["before"], checkpoint.seal(data)


# -- a worker


@dataclass
class State:
    """A shard before ``period``, having lived under the odds with ``seal`` last; ``answer``: what that came to."""

    period: int
    seal: str
    engine: Individuals
    answer: bytes


class Worker:
    """Whoever lives shards: keeps their states from task to task, and can do without."""

    def __init__(self) -> None:
        self._states: dict[Path, State] = {}
        self._known: dict[str, Ground] = {}

    def advance(self, task: Task) -> bytes:
        """Live a task; returns what :class:`Sum` adds up. The same task gives the same counts.

        A state is taken out, advanced and put back: one that failed on the way is never used again.
        """
        refused: list[str] = []
        held = self._states.pop(task.home, None)
        if held is not None and held.period == task.period + 1:
            *_, before, seal = _read_odds(Path(task.folder), task.period)
            if (before, seal) == (task.seal, held.seal):
                self._states[task.home] = held
                return held.answer
        state = self._brought_to(task, held, refused)
        odds, mondays, _, seal = _read_odds(Path(task.folder), task.period)
        came = live_weeks(state.engine, odds, mondays, _unheard)
        after = State(task.period + 1, seal, state.engine, b"")
        if task.saving:
            self._save(task, after)
        after.answer = packed(task, came, refused)
        self._forget_others(task)
        self._states[task.home] = after
        return after.answer

    def crowd(self, task: Task) -> Crowd:
        """The people of a shard as they are before the task's period."""
        return self._brought_to(task, None, []).engine.crowd

    def _forget_others(self, task: Task) -> None:
        """A state that fell behind lives elsewhere now; those of another run are over."""
        for home, state in list(self._states.items()):
            if home.parent != task.home.parent or state.period < task.period:
                self._states.pop(home, None)

    def _ground(self, folder: str) -> Ground:
        if folder not in self._known:
            self._known = {folder: Ground.read(Path(folder))}
        return self._known[folder]

    def _brought_to(self, task: Task, held: State | None, refused: list[str]) -> State:
        for state in self._beginnings(task, held, refused):
            if _replayed(state, task):
                return state
        raise FolderError(f"the odds in {task.folder} are not those of this run: remove that folder and run again")

    def _beginnings(self, task: Task, held: State | None, refused: list[str]) -> Iterator[State]:
        if held is not None and held.period <= task.period:
            yield held
        ground = self._ground(task.folder)
        for path in sorted(task.home.glob("*.checkpoint"), reverse=True):
            if int(path.stem) > task.period:
                continue
            loaded = checkpoint.load(read_bytes(path))
            if loaded is None:
                refused.append(f"{path} is torn or was changed: the checkpoint before it is used")
                continue
            arrays, facts = loaded
            state = _anew(ground, task)
            # Those of another run are told by their seal; here it is enough that they fit.
            if facts["units"] == list(task.units) and len(arrays["persons"]) == len(state.engine.crowd.persons):
                state.engine.take_up(arrays)
                yield replace(state, period=facts["period"], seal=facts["seal"])
        yield _anew(ground, task)

    @staticmethod
    def _save(task: Task, state: State) -> None:
        crowd = state.engine.crowd
        save(task, state.period, state.seal, crowd.persons, crowd.news)


def save(task: Task, period: int, seal: str, persons: NDArray[np.uint32], news: NDArray[np.uint8]) -> None:
    """Write the checkpoint of a shard, from which ``period`` can be lived, and sweep those no longer needed."""
    facts = {"period": period, "seal": seal, "units": task.units}
    path = task.home / f"{period:08d}.checkpoint"
    write_whole(path, lambda file: checkpoint.dump(file, {"persons": persons, "news": news}, facts))
    # What the head would go back to must stay until it has a checkpoint of its own that is as new.
    safe = [old for old in sorted(task.home.glob("*.checkpoint")) if int(old.stem) <= task.saved]
    for old in safe[:-_KEEP]:
        sweep(old)


def _anew(ground: Ground, task: Task) -> State:
    serial, region = ground.units
    own = slice(*task.units)
    crowd = make(ground.recipe, ground.seed, serial[own], region[own])
    return State(0, FIRST, Individuals(crowd, ground.layout, ground.seed), b"")


def _replayed(state: State, task: Task) -> bool:
    """Live what lies between the state and the task; False if the state is of another history."""
    while state.period < task.period:
        odds, mondays, before, seal = _read_odds(Path(task.folder), state.period)
        if before != state.seal:
            return False
        for monday in mondays:
            state.engine.advance(odds, monday)
        state.period, state.seal = state.period + 1, seal
    return state.seal == task.seal


def _unheard(week: int) -> None:
    """A worker reports periods, not weeks."""


# -- answers


def packed(task: Task, weeks: Weeks, refused: Sequence[str]) -> bytes:
    """An answer. Most counts of a shard are zero: only the others are named, which also makes them quick to add up."""
    facts: dict[str, Any] = {"shard": task.shard, "period": task.period, "refused": list(refused), "shapes": {}}
    arrays = {}
    for name, counts in weeks._asdict().items():
        flat = np.ascontiguousarray(counts).reshape(-1)
        at = np.flatnonzero(flat)
        arrays[f"{name}_at"], arrays[name] = at.astype(np.uint32), flat[at]
        facts["shapes"][name] = counts.shape
    file = io.BytesIO()
    checkpoint.dump(file, arrays, facts)
    return zlib.compress(file.getvalue(), 1)


class Sum:
    """Answers of the shards added up; whole numbers, so that any order gives the same."""

    def __init__(self) -> None:
        self._flat: dict[str, NDArray[Any]] = {}
        self._shapes: dict[str, list[int]] = {}

    def add(self, answer: bytes) -> list[str]:
        """Add one; returns what its worker refused on the way."""
        loaded = checkpoint.load(zlib.decompress(answer))
        if loaded is None:
            raise FolderError("an answer arrived torn: give the command again")
        arrays, facts = loaded
        for name, shape in facts["shapes"].items():
            if name not in self._flat:
                self._flat[name], self._shapes[name] = np.zeros(math.prod(shape), arrays[name].dtype), shape
            self._flat[name][arrays[f"{name}_at"]] += arrays[name]
        return list(facts["refused"])

    def weeks(self) -> Weeks:
        """What all came to together."""
        return Weeks(**{name: flat.reshape(self._shapes[name]) for name, flat in self._flat.items()})


# -- the head


class Workers(Protocol):
    """Those whom the head gives tasks."""

    def give(self, task: Task) -> None:
        """Have a task done, by whomever."""

    def arrived(self) -> list[tuple[Task, bytes | None]]:
        """Answers that came since, after waiting a moment for one; None for a task that was lost and must be given
        again. An answer may come twice, or late. ClusterError if nobody is left.
        """


class Shards:
    """The engine of a run whose people live elsewhere: tasks go out, answers come in, in whatever order."""

    def __init__(self, folder: Path, ground: Ground, shards: int, workers: Workers, period: int = 0) -> None:
        """``folder``: of the run's shards; ``period``: where the run goes on. InputError: more shards than units."""
        self._folder, self._workers, self._period = folder.resolve(), workers, period
        self._seal = FIRST
        # The head's newest checkpoint, and the one it writes after the period that was lived last.
        self._saved = self._to_be_saved = period
        sizes = unit_sizes(ground.recipe, ground.seed, ground.units[0])
        self._first = np.concatenate([np.zeros(1, np.int64), np.cumsum(sizes)])
        self.persons = int(self._first[-1])
        self._bounds = bounds(self._first, shards)
        make_folder(folder)
        ground.write(folder)
        for task in self._tasks(False):
            make_folder(task.home)

    def _tasks(self, saving: bool) -> list[Task]:
        return tasks(self._folder, self._bounds, self._period, self._seal, saving, self._saved)

    def live(self, odds: Odds, mondays: Sequence[int], saving: bool) -> Weeks:
        """Have all shards live a period; with ``saving`` each has left a checkpoint when this returns.

        The caller then writes its own before it asks for the next period.
        """
        self._saved = self._to_be_saved
        seal = write_odds(self._folder, self._period, self._seal, odds, mondays)
        weeks = self._gathered(self._tasks(saving))
        self._period, self._seal = self._period + 1, seal
        if saving:
            self._to_be_saved = self._period
        return weeks

    def _gathered(self, given: Sequence[Task]) -> Weeks:
        for task in given:
            self._workers.give(task)
        missing = set(given)
        total = Sum()
        while missing:
            for task, answer in self._workers.arrived():
                # Late answers to an earlier period, and second ones, are dropped.
                if task not in missing:
                    continue
                if answer is None:
                    self._workers.give(task)
                    continue
                for sentence in total.add(answer):
                    _LOG.warning("greyspace: %s.", sentence)
                missing.remove(task)
        return total.weeks()

    def state(self) -> dict[str, NDArray[Any]]:
        """For the head's checkpoint: where the log stands. The persons are in the checkpoints of the shards."""
        told = {"period": self._period, "seal": self._seal, "bounds": self._bounds}
        return {"shards": np.frombuffer(json.dumps(told).encode(), np.uint8)}

    def take_up(self, arrays: Mapping[str, NDArray[Any]]) -> None:
        """Go on from a checkpoint of the head, however many shards there were then."""
        told = _told(arrays)
        self._seal = told.get("seal", f"in one process until {self._period}")
        if told.get("bounds") == self._bounds:
            return
        people = gathered(self._folder, arrays)
        for task in self._tasks(True):
            a, b = task.units
            save(task, self._period, self._seal, people["persons"][self._first[a] : self._first[b]],
                 people["news"][a:b])  # fmt: skip


def bounds(first: NDArray[np.int64], shards: int) -> list[int]:
    """``shards + 1`` bounds between units such that every shard has about as many persons.

    ``first[units + 1]``: first person of each unit. InputError if there are more shards than units.

    >>> bounds(np.array([0, 10, 20, 30, 60]), 2)
    [0, 3, 4]
    """
    units = len(first) - 1
    if shards > units:
        raise InputError(
            f"--shards {shards}: the run has {units} neighbourhood units; allowed are 1 to {units} shards."
        )
    ideal = first[-1] * np.arange(1, shards, dtype=np.int64) // shards
    cuts = np.searchsorted(first, ideal)
    # Each shard has a unit at least.
    cuts = np.maximum.accumulate(cuts - np.arange(1, shards)) + np.arange(1, shards)
    cuts = np.clip(cuts, np.arange(1, shards), units - shards + np.arange(1, shards))
    return [0, *(int(cut) for cut in cuts), units]


def tasks(
    folder: Path, cuts: Sequence[int], period: int, seal: str, saving: bool = False, saved: int = 0
) -> list[Task]:
    """One task a shard."""
    return [
        Task(str(folder), shard, len(cuts) - 1, (cuts[shard], cuts[shard + 1]), period, seal, saving, saved)
        for shard in range(len(cuts) - 1)
    ]


def gathered(folder: Path, arrays: Mapping[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
    """The ``persons`` and ``news`` that belong to a checkpoint of the head, out of those of the shards if need be."""
    told = _told(arrays)
    if not told:
        return {"persons": arrays["persons"], "news": arrays["news"]}
    crowds = [Worker().crowd(task) for task in tasks(folder.resolve(), told["bounds"], told["period"], told["seal"])]
    return {name: np.concatenate([getattr(crowd, name) for crowd in crowds]) for name in ("persons", "news")}


def _told(arrays: Mapping[str, NDArray[Any]]) -> dict[str, Any]:
    """What :meth:`Shards.arrays` noted; nothing in a checkpoint of one process."""
    return json.loads(arrays["shards"].tobytes()) if "shards" in arrays else {}
