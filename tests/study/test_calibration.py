"""Calibration: what was planted is found again, what nothing reads is not informed, and facts that clash are named."""

import shutil
from dataclasses import replace
from datetime import date

import numpy as np
import polars as pl
import pytest
from hypothesis import given as supposing
from hypothesis import strategies as st

from few import only
from given import country
from greyspace.country import POSTERIOR, load_pack
from greyspace.evidence import quantile
from greyspace.simulate import plan
from greyspace.study import calibration as study
from greyspace.study.claims import Window
from greyspace.study.draws import latin
from greyspace.study.histories import Kept
from greyspace.study.targets import Target, Targets

MOVES, IDLE = "attitudes.watched_by_people", "attitudes.credit_elsewhere"
PLANTED = 0.7
"""The place in its range at which the moving parameter was planted."""


def silent(phase, done, of):
    pass


# -- emulators


def test_an_emulator_finds_the_inputs_of_a_plain_function_and_no_others():
    points = np.random.default_rng(1).random((60, 40))
    found = study.emulate(points, 3.0 + 2.0 * points[:, 7] - points[:, 21])
    assert set(found.on.tolist()) >= {7, 21}
    assert dict(zip(found.on.tolist(), found.slopes.tolist(), strict=True))[7] == pytest.approx(2.0)
    assert found.skill > 0.999
    assert found.at(points) == pytest.approx(3.0 + 2.0 * points[:, 7] - points[:, 21])


def test_an_emulator_of_luck_alone_owns_that_it_foretells_nothing():
    rng = np.random.default_rng(2)
    for _ in range(5):
        found = study.emulate(rng.random((60, 40)), rng.normal(size=60))
        assert found.skill < 0.3
        assert found.error > 0.7


def target(name, quantity, value, tolerance, role="fit"):
    return Target.model_validate(
        {"id": name, "says": name, "quantity": quantity, "window": "late", "value": value, "bound": "about",
         "tolerance": tolerance, "role": role, "because": "planted", "evidence": [
             {"source": "s", "locator": "l", "says": "x", "grade": "B2", "directness": "measured"}]}
    )  # fmt: skip


@supposing(st.floats(0.0, 1.0), st.floats(0.01, 0.3))
def test_what_agrees_by_an_exact_emulator_is_never_ruled_out(told, tolerance):
    points = np.random.default_rng(3).random((200, 3))
    exact = study.Emulator(np.array([1]), 0.5, np.array([1.0]), 1e-12, 1.0)
    left = study.possible(target("t", "attitudes/feel_watched", told, tolerance), told, exact, points)
    assert (left == (np.abs(points[:, 1] - told) <= tolerance)).all()


# -- in a world


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    return Kept(tmp_path_factory.mktemp("calibration"))


def asked(*targets, draws=16, fitted=None):
    pack = only(country("toyland"), MOVES, IDLE)
    whole = Window.model_validate({"says": "eight weeks", "from": date(2021, 8, 2), "to": date(2021, 9, 20)})
    late = Window.model_validate({"says": "the last four", "from": date(2021, 8, 30), "to": date(2021, 9, 20)})
    told = Targets(pack, whole, {"late": late}, {each.id: each for each in targets}, {})
    made = plan(pack, pack.scenario("no-gates"), engine="expected", start=whole.start, end=whole.end)
    names = tuple(each.id for each in targets) if fitted is None else fitted
    return study.Calibration(made, told, names, draws, 1)


@pytest.fixture(scope="module")
def value():
    """What is felt under the planted setting, with the luck of no draw."""
    empty = asked(target("felt", "attitudes/feel_watched", 0.5, 0.1))
    here = quantile(empty.plan.pack.parameters[MOVES], PLANTED)
    planted = replace(empty, plan=replace(empty.plan, sets={MOVES: here}, seed=99))
    return planted.targets.found(planted.targets.targets["felt"], planted.own[0])


@pytest.fixture(scope="module")
def found(kept, value):
    felt = target("felt", "attitudes/feel_watched", value, 0.012)
    network = target("network", "network/share", 50.0, 1.0, role="held out")
    return study.match(asked(felt, network, fitted=("felt",)), kept, 1, silent)


