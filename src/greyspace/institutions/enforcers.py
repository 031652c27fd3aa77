"""Officers of every kind in every place, for a month or so: what they make of whom they find, and where the money goes.

What an officer reckons with is what officers of his kind and place have met lately (:class:`Practice`). From it follow
the worth of his post, his least bribe, how many he lets off and at what price, apart for those whom no camera sees,
those before one, and those whom a device has put on its record; and from what this leaves him short of the demands
from above follows how many innocent people he holds up. No rate, share or price is fixed here.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from greyspace.contract import FINDINGS
from greyspace.contract.odds import Thresholds
from greyspace.country import STANDINGS
from greyspace.draws import kernel
from greyspace.evidence import Parameters
from greyspace.institutions.bribe import (
    OFFENCES,
    RANKS,
    Payers,
    Post,
    at_one_post,
    brought_to_rest,
    laid_out,
    over_last,
    payers_of,
    post_of,
)
from greyspace.institutions.officials import (
    Bribes,
    Ledger,
    handed_on,
    paid_over,
    parts_of,
    pretexts,
    settle,
    shortfall,
)
from greyspace.institutions.posts import Along, Known, heeding, outcome
from greyspace.institutions.stake import SIDES, Met, Solved
from greyspace.institutions.tolls import means_of, value_of, willing
from greyspace.institutions.verdicts import Decided, Held, Struck, counted, decided, rows_of, seen, shares_read, shot_of
from greyspace.institutions.watchers import Watch, fields_of, learn, watch_of

OFFICERS = ("station", "train", "road", "market", "neighbourhood", "workplace", "border", "security")
"""Kinds of officers, each with posts of its own."""

ROWS = (("station", "train"), ("road",))
"""Kinds whose posts stand in a row on one journey: by rail, by road."""

GUARDS = ("border",)
"""Kinds whose money goes through the account of guards; that of the others through the one of officers."""

MONTH_WEEKS = 365.25 / 12.0 / 7.0

_IN_ROWS = tuple(kind for row in ROWS for kind in row)

Floats = NDArray[np.float64]

_LOOKED_OVER, _STOPPED = FINDINGS.index("looked_over"), FINDINGS.index("stopped")
_PAYERS = len(STANDINGS) * RANKS


@dataclass(frozen=True)
class Cases:
    """Who decides over whom: pairs of a kind of officer and a charge, the axis D of verdicts.

    ``offence_of`` a charge says as one of which of :data:`OFFENCES` it counts. A pair stands twice where some of whom
    these officers decide over were stopped by guards with arms, and others not: ``armed[D]`` tells the two apart.

    >>> cases = Cases((("security", "crossing"), ("border", "crossing"), ("security", "crossing")),
    ...               {"crossing": "grave"}, (False, True, True))
    >>> cases.names, [OFFICERS[kind] for kind in cases.kinds]
    (('security_crossing', 'border_crossing_armed', 'security_crossing_armed'), ['border', 'security'])
    """

    pairs: tuple[tuple[str, str], ...]
    offence_of: Mapping[str, str]
    armed: tuple[bool, ...]

    @property
    def names(self) -> tuple[str, ...]:
        ends = ("_armed" if armed else "" for armed in self.armed)
        return tuple(f"{officer}_{act}{end}" for (officer, act), end in zip(self.pairs, ends, strict=True))

    def of(self, officer: str, act: str, armed: bool = False) -> int:
        """The place of a case on its axis."""
        return list(zip(self.pairs, self.armed, strict=True)).index(((officer, act), armed))

    @cached_property
    def officer(self) -> NDArray[np.int64]:
        """``[D]``: the kind of officer of each case."""
        return np.array([OFFICERS.index(officer) for officer, _ in self.pairs])

    @cached_property
    def offence(self) -> NDArray[np.int64]:
        """``[D]``: the offence of each case."""
        return np.array([OFFENCES.index(self.offence_of[act]) for _, act in self.pairs])

    @cached_property
    def kinds(self) -> NDArray[np.int64]:
        """``[H]``: the kinds of officers that have a case."""
        return np.unique(self.officer)

    @cached_property
    def among_kinds(self) -> NDArray[np.int64]:
        """``[D]``: the place of each case's officers among :attr:`kinds`."""
        return np.searchsorted(self.kinds, self.officer)

    @cached_property
    def first_class(self) -> NDArray[np.int64]:
        """``[D]``: where the classes of payers of each case's offence begin."""
        return self.offence * _PAYERS

    @cached_property
    def in_row(self) -> NDArray[np.bool_]:
        """``[H]``: whether officers stand on the way of journeys, and decide over who makes one."""
        journey = OFFENCES.index("journey")
        return np.array([OFFICERS[k] in _IN_ROWS and bool(self.decides[k, journey]) for k in self.kinds])

    @cached_property
    def charges(self) -> tuple[tuple[str, str], ...]:
        """Each charge once, and its offence."""
        return tuple((act, self.offence_of[act]) for act in dict.fromkeys(act for _, act in self.pairs))

    @cached_property
    def decides(self) -> NDArray[np.bool_]:
        """``[K, O]``: whether a kind of officer has a case of an offence."""
        found = np.zeros((len(OFFICERS), len(OFFENCES)), np.bool_)
        found[self.officer, self.offence] = True
        return found

    def classes(self, by_case: Floats) -> Floats:
        """``[R, K, O * X * J]`` from ``[R, D, X * J]``: what the officers of a kind meet, by offence and payer."""
        found = np.zeros((len(by_case), len(OFFICERS) * len(OFFENCES), by_case.shape[-1]))
        _gather(self.officer * len(OFFENCES) + self.offence, by_case, found)
        return found.reshape(len(by_case), len(OFFICERS), -1)

    def by_kind(self, by_case: Floats) -> Floats:
        """``[R, K]`` from ``[R, D]``."""
        found = np.zeros((len(by_case), len(OFFICERS), 1))
        _gather(self.officer, by_case[..., None], found)
        return found[..., 0]


