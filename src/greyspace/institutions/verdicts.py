"""What is decided about whom, place by place and case by case: from the deals of officers to shares of each verdict.

Whom an officer has caught he lets off for a bribe, or deals with as is usual for the act. Who is innocent is let pass,
unless he holds him up for a toll; whom a device stopped by mistake he may also keep.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from greyspace.contract import FINDINGS, OUTCOMES, VERDICTS
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
    if offence == "journey":
        sent_home, long = p.number("officers.turn_back_share"), p.number("officers.penalty_long_share")
        held = 1.0 - sent_home
        found = {"turned_back": sent_home, "penalised": held * (1.0 - long), "imprisoned": held * long}
        return _survived(found, shot)
    held, camp, long = (p.number(f"penalties.{share}_{act}") for share in ("penalised", "camp", "long"))
    rest = held * (1.0 - camp)
    found = {"fined": 1.0 - held, "penalised": rest * (1.0 - long), "imprisoned": rest * long, "camp": held * camp}
    return _survived(found, shot)


def _survived(found: dict[str, float], shot: float) -> dict[str, float]:
    if shot == 0.0:
        return found
    return {verdict: share * (1.0 - shot) for verdict, share in found.items()} | {"killed": shot}


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


def as_rows(shares: Sequence[Mapping[str, float]]) -> Floats:
    """``[D, V]`` from sentences by case."""
    return np.array([[each.get(verdict, 0.0) for verdict in VERDICTS] for each in shares])


class Held(NamedTuple):
    """What becomes of the innocent in officers' hands."""

    stopped: Floats  # [R, K] share held up of those stopped by mistake
    looked_over: Floats  # [R, K] share held up of those only looked over
    pays: Floats  # [X * J] share of those held up who pay
    toll: float  # kg
    desk_hold: float  # share held, of those stopped by mistake who are neither held up nor let go
    desk_override: float  # share let go of those stopped by mistake, if not held up


class Decided(NamedTuple):
    """R places, D cases, Y = X * J payers."""

    verdict: Floats  # [R, D, Y, powered, F, V]
    prices: Floats  # [R, D, Y, powered, F] kg a bribe or a toll, over those who pay; 0 where nobody does
    money: Floats  # [R, D, X, powered, F] kg of bribes and tolls, over all of a standing who are so found
    harmed: Floats  # [R, D, X, powered, F] share of them who are turned back or worse, and did not pay
    side_bribes: Floats  # [side, R, D, Y, powered] share of the bribes of whom no device has on record, by side
    side_money: Floats  # [side, R, D, Y, powered] share of what is paid for them


def decided(
    officer: NDArray[np.int64], struck: Floats, paid: Floats, weight: Floats, held: Held, rest: Floats
) -> Decided:
    """Verdicts and prices by case.

    ``officer[D]``: kind of officer of each case; ``struck`` and ``paid`` (kg) ``[SIDES, R, D, Y]`` by circumstance;
    ``weight[side, R, K, powered]``: shares of the circumstances, of whom no device has on record; ``rest[D, V]``: what
    becomes of whoever is caught and not let off.
    """
    _, places, cases, payers = struck.shape
    by_payer = (places, cases, payers, 2)
    by_standing = (places, cases, len(STANDINGS), 2)
    found = Decided(
        np.empty((*by_payer, len(FINDINGS), len(VERDICTS))),
        np.empty((*by_payer, len(FINDINGS))),
        np.zeros((*by_standing, len(FINDINGS))),
        np.zeros((*by_standing, len(FINDINGS))),
        np.empty((_RECORDED, *by_payer)),
        np.empty((_RECORDED, *by_payer)),
    )
    _decide(officer, struck, paid, weight, held, rest, found)
    return found


