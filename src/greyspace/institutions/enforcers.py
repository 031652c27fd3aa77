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
from greyspace.country import STANDINGS
from greyspace.draws import kernel
from greyspace.evidence import Parameters
from greyspace.institutions.bribe import (
    OFFENCES,
    RANKS,
    Deal,
    Payers,
    Post,
    at_one_post,
    over_classes,
    over_last,
    over_sides,
    payers_of,
    post_of,
    price_for,
)
from greyspace.institutions.lognormal import Lognormal
from greyspace.institutions.officials import (
    Bribes,
    Ledger,
    handed_on,
    paid_over,
    parts_of,
    pretexts,
    settle,
    shortfall,
    takings,
)
from greyspace.institutions.tolls import asked, means_of, value_of, willing
from greyspace.institutions.verdicts import Decided, Held, as_rows, counted, decided, seen, sentences, shot_of
from greyspace.institutions.watchers import Watch, learn, strike_watched, watch_of

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


class Group(NamedTuple):
    """Kinds of officers that decide over the same offences."""

    kinds: list[int]  # places among OFFICERS
    offences: tuple[str, ...]  # in the order of OFFENCES

    @property
    def classes(self) -> NDArray[np.int64]:
        """``[O * X * J]``: where the classes of its offences stand among those of all."""
        first = np.array([OFFENCES.index(offence) for offence in self.offences])
        return (first[:, None] * _PAYERS + np.arange(_PAYERS)).ravel()


