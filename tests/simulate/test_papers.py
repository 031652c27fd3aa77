"""False papers in a whole world: what they are worth, who carries them, and what readers and knowing change."""

from dataclasses import replace
from datetime import date

import numpy as np

from given import country, odds_of, world
from greyspace.contract import STATES, chances
from greyspace.country import ACTS
from greyspace.institutions import ROWS
from greyspace.results import Store
from greyspace.simulate import Life, plan, run
from greyspace.society.papers import FALSE
from greyspace.society.routes import JOURNEY_MODES, MODES

WITHOUT = ACTS.index("journey_without_permit")
WITH = ACTS.index("journey_with_permit")
READERS = {
    "identity_register.reader_share": 1.0, "identity_register.enrolled": 1.0, "network.least_linked": 1.0,
    "power.least_hours": 24.0,
}  # fmt: skip
NO_READERS = {**READERS, "identity_register.reader_factor": 0.0}
KNOWN, UNKNOWN = {"knowing.initial_register": 1.0}, {"knowing.initial_register": 0.0}


def shown(sets, name="toyland"):
    """``[..., line, papers]``: shares of journeys without a permit, where officers have met nobody yet."""
    made = world(country(name), sets)
    way = chances(odds_of(made, made.periods[-1]).way)[..., WITHOUT, :]
    return way[..., len(made.axes.ways) - len(MODES) + JOURNEY_MODES]


def lived(sets, name="dprk", engine="expected", scale=0.004):
    """``[line, papers, state]`` of journeys without a permit in a quarter, in persons; and the life."""
    pack = country(name)
    start, end = date(2019, 1, 7), date(2019, 3, 25)
    made = plan(pack, pack.scenario("history"), engine=engine, scale=scale, start=start, end=end, sets=sets)
    life = Life(made)
    got = [life.step(period, life.odds(period), lambda _: None) for period in life.world.periods]
    life.close()
    modes = sum(each.acts.sum(axis=0) * each.weight for each in got)
    assert (modes[WITH][len(modes[WITH]) - len(MODES) + JOURNEY_MODES[:, 1:]] == 0).all()  # with a permit, no need
    return modes[WITHOUT][len(modes[WITHOUT]) - len(MODES) + JOURNEY_MODES], life, got


def share(journeys, state):
    """``[line, papers]``: of journeys begun, the share that came to this."""
    begun = journeys[..., STATES.index("punished") :].sum(axis=-1)
    return journeys[..., STATES.index(state)] / begun


def test_a_false_paper_spares_the_eye_of_an_officer_but_costs_more_when_it_is_told():
    journeys, life, _ = lived(NO_READERS)
    free = share(journeys, "free_unseen") + share(journeys, "free_recorded")
    assert (free[:, 1:] > free[:, :1]).all()
    p = life.world.p
    assert p.number("bribery.penalty_false_papers") > p.number("bribery.penalty_journey")


def test_where_a_linked_reader_stands_a_forged_card_is_worth_less_than_none():
    """It is stopped about as surely, and who is stopped pays for a graver offence."""
    journeys, _, _ = lived({**READERS, **KNOWN})
    hindered = journeys[..., STATES.index("punished") : STATES.index("paid") + 1].sum(axis=-1)
    begun = journeys[..., STATES.index("punished") :].sum(axis=-1)
    assert ((hindered / begun)[:, 1:] > 0.8 * (hindered / begun)[:, :1]).all()
    assert (share(journeys, "punished")[:, 1:] > 2 * share(journeys, "punished")[:, :1]).all()


def test_who_knows_what_linked_readers_do_goes_without_false_papers():
    before, after = shown({**NO_READERS, **KNOWN}), shown({**READERS, **KNOWN})
    assert (after[..., 1:] < before[..., 1:]).all()
    assert (after[..., 0] > before[..., 0]).all()


def test_who_does_not_know_goes_on_as_if_there_were_none():
    assert (shown({**NO_READERS, **UNKNOWN}) == shown({**READERS, **UNKNOWN})).all()


def test_people_know_as_little_of_the_register_as_the_share_says():
    none, some, all_ = (shown({**READERS, "knowing.initial_register": x}) for x in (0.0, 0.3, 1.0))
    assert np.allclose(some, 0.7 * none + 0.3 * all_, atol=1e-8)


def test_readers_that_nobody_knows_of_catch_more_than_readers_that_are_known():
    (unknown, _, _), (known, _, _) = lived({**READERS, **UNKNOWN}), lived({**READERS, **KNOWN})
    punished = STATES.index("punished")
    assert unknown[:, 1:, punished].sum() > 2 * known[:, 1:, punished].sum()


def test_nobody_who_cannot_get_a_paper_has_one():
    nobody = {f"papers.can_{way}_{x}": 0.0 for way in ("borrow", "forge")
              for x in ("elite", "middle", "ordinary", "vulnerable")}  # fmt: skip
    assert (shown(nobody)[..., 1:] == 0).all()
    assert (shown({})[..., 1:] > 0).any()


def test_a_dear_paper_is_left_and_the_journey_made_without():
    cheap, dear = (shown({f"papers.price_{kind}": kg for kind in FALSE}) for kg in (0.0, 1000.0))
    assert (dear[..., 1:] < 0.01 * np.maximum(cheap[..., 1:], 1e-9) + 1e-9).all()
    assert (dear[..., 0] >= cheap[..., 0]).all()


def test_false_papers_are_a_charge_of_their_own_at_the_same_act(tmp_path):
    pack = country("toyland")
    made = plan(pack, pack.scenario("history"), engine="expected", start=date(2019, 1, 7), end=date(2019, 3, 25))
    bribes = run(made, Store(tmp_path)).table("bribes")
    false = bribes.filter(bribes["offence"] == "false_papers")
    assert set(false["act"]) == {"journey_without_permit"}
    assert set(false["officer"]) == {kind for row in ROWS for kind in row}
    caught = {
        offence: bribes.filter((bribes["offence"] == offence) & (bribes["finding"] == "caught"))
        for offence in ("journey", "false_papers")
    }
    price = {offence: rows["kg"].sum() / rows["payers"].sum() for offence, rows in caught.items()}
    assert price["false_papers"] > price["journey"]


def test_both_engines_carry_the_same_papers_to_the_same_end():
    expected, _, _ = lived({}, "toyland")
    counted, life, _ = lived({}, "toyland", "individuals", 1.0)
    weight = life.weight(int(life.world.weeks[0]))
    # Counts of rare and independent events: five times their spread, and a little for what officers learn otherwise.
    assert (np.abs(counted - expected) / weight < 5.0 * np.sqrt(expected / weight) + 0.02 * expected / weight + 2).all()
    assert counted[:, 1:].sum() > 0


def test_who_knows_less_sees_what_all_systems_would_tell_one_who_knows_nothing_of_readers():
    """Only those are asked anew who look at what is other for him: all the others would say the same."""
    made = world(country("dprk"), READERS)
    for period in made.periods[:2]:
        view = made.view(period)
        seen, anew = made._unknowing(view), made._published(replace(view, readers_known=False))
        assert seen.published.keys() == anew.published.keys()
        assert any((seen.published[name] != view.published[name]).any() for name in seen.published)
        for name, share in anew.published.items():
            assert np.array_equal(seen.published[name], share), name
