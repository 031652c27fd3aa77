"""The expectation and the individuals are one process: on the same odds their counts differ by chance alone."""

import copy
from math import exp, lgamma, log

import numpy as np
import pytest

from greyspace.contract import (
    FINDINGS,
    FOUND,
    NOTHING,
    ONE,
    STATES,
    VERDICTS,
    WAYS_NOT_BEGUN,
    Tallies,
    chances,
    check_layout,
    check_odds,
    cumulative,
    draw_count,
    partial_sums,
    threshold,
)
from greyspace.contract.axes import CHILLED
from greyspace.engine import Expected, Individuals
from worlds import AXES, crowd, layout, odds

MONDAY = 16804
NAMES = (*Tallies._fields, "people")
FALSE_ALARMS = 1e-6
"""Chance that any cell of a comparison is called different although the engines agree."""


def poisson_tail(count: float, mean: float) -> float:
    """Chance of a Poisson count at least as far out as ``count``, on its side, doubled."""
    count = round(count)
    up = count >= mean
    total, k = 0.0, count
    while True:
        term = exp(-mean + k * log(mean) - lgamma(k + 1))
        total += term
        k += 1 if up else -1
        if k < 0 or term < 1e-18 * max(total, 1e-300):
            return min(1.0, 2 * total)


def as_seen(sizes, region):
    """Mean persons a unit as its members see it, and standard deviation, by region."""
    of = [sizes[region == r] for r in range(3)]
    mean = np.array([np.average(n, weights=n) for n in of])
    return mean, np.sqrt([np.average((n - m) ** 2, weights=n) for n, m in zip(of, mean, strict=True)])


def run_both(seed: int, news: bool, weeks: int = 10, units: int = 500):
    rng = np.random.default_rng(seed)
    lay = layout(rng, news)
    made, people = odds(rng, lay), crowd(rng, units)
    individuals = Individuals(people, lay, seed)
    start = individuals.people()
    sizes = np.diff(people.first)
    unit_size, unit_spread = as_seen(sizes, people.region)
    expected = Expected(start, lay, unit_size, unit_spread)
    expected.renew(made)
    counted = None
    for week in range(weeks):
        a = [x.astype(float) for x in individuals.advance(made, MONDAY + 7 * week)]
        expected.advance()
        counted = a if counted is None else [x + y for x, y in zip(counted, a, strict=True)]
    whole, met = expected.lived(), expected.contacts()
    expectation = [whole.states, whole.modes, met.outcomes, met.cases, whole.held]
    counted.append(individuals.people().astype(float))
    expectation.append(expected.people())
    return counted, expectation


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_engines_agree_on_the_same_odds(seed):
    """News off. All cells expected at least ten times; a contact met up to three times a step counts that much less."""
    counted, expectation = run_both(seed, news=False)
    cells = []
    for name, a, b in zip(NAMES, counted, expectation, strict=True):
        spread = 3.0 if name in ("outcomes", "cases") else 1.0
        well = b >= 10 * spread
        assert well.sum() >= 20 or name == "held"
        cells += [(name, x / spread, y / spread) for x, y in zip(a[well], b[well], strict=True)]
    worst = min((poisson_tail(x, y), name, x, y) for name, x, y in cells)
    assert worst[0] > FALSE_ALARMS / len(cells), worst
    # And the other way about: a tenth too many in one cell of many counts would be called different.
    most = max(y for _, _, y in cells)
    assert poisson_tail(most * 1.1, most) < FALSE_ALARMS / len(cells)


def test_expectation_loses_nobody_but_the_dead():
    rng = np.random.default_rng(5)
    lay = layout(rng)
    made = odds(rng, lay, 0.3)
    people = rng.uniform(0, 50, (3, 4, AXES.statuses))
    engine = Expected(people, lay, np.array([90.0, 100.0, 110.0]), np.zeros(3))
    engine.renew(made)
    dead = np.zeros((3, 4))
    for _ in range(30):
        tallies = engine.advance()
        assert np.allclose(tallies.states.sum(axis=1), tallies.modes.sum(axis=2))
        dead += tallies.held[..., AXES.holds.index("killed")]
    assert np.allclose(engine.people().sum(axis=2) + dead, people.sum(axis=2))
    assert (dead > 0).all()
    assert engine.free.min() >= 0


