"""Cameras in classrooms: in most of the capital's by 2024, some of other towns', hardly any in the countryside.

One viewer, the head teacher, looks at one classroom a small part of the time. What is seen there is mostly settled in
the school; some is reported, and of the reports some have a consequence for the family. Nobody is punished for an act:
all of this is routine.

Parameters: school_cameras.equipped_capital, equipped_urban, equipped_rural, equipped_factor, attendance, misconduct,
attention, report_chance, consequence_share.
"""

import numpy as np

from greyspace.country import Pack
from greyspace.evidence import Parameters
from greyspace.infrastructure import HOME, Site
from greyspace.systems.shape import MONTH_DAYS, Contact, Floats, Record, View, nothing

NAME = "school_cameras"
CONTACTS: tuple[Contact, ...] = ()
RECORDS = (
    Record("video of a classroom", "none", "head teacher"),
    Record("some misconduct, in a report", "name", "whoever the school answers to"),
)


def sites(country: Pack, p: Parameters) -> tuple[Site, ...]:
    """Classrooms are not kept one by one: a share of them is equipped."""
    return ()


def publish(view: View) -> dict[str, Floats]:
    """``equipped_classrooms``: share of classrooms with a camera, whether it runs or not."""
    return {"equipped_classrooms": _equipped(view)}


def routine(view: View) -> dict[str, Floats]:
    """Pupil-days on video; reports of conduct; of them, those with a consequence."""
    p = view.p
    filmed = view.persons("pupil") * p.number("school_cameras.attendance") * MONTH_DAYS * _watched(view)
    seen = filmed * p.number("school_cameras.misconduct") * p.number("school_cameras.attention")
    reports = seen * p.number("school_cameras.report_chance")
    consequences = reports * p.number("school_cameras.consequence_share")
    return {"school": filmed, "school_report": reports, "school_consequence": consequences}


def coverage(view: View) -> dict[str, Floats]:
    """Of pupils, those in a classroom with a camera that has power."""
    return {"pupils": np.where(view.persons("pupil") > 0, _watched(view), np.nan)}


def _watched(view: View) -> Floats:
    """``[place]``: share of classrooms with a camera, while there is power; schools are supplied like homes."""
    return _equipped(view) * view.supplied(HOME)


def _equipped(view: View) -> Floats:
    p, factor = view.p, view.p.number("school_cameras.equipped_factor")
    share = {
        where: min(factor * p.between(f"school_cameras.equipped_{where}", view.day), 1.0)
        for where in ("capital", "urban", "rural")
    }
    return view.by_settlement(**share)


met = odds = nothing
