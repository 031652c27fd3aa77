"""A week told again is the week that was lived: no contact more, none less, nobody changed."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from greyspace.contract import NOTHING, Crowd, new_tallies
from greyspace.engine import Individuals
from greyspace.footprint import trace
from worlds import crowd, layout, odds

MONDAY = 16804
GONE = np.uint32(1 << 14)


def copy(people: Crowd) -> Crowd:
    return Crowd(*(a.copy() for a in people))


def counted(people, told, chances, lay):
    """Tallies of acts told one by one; holds apart, which acts do not tell."""
    found = new_tallies(lay, chances)
    for who, acts, _ in told:
        region, profile = people.region[who.unit], people.persons[who.number] & 63
        for act in acts:
            found.states[region, profile, act.act, act.state] += 1
            found.modes[region, act.act, act.way, act.state] += 1
            for met in act.met:
                standing = lay.standing_of[profile]
                found.outcomes[met.place, met.contact, standing, met.group, met.powered, met.outcome] += 1
                if met.payer != NOTHING:
                    case = lay.case_of[met.contact]
                    found.cases[met.place, case, met.payer, met.powered, met.finding, met.verdict] += 1
    return found


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 2**32 - 1), st.sampled_from([0.001, 0.1, 0.3]))
def test_what_is_told_of_everybody_adds_up_to_what_was_counted(seed, rate):
    rng = np.random.default_rng(seed)
    lay = layout(rng)
    lay.gone[-1] = seed % 2
    chances, people = odds(rng, lay, rate), crowd(rng, units=6, size=(1, 90))
    people.persons[::7] |= GONE
    engine = Individuals(people, lay, seed)
    for monday in (MONDAY, MONDAY + 7, MONDAY + 14):
        before = copy(people)
        tallies = engine.advance(chances, monday)
        everybody = trace.persons_of(before, range(len(before.persons)))
        told = list(trace.week(before, everybody, chances, lay, seed, monday))
        found = counted(before, told, chances, lay)
        for name in ("states", "modes", "outcomes", "cases"):
            assert (getattr(found, name) == getattr(tallies, name)).all(), name
        for who, _, person in told:
            assert person == engine.crowd.persons[who.number]


def test_those_who_are_told_of_are_told_the_same_alone():
    rng = np.random.default_rng(3)
    lay = layout(rng)
    chances, people = odds(rng, lay, 0.3), crowd(rng, units=6, size=(20, 40))
    everybody = trace.persons_of(people, range(len(people.persons)))
    all_told = {who.number: acts for who, acts, _ in trace.week(people, everybody, chances, lay, 7, MONDAY)}
    for index in list(all_told)[::10]:
        (alone,) = trace.week(people, trace.persons_of(people, [index]), chances, lay, 7, MONDAY)
        assert alone[1] == all_told[index]