def test_weeks_are_counted_when_somebody_asks():
    """Weeks add up to the whole, and tell the same after other odds were taken; weeks of both are not added up."""
    rng = np.random.default_rng(5)
    lay = layout(rng)
    engine = Expected(rng.uniform(0, 50, (3, 4, AXES.statuses)), lay, np.full(3, 100.0), np.zeros(3))
    engine.renew(odds(rng, lay, 0.3))
    weeks = [engine.advance() for _ in range(3)]
    whole, later = engine.lived(), [copy.copy(week) for week in weeks]
    for name in ("states", "modes", "held"):
        np.testing.assert_allclose(sum(getattr(week, name) for week in weeks), getattr(whole, name), rtol=1e-12)
    engine.renew(odds(rng, lay, 0.1))
    other = engine.advance()
    for name in ("states", "modes", "held"):
        for before, after in zip(weeks, later, strict=True):
            np.testing.assert_array_equal(getattr(before, name), getattr(after, name))
    with pytest.raises(ValueError, match="different odds"):
        whole + other


def test_news_in_a_mean_field(record_property):
    """With news on the expectation carries what differs between units in part; the gap stays small and is reported."""
    counted, expectation = run_both(4, news=True)
    punished = STATES.index("punished")
    gap = expectation[0][..., punished].sum() / counted[0][..., punished].sum() - 1
    record_property("mean_field_gap", float(gap))
    assert abs(gap) < 0.05


def neighbours(
    seed: int,
    persons: tuple[int, int],
    fright: float,
    chilled: tuple[float, float, float],
    active: tuple[float, ...] = (1.0, 1.0, 1.0, 1.0),
    together: int = 1,
):
    """Units of ``persons`` from .. to in which news does nothing but frighten, with the chance ``fright``, and who is
    frightened gives up the shares ``chilled`` of all intents: of 1,000 what individuals and expectation give up, of
    all and of each profile.

    Profiles are as ``active``; so many who live ``together`` are of one profile.
    """
    rng = np.random.default_rng(seed)
    lay = layout(rng)
    stays = np.tile(np.arange(AXES.statuses, dtype=np.int32), (len(AXES.marks), 1))
    lay = lay._replace(status_after=stays, hold_of=np.zeros_like(lay.hold_of), gone=np.zeros_like(lay.gone))
    made = odds(rng, lay)
    mood = np.arange(AXES.statuses) // len(AXES.traits)
    weekly = np.zeros((3, 2, 4, AXES.statuses, 2))
    weekly[:, :, 0, :, 0] = 0.08 * (mood > 0)
    weekly[:, :, 1:, :, 1] = fright * (mood < 2)
    way = np.zeros((3, 2, 3, 3, len(AXES.ways)))
    way[..., CHILLED] = np.array(chilled)[:, None]
    way[..., -1] = 1.0 - way[..., CHILLED]
    mean = sum(persons) / 2
    made = made._replace(
        weekly=partial_sums(weekly, "weekly"), way=cumulative(way, "way"),
        accept=threshold(np.full((3, 4, 3), 5.0 / mean) * np.array(active)[:, None], "accept"),
    )  # fmt: skip
    check_odds(made, lay, AXES)
    people = crowd(rng, round(60_000 / mean), persons)
    head = np.arange(len(people.persons)) // together * together
    profile = np.uint32(63)
    people.persons[:] = people.persons & ~profile | people.persons[head] & profile
    individuals = Individuals(people, lay, seed)
    start = individuals.people()
    shares = start.sum(axis=2) / start.sum(axis=(1, 2))[:, None]
    company = (together - 1) * (np.eye(4) - shares[:, None])
    expected = Expected(start, lay, *as_seen(np.diff(people.first), people.region), company=company)
    given_up = []
    for week in range(120):
        if week % 4 == 0:
            expected.renew(made)
        given_up.append(
            [x.states.sum(axis=(0, 2)) for x in (individuals.advance(made, MONDAY + 7 * week), expected.advance())]
        )
    ends = np.sum(given_up[30:], axis=0)
    ends = np.concatenate([ends.sum(axis=1, keepdims=True), ends], axis=1)
    return 1000 * ends[..., CHILLED] / ends.sum(axis=-1)


