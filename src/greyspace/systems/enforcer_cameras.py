"""Cameras turned on the enforcers: on officers at stations, on trains and at road posts, so that bribes are seen.

They meet nobody themselves. They tell how much of what officers do happens in view of a camera that works, with power
and without; whether anybody looks, whether he can be bought, and where officers go not to be seen, is the institution's
affair. ``at_gates`` turns the devices of the gate programme on the officers there, in place of the travellers.

Parameters: enforcer_cameras.covered_station, covered_train, covered_road, covered_factor, live_share,
at_gates.
"""

import numpy as np

from greyspace.country import Pack
from greyspace.evidence import Parameters
from greyspace.infrastructure import RAIL, Site
from greyspace.institutions import OFFICERS
from greyspace.systems import gate_programme
from greyspace.systems.shape import Contact, Floats, Record, View

NAME = "enforcer_cameras"
CONTACTS: tuple[Contact, ...] = ()
RECORDS = (Record("officers and whom they deal with, on video", "face", "whoever watches the officers"),)


def sites(country: Pack, p: Parameters) -> tuple[Site, ...]:
    """Those of the gate programme where its devices are turned on officers; other cameras are not kept one by one."""
    return gate_programme.sites(country, p) if p.number("enforcer_cameras.at_gates") else ()


def publish(view: View) -> dict[str, Floats]:
    """``in_view_<kind>``: share ``[place, powered]`` of the encounters of a kind of officer before a live camera.

    A camera at a station works with the power of the place; on the road a post has supply its share of the hours, and a
    train that runs has its own.
    """
    p = view.p
    live, factor = p.number("enforcer_cameras.live_share"), p.number("enforcer_cameras.covered_factor")
    covered = {
        kind: live * min(factor * p.number(f"enforcer_cameras.covered_{kind}", view.day), 1.0) for kind in OFFICERS
    }
    station = np.full(view.places, covered["station"])
    if p.number("enforcer_cameras.at_gates"):
        seen = np.zeros(view.places)
        for _, site, traffic, works in gate_programme.devices(view):
            seen[site.region] += traffic * works.mean()
        station = 1.0 - (1.0 - station) * (1.0 - np.minimum(seen, 1.0))
    hours = view.infrastructure.power.share[view.first : view.last, :, RAIL].mean(axis=0)
    both = np.ones(2)
    return {
        "in_view_station": np.stack([np.zeros(view.places), station], axis=1),
        "in_view_train": np.full(view.places, covered["train"])[:, None] * both,
        "in_view_road": (covered["road"] * hours)[:, None] * both,
    }


def met(view: View) -> dict[str, Floats]:
    """Nobody is met."""
    return {}


def odds(view: View) -> dict[str, Floats]:
    """No contacts, no odds."""
    return {}