@dataclass(frozen=True)
class Cases:
    """Who decides over whom: pairs of a kind of officer and a charge, the axis D of verdicts.

    ``offence_of`` a charge says as one of which of :data:`OFFENCES` it counts. A pair stands twice where some of whom
    these officers decide over were stopped by guards with arms, and others not: ``armed[D]`` tells the two apart.

    >>> cases = Cases((("security", "crossing"), ("border", "crossing"), ("security", "crossing")),
    ...               {"crossing": "grave"}, (False, True, True))
    >>> cases.names, [group.offences for group in cases.groups]
    (('security_crossing', 'border_crossing_armed', 'security_crossing_armed'), [('grave',)])
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
    def groups(self) -> tuple[Group, ...]:
        """Every kind of officer that has a case, once: with those who see the same offences."""
        together: dict[tuple[str, ...], list[int]] = {}
        for kind in range(len(OFFICERS)):
            seen = set(self.offence[self.officer == kind].tolist())
            if seen:
                together.setdefault(tuple(OFFENCES[o] for o in sorted(seen)), []).append(kind)
        return tuple(Group(kinds, offences) for offences, kinds in together.items())

    def classes(self, by_case: Floats) -> Floats:
        """``[R, K, O * X * J]`` from ``[R, D, X * J]``: what the officers of a kind meet, by offence and payer."""
        found = np.zeros((len(by_case), len(OFFICERS), len(OFFENCES), by_case.shape[-1]))
        for d, (kind, offence) in enumerate(zip(self.officer, self.offence, strict=True)):
            found[:, kind, offence] += by_case[:, d]
        return found.reshape(len(by_case), len(OFFICERS), -1)

    def by_case(self, of_groups: list[Floats]) -> Floats:
        """``[side, R, D, X * J]`` from ``[side, R, K, O * X * J]`` of each group: the way back."""
        found = np.empty((*of_groups[0].shape[:2], len(self.pairs), _PAYERS))
        for where, whole in zip(self._within_groups, of_groups, strict=True):
            _hand_out(whole, *where, found)
        return found

    @cached_property
    def _within_groups(self) -> tuple[NDArray[np.int64], ...]:
        """Of each group: its cases, the places of their kinds among its kinds, and where their classes begin."""
        found = []
        for group in self.groups:
            own = [d for d, kind in enumerate(self.officer) if kind in group.kinds]
            kind = [group.kinds.index(self.officer[d]) for d in own]
            first = [group.offences.index(OFFENCES[self.offence[d]]) * _PAYERS for d in own]
            found.append(np.array([own, kind, first]))
        return tuple(found)


@kernel
def _hand_out(whole, cases, kinds, firsts, found):  # type: ignore[no-untyped-def]
    """``found[side, R, D, X * J]`` of ``whole[side, R, kind, O * X * J]``, for some cases."""
    sides, places, _, payers = found.shape
    for s in range(sides):
        for r in range(places):
            for i in range(cases.shape[0]):
                for y in range(payers):
                    found[s, r, cases[i], y] = whole[s, r, kinds[i], firsts[i] + y]


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
    each: float = 1.0,
) -> Practice:
    """After ``weeks`` weeks in which ``met[R, D, X * J, powered, finding, verdict]`` came before officers.

    Each stands for so many persons of the nation; ``journeys[row]`` of them that could be caught were begun meanwhile,
    by rail and by road.
    """
    months = weeks / MONTH_WEEKS
    kept = float(np.exp(-weeks / p.number("officers.memory_weeks")))
    now, before = seen(met, each, months, cases.officer, len(OFFICERS)), known.caught.any()

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
    def prices(self) -> Floats:
        """``[R, D, X * J, powered, F]`` kg a bribe or a toll, over those who pay; 0 where nobody does."""
        return self.decided.prices


class _Reckoning(NamedTuple):
    """What an officer reckons with, a place's own experience mixed with the nation's."""

    encounters: Floats  # [R, K] a month
    mix: Floats  # [R, K, O * X * J]
    common: Floats  # [K, O] share of the offences in what the nation's officers see
    on_record: Floats  # [R, K] share of them
    powered: Floats  # [R, K] share with power
    stops: Floats  # [K] of one who could be caught, on one journey
    officers: Floats  # [R, K] persons
    stopped: Floats  # [R, K] innocent people in an officer's hands, a month
    looked_over: Floats  # [R, K] people whom an officer finds in order, a month


def _a_month(p: Parameters) -> Floats:
    """``[K]``: usual encounters of an officer."""
    return np.array(
        [p.number("bribery.encounters" if kind in _IN_ROWS else f"bribery.encounters_{kind}") for kind in OFFICERS]
    )


def _reckon(p: Parameters, cases: Cases, practice: Practice, standing: Floats) -> _Reckoning:
    pooled = p.number("bribery.pooled_encounters")
    a_month = _a_month(p)
    by_class = cases.classes(practice.caught.sum(axis=-1))
    caught = over_last(by_class)
    usual = practice.usual if practice.usual.any() else caught

    def shared(amount: Floats, base: Floats) -> Floats:
        """By kind, of the whole nation: amount over base; 1 where there is no base."""
        of, over = amount.sum(axis=0), base.sum(axis=0)
        return np.divide(of, over, out=np.ones_like(of), where=over > 0.0)

    busy = (caught + pooled * shared(caught, usual)) / (usual + pooled)
    nation = by_class.sum(axis=0)
    some = over_last(nation)[:, None]
    nation = np.where(some > 0.0, nation / np.where(some > 0.0, some, 1.0), _expected_mix(cases, standing))
    mix = (by_class + pooled * nation) / (caught + pooled)[..., None]
    total = over_last(mix)[..., None]
    stops = np.ones(len(OFFICERS))
    by_offence = by_class.reshape(*caught.shape, len(OFFENCES), -1)
    journeys = over_last(by_offence[..., OFFENCES.index("journey"), :])
    journeys += over_last(by_offence[..., OFFENCES.index("false_papers"), :])
    for row, kinds in enumerate(ROWS):
        along = [OFFICERS.index(kind) for kind in kinds]
        if practice.journeys[row] > 0.0:
            stops[along] = max(float(journeys[:, along].sum() / practice.journeys[row]), 1.0)
    innocent = [
        a_month * (seen + pooled * np.where(usual.sum(axis=0) > 0.0, shared(seen, usual), 0.0)) / (usual + pooled)
        for seen in (practice.stopped, practice.looked_over)
    ]
    return _Reckoning(
        encounters=a_month * busy,
        mix=np.divide(mix, total, out=np.zeros_like(mix), where=total > 0.0),
        common=over_last(nation.reshape(len(OFFICERS), len(OFFENCES), -1)),
        on_record=_over(_by_kind(cases, over_last(practice.on_record)), caught),
        powered=_over(_by_kind(cases, over_last(practice.caught[..., 1])), caught),
        stops=stops,
        officers=usual / a_month,
        stopped=innocent[0],
        looked_over=innocent[1],
    )


def _by_kind(cases: Cases, by_case: Floats) -> Floats:
    """``[R, K]`` from ``[R, D]``."""
    found = np.zeros((len(by_case), len(OFFICERS)))
    for d, kind in enumerate(cases.officer):
        found[:, kind] += by_case[:, d]
    return found


def _expected_mix(cases: Cases, standing: Floats) -> Floats:
    """``[K, O * X * J]``: whom an officer would meet if all households were caught alike, at all acts."""
    found = cases.classes(np.tile(np.repeat(standing / RANKS, RANKS), (1, len(cases.pairs), 1)))[0]
    total = over_last(found)[:, None]
    return np.divide(found, total, out=np.zeros_like(found), where=total > 0.0)


def payers_at(p: Parameters, cases: Cases, standing: Floats) -> tuple[Payers, ...]:
    """Whom each group of officers may meet, by offence, standing and rank: what they would give, once for a run."""
    mix = np.repeat(standing / RANKS, RANKS)
    return tuple(
        at_one_post(
            [payers_of(p, offence, mix, RANKS) for offence in group.offences],
            np.tile(mix / len(group.offences), len(group.offences)),
        )
        for group in cases.groups
    )


class _Struck(NamedTuple):
    """What a group of kinds makes of its posts; arrays ``[..., R, kinds of the group]``."""

    deal: Deal
    of_kinds: dict[str, Floats]  # fields of Enforcement


def enforce(
    p: Parameters,
    day: date,
    cases: Cases,
    payers: tuple[Payers, ...],
    practice: Practice,
    in_view: Floats,
    standing: Floats,
) -> Enforcement:
    """The period's verdicts and prices, from what officers have met lately.

    ``payers`` as :func:`payers_at` gives them, once a run; ``in_view[R, K, powered]``: share of encounters before a
    live camera turned on officers; ``standing[X]``: the nation's households by standing, whom an officer reckons with
    as long as nobody was caught.
    """
    now = _reckon(p, cases, practice, standing)
    covered = in_view[..., 0] * (1.0 - now.powered) + in_view[..., 1] * now.powered
    watch = watch_of(p, day, covered=covered, on_record=now.on_record)
    usual = post_of(p, day)
    post = replace(usual, encounters=now.encounters, bargaining=np.full(covered.shape, usual.bargaining))
    groups = [
        _struck(p, group, replace(of, mix=now.mix[:, group.kinds][..., group.classes]), post, watch, practice, now)
        for group, of in zip(cases.groups, payers, strict=True)
    ]
    made = _of_all_kinds(cases, groups)
    toll = p.number("bribery.toll")
    pays = willing(toll, value_of(p), means_of(p))
    # Where nobody can pay there is nothing to be had by holding people up.
    brings = toll * float(over_last(pays * standing))
    needed = made["short"] / brings if brings > 0.0 else np.zeros_like(covered)
    stopped, looked_over = pretexts(needed, now.stopped, now.looked_over)
    stays, bought = in_view * (1.0 - practice.moved[..., None]), made["bought"][..., None]
    weight = np.stack([1.0 - in_view, stays * (1.0 - bought), stays * bought, in_view * practice.moved[..., None]])
    hold, let_go = p.number("station_gates.desk_hold"), p.number("station_gates.desk_override")
    shot = shot_of(p, day)
    return Enforcement(
        cases=cases,
        decided=decided(
            cases.officer,
            cases.by_case([group.deal.struck for group in groups]),
            cases.by_case([group.deal.paid for group in groups]),
            weight,
            Held(stopped, looked_over, np.repeat(pays, RANKS), toll, hold, let_go),
            as_rows(
                [
                    sentences(p, act, cases.offence_of[act], shot if armed else 0.0)
                    for (_, act), armed in zip(cases.pairs, cases.armed, strict=True)
                ]
            ),
        ),
        post=replace(post, bargaining=made.pop("bargaining")),
        watch=watch,
        moved=practice.moved,
        officers=now.officers,
        held_up=stopped * now.stopped + looked_over * now.looked_over,
        toll=toll,
        unsolved=sum(int((~group.deal.converged).sum()) for group in groups),
        **made,
    )


def _of_all_kinds(cases: Cases, groups: list[_Struck]) -> dict[str, Floats]:
    """``[..., R, K]`` from what groups make of their posts; nought for a kind without a case."""
    found = {}
    for name, first in groups[0].of_kinds.items():
        found[name] = np.zeros((*first.shape[:-1], len(OFFICERS)))
        for group, made in zip(cases.groups, groups, strict=True):
            found[name][..., group.kinds] = made.of_kinds[name]
    return found


def _struck(
    p: Parameters, group: Group, payers: Payers, post: Post, watch: Watch, practice: Practice, now: _Reckoning
) -> _Struck:
    """The posts of a group of kinds, ``[R, kinds of the group]``."""
    kinds = group.kinds
    mine = replace(
        post,
        encounters=now.encounters[:, kinds],
        bargaining=np.full(now.encounters[:, kinds].shape, p.number("bribery.bargaining")),
    )
    here = replace(watch, covered=np.asarray(watch.covered)[:, kinds], on_record=now.on_record[:, kinds])
    moved = practice.moved[:, kinds]
    found = strike_watched(mine, payers, here, moved, start=practice.stake[:, kinds])
    heeding = _heeding(p, group, mine, payers, found.deal, now.stops[kinds])
    if (heeding != mine.bargaining).any():
        # So far as if no officer heeded the other posts on the way; now he asks no more than such a row would.
        mine = replace(mine, bargaining=heeding)
        found = strike_watched(mine, payers, here, moved, start=found.deal.stake)
    taken, spread = takings(mine, found.deal, payers.mix, found.cut)
    # Pay beyond what a family needs goes to those above before anybody is held up for them.
    own = np.clip(mine.wage - p.number("prices.household_month"), 0.0, mine.demand)
    short = np.minimum(shortfall(mine.demand - own, taken, spread), mine.demand - own)
    least, fixed = _prices(group, mine, payers, found.deal, now.common)
    return _Struck(
        found.deal,
        {
            "moving": found.moving,
            "bought": found.bought,
            "bargaining": np.asarray(mine.bargaining),
            "stake": found.deal.stake,
            "let_off": found.deal.chance,
            "least": least,
            "fixed_price": fixed,
            "found_out": found.deal.found_out,
            "cut": found.cut,
            "taken": taken,
            "short": short,
        },
    )


def _heeding(p: Parameters, group: Group, post: Post, payers: Payers, alone: Deal, stops: Floats) -> Floats:
    """Officers' shares of what a bribe is worth beyond b*; smaller where many stand in a row on one journey."""
    in_row = np.array([OFFICERS[kind] in _IN_ROWS for kind in group.kinds])
    if "journey" not in group.offences or not in_row.any():
        return np.asarray(post.bargaining)
    first = group.offences.index("journey")
    own = slice(first * _PAYERS, (first + 1) * _PAYERS)
    struck, paid = (
        over_sides(alone.weight * over_classes(payers.mix[..., own], x[..., own])) for x in (alone.struck, alone.paid)
    )
    least = alone.b_star[0][..., first * len(STANDINGS)]
    price = np.divide(paid, struck, out=least.copy(), where=struck > 0.0)
    means = Lognormal(p.number("bribery.means_ordinary"), p.number("bribery.means_spread"))
    share = asked(post.bargaining, least, price, stops, p.number("bribery.toll_conduct"), value_of(p), means)
    return np.where(in_row, share, post.bargaining)