@pytest.mark.parametrize("seed", [1, 2])
def test_large_units_hear_more_and_are_warier(seed):
    """Fright levels off, so unequal units frighten less than as many equal ones would: by 10 of 1,000 here."""
    counted, expectation = neighbours(seed, (10, 200), 0.3, (0.0, 0.3, 0.6))[:, 0]
    assert abs(counted - expectation) < 4


@pytest.mark.parametrize("seed", [1, 2])
def test_the_frightened_have_frightened_neighbours(seed):
    """They make less news for each other, so that fright is spread more evenly than by luck: 10 of 1,000 more here."""
    counted, expectation = neighbours(seed, (25, 26), 0.8, (0.0, 0.7, 0.9))[:, 0]
    assert abs(counted - expectation) < 5


@pytest.mark.parametrize("seed", [1, 2])
def test_whoever_is_fined_hears_of_it(seed):
    """So a few who make all the news are warier for it than by that of others: by 17 of 1,000 here."""
    counted, expectation = neighbours(seed, (24, 25), 0.3, (0.0, 0.3, 0.6), (4.0, 0.01, 0.01, 0.01))[:, 0]
    assert abs(counted - expectation) < 4


@pytest.mark.parametrize("seed", [1, 2])
def test_households_are_of_a_kind(seed):
    """Who makes news lives with others who do, and hears more than the rest: the two differ by 7 of 1,000 more here."""
    lived = neighbours(seed, (60, 61), 0.3, (0.0, 0.3, 0.6), (2.5, 0.5, 0.5, 0.5), 4)
    counted, expectation = lived[:, 1] - lived[:, 2:].mean(axis=1)
    assert abs(counted - expectation) < 5


def living(lay, made, weeks=6):
    """The same people after some weeks."""
    people = np.random.default_rng(5).uniform(0, 50, (3, 4, AXES.statuses))
    engine = Expected(people, lay, np.array([90.0, 100.0, 110.0]), np.zeros(3))
    engine.renew(made)
    for _ in range(weeks):
        engine.advance()
    return engine


def expectation_of(lay, made):
    """What the same people come to: tallies with their contacts."""
    engine = living(lay, made)
    whole, met = engine.lived(), engine.contacts()
    return Tallies(whole.states, whole.modes, met.outcomes, met.cases, whole.held)


@pytest.mark.parametrize("seed", [1, 2])
def test_contacts_of_all_people_together_are_those_of_each_added_up(seed):
    rng = np.random.default_rng(seed)
    lay = layout(rng, ranks=3)
    made = odds(rng, lay, 0.3)
    engine = living(lay, made)
    met = engine.contacts()
    assert met.ended.sum() > 100
    np.testing.assert_allclose(met.ended, met.outcomes.sum(axis=(2, 3)), rtol=1e-12)
    np.testing.assert_allclose(met.found(2.0), 2.0 * np.moveaxis(met.cases.sum(axis=-1), 2, -1), rtol=1e-12)
    late = engine.contacts()
    engine.renew(made)
    with pytest.raises(ValueError, match="renewed"):
        _ = late.outcomes
    with pytest.raises(ValueError, match="renewed"):
        _ = late.cases


