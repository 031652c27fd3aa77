"""A system that is off: before anything is learnt, only what it meets and what it tells others is otherwise."""

from datetime import date

import pytest

from given import country, odds_of, with_gates_live, world
from greyspace.systems import SYSTEMS

READ_BY = {
    "identity_register": {"station_gates"},
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
