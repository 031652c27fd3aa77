"""What an officer does with somebody he has stopped."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from given import allowed, country, parameters
from greyspace.evidence import resolve
from greyspace.institutions import caught_without_permit, stopped_in_error


@given(st.integers(0, 2**32 - 1))
def test_whoever_is_stopped_meets_exactly_one_fate(number):
    pack = country("dprk")
    p = resolve(pack.parameters, allowed(pack, number))
    for verdicts in (caught_without_permit(p), stopped_in_error(p)):
        assert all((np.asarray(chance) >= 0).all() for chance in verdicts.values())
        assert np.allclose(sum(np.asarray(chance) for chance in verdicts.values()), 1.0)


def test_an_honest_traveller_is_never_penalised():
    assert "penalised" not in stopped_in_error(parameters(country("dprk")))


def test_who_has_means_pays_and_who_has_none_is_punished():
    verdicts = caught_without_permit(parameters(country("dprk")))
    paid, penalised = verdicts["paid"].ravel(), verdicts["penalised"].ravel()
    assert (np.diff(paid) < 0).all()  # from the elite to the vulnerable
    assert (np.diff(penalised) > 0).all()


def test_a_desk_that_always_overrides_holds_nobody_who_does_not_have_to_pay():
    p = parameters(country("dprk"), station_gates__desk_override=1, station_gates__desk_toll=0)
    assert stopped_in_error(p) == {"paid": 0.0, "passed": 1.0, "held_in_error": 0.0, "turned_back": 0.0}
