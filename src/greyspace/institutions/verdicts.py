"""What is decided about whom, place by place and case by case: from the deals of officers to shares of each verdict.

Whom an officer has caught he lets off for a bribe, or deals with as is usual for the act. Who is innocent is let pass,
unless he holds him up for a toll; whom a device stopped by mistake he may also keep.
"""

from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from greyspace.contract import FINDINGS, ONE, OUTCOMES, VERDICTS, cumulative
from greyspace.contract.odds import Thresholds
from greyspace.contract.thresholds import add_up_beside
from greyspace.country import STANDINGS
from greyspace.draws import inner, kernel
from greyspace.evidence import Parameters
from greyspace.institutions.stake import SIDES

Floats = NDArray[np.float64]

_PASSED, _LOOKED_OVER, _STOPPED, _CAUGHT, _ON_RECORD = range(len(FINDINGS))
_LET_PASS, _HELD_IN_ERROR, _TURNED_BACK, _PAID, _FINED = range(5)
_SIDES = len(SIDES)
_RECORDED = SIDES.index("on_record")
"""The last circumstance; those before it are of whom no device has on its record."""


def sentences(p: Parameters, act: str, offence: str, shot: float = 0.0) -> dict[str, float]:
    """Shares of verdicts upon those caught at an act and not let off; they sum to one. ``shot``: share killed at once.

    Reads ``officers.turn_back_share`` and ``penalty_long_share`` for a journey, else ``penalties.*_<act>``.

    >>> from greyspace.country import load_pack
    >>> from greyspace.evidence import resolve
    >>> p = resolve(load_pack("toyland").parameters)
    >>> {verdict: round(share, 3) for verdict, share in sentences(p, "smuggling", "trade").items()}
    {'fined': 0.3, 'penalised': 0.45, 'imprisoned': 0.243, 'camp': 0.007}
    """
    return _sentence(shares_read(p, act, offence), shot)


def shares_read(p: Parameters, act: str, offence: str) -> tuple[float, ...]:
    """What :func:`sentences` reads: two shares for a journey, else three."""
    if offence == "journey":
        return p.number("officers.turn_back_share"), p.number("officers.penalty_long_share")
    return tuple(p.number(f"penalties.{share}_{act}") for share in ("penalised", "camp", "long"))


def _sentence(read: tuple[float, ...], shot: float) -> dict[str, float]:
    if len(read) == 2:
        sent_home, long = read
        held = 1.0 - sent_home
        return _survived({"turned_back": sent_home, "penalised": held * (1.0 - long), "imprisoned": held * long}, shot)
    held, camp, long = read
    rest = held * (1.0 - camp)
    found = {"fined": 1.0 - held, "penalised": rest * (1.0 - long), "imprisoned": rest * long, "camp": held * camp}
    return _survived(found, shot)


def _survived(found: dict[str, float], shot: float) -> dict[str, float]:
    if shot == 0.0:
        return found
    return {verdict: share * (1.0 - shot) for verdict, share in found.items()} | {"killed": shot}


@lru_cache(maxsize=64)
def rows_of(read: tuple[tuple[tuple[float, ...], float], ...]) -> Floats:
    """``[D, V]``: sentences by case, from what is read of each and the share shot. Not to be written in: it is kept."""
    shares = [_sentence(of, shot) for of, shot in read]
    return np.array([[each.get(verdict, 0.0) for verdict in VERDICTS] for each in shares])


def shot_of(p: Parameters, day: date) -> float:
    """Share of those who cross, meet a guard and are not let pass who are shot.

    Reads ``border_video.shot_share`` and ``shot_factor``.

    >>> from greyspace.country import load_pack
    >>> from greyspace.evidence import resolve
    >>> p = resolve(load_pack("toyland").parameters)
    >>> shot_of(p, date(2021, 1, 4)) > shot_of(p, date(2019, 1, 7)) > 0.0
    True
    """
    return min(p.number("border_video.shot_share", day) * p.number("border_video.shot_factor"), 1.0)


