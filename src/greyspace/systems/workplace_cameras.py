"""Cameras at gates and floors of factories, in offices, and at the entrances of government buildings.

Who is away from a workplace in view is missed on the video, or at an entrance that opens to faces, besides what the
administrators notice anyway; with power, that is: without, the administrators are left. Who steals at work may be seen
doing it. Everybody else is filmed every day.

An absence is met with the power of the workplace. A theft is met wherever one is, so for thefts the hours with power
stand in the chance that a camera runs.

Parameters: workplace_cameras.covered_industry, covered_office, covered_government, covered_factor,
access_control_share, detection_absence, detection_theft, theft_at_work, attendance.
"""

from collections.abc import Mapping

import numpy as np

from greyspace.country import PROFILES, Pack
from greyspace.evidence import Parameters
from greyspace.infrastructure import INDUSTRY, Site
from greyspace.systems.shape import MONTH_DAYS, Contact, Floats, Record, View, add, of_roles

NAME = "workplace_cameras"
_ABSENCE = Contact("workplace_camera_absence", "workplace", "absence", "workplace", device=True, record="workplace")
_THEFT = Contact("workplace_camera_theft", "workplace", "theft", "workplace", record="workplace")
CONTACTS = (_ABSENCE, _THEFT)
RECORDS = (
    Record("video of gates, floors and offices", "none", "the workplace"),
    Record("face and time of each entrance, where a device opens it", "face", "the workplace"),
)
_SECTOR = {"worker": "industry", "office": "office"}
"""Which share in view holds for a role; fields have no cameras."""


def sites(country: Pack, p: Parameters) -> tuple[Site, ...]:
    """Cameras at work are not kept one by one: a share of each sector is in view."""
    return ()


def publish(view: View) -> dict[str, Floats]:
    """``seen_workplaces``: share of people who work in view of a camera; ``watched_thefts``: of thefts, before one that
    runs; ``filmed_<role>``: of people of a role, those who work in view, whether a camera runs or not.
    """
    covered = _by_role(view)
    filmed = sum((share * view.persons(role) for role, share in covered.items()), np.zeros(view.places))
    return {
        "seen_workplaces": filmed / view.people.sum(axis=1),
        "watched_thefts": _stealing(view, covered),
        **{f"filmed_{role}": np.full(view.places, share) for role, share in covered.items()},
    }


def met(view: View) -> dict[str, Floats]:
    """Absences from a workplace in view; thefts at one, while it has power."""
    covered, stealing = _by_role(view), view.published.get("watched_thefts")
    if stealing is None:
        stealing = _stealing(view, covered)
    return {_ABSENCE.name: _in_view(view, covered, "absence"), _THEFT.name: stealing}


def odds(view: View) -> dict[str, Floats]:
    """An absence is seen, or else left to the administrators' own eyes; a theft is seen or not."""
    p = view.p
    by_hand = view.published.get("workplace_absence", _nobody_looks(view))
    # An entrance that knows faces knows who did not come.
    entrance = p.between("workplace_cameras.access_control_share", view.day)
    seen = 1.0 - (1.0 - p.number("workplace_cameras.detection_absence")) * (1.0 - entrance)
    missed = by_hand.copy()
    missed[:, :, 1] *= 1.0 - seen
    add(missed[:, :, 1], {"on_record": seen}, 1.0)
    noticed = p.number("workplace_cameras.detection_theft")
    stolen = view.everywhere(({"on_record": noticed, "passed": 1.0 - noticed}, 1.0))
    return {_ABSENCE.name: missed, _THEFT.name: stolen}


def routine(view: View) -> dict[str, Floats]:
    """Person-days on video at work, and at entrances that know faces."""
    days = view.p.number("workplace_cameras.attendance") * MONTH_DAYS * view.supplied(INDUSTRY)
    at_work = (share * view.persons(role) for role, share in _by_role(view).items())
    filmed = sum(at_work, np.zeros(view.places)) * days
    return {"workplace": filmed, "face": filmed * view.p.between("workplace_cameras.access_control_share", view.day)}


def coverage(view: View) -> dict[str, Floats]:
    """Of workers, of office workers, and of entrances of government buildings: those before a camera with power."""
    on = view.supplied(INDUSTRY)
    found = {}
    for role, sector in _SECTOR.items():
        found[f"{sector}_workers"] = np.where(view.persons(role) > 0, _covered(view, sector) * on, np.nan)
    return {**found, "government_buildings": _covered(view, "government") * on}


def _covered(view: View, sector: str) -> float:
    share = view.p.between(f"workplace_cameras.covered_{sector}", view.day)
    return min(view.p.number("workplace_cameras.covered_factor") * share, 1.0)


def _stealing(view: View, by_role: Mapping[str, float]) -> Floats:
    """``[place]``: of thefts, the share at a workplace in view of a camera that runs."""
    thefts = _in_view(view, by_role, "theft")
    return view.p.number("workplace_cameras.theft_at_work") * thefts * view.supplied(INDUSTRY)


def _by_role(view: View) -> dict[str, float]:
    """By role: the share who work in view of a camera, whether it runs or not."""
    return {role: _covered(view, sector) for role, sector in _SECTOR.items()}


def _in_view(view: View, by_role: Mapping[str, float], act: str) -> Floats:
    """``[place]``: of those who would do an act from their workplace, the share whose workplace is in view."""
    covered = np.zeros(len(PROFILES))
    for role, share in by_role.items():
        covered[of_roles(role)] = share
    acting = view.people * view.country.rates.get(act, 0.0) * of_roles(*_SECTOR, "farmer")
    total = acting.sum(axis=1)
    return np.divide((acting * covered).sum(axis=1), total, out=np.zeros_like(total), where=total > 0)


def _nobody_looks(view: View) -> Floats:
    """A workplace without administrators: whom no camera misses is not missed."""
    return view.everywhere(({"passed": 1.0}, 0.0))
