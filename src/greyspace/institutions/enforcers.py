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
from greyspace.institutions.verdicts import Decided, Held, Struck, as_rows, counted, decided, seen, sentences, shot_of
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
    by_class = cases.classes(practice.caught[..., 0] + practice.caught[..., 1])
    caught = over_last(by_class)
    usual = practice.usual if practice.usual.any() else caught

    def shared(amount: Floats, base: Floats) -> Floats:
        """By kind, of the whole nation: amount over base; 1 where there is no base."""
        of, over = amount.sum(axis=0), base.sum(axis=0)
        return np.divide(of, over, out=np.ones_like(of), where=over > 0.0)

    busy = (caught + pooled * shared(caught, usual)) / (usual + pooled)
    nation = by_class.sum(axis=0)
    some = over_last(nation)[:, None]
    if (some[cases.kinds] > 0.0).all():
        nation = _over(nation, some)
    else:
        nation = np.where(some > 0.0, _over(nation, some), _expected_mix(cases, standing))
    mix = np.empty_like(by_class)
    _mixed(by_class, nation, caught, pooled, mix)
    stops = np.ones(len(OFFICERS))
    by_offence = over_last(by_class.reshape(*caught.shape, len(OFFENCES), -1))
    journeys = by_offence[..., OFFENCES.index("journey")] + by_offence[..., OFFENCES.index("false_papers")]
    for row, kinds in enumerate(ROWS):
        along = [OFFICERS.index(kind) for kind in kinds]
        if practice.journeys[row] > 0.0:
            stops[along] = max(float(journeys[:, along].sum() / practice.journeys[row]), 1.0)
    known = usual.sum(axis=0) > 0.0
    innocent = [
        a_month * (seen + pooled * np.where(known, shared(seen, usual), 0.0)) / (usual + pooled)
        for seen in (practice.stopped, practice.looked_over)
    ]
    return _Reckoning(
        encounters=a_month * busy,
        mix=mix,
        common=over_last(nation.reshape(len(OFFICERS), len(OFFENCES), -1)),
        on_record=_over(cases.by_kind(over_last(practice.on_record)), caught),
        powered=_over(cases.by_kind(over_last(practice.caught[..., 1])), caught),
        stops=stops,
        officers=usual / a_month,
        stopped=innocent[0],
        looked_over=innocent[1],
    )


