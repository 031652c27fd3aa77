"""Cameras along the border with China: few until 2018, nearly everywhere since February 2019, for some hours a day.

Who carries goods over the border or leaves may pass a camera while it has power; somebody in the barracks may see it,
and guards go out. The rest is video that nobody looked at. Some know when cameras run, and go at another hour; the more
hours these run, the fewer other hours there are to find.

The hours with power are those of fences and posts, not of the place. So they stand in the chance of meeting a camera
that runs, and the contact does not ask whether the place has power; those caught are led off by guards, and what
neighbours hear is that guards caught them.

Parameters: border_video.covered, covered_factor, detection, shift (and hours, where border_hours reads them).
"""

import numpy as np

from greyspace.country import Pack
from greyspace.evidence import Parameters
from greyspace.infrastructure import Site
from greyspace.systems import border_hours
from greyspace.systems.shape import Contact, Floats, Record, View, add, nothing

NAME = "border_video"
CONTACTS = tuple(
    Contact(f"border_camera_{act}", "border_camera", act, "border", record="border", armed=act == "crossing")
    for act in ("smuggling", "crossing")
)
RECORDS = (Record("video of a stretch of the border", "none", "barracks of the guards"),)


def sites(country: Pack, p: Parameters) -> tuple[Site, ...]:
    """Cameras of the border are not kept one by one: how many run is a share of the hours."""
    return ()


def met(view: View) -> dict[str, Floats]:
    """A camera in the way that runs in the hour that was chosen.

    Of those who would go in an hour in which cameras run, the share ``shift`` look for another; it is dark as often as
    hours are.
    """
    lit = border_hours.lit(view.p, view.day)
    chosen = lit * (1.0 - view.p.number("border_video.shift") * (1.0 - lit))
    return {contact.name: view.at_the_border(_covered(view) * chosen, 0.0) for contact in CONTACTS}


def odds(view: View) -> dict[str, Floats]:
    """Seen by who watches, or on video only."""
    detection = view.p.number("border_video.detection")
    found = {}
    for contact in CONTACTS:
        found[contact.name] = view.empty()
        add(found[contact.name], {"on_record": detection, "passed": 1.0 - detection}, 1.0)
    return found


def coverage(view: View) -> dict[str, Floats]:
    """Of the border, what is in view of a camera that runs, over the hours."""
    return {"border": view.at_the_border(_covered(view) * border_hours.lit(view.p, view.day), np.nan)}


def _covered(view: View) -> float:
    share = view.p.number("border_video.covered_factor") * view.p.between("border_video.covered", view.day)
    return min(share, 1.0)


publish = routine = nothing