@kernel
def _gather(of, by_case, found):  # type: ignore[no-untyped-def]
    """Add ``by_case[R, D, number]`` to ``found[R, cell, number]``, in the order of cases."""
    for r in range(len(by_case)):
        for d in range(len(of)):
            for i in range(by_case.shape[2]):
                found[r, of[d], i] += by_case[r, d, i]


@dataclass(frozen=True)
class Practice:
    """What officers have met lately, a month, in persons of the nation; R places, D cases, K kinds of officers.

    ``usual`` is what a kind caught in a month before anything changed; nothing, until that is settled. ``moved``: share
    of officers who have learnt to lead people out of view; ``stake``: worth of the post, kg above life after dismissal.
    """

    caught: Floats  # [R, D, X * J, powered]
    on_record: Floats  # [R, D, X * J]: of them, by a device that keeps a record
    stopped: Floats  # [R, K] innocent people in their hands by mistake
    looked_over: Floats  # [R, K] people found in order
    journeys: Floats  # [row] journeys that could be caught
    usual: Floats  # [R, K]
    moved: Floats  # [R, K]
    stake: Floats  # [R, K]

    def arrays(self) -> dict[str, Floats]:
        """For a checkpoint."""
        return {f"practice_{field.name}": getattr(self, field.name) for field in fields(self)}

    @classmethod
    def of(cls, arrays: dict[str, Floats]) -> "Practice":
        """From a checkpoint."""
        return cls(**{field.name: arrays[f"practice_{field.name}"] for field in fields(cls)})


def no_practice(places: int, cases: Cases) -> Practice:
    """Before anybody was met."""
    by_kind = np.zeros((places, len(OFFICERS)))
    return Practice(
        caught=np.zeros((places, len(cases.pairs), _PAYERS, 2)),
        on_record=np.zeros((places, len(cases.pairs), _PAYERS)),
        stopped=by_kind,
        looked_over=by_kind,
        journeys=np.zeros(len(ROWS)),
        usual=by_kind,
        moved=by_kind,
        stake=by_kind,
    )


