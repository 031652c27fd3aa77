"""Validation that can reject: what must come out, what sources tell, and which wrong models would come out as well.

Marks are of six kinds. Laws, and limits, say what the model must keep whatever the world is like. Facts come from
sources: some were put in, so that agreement shows nothing; the others were not, and a model can fail at them. Each
wrong model is held against all of them: one that breaks none of those that the model itself keeps is not told from it
by what is known.
"""

import hashlib
import inspect
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import polars as pl
from matplotlib.figure import Figure

from greyspace import __version__
from greyspace.country import Pack
from greyspace.errors import FolderError
from greyspace.evidence import counts
from greyspace.evidence.resolve import Setting
from greyspace.figures import validation as figures
from greyspace.results import source_hash
from greyspace.results.files import make_folder, read_json, write_json
from greyspace.results.identity import canonical
from greyspace.simulate import World, plan
from greyspace.study import laws
from greyspace.study.claims import Arm, Test, Window, scenario_of
from greyspace.study.histories import History, Kept, Reader, missing
from greyspace.study.jobs import Tell, lived
from greyspace.study.laws import LAWS, Bench
from greyspace.study.mutants import Mutant
from greyspace.study.patterns import Pattern, Patterns
from greyspace.study.targets import Target, Targets
from greyspace.study.totals import Totals
from greyspace.study.verdicts import effect

KINDS = {
    "law": "worked out a second time in another way; it holds to rounding, or to luck where there is any",
    "limit": "what must come out at an end of a scale, or which way it must go, if the reasoning put in is at work",
    "put in": "what sources tell, and numbers of the pack were set by; agreement shows nothing",
    "fit": "what sources tell, as a number; nothing was set by it, and calibration may use it",
    "told": "what sources tell in words; nothing was set by it",
    "held out": "what sources tell, as a number; nothing was set by it, and calibration may not use it",
}
"""What a mark is."""

REASONING = ("law", "limit")
"""Kinds of marks that rest on reasoning; the others rest on evidence."""

SEED = 1
"""The luck of all histories: that of one nation."""


class Mark(NamedTuple):
    """One thing that the model is held against. ``holds``: None where there was nothing to measure.

    ``found`` and ``wanted`` are told in words; ``off``: of a fact, how many tolerances it is off, with its sign.
    """

    id: str
    kind: str
    says: str
    holds: bool | None
    found: str
    wanted: str
    source: str
    off: float | None


_COLUMNS: dict[str, Any] = {
    **dict.fromkeys(Mark._fields, pl.String),
    "holds": pl.Boolean,
    "off": pl.Float64,
}


@dataclass(frozen=True)
class _Laws:
    """The laws of a bench, tried in whichever process is free, and kept."""

    bench: Bench
    file: Path

    def live(self) -> dict[str, dict[str, Any]]:
        if self.file.is_file():
            try:
                return dict(read_json(self.file)["laws"])
            except (FolderError, KeyError):
                pass  # it is tried again
        found = laws.tried(self.bench)
        make_folder(self.file.parent)
        write_json(self.file, {"laws": found})
        return found


@dataclass(frozen=True)
class Trial:
    """What a country is held against, under the model (None) and under wrong ones."""

    pack: Pack
    patterns: Patterns
    targets: Targets | None
    mutants: tuple[Mutant, ...]

    @cached_property
    def models(self) -> tuple[Mutant | None, ...]:
        """The model, then the wrong ones."""
        return (None, *self.mutants)

    def of_arm(self, name: str, mutant: Mutant | None) -> History:
        """The history of an arm of the patterns."""
        arm = self.patterns.arms[name]
        return self._history(arm, self.patterns.windows[arm.window], mutant)

    def of_targets(self, mutant: Mutant | None) -> History:
        """The history in which all numbers of sources are measured."""
        assert self.targets is not None
        arm = Arm(says="all as the pack has it", window="")
        return replace(self._history(arm, self.targets.window, mutant), spans=self.targets.spans)

    def _history(self, arm: Arm, window: Window, mutant: Mutant | None) -> History:
        scenario = scenario_of(self.pack, arm)
        # A wrong model is wrong whatever an arm asks for.
        sets: dict[str, Setting] = {**scenario.sets(), **arm.settings(), **(mutant.sets if mutant else {})}
        made = plan(self.pack, scenario, engine="expected", seed=SEED, start=window.start, end=window.end, sets=sets)
        return History(replace(made, model=mutant.model) if mutant else made, window)

    def histories(self) -> list[History]:
        """All that are needed, each once, model after model."""
        found = []
        for mutant in self.models:
            found += [self.of_targets(mutant)] if self.targets else []
            arms = {name for pattern in self.patterns.against(mutant is None) for name in pattern.arms()}
            own = [name for name, arm in self.patterns.arms.items() if arm.window in self.patterns.windows]
            found += [self.of_arm(name, mutant) for name in own if name in arms]
        return list({history.key: history for history in found}.values())

    def laws(self, folder: Path) -> list[_Laws]:
        """The laws to try: under the model, and wrong ones that are another kind of world; no setting breaks any."""
        found = []
        for mutant in (mutant for mutant in self.models if mutant is None or mutant.model is not World):
            bench = Bench(self.pack, mutant)
            told = [bench.plan(engine).run_id for engine in ("expected", "individuals")]
            told += [inspect.getsource(laws), str(mutant is None)]
            key = hashlib.blake2s(canonical(told), digest_size=8).hexdigest()
            found.append(_Laws(bench, folder / "laws" / f"{key}.json"))
        return found


