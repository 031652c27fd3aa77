"""One tiny run, bit by bit: no draw, threshold or count may change unnoticed."""

import hashlib
import json
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from given import country, world
from greyspace.draws import DRAWS_VERSION
from greyspace.engine import Individuals
from greyspace.institutions import no_practice, usual
from greyspace.simulate.learn import nothing_known, practised, remember
from greyspace.society import caution
from greyspace.society.population import make, units_at

GOLDEN = Path(__file__).parent.parent / "golden" / "tiny_run.json"
SEED = 7


def tiny() -> dict[str, object]:
    """Half of toyland for four months around its first gates: a hash of what was counted in each period."""
    made = world(
        country("toyland"), {"station_gates.gallery": "local"}, start=date(2021, 3, 1), end=date(2021, 6, 28), seed=SEED
    )
    calm = np.tile(caution.calm(made.p), (2, len(made.axes.tempers), 1))
    recipe = made.recipe(made.start(calm))
    engine = Individuals(make(recipe, SEED, *units_at(recipe, 0.5)), made.layout, SEED)
    known, practice = nothing_known(2, 2, 2), no_practice(2, made.cases)
    hashes = []
    for period in made.periods:
        found = made.enforcement(period, practice)
        odds = made.odds(period, known, found)
        digest, modes, cases = hashlib.blake2s(digest_size=8), 0, 0
        for week in range(period.first, period.last):
            tallies = engine.advance(odds, int(made.weeks[week]))
            modes = modes + tallies.modes.astype(np.int64)
            cases = cases + tallies.cases.astype(np.int64)
            for tally in tallies:
                digest.update(np.ascontiguousarray(tally, dtype="<u4").tobytes())
        known = remember(known, made.p, modes, period.weeks, np.ones(2), made.gated(period))
        practice = practised(practice, made.p, made.cases, found, cases, modes, period.weeks, 1.0)
        practice = practice if practice.usual.any() else usual(practice, made.cases)
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