def remembered(
    known: Practice,
    p: Parameters,
    cases: Cases,
    met: Floats,
    journeys: Floats,
    weeks: int,
    found: "Enforcement",
) -> Practice:
    """After ``weeks`` weeks in which ``met[R, D, powered, finding, X * J]`` persons of the nation came before officers.

    ``journeys[row]`` that could be caught were begun meanwhile, by rail and by road.
    """
    months = weeks / MONTH_WEEKS
    kept = float(np.exp(-weeks / p.number("officers.memory_weeks")))
    now, before = seen(met, months, cases.officer, len(OFFICERS)), known.caught.any()

    def mix(old: Floats, new: Floats) -> Floats:
        return np.asarray(old * kept + new * (1.0 - kept)) if before else new

    return replace(
        known,
        caught=mix(known.caught, now.caught),
        on_record=mix(known.on_record, now.on_record),
        stopped=mix(known.stopped, now.by_kind[..., _STOPPED]),
        looked_over=mix(known.looked_over, now.by_kind[..., _LOOKED_OVER]),
        journeys=mix(known.journeys, journeys / months),
        moved=learn(found.watch, known.moved, found.moving, months),
        stake=found.stake,
    )


def usual(known: Practice, cases: Cases) -> Practice:
    """Call what officers catch now the usual, which says how many of them there are."""
    return replace(known, usual=over_last(cases.classes(known.caught.sum(axis=-1))))


@dataclass(frozen=True)
class Enforcement:
    """What officers make of whom they find in one period. R places, D cases, K kinds of officers.

    A kind without a case has nothing but noughts.
    """

    cases: Cases
    decided: Decided
    post: Post  # encounters and bargaining [R, K]
    watch: Watch  # covered and on_record [R, K]
    moved: Floats  # [R, K] share of officers who lead people out of view
    moving: Floats  # [R, K] share who would once they have learnt
    bought: Floats  # [R, K] share of watchers bought
    officers: Floats  # [R, K] persons
    stake: Floats  # [R, K] kg: worth of the post above life after dismissal
    let_off: Floats  # [R, K] share of those caught
    least: Floats  # [R, K] kg, the least bribe, unwatched, for what the kind most often sees
    fixed_price: Floats  # [R, K] kg for it, an ordinary household at the medians, unwatched; the least if that is more
    found_out: Floats  # [side, R, K] chance that a bribe is found out
    cut: Floats  # [side, R, K] kg a bribe that goes to watchers
    taken: Floats  # [R, K] kg a month of an officer, after shares and confiscation
    short: Floats  # [R, K] kg a month that this lacks of the demand
    held_up: Floats  # [R, K] innocent people a month of an officer
    toll: float  # kg of one who is held up
    unsolved: int  # posts whose worth the solver did not bring to rest

    @property
    def verdict(self) -> Floats:
        """``[R, D, X * J, powered, F, V]``."""
        return self.decided.verdict

    @property
    def thresholds(self) -> Thresholds:
        """The same as cumulative thresholds."""
        return self.decided.thresholds

    @property
    def prices(self) -> Floats:
        """``[R, D, X * J, powered, F]`` kg a bribe or a toll, over those who pay; 0 where nobody does."""
        return self.decided.prices

    def change(self, before: "Enforcement") -> float:
        """By how much at most the share of any verdict differs from before."""
        now, then = self.decided, before.decided
        return float(max(np.abs(now.innocent - then.innocent).max(), np.abs(now.let_off - then.let_off).max()))


class _Reckoning(NamedTuple):
    """What an officer reckons with, a place's own experience mixed with the nation's; H kinds have a case."""

    encounters: Floats  # [R, K] a month
    on_record: Floats  # [R, K] share of them
    powered: Floats  # [R, K] share with power
    covered: Floats  # [R, K] share before a live camera turned on officers
    officers: Floats  # [R, K] persons
    stopped: Floats  # [R, K] innocent people in an officer's hands, a month
    looked_over: Floats  # [R, K] people whom an officer finds in order, a month
    journeys: Floats  # [R, K] people caught on a journey, or with false papers, a month
    mix: Floats  # [R, H, O * X * J]
    common: Floats  # [H, O] share of the offences in what the nation's officers see


def _a_month(p: Parameters) -> Floats:
    """``[K]``: usual encounters of an officer."""
    return np.array(
        [p.number("bribery.encounters" if kind in _IN_ROWS else f"bribery.encounters_{kind}") for kind in OFFICERS]
    )