class Held(NamedTuple):
    """What becomes of the innocent in officers' hands."""

    stopped: Floats  # [R, K] share held up of those stopped by mistake
    looked_over: Floats  # [R, K] share held up of those only looked over
    pays: Floats  # [X * J] share of those held up who pay
    toll: float  # kg
    desk_hold: float  # share held, of those stopped by mistake who are neither held up nor let go
    desk_override: float  # share let go of those stopped by mistake, if not held up


class Struck(NamedTuple):
    """What officers strike with whom; K kinds of officers, classes X * J of each offence behind those of the last."""

    kind: NDArray[np.int64]  # [D] the kind of officer of each case
    first: NDArray[np.int64]  # [D] where the classes of its offence begin
    chance: Floats  # [SIDES, R, K, classes]
    paid: Floats  # [SIDES, R, K, classes] kg
    weight: Floats  # [side, R, K, powered] shares of the circumstances, of whom no device has on record


@dataclass(frozen=True)
class Decided:
    """R places, D cases, Y = X * J payers.

    Rows of verdicts are kept once for all to whom they apply, payers side by side, so that all are worked out at once.
    """

    struck: Struck
    innocent: Floats  # [R, K, V, (looked over, stopped) * Y] shares of verdicts
    let_off: Floats  # [R, D, (caught without power, with power, on record), Y] share
    rest: Floats  # [D, V] what becomes of whoever is caught and not let off
    toll: float
    price: Floats  # [R, D, (caught without power, with power, on record), Y] kg a bribe; 0 where there is none
    money: Floats  # [R, D, X, powered, F] kg of bribes and tolls, over all of a standing who are so found
    harmed: Floats  # [R, D, X, powered, F] share of them who are turned back or worse, and did not pay

    @cached_property
    def verdict(self) -> Floats:
        """``[R, D, Y, powered, F, V]``."""
        places, cases, found_how, payers = self.let_off.shape
        found = np.zeros((places, cases, payers, found_how - 1, len(FINDINGS), len(VERDICTS)))
        found[..., _PASSED, _LET_PASS] = 1.0
        innocent = self.innocent.reshape(places, -1, len(VERDICTS), 2, payers)[:, self.struck.kind]
        found[..., (_LOOKED_OVER, _STOPPED), :] = np.moveaxis(innocent, -1, 2).swapaxes(-1, -2)[:, :, :, None]
        caught = (1.0 - self.let_off)[..., None] * self.rest[:, None, None]
        caught[..., _PAID] += self.let_off
        found[..., _CAUGHT, :] = np.swapaxes(caught[:, :, :-1], 2, 3)
        found[..., _ON_RECORD, :] = caught[:, :, -1, :, None]
        return found

    @cached_property
    def thresholds(self) -> Thresholds:
        """The same as cumulative thresholds."""
        places, cases, found_how, payers = self.let_off.shape
        width, kinds = len(VERDICTS), self.innocent.shape[1]
        found = np.empty((places, cases, payers, found_how - 1, len(FINDINGS), width), np.uint32)
        innocent = np.empty((kinds, payers, 3 * width), np.uint32)
        work = np.empty((width + 2, found_how * payers)), np.empty((width, found_how * payers), np.uint32), innocent
        some = np.empty(width, np.bool_)
        let_off, flat = self.let_off.reshape(places, cases, -1), found.reshape(*found.shape[:-2], -1)
        if not _lay_out(self.struck.kind, self.innocent, let_off, self.rest, *work, some, flat):
            return cumulative(self.verdict, "verdicts")  # says where
        return found

    @cached_property
    def prices(self) -> Floats:
        """``[R, D, Y, powered, F]`` kg a bribe or a toll, over those who pay; 0 where nobody does."""
        caught, on_record = np.swapaxes(self.price[:, :, :-1], 2, 3), self.price[:, :, -1, :, None]
        found = np.zeros((*caught.shape, len(FINDINGS)))
        found[..., (_LOOKED_OVER, _STOPPED)] = self.toll
        found[..., _CAUGHT], found[..., _ON_RECORD] = caught, on_record
        return found

    @cached_property
    def side_bribes(self) -> Floats:
        """``[side, R, D, Y, powered]``: share of the bribes of whom no device has on record, by side."""
        return self._by_side(self.struck.chance)

    @cached_property
    def side_money(self) -> Floats:
        """``[side, R, D, Y, powered]``: share of what is paid for them."""
        return self._by_side(self.struck.paid)

    def _by_side(self, of: Floats) -> Floats:
        places, cases, found_how, payers = self.price.shape
        found = np.empty((_RECORDED, places, cases, payers, found_how - 1))
        _share_out(self.struck, of, np.empty(payers), found)
        return found


