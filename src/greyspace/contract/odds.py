"""What the world tells the engine: every probability a person can meet in a week, as integer thresholds.

A threshold is ``round(p * 2**31)`` and a draw is a 32-bit word shifted right by one, so 0 and 1 are exact. Rows over a
choice hold cumulative thresholds whose last entry is ``2**31``.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from greyspace.contract.axes import FINDINGS, OUTCOMES, STATES, VERDICTS
from greyspace.draws import stream

ONE = np.uint32(1 << 31)
NOTHING = -1
"""No contact: the end of a route, or 'meets nobody' where an alternative contact is named."""

HOME = -1
DESTINATION = -2
"""Places of a route's step that are filled in for each journey; other values are regions."""

Thresholds = NDArray[np.uint32]
Indices = NDArray[np.int32]


class Layout(NamedTuple):
    """What does not change in a run. R regions, P profiles, S statuses, C contacts, D cases, K marks, T traits.

    A *mark* is what an act leaves behind: of all the marks its contacts gave, the gravest (highest) one counts, once,
    when the act ends. Marks are ordered from nothing to the gravest penalty.
    """

    standing_of: Indices  # [P] -> standing
    temper_of: Indices  # [P] -> temper
    group_of: Indices  # [C, T] -> trait group at that contact
    case_of: Indices  # [C] -> case of the officer who decides there, or NOTHING: nobody does, and everybody passes
    instead: Indices  # [C] -> contact met when this one is not, or NOTHING
    mark_of: Indices  # [C, powered, outcome] -> mark
    state_of: Indices  # [K] -> state of an act whose gravest mark this is
    hold_of: Indices  # [K] -> hold class (0 = none)
    hold_days: Indices  # [hold class] -> days held, from the next day; from seven days on it ends on a Monday
    news_of: Indices  # [K] -> news bits told in the unit
    gone: Indices  # [K] -> 1 if the person leaves the population
    status_after: Indices  # [K, S] -> status after the act
    becomes: Indices  # [S, change] -> status after a change of the week
    route_of: Indices  # [R, A, W, R destination] -> row of routes, or NOTHING where no contact is met
    routes: Indices  # [routes, steps, 4] = contact, place, times, first count (see :func:`draw_count`)
    first_ending: int  # marks from this one on end the act
    ranks: int  # equally likely ranks of willingness to pay in each standing, 0 the most willing; one an act


class Odds(NamedTuple):
    """One renewal of the odds. M tempers, U moods, A acts, W ways, X standings, G groups, F findings, V verdicts.

    Regions lead every axis; a *place* is a region too, but the one where a contact happens. A contact is settled in two
    steps: what is found depends on the device or the officer and on the traits of the person, not on who can pay; what
    is then decided depends on the officer and on the *payer*, which is standing x ``layout.ranks`` + rank.
    """

    ceiling: Thresholds  # [R, P, 128]: set of candidate days (bit d = day d after Monday), no day first
    pick: Thresholds  # [R, P, A]: which act a candidate day is for
    accept: Thresholds  # [R, P, A]: rate / ceiling
    way: Thresholds  # [R, M, U, A, W]
    dest: Thresholds  # [R, A, R]
    met: Thresholds  # [R place, C]: cumulative along the chain of alternatives that starts at a step's contact
    powered: Thresholds  # [R place, W]: chance that the place has power, given the mode of the act
    finding: Thresholds  # [R place, C, G, powered, 2 F]: what is found, unrecorded or recorded
    verdict: Thresholds  # [R place, D, X J, powered, F, V]: what is decided; who is passed over is let pass
    weekly: Thresholds  # [R, M, news, S, change]: cumulative chances of the changes; the rest is no change


def draw_count(name: str, before: int) -> int:
    """Where the draws of a contact begin: by its name and how often a contact so named was met before on the route.

    Contacts that stand for each other (a gate with cameras, the same gate without) share a name and so their luck;
    leaving another contact out of a route shifts no draw.

    >>> draw_count("gate", 1) - draw_count("gate", 0)
    1
    """
    if not 0 <= before < 256:
        raise ValueError(f"a route meets '{name}' {before} times before; at most 255 fit")
    return (stream(f"contact/{name}") >> 9) << 8 | before


class Tallies(NamedTuple):
    """What the engine returns for a week: counts (``uint32``; ``float64`` from the expectation)."""

    states: NDArray  # type: ignore[type-arg]  # [R, P, A, state]
    modes: NDArray  # type: ignore[type-arg]  # [R, A, W, state]
    outcomes: NDArray  # type: ignore[type-arg]  # [R place, C, X, G, powered, outcome]: every contact met
    cases: NDArray  # type: ignore[type-arg]  # [R place, D, X J, powered, F, V]: those where an officer decided
    held: NDArray  # type: ignore[type-arg]  # [R, P, hold class]: holds begun


class Crowd(NamedTuple):
    """The persons of a run, or of a shard of it: whole units, ordered by region.

    A person is one word: profile (bits 0-5), status (6-13), gone (14), first free day since 1970-01-01 (15-29).
    """

    persons: NDArray[np.uint32]  # [n]
    serial: NDArray[np.uint32]  # [units] number of the unit in the nation, the same at every scale
    first: NDArray[np.int64]  # [units + 1] first person of each unit
    region: Indices  # [units]
    news: NDArray[np.uint8]  # [units] news bits of last week


def new_tallies(layout: Layout, odds: Odds, dtype: type = np.uint32) -> Tallies:
    """Tallies of zeros in the shape that ``odds`` calls for."""
    regions, profiles, acts = odds.pick.shape
    ways = odds.way.shape[-1]
    places, contacts, groups, powers, _ = odds.finding.shape
    standings = odds.verdict.shape[2] // layout.ranks
    return Tallies(
        np.zeros((regions, profiles, acts, len(STATES)), dtype),
        np.zeros((regions, acts, ways, len(STATES)), dtype),
        np.zeros((places, contacts, standings, groups, powers, len(OUTCOMES)), dtype),
        np.zeros((*odds.verdict.shape[:4], len(FINDINGS), len(VERDICTS)), dtype),
        np.zeros((regions, profiles, len(layout.hold_days)), dtype),
    )
