"""Officers of every kind in every place, for a month or so: what they make of whom they find, and where the money goes.

What an officer reckons with is what officers of his kind and place have met lately (:class:`Practice`). From it follow
the worth of his post, his least bribe, how many he lets off and at what price, apart for those whom no camera sees,
those before one, and those whom a device has put on its record; and from what this leaves him short of the demands
from above follows how many innocent people he holds up. No rate, share or price is fixed here.
"""

from dataclasses import dataclass, fields, replace
from datetime import date
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from greyspace.contract import FINDINGS, VERDICTS
from greyspace.country import STANDINGS
from greyspace.evidence import Parameters
from greyspace.institutions.bribe import OFFENCES, RANKS, Payers, Post, at_one_post, payers_of, post_of, price_for
from greyspace.institutions.lognormal import Lognormal
from greyspace.institutions.officials import Bribes, Ledger, paid_over, pretexts, settle, shortfall, takings
from greyspace.institutions.tolls import asked, means_of, value_of, willing
from greyspace.institutions.watchers import SIDES, Watch, Watched, learn, strike_watched, watch_of

OFFICERS = ("station", "train", "road")
"""Kinds of officers, each with posts of its own: at station entrances, on trains, at posts on the road."""

ROWS = (("station", "train"), ("road",))
"""Kinds whose posts stand in a row on one journey: by rail, by road."""

MONTH_WEEKS = 365.25 / 12.0 / 7.0

Floats = NDArray[np.float64]

_PASSED, _LOOKED_OVER, _STOPPED, _CAUGHT, _ON_RECORD = range(len(FINDINGS))
_PAID = VERDICTS.index("paid")
_RECORDED = SIDES.index("on_record")
"""The last circumstance; those before it are of whom no device has on its record."""


@dataclass(frozen=True)
class Cases:
    """Who decides over whom: pairs of a kind of officer and a kind of offence, the axis D of verdicts."""

    pairs: tuple[tuple[str, str], ...]

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(f"{officer}_{offence}" for officer, offence in self.pairs)

    def of(self, officer: str, offence: str) -> int:
        """The place of a case on its axis."""
        return self.pairs.index((officer, offence))

    @property
    def officer(self) -> NDArray[np.int64]:
        """``[D]``: the kind of officer of each case."""
        return np.array([OFFICERS.index(officer) for officer, _ in self.pairs])

    @property
    def offences(self) -> tuple[str, ...]:
        """The offences that occur, in the order of :data:`OFFENCES`."""
        return tuple(offence for offence in OFFENCES if any(offence == of for _, of in self.pairs))

    def classes(self, by_case: Floats) -> Floats:
        """``[R, K, O * X * J]`` from ``[R, D, X * J]``: what the officers of a kind meet, by offence and payer."""
        regions, _, payers = by_case.shape
        found = np.zeros((regions, len(OFFICERS), len(self.offences), payers))
        for d, (officer, offence) in enumerate(self.pairs):
            found[:, OFFICERS.index(officer), self.offences.index(offence)] += by_case[:, d]
        return found.reshape(regions, len(OFFICERS), -1)

    def by_case(self, classes: Floats) -> Floats:
        """``[..., R, D, X * J]`` from ``[..., R, K, O * X * J]``: the way back."""
        shape = (*classes.shape[:-1], len(self.offences), -1)
        whole = classes.reshape(shape)
        parts = [whole[..., OFFICERS.index(k), self.offences.index(o), :] for k, o in self.pairs]
        return np.stack(parts, axis=-2)


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
    payers = len(STANDINGS) * RANKS
    by_kind = np.zeros((places, len(OFFICERS)))
    return Practice(
        caught=np.zeros((places, len(cases.pairs), payers, 2)),
        on_record=np.zeros((places, len(cases.pairs), payers)),
        stopped=by_kind,
        looked_over=by_kind,
        journeys=np.zeros(len(ROWS)),
        usual=by_kind,
        moved=by_kind,
        stake=by_kind,
    )


