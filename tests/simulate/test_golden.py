"""One tiny run, bit by bit: no draw, threshold or count may change unnoticed."""

import hashlib
import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from given import calm, country, world
from greyspace.draws import DRAWS_VERSION
from greyspace.engine import Individuals
from greyspace.institutions import usual
from greyspace.simulate.learn import learn_from, nothing_learnt, smuggled
from greyspace.simulate.measures import CountedMet
from greyspace.society.population import make, units_at

GOLDEN = Path(__file__).parent.parent / "golden" / "tiny_run.json"
SEED = 7


def tiny() -> dict[str, object]:
    """Half of toyland for four months around its first gates: a hash of what was counted in each period."""
    made = world(
        country("toyland"), {"station_gates.gallery": "local"}, start=date(2021, 3, 1), end=date(2021, 6, 28), seed=SEED
    )
    recipe = made.recipe(made.start(calm(made)))
    engine = Individuals(make(recipe, SEED, *units_at(recipe, 0.5)), made.layout, SEED)
    learnt, loads = nothing_learnt(made.p, 2, made.cases), 0.0
    hashes = []
    for period in made.periods:
        found = made.enforcement(period, learnt.practice)
        odds = made.odds(period, learnt, found)
        digest, summed = hashlib.blake2s(digest_size=8), [0, 0, 0]
        for week in range(period.first, period.last):
            tallies = engine.advance(odds, int(made.weeks[week]))
            counted = (tallies.modes, tallies.outcomes, tallies.cases)
            summed = [a + b.astype(np.int64) for a, b in zip(summed, counted, strict=True)]
            for tally in tallies:
                digest.update(np.ascontiguousarray(tally, dtype="<u4").tobytes())
        met = CountedMet(*summed[1:])
        lesson = made.lesson(period, summed[0], met.ended, met.found(1.0), engine.people(), period.weeks, 1.0, loads)
        learnt = learn_from(learnt, made.p, made.cases, made.sorting, found, lesson)
        if not learnt.practice.usual.any():
            learnt = replace(learnt, practice=usual(learnt.practice, made.cases))
            loads = smuggled(summed[0], 1.0, period.weeks)
        hashes.append(digest.hexdigest())
    persons = hashlib.blake2s(engine.crowd.persons.astype("<u4").tobytes(), digest_size=8).hexdigest()
    return {"draws_version": DRAWS_VERSION, "made": len(engine.crowd.persons), "persons": persons, "periods": hashes}


def write() -> None:
    """Make this machine's bits the ones to hold to."""
    GOLDEN.write_text(json.dumps(tiny(), indent=1) + "\n")


def test_a_tiny_run_is_the_same_bits_as_ever():
    """Changed on purpose? Write it anew, and say in the commit why results change:

    PYTHONPATH=tests python -c "from simulate.test_golden import *; write()"
    """
    if not GOLDEN.exists():
        pytest.fail(f"{GOLDEN} is missing; the docstring of this test says how it is written")
    assert tiny() == json.loads(GOLDEN.read_text())