@kernel
def _mixed(by_class, nation, caught, pooled, out):  # type: ignore[no-untyped-def]
    """``out[R, K, class]``: shares of what each has met, and of what it is mixed with."""
    for r in range(len(out)):
        for k in range(out.shape[1]):
            total = 0.0
            for c in range(out.shape[2]):
                out[r, k, c] = (by_class[r, k, c] + pooled * nation[k, c]) / (caught[r, k] + pooled)
                total += out[r, k, c]
            for c in range(out.shape[2]):
                out[r, k, c] = out[r, k, c] / total if total > 0.0 else 0.0


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
    live camera turned on officers; ``standing[X]``: the nation's households by standing, whom an officer reckons with
    as long as nobody was caught.
    """
    now = _reckon(p, cases, practice, standing)
    covered: Floats = in_view[..., 0] * (1.0 - now.powered) + in_view[..., 1] * now.powered
    watch = watch_of(p, day, covered=covered, on_record=now.on_record)
    usual = post_of(p, day)
    post = replace(usual, encounters=now.encounters, bargaining=np.full(covered.shape, usual.bargaining))
    kinds = cases.kinds
    of_posts = replace(payers, mix=now.mix[:, kinds])
    deal, of_kinds = _struck(p, cases, of_posts, post, watch, practice, now, in_view.max(axis=-1)[:, kinds] > 0.0)
    made = {name: _of_all_kinds(kinds, x) for name, x in of_kinds.items()}
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
    acts = [(act, armed) for (_, act), armed in zip(cases.pairs, cases.armed, strict=True)]
    upon = {(act, armed): sentences(p, act, cases.offence_of[act], shot if armed else 0.0) for act, armed in acts}
    return Enforcement(
        cases=cases,
        decided=decided(
            Struck(
                kind=np.searchsorted(kinds, cases.officer),
                first=cases.offence * _PAYERS,
                chance=deal.struck,
                paid=deal.paid,
                weight=weight[:, :, kinds],
            ),
            Held(stopped[:, kinds], looked_over[:, kinds], np.repeat(pays, RANKS), toll, hold, let_go),
            as_rows([upon[each] for each in acts]),
        ),
        post=replace(post, bargaining=made.pop("bargaining")),
        watch=watch,
        moved=practice.moved,
        officers=now.officers,
        held_up=stopped * now.stopped + looked_over * now.looked_over,
        toll=toll,
        unsolved=int((~deal.converged).sum()),
        **made,
    )


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
    in_view: NDArray[np.bool_],
) -> tuple[Deal, dict[str, Floats]]:
    """What the kinds that have a case make of their posts: the deal, and fields of Enforcement, ``[..., R, H]``."""
    kinds = cases.kinds
    mine = replace(
        post, encounters=now.encounters[:, kinds], bargaining=np.full(in_view.shape, p.number("bribery.bargaining"))
    )
    here = replace(watch, covered=np.asarray(watch.covered)[:, kinds], on_record=now.on_record[:, kinds])
    moved = practice.moved[:, kinds]
    found = strike_watched(mine, payers, here, moved, practice.stake[:, kinds], in_view)
    heeding = _heeding(p, cases, mine, payers, found.deal, now.stops)
    if (heeding != mine.bargaining).any():
        # So far as if no officer heeded the other posts on the way; now he asks no more than such a row would.
        mine = replace(mine, bargaining=heeding)
        found = strike_watched(mine, payers, here, moved, found.deal.stake, in_view)
    deal = found.deal
    taken, spread = takings(mine, deal, found.cut)
    # Pay beyond what a family needs goes to those above before anybody is held up for them.
    own = np.clip(mine.wage - p.number("prices.household_month"), 0.0, mine.demand)
    short = np.minimum(shortfall(mine.demand - own, taken, spread), mine.demand - own)
    least, fixed = _prices(mine, payers, deal, now.common[kinds])
    return deal, {
        "moving": found.moving,
        "bought": found.bought,
        "bargaining": heeding,
        "stake": deal.stake,
        "let_off": deal.chance,
        "least": least,
        "fixed_price": fixed,
        "found_out": deal.found_out,
        "cut": found.cut,
        "taken": taken,
        "short": short,
    }


def _heeding(p: Parameters, cases: Cases, post: Post, payers: Payers, alone: Deal, stops: Floats) -> Floats:
    """Officers' shares of what a bribe is worth beyond b*; smaller where many stand in a row on one journey."""
    journey = OFFENCES.index("journey")
    in_row = [h for h, k in enumerate(cases.kinds) if OFFICERS[k] in _IN_ROWS and cases.decides[k, journey]]
    found = np.array(post.bargaining)
    own = slice(journey * _PAYERS, (journey + 1) * _PAYERS)
    mix = payers.mix[:, in_row, own]
    weight = alone.weight[:, :, in_row]
    struck, paid = (over_sides(weight * over_classes(mix, x[:, :, in_row, own])) for x in (alone.struck, alone.paid))
    least = alone.b_star[0][:, in_row, journey * len(STANDINGS)]
    price = np.divide(paid, struck, out=least.copy(), where=struck > 0.0)
    means = Lognormal(p.number("bribery.means_ordinary"), p.number("bribery.means_spread"))
    usual, conduct = found[:, in_row], p.number("bribery.toll_conduct")
    found[:, in_row] = asked(usual, least, price, stops[cases.kinds[in_row]], conduct, value_of(p), means)
    return found


def _prices(post: Post, payers: Payers, deal: Deal, common: Floats) -> tuple[Floats, Floats]:
    """The least bribe, and what an ordinary household at the medians pays, for what each kind most often sees."""
    x = np.argmax(common, axis=-1) * len(STANDINGS) + STANDINGS.index("ordinary")
    gives, fine = payers.gives, np.broadcast_to(payers.fine, payers.gives.shape)
    median = np.minimum(*(np.broadcast_to(each.median, gives.shape)[x] for each in (gives.one, gives.other)))
    least = deal.b_star[0][:, np.arange(len(x)), x]
    price = price_for(post, fine[x], least, median)
    return least, np.where(np.isnan(price), least, price)


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