def decided(struck: Struck, held: Held, rest: Floats) -> Decided:
    """Verdicts and prices by case; ``rest[D, V]``: what becomes of whoever is caught and not let off."""
    places, kinds, powers = struck.weight.shape[1:]
    cases, payers = len(rest), len(held.pays)
    by_payer = (places, cases, powers + 1, payers)
    by_standing = (places, cases, len(STANDINGS), powers, len(FINDINGS))
    found = Decided(
        struck,
        np.zeros((places, kinds, len(VERDICTS), 2 * payers)),
        np.empty(by_payer),
        rest,
        held.toll,
        np.empty(by_payer),
        np.zeros(by_standing),
        np.zeros(by_standing),
    )
    _hold(held, found.innocent)
    row, some = np.empty((len(VERDICTS) + 3, (powers + 1) * payers)), np.empty(len(VERDICTS), np.bool_)
    work = row, some, np.empty((kinds, 2, 2, len(STANDINGS))), np.empty((2, powers + 1, len(STANDINGS)))
    by_case = (x.reshape(places, cases, -1) for x in (found.let_off, found.price))
    _decide(struck, rest, held.toll, found.innocent, *by_case, *work, found.money, found.harmed)
    return found


@kernel
def _hold(held, innocent):
    """Rows of the innocent, which begin as noughts."""
    payers = len(held.pays)
    for r in range(innocent.shape[0]):
        for k in range(innocent.shape[1]):
            looked_over, stopped = innocent[r, k, :, :payers], innocent[r, k, :, payers:]
            for y in range(payers):
                able = held.pays[y]
                up = held.looked_over[r, k]
                looked_over[_PAID, y] = up * able
                looked_over[_TURNED_BACK, y] = up * (1.0 - able)
                looked_over[_LET_PASS, y] = 1.0 - up
                up = held.stopped[r, k]
                kept = (1.0 - up) * (1.0 - held.desk_override)
                stopped[_PAID, y] = up * able
                stopped[_TURNED_BACK, y] = up * (1.0 - able) + kept * (1.0 - held.desk_hold)
                stopped[_HELD_IN_ERROR, y] = kept * held.desk_hold
                stopped[_LET_PASS, y] = (1.0 - up) - kept


@inner
def _judge(free, rest, some, row):
    """``row[V, payer]`` of whom shares ``free[payer]`` are let off, for a bribe; and to which verdicts ``some`` come.

    To most of the verdicts nobody is sentenced for an act, and to pay a bribe nobody at all.
    """
    for v in range(len(rest)):
        some[v] = v == _PAID or rest[v] != 0.0
        if v == _PAID:
            for y in range(len(free)):
                row[v, y] = free[y]
        elif some[v]:
            for y in range(len(free)):
                row[v, y] = (1.0 - free[y]) * rest[v]


@inner
def _weigh_up(paid, price, worse, ranks, money, harmed):
    """``money`` and ``harmed``, ``[how they were found, X]``, over the ranks of a standing, of whom shares ``[payer]``
    ``paid``, and are turned back or ``worse``, or paid.
    """
    y, share = 0, 1.0 / ranks
    for how in range(money.shape[0]):
        for x in range(money.shape[1]):
            kg = harm = 0.0
            for _ in range(ranks):
                kg += paid[y] * price[y] * share
                harm += (worse[y] - paid[y]) * share
                y += 1
            money[how, x], harmed[how, x] = kg, harm


