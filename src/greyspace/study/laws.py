"""Laws and identities that the model must keep, each worked out a second time in another way and compared.

Some are of the code alone: what a post is worth, tolls in a row, many looks at one person, the life of devices. The
others are of a world in which people live for some weeks: nobody, no act, no record and no gram is lost or made.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from greyspace.contract import FOUND, HOME, NOTHING, ONE, OUTCOMES, VERDICTS, Layout, Odds, cumulative, draw_count
from greyspace.contract.axes import FREE_RECORDED, PUNISHED, TURNED_BACK
from greyspace.country import ACTS, STANDINGS, Pack, household_standings
from greyspace.engine import Expected
from greyspace.evidence import resolve
from greyspace.infrastructure import HOME as HOMES
from greyspace.infrastructure import IN_REPAIR, WAITING, WORKING, Site
from greyspace.infrastructure.devices import fates, wear
from greyspace.infrastructure.weeks import FIRST_MONDAY
from greyspace.institutions import OFFICERS, SIDES, means_of, payers_of, post_of, strike, value_of
from greyspace.institutions.lognormal import Lognormal
from greyspace.institutions.tolls import total, total_linear
from greyspace.simulate import Life, Plan, plan
from greyspace.simulate.measures import PeriodTallies
from greyspace.study.mutants import Mutant

Floats = NDArray[np.float64]

_WEEKS = 9
"""How long people live to have it checked that nothing is lost: three renewals of the odds."""

_PERSONS = 8_000.0
"""How many of them are made one by one."""

_GATES_STAND = 56
"""Days after the first gate at which they begin, so that gates, too, meet people."""

_DEVICES, _DEVICE_WEEKS, _DEVICE_LIFE = 4000, 300, 1.5
_LUCK = math.sqrt(math.log(2.0 / 1e-6) / (2.0 * _DEVICES))
"""A curve of so many lives strays this far from its law in one draw of a million (Dvoretzky, Kiefer, Wolfowitz)."""

_FOUND = 0.05
_LOOKS = (1, 3, 10, 40)

_DEMANDS, _RISKS = (0.0, 1.0, 2.0), (1.0, 5.0, 20.0)
_POSTS = (1, 2, 3, 5)


class Gap(NamedTuple):
    """How far the model is from a law, how far it may be for rounding or luck, and in words what was compared."""

    gap: float
    within: float
    words: str


@dataclass(frozen=True)
class Bench:
    """A country under the true model, or a wrong one, in which laws are tried."""

    pack: Pack
    mutant: Mutant | None = None

    def plan(self, engine: str) -> Plan:
        """Some weeks of history, with gates where the country has any."""
        first = min((gate.installed for gate in self.pack.gates), default=None)
        years = [row.year for row in self.pack.projection]
        start = first + timedelta(days=_GATES_STAND) if first else date(years[len(years) // 2], 6, 1)
        scenario = self.pack.scenario("history")
        made = plan(
            self.pack,
            scenario,
            engine=engine,
            scale=min(1.0, _PERSONS / self.pack.nation(start.year)),
            start=start,
            end=start + timedelta(weeks=_WEEKS - 1),
            sets={**scenario.sets(), **(self.mutant.sets if self.mutant else {})},
        )
        return replace(made, model=self.mutant.model) if self.mutant else made

    @cached_property
    def lived(self) -> "tuple[Lived, ...]":
        """The weeks as lived under both engines; under a wrong model by expectation alone, whose odds are the same."""
        engines = ("expected", "individuals") if self.mutant is None else ("expected",)
        return tuple(_live(self.plan(engine)) for engine in engines)


@dataclass(frozen=True)
class Lived:
    """Some weeks: the life at its end, the people it began with, and what each period came to."""

    life: Life
    began: float
    periods: tuple[PeriodTallies, ...]

    def acts(self, state: int) -> Floats:
        """``[A]``: acts that ended so."""
        return np.sum([got.acts[..., state].sum(axis=(0, 2)) for got in self.periods], axis=0)

    def met(self, *verdicts: str, seen: tuple[str, ...] = ("recorded", "unrecorded")) -> Floats:
        """``[A]``: contacts of each act that came to one of these verdicts."""
        wanted = [OUTCOMES.index(f"{how}_{verdict}") for how in seen for verdict in verdicts]
        found = np.zeros(len(ACTS))
        for got in self.periods:
            by_contact = got.met.ended[..., wanted].sum(axis=(0, 2, 3), dtype=np.float64)
            for contact, count in zip(self.life.world.contacts, by_contact, strict=True):
                found[ACTS.index(contact.act)] += count
        return found


def _live(made: Plan) -> Lived:
    life = Life(made)
    periods = []
    for period in life.world.periods:
        periods.append(life.step(period, life.odds(period), lambda _: None))
        _ = periods[-1].ledger  # reads what officers decided, which is known until the odds are renewed
    life.close()
    return Lived(life, life.made, tuple(periods))


# -- of the code


def _worth(bench: Bench) -> Gap:
    """Chances and takings by quadrature, and what a post brings month after month, discounted and added up."""
    from scipy.stats import norm

    p, day = bench.plan("expected").p, bench.plan("expected").start
    usual, mix = post_of(p, day), household_standings(bench.pack)
    payers = payers_of(p, "journey", mix)
    post = replace(
        usual,
        found_out=np.minimum(np.array(_RISKS)[:, None] * usual.found_out, 0.5),
        demand=np.array(_DEMANDS) * usual.demand,
    )
    deal = strike(post, payers)
    worst = 0.0
    for i, j in np.ndindex(deal.stake.shape):
        q, beta = float(np.asarray(post.found_out)[i, 0]), float(usual.bargaining)
        chance = brings = enforced = 0.0
        for x, share in enumerate(mix):
            least = float(deal.b_star[0, i, j, x])
            fine, worth = (float(np.broadcast_to(of, (len(STANDINGS),))[x]) for of in (payers.fine, payers.worth))
            edge = (least + q * fine) / (1.0 - q)
            at = np.log(edge) + np.linspace(0.0, 16.0, 4001)
            over = np.ones(at.shape)
            for amount in (payers.gives.one, payers.gives.other):
                median, spread = (float(np.broadcast_to(of, (len(STANDINGS),))[x]) for of in amount)
                over *= norm.sf((at - np.log(median)) / spread)
            beyond = float(np.trapezoid(over * np.exp(at), at))
            chance += share * over[0]
            brings += share * (least * over[0] + beta * (1.0 - q) * beyond)
            enforced += share * (1.0 - over[0]) * worth
        n, demand = float(usual.encounters), float(np.asarray(post.demand)[j])
        flow = usual.wage - demand + n * (1.0 - q) * (1.0 - usual.handed_up) * brings + n * enforced
        flow -= n * q * chance * usual.fine
        dismissed, rate = n * q * chance, usual.discount + n * q * chance
        months = np.linspace(0.0, 40.0 / rate, 20001)
        stream = np.exp(-rate * months) * (flow + dismissed * usual.outside)
        present = float(np.trapezoid(stream, months))
        worst = max(worst, abs(present - float(deal.worth[i, j])) / (1.0 + abs(present)))
    return Gap(worst, 1e-5, f"largest gap among {deal.stake.size} posts, as a share of their worth")


def _tolls(bench: Bench) -> Gap:
    """No post of a row could gain by asking something else; and one hand over all of them could not either."""
    p = bench.plan("expected").p
    value, ordinary = value_of(p), STANDINGS.index("ordinary")
    means = Lognormal(float(np.asarray(means_of(p).median)[ordinary]), float(means_of(p).spread))
    cost, worst = float(p.number("bribery.toll")), 0.0
    for n in _POSTS:
        for hands, each in ((n, cost), (1, n * cost)):
            conduct = 0.0 if hands == n else 1.0
            own = float(total(float(n), conduct, cost, value, means)) / hands
            rest = (hands - 1) * own
            tried = each + (own - each) * np.exp(np.linspace(-2.0, 2.0, 4001))
            gain = (tried - each) * value.over(rest + tried) * means.over(rest + tried)
            now = (own - each) * float(value.over(rest + own) * means.over(rest + own))
            worst = max(worst, float(gain.max()) / now - 1.0)
    linear = [abs(float(total_linear(float(n), 0.0, 1.0)) - n / (n + 1.0)) for n in _POSTS]
    linear += [abs(float(total_linear(float(n), 1.0, 1.0)) - 0.5) for n in _POSTS]
    return Gap(max(worst, *linear), 1e-6, f"most that a post of {_POSTS[0]} to {_POSTS[-1]} gains by another toll")


def _looks(bench: Bench) -> Gap:
    """Everybody is looked at N times, and found each time with the same chance f."""
    life, worst = bench.lived[0].life, 0.0
    world, people = life.world, np.asarray(bench.lived[0].periods[-1].people)
    odds = life.odds(world.periods[-1])
    for looks in _LOOKS:
        lay, made = _all_looked_at(world.layout, odds, looks)
        looked = Expected(people, lay, np.full(len(people), 100.0), np.zeros(len(people)))
        looked.renew(made)
        states = looked.advance().states.sum(axis=(0, 1, 2))
        share = states[FREE_RECORDED] / states[PUNISHED:].sum()
        worst = max(worst, abs(float(share) - (1.0 - (1.0 - _FOUND) ** looks)))
    return Gap(worst, 1e-8, f"largest gap of the share on record after {_LOOKS[0]} to {_LOOKS[-1]} looks")


def _all_looked_at(layout: Layout, odds: Odds, looks: int) -> tuple[Layout, Odds]:
    """The same world, but for its routes: on each, nothing is met but the first contact, so many times."""
    route = np.full((1, layout.routes.shape[1], 4), NOTHING, np.int32)
    route[0, 0] = (0, HOME, looks, draw_count("look", 0))
    finding = np.zeros((*odds.finding.shape[:-1], len(FOUND)))
    finding[..., FOUND.index("recorded_passed")] = _FOUND
    finding[..., FOUND.index("unrecorded_passed")] = 1.0 - _FOUND
    return (
        layout._replace(
            routes=route,
            route_of=np.zeros_like(layout.route_of),
            instead=np.full_like(layout.instead, NOTHING),
        ),
        odds._replace(met=np.full_like(odds.met, ONE), finding=cumulative(finding, "looks")),
    )


def _survival(bench: Bench) -> Gap:
    """Devices that are never mended, some on steady power and some on half of it."""
    sets = {"devices.life_years": _DEVICE_LIFE, "devices.spares_initial": 0.0, "devices.spares_per_year": 0.0}
    p = resolve(bench.pack.parameters, sets)
    weeks = np.arange(FIRST_MONDAY, FIRST_MONDAY + 7 * _DEVICE_WEEKS, 7)
    sites = [Site(f"device {i}", 0, "", int(weeks[0]), 1, HOMES) for i in range(_DEVICES)]
    power = np.array([1.0, 0.5])[np.arange(_DEVICES) % 2]
    ages = wear(p, power)
    found = fates(sites, p, 1, weeks, np.broadcast_to(ages, (len(weeks), _DEVICES)), np.ones(len(weeks)))
    failed = np.maximum.accumulate(np.isin(found.state, (WAITING, IN_REPAIR)), axis=0)
    worst = 0.0
    for half in (0, 1):
        own = slice(half, None, 2)
        law = np.exp(-7.0 * float(np.asarray(ages)[half]) / (_DEVICE_LIFE * 365.25) * np.arange(1, len(weeks) + 1))
        worst = max(worst, float(np.abs((~failed[:, own]).mean(axis=1) - law).max()))
    assert (found.state[0] == WORKING).any()
    return Gap(worst, _LUCK * math.sqrt(2.0), f"largest gap between the lives of {_DEVICES:,} devices and the curve")


# -- of a world


def _persons(bench: Bench) -> Gap:
    gaps = []
    for lived in bench.lived:
        dead = sum(float(got.whole.held[..., -1].sum()) for got in lived.periods)
        there = float(np.asarray(lived.periods[-1].people, np.float64).sum())
        gaps.append(abs(there + dead - lived.began) / lived.began)
    return Gap(max(gaps), 1e-9, "persons there, and killed, less those at the beginning, as a share of these")


def _intents(bench: Bench) -> Gap:
    gaps = []
    for lived in bench.lived:
        by_person = np.sum([got.whole.states.sum(axis=1) for got in lived.periods], axis=0)
        by_way = np.sum([got.acts.sum(axis=2) for got in lived.periods], axis=0)
        gaps.append(float(np.abs(by_person - by_way).max()) / float(by_person.sum()))
    return Gap(max(gaps), 1e-12, "largest gap in any region, act and state, as a share of all intents")


def _ends(bench: Bench) -> Gap:
    gaps = []
    for lived in bench.lived:
        back = lived.met("turned_back") - lived.acts(TURNED_BACK)
        penalties = lived.met(*VERDICTS[VERDICTS.index("fined") :]) - lived.acts(PUNISHED)
        begun = sum(float(lived.acts(state).sum()) for state in range(PUNISHED, PUNISHED + 5))
        gaps.append(float(np.abs(np.append(back, penalties)).max()) / begun)
    return Gap(max(gaps), 1e-9, "largest gap of any act, as a share of all acts begun")


def _records(bench: Bench) -> Gap:
    """By how much acts on record exceed contacts that wrote something down and let the person go."""
    gaps = []
    for lived in bench.lived:
        recorded = lived.acts(FREE_RECORDED)
        more = recorded - lived.met("passed", "held_in_error", seen=("recorded",))
        gaps.append(max(float(more.max()), 0.0) / float(recorded.sum()))
    return Gap(max(gaps), 1e-9, "acts on record beyond the contacts that could have written them, as a share")


def _money(bench: Bench) -> Gap:
    """What officers' own books say they had of people, against what left people's purses for them."""
    gaps = []
    for lived in bench.lived:
        moved = np.sum([got.ledger.moved.sum(axis=0) for got in lived.periods], axis=0) / 1000.0
        had = sum(float(got.books.bribes.sum() + got.books.tolls.sum()) for got in lived.periods)
        of_purses = float(moved[0, 1] + moved[0, 4])
        balances = sum(int(got.ledger.balances().sum()) for got in lived.periods)
        gaps.append(abs(had - of_purses) / max(had, 1.0) + abs(balances))
    return Gap(max(gaps), 1e-4, "officers' books less what people paid them, as a share; accounts sum to 0 grams")


def _mixed(bench: Bench) -> Gap:
    """Risks of the circumstances, which are mixed only after prices were made of them."""
    worst = 0.0
    p = bench.plan("expected").p
    for got in bench.lived[0].periods:
        found = got.enforcement
        there = found.post.encounters > 0.0
        there &= np.isin(np.arange(len(OFFICERS)), found.cases.officer)
        q = float(p.number("bribery.found_out", bench.plan("expected").start))
        for side, more in (("in_view", "reviewed"), ("on_record", "record_reviewed"), ("unwatched", "")):
            seen = p.number(f"bribery.{more}", bench.plan("expected").start) if more else 0.0
            wanted = 1.0 - (1.0 - q) * (1.0 - seen)
            worst = max(worst, float(np.abs(found.found_out[SIDES.index(side)][there] - wanted).max()))
    return Gap(worst, 1e-12, "largest gap of the chance to be found out, before a camera, on record, and neither")


def _at_rest(bench: Bench) -> Gap:
    found = bench.lived[0].periods[0].enforcement
    there = np.isin(np.arange(len(OFFICERS)), found.cases.officer)
    gap = float(np.abs(found.moved - found.moving)[:, there].max())
    return Gap(gap, 0.01, "largest gap between the share of officers who leave a camera's view and those whom it pays")


@dataclass(frozen=True)
class Law:
    """A law: what it says, where it is from, and how it is tried. ``of_world``: a wrong model may break it."""

    id: str
    says: str
    source: str
    of_world: bool
    tried: Callable[[Bench], Gap]


LAWS: tuple[Law, ...] = (
    Law("worth", "a post is worth the present value of all that it will bring, until it is lost",
        "Becker and Stigler 1974, as an asset", False, _worth),
    Law("tolls", "no post of a row gains by another toll; with a straight demand n posts ask n/(n+1), one hand 1/2",
        "Shleifer and Vishny 1993", False, _tolls),
    Law("looks", "who is looked at N times, each time found with chance f, is found with 1-(1-f)^N",
        "independence of looks", False, _looks),
    Law("survival", "devices that nobody mends die by an exponential law, faster where power fails",
        "the law of lives that the pack assumes", False, _survival),
    Law("persons", "who lives and who was killed are as many as at the beginning", "identity", True, _persons),
    Law("intents", "every intent ends in one state, whoever counts it", "identity", True, _intents),
    Law("ends", "who is turned back or penalised was so at a contact, once", "identity", True, _ends),
    Law("records", "no act without a contact that wrote it down is on record", "identity", True, _records),
    Law("money", "what officers take is what people pay, and accounts sum to nothing", "double entry", True, _money),
    Law("mixed", "risk before a camera and elsewhere are two risks, with two prices",
        "averages after the nonlinearity", True, _mixed),
    Law("at_rest", "where nothing changes, officers leave a camera's view as often as it pays them",
        "learning comes to rest", True, _at_rest),
)  # fmt: skip
"""All laws, in the order of the page."""


def tried(bench: Bench) -> dict[str, dict[str, Any]]:
    """Every law that a bench can break, by id, as plain data."""
    found = {}
    for law in LAWS:
        if bench.mutant is None or law.of_world:
            gap = law.tried(bench)
            found[law.id] = {"gap": gap.gap, "within": gap.within, "words": gap.words, "holds": gap.gap <= gap.within}
    return found
