"""What was answered before: found again by its id, and put together to a coarse answer to what was not."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from greyspace.country import Pack
from greyspace.errors import FolderError
from greyspace.results import source_hash
from greyspace.results.files import read_json, sweep, write_json
from greyspace.study.atlas import MEASURES, read, version
from greyspace.study.whatif import Kept, Question
from greyspace.web.sliders import Slider, ends, history, offered

Floats = NDArray[np.float64]

MOST = 400
"""Answers that are kept from one start to the next: about 60 MB."""

SEED = 1


class Moves(NamedTuple):
    """A question of the page: sliders by id, and systems that are away."""

    country: str
    scenario: str
    since: int
    until: int
    sliders: Mapping[str, float]
    off: tuple[str, ...]

    @property
    def changes(self) -> bool:
        """Whether anything is moved."""
        return bool(self.sliders or self.off)

    def told(self) -> dict[str, Any]:
        """As JSON."""
        return {**self._asdict(), "sliders": dict(self.sliders), "off": list(self.off)}


@dataclass(frozen=True)
class Answer:
    """An answer: its moves (None: a run), what it is in words, and every measure by year for the whole country."""

    id: str
    country: str
    label: str
    moves: Moves | None
    years: tuple[int, ...]
    values: Floats  # [measure, year]
    changed_from: date | None = None


class Coarse(NamedTuple):
    """A first answer: ``kind`` exact, combined or nearest; in words what it is; values ``[measure, year]``."""

    kind: str
    label: str
    years: tuple[int, ...]
    values: Floats
    near: Answer


def sets_of(pack: Pack, sliders: Mapping[str, float]) -> dict[str, float]:
    """The parameters that sliders set. KeyError for a slider that the pack has not."""
    known = {slider.id: slider for slider in offered(pack)}
    return {key: value for name, value in sliders.items() for key in known[name].parameters}


def question_of(pack: Pack, moves: Moves) -> Question:
    """What is to be lived."""
    return Question(pack, moves.scenario, moves.since, moves.until, sets_of(pack, moves.sliders), moves.off, SEED)


class Answers:
    """Answers in memory, and on disk from one start to the next. ``packs`` by the name of the country."""

    def __init__(self, folder: Path, packs: Mapping[str, Pack]) -> None:
        self.kept = Kept(folder)
        self._packs = packs
        self._by_id: dict[str, Answer] = {}
        self._version = f"{source_hash()}/{version()}"
        self._load()

    def get(self, answer: str) -> Answer | None:
        """The answer of an id."""
        return self._by_id.get(answer)

    def add(self, answer: str, country: str, label: str, moves: Moves | None, changed_from: date | None) -> Answer:
        """Take up an answer that was worked out. FolderError where it is not there, or cannot be noted."""
        atlas = self.kept.atlas(answer)
        if atlas is None:
            raise FolderError(
                "the answer was worked out and is not there: the folder of results was changed meanwhile."
            )
        values = read(atlas, list(MEASURES.values()), [atlas.regions])[..., 0]
        found = Answer(answer, country, label, moves, atlas.years, values, changed_from)
        self._by_id[answer] = found
        content = {
            "version": self._version,
            "pack": self._packs[country].content_hash,
            "country": country,
            "label": label,
            "moves": None if moves is None else moves.told(),
            "changed_from": changed_from,
        }
        write_json(self._path(answer), content)
        return found

    def coarse(self, moves: Moves, answer: str) -> Coarse | None:
        """What can be said at once; None where nothing near was ever worked out."""
        known = self._by_id.get(answer)
        if known is not None:
            return Coarse("exact", known.label, known.years, known.values, known)
        base = self._base(moves)
        if base is None:
            return None
        family = [base, *(a for a in self._by_id.values() if a.moves is not None and _kin(a.moves, moves))]
        pack = self._packs[moves.country]
        combined = _combined(pack, moves, base, family)
        if combined is not None:
            said = "coarse: in proportion between computed answers"
            if len(moves.sliders) + len(moves.off) > 1:
                said = "coarse: what each change makes by itself, added up"
            return Coarse("combined", said, base.years, combined, base)
        near = min(family, key=lambda other: _distance(pack, moves, other.moves))
        return Coarse("nearest", f"coarse: nearest computed is {said_of(pack, near)}", near.years, near.values, near)

    def _base(self, moves: Moves) -> Answer | None:
        """The scenario as it is; history where that is not known."""
        for scenario in (moves.scenario, "history"):
            for answer in self._by_id.values():
                of = answer.moves
                if of is not None and not of.changes and (of.country, of.scenario, of.until) == (
                    moves.country, scenario, moves.until,
                ):  # fmt: skip
                    return answer
        return None

    def _path(self, answer: str) -> Path:
        return self.kept.folder / "answers" / f"{answer}.json"

    def _load(self) -> None:
        """Take up what an earlier start left; what another version worked out goes."""
        folder = self.kept.folder / "answers"
        paths = sorted(folder.glob("*.json"), key=lambda path: path.stat().st_mtime, reverse=True)
        for number, path in enumerate(paths):
            with suppress(FolderError, KeyError, TypeError, ValueError):
                told = read_json(path)
                pack = self._packs.get(told["country"])
                atlas = self.kept.atlas(path.stem)
                fits = pack is not None and told["version"] == self._version and told["pack"] == pack.content_hash
                if fits and atlas is not None and number < MOST:
                    moves = told["moves"] and Moves(**{**told["moves"], "off": tuple(told["moves"]["off"])})
                    values = read(atlas, list(MEASURES.values()), [atlas.regions])[..., 0]
                    since = told["changed_from"] and date.fromisoformat(told["changed_from"])
                    self._by_id[path.stem] = Answer(
                        path.stem, told["country"], told["label"], moves, atlas.years, values, since
                    )
                    continue
                if pack is None:  # of a country that is not shown now
                    continue
            for gone in (path, path.with_suffix(".npz")):
                sweep(gone)
        for state in (self.kept.folder / "states").glob("*.npz"):
            if state.name.partition("-")[0] not in self._by_id:
                sweep(state)


def said_of(pack: Pack, answer: Answer) -> str:
    """What an answer is, in a few words."""
    moves = answer.moves
    if moves is None or not moves.changes:
        return f"'{moves.scenario if moves else answer.label}' as it is"
    named = {slider.id: slider.en for slider in offered(pack)}
    words = [f"{named[name]} {value:g}" for name, value in moves.sliders.items()]
    return "; ".join([*words, *(f"without {name.replace('_', ' ')}" for name in moves.off)])


def _kin(one: Moves, other: Moves) -> bool:
    return one.changes and one[:4] == other[:4]


def place(pack: Pack, slider: Slider, value: float) -> float:
    """Where a value stands on its slider, from 0 to 1."""
    low, high = ends(pack, slider)
    if slider.log:
        low, high, value = (float(np.log(x)) for x in (low, high, max(value, low)))
    return (value - low) / (high - low) if high > low else 0.0


def _distance(pack: Pack, moves: Moves, other: Moves | None) -> float:
    """How far two questions lie apart: a whole slider counts like a system."""
    sliders = other.sliders if other else {}
    off = set(other.off) if other else set()
    found = float(len(off ^ set(moves.off)))
    for slider in offered(pack):
        if slider.id in moves.sliders or slider.id in sliders:
            usual = history(pack, slider, date(moves.since, 1, 1))
            one, two = (place(pack, slider, of.get(slider.id, usual)) for of in (moves.sliders, sliders))
            found += abs(one - two)
    return found


def _combined(pack: Pack, moves: Moves, base: Answer, family: Sequence[Answer]) -> Floats | None:
    """What each change makes by itself, added up; None where one of them was never worked out by itself."""
    if base.moves is None or base.moves.scenario != moves.scenario:
        return None
    singles = [a for a in family if a.moves is not None and len(a.moves.sliders) + len(a.moves.off) == 1]
    total = base.values.copy()
    for name in moves.off:
        alone = next((a for a in singles if a.moves is not None and a.moves.off == (name,)), None)
        if alone is None:
            return None
        total += alone.values - base.values
    known = {slider.id: slider for slider in offered(pack)}
    for name, value in moves.sliders.items():
        slider = known[name]
        points = [(place(pack, slider, history(pack, slider, date(moves.since, 1, 1))), base.values)]
        points += [
            (place(pack, slider, a.moves.sliders[name]), a.values)
            for a in singles
            if a.moves is not None and name in a.moves.sliders
        ]
        at = place(pack, slider, value)
        below = [point for point in points if point[0] <= at]
        above = [point for point in points if point[0] >= at]
        if not below or not above:
            return None
        (a, left), (b, right) = max(below, key=lambda p: p[0]), min(above, key=lambda p: p[0])
        part = (at - a) / (b - a) if b > a else 0.0
        total += left + part * (right - left) - base.values
    # Nothing that is measured is less than nothing.
    return np.maximum(total, 0.0)
