"""What the passes of a week look up, pass by pass; worked out once for a renewal of the odds.

R regions, P profiles, A acts, W ways, L the lower bits of a person (profile and status), C contacts, E contacts of all
walks. Each pass is handed no more than its own: to hand on all takes longer than many a pass.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from greyspace.contract import Layout, Odds
from greyspace.contract.axes import LIMITS, NEWS_KINDS
from greyspace.engine.eights import in_eights
from greyspace.engine.instructions import EIGHT
from greyspace.engine.walks import walks_of
from greyspace.engine.week import STATUS_AT

Table = NDArray[np.uint32]

PLACE_AT = np.uint32((LIMITS["contacts"] - 1).bit_length())
CONTACT = np.uint32((1 << PLACE_AT) - 1)
"""Where a place and a contact are one word: the place stands above the bits of the contact."""


class Moods(NamedTuple):
    """How moods change on Monday."""

    change: Table  # [R, news, L]: threshold of any change
    most: Table  # [R, news]: the most of these
    weekly: Table  # [R, temper, news, S, change], as in the odds
    temper_of: Table  # [P]
    becomes: Table  # [S, change]


class Candidates(NamedTuple):
    """Which days are candidate days."""

    ceiling: Table  # [R, P, 128], as in the odds
    every_eighth: Table  # [R, P, 16]: every eighth of these
    least_free: Table  # [R]: the least threshold of a week without a candidate day


class Intents(NamedTuple):
    """What a candidate day is for, and whether it comes to that."""

    pick: Table  # [R, P, A], in eights
    accept: Table  # [R, P, A], as in the odds
    most: Table  # [R]: threshold that no acceptance exceeds


class Ways(NamedTuple):
    """How an intent is begun, or why not."""

    way: Table  # [R, temper and mood, A, W], in eights
    chooser: Table  # [L]: temper and mood, as one row of the ways
    number: int  # of ways


class Routes(NamedTuple):
    """Where an act leads, and past whom."""

    dest: Table  # [R, A, R], as in the odds
    only: Table  # [R, A]: the only destination, or R if there are several
    begin: Table  # [R x A x W x R destination + 1]: first contact of each walk, where the one before ended
    met: Table  # [E]: threshold of meeting anybody
    draws: Table  # [E]: counter of its draws
    ways: int


class Contacts(NamedTuple):
    """Who is met, and what is found."""

    where: Table  # [E]: the place, and below it the contact
    met: Table  # [place and contact, like that]: threshold, as in the odds
    instead: Table  # [C]
    powered: Table  # [R place, W], as in the odds
    group_of: Table  # [C, T]
    trait: Table  # [L]
    standing_of: Table  # [P]
    finding: Table  # [R place x C x G x powered, 2 F], in eights
    standings: int
    groups: int


class Verdicts(NamedTuple):
    """What is decided."""

    where: Table  # [E], as for the contacts
    case_of: Table  # [C]
    standing_of: Table  # [P]
    verdict: Table  # [R place x D x X J x powered x F, V], in eights
    ranks: int
    payers: int  # X J
    cases: int


class Ends(NamedTuple):
    """What an act leaves behind."""

    mark: Table  # [C x powered x outcome]
    first_ending: int
    state_of: Table  # [K]
    status_after: Table  # [K, S]
    hold_of: Table  # [K]
    hold_days: Table  # [hold class]
    news_of: Table  # [K]
    gone: Table  # [K]
    nothing: bool  # the first mark leaves the person as he or she was


class Tables(NamedTuple):
    """All of it."""

    moods: Moods
    candidates: Candidates
    intents: Intents
    ways: Ways
    routes: Routes
    contacts: Contacts
    verdicts: Verdicts
    ends: Ends


def _words(array: NDArray[np.int32]) -> Table:
    return array.astype(np.uint32)


def tables_of(odds: Odds, layout: Layout) -> Tables:
    """Work out what ``odds`` come to."""
    regions, profiles = odds.pick.shape[:2]
    moods, ways = odds.way.shape[2], odds.way.shape[-1]
    statuses, traits = odds.weekly.shape[3], layout.group_of.shape[1]
    change = np.zeros((regions, NEWS_KINDS, statuses << STATUS_AT), np.uint32)
    for profile in range(profiles):
        change[:, :, profile :: 1 << STATUS_AT] = odds.weekly[:, layout.temper_of[profile], ..., -1]
    low = np.arange(statuses << STATUS_AT)
    temper = layout.temper_of[np.minimum(low & ((1 << STATUS_AT) - 1), profiles - 1)]
    shares = np.diff(odds.dest, axis=-1, prepend=np.uint32(0)) > 0
    only = np.where(shares.sum(axis=-1) == 1, shares.argmax(axis=-1), regions)
    walks = walks_of(odds, layout)
    where = walks.place << PLACE_AT | walks.contact
    met = np.zeros((len(odds.met), 1 << PLACE_AT), np.uint32)
    met[:, : odds.met.shape[1]] = odds.met
    standing_of = _words(layout.standing_of)
    payers = odds.verdict.shape[2]
    same = (layout.status_after[0] == np.arange(statuses)).all()
    return Tables(
        Moods(change, change.max(axis=-1), odds.weekly, _words(layout.temper_of), _words(layout.becomes)),
        Candidates(
            odds.ceiling,
            every_eighth=np.ascontiguousarray(odds.ceiling[..., EIGHT - 1 :: EIGHT]),
            least_free=odds.ceiling[..., 0].min(axis=-1),
        ),
        Intents(in_eights(odds.pick), odds.accept, odds.accept.max(axis=(1, 2))),
        Ways(
            in_eights(odds.way.reshape(regions, -1, *odds.way.shape[3:])),
            chooser=_words(temper * moods + (low >> STATUS_AT) // traits),
            number=ways,
        ),
        Routes(odds.dest, _words(only), walks.begin, walks.met, walks.draws, ways),
        Contacts(
            where,
            met.ravel(),
            _words(layout.instead),
            odds.powered,
            _words(layout.group_of),
            trait=_words((low >> STATUS_AT) % traits),
            standing_of=standing_of,
            finding=in_eights(odds.finding.reshape(-1, odds.finding.shape[-1])),
            standings=payers // layout.ranks,
            groups=odds.finding.shape[2],
        ),
        Verdicts(
            where,
            _words(layout.case_of),
            standing_of,
            verdict=in_eights(odds.verdict.reshape(-1, odds.verdict.shape[-1])),
            ranks=layout.ranks,
            payers=payers,
            cases=odds.verdict.shape[1],
        ),
        Ends(
            _words(layout.mark_of.ravel()),
            layout.first_ending,
            _words(layout.state_of),
            _words(layout.status_after),
            _words(layout.hold_of),
            _words(layout.hold_days),
            _words(layout.news_of),
            _words(layout.gone),
            nothing=bool(same and layout.hold_of[0] == layout.gone[0] == layout.news_of[0] == 0),
        ),
    )