def _reckon(p: Parameters, cases: Cases, practice: Practice, payers: Payers, in_view: Floats) -> _Reckoning:
    """``payers.mix[H, O * X * J]``: whom a kind of officer reckons with of which nobody was met."""
    places, kinds = len(in_view), len(cases.kinds)
    classes = len(OFFENCES) * _PAYERS
    told = [*np.empty((8, places, len(OFFICERS))), np.empty((places, kinds, classes)), np.empty((kinds, len(OFFENCES)))]
    found = _Reckoning(*told)
    room = np.zeros((places, len(OFFICERS), classes)), np.zeros((3, places, len(OFFICERS))), np.empty((kinds, classes))
    of = cases.officer, cases.first_class, cases.kinds
    known = p.number("bribery.pooled_encounters"), _a_month(p), payers.mix, in_view
    _weigh_up(practice.caught, practice.on_record, practice.stopped, practice.looked_over, practice.usual, *of, *known,
              *room, found)  # fmt: skip
    return found


_JOURNEY, _FALSE_PAPERS = OFFENCES.index("journey"), OFFENCES.index("false_papers")


@kernel
def _weigh_up(  # type: ignore[no-untyped-def]
    caught, on_record, stopped, looked_over, usual, officer, first, kinds, pooled, a_month, expected, in_view,
    by_class, by_kind, nation, out,
):  # fmt: skip
    """What :class:`_Reckoning` says; ``by_class`` and ``by_kind`` begin as noughts, ``nation`` is written over."""
    places, cases, payers, _ = caught.shape
    all_kinds, classes = by_class.shape[1:]
    all_of, all_on_record, all_powered = by_kind[0], by_kind[1], by_kind[2]
    some_usual = False
    for r in range(places):
        for d in range(cases):
            here, k = by_class[r, officer[d]], officer[d]
            recorded = powered = 0.0
            for y in range(payers):
                here[first[d] + y] += caught[r, d, y, 0] + caught[r, d, y, 1]
                recorded += on_record[r, d, y]
                powered += caught[r, d, y, 1]
            all_on_record[r, k] += recorded
            all_powered[r, k] += powered
        for k in range(all_kinds):
            for c in range(classes):
                all_of[r, k] += by_class[r, k, c]
            some_usual |= usual[r, k] != 0.0
    base = usual if some_usual else all_of
    for k in range(all_kinds):
        of_caught = of_usual = of_stopped = of_looked_over = 0.0
        for r in range(places):
            of_caught += all_of[r, k]
            of_usual += base[r, k]
            of_stopped += stopped[r, k]
            of_looked_over += looked_over[r, k]
        # Of the whole nation: how much is met of what was usual; as much, where nothing was.
        busy = of_caught / of_usual if of_usual > 0.0 else 1.0
        by_mistake = of_stopped / of_usual if of_usual > 0.0 else 0.0
        in_order = of_looked_over / of_usual if of_usual > 0.0 else 0.0
        for r in range(places):
            weight, here = base[r, k] + pooled, all_of[r, k]
            out.encounters[r, k] = a_month[k] * ((here + pooled * busy) / weight)
            out.stopped[r, k] = a_month[k] * (stopped[r, k] + pooled * by_mistake) / weight
            out.looked_over[r, k] = a_month[k] * (looked_over[r, k] + pooled * in_order) / weight
            out.officers[r, k] = base[r, k] / a_month[k]
            out.on_record[r, k] = all_on_record[r, k] / here if here > 0.0 else 0.0
            powered = all_powered[r, k] / here if here > 0.0 else 0.0
            out.powered[r, k] = powered
            out.covered[r, k] = in_view[r, k, 0] * (1.0 - powered) + in_view[r, k, 1] * powered
            journeys, false_papers = 0.0, 0.0
            for y in range(payers):
                journeys += by_class[r, k, _JOURNEY * payers + y]
                false_papers += by_class[r, k, _FALSE_PAPERS * payers + y]
            out.journeys[r, k] = journeys + false_papers
    for h in range(len(kinds)):
        k, met = kinds[h], nation[h]
        met[:] = 0.0
        for r in range(places):
            for c in range(classes):
                met[c] += by_class[r, k, c]
        total = 0.0
        for c in range(classes):
            total += met[c]
        for c in range(classes):
            met[c] = met[c] / total if total > 0.0 else expected[h, c]
        for o in range(out.common.shape[1]):
            share = 0.0
            for y in range(payers):
                share += met[o * payers + y]
            out.common[h, o] = share
        for r in range(places):
            mix, own, weight = out.mix[r, h], by_class[r, k], all_of[r, k] + pooled
            total = 0.0
            for c in range(classes):
                mix[c] = (own[c] + pooled * met[c]) / weight
                total += mix[c]
            for c in range(classes):
                mix[c] = mix[c] / total if total > 0.0 else 0.0