@kernel
def _decide(officer, struck, paid, weight, held, rest, out):
    _, places, cases, payers = struck.shape
    ranks = payers // out.money.shape[2]
    for r in range(places):
        for d in range(cases):
            k = officer[d]
            for y in range(payers):
                able = held.pays[y]
                for on in range(2):
                    verdict, price = out.verdict[r, d, y, on], out.prices[r, d, y, on]
                    verdict[:] = 0.0
                    price[:] = 0.0
                    verdict[_PASSED, _LET_PASS] = 1.0
                    up = held.looked_over[r, k]
                    verdict[_LOOKED_OVER, _PAID] = up * able
                    verdict[_LOOKED_OVER, _TURNED_BACK] = up * (1.0 - able)
                    verdict[_LOOKED_OVER, _LET_PASS] = 1.0 - up
                    up = held.stopped[r, k]
                    kept = (1.0 - up) * (1.0 - held.desk_override)
                    verdict[_STOPPED, _PAID] = up * able
                    verdict[_STOPPED, _TURNED_BACK] = up * (1.0 - able) + kept * (1.0 - held.desk_hold)
                    verdict[_STOPPED, _HELD_IN_ERROR] = kept * held.desk_hold
                    verdict[_STOPPED, _LET_PASS] = (1.0 - up) - kept
                    price[_LOOKED_OVER] = price[_STOPPED] = held.toll

                    bribes, money = 0.0, 0.0
                    for s in range(_RECORDED):
                        bribes += weight[s, r, k, on] * struck[s, r, d, y]
                        money += weight[s, r, k, on] * paid[s, r, d, y]
                    for s in range(_RECORDED):
                        here, has = weight[s, r, k, on] * struck[s, r, d, y], weight[s, r, k, on] * paid[s, r, d, y]
                        out.side_bribes[s, r, d, y, on] = here / bribes if bribes > 0.0 else 0.0
                        out.side_money[s, r, d, y, on] = has / money if money > 0.0 else 0.0
                    for f in range(_CAUGHT, _ON_RECORD + 1):
                        free, asked = bribes, money
                        if f == _ON_RECORD:
                            free, asked = struck[_RECORDED, r, d, y], paid[_RECORDED, r, d, y]
                        price[f] = asked / free if free > 0.0 else 0.0
                        for v in range(rest.shape[1]):
                            verdict[f, v] = (1.0 - free) * rest[d, v]
                        verdict[f, _PAID] += free
                    money, harmed = out.money[r, d, y // ranks, on], out.harmed[r, d, y // ranks, on]
                    for f in range(verdict.shape[0]):
                        money[f] += verdict[f, _PAID] * price[f] / ranks
                        worse = 0.0
                        for v in range(_TURNED_BACK, verdict.shape[1]):
                            worse += verdict[f, v]
                        harmed[f] += (worse - verdict[f, _PAID]) / ranks


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
    _count(np.ascontiguousarray(met, dtype=float), each, found, out)
    return out


@kernel
def _count(met, each, found, out):
    places, cases, payers, powers = met.shape[:4]
    for r in range(places):
        for d in range(cases):
            for y in range(payers):
                for on in range(powers):
                    here = met[r, d, y, on]
                    for v in range(here.shape[1]):
                        out.caught[r, d] += here[_CAUGHT, v] + here[_ON_RECORD, v]
                    caught, recorded = here[_CAUGHT, _PAID] * each, here[_ON_RECORD, _PAID] * each
                    price = found.prices[r, d, y, on]
                    for s in range(_RECORDED):
                        out.bribes[r, s, d] += caught * found.side_bribes[s, r, d, y, on]
                        out.money[r, s, d] += caught * price[_CAUGHT] * found.side_money[s, r, d, y, on]
                    out.bribes[r, _RECORDED, d] += recorded
                    out.money[r, _RECORDED, d] += recorded * price[_ON_RECORD]
                    out.tolls[r, d] += here[_LOOKED_OVER, _PAID] * each + here[_STOPPED, _PAID] * each
                    out.fined[r, d] += here[_CAUGHT, _FINED] * each + here[_ON_RECORD, _FINED] * each


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


def ends(met: Floats) -> Ends:
    """Of contacts ``met[R, C, X, G, powered, outcome]``."""
    places, contacts, _, _, powers, _ = met.shape
    out = Ends(np.zeros((places, contacts, powers)), np.zeros((contacts, powers)))
    _end(np.ascontiguousarray(met, dtype=float), _PENALISED, _LET_GO, out)
    return out


_PENALISED = np.array(
    [name.endswith(("_fined", "_penalised", "_imprisoned", "_camp", "_killed")) for name in OUTCOMES], np.bool_
)
_LET_GO = np.array([name in ("recorded_passed", "recorded_held_in_error") for name in OUTCOMES], np.bool_)


@kernel
def _end(met, penalised, let_go, out):
    places, contacts, standings, groups, powers, outcomes = met.shape
    for r in range(places):
        for c in range(contacts):
            for x in range(standings):
                for g in range(groups):
                    for on in range(powers):
                        for o in range(outcomes):
                            number = met[r, c, x, g, on, o]
                            # Most come to none of most contacts.
                            if number != 0.0:
                                if penalised[o]:
                                    out.penalised[r, c, on] += number
                                if let_go[o]:
                                    out.let_go[c, on] += number


class Seen(NamedTuple):
    """Whom officers met, a month."""

    caught: Floats  # [R, D, Y, powered]
    on_record: Floats  # [R, D, Y]: of them, by a device that keeps a record
    by_kind: Floats  # [R, K, F]


def seen(met: Floats, each: float, months: float, officer: NDArray[np.int64], kinds: int) -> Seen:
    """From ``met[R, D, Y, powered, F, V]`` of so many months, each standing for so many persons; ``officer[D]``: the
    kind of each case.
    """
    places, cases, payers = met.shape[:3]
    by_payer = (places, cases, payers)
    out = Seen(np.empty((*by_payer, 2)), np.empty(by_payer), np.zeros((places, kinds, len(FINDINGS))))
    _look_back(np.ascontiguousarray(met, dtype=float), each, months, officer, np.empty(len(FINDINGS)), out)
    return out


@kernel
def _look_back(met, each, months, officer, by_finding, out):
    places, cases, payers, powers = met.shape[:4]
    for r in range(places):
        for d in range(cases):
            by_finding[:] = 0.0
            for y in range(payers):
                out.on_record[r, d, y] = 0.0
                for on in range(powers):
                    out.caught[r, d, y, on] = 0.0
                    for f in range(by_finding.shape[0]):
                        number = _all(met[r, d, y, on, f], each) / months
                        by_finding[f] += number
                        if f >= _CAUGHT:
                            out.caught[r, d, y, on] += number
                        if f == _ON_RECORD:
                            out.on_record[r, d, y] += number
            for f in range(by_finding.shape[0]):
                out.by_kind[r, officer[d], f] += by_finding[f]
