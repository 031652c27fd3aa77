"""A survey inside the model: what it finds, what it misses, and why."""

import json
from datetime import date

import pytest

from given import country
from greyspace.errors import InputError
from greyspace.simulate import plan
from greyspace.study import survey

HARMFUL = {"felt_watched", "ever_bribed"}


def asked(sets=None, seed=1, repeats=400, engine="expected", start=date(2021, 1, 4), **more):
    pack = country("toyland")
    usual = {"survey.escapees_left_years": 1.0}
    made = plan(
        pack, pack.scenario("history"), engine=engine, seed=seed, scale=1.0, start=start, end=date(2022, 3, 7),
        sets={**usual, **(sets or {})},
    )  # fmt: skip
    return survey.survey(made, repeats, 1, lambda *_: None, **more)


@pytest.fixture(scope="module")
def usual():
    return asked()


def test_every_error_is_divided_among_who_was_asked_when_he_left_and_what_he_denies(usual):
    assert len(usual.answers) == len(survey.GROUPS) * len(survey.QUESTIONS)
    for a in usual.answers:
        assert a.truth + a.who + a.when + a.denied == pytest.approx(a.mean, abs=1e-12)
        assert a.low <= a.mean + 0.02
        assert a.mean <= a.high + 0.02
        assert 0.0 <= a.low <= a.high <= 1.0
        assert (abs(a.denied) < 1e-12) or (a.group == "residents" and a.question in HARMFUL)


def test_who_left_before_the_gates_saw_none(usual):
    """Toyland's first gate came in April 2021; those who are asked had left a month before."""
    station = usual.of("escapees", "camera_station")
    assert usual.left < date(2021, 4, 1)
    assert station.mean == 0.0
    assert station.truth > 0.05
    assert station.when < -0.05
    assert usual.of("residents", "camera_station").mean > 0.05
    assert asked({"survey.escapees_left_years": 0.0}).of("escapees", "camera_station").mean > 0.05


def test_whom_nobody_chose_is_right_on_average():
    """With telephones spread alike, no trader before others and nothing denied, no answer of residents is off."""
    fair = {"survey.denied_by_caution": 0.0, "survey.residents_traders": 1.0}
    fair |= {"phones.owned_capital": 0.5, "phones.owned_border": 0.5, "phones.owned_other": 0.5}
    found = asked(fair)
    for question in survey.QUESTIONS:
        answer = found.of("residents", question.name)
        assert answer.mean == pytest.approx(answer.truth, abs=1e-9)
        assert answer.covered > 0.8


def test_caution_hides_bribes_and_fear_but_no_cameras(usual):
    open_ = asked({"survey.denied_by_caution": 0.0})
    silent = asked({"survey.denied_by_caution": 1.0})
    for name in ("ever_bribed", "felt_watched"):
        means = [found.of("residents", name).mean for found in (silent, usual, open_)]
        assert means == sorted(means)
        assert means[0] < means[2]
    for name in ("camera_street", "fingerprinted"):
        assert silent.of("residents", name).mean == open_.of("residents", name).mean
    assert silent.of("escapees", "ever_bribed") == open_.of("escapees", "ever_bribed")


def test_more_people_narrow_luck_and_leave_the_bias(usual):
    many = asked({"survey.escapees": 1000.0})
    for question in survey.QUESTIONS:
        few, large = usual.of("escapees", question.name), many.of("escapees", question.name)
        assert large.mean == few.mean
        assert large.told_apart < few.told_apart
        assert large.high - large.low <= few.high - few.low


def test_the_spread_over_surveys_is_that_of_so_many_independent_answers():
    found = asked({"survey.residents": 400.0}, repeats=2000).of("residents", "felt_watched")
    sd = (found.mean * (1 - found.mean) / 400) ** 0.5
    assert (found.high - found.low) / 2 == pytest.approx(1.645 * sd, rel=0.1)
    assert (found.high + found.low) / 2 == pytest.approx(found.mean, abs=0.3 * sd)


def test_who_is_asked_hangs_on_the_seed_alone(usual):
    assert asked() == usual
    assert asked(seed=2, repeats=400) != usual


def test_persons_one_by_one_say_what_the_expectation_says(usual):
    made = asked(engine="individuals")
    for question in survey.QUESTIONS:
        for group in survey.GROUPS:
            one, other = made.of(group, question.name), usual.of(group, question.name)
            assert one.mean == pytest.approx(other.mean, abs=0.06), (group, question.name)


@pytest.mark.parametrize(
    ("sets", "sentence"),
    [
        ({"survey.escapees_left_years": 6.0}, "give an earlier --from"),
        ({"survey.escapees_border": 0.9, "survey.escapees_capital": 0.2}, "more than all"),
        ({"phones.owned_factor": 0.0}, "nobody to ask"),
    ],
)
def test_a_survey_that_cannot_be_held_is_refused_in_a_sentence(sets, sentence):
    with pytest.raises(InputError, match=sentence):
        asked(sets)


def test_all_is_told_as_json_and_drawn(usual):
    told = json.loads(json.dumps(survey.told(usual), allow_nan=False))
    assert {row["question"] for row in told["answers"]} == {question.name for question in survey.QUESTIONS}
    assert {row["question"] for row in told["answers"] if row["reported"] is not None} == HARMFUL
    figure, caption = survey.picture(country("toyland"), "history", usual)
    assert "40 who have left" in caption
    assert len(figure.axes) == 2
