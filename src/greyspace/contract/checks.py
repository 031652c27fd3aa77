"""Odds are checked once, where they are assembled, so that the engine need not doubt them."""

import numpy as np

from greyspace.contract.axes import (
    FINDINGS,
    FOUND,
    FREE_UNSEEN,
    LIMITS,
    NEWS_KINDS,
    OUTCOMES,
    STATES,
    TURNED_BACK,
    VERDICTS,
    WAYS_NOT_BEGUN,
    Axes,
)
from greyspace.contract.odds import DESTINATION, NOTHING, ONE, Layout, Odds
from greyspace.contract.thresholds import OddsError
from greyspace.draws import kernel


def check_layout(layout: Layout, axes: Axes) -> None:
    """Refuse a layout that the engine could not run; raises :class:`OddsError` naming the array."""
    for name in ("regions", "profiles", "standings", "tempers", "acts", "contacts", "groups", "marks"):
        size = len(getattr(axes, name))
        if not 0 < size <= LIMITS[name]:
            raise OddsError(f"there are {size} {name}; 1..{LIMITS[name]} fit")
    if len(axes.cases) > LIMITS["cases"]:
        raise OddsError(f"there are {len(axes.cases)} cases; at most {LIMITS['cases']} fit")
    if not 1 <= layout.ranks <= LIMITS["ranks"]:
        raise OddsError(f"layout.ranks is {layout.ranks}; 1..{LIMITS['ranks']} fit")
    if axes.statuses > LIMITS["statuses"]:
        raise OddsError(f"moods x traits are {axes.statuses}; at most {LIMITS['statuses']} fit")
    if axes.ways[:3] != WAYS_NOT_BEGUN:
        raise OddsError(f"the ways must begin with {', '.join(WAYS_NOT_BEGUN)}")
    p, s, c, k = len(axes.profiles), axes.statuses, len(axes.contacts), len(axes.marks)
    changes = layout.becomes.shape[1]
    wanted = {
        "standing_of": ((p,), len(axes.standings)),
        "temper_of": ((p,), len(axes.tempers)),
        "group_of": ((c, len(axes.traits)), len(axes.groups)),
        "mark_of": ((c, 2, len(OUTCOMES)), k),
        "state_of": ((k,), len(STATES)),
        "hold_of": ((k,), len(axes.holds)),
        "hold_days": ((len(axes.holds),), 20000),
        "news_of": ((k,), NEWS_KINDS),
        "gone": ((k,), 2),
        "status_after": ((k, s), s),
        "becomes": ((s, changes), s),
    }
    for name, (shape, size) in wanted.items():
        array = getattr(layout, name)
        if array.shape != shape or array.dtype != np.int32:
            raise OddsError(f"layout.{name} is {array.dtype}{array.shape}, not int32{shape}")
        if array.size and not (0 <= int(array.min()) and int(array.max()) < size):
            raise OddsError(f"layout.{name} points outside 0..{size - 1}")
    case_of = layout.case_of
    if case_of.shape != (c,) or case_of.dtype != np.int32:
        raise OddsError(f"layout.case_of is {case_of.dtype}{case_of.shape}, not int32{(c,)}")
    if (case_of < NOTHING).any() or (case_of >= len(axes.cases)).any():
        raise OddsError("layout.case_of must name a case or nothing for each contact")
    if layout.instead.shape != (c,) or (layout.instead >= c).any() or (layout.instead < NOTHING).any():
        raise OddsError("layout.instead must name a contact or nothing for each contact")
    if (layout.instead[layout.instead >= 0] <= np.flatnonzero(layout.instead >= 0)).any():
        raise OddsError("layout.instead must point to a later contact, so that no chain of alternatives is a circle")
    if layout.state_of[0] != FREE_UNSEEN or (np.diff(layout.state_of) > 0).any():
        raise OddsError("marks must be ordered from 'nothing' (free and unseen) to the gravest")
    ending = layout.state_of <= TURNED_BACK
    if (np.flatnonzero(ending) < layout.first_ending).any() or not ending[layout.first_ending :].all():
        raise OddsError("the marks that end an act must be just those turned back or punished")
    held_without_end = (layout.hold_of > 0) & ~ending
    if held_without_end.any():
        raise OddsError("a mark that holds a person must end the act")
    _check_routes(layout, axes)