def _stops(practice: Practice, journeys: Floats) -> Floats:
    """``[K]``: posts that catch somebody on one journey, of one who could be caught; no fewer than one."""
    found = np.ones(len(OFFICERS))
    for row, along in enumerate(_ALONG):
        if practice.journeys[row] > 0.0:
            found[along] = max(float(journeys[:, along].sum() / practice.journeys[row]), 1.0)
    return found


_ALONG = [[OFFICERS.index(kind) for kind in row] for row in ROWS]


def _expected_mix(cases: Cases, standing: Floats) -> Floats:
    """``[K, O * X * J]``: whom an officer would meet if all households were caught alike, at all acts."""
    found = cases.classes(np.tile(np.repeat(standing / RANKS, RANKS), (1, len(cases.pairs), 1)))[0]
    total = over_last(found)[:, None]
    return np.divide(found, total, out=np.zeros_like(found), where=total > 0.0)


def payers_at(p: Parameters, cases: Cases, standing: Floats) -> Payers:
    """Whom officers of each kind that has a case may meet, by offence, standing and rank ``[H, O * X]``: what they
    would give, once for a run.
    """
    mix = np.repeat(standing / RANKS, RANKS)
    everybody = at_one_post(
        [payers_of(p, offence, mix, RANKS) for offence in OFFENCES], _expected_mix(cases, standing)[cases.kinds]
    )
    return replace(everybody, known=np.repeat(cases.decides[cases.kinds], len(STANDINGS), axis=1))


def enforce(
    p: Parameters,
    day: date,
    cases: Cases,
    payers: Payers,
    practice: Practice,
    in_view: Floats,
    standing: Floats,
) -> Enforcement:
    """The period's verdicts and prices, from what officers have met lately.

    ``payers`` as :func:`payers_at` gives them, once a run; ``in_view[R, K, powered]``: share of encounters before a
    live camera turned on officers; ``standing[X]``: the nation's households by standing, of whom some pay when held up.
    """
    now = _reckon(p, cases, practice, payers, in_view)
    watch = watch_of(p, day, covered=now.covered, on_record=now.on_record)
    usual = post_of(p, day)
    post = replace(usual, encounters=now.encounters, bargaining=np.full(now.covered.shape, usual.bargaining))
    kinds = cases.kinds
    deal, of_kinds = _struck(p, cases, payers, post, watch, practice, now, in_view)
    made = {name: _of_all_kinds(kinds, x) for name, x in of_kinds.items()}
    toll = p.number("bribery.toll")
    pays = willing(toll, value_of(p), means_of(p))
    # Where nobody can pay there is nothing to be had by holding people up.
    brings = toll * float(over_last(pays * standing))
    needed = made["short"] / brings if brings > 0.0 else np.zeros_like(now.covered)
    stopped, looked_over = pretexts(needed, now.stopped, now.looked_over)
    weight = _weights(in_view, practice.moved[..., None], made["bought"][..., None])
    places = (len(in_view), len(kinds))
    hold, let_go = p.number("station_gates.desk_hold"), p.number("station_gates.desk_override")
    shot = shot_of(p, day)
    read = {act: shares_read(p, act, offence) for act, offence in cases.charges}
    upon = tuple((read[act], shot if armed else 0.0) for (_, act), armed in zip(cases.pairs, cases.armed, strict=True))
    return Enforcement(
        cases=cases,
        decided=decided(
            Struck(
                kind=cases.among_kinds,
                first=cases.first_class,
                chance=deal.struck.reshape(len(SIDES), *places, -1),
                paid=deal.paid.reshape(len(SIDES), *places, -1),
                weight=_of_kinds(kinds, weight),
            ),
            Held(_of_kinds(kinds, stopped), _of_kinds(kinds, looked_over), np.repeat(pays, RANKS), toll, hold, let_go),
            rows_of(upon),
        ),
        post=replace(post, bargaining=made.pop("bargaining")),
        watch=watch,
        moved=practice.moved,
        officers=now.officers,
        held_up=stopped * now.stopped + looked_over * now.looked_over,
        toll=toll,
        unsolved=len(deal.converged) - int(np.count_nonzero(deal.converged)),
        **made,
    )


