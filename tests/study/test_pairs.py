"""Two scenarios side by side: what they share is lived once, and the difference is theirs alone."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from greyspace.country import load_pack, number_of
from greyspace.errors import InputError
from greyspace.simulate import Life, Plan
from greyspace.study import pairs, whatif
from greyspace.study.atlas import MEASURES, Adding, Atlas
from greyspace.study.pairs import Wanted, bands, live, parts
from greyspace.study.whatif import Kept

PACK = load_pack("toyland")
WANTED = Wanted(PACK, "history", "pay-the-enforcers", 2021, draws=1, seeds=0, structures=True)


@pytest.fixture(autouse=True)
def _short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(whatif, "FIRST", 2021)


def _whole(made: Plan) -> Atlas:
    life = Life(made)
    adding = Adding(life.world.axes.regions)
    for period in life.world.periods:
        adding(life.world, period, life.step(period, life.odds(period), lambda _: None))
    return adding.whole()


def test_what_two_scenarios_share_is_lived_once_to_the_same_bits(tmp_path_factory: pytest.TempPathFactory) -> None:
    kept = Kept(tmp_path_factory.mktemp("kept"))
    told: list[tuple[int, int]] = []
    found = live(WANTED, kept, lambda done, of: told.append((done, of)), lambda: False)
    assert [(pair.kind, pair.name) for pair in found] == [("own", ""), ("draw", "1")]
    assert told == [(n, 4) for n in range(4)]
    made = WANTED.pairs()
    for pair, plans in zip(found, made, strict=True):
        for answer, plan in ((pair.a, plans.a), (pair.b, plans.b)):
            whole, kept_one = _whole(plan), kept.atlas(answer)
            assert kept_one is not None
            assert all(np.array_equal(whole.parts[name], kept_one.parts[name]) for name in whole.parts), pair.kind

    def atlas(answer: str) -> Atlas:
        found = kept.atlas(answer)
        assert found is not None
        return found

    one, other, spread = bands(found, atlas, MEASURES["officers.price"], [atlas(found[0].a).regions])
    assert one.shape == other.shape == (1, 1)
    np.testing.assert_array_equal(spread["own"].differences[0], other - one)
    low, mid, high = (spread["draw"].at(share) for share in (0.1, 0.5, 0.9))
    assert low <= mid <= high
    assert spread["structure"].names == ()


def test_where_scenarios_part_is_told_from_what_they_change() -> None:
    a, b = WANTED.plans()
    assert parts(a, b) == number_of(date(2021, 4, 5))
    assert parts(a, replace(a, sets={"power.least_hours": 24.0})) <= number_of(a.start)
    assert parts(*Wanted(PACK, "history", "no-gates", 2021, 0, 0, False).plans()) == 0
    gone = a.scenario.model_copy(update={"systems": {"station_gates": {date(2021, 9, 6): False}}})
    assert parts(a, replace(a, scenario=gone)) == number_of(date(2021, 9, 6))
    # What grows towards different values is apart from the date on from which it grows.
    ramp = [{"identity_register.reader_share": {date(2021, 3, 1): 0.1, date(2021, 9, 6): end}} for end in (0.5, 0.9)]
    assert parts(*[replace(a, sets=sets) for sets in ramp]) == number_of(date(2021, 3, 1))
    comes = a.scenario.model_copy(update={"systems": {"station_gates": {date(2021, 9, 6): True}}})
    assert parts(a, replace(a, scenario=comes)) == 0


def test_what_is_done_on_the_eve_of_a_change_is_not_shared() -> None:
    """People enrol in the weeks before the date on which so many are to be in the register."""
    a, _ = WANTED.plans()
    b = replace(a, sets={"identity_register.enrolled": {date(2021, 9, 6): 0.99}})
    made = [replace(plan, end=date(2021, 9, 27)) for plan in (a, b)]
    day = parts(made[0], made[1])
    assert day == number_of(date(2021, 9, 6))
    lives = [Life(plan) for plan in made]
    cuts = [period.monday + 7 * period.weeks for period in lives[1].world.periods]
    assert day in cuts
    for period, other in zip(lives[0].world.periods, lives[1].world.periods, strict=False):
        for life, own in zip(lives, (period, other), strict=True):
            life.step(own, life.odds(own), lambda _: None)
        same = all(np.array_equal(of, lives[1].arrays()[name]) for name, of in lives[0].arrays().items())
        assert same == (other.monday + 7 * other.weeks < day)


def test_a_scenario_is_not_held_against_itself() -> None:
    with pytest.raises(InputError, match="nothing to hold"):
        pairs.Wanted(PACK, "history", "history", 2021, 0, 0, False).plans()