def remembered(
    known: Practice, p: Parameters, cases: Cases, met: Floats, journeys: Floats, weeks: int, found: "Enforcement"
) -> Practice:
    """After ``weeks`` weeks in which ``met[R, D, X * J, powered, finding, verdict]`` came before officers.

    ``journeys[row]`` that could be caught were begun meanwhile, by rail and by road. Both in persons of the nation.
    """
    months = weeks / MONTH_WEEKS
    kept = float(np.exp(-weeks / p.number("officers.memory_weeks")))
    seen = met.sum(axis=-1) / months

    def mix(old: Floats, new: Floats) -> Floats:
        return np.asarray(old * kept + new * (1.0 - kept)) if known.caught.any() else new

    by_kind = np.zeros((len(met), len(OFFICERS), len(FINDINGS)))
    for d, kind in enumerate(cases.officer):
        by_kind[:, kind] += seen[:, d].sum(axis=(1, 2))
    return replace(
        known,
        caught=mix(known.caught, seen[..., _CAUGHT] + seen[..., _ON_RECORD]),
        on_record=mix(known.on_record, seen[..., _ON_RECORD].sum(axis=-1)),
        stopped=mix(known.stopped, by_kind[..., _STOPPED]),
        looked_over=mix(known.looked_over, by_kind[..., _LOOKED_OVER]),
        journeys=mix(known.journeys, journeys / months),
        moved=learn(found.watch, known.moved, found.watched.moving, months),
        stake=found.watched.deal.stake,
    )


def usual(known: Practice, cases: Cases) -> Practice:
    """Call what officers catch now the usual, which says how many of them there are."""
    return replace(known, usual=over_last(cases.classes(known.caught.sum(axis=-1))))


@dataclass(frozen=True)
class Enforcement:
    """What officers make of whom they find in one period. R places, D cases, K kinds of officers, J ranks of payers."""

    cases: Cases
    verdict: Floats  # [R, D, X * J, powered, F, V]
    prices: Floats  # [R, D, X * J, powered, F] kg a bribe or a toll, over those who pay; 0 where nobody does
    side_bribes: Floats  # [side, R, D, X * J, powered] share of the bribes of whom no device has on record, by side
    side_money: Floats  # [side, R, D, X * J, powered] share of what is paid for them
    post: Post  # [R, K]
    watch: Watch  # [R, K]
    watched: Watched  # [R, K]
    moved: Floats  # [R, K] share of officers who lead people out of view
    officers: Floats  # [R, K] persons
    taken: Floats  # [R, K] kg a month of an officer, after shares and confiscation
    taken_spread: Floats  # [R, K] kg a month, from month to month
    short: Floats  # [R, K] kg a month that this lacks of the demand
    held_up: Floats  # [R, K] innocent people a month of an officer
    fixed_price: Floats  # [R, K] kg, an ordinary household at the medians, unwatched; the least bribe if that is more
    toll: float  # kg of one who is held up

    @property
    def unsolved(self) -> int:
        """Posts whose worth the solver did not bring to rest."""
        return int((~self.watched.deal.converged).sum())


class _Reckoning(NamedTuple):
    """What an officer reckons with, a place's own experience mixed with the nation's."""

    encounters: Floats  # [R, K] a month
    mix: Floats  # [R, K, O * X * J]
    on_record: Floats  # [R, K] share of them
    powered: Floats  # [R, K] share with power
    stops: Floats  # [K] of one who could be caught, on one journey
    officers: Floats  # [R, K] persons
    stopped: Floats  # [R, K] innocent people in an officer's hands, a month
    looked_over: Floats  # [R, K] people whom an officer finds in order, a month