@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_contacts_and_cases_tell_the_same(seed):
    """As with individuals: what was decided is every contact at which somebody was not passed over."""
    rng = np.random.default_rng(seed)
    lay = layout(rng)
    made = odds(rng, lay, 0.3)
    found = expectation_of(lay, made)
    decided = found.cases.reshape(3, 3, 2, lay.ranks, 2, 5, len(VERDICTS)).sum(axis=(3, 5))
    counted = found.outcomes.reshape(3, 5, 2, 2, 2, 2, len(VERDICTS)).sum(axis=(3, 5))
    assert decided.sum() > 100
    for case in range(len(AXES.cases)):
        np.testing.assert_allclose(counted[:, lay.case_of == case].sum(axis=1)[..., 1:], decided[:, case, ..., 1:])
    passed_over = chances(made.finding).reshape(3, 5, 2, 2, 2, 5)[..., 0].sum(axis=-1)  # [place, contact, G, on]
    met = found.outcomes.sum(axis=-1)
    expected = (met * (1 - passed_over[:, :, None])).sum(axis=(0, 1, 3))
    np.testing.assert_allclose(decided.sum(axis=(0, 1, 4)), expected)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_ranks_that_are_judged_alike_change_nothing(seed):
    rng = np.random.default_rng(seed)
    one = layout(rng, ranks=1)
    plain = odds(rng, one)
    ranked = expectation_of(one._replace(ranks=4), plain._replace(verdict=np.repeat(plain.verdict, 4, axis=2)))
    ranked = ranked._replace(cases=ranked.cases.reshape(3, 3, 2, 4, 2, 5, len(VERDICTS)).sum(axis=3))
    for a, b in zip(expectation_of(one, plain), ranked, strict=True):
        np.testing.assert_allclose(b, a, rtol=1e-12)


