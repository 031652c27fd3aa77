"""What the routes of begun acts come to, in expectation: walked once per renewal of the odds, not once per person.

What an act leaves does not depend on mood, so a route is walked for every trait and every *payer* (standing x rank of
willingness to pay) alone, all payers side by side. The gravest mark of a route is a product of distribution functions
as long as no contact ends the act. :mod:`greyspace.engine.paths` lays the routes out. What a stop comes to is worked
out first (:mod:`~greyspace.engine.stops`), then how often each is reached (:mod:`~greyspace.engine.trips`): both the
ends of acts and the contacts (:mod:`~greyspace.engine.contacts`) are made up of that.

Rows over payers are worked out in eights (:mod:`greyspace.engine.lanes`); what fills them up to whole eights means
nothing. Marks that nobody comes by under the odds taken, which are most, are carried nowhere.
"""

from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from greyspace.contract import FINDINGS, NOTHING, ONE, OUTCOMES, VERDICTS, Layout, Odds, chances
from greyspace.engine.contacts import settle, tell_cases, tell_outcomes
from greyspace.engine.instructions import EIGHT
from greyspace.engine.lanes import room, room_for
from greyspace.engine.paths import lay_out
from greyspace.engine.stops import Comes, Decided, Found, come_to, list_decided, list_found, list_marks
from greyspace.engine.trips import Reached, walk_trees, weigh

_FINDINGS = len(FINDINGS)
_VERDICTS = len(VERDICTS)
_ONE = float(ONE)

Floats = NDArray[np.float64]