def _reckon(p: Parameters, cases: Cases, practice: Practice, standing: Floats) -> _Reckoning:
    pooled = p.number("bribery.pooled_encounters")
    a_month = p.number("bribery.encounters")
    by_class = cases.classes(practice.caught.sum(axis=-1))
    caught = by_class.sum(axis=-1)
    usual = practice.usual if practice.usual.any() else caught

    def shared(amount: Floats, base: Floats) -> Floats:
        """By kind, of the whole nation: amount over base; 1 where there is no base."""
        of, over = amount.sum(axis=0), base.sum(axis=0)
        return np.divide(of, over, out=np.ones_like(of), where=over > 0.0)

    busy = (caught + pooled * shared(caught, usual)) / (usual + pooled)
    nation = by_class.sum(axis=0)
    some = nation.sum(axis=-1, keepdims=True)
    nation = np.where(some > 0.0, nation / np.where(some > 0.0, some, 1.0), _expected_mix(cases, standing))
    mix = (by_class + pooled * nation) / (caught + pooled)[..., None]
    recorded = cases.classes(practice.on_record).sum(axis=-1)
    with_power = cases.classes(practice.caught[..., 1]).sum(axis=-1)
    stops = np.ones(len(OFFICERS))
    for row, kinds in enumerate(ROWS):
        along = [OFFICERS.index(kind) for kind in kinds]
        if practice.journeys[row] > 0.0:
            stops[along] = max(float(caught[:, along].sum() / practice.journeys[row]), 1.0)
    innocent = [
        a_month * (seen + pooled * np.where(usual.sum(axis=0) > 0.0, shared(seen, usual), 0.0)) / (usual + pooled)
        for seen in (practice.stopped, practice.looked_over)
    ]
    return _Reckoning(
        encounters=a_month * busy,
        mix=mix / over_last(mix)[..., None],
        on_record=_over(recorded, caught),
        powered=_over(with_power, caught),
        stops=stops,
        officers=usual / a_month,
        stopped=innocent[0],
        looked_over=innocent[1],
    )


def _expected_mix(cases: Cases, standing: Floats) -> Floats:
    """``[K, O * X * J]``: whom an officer would meet if all households were caught alike."""
    one = np.repeat(standing / RANKS, RANKS)
    found = cases.classes(np.tile(one, (1, len(cases.pairs), 1)))[0]
    total = found.sum(axis=-1, keepdims=True)
    # A kind of officer without a case meets nobody; any mix that adds up will do.
    empty = np.tile(one / len(cases.offences), len(cases.offences))
    return np.where(total > 0.0, found / np.where(total > 0.0, total, 1.0), empty)


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
    payers = replace(payers, mix=now.mix)
    covered = in_view[..., 0] * (1.0 - now.powered) + in_view[..., 1] * now.powered
    watch = watch_of(p, day, covered=covered, on_record=now.on_record)
    post = replace(post_of(p, day), encounters=now.encounters)
    # First as if no officer heeded the other posts on the way; then he asks no more than such a row would.
    alone = strike_watched(post, payers, watch, practice.moved, start=practice.stake)
    post = replace(post, bargaining=_heeding(p, post, alone, now.stops))
    watched = strike_watched(post, payers, watch, practice.moved, start=alone.deal.stake)
    deal = watched.deal
    taken, spread = takings(post, deal, now.mix, watched.cut)
    # Pay beyond what a family needs goes to those above before anybody is held up for them.
    own = np.clip(post.wage - p.number("prices.household_month"), 0.0, post.demand)
    short = np.minimum(shortfall(post.demand - own, taken, spread), post.demand - own)
    toll = p.number("bribery.toll")
    pays = willing(toll, value_of(p), means_of(p))
    # Where nobody can pay there is nothing to be had by holding people up.
    brings = toll * float(over_last(pays * standing))
    needed = short / brings if brings > 0.0 else np.zeros_like(short)
    asked_stopped, asked_looked_over = pretexts(needed, now.stopped, now.looked_over)
    let_off, prices, side_bribes, side_money = _settled(cases, watched, in_view, practice.moved)
    return Enforcement(
        cases=cases,
        verdict=_verdicts(p, cases, let_off, asked_stopped, asked_looked_over, np.repeat(pays, RANKS)),
        prices=_with_tolls(prices, toll),
        side_bribes=side_bribes,
        side_money=side_money,
        post=post,
        watch=watch,
        watched=watched,
        moved=practice.moved,
        officers=now.officers,
        taken=taken,
        taken_spread=spread,
        short=short,
        held_up=asked_stopped * now.stopped + asked_looked_over * now.looked_over,
        fixed_price=_fixed_price(p, cases, post, deal.b_star[0]),
        toll=toll,
    )


