"""Analysis: what turns records into leads, and leads into somebody who comes.

Records do nothing by themselves. Of those that can be put to a person some are looked at, and of these some are about
something; and no more are followed up than analysts have time for. The state may not yet have the capacity to use all
the data that it can collect, says the report: today it is near nothing.

A lead does not lead back to the very person who was recorded: it falls on an act of the same kind, of somebody who
lives in the same place, with the chance that leads on such acts bore to such acts begun, both as they were when the
records were made. Records differ by what they can be put to a person by: paper, a face at a gate, a plate, a picture at
work or at the border; an act's records are mixed of these as in the whole nation. Only acts that went free count; with
the others officers have dealt already.
A journey, or an offence on the road, is proved by its record; for other acts an inspection is sent, which may find
nothing.

Besides, telephones, payments, cards and boxes write down ordinary days, and some of what they hold of the day of an act
tells of it: a telephone, of journeys, goods, guests and absences; a payment, of goods; a card, of absences; a box, of
what was watched. Of acts that went free so many left such a footprint as leave one on any day, less what those leave
who know of it. What classroom cameras hold tells of no act.

Parameters: analysis.capacity, capacity_factor, joinable_<kind>, reviewed_share, hit_rate, footprint_tells (delay_weeks
where what was recorded is remembered), knowing.leaves_no_trace.
"""

import numpy as np

from greyspace.country import ACTS, Pack
from greyspace.draws import kernel
from greyspace.evidence import Parameters
from greyspace.infrastructure import Site
from greyspace.society.acts import SANCTIONED
from greyspace.systems.shape import RECORD_KINDS, Contact, Floats, Record, View, add, nothing, officer_at_home

NAME = "analysis"
FOOTPRINTS = {
    "phone": ("journey_without_permit", "smuggling", "crossing", "visitor", "absence"),
    "payment": ("trade", "smuggling"),
    "transport_card": ("absence",),
    "set_top": ("foreign_media",),
}
"""What ordinary records of the day of an act can tell of. Calls abroad go by a foreign network."""

SOURCES = ("lead", "footprint")
"""What a lead is made of: records of acts, or ordinary records of the day."""

CONTACTS = (
    *(
        Contact(f"lead_{act}", "lead", act, officer_at_home(act))
        for act, permitted in zip(ACTS, SANCTIONED, strict=True)
        if not permitted
    ),
    *(
        Contact(f"footprint_{act}", "lead", act, officer_at_home(act), teaches="phone_and_money")
        for act in ACTS
        if any(act in acts for acts in FOOTPRINTS.values())
    ),
)
RECORDS = (Record("what was put together about a person", "name", "analysts, police, state security"),)

_LEADS_TO = [(c.name, ACTS.index(c.act), SOURCES.index(c.name.partition("_")[0])) for c in CONTACTS]
"""Each contact with the act and the source of its leads."""

_TELLS_OF = np.array([[act in acts for act in ACTS] for acts in FOOTPRINTS.values()], np.float64)
"""``[kind, A]``"""

_PROVED = ("journey_without_permit", "traffic_offence")
_MONTHS = 12.0


def sites(country: Pack, p: Parameters) -> tuple[Site, ...]:
    """No equipment of its own."""
    return ()


def leads(view: View) -> Floats:
    """``[place, A, source]``: leads a month on each act, no more in all than there is capacity for."""
    p = view.p
    joinable = np.array([p.number(f"analysis.joinable_{kind}") for kind in RECORD_KINDS])
    looked_at = float(p.number("analysis.reviewed_share", view.day) * p.number("analysis.hit_rate"))
    could = np.empty((view.places, len(ACTS), len(SOURCES)))
    _find_leads(view.recorded, joinable, view.free, _of_a_day(view), _TELLS_OF, looked_at, SANCTIONED, could)
    a_year = p.between("analysis.capacity", view.day) * p.number("analysis.capacity_factor") / 1000.0
    most = (a_year / _MONTHS * view.country.residents(view.day.year))[:, None, None]
    total = could.sum(axis=(1, 2), keepdims=True)
    return could * np.divide(np.minimum(total, most), total, out=np.zeros(most.shape), where=total > 0)


def met(view: View) -> dict[str, Floats]:
    """The chance that a lead falls on an act: leads on such acts for each that was begun."""
    lead = leads(view)
    begun = view.begun[..., None]
    chance = np.divide(np.minimum(lead, begun), begun, out=np.zeros_like(lead), where=begun > 0)
    return {contact: chance[:, act, source] for contact, act, source in _LEADS_TO}


def odds(view: View) -> dict[str, Floats]:
    """Caught, where the record is proof or an inspection finds it; nothing where nobody makes inspections."""
    tables = {}
    for contact in CONTACTS:
        never, certain = np.zeros(view.places), np.ones(view.places)
        found = certain if contact.act in _PROVED else view.published.get(f"found_{contact.act}", never)
        inspected = contact.act in _PROVED or f"found_{contact.act}" in view.published
        table = view.empty()
        rest = "looked_over" if inspected else "passed"
        add(table, {"caught": found[:, None, None], rest: 1.0 - found[:, None, None]}, 1.0)
        tables[contact.name] = table
    return tables


def _of_a_day(view: View) -> Floats:
    """``[kind, place]``: ordinary records of a day, as today's uptake is, that tell of what they can tell of, and can
    be put to a person.
    """
    tells = view.p.number("analysis.footprint_tells") * view.careless
    found = np.empty((len(FOOTPRINTS), view.places))
    for kind, of_kind in zip(FOOTPRINTS, found, strict=True):
        of_kind[:] = view.published.get(f"day_{kind}", 0.0)
        of_kind *= view.p.number(f"analysis.joinable_{kind}")
        of_kind *= tells
    return found


_LEAD, _FOOTPRINT = (SOURCES.index(source) for source in ("lead", "footprint"))


@kernel
def _find_leads(recorded, joinable, free, of_a_day, tells_of, looked_at, permitted, out):  # type: ignore[no-untyped-def]
    """``out[place, A, source]``: leads that there could be; acts are told by place, or once for all places."""
    places, acts, _ = out.shape
    for r in range(places):
        known = min(r, len(free) - 1)
        for a in range(acts):
            lead = told = 0.0
            for k in range(len(joinable)):
                lead += recorded[known, a, k] * joinable[k]
            for k in range(len(of_a_day)):
                told += of_a_day[k, r] * tells_of[k, a]
            out[r, a, _LEAD] = 0.0 if permitted[a] else lead * looked_at
            out[r, a, _FOOTPRINT] = 0.0 if permitted[a] else free[known, a] * told * looked_at


publish = routine = coverage = nothing