@pytest.mark.parametrize("by", ["nothing", "traits", "payers"])
def test_people_who_differ_by_a_hair_fare_alike(by):
    """Where nobody is told apart one stands for all; a difference of 2**-31 makes each be followed, to the same end."""
    rng = np.random.default_rng(6)
    lay = layout(rng, ranks=3)
    lay = lay._replace(group_of=np.tile(np.array([0, 1], np.int32), (5, 1)))
    made = odds(rng, lay)
    verdict, finding = made.verdict.copy(), made.finding.copy()
    if by != "payers":
        verdict[:] = verdict[:, :, :1]
    if by != "traits":
        finding[:] = finding[:, :, :1]
    alike = made._replace(verdict=verdict, finding=finding)
    hair = alike._replace(verdict=verdict.copy(), finding=finding.copy())
    hair.verdict[:, :, 1::2, :, 1:, 2] += np.uint32(1)
    hair.finding[:, :4, 1, :, 1] += np.uint32(1)
    check_odds(hair, lay, AXES)
    for a, b in zip(expectation_of(lay, alike), expectation_of(lay, hair), strict=True):
        np.testing.assert_allclose(b, a, rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_where_there_is_no_news_rounding_makes_none(seed):
    """In the first week nobody has heard anything; last bits of how many people there are stay last bits."""
    rng = np.random.default_rng(seed)
    lay = layout(rng)
    made, people = odds(rng, lay), rng.uniform(1, 50, (3, 4, AXES.statuses))
    came = []
    for rows in (people, people * (1.0 + rng.uniform(-1e-15, 1e-15, people.shape))):
        engine = Expected(rows, lay, np.full(3, 90.0), np.zeros(3), company=np.full((3, 4, 4), 0.4))
        engine.renew(made)
        engine.advance()
        came.append(engine.free)
    np.testing.assert_allclose(came[1], came[0], rtol=1e-12)


@pytest.mark.parametrize("between", [0, 1, 7])
def test_a_place_has_power_for_a_whole_act_or_not_at_all(between):
    """A gate that fines one in two while live is passed twice, with stops in between that have power of their own."""
    rng = np.random.default_rng(8)
    lay = layout(rng, news=False, ranks=1)
    gate, post = AXES.contacts.index("gate"), AXES.contacts.index("post")
    routes = np.full((6, 16, 4), NOTHING, np.int32)
    routes[:, 0] = (gate, 0, 1, draw_count("gate", 0))
    for i in range(between):
        routes[:, 1 + i] = (post, 1 + i % 2, 1, draw_count("post", i))
    routes[:, 1 + between] = (gate, 0, 1, draw_count("gate", 1))
    lay = lay._replace(routes=routes, route_of=np.maximum(lay.route_of, 0))
    made = odds(rng, lay)
    finding = np.zeros((3, 5, 2, 2, len(FOUND)))
    finding[..., FOUND.index("unrecorded_passed")] = 1.0
    finding[:, gate, :, 1] = np.eye(len(FOUND))[FOUND.index("recorded_on_record")]
    finding[:, post, :, 1] = np.eye(len(FOUND))[FOUND.index("recorded_passed")]
    verdict = np.zeros((3, 3, 2, 2, len(FINDINGS), len(VERDICTS)))
    verdict[..., VERDICTS.index("passed")] = verdict[..., VERDICTS.index("penalised")] = 0.5
    verdict[..., 0, :] = np.eye(len(VERDICTS))[0]
    powered = np.full((3, 5), 0.3)
    made = made._replace(
        finding=cumulative(finding, "finding"), verdict=cumulative(verdict, "verdict"),
        powered=threshold(powered, "powered"), met=np.full_like(made.met, ONE),
    )  # fmt: skip
    check_layout(lay, AXES)
    check_odds(made, lay, AXES)
    punished = 0.3 * (1 - 0.5**2)
    begun = expectation_of(lay, made).modes[:, :, len(WAYS_NOT_BEGUN) :].sum(axis=(0, 1, 2))
    assert begun[STATES.index("punished")] / begun.sum() == pytest.approx(punished, rel=1e-6)
    outcomes = expectation_of(lay, made).outcomes.sum(axis=(2, 3))
    # Whoever comes to the gate again with power has been let off once; without power everybody comes again.
    gates = outcomes[0, gate].sum(axis=-1)
    assert gates[1] / gates[0] == pytest.approx(0.3 * 1.5 / (0.7 * 2), rel=1e-6)
    tallies = Individuals(crowd(rng, 500), lay, 1).advance(made, MONDAY)
    lived = tallies.modes[:, :, len(WAYS_NOT_BEGUN) :].sum(axis=(0, 1, 2))
    spread = np.sqrt(punished * (1 - punished) / lived.sum())
    assert abs(lived[STATES.index("punished")] / lived.sum() - punished) < 5 * spread < 0.03


@pytest.fixture
def held_for_weeks():
    """An engine that has lived two weeks, in which people were held for weeks and some were killed; who was there."""
    rng = np.random.default_rng(5)
    lay = layout(rng, news=True)
    start = Individuals(crowd(rng, 500), lay, 5).people()
    engine = Expected(start, lay, np.full(3, 60.0), np.full(3, 10.0))
    engine.renew(odds(rng, lay))
    for _ in range(2):
        engine.advance()
    return engine, np.asarray(start, float)


def test_who_goes_on_as_ever_is_as_many_as_at_first(held_for_weeks):
    engine, start = held_for_weeks
    assert engine.people().sum() < start.sum() * (1 - 1e-6)  # some are gone
    engine.settle(np.ones(start.shape), np.zeros(AXES.statuses, np.int32))
    assert engine.people().sum(axis=2) == pytest.approx(start.sum(axis=2), rel=1e-12)


def test_as_many_are_held_as_such_weeks_come_to(held_for_weeks):
    """Two weeks fill no long hold. Once it is full, no Monday lets out more than one that is sooner."""
    engine, start = held_for_weeks

    def let_out():
        return engine.state()["held_long"].sum(axis=(1, 2))

    assert (np.diff(let_out()) > 1e-9).any()
    engine.settle(np.ones(start.shape), np.zeros(AXES.statuses, np.int32))
    assert (np.diff(let_out()) < 1e-9).all()
    state = engine.state()
    together = state["held_short"].sum(axis=0) + state["held_long"].sum(axis=0)
    assert state["held"] == pytest.approx(together, rel=1e-9, abs=1e-9)