def _weights(in_view: Floats, moved: Floats, bought: Floats) -> Floats:
    """``[side, R, K, powered]``: shares of the circumstances of whom no device has on record."""
    found = np.empty((len(SIDES) - 1, *in_view.shape))
    stays = in_view * (1.0 - moved)
    found[0], found[1], found[2], found[3] = 1.0 - in_view, stays * (1.0 - bought), stays * bought, in_view * moved
    return found


def _of_kinds(kinds: NDArray[np.int64], of: Floats) -> Floats:
    """``[..., R, H, ...]`` of the kinds that have a case, from ``[R, K]`` or ``[side, R, K, powered]``."""
    if len(kinds) == len(OFFICERS):
        return of
    return of[:, kinds] if of.ndim == 2 else of[:, :, kinds]


def _of_all_kinds(kinds: NDArray[np.int64], of: Floats) -> Floats:
    """``[..., R, K]`` from ``[..., R, H]``; nought for a kind without a case."""
    if len(kinds) == len(OFFICERS):
        return of
    found = np.zeros((*of.shape[:-1], len(OFFICERS)))
    found[..., kinds] = of
    return found


def _struck(
    p: Parameters,
    cases: Cases,
    payers: Payers,
    post: Post,
    watch: Watch,
    practice: Practice,
    now: _Reckoning,
    in_view: Floats,
) -> tuple[Solved, dict[str, Floats]]:
    """What the kinds that have a case make of their posts: the deal, and fields of Enforcement, ``[..., R, H]``."""
    kinds, shape = cases.kinds, (len(in_view), len(cases.kinds))
    mine = replace(post, encounters=_of_kinds(kinds, now.encounters), bargaining=p.number("bribery.bargaining"))
    here = replace(watch, covered=_of_kinds(kinds, now.covered), on_record=_of_kinds(kinds, now.on_record))
    moved, stake = _of_kinds(kinds, practice.moved), _of_kinds(kinds, practice.stake)
    posts, watching, start = laid_out(mine, fields_of(here, moved), stake, shape)
    met = Met(*payers.apart, now.mix.reshape(len(start), -1))
    seen = _of_kinds(kinds, in_view.max(axis=-1)).reshape(-1) > 0.0
    deal = brought_to_rest(posts, met, payers.gives, watching, False, seen, start)
    heeds = np.empty(len(start))
    heeding(_along(p, cases, _stops(practice, now.journeys)), posts.bargaining, met.mix, deal, heeds)
    if (heeds != posts.bargaining).any():
        # So far as if no officer heeded the other posts on the way; now he asks no more than such a row would.
        posts = posts._replace(bargaining=heeds)
        deal = brought_to_rest(posts, met, payers.gives, watching, False, seen, deal.stake)
    found = outcome(posts, watching, deal, _price_list(payers, now.common))
    # Pay beyond what a family needs goes to those above before anybody is held up for them.
    own = min(max(post.wage - p.number("prices.household_month"), 0.0), post.demand)
    short = np.minimum(shortfall(post.demand - own, found.taken, found.spread), post.demand - own)
    made = {
        "moving": found.moving,
        "bought": found.bought,
        "bargaining": heeds,
        "stake": deal.stake,
        "let_off": deal.chance,
        "least": found.least,
        "fixed_price": found.fixed_price,
        "found_out": deal.found_out,
        "cut": found.cut,
        "taken": found.taken,
        "short": short,
    }
    return deal, {name: x.reshape(*x.shape[:-1], *shape) for name, x in made.items()}


