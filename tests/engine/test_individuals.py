"""Every intent ends in one state, nobody is lost, and no bit depends on how the work is split."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.one_by_one import Week
from greyspace.contract import (
    FINDINGS,
    FOUND,
    NOTHING,
    ONE,
    STATES,
    VERDICTS,
    WAYS_NOT_BEGUN,
    Crowd,
    Tallies,
    check_odds,
    draw_count,
)
from greyspace.engine import Individuals
from greyspace.errors import InputError
from worlds import AXES, crowd, layout, odds

MONDAY = 16804
GONE = np.uint32(1 << 14)
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


varied = given(
    st.integers(0, 2**32 - 1), st.sampled_from([0.001, 0.1, 0.3]), st.sampled_from([(1, 9), (30, 31), (60, 160)])
)


def any_world(seed, rate, size):
    """Layout, odds and people of whom some are gone, where some contacts meet nobody; and what drew them."""
    rng = np.random.default_rng(seed)
    lay = layout(rng)
    lay.gone[-1] = seed % 2
    chances, people = odds(rng, lay, rate), crowd(rng, units=6, size=size)
    chances.met[:, : seed % 5] = 0
    people.persons[::7] |= GONE
    return lay, chances, people, rng


@settings(max_examples=12, deadline=None)
@varied
def test_people_lived_many_at_once_are_those_lived_one_by_one(seed, rate, size):
    """Each draw, each count, each person and each unit's news: lists and lanes leave no trace."""
    lay, chances, people, _ = any_world(seed, rate, size)
    many = Individuals(copy(people), lay, seed)
    for monday in (MONDAY, MONDAY + 7, MONDAY + 14):
        tallies = many.advance(chances, monday)
        one = Week(people, lay, chances, seed, monday)
        assert same([tallies], [one.tallies])
        assert (many.crowd.persons == people.persons).all()
        assert many.crowd.news.tolist() == one.heard
        people.news[:] = one.heard


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 2**32 - 1), st.sampled_from([0.02, 0.1, 0.3]))
def test_states_contacts_and_people_add_up(seed, rate):
    """Intents are the sum of states by act, region and profile, however they are counted; only the dead are gone."""
    rng = np.random.default_rng(seed)
    lay = layout(rng)
    chances, people = odds(rng, lay, rate), crowd(rng, units=12)
    before = Individuals(people, lay, 1).people()
    tallies, people = live(people, lay, chances, seed)
    counted = Individuals(people, lay, 1)
    after, held = counted.people(), counted.held(MONDAY + 7 * WEEKS - 1)
    dead = sum(week.held[..., AXES.holds.index("killed")].astype(int) for week in tallies)
    assert (before.sum(axis=2) == after.sum(axis=2) + dead).all()
    assert (held <= after.sum(axis=2)).all()
    for week in tallies:
        assert (week.states.sum(axis=1) == week.modes.sum(axis=2)).all()
        decided = week.outcomes.reshape(-1, 2, len(VERDICTS)).sum(axis=(0, 1))
        fined = decided[VERDICTS.index("fined")]
        kept_in = decided[VERDICTS.index("penalised") :].sum()
        assert kept_in == week.held.sum()
        assert fined + kept_in == week.states[..., STATES.index("punished")].sum()
        assert decided[VERDICTS.index("turned_back")] == week.states[..., STATES.index("turned_back")].sum()


@pytest.fixture(scope="module")
def world():
    rng = np.random.default_rng(11)
    lay = layout(rng)
    return lay, odds(rng, lay, 0.1), crowd(rng, units=60)


@pytest.mark.parametrize("how", [{"threads": n, "block_persons": b} for n in (1, 2, 3, 8) for b in (1, 500, 10**9)])
def test_threads_and_blocks_change_no_bit(world, how):
    lay, chances, people = world
    one, one_people = live(copy(people), lay, chances)
    other, other_people = live(copy(people), lay, chances, **how)
    assert same(one, other)
    assert (one_people.persons == other_people.persons).all()


