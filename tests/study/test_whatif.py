"""What if: only the years that differ are lived, and the answer is as if all had been."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from greyspace.country import load_pack
from greyspace.errors import InputError
from greyspace.results import Store
from greyspace.simulate import Life, Plan, plan, run
from greyspace.study import whatif
from greyspace.study.atlas import FORBIDDEN, MEASURES, Adding, Atlas, of_results, read
from greyspace.study.whatif import Kept, Question, Stopped, live

PACK = load_pack("toyland")
REGIONS = tuple(region.id for region in PACK.regions)


def _whole(made: Plan) -> Atlas:
    life, adding = Life(made), Adding(REGIONS)
    for period in life.world.periods:
        adding(life.world, period, life.step(period, life.odds(period), lambda _: None))
    return adding.whole()


def _same(one: Atlas, other: Atlas) -> bool:
    return one.years == other.years and all(
        np.array_equal(a, b)
        for a, b in [(one.nation, other.nation), *((one.parts[name], other.parts[name]) for name in one.parts)]
    )


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Kept:
    return Kept(tmp_path_factory.mktemp("kept"))


@pytest.fixture(autouse=True)
def _short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(whatif, "FIRST", 2020)


def test_an_answer_is_what_it_would_be_had_all_been_lived_and_lives_only_what_differs(kept: Kept) -> None:
    years: list[int] = []
    question = Question(PACK, "history", 2021, 2021, {"power.least_hours": 24.0}, ("human_network",))
    found = live(question, kept, lambda year: years.append(year.years[0]), lambda: False)
    assert years == [2021]
    assert found.years == (2020, 2021)
    assert _same(found, _whole(question.plan))
    base = kept.atlas(question.base.answer)
    assert base is not None
    assert _same(found.until(2021), base.until(2021))
    assert not _same(found, base)
    again = live(question, kept, lambda _: pytest.fail("lived again"), lambda: True)
    assert _same(again, found)


@pytest.mark.parametrize("scenario", ["history", "national-register-complete"])
def test_who_enrols_for_the_question_does_so_from_its_day_on(scenario: str, kept: Kept) -> None:
    question = Question(PACK, scenario, 2021, 2021, {"identity_register.enrolled": 0.95})
    found = live(question, kept, lambda _: None, lambda: False)
    assert _same(found, _whole(question.plan))
    base = kept.atlas(question.base.answer)
    assert base is not None
    assert not _same(found, base)


def test_a_scenario_keeps_its_own_settings_until_the_question_takes_over() -> None:
    moved = Question(PACK, "pay-the-enforcers", 2022, 2023, {"bribery.wage": 10.0}).plan
    usual = Question(PACK, "pay-the-enforcers", 2022, 2023).plan
    for day in (date(2021, 1, 4), date(2021, 12, 31)):
        assert moved.p.number("bribery.wage", day) == usual.p.number("bribery.wage", day)
    assert usual.p.number("bribery.wage", date(2021, 12, 31)) == 90.0
    assert moved.p.number("bribery.wage", date(2022, 1, 3)) == 10.0
    grows = Question(PACK, "national-register-complete", 2027, 2030, {"identity_register.reader_share": 0.0})
    for day in (date(2025, 1, 6), date(2026, 6, 1), date(2026, 12, 28)):
        usual_share = grows.base.plan.p.between("identity_register.reader_share", day)
        assert grows.plan.p.between("identity_register.reader_share", day) == pytest.approx(usual_share)
    assert grows.plan.p.between("identity_register.reader_share", grows.monday) == 0.0


def test_a_system_goes_on_the_day_and_one_that_never_was_stays_away() -> None:
    world = Question(PACK, "history", 2021, 2021, off=("station_gates",)).plan.world()
    assert world.is_on("station_gates", date(2021, 1, 3))
    assert not world.is_on("station_gates", date(2021, 1, 4))
    never = Question(PACK, "no-gates", 2021, 2021, off=("station_gates",))
    assert never.plan.run_id == never.base.plan.run_id


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"scenario": "histroy"}, "histroy"),
        ({"sets": {"power.least_hours": 25.0}}, "power.least_hours"),
        ({"sets": {"power.hours": 2.0}}, "power.hours"),
        ({"off": ("magic",)}, "magic"),
        ({"until": 2090}, "2090"),
    ],
)
def test_what_cannot_be_asked_is_refused_in_a_sentence(change: dict[str, object], words: str) -> None:
    with pytest.raises(InputError, match=words):
        _ = replace(Question(PACK, "history", 2021, 2021), **change).plan  # type: ignore[arg-type]


def test_who_wants_no_answer_any_more_gets_none_and_nothing_half_is_kept(kept: Kept) -> None:
    question = Question(PACK, "history", 2021, 2021, {"power.least_hours": 3.0})
    with pytest.raises(Stopped):
        live(question, kept, lambda _: None, lambda: True)
    assert kept.atlas(question.answer) is None


def test_a_torn_file_is_lived_again(kept: Kept, tmp_path: Path) -> None:
    path = tmp_path / "answers" / "0123456789abcdef.npz"
    path.parent.mkdir()
    path.write_bytes(b"PK\x03\x04 half of a file")
    assert Kept(tmp_path).atlas("0123456789abcdef") is None


@pytest.fixture(scope="module")
def lived() -> tuple[Plan, Atlas]:
    made = plan(PACK, PACK.scenario("history"), engine="expected", start=date(2021, 10, 4), end=date(2022, 2, 7))
    return made, _whole(made)


def test_a_run_on_disk_has_the_atlas_of_the_life_that_was_lived(lived: tuple[Plan, Atlas], tmp_path: Path) -> None:
    made, found = lived
    told = of_results(run(made, Store(tmp_path)), PACK)
    assert told.years == found.years == (2021, 2022)
    for name, part in found.parts.items():
        np.testing.assert_allclose(told.parts[name], part, rtol=1e-9, atol=1e-6, err_msg=name)
    np.testing.assert_allclose(told.nation, found.nation, rtol=1e-12)


def test_every_act_ends_in_one_way_and_places_together_are_the_country(lived: tuple[Plan, Atlas]) -> None:
    _, found = lived
    ends = ("paid", "punished", "turned_back", "free_recorded", "free_unseen")
    places = [REGIONS, REGIONS[:1], REGIONS[1:]]
    for act in (FORBIDDEN, "trade", "smuggling"):
        shares = read(found, [MEASURES[f"act.{act}.{end}"] for end in ends], places).sum(axis=0)
        np.testing.assert_allclose(shares[np.isfinite(shares)], 100.0)
    begun = read(found, [MEASURES["act.trade.begun"]], places)[0]
    assert np.all(begun[:, 1:].min(axis=1) <= begun[:, 0])
    assert np.all(begun[:, 0] <= begun[:, 1:].max(axis=1))


def test_all_measures_have_something_to_say_of_a_country_with_everything_in_it(lived: tuple[Plan, Atlas]) -> None:
    _, found = lived
    values = read(found, list(MEASURES.values()), [REGIONS])[..., 0]
    empty = [name for name, row in zip(MEASURES, values, strict=True) if not np.isfinite(row).any()]
    assert empty == []
    for name, row in zip(MEASURES, values, strict=True):
        unit = MEASURES[name].unit
        assert (row[np.isfinite(row)] >= 0).all(), name
        assert not unit.startswith("%") or (row[np.isfinite(row)] <= 100.0 + 1e-9).all(), name