def _along(p: Parameters, cases: Cases, stops: Floats) -> Along:
    """The posts on the way of journeys, and who travels: ordinary households."""
    journey = OFFENCES.index("journey")
    return Along(
        cases.in_row,
        stops[cases.kinds],
        journey * _PAYERS,
        _PAYERS,
        journey * len(STANDINGS),
        p.number("bribery.toll_conduct"),
        p.number("bribery.journey_value"),
        p.number("bribery.journey_value_spread"),
        p.number("bribery.means_ordinary"),
        p.number("bribery.means_spread"),
    )


def _price_list(payers: Payers, common: Floats) -> Known:
    """An ordinary household at the medians, caught at what each kind of officers most often sees."""
    x = np.argmax(common, axis=-1) * len(STANDINGS) + STANDINGS.index("ordinary")
    gives, fine = payers.gives, payers.apart[1]
    median = np.minimum(*(np.asarray(each.median)[x] for each in (gives.one, gives.other)))
    return Known(x, fine[np.arange(len(x)), x], median)


class Books(NamedTuple):
    """What officers of a kind in a place took and gave in some weeks ``[R, K]``: persons caught, then kg of rice."""

    caught: Floats  # whom they had in their hands for what they had done
    bribes: Floats
    tolls: Floats  # from people held up
    pay: Floats  # and rations
    handed_up: Floats  # shares of bribes and lump sums
    watchers: Floats  # cuts
    lost: Floats  # confiscated, and their own fines


def books(p: Parameters, found: Enforcement, met: Floats, weeks: int, each: float = 1.0) -> tuple[Books, Ledger]:
    """Where the money of ``weeks`` weeks went, in which ``met[R, D, X * J, powered, F, V]`` came before officers, each
    standing for so many persons of the nation: bribes, tolls, fines, wages, lump sums; by kind of officer, and as
    accounts of the nation.
    """
    months = weeks / MONTH_WEEKS
    paid, post, of = counted(met, found.decided, each), found.post, found.cases.officer
    places = len(met)
    tolls = found.toll * found.cases.by_kind(paid.tolls)
    staff = found.officers * months
    handed, wages = staff * handed_on(post.demand, found.short, _over(tolls, staff)), staff * post.wage
    ledger = paid_over(places, "payers", "state", p.number("bribery.fine_small") * over_last(paid.fined))
    parts = []
    for takers in ("officers", "guards"):
        kinds = [k for k, kind in enumerate(OFFICERS) if (kind in GUARDS) == (takers == "guards")]
        own = np.array([kind in kinds for kind in range(len(OFFICERS))])[of]

        def by_side(x: Floats, own: NDArray[np.bool_] = own) -> Floats:
            """``[side, case, R]`` from ``[R, side, case]``."""
            return np.moveaxis(x[..., own], 0, -1)

        bribes = Bribes(
            count=by_side(paid.bribes),
            paid=by_side(paid.money),
            found_out=np.swapaxes(found.found_out[:, :, of[own]], 1, 2),
            handed_up=post.handed_up,
            cut=np.swapaxes(found.cut[:, :, of[own]], 1, 2),
            fine=post.fine,
            payer_fine=p.number("bribery.payer_fine"),
            fee=p.number("bribery.broker_share") * p.number("bribery.broker_fee"),
        )
        parts.append((of[own], parts_of(bribes)))
        ledger = (
            ledger
            + settle(bribes, takers)
            + paid_over(places, "payers", takers, over_last(tolls[:, kinds]))
            + paid_over(places, takers, "superiors", over_last(handed[:, kinds]))
            + paid_over(places, "state", takers, over_last(wages[:, kinds]))
        )

    def of_kinds(part: str) -> Floats:
        total = np.zeros((places, len(OFFICERS)))
        for kinds_of, each in parts:
            for d, kind in enumerate(kinds_of):
                total[:, kind] += getattr(each, part)[:, d].sum(axis=0)
        return total

    by_kind = Books(
        caught=found.cases.by_kind(paid.caught) * each,
        bribes=found.cases.by_kind(paid.money.sum(axis=1)),
        tolls=tolls,
        pay=wages,
        handed_up=of_kinds("shared") + handed,
        watchers=of_kinds("cuts"),
        lost=of_kinds("lost"),
    )
    return by_kind, ledger


def _over(amount: Floats, base: Floats) -> Floats:
    return np.divide(amount, base, out=np.zeros(np.broadcast_shapes(np.shape(amount), np.shape(base))), where=base > 0)