def todo(trial: Trial, kept: Kept) -> int:
    """How many histories are still to be lived."""
    return len(missing(trial.histories(), kept))


def find(trial: Trial, kept: Kept, workers: int, tell: Tell) -> dict[str, Any]:
    """Hold the model, and wrong ones, against all that there is: plain data, JSON-able."""
    totals = Reader(kept, workers, tell)
    totals.live(trial.histories(), "histories")
    jobs = trial.laws(kept.folder)
    tried = lived(jobs, workers if any(not job.file.is_file() for job in jobs) else 1, "laws", tell)

    def of_arm(name: str, mutant: Mutant | None) -> Totals:
        window = trial.patterns.arms[name].window
        if window in trial.patterns.windows:
            return totals(trial.of_arm(name, mutant))
        assert trial.targets is not None
        return totals(trial.of_targets(mutant)).of_span(list(trial.targets.windows).index(window))

    def marks(mutant: Mutant | None, of_laws: Mapping[str, Mapping[str, Any]]) -> list[Mark]:
        found = [_of_law(law, of_laws[law.id]) for law in LAWS if law.id in of_laws]
        for pattern in trial.patterns.against(mutant is None):
            known = {name: of_arm(name, mutant) for name in pattern.arms()}
            found.append(_of_pattern(pattern, known))
        if trial.targets is not None:
            whole = totals(trial.of_targets(mutant))
            found += [_of_target(trial.targets, target, whole) for target in trial.targets.targets.values()]
        return sorted(found, key=lambda mark: list(KINDS).index(mark.kind))

    known = {job.bench.mutant.id if job.bench.mutant else "": of for job, of in zip(jobs, tried, strict=True)}
    own, *others = [marks(mutant, known.get(mutant.id if mutant else "", {})) for mutant in trial.models]
    return {
        "about": {
            "greyspace": __version__,
            "country": trial.pack.id,
            "title": trial.pack.title,
            "stylised": trial.pack.stylised,
            "pack_hash": trial.pack.content_hash,
            "source_hash": source_hash(),
            "seed": SEED,
            "evidence": counts(trial.pack.parameters),
        },
        "marks": [mark._asdict() for mark in own],
        "mutants": [_against(mutant, own, other) for mutant, other in zip(trial.mutants, others, strict=True)],
    }


def _against(mutant: Mutant, own: Sequence[Mark], other: Sequence[Mark]) -> dict[str, Any]:
    """What a wrong model breaks that the model keeps, and keeps that the model breaks."""
    known = {mark.id: mark for mark in other}
    both = [(mark, known[mark.id]) for mark in own if mark.id in known]
    breaks = [mark for mark, its in both if mark.holds and its.holds is not True]
    evidence = [mark.id for mark in breaks if mark.kind not in REASONING]
    return {
        "id": mutant.id,
        "says": mutant.says,
        "breaks": [mark.id for mark in breaks],
        "keeps_instead": [mark.id for mark, its in both if mark.holds is False and its.holds],
        "rejected_by": "evidence" if evidence else "reasoning" if breaks else "nothing",
        "marks": [mark._asdict() for mark in other],
    }


def _of_law(law: laws.Law, found: Mapping[str, Any]) -> Mark:
    # A bound and what is found are told in the same way, however small.
    return Mark(
        law.id, "law", law.says, bool(found["holds"]), f"{found['gap']:.1e}", f"at most {found['within']:.1e}",
        f"{law.source}; {found['words']}", None,
    )  # fmt: skip


def _of_pattern(pattern: Pattern, known: Mapping[str, Totals]) -> Mark:
    effects = [effect(test, known.__getitem__) for test in pattern.tests]
    held = [
        None if found is None else (found if test.direction == "up" else -found) >= test.least
        for test, found in zip(pattern.tests, effects, strict=True)
    ]
    return Mark(
        id=pattern.id,
        kind=pattern.kind,
        says=pattern.says,
        holds=False if False in held else None if None in held else True,
        found="; ".join(_found(test, found) for test, found in zip(pattern.tests, effects, strict=True)),
        wanted="; ".join(_wanted(test) for test in pattern.tests),
        source=f"{pattern.source}, {pattern.where}" if pattern.source else "",
        off=None,
    )


