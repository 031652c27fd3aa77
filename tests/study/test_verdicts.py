"""Verdicts: a false claim comes out false, one that was put in as such, and one that nothing decides as undecided."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given as supposing
from hypothesis import strategies as st

from greyspace.errors import FolderError
from greyspace.study import histories
from greyspace.study.claims import Test
from greyspace.study.histories import Kept, missing
from greyspace.study.quantities import FAMILIES
from greyspace.study.totals import Totals
from greyspace.study.verdicts import by_chance, counted, effect, find, judge, margins, outcome, spearman, wilson
from planted import BOOK, CLAIMS, OPEN, TRUE, claim, study, two


def silent(phase, done, of):
    pass


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    return Kept(tmp_path_factory.mktemp("claims"))


@pytest.fixture(scope="module")
def found(kept):
    return find(study(seeds=1), kept, 1, silent)["claims"]


def test_what_follows_in_every_draw_held(found):
    told = found["T01"]
    assert (told["outcome"], told["share"]["holds"]) == ("held", 4)
    assert all(value < -100 for value in told["tests"][0]["values"])
    assert told["individuals"]["holds"] == 1
    assert told["structures"]["frightens"]["holds"] == told["structures"]["frightens"]["of"] == 1
    assert told["rival"]["holds"] == 0


def test_a_planted_false_claim_comes_out_false(found):
    told = found["T02"]
    assert (told["outcome"], told["share"]["holds"], told["share"]["contrary"]) == ("did not hold", 0, 4)


def test_a_claim_about_what_was_put_in_is_built_in_whatever_it_calls_itself(found):
    assert CLAIMS["T03"].label == "emergent"
    assert (found["T03"]["label"], found["T03"]["outcome"]) == ("built-in", "built-in")
    assert found["T03"]["share"]["holds"] == 4


def test_a_claim_whose_sign_nobody_knows_is_undecided_and_four_draws_single_nothing_out(found):
    told = found["T04"]
    assert told["outcome"] == "undecided"
    assert (told["share"]["holds"], told["share"]["contrary"]) == (2, 2)
    assert told["structures"]["frightens"]["holds"] == 1
    largest = told["decides"][0]
    # Many of so many parameters stand in just the order of four margins, or in the contrary one.
    assert abs(largest["correlation"]) == 1.0
    assert not largest["beyond_chance"], "four draws single nothing out among three hundred parameters"


def test_what_is_said_to_be_put_in_and_does_not_come_out_is_shown_as_failing(found):
    assert (found["T06"]["label"], found["T06"]["outcome"]) == ("built-in", "did not hold")


def test_what_the_model_has_no_place_for_stays_in_the_list(found):
    assert found["T05"]["outcome"] == "not expressible"


def test_the_declaration_is_kept_with_the_verdict(found):
    assert found["T01"]["declared"] == BOOK.declared(TRUE)


def test_a_stopped_study_lives_only_what_is_missing_and_says_the_same(kept, found):
    again = study(TRUE, OPEN, seeds=1)
    histories = again.histories()
    assert missing(histories, kept) == []
    lost = again.history("clean", "draw", 2)
    kept._path(lost.key).unlink()
    assert [history.key for history in missing(histories, kept)] == [lost.key]
    told = find(again, kept, 1, silent)["claims"]
    assert told["T01"] == found["T01"]


def test_a_torn_history_is_lived_again(kept, found):
    again = study(TRUE, seeds=1)
    torn = kept._path(again.history("usual", "draw", 1).key)
    torn.write_bytes(torn.read_bytes()[:100])
    assert find(again, kept, 1, silent)["claims"]["T01"] == found["T01"]


def test_a_folder_that_keeps_nothing_is_named(tmp_path, monkeypatch):
    elsewhere = Kept(tmp_path)
    monkeypatch.setattr(histories, "live", lambda *_: None)
    with pytest.raises(FolderError, match=str(tmp_path)):
        histories.Reader(elsewhere, 1, silent)(study().history("usual", "own", 0))


def test_claims_share_the_histories_that_they_have_in_common():
    alone = [len(study(each).histories()) for each in (TRUE, CLAIMS["T02"])]
    assert len(study(TRUE, CLAIMS["T02"]).histories()) < sum(alone)


def test_a_history_that_changes_later_begins_as_if_it_lived_alone(kept):
    made = study()
    usual, later, clean = (made.history(arm, "own", 0) for arm in ("usual", "later", "clean"))
    shared = {}
    usual.live(shared)
    together = later.live(shared)
    assert len(shared) == 1
    alone = later.live({})
    for part, named in together.parts.items():
        for name, array in named.items():
            assert np.array_equal(array, alone.parts[part][name]), (part, name)
    clean.live(shared)
    assert len(shared) == 2, "a world that has always been otherwise begins otherwise"


def test_an_arm_that_changes_later_is_drawn_until_then_and_so_begins_like_the_usual_one():
    made = study()
    before, since = date(2021, 8, 2), date(2021, 8, 30)
    for number in range(made.draws):
        usual, later = (made.history(arm, "draw", number) for arm in ("usual", "later"))
        drawn = made.drawn[number]["bribery.found_out"]
        assert [each.plan.p.at("bribery.found_out", before) for each in (usual, later)] == [drawn, drawn]
        assert later.plan.p.at("bribery.found_out", since) == 0.5
        assert later.begins == usual.begins


def test_every_quantity_can_be_read_of_a_history(kept, found):
    made = study(TRUE)
    totals = kept.get(made.history("usual", "own", 0).key)
    for family in FAMILIES:
        keys = [names[0] if names else None for names in family.keys]
        if None in keys:
            keys = {"records": ["payment"], "coverage": ["payments", "payers"]}[family.name]
        value = family.read(totals, keys, "everywhere")
        assert value is None or np.isfinite(value), family.name


def prices(**of):
    """Histories in which nothing but the price of food is known."""
    return {arm: Totals({"market": {"food_price": np.array(price)}}) for arm, price in of.items()}


def asked(design, arms, direction="up", against=None, kind="difference"):
    told = {
        "quantity": "market/food_price",
        "design": design,
        "arms": tuple(arms),
        "direction": direction,
        "least": 0.0,
    }
    return Test.model_validate({**told, "as": kind, "against": against})


def test_each_design_compares_what_it_says():
    of = prices(a=1.0, b=1.5, c=2.0, d=4.0)
    assert effect(asked("one arm", "a", against=3.0), of.get) == -2.0
    assert effect(asked("one arm", "d", against="market/food_price"), of.get) == 0.0
    assert effect(asked("two arms", "ab"), of.get) == 0.5
    assert effect(asked("two arms", "ab", kind="percent"), of.get) == 50.0
    assert effect(asked("factorial", "abcd"), of.get) == 1.5
    assert effect(asked("sweep", "abcd"), of.get) == 3.0


def test_a_way_that_goes_back_and_forth_is_no_way():
    of = prices(a=1.0, b=3.0, c=2.0)
    assert effect(asked("sweep", "abc"), of.get) == 0.0
    assert effect(asked("sweep", "acb"), of.get) == 2.0
    assert effect(asked("sweep", "abc", "down"), of.get) == 1.0, "it goes the other way, and that is said"


def test_what_is_not_there_has_no_effect():
    assert effect(asked("two arms", "ab"), {**prices(a=1.0), "b": Totals({})}.get) is None


def tried(**more):
    return claim("X01", tests=[two("let_off/all", "usual", "clean", "up", 10)], **more)


@pytest.mark.parametrize(
    ("effects", "says"),
    [
        ([12.0], "holds"),
        ([10.0], "holds"),
        ([3.0], "neither"),
        ([-3.0], "neither"),
        ([-12.0], "contrary"),
        ([None], None),
    ],
)
def test_an_effect_counts_from_the_least_on_and_so_does_its_contrary(effects, says):
    assert judge(tried(), effects) == says


def test_a_claim_of_several_tests_holds_where_all_do():
    both = claim(
        "X02", tests=[two("let_off/all", "usual", "clean", "up", 10), two("price/all", "usual", "clean", "down", 1)]
    )
    assert judge(both, [11.0, -2.0]) == "holds"
    assert judge(both, [11.0, 0.0]) == "neither"
    assert judge(both, [11.0, 2.0]) == "contrary"


def test_a_least_below_nothing_says_how_far_it_may_go_the_other_way():
    hardly = claim("X03", tests=[two("let_off/all", "usual", "clean", "up", -20, **{"as": "percent"})])
    assert [judge(hardly, [x]) for x in (5.0, -19.0, -21.0)] == ["holds", "holds", "contrary"]


@supposing(st.integers(0, 60), st.integers(1, 60))
def test_the_interval_holds_the_share_and_narrows_with_more_draws(k, n):
    k = min(k, n)
    low, high = wilson(k, n)
    assert 0.0 <= low <= k / n <= high <= 1.0
    wider = wilson(4 * k, 4 * n)
    assert wider[1] - wider[0] <= high - low


def test_all_or_none_of_four_draws_is_a_verdict_and_two_of_two_is_not():
    assert outcome(counted(["holds"] * 4)) == "held"
    assert outcome(counted(["neither"] * 4)) == "did not hold"
    assert outcome(counted(["holds"] * 2)) == "undecided"
    assert outcome(counted([None, None])) == "undecided"


def test_draws_with_nothing_to_measure_are_not_counted():
    share = counted(["holds", None, "contrary"])
    assert (share["of"], share["unsaid"]) == (2, 1)


def test_ranks_go_with_ranks_and_not_with_what_does_not_vary():
    x = np.arange(20.0)
    assert spearman(x, np.exp(x)) == 1.0
    assert spearman(x, -x) == -1.0
    assert spearman(x, np.ones(20)) == 0.0


def test_luck_alone_seldom_passes_the_line_among_many_parameters():
    rng, beyond = np.random.default_rng(7), 0
    for _ in range(40):
        margin = rng.normal(size=16)
        beyond += max(abs(spearman(rng.normal(size=16), margin)) for _ in range(50)) > by_chance(16, 50)
    assert beyond <= 6


def test_the_margin_is_that_of_the_worst_test():
    both = claim(
        "X02", tests=[two("let_off/all", "usual", "clean", "up", 0), two("price/all", "usual", "clean", "up", 0)]
    )
    drawn = [(float(i), 10.0 - i) for i in range(11)]
    assert margins(both, drawn).argmax() == 5


def test_a_structure_is_tried_in_one_draw_of_ten_and_in_one_at_least():
    assert study(draws=4).few == 1
    assert replace(study(), draws=32).few == 3