def payers_at(p: Parameters, cases: Cases, standing: Floats) -> Payers:
    """Whom officers may meet, by offence, standing and rank: what they would give is worked out once for a run."""
    mix = np.repeat(standing / RANKS, RANKS)
    each = [payers_of(p, offence, mix, RANKS) for offence in cases.offences]
    return at_one_post(each, np.tile(mix / len(each), len(each)))


def _heeding(p: Parameters, post: Post, alone: Watched, stops: Floats) -> Floats:
    least = alone.deal.b_star[0]
    price = alone.deal.mean_price
    price = np.where(np.isnan(price), least, price)
    means = Lognormal(p.number("bribery.means_ordinary"), p.number("bribery.means_spread"))
    return asked(post.bargaining, least, price, stops, p.number("bribery.toll_conduct"), value_of(p), means)


def _settled(cases: Cases, watched: Watched, in_view: Floats, moved: Floats) -> tuple[Floats, Floats, Floats, Floats]:
    """Let off and mean price ``[R, D, X * J, powered, 2]`` of the caught and the recorded; shares of the sides."""
    seen = in_view * (1.0 - moved[..., None])
    bought = watched.bought[..., None]
    weight = np.stack([1.0 - in_view, seen * (1.0 - bought), seen * bought, in_view * moved[..., None]])
    by_case = weight[:, :, cases.officer][:, :, :, None, :]  # [side, R, D, 1, powered]
    struck, paid = (cases.by_case(x)[..., None] for x in (watched.deal.struck, watched.deal.paid))
    bribes, money = by_case * struck[:_RECORDED], by_case * paid[:_RECORDED]
    caught, asked = bribes.sum(axis=0), money.sum(axis=0)
    both = np.ones_like(caught)
    let_off = np.stack([caught, struck[_RECORDED] * both], axis=-1)
    amount = np.stack([asked, paid[_RECORDED] * both], axis=-1)
    return let_off, _over(amount, let_off), _over(bribes, caught), _over(money, asked)


def _verdicts(
    p: Parameters, cases: Cases, let_off: Floats, asked_stopped: Floats, asked_looked_over: Floats, pays: Floats
) -> Floats:
    """``[R, D, X * J, powered, F, V]``, from the chances to be let off and to be held up."""
    found = np.zeros((*let_off.shape[:-1], len(FINDINGS), len(VERDICTS)))

    def put(finding: int, **chances: Floats | float) -> None:
        for verdict, chance in chances.items():
            found[..., finding, VERDICTS.index(verdict)] = chance

    sent_back = p.number("officers.turn_back_share")
    held = p.number("station_gates.desk_hold")
    let_go = p.number("station_gates.desk_override")
    put(_PASSED, passed=1.0)
    for finding, up in ((_LOOKED_OVER, asked_looked_over), (_STOPPED, asked_stopped)):
        share = up[:, cases.officer][:, :, None, None]
        able = pays[:, None]
        rest = 1.0 - share
        kept = 0.0 if finding == _LOOKED_OVER else rest * (1.0 - let_go)
        put(
            finding,
            paid=share * able,
            passed=rest - kept,
            held_in_error=kept * held,
            turned_back=share * (1.0 - able) + kept * (1.0 - held),
        )
    for finding, free in ((_CAUGHT, let_off[..., 0]), (_ON_RECORD, let_off[..., 1])):
        put(finding, paid=free, turned_back=(1.0 - free) * sent_back, penalised=(1.0 - free) * (1.0 - sent_back))
    return found