def _prices(group: Group, post: Post, payers: Payers, deal: Deal, common: Floats) -> tuple[Floats, Floats]:
    """The least bribe, and what an ordinary household at the medians pays, for what each kind most often sees."""
    least, fixed = np.empty(deal.stake.shape), np.empty(deal.stake.shape)
    penalty, means, fine = (
        np.broadcast_to(x, payers.gives.shape)
        for x in (payers.gives.one.median, payers.gives.other.median, payers.fine)
    )
    for i, kind in enumerate(group.kinds):
        seen = [common[kind, OFFENCES.index(offence)] for offence in group.offences]
        x = int(np.argmax(seen)) * len(STANDINGS) + STANDINGS.index("ordinary")
        least[:, i] = deal.b_star[0, :, i, x]
        one = replace(post, bargaining=np.asarray(post.bargaining)[:, i])
        price = price_for(one, float(fine[x]), least[:, i], float(min(penalty[x], means[x])))
        fixed[:, i] = np.where(np.isnan(price), least[:, i], price)
    return least, fixed


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
    tolls = found.toll * _by_kind(found.cases, paid.tolls)
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
        caught=_by_kind(found.cases, paid.caught) * each,
        bribes=_by_kind(found.cases, paid.money.sum(axis=1)),
        tolls=tolls,
        pay=wages,
        handed_up=of_kinds("shared") + handed,
        watchers=of_kinds("cuts"),
        lost=of_kinds("lost"),
    )
    return by_kind, ledger


def _over(amount: Floats, base: Floats) -> Floats:
    return np.divide(amount, base, out=np.zeros(np.broadcast_shapes(np.shape(amount), np.shape(base))), where=base > 0)