@kernel
def _decide(struck, rest, toll, innocent, let_off, prices, work, some, of_innocent, of_caught, money, harmed):
    places, cases, standings, powers, _ = money.shape
    caught, verdicts = prices.shape[2], rest.shape[1]
    payers = caught // (powers + 1)
    ranks = payers // standings
    row, asked, tolls, worse = work[:verdicts], work[verdicts], work[verdicts + 1], work[verdicts + 2]
    tolls[:] = toll
    for r in range(places):
        for k in range(len(of_innocent)):
            held = innocent[r, k]
            worse[:] = 0.0
            for v in range(_TURNED_BACK, verdicts):
                for y in range(held.shape[1]):
                    worse[y] += held[v, y]
            _weigh_up(held[_PAID], tolls, worse, ranks, of_innocent[k, 0], of_innocent[k, 1])
        for d in range(cases):
            k, first = struck.kind[d], struck.first[d]
            last = first + payers
            free, price = let_off[r, d], prices[r, d]
            free[:] = 0.0
            asked[:] = 0.0
            # Parts are cut out first: a loop is faster where an index cannot be below nought.
            for on in range(powers):
                begin, end = on * payers, (on + 1) * payers
                struck_here, paid_here = free[begin:end], asked[begin:end]
                for s in range(_RECORDED):
                    part = struck.weight[s, r, k, on]
                    if part != 0.0:
                        chance, paid = struck.chance[s, r, k, first:last], struck.paid[s, r, k, first:last]
                        for y in range(payers):
                            struck_here[y] += part * chance[y]
                            paid_here[y] += part * paid[y]
            struck_here, paid_here = free[powers * payers :], asked[powers * payers :]
            chance, paid = struck.chance[_RECORDED, r, k, first:last], struck.paid[_RECORDED, r, k, first:last]
            for y in range(payers):
                struck_here[y], paid_here[y] = chance[y], paid[y]
            for y in range(caught):
                price[y] = asked[y] / free[y] if free[y] > 0.0 else 0.0
            _judge(free, rest[d], some, row)
            worse[:] = 0.0
            for v in range(_TURNED_BACK, verdicts):
                if some[v]:
                    for y in range(caught):
                        worse[y] += row[v, y]
            _weigh_up(free, price, worse, ranks, of_caught[0], of_caught[1])
            for x in range(standings):
                for on in range(powers):
                    for i, out in enumerate((money, harmed)):
                        here = out[r, d, x, on]
                        here[_LOOKED_OVER], here[_STOPPED] = of_innocent[k, i, 0, x], of_innocent[k, i, 1, x]
                        here[_CAUGHT], here[_ON_RECORD] = of_caught[i, on, x], of_caught[i, powers, x]


@kernel
def _lay_out(kind, innocent, let_off, rest, work, sums, known, some, out):
    """Thresholds ``out[R, D, Y, powered, F * V]``; whether all are right.

    Written over: ``work[V + 2, caught]``, ``sums[V, caught]``, ``known[K, Y, 3 * V]``, of the first three findings, and
    ``some[V]``.
    """
    places, cases, payers, powers, _ = out.shape
    verdicts = rest.shape[1]
    row, total, exact = work[:verdicts], work[verdicts], work[verdicts + 1]
    right = True
    for r in range(places):
        some[:] = True
        for k in range(len(known)):
            right &= add_up_beside(innocent[r, k], some, total, exact, sums)
            for y in range(payers):
                for v in range(verdicts):
                    known[k, y, v] = ONE  # who is passed is let pass, the first of verdicts
                    known[k, y, verdicts + v] = sums[v, y]
                    known[k, y, 2 * verdicts + v] = sums[v, payers + y]
        for d in range(cases):
            _judge(let_off[r, d], rest[d], some, row)
            right &= add_up_beside(row, some, total, exact, sums)
            first_three = known[kind[d]]
            for y in range(payers):
                for on in range(powers):
                    here = out[r, d, y, on]
                    for i in range(3 * verdicts):
                        here[i] = first_three[y, i]
                    for v in range(verdicts):
                        here[_CAUGHT * verdicts + v] = sums[v, on * payers + y]
                        here[_ON_RECORD * verdicts + v] = sums[v, powers * payers + y]
    return right


