"""What of a pack hangs in the air: sources nobody cites, parameters nobody reads, claims that name what is not there.

Whether a number is read shows in runs: a few short ones, by which every system meets somebody.
"""

import re
from collections.abc import Iterable
from datetime import date
from functools import cache
from pathlib import Path

from greyspace.country import Pack, load_pack
from greyspace.country import check as problems_of
from greyspace.simulate import ENGINES, Life, plan
from greyspace.study.claims import read_claims
from greyspace.study.patterns import read_patterns
from greyspace.study.targets import read_targets
from greyspace.study.totals import of_life

READ_BY_STUDIES = ("fitted.", "targets.", "prices.rice", "prices.dollar", "survey.")
"""How the ids begin of what runs are held against, and of what studies alone read; no run may."""

_START, _END = date(2021, 11, 1), date(2022, 1, 3)
"""Weeks in which gates stand, the border is shut, and a year ends."""

_ID = re.compile(r"^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$")


def problems(path: str | Path) -> list[str]:
    """What is wrong with the evidence of a pack, from its files alone; a sentence each, none where all is well."""
    found = problems_of(path)
    if found:
        return found
    pack = load_pack(path)
    _, of_claims = read_claims(pack)
    _, of_targets = read_targets(pack)
    _, of_patterns = read_patterns(pack)
    return [*of_claims, *of_targets, *of_patterns, *_aliases(pack), *(_uncited(pack))]


def _aliases(pack: Pack) -> Iterable[str]:
    for parameter in pack.parameters.values():
        where = f"{pack.folder / 'parameters' / parameter.file}, {parameter.id}"
        for old in parameter.aliases:
            if not _ID.match(old):
                yield f"{where}, aliases: '{old}' is no id; an earlier id is written as topic.key."
            elif parameter.aliases.count(old) > 1:
                yield f"{where}, aliases: '{old}' stands there twice."


def _uncited(pack: Pack) -> Iterable[str]:
    book, _ = read_claims(pack)
    cited = {item.source for parameter in pack.parameters.values() for item in parameter.evidence}
    cited |= {item.source for table in pack.tables.values() for column in table.values() for item in column.evidence}
    events = [*pack.events, *(event for scenario in pack.scenarios.values() for event in scenario.added)]
    cited |= {item.source for event in events for item in event.evidence}
    cited |= {claim.source for claim in book.claims.values()}
    cited |= {tie.evidence.source for tie in pack.chain.ties} if pack.chain else set()
    for name in pack.sources:
        if name not in cited:
            yield f"{pack.folder / 'sources'}, {name}: nothing cites this source; cite it or take it out."


def unread(pack: Pack) -> list[str]:
    """Ids that no run reads.

    Lives some weeks in memory, with gates and without, with the faces in either place, under both engines.
    """
    used: set[str] = set()
    history = pack.scenarios.get("history") or next(iter(pack.scenarios.values()))
    without = history.model_copy(update={"systems": {**history.systems, "station_gates": False}})
    gallery = pack.parameters.by_id.get("station_gates.gallery")
    for scenario, where, engine in (
        *((history, where, "expected") for where in (gallery.options if gallery and gallery.options else (None,))),
        (without, None, "expected"),
        *((history, None, engine) for engine in ENGINES if engine != "expected"),
    ):
        sets = {"station_gates.gallery": where} if where else {}
        made = plan(pack, scenario, engine=engine, scale=0.001, start=_START, end=_END, sets=sets)
        of_life(Life(made), _START)
        used |= made.p.used
    return [key for key in pack.parameters if key not in used and not key.startswith(READ_BY_STUDIES)]


@cache
def _named() -> list[tuple[re.Pattern[str], str]]:
    """Ids as they stand in the code, with whatever is put into them, and the file."""
    root = Path(__file__).resolve().parents[1]
    found = []
    for file in sorted(root.rglob("*.py")):
        for name in re.findall(r'"([a-z_]+\.[a-z0-9_{][^"\s/]*)"', file.read_text(encoding="utf-8")):
            parts = re.split(r"\{[^}]*\}", name)
            if len(parts[0]) > len(name.partition(".")[0]) + 1 or len(parts) == 1:
                pattern = re.compile("[a-z0-9_]+".join(map(re.escape, parts)))
                found.append((pattern, file.relative_to(root).as_posix()))
    return found


def readers(key: str) -> list[str]:
    """Files of the code that name a parameter, as far as the name stands there.

    >>> readers('market.elasticity')
    ['institutions/market.py']
    """
    return list(dict.fromkeys(file for pattern, file in _named() if pattern.fullmatch(key)))


def setters(pack: Pack, key: str) -> tuple[list[str], list[str]]:
    """Scenarios that set a parameter, and arms and structures of claims that do."""
    book, _ = read_claims(pack)
    present = {**pack.parameters.aliases, key: key}

    def names(sets: Iterable[str]) -> bool:
        return any(present.get(each, each) == key for each in sets)

    scenarios = [name for name, scenario in pack.scenarios.items() if names(scenario.parameters)]
    arms = [name for name, arm in book.arms.items() if names(arm.sets)]
    return scenarios, arms + [name for name, each in book.structures.items() if names(each.sets)]


def used_by(pack: Pack, source: str) -> list[str]:
    """Ids of the parameters, columns, events and claims that cite a source."""
    book, _ = read_claims(pack)
    found = [key for key, p in pack.parameters.items() if any(item.source == source for item in p.evidence)]
    found += [
        f"{file}, {name}"
        for file, table in pack.tables.items()
        for name, column in table.items()
        if any(item.source == source for item in column.evidence)
    ]
    found += [event.id for event in pack.events if any(item.source == source for item in event.evidence)]
    return found + [claim.id for claim in book.claims.values() if claim.source == source]
