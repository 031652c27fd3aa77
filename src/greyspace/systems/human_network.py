"""The human network: heads of neighbourhood units, informants, administrators at workplaces, police and state security.

By some estimates as many as one person in twenty belongs to it. It needs no power and no link, and it notices small
changes that no device sees: that lights go out, that somebody has a visitor. Of what it notices some is passed on, and
so written down; of the reports some lead to an inspection, which knows what it looks for. Where the network is denser
than usual, more of it watches, each by himself.

Reports of what did not happen are made as well: they bring a search on people with nothing to find, which is counted,
but falls on nobody's act. Absence from work is noticed and settled by the administrators; the rest comes to the police
of the quarter, or, if grave, to state security.

Parameters: human_network.* (leaders, informants, administrators, police and state security; usual_share; notice_<act>,
report_share, act_on_share, false_report).
"""

import numpy as np

from greyspace.country import Pack
from greyspace.evidence import Parameters
from greyspace.infrastructure import Site
from greyspace.institutions import headcounts
from greyspace.systems.shape import Contact, Floats, Record, View, add, nothing, officer_at_home

NAME = "human_network"
ACTS_SEEN = ("visitor", "foreign_media", "private_word", "call_abroad", "theft", "smuggling", "crossing", "trade")
"""What neighbours can notice."""

CONTACTS = (
    *(Contact(f"neighbours_{act}", "neighbours", act, officer_at_home(act)) for act in ACTS_SEEN),
    Contact("workplace_absence", "workplace", "absence", "workplace"),
)
RECORDS = (Record("what is noticed and passed on, on paper", "name", "head of the unit, police, state security"),)


def sites(country: Pack, p: Parameters) -> tuple[Site, ...]:
    """No equipment."""
    return ()


def publish(view: View) -> dict[str, Floats]:
    """``network_share``: share of people in the network; ``false_reports``: searches for nothing, a person-year;

    ``workplace_absence``: odds of an absence before the administrators, for what stands before them.
    """
    share = _share(view)
    density = _density(view, share)
    searches = view.p.number("human_network.false_report") * view.p.number("human_network.act_on_share")
    noticed = _noticed(view, "absence", density)[:, None, None]
    absence = view.empty()
    add(absence, {"passed": 1.0 - noticed}, 0.0)
    absence += noticed[..., None] * _followed(view, "absence")
    return {"network_share": share, "false_reports": searches * density, "workplace_absence": absence}


def met(view: View) -> dict[str, Floats]:
    """The chance that somebody of the network notices: nobody where there is none, as told where it is as usual."""
    density = _density(view, view.published["network_share"])
    return {contact.name: _noticed(view, contact.act, density) for contact in CONTACTS}


def odds(view: View) -> dict[str, Floats]:
    """What comes of what is noticed."""
    return {contact.name: _followed(view, contact.act) for contact in CONTACTS}


routine = coverage = nothing


def _noticed(view: View, act: str, density: Floats) -> Floats:
    """``[place]``: chance that somebody of the network notices."""
    return np.asarray(1.0 - (1.0 - view.p.number(f"human_network.notice_{act}")) ** density)


def _followed(view: View, act: str) -> Floats:
    """Passed over, or reported and so on paper: then left at that, or inspected and found, or not found.

    Where nobody makes inspections, nothing comes of a report.
    """
    p = view.p
    reported, followed = p.number("human_network.report_share"), p.number("human_network.act_on_share")
    found = view.published.get(f"found_{act}")
    inspected = followed if found is not None else 0.0
    sure = found[:, None, None] if found is not None else 0.0
    table = view.empty()
    add(table, {"passed": 1.0 - reported}, 0.0)
    add(table, {"caught": reported * inspected * sure, "looked_over": reported * inspected * (1.0 - sure)}, 1.0)
    add(table, {"passed": reported * (1.0 - inspected)}, 1.0)
    return table


def _share(view: View) -> Floats:
    """``[place]``: share of people who belong to the network."""
    p = view.p
    units = _persons_a_unit(view)
    leaders = p.number("human_network.leaders_a_unit")
    informants = {
        where: p.number("human_network.informants_factor")
        * p.between(f"human_network.informants_a_unit_{where}", view.day)
        for where in ("border", "elsewhere")
    }
    of_unit = leaders + view.at_the_border(informants["border"], informants["elsewhere"])
    patrols, security = headcounts.police(view.country, p), headcounts.state_security(view.country, p)
    per_1000 = p.number("human_network.administrators") + patrols + security
    return np.minimum(of_unit / units + per_1000 / 1000.0, 1.0)


def _persons_a_unit(view: View) -> float:
    households = sum(view.p.number(f"population.{word}_households") for word in ("least", "most")) / 2.0
    return households * sum(row.size * row.share for row in view.country.household_sizes)


def _density(view: View, share: Floats) -> Floats:
    """How dense the network is, against where the chances of noticing were told."""
    return share / view.p.number("human_network.usual_share")