def _with_tolls(prices: Floats, toll: float) -> Floats:
    found = np.zeros((*prices.shape[:-1], len(FINDINGS)))
    found[..., _LOOKED_OVER] = found[..., _STOPPED] = toll
    found[..., _CAUGHT], found[..., _ON_RECORD] = prices[..., 0], prices[..., 1]
    return found


def _fixed_price(p: Parameters, cases: Cases, post: Post, least: Floats) -> Floats:
    ordinary = STANDINGS.index("ordinary")
    found = np.array(least)
    for kind in sorted(set(cases.officer.tolist())):
        offence = next(offence for officer, offence in cases.pairs if officer == OFFICERS[kind])
        one = payers_of(p, offence, np.full(len(STANDINGS), 1.0 / len(STANDINGS)))
        penalty, means = (
            np.broadcast_to(amount.median, one.gives.shape) for amount in (one.gives.one, one.gives.other)
        )
        gives = float(min(penalty[ordinary], means[ordinary]))
        mine = replace(post, bargaining=np.asarray(post.bargaining)[:, kind])
        price = price_for(mine, one.fine, least[:, kind], gives)
        found[:, kind] = np.where(np.isnan(price), least[:, kind], price)
    return found


def accounts(p: Parameters, found: Enforcement, met: Floats, weeks: int) -> Ledger:
    """Where the money of ``weeks`` weeks went, in which ``met[R, D, X * J, powered, F, V]`` persons of the nation
    came before officers: bribes, tolls, wages, lump sums.
    """
    months = weeks / MONTH_WEEKS
    deal, post = found.watched.deal, found.post
    paid = met[..., _PAID]
    fee = p.number("bribery.broker_share") * p.number("bribery.broker_fee")
    places = len(met)
    ledger = paid_over(places, "payers", "officers", 0.0)
    tolls = np.zeros((places, len(OFFICERS)))
    for d, k in enumerate(found.cases.officer):
        caught = paid[:, d, :, :, _CAUGHT]
        recorded = paid[:, d, :, :, _ON_RECORD]
        for side in range(len(SIDES)):
            if side == _RECORDED:
                count, money = recorded, recorded * found.prices[:, d, :, :, _ON_RECORD]
            else:
                count = caught * found.side_bribes[side, :, d]
                money = caught * found.prices[:, d, :, :, _CAUGHT] * found.side_money[side, :, d]
            number, amount = count.sum(axis=(1, 2)), money.sum(axis=(1, 2))
            ledger = ledger + settle(
                Bribes(
                    count=number,
                    paid=amount,
                    found_out=deal.found_out[side][:, k],
                    handed_up=post.handed_up,
                    cut=found.watched.cut[side][:, k],
                    fine=post.fine,
                    payer_fine=p.number("bribery.payer_fine"),
                    fee=fee * _over(amount, number),
                )
            )
        tolls[:, k] += found.toll * (paid[:, d, :, :, _LOOKED_OVER] + paid[:, d, :, :, _STOPPED]).sum(axis=(1, 2))
    staff = found.officers * months
    lacks = np.maximum(found.short - _over(tolls, staff), 0.0)
    handed = staff * np.maximum(post.demand - lacks, 0.0)
    return (
        ledger
        + paid_over(places, "payers", "officers", over_last(tolls))
        + paid_over(places, "officers", "superiors", over_last(handed))
        + paid_over(places, "state", "officers", over_last(staff * post.wage))
    )


def over_last(x: Floats) -> Floats:
    """Sum over the last axis, added in its order."""
    total = np.zeros(np.shape(x)[:-1])
    for each in range(np.shape(x)[-1]):
        total = total + x[..., each]
    return total


def _over(amount: Floats, base: Floats) -> Floats:
    return np.divide(amount, base, out=np.zeros(np.broadcast_shapes(np.shape(amount), np.shape(base))), where=base > 0)