@settings(max_examples=12, deadline=None)
@varied
def test_people_are_followed_as_they_would_be_counted(seed, rate, size):
    """Who is in which status and who is held, week by week, on two threads: as if all were looked through again."""
    lay, chances, people, _rng = any_world(seed, rate, size)
    people.persons[1::5] |= np.uint32((MONDAY + 12) << 15)
    engine = Individuals(people, lay, seed, threads=2, block_persons=50)
    start = {"persons": people.persons.copy(), "news": people.news.copy()}
    for week in [*range(4), 0, 1]:
        if week == 0:
            engine.take_up(start)
        monday = MONDAY + 7 * week
        # They may be asked for at once, or not before something has changed.
        if seed % 3 != 0 or week % 2:
            engine.people(), engine.held(monday)
        engine.advance(chances, monday)
        there = people.persons & GONE == 0
        profile, status, free = people.persons & 63, people.persons >> 6 & 255, people.persons >> 15
        region = np.repeat(people.region, np.diff(people.first))
        counted = np.zeros((3, 4, AXES.statuses), int)
        np.add.at(counted, (region[there], profile[there], status[there]), 1)
        assert (engine.people() == counted).all()
        for day in (monday + 6, monday + 7, monday + 20, monday + 90):
            held = np.zeros((3, 4), int)
            np.add.at(held, (region[there & (free > day)], profile[there & (free > day)]), 1)
            assert (engine.held(day) == held).all()
    engine.close()


@pytest.mark.parametrize("cuts", [(0, 23, 60), (0, 1, 2, 40, 60)])
def test_shards_of_whole_units_change_no_bit(world, cuts):
    lay, chances, people = world
    whole, whole_people = live(copy(people), lay, chances)
    shards = [live(part(people, a, b), lay, chances) for a, b in itertools.pairwise(cuts)]
    assert (np.concatenate([s.persons for _, s in shards]) == whole_people.persons).all()
    for week in range(WEEKS):
        for name in Tallies._fields:
            summed = sum(getattr(tallies[week], name) for tallies, _ in shards)
            assert (summed == getattr(whole[week], name)).all()