@kernel
def _share_out(struck, of, total, out):
    """``out[side, R, D, Y, powered]``: shares of ``of`` by side; noughts where there is nothing to share."""
    sides, places, cases, payers, powers = out.shape
    for r in range(places):
        for d in range(cases):
            k, first = struck.kind[d], struck.first[d]
            for on in range(powers):
                total[:] = 0.0
                for s in range(sides):
                    for y in range(payers):
                        total[y] += struck.weight[s, r, k, on] * of[s, r, k, first + y]
                for s in range(sides):
                    for y in range(payers):
                        here = struck.weight[s, r, k, on] * of[s, r, k, first + y]
                        out[s, r, d, y, on] = here / total[y] if total[y] > 0.0 else 0.0


class Counted(NamedTuple):
    """Who paid what in some weeks, in persons of the nation and kg; sides as :data:`SIDES`, on record the last."""

    caught: Floats  # [R, D] whether they paid or not; these in the numbers counted
    bribes: Floats  # [R, side, D]
    money: Floats  # [R, side, D]
    tolls: Floats  # [R, D] people held up who paid
    fined: Floats  # [R, D]


def counted(met: Floats, found: Decided, each: float = 1.0) -> Counted:
    """From ``met[R, D, Y, powered, F, V]`` who came before officers, each standing for so many persons."""
    places, cases = met.shape[:2]
    by_case = (places, cases)
    out = Counted(np.zeros(by_case), *np.zeros((2, places, _SIDES, cases)), *np.zeros((2, *by_case)))
    shares = found.side_bribes, found.side_money
    _count(np.ascontiguousarray(met, dtype=float), each, found.price, *shares, out)
    return out


@kernel
def _count(met, each, price, side_bribes, side_money, out):
    places, cases, payers, powers = met.shape[:4]
    for r in range(places):
        for d in range(cases):
            everybody = tolls = fined = bribes_on_record = money_on_record = 0.0
            for y in range(payers):
                for on in range(powers):
                    here = met[r, d, y, on]
                    for v in range(here.shape[1]):
                        everybody += here[_CAUGHT, v] + here[_ON_RECORD, v]
                    caught, recorded = here[_CAUGHT, _PAID] * each, here[_ON_RECORD, _PAID] * each
                    if caught != 0.0:
                        for s in range(_RECORDED):
                            out.bribes[r, s, d] += caught * side_bribes[s, r, d, y, on]
                            out.money[r, s, d] += caught * price[r, d, on, y] * side_money[s, r, d, y, on]
                    bribes_on_record += recorded
                    money_on_record += recorded * price[r, d, powers, y]
                    tolls += here[_LOOKED_OVER, _PAID] * each + here[_STOPPED, _PAID] * each
                    fined += here[_CAUGHT, _FINED] * each + here[_ON_RECORD, _FINED] * each
            out.caught[r, d], out.tolls[r, d], out.fined[r, d] = everybody, tolls, fined
            out.bribes[r, _RECORDED, d], out.money[r, _RECORDED, d] = bribes_on_record, money_on_record


def bribes_by_finding(met: Floats, prices: Floats, each: float) -> Floats:
    """``[R, D, X, F, (found, payers, kg)]`` of ``met[R, D, Y, powered, F, V]``, each standing for so many persons.

    ``prices[R, D, Y, powered, F]``, kg.
    """
    places, cases, payers, _, findings, _ = met.shape
    by_payer = np.zeros((places, cases, payers, findings, 3))
    _pay(np.ascontiguousarray(met, dtype=float), prices, each, by_payer)
    return by_payer.reshape(places, cases, len(STANDINGS), -1, findings, 3).sum(axis=3)


@kernel
def _pay(met, prices, each, out):
    places, cases, payers, powers, findings = met.shape[:5]
    for r in range(places):
        for d in range(cases):
            for y in range(payers):
                for on in range(powers):
                    for f in range(findings):
                        here, row = met[r, d, y, on, f], out[r, d, y, f]
                        paid = here[_PAID] * each
                        row[0] += _all(here, each)
                        row[1] += paid
                        row[2] += paid * prices[r, d, y, on, f]