def test_a_planted_parameter_is_recovered_and_what_nothing_reads_is_not_informed(found):
    rows = {row["parameter"]: row for row in study.identified(found).iter_rows(named=True)}
    assert rows[MOVES]["informed"]
    assert rows[MOVES]["width"] < 0.6
    assert rows[MOVES]["middle"] == pytest.approx(PLANTED, abs=0.15)
    assert not rows[IDLE]["informed"]
    assert rows[IDLE]["width"] == pytest.approx(1.0, abs=0.05)
    assert rows[IDLE]["in_emulators_of"] == ""
    at = found.points[found.kept][:, found.asked.ids.index(MOVES)]
    assert len(at) >= 2
    assert np.abs(at - PLANTED).max() < 0.35
    assert found.waves[-1].left < 0.7


def test_a_target_that_is_held_out_rules_nothing_out(found):
    assert set(found.emulators) == {"felt"}
    assert len(found.kept)
    assert not found.agrees[:, found.column("network")].any()
    row = study.table(found).row(by_predicate=pl.col("target") == "network", named=True)
    assert (row["fitted"], row["agree"], row["agree_without_it"]) == (False, 0, None)


def test_facts_that_cannot_both_be_so_are_named_and_nothing_is_tuned(kept, value):
    apart = (target("felt", "attitudes/feel_watched", value + 0.05, 0.03),
             target("again", "attitudes/feel_watched", value - 0.05, 0.03))  # fmt: skip
    both = study.match(asked(*apart), kept, 1, silent)
    assert not both.is_posterior
    (pair,) = study.clashes(both)
    assert pair.both == 0
    assert min(pair.of_a, pair.of_b) > 0
    assert pair.clash == (pair.by_chance >= 3.0)
    said = study.say(both)
    assert "None of 16 histories agrees with all 2 targets" in said
    assert "no posterior is written" in said
    assert set(study.without(both).values()) == {pair.of_a, pair.of_b}


def test_what_no_draw_reaches_is_said_to_be_out_of_reach(kept):
    far = study.match(asked(target("felt", "attitudes/feel_watched", 7.0, 0.01)), kept, 1, silent)
    assert "Out of reach by themselves, in every draw: felt." in study.say(far)
    assert far.waves[-1].left == 0.0


def test_the_same_question_is_answered_from_what_is_kept(kept, found, monkeypatch):
    from greyspace.study import histories

    again = replace(found.asked)
    _ = again.own
    monkeypatch.setattr(histories, "lived", lambda *_: pytest.fail("a history was lived again"))
    assert (study.match(again, kept, 1, silent).off == found.off).all()


# -- draws that belong together


def test_draws_of_a_calibrated_pack_are_taken_whole(tmp_path):
    folder = tmp_path / "pack"
    shutil.copytree(country("toyland").folder, folder)
    settings = [{MOVES: 0.1, IDLE: 0.2}, {MOVES: 0.3, IDLE: 0.1}]
    (folder / POSTERIOR).write_text(f"draws: {settings}", encoding="utf-8")
    pack = load_pack(folder)
    assert pack.content_hash != country("toyland").content_hash
    read = [MOVES, IDLE, "devices.life_years"]
    drawn = latin(pack.parameters, 8, read)
    usual = latin(country("toyland").parameters, 8, read)
    together = [{key: each[key] for key in (MOVES, IDLE)} for each in drawn]
    assert sorted(map(str, together)) == sorted(map(str, settings * 4))
    assert [each["devices.life_years"] for each in drawn] == [each["devices.life_years"] for each in usual]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("draws: []", "expected a list of settings"),
        ("draws: {a: 1}", "expected a list of settings"),
        (f"draws: [{{{MOVES}: 0.1}}, {{{IDLE}: 0.1}}]", "other parameters than the first"),
        (f"draws: [{{{MOVES}: 7}}]", "is outside the range"),
        (f"draws: [{{{MOVES}: much}}]", "is not a number"),
        ("draws: [{power.nobody: 1}]", "'power.nobody' is no uncertain parameter"),
        ("draws: [", "line 2"),
    ],
)
def test_a_bad_file_of_draws_is_refused_in_a_sentence(tmp_path, text, says):
    folder = tmp_path / "pack"
    shutil.copytree(country("toyland").folder, folder)
    (folder / POSTERIOR).write_text(text, encoding="utf-8")
    with pytest.raises(Exception, match=says):
        load_pack(folder)