def test_an_act_switched_off_changes_no_other_act(world):
    """With nothing left behind by acts (no hold, death, mood or news), the other acts keep every bit."""
    lay, chances, people = world
    inert = lay._replace(
        hold_of=np.zeros_like(lay.hold_of),
        gone=np.zeros_like(lay.gone),
        news_of=np.zeros_like(lay.news_of),
        status_after=np.tile(np.arange(AXES.statuses, dtype=np.int32), (len(AXES.marks), 1)),
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
    lay, chances, people = world
    finding = chances.finding.copy()
    finding[:, 3] = ONE  # the patrol: always the first finding, unrecorded and passed
    chances = chances._replace(finding=finding)
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
        assert (np.delete(a.outcomes, 3, axis=1) == np.delete(b.outcomes, 3, axis=1)).all()
        assert a.outcomes[:, 3].sum() == 0 < b.outcomes[:, 3].sum()


def test_more_persons_than_a_process_can_let_live_are_refused(world):
    lay, _, people = world
    with pytest.raises(InputError, match="take a smaller --scale, or shards"):
        Individuals(people._replace(first=people.first + 2**29), lay, 1)


def test_another_seed_is_another_history(world):
    lay, chances, people = world
    assert not same(live(copy(people), lay, chances, 1)[0], live(copy(people), lay, chances, 2)[0])


def test_who_is_held_is_prevented(world):
    """Rates do not fall because people are held: their intents are counted as prevented."""
    lay, chances, people = world
    long = lay._replace(hold_days=np.array([0, 500, 500, 500, 0], np.int32))
    tallies, _ = live(copy(people), long, chances, weeks=12)
    first, last = tallies[0].states, tallies[-1].states
    assert last[..., 0].sum() > 2 * first[..., 0].sum()
    assert abs(int(last.sum()) - int(first.sum())) < 6 * np.sqrt(2 * first.sum())


def test_officers_of_one_act_meet_one_willingness_to_pay(world):
    """Two officers in a row let off the same ranks: whoever pays the first pays the second, in every act."""
    lay, chances, people = world
    lay = lay._replace(ranks=4, routes=lay.routes.copy(), case_of=np.array([0, 1, 2, 2, NOTHING], np.int32))
    first, second = AXES.contacts.index("post"), AXES.contacts.index("patrol")
    lay.routes[:, :, 0] = NOTHING
    lay.routes[:, 0] = (first, 0, 1, draw_count("post", 0))
    lay.routes[:, 1] = (second, 1, 1, draw_count("patrol", 0))
    finding = np.zeros_like(chances.finding)
    finding[..., FOUND.index("unrecorded_caught") :] = ONE
    finding[:, AXES.contacts.index("camera")] = ONE
    certain = np.triu(np.full((len(VERDICTS), len(VERDICTS)), ONE))  # [verdict] -> the row that makes it certain
    verdict = np.empty((3, 3, 8, 2, 5, len(VERDICTS)), np.uint32)
    for payer in range(8):
        rank = payer % 4
        verdict[:, :, payer] = certain[VERDICTS.index("paid" if rank < 3 - payer // 4 else "penalised")]
    verdict[..., 0, :] = certain[0]
    chances = chances._replace(finding=finding, verdict=verdict, met=np.full_like(chances.met, ONE))
    check_odds(chances, lay, AXES)
    tallies, _ = live(copy(people), lay, chances)
    cases = sum(week.cases.astype(int) for week in tallies)[:, 2, :, :, FINDINGS.index("caught")].sum(axis=2)
    paid, penalised = VERDICTS.index("paid"), VERDICTS.index("penalised")
    met = cases[0].sum(axis=1)
    assert met.sum() > 1000
    for standing in range(2):
        ranks = met[4 * standing : 4 * standing + 4]
        assert np.abs(ranks - ranks.mean()).max() < 5 * np.sqrt(ranks.mean())
    assert (cases[0, [0, 1, 2, 4, 5], paid] == met[[0, 1, 2, 4, 5]]).all()
    assert (cases[0, [3, 6, 7], penalised] == met[[3, 6, 7]]).all()
    assert (cases[1, :, paid] == cases[0, :, paid]).all()
    assert cases[1, :, penalised].sum() == 0


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_ranks_that_are_judged_alike_change_no_bit(seed):
    """The rank only says which row is read."""
    rng = np.random.default_rng(seed)
    one = layout(rng, ranks=1)
    chances, people = odds(rng, one, 0.1), crowd(rng, units=30)
    four = one._replace(ranks=4)
    repeated = chances._replace(verdict=np.repeat(chances.verdict, 4, axis=2))
    check_odds(repeated, four, AXES)
    plain, plain_people = live(copy(people), one, chances)
    ranked, ranked_people = live(copy(people), four, repeated)
    assert (plain_people.persons == ranked_people.persons).all()
    for a, b in zip(plain, ranked, strict=True):
        summed = b.cases.reshape(3, 3, 2, 4, 2, 5, len(VERDICTS)).sum(axis=3, dtype=np.uint32)
        assert same([a], [b._replace(cases=summed)])
        assert (b.cases.sum(axis=(0, 1, 3, 4, 5)) > 0).all()


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_contacts_and_cases_tell_the_same(seed):
    """Whoever is not passed over has an officer decide: contacts by verdict are the cases, plus who was passed over."""
    rng = np.random.default_rng(seed)
    lay = layout(rng)
    tallies, _ = live(crowd(rng, units=12), lay, odds(rng, lay, 0.2), seed)
    for week in tallies:
        decided = week.cases.astype(int).reshape(3, 3, 2, lay.ranks, 2, 5, len(VERDICTS)).sum(axis=(3, 5))
        assert week.cases[..., FINDINGS.index("passed"), :].sum() == 0
        counted = week.outcomes.astype(int).reshape(3, 5, 2, 2, 2, 2, len(VERDICTS)).sum(axis=(3, 5))
        for case in range(len(AXES.cases)):
            of_case = counted[:, lay.case_of == case].sum(axis=1)
            assert (of_case[..., 1:] == decided[:, case, ..., 1:]).all()
            assert (of_case[..., 0] >= decided[:, case, ..., 0]).all()
        undecided = counted[:, lay.case_of == NOTHING]
        assert undecided[..., 1:].sum() == 0


def test_every_contact_met_is_counted_once(world):
    """One contact on every route, met by everybody: as many contacts as begun acts."""
    lay, chances, people = world
    routes = lay.routes.copy()
    routes[:, 1:, 0] = NOTHING
    routes[:, 0, 2] = 1
    lay = lay._replace(routes=routes, route_of=np.maximum(lay.route_of, 0))
    tallies, _ = live(copy(people), lay, chances._replace(met=np.full_like(chances.met, ONE)))
    for week in tallies:
        assert week.outcomes.sum() == week.modes[:, :, len(WAYS_NOT_BEGUN) :].sum() > 0