@inner
def _all(v, each):
    """The nine verdicts, eight of them in pairs, each standing for so many persons."""
    left = (v[0] * each + v[1] * each) + (v[2] * each + v[3] * each)
    right = (v[4] * each + v[5] * each) + (v[6] * each + v[7] * each)
    return (left + right) + v[8] * each


class Ends(NamedTuple):
    """How contacts ended, in the numbers counted."""

    penalised: Floats  # [R, C, powered]
    let_go: Floats  # [C, powered]: let go on, and on record


def ends(ended: NDArray[np.generic]) -> Ends:
    """Of contacts that ``ended[R, C, powered, outcome]`` so."""
    out = Ends(np.zeros(ended.shape[:3]), np.zeros(ended.shape[1:3]))
    _end(np.ascontiguousarray(ended, dtype=float), _PENALISED, _LET_GO, out)
    return out


_PENALISED = np.array(
    [i for i, name in enumerate(OUTCOMES) if name.endswith(("_fined", "_penalised", "_imprisoned", "_camp", "_killed"))]
)
_LET_GO = np.array([OUTCOMES.index(name) for name in ("recorded_passed", "recorded_held_in_error")])


@kernel
def _end(ended, penalised, let_go, out):
    places, contacts, powers, _ = ended.shape
    for r in range(places):
        for c in range(contacts):
            for on in range(powers):
                number = ended[r, c, on]
                for o in penalised:
                    out.penalised[r, c, on] += number[o]
                for o in let_go:
                    out.let_go[c, on] += number[o]


def found_so(met: NDArray[np.generic], each: float) -> Floats:
    """``[R, D, powered, F, Y]`` of ``met[R, D, Y, powered, F, V]``, each standing for so many persons."""
    places, cases, payers, powers, findings, _ = met.shape
    out = np.empty((places, cases, powers, findings, payers))
    _find(np.ascontiguousarray(met, dtype=float), each, out)
    return out


@kernel
def _find(met, each, out):
    places, cases, payers, powers, findings = met.shape[:5]
    for r in range(places):
        for d in range(cases):
            for y in range(payers):
                for on in range(powers):
                    for f in range(findings):
                        out[r, d, on, f, y] = _all(met[r, d, y, on, f], each)


class Seen(NamedTuple):
    """Whom officers met, a month."""

    caught: Floats  # [R, D, Y, powered]
    on_record: Floats  # [R, D, Y]: of them, by a device that keeps a record
    by_kind: Floats  # [R, K, F]


def seen(found: Floats, months: float, officer: NDArray[np.int64], kinds: int) -> Seen:
    """From ``found[R, D, powered, F, Y]`` persons in so many months; ``officer[D]``: the kind of each case."""
    places, cases, powers, findings, payers = found.shape
    by_payer = (places, cases, payers)
    out = Seen(np.empty((*by_payer, powers)), np.empty(by_payer), np.zeros((places, kinds, findings)))
    _look_back(np.ascontiguousarray(found), months, officer, np.empty((powers, findings, payers)), out)
    return out


@kernel
def _look_back(found, months, officer, a_month, out):
    """``a_month[powered, F, Y]``, of one case, is written over."""
    places, cases, powers, findings, payers = found.shape
    for r in range(places):
        for d in range(cases):
            here, on_record, caught = found[r, d], out.on_record[r, d], out.caught[r, d]
            on_record[:] = caught[:] = 0.0
            some = False
            for on in range(powers):
                for f in range(findings):
                    for y in range(payers):
                        some |= here[on, f, y] != 0.0
                        a_month[on, f, y] = here[on, f, y] / months
            # Nobody at all comes before most officers with a case.
            if not some:
                continue
            for y in range(payers):
                for on in range(powers):
                    caught[y, on] = a_month[on, _CAUGHT, y] + a_month[on, _ON_RECORD, y]
                    on_record[y] += a_month[on, _ON_RECORD, y]
            for f in range(findings):
                total = 0.0
                for y in range(payers):
                    for on in range(powers):
                        total += a_month[on, f, y]
                out.by_kind[r, officer[d], f] += total
