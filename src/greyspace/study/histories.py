"""Histories that experiments need: which, each one only once, lived in parallel, and kept on disk as they finish.

A history is named by all that shapes it. Whatever needs the same one shares it, and whoever asks again after Ctrl-C, a
kill or another question finds it there.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import groupby
from pathlib import Path
from typing import Any

from greyspace.errors import FolderError
from greyspace.results.files import make_folder, read_json, write_json
from greyspace.results.identity import canonical, plain
from greyspace.simulate import Life, Plan
from greyspace.simulate.beginning import Beginning
from greyspace.study import totals
from greyspace.study.claims import Window
from greyspace.study.jobs import Tell, lived
from greyspace.study.totals import Span, Totals

FOLDER = "histories"

_MOST = 6
"""Histories of one job at most: Ctrl-C waits for the job at work."""


@dataclass(frozen=True)
class History:
    """A plan, and the window of it that is counted.

    ``spans``: parts of it that are each counted by themselves, in place of the whole from one life.
    """

    plan: Plan
    window: Window
    spans: tuple[Span, ...] = ()

    @cached_property
    def key(self) -> str:
        """16 hex digits over all that shapes its totals."""
        told = {"run": self.plan.run_id, "since": self.window.counted, "people": self.window.people, "sums": _sums()}
        if self.spans:
            told["spans"] = self.spans
        return hashlib.blake2s(canonical(told), digest_size=8).hexdigest()

    def live(self, beginnings: dict[bytes, Beginning]) -> Totals:
        """Its totals. ``beginnings`` are those known already; histories that begin alike share one."""
        since = self.window.counted
        if not self.window.people:
            return totals.of_equipment(self.plan.world(), since)
        life = Life(self.plan, begun=beginnings.get(self.begins))
        beginnings[self.begins] = life.begun
        return totals.of_spans(life, self.spans) if self.spans else totals.of_life(life, since)

    @cached_property
    def begins(self) -> bytes:
        """What its beginning rests on."""
        return begins(self.plan)


def begins(plan: Plan) -> bytes:
    """What the beginning of a plan rests on: all that holds on the first day."""
    told = {
        "parameters": plan.p.begun_with(plan.start),
        "events": plan.scenario.events.model_dump(mode="json"),
        "off": sorted(plan.off),
        # Before its first date a system that is switched is the other way round.
        "switched": plan.scenario.switched(),
        "seed": plan.seed,
        "from": plan.start,
        "to": plan.end,
        "model": plan.model.__name__,
    }
    return json.dumps(plain(told), sort_keys=True).encode()


@cache
def _sums() -> str:
    """A hash of how totals are added up."""
    return hashlib.blake2s(Path(totals.__file__).read_bytes(), digest_size=8).hexdigest()


@dataclass(frozen=True)
class Kept:
    """Histories on disk, a small file each."""

    folder: Path

    def get(self, key: str) -> Totals | None:
        """The totals of a history; None where it is not there, or not as it was written."""
        path = self._path(key)
        if not path.is_file():
            return None
        try:
            return Totals.of(read_json(path)["totals"])
        except FolderError:
            return None

    def has(self, key: str) -> bool:
        """Whether a history is there."""
        return self._path(key).is_file()

    def put(self, key: str, found: Totals, about: Mapping[str, Any]) -> None:
        """Keep a history, with what it is."""
        path = self._path(key)
        make_folder(path.parent)
        write_json(path, {**about, "totals": found.plain()})

    def _path(self, key: str) -> Path:
        return self.folder / FOLDER / key[:2] / f"{key}.json"


@dataclass(frozen=True)
class _Job:
    """Histories of one draw and window, for whichever process is free."""

    histories: tuple[History, ...]
    kept: Kept

    def live(self) -> int:
        beginnings: dict[bytes, Beginning] = {}
        for history in self.histories:
            plan = history.plan
            about = {"scenario": plan.scenario.id, "seed": plan.seed, "engine": plan.engine}
            self.kept.put(history.key, history.live(beginnings), {**about, "run": plan.run_id})
        return len(self.histories)


def missing(histories: Iterable[History], kept: Kept) -> list[History]:
    """Those that are not kept yet, each once."""
    return list({h.key: h for h in histories if not kept.has(h.key)}.values())


class Reader:
    """The totals of histories by ``reader(history)``, each read once; one that is lost, or was changed since it was
    kept, is lived again.
    """

    def __init__(self, kept: Kept, workers: int, tell: Tell) -> None:
        self._kept, self._workers, self._tell = kept, workers, tell
        self._read: dict[str, Totals] = {}

    def live(self, histories: Sequence[History], phase: str) -> None:
        """Live those of them that are missing, while ``tell`` is told of a ``phase``."""
        left = missing(histories, self._kept)
        if left:
            live(left, self._kept, self._workers, self._tell, phase)

    def __call__(self, history: History) -> Totals:
        key = history.key
        if key not in self._read:
            found = self._kept.get(key)
            if found is None:
                live([history], self._kept, 1, self._tell, "histories")
                found = self._kept.get(key)
            if found is None:
                raise FolderError(f"{self._kept.folder}: what was written there is not there any more; take another.")
            self._read[key] = found
        return self._read[key]

    def all(self, histories: Sequence[History], phase: str) -> list[Totals]:
        """The totals of histories in their order; those that are missing are lived first."""
        self.live(histories, phase)
        return [self(history) for history in histories]


def live(histories: Sequence[History], kept: Kept, workers: int, tell: Tell, phase: str) -> None:
    """Live histories and keep each as it finishes; what they come to never depends on how they are spread."""
    jobs = []
    # As they come, so that a stopped study has whole draws; those that may share a beginning stand together.
    for _, together in groupby(histories, lambda h: (h.plan.engine, h.plan.seed, h.plan.start, h.plan.end)):
        group = tuple(sorted(together, key=lambda h: h.begins))
        jobs += [_Job(group[i : i + _MOST], kept) for i in range(0, len(group), _MOST)]
    ends = [0]
    for job in jobs:
        ends.append(ends[-1] + len(job.histories))
    lived(jobs, workers, phase, lambda what, done, of: tell(what, ends[done], ends[-1]))