def _check_routes(layout: Layout, axes: Axes) -> None:
    r, a, w, c = len(axes.regions), len(axes.acts), len(axes.ways), len(axes.contacts)
    if layout.route_of.shape != (r, a, w, r) or layout.route_of.dtype != np.int32:
        raise OddsError(f"layout.route_of is {layout.route_of.dtype}{layout.route_of.shape}, not int32{(r, a, w, r)}")
    routes = layout.routes
    if routes.ndim != 3 or routes.shape[1] > LIMITS["steps"] or routes.shape[2] != 4 or routes.dtype != np.int32:
        raise OddsError(f"layout.routes is {routes.dtype}{routes.shape}; a route has at most {LIMITS['steps']} steps")
    if layout.route_of.size and not (NOTHING <= layout.route_of.min() and layout.route_of.max() < routes.shape[0]):
        raise OddsError("layout.route_of names a route that is not there")
    used = routes[..., 0] != NOTHING
    if used.any():
        contact, place, times = (routes[..., i][used] for i in range(3))
        if contact.min() < 0 or contact.max() >= c or place.min() < DESTINATION or place.max() >= r or times.min() < 1:
            raise OddsError("layout.routes has a step with an unknown contact or place, or met less than once")
    # In the order in which their draws begin, the next must begin where those before it end, or later.
    begin = np.where(used, routes[..., 3], np.iinfo(np.int64).max)
    order = begin.argsort(axis=1)
    begin, times = (np.take_along_axis(x, order, axis=1) for x in (begin, np.where(used, routes[..., 2], 0)))
    if (begin[:, 1:] < begin[:, :-1] + times[:, :-1]).any():
        raise OddsError("layout.routes has two contacts of one route that would share their draws")


@kernel
def _look_through(flat, width):
    """Whether any threshold lies above one, any row of so many falls, and all rows end at one.

    Falls are counted over all, and those between the rows taken off, so that many entries are compared at once.
    """
    above, falls = flat[0] > ONE, 0
    for i in range(1, flat.shape[0]):
        above |= flat[i] > ONE
        falls += flat[i] < flat[i - 1]
    ends = True
    for start in range(0, flat.shape[0], width):
        ends &= flat[start + width - 1] == ONE
        if start > 0:
            falls -= flat[start] < flat[start - 1]
    return above, falls > 0, ends


def check_odds(odds: Odds, layout: Layout, axes: Axes) -> None:
    """Refuse odds of a wrong shape or type, and rows that do not end at one."""
    r, p, a, w = len(axes.regions), len(axes.profiles), len(axes.acts), len(axes.ways)
    m, u, c = len(axes.tempers), len(axes.moods), len(axes.contacts)
    payers = len(axes.standings) * layout.ranks
    wanted = {
        "ceiling": ((r, p, 128), True),
        "pick": ((r, p, a), True),
        "accept": ((r, p, a), False),
        "way": ((r, m, u, a, w), True),
        "dest": ((r, a, r), True),
        "met": ((r, c), False),
        "powered": ((r, w), False),
        "finding": ((r, c, len(axes.groups), 2, len(FOUND)), True),
        "verdict": ((r, len(axes.cases), payers, 2, len(FINDINGS), len(VERDICTS)), True),
        "weekly": ((r, m, NEWS_KINDS, axes.statuses, layout.becomes.shape[1]), False),
    }
    for name, (shape, adds_up) in wanted.items():
        array = getattr(odds, name)
        if array.shape != shape or array.dtype != np.uint32 or not array.flags.c_contiguous:
            raise OddsError(f"odds.{name} is {array.dtype}{array.shape}, not a contiguous uint32{shape}")
        above, falls, ends = _look_through(array.reshape(-1), array.shape[-1]) if array.size else (False, False, True)
        if above:
            raise OddsError(f"odds.{name} holds a threshold above one")
        if adds_up and not ends:
            where = np.argwhere(array[..., -1] != ONE)[0].tolist()
            raise OddsError(f"odds.{name}{where} does not add up to one")
        if (adds_up or name == "weekly") and falls:
            raise OddsError(f"odds.{name} holds a negative probability")
    if (odds.verdict[..., 0, 0] != ONE).any():
        where = np.argwhere(odds.verdict[..., 0, 0] != ONE)[0].tolist()
        raise OddsError(f"odds.verdict{where}: who is passed over must be let pass")
    # Cumulative thresholds that do not rise after 'passed': nothing else is found, unrecorded or recorded.
    alone = np.flatnonzero(layout.case_of == NOTHING)
    found = odds.finding[:, alone].reshape(r, len(alone), len(axes.groups), 2, 2, len(FINDINGS))
    rises = (found[..., 0] != found[..., -1]).any(axis=(0, 2, 3, 4))
    if rises.any():
        name = axes.contacts[alone[rises.argmax()]]
        raise OddsError(f"odds.finding: '{name}' has no case, so it may find nothing but 'passed'")
