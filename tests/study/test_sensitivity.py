"""What moves an outcome: known functions come out as known, what nothing reads has no effect, noise gets no rank."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given as supposing
from hypothesis import strategies as st

from few import only
from given import country
from greyspace.evidence import Evidence, Parameter
from greyspace.simulate import plan
from greyspace.study import sensitivity as study
from greyspace.study.histories import Kept
from greyspace.study.quantities import quantity


def silent(phase, done, of):
    pass


def ishigami(points):
    """Of three inputs; its indices are known: 0.314, 0.442, 0 alone, 0.558, 0.442, 0.244 in all."""
    x = np.pi * (2.0 * points - 1.0)
    return np.sin(x[:, 0]) + 7.0 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])


def test_indices_of_a_function_whose_indices_are_known():
    points = study.sobol_design(3, 1024)
    found = {each.key: each for each in study.indices(["a", "b", "c"], points, ishigami(points))}
    for key, first, total in (("a", 0.314, 0.558), ("b", 0.442, 0.442), ("c", 0.0, 0.244)):
        assert found[key].first == pytest.approx(first, abs=0.03)
        assert found[key].total == pytest.approx(total, abs=0.03)
    # The third works only together with the first.
    assert found["c"].together == pytest.approx(0.244, abs=0.03)
    assert all(each.sure for each in found.values())
    assert found["a"].low < found["a"].high


def test_effects_are_those_of_the_library_that_made_the_design():
    from SALib.analyze.morris import analyze

    points = study.morris_design(3, 12)
    values = ishigami(points)
    names = ["x0", "x1", "x2"]
    problem = {"num_vars": 3, "names": names, "bounds": [[0.0, 1.0]] * 3}
    known = dict(zip(names, analyze(problem, points, values, num_levels=study.LEVELS)["mu_star"], strict=True))
    for each in study.screened(names, points, values):
        assert each.size == pytest.approx(known[each.key])
        assert each.moves == 12


def test_what_nothing_reads_has_no_effect_and_no_share():
    points = study.morris_design(4, 3)
    found = study.screened(["a", "b", "c", "nothing"], points, ishigami(points[:, :3]))
    (last,) = [each for each in found if each.key == "nothing"]
    assert (last.size, last.share, last.moves) == (0.0, 0.0, 3)
    assert "nothing" not in study.survivors(found, 4)
    assert sum(each.share for each in found) == pytest.approx(1.0)


def test_moves_to_where_there_is_nothing_to_measure_are_left_out():
    points = study.morris_design(3, 2)
    values = points.sum(axis=1)
    values[0] = np.nan
    found = study.effects(points, values)
    assert sorted(map(len, found)) == [1, 2, 2]
    assert np.concatenate(found) == pytest.approx(1.0)


def test_asking_for_more_adds_to_what_was_lived_before():
    assert (study.morris_design(5, 3)[:6] == study.morris_design(5, 1)).all()
    assert (study.sobol_design(3, 16)[:40] == study.sobol_design(3, 8)).all()


def known(letter, digit, derived=False):
    item = Evidence(source="s", locator="l", says="x", grade=f"{letter}{digit}", directness="measured")
    return Parameter(
        id="a.b", file="a.yaml", description="x", unit="days", value=1, range=(0, 2), evidence=(item,),
        derivation="by a step" if derived else None,
    )  # fmt: skip


@supposing(st.sampled_from("ABCDEF"), st.integers(1, 6), st.booleans())
def test_better_evidence_is_never_called_weaker(letter, digit, derived):
    here = study.weakness(known(letter, digit, derived))
    assert 1 / 6 <= here <= 1.0
    assert study.weakness(known("A", digit, derived)) <= here
    assert study.weakness(known(letter, 1, derived)) <= here
    assert study.weakness(known(letter, digit)) <= here


def test_the_best_of_several_sources_counts_and_an_assumption_is_weakest():
    both = known("D", 5).model_copy(update={"evidence": (*known("D", 5).evidence, *known("A", 2).evidence)})
    assert study.weakness(both) == pytest.approx(2 / 6)
    assumed = Parameter(
        id="a.b", file="a.yaml", description="x", unit="d", value=1, range=(0, 2), status="assumed", why="x"
    )
    assert study.weakness(assumed) == 1.0


# -- in a world


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    return Kept(tmp_path_factory.mktemp("sensitivity"))


def asked(outcome):
    pack = only(country("toyland"), "attitudes.watched_by_people", "attitudes.credit_elsewhere", "devices.life_years")
    made = plan(
        pack, pack.scenario("no-gates"), engine="expected", start=date(2021, 8, 2), end=date(2021, 8, 23),
    )  # fmt: skip
    return study.Sensitivity(made, quantity(outcome), trajectories=1, samples=4, most=3)


def test_what_moves_who_feels_watched_and_what_does_not(kept):
    found = study.find(asked("attitudes/feel_watched"), kept, 1, silent)
    by_key = {each.key: each for each in found.screened}
    assert set(by_key) >= {"attitudes.watched_by_people", "attitudes.credit_elsewhere"}
    assert by_key["attitudes.watched_by_people"].share > 0.9
    assert by_key["attitudes.credit_elsewhere"].size == 0.0
    (index,) = found.indices
    assert index.key == "attitudes.watched_by_people"
    assert index.low < index.high
    frame = study.table(found)
    assert frame["parameter"][0] == "attitudes.watched_by_people"
    assert frame["worth"][0] == pytest.approx(index.total)  # an invented number is as weak as can be
    assert "Most worth finding out next" in study.say(found)


def test_an_outcome_that_barely_varies_gets_no_ranks(kept):
    found = study.find(asked("network/share"), kept, 1, silent)
    assert not found.varies
    assert not found.indices
    assert "barely varies" in study.say(found)
    assert "Most worth" not in study.say(found)


def test_another_outcome_of_the_same_time_is_screened_without_living_anything(kept, monkeypatch):
    from greyspace.study import histories

    question = asked("network/share")
    _ = question.own
    monkeypatch.setattr(histories, "lived", lambda *_: pytest.fail("a history was lived again"))
    assert not study.find(question, kept, 1, silent).varies
