"""Signposts: what differs is told from the year on in which it does, and what does not is not told at all."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from given import country
from greyspace.errors import InputError
from greyspace.simulate import plan
from greyspace.study import signposts
from greyspace.study.gauges import SEEN, named
from legible import legible

YEARS = (2024, 2025, 2026, 2027)


def made(*names, end=date(2025, 2, 24)):
    pack = country("toyland")
    return [plan(pack, pack.scenario(n), engine="expected", start=date(2024, 12, 2), end=end) for n in names]


def planted(b, a=None):
    """Two scenarios that differ in the price of goods alone: draws that are apart by ten, and a path each."""
    spread = np.array([[0.0], [5.0], [10.0]])
    a = np.zeros(4) if a is None else np.array(a)
    values = {"history": spread + a, "no-gates": spread + np.array(b)}
    return signposts.Signposts(
        plans=tuple(made("history", "no-gates")),
        gauges=(named("goods_price"),),
        years=YEARS,
        values={name: {"goods_price": of} for name, of in values.items()},
    )


def told(found):
    return signposts.told_apart(found, "history", "no-gates", named("goods_price"))


def test_it_is_told_from_the_year_on_from_which_ranges_stay_apart():
    assert told(planted([0, 0, 20, 20])) == signposts.Told(2026, 2026, True, False)
    assert told(planted([0, 20, 0, 20])) == signposts.Told(2027, 2027, True, False)
    assert told(planted([0, 20, 20, 0])) == signposts.Told(None, None, False, False)
    assert told(planted([0, 0, 0, -20])).rises is False


def test_a_small_move_is_told_only_by_those_who_knew_what_it_was():
    found = told(planted([0, 1, 1, 1]))
    assert found.level is None
    assert found.change == found.first == 2025
    assert told(planted([20, 20, 20, 20])) == signposts.Told(2024, None, True, False)


def test_what_never_differs_and_what_is_not_there_is_said_to_be_the_same():
    assert told(planted([0, 0, 0, 0])).same
    nothing = planted([0, 0, 0, 0])
    empty = {name: {"goods_price": np.full((3, 4), np.nan)} for name in nothing.values}
    assert told(replace(nothing, values=empty)).same
    assert "not told apart by the end of 2027" in signposts.say(planted([0, 1e-9, 0, 0]))
    assert signposts.lines(planted([0, 0, 0, 0])) == []


def test_words_table_and_figure_say_the_same():
    found = planted([0, 0, 1, 20])
    assert "First, in 2026: price of smuggled goods" in signposts.say(found)
    assert signposts.lines(found) == [("price of smuggled goods", "market reports", "more, 2026*")]
    row = signposts.table(found).row(0, named=True)
    assert (row["by_level_from"], row["by_change_from"]) == (2027, 2026)
    assert (row["one_at_the_end"], row["other_at_the_end"]) == (5.0, 25.0)
    ranges = signposts.ranges(found)
    assert ranges.height == 2 * 4
    assert ranges.row(7)[-3:] == pytest.approx((21.0, 25.0, 29.0))
    figure, caption = signposts.picture(found)
    legible(figure)
    assert "↑ 2026*" in [text.get_text() for text in figure.axes[0].texts]
    assert "3 draws" in caption


def test_futures_that_do_the_same_are_never_told_apart_and_analysts_are():
    plans = made("history", "as-is", "analysts")
    todo = signposts.jobs(plans, 3, None)
    assert sum(len(job.plans) for job in todo) == 9
    found = signposts.find(plans, todo, 1, lambda *_: None)
    assert found.draws == 3
    assert found.years == (2024, 2025)
    for gauge in SEEN:
        same = signposts.told_apart(found, "history", "as-is", gauge)
        # Only paying by telephone grows on by itself.
        assert same.same or gauge.name in ("paying_by_phone",) or same.first is None, gauge.name
    leads = signposts.told_apart(found, "history", "analysts", named("leads"))
    assert leads.rises
    assert leads.first == 2025
    legible(signposts.picture(found)[0])


def test_one_future_alone_and_too_few_draws_are_refused():
    with pytest.raises(InputError, match="two scenarios or more"):
        signposts.jobs(made("history"), 3, None)
    with pytest.raises(InputError, match="--draws 2"):
        signposts.jobs(made("history", "as-is"), 2, None)
