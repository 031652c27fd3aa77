"""Knowing of telephones, payments and the register: shares that grow by hearsay and by cases, and never fall."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from given import allowed, country, parameters
from greyspace.evidence import resolve
from greyspace.society import knowing

NUMBERS = st.integers(0, 2**32 - 1)
UNIT = 120.0
YEAR = 52
BOTH, NEITHER = np.ones(2), np.zeros(2)
PHONE = knowing.CLASSES.index("phone_and_money")


def known(p, cases=0.0, heard_of=BOTH, weeks=YEAR, before=None):
    before = knowing.initial(p, 1) if before is None else before
    return knowing.after(p, before, np.full((1, 2), cases), UNIT, heard_of, weeks)[0]


def test_hearsay_adds_up_to_what_the_pack_says_of_a_year():
    p = parameters(country("dprk"))
    left = (1 - known(p, weeks=100)) / (1 - knowing.initial(p, 1)[0])
    yearly = [1 - p.number(f"knowing.background_yearly_{name}") for name in knowing.CLASSES]
    assert left ** (knowing.WEEKS_A_YEAR / 100) == pytest.approx(np.array(yearly))


def test_nothing_is_heard_of_what_is_not_there():
    p = parameters(country("dprk"))
    assert known(p, heard_of=NEITHER) == pytest.approx(knowing.initial(p, 1)[0])


def test_one_case_in_every_unit_teaches_a_share_of_the_people():
    """Where nobody hears beyond the unit, and of nothing else: the share that the pack gives of those who hear."""
    p = parameters(country("dprk"), knowing__beyond_unit=0)
    many = known(p, cases=50.0, heard_of=NEITHER, weeks=1, before=np.zeros((1, 2)))
    assert many[PHONE] == pytest.approx(p.number("knowing.from_news_phone_and_money"))


@given(NUMBERS, st.floats(0, 0.1), st.integers(1, 60))
def test_nobody_forgets_and_more_cases_teach_more(number, cases, weeks):
    p = resolve(country("dprk").parameters, allowed(country("dprk"), number))
    before = knowing.initial(p, 1)
    few, many = (known(p, cases=c, weeks=weeks) for c in (cases, 2 * cases))
    assert (few >= before - 1e-12).all()
    assert (many >= few - 1e-12).all()
    assert (many <= 1).all()


@given(NUMBERS, st.integers(1, 30), st.integers(1, 30))
def test_months_may_be_cut_anywhere(number, first, second):
    p = resolve(country("toyland").parameters, allowed(country("toyland"), number))
    whole = known(p, cases=0.001, weeks=first + second)
    parts = known(p, cases=0.001, weeks=second, before=known(p, cases=0.001, weeks=first)[None])
    assert parts == pytest.approx(whole)


def test_the_same_cases_are_heard_of_by_more_where_news_goes_far():
    near, far = (parameters(country("dprk"), knowing__beyond_unit=share) for share in (0.0, 0.3))
    assert (known(far, cases=1e-3) > known(near, cases=1e-3)).all()
    assert knowing.hears(near, np.array([1.0])) == 0
