"""Targets: those of the packs are whole, bad ones are refused in a sentence, and distances are what they say."""

import math
import shutil

import pytest
import yaml
from hypothesis import assume
from hypothesis import given as supposing
from hypothesis import strategies as st

from given import country
from greyspace.country import load_pack
from greyspace.errors import InputError
from greyspace.study.targets import FILE, Target, load_targets, read_targets

EVIDENCE = [{"source": "s", "locator": "l", "says": "2", "grade": "B2", "directness": "measured"}]


def target(**more):
    block = {"id": "t", "says": "x", "quantity": "market/food_price", "window": "w", "value": 2, "bound": "about",
             "tolerance": 0.5, "role": "fit", "because": "an example", "evidence": EVIDENCE}  # fmt: skip
    return Target.model_validate({**block, **more})


@pytest.mark.parametrize("name", ["dprk", "toyland"])
def test_targets_of_the_packs_are_whole(name):
    found = load_targets(country(name))
    assert len(found.spans) == len(found.windows)
    for each in found.targets.values():
        low, high = each.edges(found.told(each))
        assert low < found.told(each) < high or each.bound != "about"
        assert each.grade(found.pack)
    assert {each.role for each in found.targets.values()} == {"put in", "fit", "held out"}


def test_every_fact_of_the_pack_is_compared_or_said_why_not():
    found = load_targets(country("dprk"))
    facts = {key for key in found.pack.parameters if key.startswith("targets.")}
    compared = {each.fact for each in found.targets.values()}
    assert facts <= compared | set(found.not_compared)
    assert not compared & set(found.not_compared)


def test_a_dated_fact_is_told_as_it_stood():
    found = load_targets(country("dprk"))
    told = {name: found.told(each) for name, each in found.targets.items()}
    assert (told["arrivals_before"], told["arrivals_closed"], told["guards_share"]) == (1047.0, 63.0, 0.35)
    assert told["price_rise"] == pytest.approx(1.6)


def test_a_pack_without_targets_says_so():
    with pytest.raises(InputError, match=r"has no targets: they stand in its file targets\.yaml"):
        load_targets(country("brightland"))


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"targets": {"ever_bribed": {"quantity": "ever/lied"}}}, "quantity 'ever/lied'"),
        ({"targets": {"ever_bribed": {"window": "later"}}}, "there is no window 'later'"),
        ({"targets": {"ever_bribed": {"fact": "targets.nobody"}}}, "There is no parameter 'targets.nobody'"),
        ({"targets": {"ever_bribed": {"value": 3}}}, "exactly one of fact"),
        ({"targets": {"ever_bribed": {"tolerance": 0}}}, "tolerance must be more than 0"),
        ({"targets": {"thefts": {"tolerance": 1}}}, "tolerance must be more than 1 as a ratio"),
        ({"targets": {"thefts": {"times": 0}}}, "a fact of 0 has no ratio"),
        ({"targets": {"thefts": {"role": "tuned"}}}, "role"),
        ({"targets": {"thefts": {"why": "x"}}}, "not known here"),
        ({"windows": {"late": {"to": "2031-01-01"}}}, "must lie within the history"),
        ({"history": {"to": "2020-01-01"}}, "from <= since <= to"),
        ({"not_compared": {"targets.nobody": "x"}}, "There is no parameter"),
        ({"not_compared": ["x"]}, "expected keys with values"),
        ({"aims": {}}, "this key is not known here"),
    ],
)
def test_bad_targets_are_refused_in_one_sentence(tmp_path, change, says):
    folder = tmp_path / "pack"
    shutil.copytree(country("toyland").folder, folder)
    blocks = yaml.safe_load((folder / FILE).read_text(encoding="utf-8"))
    for part, of in change.items():
        if isinstance(of, dict) and part in blocks:
            for key, more in of.items():
                blocks[part][key] = {**blocks[part][key], **more} if isinstance(more, dict) else more
        else:
            blocks[part] = of
    (folder / FILE).write_text(yaml.safe_dump(blocks), encoding="utf-8")
    pack = load_pack(folder)
    _, problems = read_targets(pack)
    assert any(says in problem and FILE in problem for problem in problems), problems
    with pytest.raises(InputError):
        load_targets(pack)


def test_targets_change_no_run(tmp_path):
    folder = tmp_path / "pack"
    shutil.copytree(country("toyland").folder, folder)
    before = load_pack(folder).content_hash
    (folder / FILE).unlink()
    assert load_pack(folder).content_hash == before


values = st.floats(0.01, 100.0)


@supposing(values, values, st.sampled_from(["about", "at least", "at most"]), st.sampled_from(["difference", "ratio"]))
def test_a_value_agrees_exactly_within_the_edges(value, told, bound, kind):
    here = target(**{"as": kind}, bound=bound, tolerance=1.5)
    low, high = here.edges(told)
    assume(min(abs(value - low), abs(value - high)) > 1e-9)
    assert (abs(here.off(value, told)) <= 1.0) == (low <= value <= high)


@supposing(values, values)
def test_a_bound_has_a_good_side(value, told):
    over, under = target(bound="at least").off(value, told), target(bound="at most").off(value, told)
    assert over <= 0.0 <= under
    assert over == 0.0 or under == 0.0
    assert over + under == pytest.approx(target().off(value, told))


def test_nothing_to_measure_never_agrees():
    for bound in ("about", "at least", "at most"):
        assert math.isinf(target(bound=bound).off(None, 2.0))
