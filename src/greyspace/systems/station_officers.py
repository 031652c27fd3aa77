"""Officers at the entrance of a station, who inspect travel papers by hand: everywhere before 2021, since then where no
gate works.

They overlook some missing permits, do not tell all false papers, stop some honest travellers by mistake, and write
little down.

Parameters: station_gates.manual_miss, manual_error, log_share, and those of false papers.
"""

import numpy as np

from greyspace.country import Pack
from greyspace.evidence import Parameters
from greyspace.infrastructure import Site
from greyspace.society.papers import FALSE
from greyspace.systems.false_papers import inspected
from greyspace.systems.shape import Floats, Record, View, nothing
from greyspace.systems.spot_checks import checks

NAME = "station_officers"
ENCOUNTERS = ("gate_home", "gate_away")
CONTACTS = tuple(contact for encounter in ENCOUNTERS for contact in checks(encounter, "station", "manual"))
RECORDS = (Record("some checks, in a log on paper", "name", "station"),)


def sites(country: Pack, p: Parameters) -> tuple[Site, ...]:
    """No equipment."""
    return ()


def publish(view: View) -> dict[str, Floats]:
    """``manual_permit`` and ``manual_<papers>``: the odds of an inspection by hand, for gates that fall back on it."""
    log, noticed = view.p.number("station_gates.log_share"), 1.0 - view.p.number("station_gates.manual_miss")
    false = {f"manual_{papers}": inspected(view, papers, noticed, log, "looked_over") for papers in FALSE}
    return {"manual_permit": _with_permit(view), "manual_none": _without_permit(view), **false}


def met(view: View) -> dict[str, Floats]:
    """Whoever meets no equipped gate meets an officer."""
    return {contact.name: np.ones(view.places) for contact in CONTACTS}


def odds(view: View) -> dict[str, Floats]:
    """The same inspection at every station, as published."""
    return {contact.name: view.published[f"manual_{contact.papers or 'permit'}"] for contact in CONTACTS}


routine = coverage = nothing


def _with_permit(view: View) -> Floats:
    error = view.p.number("station_gates.manual_error")
    findings = {"stopped": error, "looked_over": 1.0 - error}
    return view.everywhere((findings, view.p.number("station_gates.log_share")))


def _without_permit(view: View) -> Floats:
    noticed = 1.0 - view.p.number("station_gates.manual_miss")
    findings = {"caught": noticed, "looked_over": 1.0 - noticed}
    return view.everywhere((findings, view.p.number("station_gates.log_share")))