class Routes:
    """All routes of a layout, under the odds taken last."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        self._stops, self._trees = lay_out(layout)
        regions = layout.route_of.shape[0]
        self._there = np.zeros((regions, len(layout.instead)), np.bool_)
        place, named = self._stops.place, self._stops.contact
        while len(named):
            self._there[place, named] = True
            named = np.asarray(layout.instead[named], np.int64)
            place, named = place[named != NOTHING], named[named != NOTHING]
        self._marks_tell = (layout.mark_of[:, 0] != layout.mark_of[:, 1]).any(axis=1)
        cases = int(layout.case_of.max(initial=0)) + 1
        self._asked = np.empty((regions, cases, _FINDINGS), np.bool_)
        self._shown = np.empty((len(layout.instead), 2, 2 * _FINDINGS), np.bool_)
        self._given = np.empty((cases, _FINDINGS, _VERDICTS), np.bool_)
        self._may_come = np.empty(len(layout.state_of), np.bool_)
        nodes = len(self._trees.stop)
        self._ends, self._through = np.empty(nodes), np.empty(nodes)
        self._stays = np.empty(len(self._trees.visits) - 1)
        self._dest: NDArray[np.uint32] | None = None
        self._taken = np.empty((0, 0), np.int64)
        self.payers = self.renewals = 0
        self._left: Floats = np.empty(0)

    def _make_room(self, payers: int, of_finding: tuple[int, ...]) -> None:
        """Arrays to fill at each renewal, since new memory costs more than filling it."""
        lay, self.payers = self._layout, payers
        lanes = self._lanes = -(-payers // EIGHT) * EIGHT
        traits = lay.group_of.shape[1]
        places, cases, findings = self._asked.shape
        self._finding = np.zeros(of_finding, np.uint32)
        # A list has room for one more, since what may be the next is written before it is known to be.
        *met, kinds = of_finding
        self._found = Found(
            np.empty((*met, kinds + 1)), np.empty((*met, kinds + 1), np.uint8), np.empty(met, np.int64),
            np.empty(met[:2], np.bool_), np.empty(met[:2], np.bool_),
        )  # fmt: skip
        self._decided = Decided(
            room_for(places * cases * 2 * findings * _VERDICTS + 1, lanes),
            np.empty((places, cases, 2, findings), np.int32),
            np.empty((places, cases, 2, findings, _VERDICTS + 1), np.uint8),
            np.empty((places, cases, 2, findings), np.int64),
            np.empty((places, cases), np.int64),
        )
        self._reached = Reached(room_for(traits, len(self._trees.visited), lanes), np.empty(len(self._stays), np.int64))
        most = int(np.diff(self._trees.visits).max(initial=0))
        self._arrived = room_for(most, lanes)
        outsets, (contacts, groups, powers) = len(self._stays), met[1:]
        self._meeting = (
            room_for(outsets, traits, lanes), np.empty((outsets, traits), np.bool_), room_for(traits, powers, lanes),
            room_for(contacts, groups, powers, lanes),
        )  # fmt: skip
        self._looked = room_for(kinds, lanes)
        self._once = room_for(2, traits, len(lay.state_of), lanes)
        self._sums = room_for(len(lay.state_of), lanes)
        self._upper = room_for(_VERDICTS + 1, lanes)
        self._upper[:] = 0.0
        self._levels = self._endings = 0

    def _make_rows(self, levels: int, endings: int) -> None:
        """Arrays for as many marks that do not and that do end an act, of which there are few, and seldom others."""
        lay, stops, lanes = self._layout, len(self._stops.place), self._lanes
        self._levels, self._endings = levels, endings
        steps, traits, through = lay.routes.shape[1], lay.group_of.shape[1], levels * lanes
        self._comes = Comes(
            np.empty((stops, 2, traits), np.int32),
            room_for(stops * 2 * traits, through),
            room_for(stops * 2 * traits * endings, lanes),
            np.empty(stops * 2 * traits, np.int32),
            np.empty((stops, endings + 1), np.int32),
            np.empty(stops, np.int32),
            room_for(stops * 2 * traits, lanes),
            np.empty(stops, np.int32),
            np.empty(stops, np.int32),
        )
        self._settled, self._lit = room_for(steps + 1, through), room_for(steps, 2, through)
        self._so_far = room_for(through)

    def take(self, odds: Odds, taken: NDArray[np.int64]) -> None:
        """Work out what every stop comes to under these odds.

        ``taken[A, W]`` numbers the ways by which anybody does an act, act by act; NOTHING for the others.
        """
        lay, payers = self._layout, odds.verdict.shape[2]
        if payers != self.payers:
            self._make_room(payers, odds.finding.shape)
        self.renewals += 1
        self._powered = odds.powered / _ONE
        self._met = odds.met / _ONE
        self._cases = odds.verdict.shape[1]
        list_found(
            odds.finding, self._finding, self._there, lay.group_of, lay.case_of, self._found, self._asked, self._shown
        )
        list_decided(odds.verdict, self._asked, self._upper, self._decided, self._given)
        list_marks(self._shown, self._given, lay.case_of, lay.mark_of, self._may_come)
        self._marks = np.flatnonzero(self._may_come)
        levels = self._marks[: np.searchsorted(self._marks, lay.first_ending)]
        endings = len(self._marks) - len(levels)
        if (len(levels), endings) != (self._levels, self._endings):
            self._make_rows(len(levels), endings)
        if odds.dest is not self._dest or not np.array_equal(taken, self._taken):
            weigh(chances(odds.dest), taken, self._trees, self._ends, self._through, self._stays)
            self._dest, self._taken = odds.dest, taken
        marks = len(lay.state_of)
        come_to(
            self._stops, self._met, lay.instead, lay.group_of, self._found, self._decided, lay.case_of, lay.mark_of,
            self._marks_tell, self._marks, levels, self._once, np.empty(marks, np.bool_), self._comes,
        )  # fmt: skip

    def left(self) -> Floats:
        """``[R, X, T, taken, mark]``: chances of what a begun act leaves."""
        lay = self._layout
        steps, marks = lay.routes.shape[1], len(lay.state_of)
        shape = (len(self._there), self.payers // lay.ranks, lay.group_of.shape[1], int(self._taken.max()) + 1, marks)
        left = self._left = room(self._left, shape)
        walk_trees(
            self._taken, self._stops, self._trees, self._ends, self._through, self._stays, self._powered, self._comes,
            self._marks[: self._levels], self._marks, lay.ranks, self._settled, np.empty(steps + 1, np.int64),
            self._lit, np.empty(steps + 1, np.int64), self._so_far, self._sums, self._arrived, self._reached, left,
        )  # fmt: skip
        return left

    def settle(self, flow: Floats) -> tuple[Floats, Floats]:
        """How contacts that begun acts ``flow[R, X, T, taken]`` make end, ``[R, C, powered, outcome]``, and on whom is
        decided, ``[R, D, powered, F, payer]``; the ranks of a standing are equal parts of it.
        """
        places, contacts, _, powers = self._found.number.shape
        ended = np.empty((places, contacts, powers, len(OUTCOMES)))
        deciding = room_for(places, self._cases, powers, _FINDINGS, self._lanes)
        settle(*self._meetings(flow), self._looked, ended, deciding)
        return ended, deciding

    def outcomes(self, flow: Floats) -> Floats:
        """The same contacts by whom they were met, ``[R, C, X, G, powered, outcome]``."""
        places, contacts, groups, powers = self._found.number.shape
        outcomes = np.empty((places, contacts, self.payers // self._layout.ranks, groups, powers, len(OUTCOMES)))
        tell_outcomes(*self._meetings(flow), room_for(self._lanes), outcomes)
        return outcomes

    def cases(self, deciding: Floats) -> Floats:
        """What is decided, ``[R, D, X J, powered, F, V]``."""
        places, cases, powers, *_ = deciding.shape
        found = np.empty((places, cases, self.payers, powers, _FINDINGS, _VERDICTS))
        tell_cases(deciding, self._decided, found)
        return found

    def _meetings(self, flow: Floats) -> tuple[Any, ...]:
        """What says who meets whom and what that comes to, with room to work it out."""
        lay = self._layout
        return (
            flow, self._taken, self._stops, self._trees, self._reached, self._powered, self._met, lay.instead,
            lay.group_of, self._there, self._found, self._decided, lay.case_of, self._comes, lay.ranks, *self._meeting,
        )  # fmt: skip


class Contacts:
    """Expected contacts of begun acts. By whom they were met is worked out only where somebody asks for it."""

    def __init__(self, routes: Routes, flow: Floats) -> None:
        """``flow[R, X, T, taken]``: the begun acts."""
        self._routes, self._flow, self._renewals = routes, flow, routes.renewals
        ended, deciding = routes.settle(flow)
        self.ended: Floats = ended
        """``[R place, C, powered, outcome]``: how contacts ended, of all people together."""
        self._deciding = deciding

    def found(self, each: float) -> Floats:
        """``[R place, D, powered, F, X J]``: on whom an officer decided, each standing for so many persons."""
        return self._deciding[..., : self._routes.payers] * each

    @cached_property
    def outcomes(self) -> Floats:
        """``[R place, C, X, G, powered, outcome]``; ValueError if the odds were renewed since."""
        return self._known().outcomes(self._flow)

    @cached_property
    def cases(self) -> Floats:
        """``[R place, D, X J, powered, F, V]``: those where an officer decided; ValueError likewise."""
        return self._known().cases(self._deciding)

    def _known(self) -> Routes:
        if self._routes.renewals != self._renewals:
            raise ValueError("what contacts came to is known until the odds are renewed: ask for it before")
        return self._routes
