"""Laws: the model keeps them all, and each notices a world, or a sum, in which it is broken."""

from dataclasses import replace

import pytest

from given import country
from greyspace.simulate.measures import Counted, CountedMet
from greyspace.study import laws
from greyspace.study.laws import LAWS, Bench
from greyspace.study.mutants import MUTANTS

WRONG = {mutant.id: mutant for mutant in MUTANTS}
BY_ID = {law.id: law for law in LAWS}


@pytest.fixture(scope="module")
def bench():
    made = Bench(country("toyland"))
    _ = made.lived
    return made


@pytest.fixture(scope="module")
def found(bench):
    return laws.tried(bench)


@pytest.mark.parametrize("law", list(BY_ID))
def test_the_model_keeps_every_law(found, law):
    assert found[law]["holds"], found[law]


@pytest.mark.parametrize(("mutant", "law"), [("mean_risk", "mixed"), ("random_blind_spots", "at_rest")])
def test_a_wrong_world_breaks_the_law_that_it_offends(mutant, law):
    wrong = laws.tried(Bench(country("toyland"), WRONG[mutant]))
    assert [name for name, of in wrong.items() if not of["holds"]] == [law]
    assert set(wrong) == {each.id for each in LAWS if each.of_world}


def counted(got, states=1.0, modes=1.0):
    """What a period came to, so many times."""
    return Counted(states * got.whole.states, modes * got.whole.modes, got.whole.held)


def met(got, times):
    """Whom people met in a period, so many times."""
    return CountedMet(got.met.outcomes * times, got.met.cases)


def altered(bench, accounts=None, **changes):
    """The same bench, whose first life counted, or booked, something else in its last period."""
    first, second = bench.lived
    last = replace(first.periods[-1], **changes)
    if accounts is not None:
        last.__dict__["_accounts"] = accounts
    other = Bench(bench.pack)
    other.__dict__["lived"] = (replace(first, periods=(*first.periods[:-1], last)), second)
    return other


@pytest.mark.parametrize(
    ("law", "change"),
    [
        ("persons", lambda got: {"people": got.people * 0.999}),
        ("intents", lambda got: {"whole": counted(got, states=2.0)}),
        ("ends", lambda got: {"met": met(got, 0.99)}),
        ("records", lambda got: {"met": met(got, 0.0), "whole": counted(got, modes=1e3)}),
        ("money", lambda got: {"accounts": (got.books._replace(bribes=got.books.bribes * 1.01), got.ledger)}),
    ],
)
def test_what_is_lost_or_made_on_the_way_is_noticed(bench, law, change):
    wrong = altered(bench, **change(bench.lived[0].periods[-1]))
    gap = BY_ID[law].tried(wrong)
    assert gap.gap > gap.within


@pytest.mark.parametrize(
    ("law", "name", "wrong"),
    [
        ("worth", "strike", lambda real: lambda post, payers: real(replace(post, fine=2.0 * post.fine), payers)),
        ("tolls", "total", lambda real: lambda *args: 1.2 * real(*args)),
        ("tolls", "total_linear", lambda real: lambda *args: real(*args) + 1e-3),
        ("survival", "fates", lambda real: lambda s, p, seed, weeks, age, up: real(s, p, seed, weeks, 1.5 * age, up)),
    ],
)
def test_a_sum_done_otherwise_is_noticed(bench, monkeypatch, law, name, wrong):
    monkeypatch.setattr(laws, name, wrong(getattr(laws, name)))
    gap = BY_ID[law].tried(bench)
    assert gap.gap > gap.within


def test_many_looks_find_as_one_look_after_another(bench, monkeypatch):
    monkeypatch.setattr(laws, "_FOUND", 0.2)
    assert BY_ID["looks"].tried(bench).gap < 1e-7
    real = laws._all_looked_at
    monkeypatch.setattr(laws, "_all_looked_at", lambda layout, odds, looks: real(layout, odds, looks + 1))
    assert BY_ID["looks"].tried(bench).gap > 0.01
