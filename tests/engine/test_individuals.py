"""Every intent ends in one state, nobody is lost, and no bit depends on how the work is split."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from greyspace.contract import STATES, Crowd
from greyspace.engine import Individuals
from worlds import AXES, crowd, layout, odds

MONDAY = 16804
WEEKS = 4


def copy(people: Crowd) -> Crowd:
    return Crowd(*(a.copy() for a in people))


def part(people: Crowd, start: int, end: int) -> Crowd:
    """The units ``start..end`` alone."""
    first = people.first[start : end + 1]
    return Crowd(
        people.persons[first[0] : first[-1]].copy(),
        people.serial[start:end].copy(),
        first - first[0],
        people.region[start:end].copy(),
        people.news[start:end].copy(),
    )


def live(people, lay, chances, seed=7, weeks=WEEKS, **how):
    engine = Individuals(people, lay, seed, **how)
    tallies = [engine.advance(chances, MONDAY + 7 * w) for w in range(weeks)]
    engine.close()
    return tallies, people


def same(left, right) -> bool:
    return all((a == b).all() for x, y in zip(left, right, strict=True) for a, b in zip(x, y, strict=True))


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 2**32 - 1), st.sampled_from([0.02, 0.1, 0.3]))
def test_states_contacts_and_people_add_up(seed, rate):
    """Intents are the sum of states by act, region and profile, whichever way they are counted; nobody is lost."""
    rng = np.random.default_rng(seed)
    lay, chances, people = layout(rng), odds(rng, rate), crowd(rng, units=12)
    before = Individuals(people, lay, 1).census(MONDAY, 4, AXES.statuses, 3)[0]
    tallies, people = live(people, lay, chances, seed)
    after, held = Individuals(people, lay, 1).census(MONDAY + 7 * WEEKS - 1, 4, AXES.statuses, 3)
    assert (before.sum(axis=2) == after.sum(axis=2)).all()
    assert (held <= after.sum(axis=2)).all()
    for week in tallies:
        assert (week.states.sum(axis=1) == week.modes.sum(axis=2)).all()
        penalised = week.outcomes[..., 4].sum() + week.outcomes[..., 9].sum()
        assert penalised == week.states[..., STATES.index("punished")].sum() == week.held.sum()
        turned = week.outcomes[..., 2].sum() + week.outcomes[..., 7].sum()
        assert turned == week.states[..., STATES.index("turned_back")].sum()


@pytest.fixture(scope="module")
def world():
    rng = np.random.default_rng(11)
    return layout(rng), odds(rng, 0.1), crowd(rng, units=60)


@pytest.mark.parametrize("how", [{"threads": n, "block_persons": b} for n in (1, 2, 3, 8) for b in (1, 500, 10**9)])
def test_threads_and_blocks_change_no_bit(world, how):
    lay, chances, people = world
    one, one_people = live(copy(people), lay, chances)
    other, other_people = live(copy(people), lay, chances, **how)
    assert same(one, other)
    assert (one_people.persons == other_people.persons).all()


@pytest.mark.parametrize("cuts", [(0, 23, 60), (0, 1, 2, 40, 60)])
def test_shards_of_whole_units_change_no_bit(world, cuts):
    lay, chances, people = world
    whole, whole_people = live(copy(people), lay, chances)
    shards = [live(part(people, a, b), lay, chances) for a, b in itertools.pairwise(cuts)]
    assert (np.concatenate([s.persons for _, s in shards]) == whole_people.persons).all()
    for week in range(WEEKS):
        for name in ("states", "modes", "outcomes", "held"):
            summed = sum(getattr(tallies[week], name) for tallies, _ in shards)
            assert (summed == getattr(whole[week], name)).all()


def test_an_act_switched_off_changes_no_other_act(world):
    """With nothing left behind by acts (no hold, mood or news), the other acts keep every bit."""
    lay, chances, people = world
    inert = lay._replace(
        hold_of=np.zeros_like(lay.hold_of),
        news_of=np.zeros_like(lay.news_of),
        status_after=np.tile(np.arange(AXES.statuses, dtype=np.int32), (7, 1)),
    )
    accept = chances.accept.copy()
    accept[:, :, 1] = 0
    on, _ = live(copy(people), inert, chances)
    off, _ = live(copy(people), inert, chances._replace(accept=accept))
    for a, b in zip(on, off, strict=True):
        assert a.states[:, :, 1].sum() > 0 == b.states[:, :, 1].sum()
        assert (a.states[:, :, [0, 2]] == b.states[:, :, [0, 2]]).all()


def test_a_contact_left_out_changes_no_other_contact(world):
    """A contact in front of a route that always lets pass unseen can be taken out: all else keeps its draws."""
    from greyspace.contract import NOTHING, draw_count

    lay, chances, people = world
    outcome = chances.outcome.copy()
    outcome[:, 3] = chances.outcome[0, 0, 0, 0, 0, 9]  # the patrol: always the first outcome, unrecorded and passed
    chances = chances._replace(outcome=outcome)
    patrol = lay.routes[..., 0] == 3
    routes = lay.routes.copy()
    routes[patrol, 0] = NOTHING  # ends the route there: make room first
    stepless = np.full((6, 6, 4), NOTHING, np.int32)
    with_patrol = stepless.copy()
    for i, row in enumerate(lay.routes):
        kept = [step for step in row if step[0] not in (NOTHING, 3)]
        for j, step in enumerate(kept):
            stepless[i, j] = step
            with_patrol[i, j + 1] = step
        with_patrol[i, 0] = (3, 0, 2, draw_count("patrol", 0))
    without, _ = live(copy(people), lay._replace(routes=stepless), chances)
    with_it, _ = live(copy(people), lay._replace(routes=with_patrol), chances)
    for a, b in zip(without, with_it, strict=True):
        assert (a.states == b.states).all()
        assert (a.outcomes[:, :3] == b.outcomes[:, :3]).all()
        assert a.outcomes[:, 3].sum() == 0 < b.outcomes[:, 3].sum()


def test_another_seed_is_another_history(world):
    lay, chances, people = world
    assert not same(live(copy(people), lay, chances, 1)[0], live(copy(people), lay, chances, 2)[0])


def test_who_is_held_is_prevented(world):
    """Rates do not fall because people are held: their intents are counted as prevented."""
    lay, chances, people = world
    long = lay._replace(hold_days=np.array([0, 500, 500], np.int32))
    tallies, _ = live(copy(people), long, chances, weeks=12)
    first, last = tallies[0].states, tallies[-1].states
    assert last[..., 0].sum() > 2 * first[..., 0].sum()
    assert abs(int(last.sum()) - int(first.sum())) < 6 * np.sqrt(2 * first.sum())
