"""Gates with face recognition at railway stations: from April 2021 in South Hamgyong, then in other provinces.

A gate works while its device is alive, its place has power and, if it asks the central register, it is linked. A
working gate matches faces: who has a permit walks through, who has none is caught and on record, whatever he shows: a
borrowed paper has not his face, and a forged name is not his. Whoever it does not match goes to the exception desk,
where an officer has him and his papers in his hands. A gate that does not work is passed by hand. Which stations have
one, and since when, is the gate programme's affair.

Parameters: those of the programme, and station_gates.match_unmasked, match_masked, capture_failure_masked,
false_match, gallery, manual_miss, log_share, and those of false papers.
"""

import numpy as np

from greyspace.infrastructure import NOT_INSTALLED, RAIL
from greyspace.society.papers import FALSE, PAPERS
from greyspace.systems import gate_programme
from greyspace.systems.false_papers import inspect
from greyspace.systems.shape import GROUPS, Contact, Floats, Record, View, add, nothing

NAME = "station_gates"
_WHOSE = ("home", "away")
"""Whose travellers: where they live, and where they come as visitors."""

CONTACTS = tuple(
    Contact(
        f"gate_{whose}_{state}_{papers}",
        f"gate_{whose}",
        act,
        "station",
        device=state == "live",
        by_enrolment=state == "live",
        record="face" if state == "live" else "paper",
        papers="" if papers == "permit" else papers,
        teaches="register" if state == "live" else "",
    )
    for whose in _WHOSE
    for papers, act in (
        ("permit", "journey_with_permit"),
        *((papers, "journey_without_permit") for papers in PAPERS),
    )
    for state in ("live", "idle")
)
RECORDS = (Record("face, station and time of each match", "face", "station, or central register where linked"),)

OWN = tuple(
    f"station_gates.{name}"
    for name in (
        *("sites_", "further_share", "traffic_share_", "gallery"),
        *("match_unmasked", "match_masked", "capture_failure_masked", "false_match"),
    )
)
"""How ids begin of parameters that make no difference where no gate is installed yet: what reads them, or what hangs on
those who do, is asked of gates alone.
"""

_ENROLLED = GROUPS.index("enrolled")


sites = gate_programme.sites


def publish(view: View) -> dict[str, Floats]:
    """``gate_live`` and ``gate_idle``: share of a place's rail departures through gates that could work, or could not.

    Power is left out: it is settled for each journey.
    """
    infra = view.infrastructure
    if not (infra.state[view.first : view.last] != NOT_INSTALLED).any():
        return dict.fromkeys(("gate_live", "gate_idle", "seen_gates"), np.zeros(view.places))
    devices = gate_programme.devices(view)
    needs_link = view.published.get("needs_link", np.zeros(view.places))[devices.place] > 0
    on = devices.works & (infra.linked[view.first : view.last, devices.site] | ~needs_link)
    there = infra.state[view.first : view.last, devices.site] != NOT_INSTALLED
    live = devices.by_place(on.mean(axis=0), view.places)
    idle = devices.by_place((there & ~on).mean(axis=0), view.places)
    # Several gates of one province share its traffic; together they cannot have more than all of it.
    over = np.maximum(live + idle, 1.0)
    return {"gate_live": live / over, "gate_idle": idle / over, "seen_gates": (live + idle) / over}


def met(view: View) -> dict[str, Floats]:
    """First the live gates, then, of the others, the idle ones."""
    live, idle = view.published["gate_live"], view.published["gate_idle"]
    share = {"live": live, "idle": np.divide(idle, 1.0 - live, out=np.zeros_like(idle), where=live < 1.0)}
    return {contact.name: share[contact.name.split("_")[2]] for contact in CONTACTS}


def odds(view: View) -> dict[str, Floats]:
    """By enrolment and power; without power, and at idle gates, inspection by hand."""
    found, match = {}, _match(view)
    matched = np.zeros((len(_WHOSE), view.places, len(GROUPS)))
    for whose, of_all in zip(_WHOSE, matched, strict=True):
        of_all[:, _ENROLLED] = view.published.get(f"known_{whose}", 0.0) * match
    for papers in ("permit", *PAPERS):
        by_hand = view.published.get(f"manual_{papers}")
        if by_hand is None:
            by_hand = _nobody_looks(view)
        live = np.empty((len(_WHOSE), *by_hand.shape))
        live[:] = by_hand
        _live(view, matched, papers, live[:, :, :, 1])
        for whose, of_gates in zip(_WHOSE, live, strict=True):
            found[f"gate_{whose}_live_{papers}"] = of_gates
            found[f"gate_{whose}_idle_{papers}"] = by_hand
    return found


routine = nothing


def coverage(view: View) -> dict[str, Floats]:
    """Of departures by rail, those through a gate that works, in the hours with power; stations stand in the seats."""
    seats = {view.country.seat(province) for province in view.country.provinces}
    share = view.published["gate_live"] * view.supplied(RAIL)
    return {"rail_departures": np.where([place in seats for place in range(view.places)], share, np.nan)}


def _nobody_looks(view: View) -> Floats:
    """A station without officers: who meets no working gate passes unseen."""
    return view.everywhere(({"passed": 1.0}, 0.0))


def _match(view: View) -> Floats:
    """Share of known travellers whom a gate matches, by place: masks hide some from the camera, some from matching."""
    p = view.p
    masked = min(p.number("station_gates.match_masked"), 1.0 - p.number("station_gates.capture_failure_masked"))
    return view.masked * masked + (1.0 - view.masked) * p.number("station_gates.match_unmasked")


def _live(view: View, matched: Floats, papers: str, found: Floats) -> None:
    """Fill the odds ``[whose, place, group, found]`` at gates that work.

    Who has a permit and is matched is let pass, on record; who is not is in the hands of the exception desk. Without a
    permit: taken for the holder of one, and let pass; or matched, so caught and on record; or else before the desk,
    where an officer looks. Who is not found out there is treated like everybody whom the gate did not match.
    """
    found[:] = 0.0
    log = view.p.number("station_gates.log_share")
    if papers == "permit":
        add(found, {"passed": matched}, 1.0)
        add(found, {"stopped": 1.0 - matched}, log)
        return
    mistaken = view.p.number("station_gates.false_match")
    caught = (1.0 - mistaken) * matched
    desk = 1.0 - mistaken - caught
    noticed = 1.0 - view.p.number("station_gates.manual_miss")
    add(found, {"passed": mistaken, "on_record": caught}, 1.0)
    if papers in FALSE:
        read = np.asarray(view.published.get("cards_read", np.zeros(view.places)))[:, None]
        for share, odds in zip(desk, found, strict=True):
            inspect(view, papers, noticed, log, "stopped", read, share, odds[:, :, None])
    else:
        add(found, {"caught": desk * noticed, "stopped": desk * (1.0 - noticed)}, log)


def entrance(contact: str, powered: bool) -> tuple[str, str] | None:
    """What stood at a station's entrance, ``live``, ``unpowered``, ``idle`` or ``manual``, and the traveller's permit.

    That is ``permit`` or ``none``, whatever else he shows. None for contacts elsewhere.

    >>> entrance("gate_home_live_permit", powered=False), entrance("gate_away_idle_forged", powered=True)
    (('unpowered', 'permit'), ('idle', 'none'))
    """
    parts = contact.split("_")
    if parts[0] != "gate":
        return None
    return ("unpowered" if parts[2] == "live" and not powered else parts[2]), (
        "permit" if parts[3] == "permit" else "none"
    )