def _found(test: Test, found: float | None) -> str:
    if found is None:
        return "nothing to measure"
    if test.design == "one arm" and not isinstance(test.against, str):
        return f"{test.quantity}: {_four(found + float(test.against or 0.0))} {test.unit}"
    return f"{test.quantity}: {'+' if found > 0 else ''}{_four(found)} {test.unit}"


def _wanted(test: Test) -> str:
    if test.design == "one arm" and not isinstance(test.against, str):
        edge = float(test.against or 0.0) + (test.least if test.direction == "up" else -test.least)
        return f"at {'least' if test.direction == 'up' else 'most'} {_four(edge)}"
    way = f"{test.direction} by at least {_four(test.least)}"
    return f"{way}, never the other way" if test.design == "sweep" else way


def _of_target(targets: Targets, target: Target, totals: Totals) -> Mark:
    found, told = targets.found(target, totals), targets.told(target)
    off = target.off(found, told)
    low, high = target.edges(told)
    wanted = {
        "about": f"{_four(told)}, from {_four(low)} to {_four(high)}",
        "at least": f"at least {_four(told)}, down to {_four(low)}",
        "at most": f"at most {_four(told)}, up to {_four(high)}",
    }
    where = target.fact or "; ".join(f"{each.source}, {each.locator}" for each in target.evidence)
    return Mark(
        id=target.id,
        kind=target.role,
        says=f"{target.says} ({target.of.unit}; {targets.windows[target.window].says})",
        holds=None if found is None else abs(off) <= 1.0,
        found="nothing to measure" if found is None else _four(found),
        wanted=wanted[target.bound],
        source=f"{where} ({target.grade(targets.pack)})",
        off=off if np.isfinite(off) else None,
    )


def _four(value: float) -> str:
    """Four digits, and no power of ten where one can do without."""
    return f"{value:,.0f}" if abs(value) >= 10000 else f"{value:.4g}"


def table(found: Mapping[str, Any]) -> pl.DataFrame:
    """All marks of the model, a row each."""
    return pl.DataFrame(found["marks"], schema=_COLUMNS)


def matrix(found: Mapping[str, Any]) -> pl.DataFrame:
    """All marks of all wrong models: a row for each of both."""
    own = {mark["id"]: mark["holds"] for mark in found["marks"]}
    rows = [
        {"mutant": mutant["id"], **mark, "kept_by_the_model": own[mark["id"]]}
        for mutant in found["mutants"]
        for mark in mutant["marks"]
    ]
    return pl.DataFrame(rows, schema={"mutant": pl.String, **_COLUMNS, "kept_by_the_model": pl.Boolean})


def say(found: Mapping[str, Any]) -> str:
    """In sentences, what held and what did not."""
    lines = []
    for kind, meaning in KINDS.items():
        of = [mark for mark in found["marks"] if mark["kind"] == kind]
        held = sum(mark["holds"] is True for mark in of)
        if of:
            failed = [mark["id"] for mark in of if mark["holds"] is False]
            lines.append(
                f"- {kind}: {held} of {len(of)} hold{f'; not {_listed(failed)}' if failed else ''} ({meaning})."
            )
    if found["mutants"]:
        by = {
            how: [mutant["id"] for mutant in found["mutants"] if mutant["rejected_by"] == how]
            for how in ("evidence", "reasoning", "nothing")
        }
        told = {
            "evidence": "break something that sources tell and the model keeps",
            "reasoning": "break laws or limits alone: no source speaks against them",
            "nothing": "are not distinguished by the evidence, nor by any law or limit",
        }
        lines.append(f"Of {len(found['mutants'])} wrong models:")
        lines += [f"- {len(ids)} {told[how]}{f': {_listed(ids)}' if ids else ''}." for how, ids in by.items()]
    return "\n".join(lines)


def pictures(found: Mapping[str, Any]) -> dict[str, Figure]:
    """The figures there are something to show in, by what follows the stem of their file."""
    about = found["about"]
    foot = (
        f"greyspace {about['greyspace']}, country pack {about['country']} ({about['pack_hash'][:8]}): "
        f"{'an invented country' if about['stylised'] else 'invented persons; a model, not a measurement'}. "
        f"By expectation, at the pack's own values, with one fate of its devices (seed {about['seed']})."
    )
    drawn = {}
    if any(mark["off"] is not None for mark in found["marks"]):
        drawn[""] = figures.facts(found["marks"], f"{about['title']}: what sources tell, and the model gives", foot)
    if found["mutants"]:
        by = [mutant["rejected_by"] for mutant in found["mutants"]]
        reading = (
            f"Of {len(by)} wrong models {by.count('evidence')} break something that sources tell and the model keeps, "
            f"{by.count('reasoning')} break laws or limits alone, and {by.count('nothing')} are not distinguished."
        )
        title = f"{about['title']}: wrong models, and what rejects them"
        drawn["-mutants"] = figures.matrix(found["marks"], found["mutants"], title, reading, foot)
    return drawn


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names)
