"""Validation: failing facts are shown as failing, and a wrong model is rejected by what it breaks, or by nothing."""

import pytest

from given import country
from greyspace.study import histories, validation
from greyspace.study.histories import Kept, missing
from greyspace.study.laws import LAWS
from greyspace.study.mutants import MUTANTS
from greyspace.study.patterns import load_patterns
from greyspace.study.targets import load_targets
from greyspace.study.validation import Mark, Trial, find, matrix, pictures, say, table

WRONG = tuple(mutant for mutant in MUTANTS if mutant.id in ("proportional_demand", "uniform_hours"))


def silent(phase, done, of):
    pass


@pytest.fixture(scope="module")
def trial():
    pack = country("toyland")
    return Trial(pack, load_patterns(pack), load_targets(pack), WRONG)


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    return Kept(tmp_path_factory.mktemp("validation"))


@pytest.fixture(scope="module")
def found(trial, kept):
    # Laws have tests of their own.
    tried = {law.id: {"gap": 0.0, "within": 1.0, "words": "not tried here", "holds": True} for law in LAWS}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(validation.laws, "tried", lambda bench: tried)
        return find(trial, kept, 1, silent)


def of(marks, name):
    return next(mark for mark in marks if mark["id"] == name)


def test_laws_limits_and_facts_each_have_a_verdict_and_their_number(found):
    kinds = [mark["kind"] for mark in found["marks"]]
    assert list(dict.fromkeys(kinds)) == ["law", "limit", "put in", "fit", "held out"]
    assert all(mark["holds"] in (True, False) for mark in found["marks"])
    assert all(mark["found"] and mark["wanted"] for mark in found["marks"])
    facts = [mark for mark in found["marks"] if mark["off"] is not None]
    assert {mark["id"] for mark in facts} == {"ever_bribed", "thefts", "felt_watched", "network"}
    assert all(mark["holds"] == (abs(mark["off"]) <= 1.0) for mark in facts)


def test_a_fact_that_the_model_misses_is_shown_as_failing(found):
    missed = of(found["marks"], "thefts")
    assert not missed["holds"]
    assert "not " in say(found)
    assert "thefts" in say(found)
    assert table(found).filter(table(found)["id"] == "thefts")["holds"].item() is False


def test_a_wrong_model_is_rejected_by_what_it_breaks_and_one_that_breaks_nothing_is_said_to_be_alike(found):
    by = {mutant["id"]: mutant for mutant in found["mutants"]}
    assert by["proportional_demand"]["breaks"][0] == "demands_sustain"
    assert by["uniform_hours"]["rejected_by"] == "nothing"
    assert by["uniform_hours"]["breaks"] == []
    assert "not distinguished by the evidence, nor by any law or limit: uniform_hours" in say(found)
    rows = matrix(found)
    assert len(rows) == sum(len(mutant["marks"]) for mutant in found["mutants"])
    assert "no_acts" not in rows["id"].to_list(), "the model alone is held against it"


def test_what_is_found_is_kept_and_read_again(trial, kept, found, monkeypatch):
    assert missing(trial.histories(), kept) == []
    monkeypatch.setattr(histories, "live", None)
    monkeypatch.setattr(validation.laws, "tried", None)
    assert find(trial, kept, 1, silent) == found


def test_laws_that_were_kept_and_spoilt_are_tried_again(trial, kept, found, monkeypatch):
    tried = {law.id: {"gap": 2.0, "within": 1.0, "words": "again", "holds": False} for law in LAWS}
    monkeypatch.setattr(validation.laws, "tried", lambda bench: tried)
    job = trial.laws(kept.folder)[0]
    before = job.file.read_text()
    job.file.write_text(before[:40])
    assert find(trial, kept, 1, silent)["marks"][0]["holds"] is False
    job.file.write_text(before)


def mark(name, kind, holds):
    return Mark(name, kind, "", holds, "", "", "", None)


@pytest.mark.parametrize(
    ("holds", "by", "instead"),
    [
        ((True, True, False), "nothing", []),
        ((False, True, False), "reasoning", []),
        ((True, False, False), "evidence", []),
        ((False, False, True), "evidence", ["c"]),
        ((True, None, False), "evidence", []),  # what cannot be measured any more is broken
    ],
)
def test_evidence_rejects_where_anything_told_is_broken_and_else_reasoning(holds, by, instead):
    own = [mark("a", "limit", True), mark("b", "told", True), mark("c", "held out", False)]
    other = [mark(name, kind, of) for (name, kind), of in
             zip((("a", "limit"), ("b", "told"), ("c", "held out")), holds, strict=True)]  # fmt: skip
    told = validation._against(WRONG[0], own, other)
    assert told["rejected_by"] == by
    assert told["keeps_instead"] == instead


def test_there_is_a_figure_of_facts_and_one_of_wrong_models(found):
    drawn = pictures(found)
    assert set(drawn) == {"", "-mutants"}
    words = [text.get_text() for ax in drawn["-mutants"].axes for text in ax.texts]
    assert words.count("nothing") == 1
    assert next(label.get_text() for label in drawn[""].axes[0].get_yticklabels()) == "network"
    assert set(pictures({**found, "marks": [m for m in found["marks"] if m["off"] is None], "mutants": []})) == set()
