"""A system that is off: before anything is learnt, only what it meets and what it tells others is otherwise."""

from datetime import date

import numpy as np
import polars as pl
import pytest

from given import country, odds_of, with_gates_live, world
from greyspace.errors import InputError
from greyspace.infrastructure import NOT_INSTALLED
from greyspace.simulate import World, plan
from greyspace.simulate.world import Period, day_of
from greyspace.systems import SYSTEMS

READ_BY = {
    "identity_register": {"station_gates", "station_officers", "train_checks", "road_posts"},
    "station_officers": {"station_gates"},
    "human_network": {"workplace_cameras"},
    "inspections": {"human_network", "workplace_cameras", "analysis"},
}
"""Which systems another tells something that they go by; whoever is not named tells nobody."""


@pytest.mark.parametrize("name", ["toyland", "dprk"])
@pytest.mark.parametrize("off", [system.NAME for system in SYSTEMS])
def test_before_anything_is_learnt_a_system_changes_only_its_own_contacts_and_those_of_who_goes_by_it(name, off):
    pack = with_gates_live(country(name))
    start, end = date(2023, 1, 2), date(2023, 1, 23)
    whole, made = (world(pack, start=start, end=end, systems={off: on}) for on in (True, False))
    before, after = (odds_of(each, each.periods[0]) for each in (whole, made))
    names = [contact.name for contact in whole.contacts]
    of = {contact.name: system.NAME for system in SYSTEMS for contact in system.CONTACTS}
    mine = {contact.name for system in SYSTEMS if system.NAME == off for contact in system.CONTACTS}
    assert [contact.name for contact in made.contacts] == [name for name in names if name not in mine]
    at = {(whole.contacts[names.index(name)].encounter, whole.contacts[names.index(name)].act) for name in mine}
    touched = set()
    for i, contact in enumerate(made.contacts):
        j = names.index(contact.name)
        if (after.finding[:, i] != before.finding[:, j]).any():
            touched.add(of[contact.name])
        # Contacts of one encounter and act stand for each other: another now meets who came to this one.
        if (contact.encounter, contact.act) not in at and of[contact.name] not in READ_BY.get(off, ()):
            assert (after.met[:, i] == before.met[:, j]).all(), contact.name
    assert touched <= READ_BY.get(off, set())
    if off != "enforcer_cameras":
        assert (after.verdict == before.verdict).all()
    # Who sets out for what does not hang on a system that nobody has met yet; of devices, people hear.
    of_people = ("ceiling", "pick", "accept", "dest", "powered")
    heard_of = any(contact.device for system in SYSTEMS if system.NAME == off for contact in system.CONTACTS)
    for part in of_people if heard_of else (*of_people, "weekly"):
        assert (getattr(after, part) == getattr(before, part)).all(), part


SINCE = date(2023, 1, 23)


def switched(off: str, when: object, **of: object) -> World:
    """Toyland with all its gates, and a system that is not there all the time."""
    pack = with_gates_live(country("toyland"))
    told = pack.scenario("history").model_copy(update={"systems": {off: when}})
    return plan(pack, told, start=date(2023, 1, 2), end=date(2023, 2, 20), **of).world()


def said(made: World, period: Period) -> dict[object, np.ndarray]:
    """What systems keep, cover and publish in a period."""
    return {**made.routine(period), **made.coverage(period), **made.view(period).published}


@pytest.mark.parametrize("off", [system.NAME for system in SYSTEMS])
def test_a_system_that_goes_on_a_date_is_there_until_then_and_afterwards_as_if_it_had_never_been(off):
    whole, without, made = (switched(off, when) for when in (True, False, {SINCE: False}))
    names = [contact.name for contact in made.contacts]
    assert names == [contact.name for contact in whole.contacts]
    kept = [names.index(contact.name) for contact in without.contacts]
    gone = [i for i in range(len(names)) if i not in kept]
    for period in made.periods:
        late = day_of(period.monday) >= SINCE
        found, other = said(made, period), said(without if late else whole, period)
        assert found.keys() == other.keys()
        assert all(np.array_equal(found[key], other[key], equal_nan=True) for key in found)
        now = odds_of(made, period)
        if late:
            then = odds_of(without, period)
            for part in ("finding", "met"):
                assert (getattr(now, part)[:, kept] == getattr(then, part)).all()
            first = {(contact.encounter, contact.act): i for i, contact in reversed(list(enumerate(made.contacts)))}
            assert not now.met[:, [i for i in gone if i in first.values()]].any()
            assert (now.verdict == then.verdict).all()
        else:
            then = odds_of(whole, period)
            assert all((a == b).all() for a, b in zip(now, then, strict=True))


def test_what_a_system_is_given_when_it_comes_is_new():
    """Gates that come in 2023 have not been there before, whatever the list of gates says; no other device is moved."""
    early, late = switched("station_gates", True), switched("station_gates", {SINCE: True})
    monday = (SINCE - date(1970, 1, 1)).days
    before = late.weeks < monday
    assert (late.infrastructure.state[before] == NOT_INSTALLED).all()
    assert (late.infrastructure.state[~before] != NOT_INSTALLED).all()
    assert (early.infrastructure.state != NOT_INSTALLED).all()
    assert not late.in_use(late.weeks)[before].any()
    assert late.in_use(late.weeks)[~before].all()
    first, last = late.periods[0], late.periods[-1]
    assert not late.gated(first).any()
    assert late.gated(last).any()


def test_two_systems_that_share_a_device_are_refused_though_one_comes_late():
    pack = country("toyland")
    told = pack.scenario("history").model_copy(update={"systems": {"station_gates": {SINCE: True}}})
    with pytest.raises(InputError, match="one device cannot serve"):
        plan(pack, told, sets={"enforcer_cameras.at_gates": 1}).world()


@pytest.mark.parametrize("engine", ["expected", "individuals"])
@pytest.mark.parametrize("off", ["human_network", "payments", "station_gates"])
def test_a_run_in_which_a_system_goes_is_history_until_then_and_knows_nothing_of_it_afterwards(lived, engine, off):
    told = country("toyland").scenario("history").model_copy(update={"systems": {off: {SINCE: False}}})
    span = {"start": date(2022, 12, 5), "end": date(2023, 3, 13), "engine": engine}
    history, made = lived(**span), lived(scenario=told, **span)
    for name in ("series", "contacts", "routine", "coverage"):
        before, after = history.table(name), made.table(name)
        day = history.tables[name].date
        assert before.filter(pl.col(day) < SINCE).equals(after.filter(pl.col(day) < SINCE)), name
        if "system" in before.columns:
            assert not after.filter((pl.col(day) >= SINCE) & (pl.col("system") == off)).height
    assert not history.table("series").equals(made.table("series")) or off == "payments"
    mine = [contact.name for system in SYSTEMS if system.NAME == off for contact in system.CONTACTS]
    met = made.table("contacts").filter((pl.col("period") >= SINCE) & pl.col("contact").cast(pl.String).is_in(mine))
    assert not met.height
