"""Cameras turned on the enforcers: at stations, trains and road posts, markets, offices, the border; to see bribes.

They meet nobody themselves. They tell how much of what officers do happens in view of a camera that works, with power
and without; whether anybody looks, whether he can be bought, and where officers go not to be seen, is the institution's
affair. What the police of the quarter and state security settle, they settle in offices. No account tells of cameras
over the administrators of workplaces. ``at_gates`` turns the devices of the gate programme on the officers there, in
place of the travellers.

Parameters: enforcer_cameras.covered_station, covered_train, covered_road, covered_market, covered_office,
covered_border, covered_factor, live_share, at_gates (and border_video.hours where border_hours reads it).
"""

import numpy as np

from greyspace.country import Pack
from greyspace.evidence import Parameters
from greyspace.infrastructure import HOME, INDUSTRY, RAIL, Site
from greyspace.systems import border_hours, gate_programme
from greyspace.systems.shape import Contact, Floats, Record, View, nothing

NAME = "enforcer_cameras"
CONTACTS: tuple[Contact, ...] = ()
RECORDS = (Record("officers and whom they deal with, on video", "face", "whoever watches the officers"),)


def sites(country: Pack, p: Parameters) -> tuple[Site, ...]:
    """Those of the gate programme where its devices are turned on officers; other cameras are not kept one by one."""
    return gate_programme.sites(country, p) if p.number("enforcer_cameras.at_gates") else ()


def publish(view: View) -> dict[str, Floats]:
    """``in_view_<kind>``: share ``[place, powered]`` of the encounters of a kind of officer before a live camera.

    A camera at a station works with the power of the place. Elsewhere what the person who acts has to do with power is
    not what the camera has: a post, a market, an office and the border have supply their share of the hours, and a
    train that runs has its own.
    """
    factor, live = view.p.number("enforcer_cameras.covered_factor"), view.p.number("enforcer_cameras.live_share")
    # Share of the encounters there in view of a camera that is not dead.
    covered = {
        where: live * min(factor * view.p.between(f"enforcer_cameras.covered_{where}", view.day), 1.0)
        for where in ("station", "train", "road", "market", "office", "border")
    }
    station = np.zeros((view.places, 2))
    station[:, 1] = covered["station"]
    if view.p.number("enforcer_cameras.at_gates"):
        devices = gate_programme.devices(view)
        seen = devices.by_place(devices.works.mean(axis=0), view.places)
        station[:, 1] = 1.0 - (1.0 - station[:, 1]) * (1.0 - np.minimum(seen, 1.0))
    office = _alike(view, covered["office"] * view.supplied(INDUSTRY))
    return {
        "in_view_station": station,
        "in_view_train": _alike(view, covered["train"]),
        "in_view_road": _alike(view, covered["road"] * view.supplied(RAIL)),
        "in_view_market": _alike(view, covered["market"] * view.supplied(HOME)),
        "in_view_neighbourhood": office,
        "in_view_security": office,
        "in_view_border": _alike(view, covered["border"] * border_hours.lit(view.p, view.day)),
    }


def _alike(view: View, share: Floats | float) -> Floats:
    """``[place, powered]``: the same whether or not the person who acts has power."""
    found = np.empty((view.places, 2))
    found.T[:] = share
    return found


met = odds = routine = coverage = nothing
