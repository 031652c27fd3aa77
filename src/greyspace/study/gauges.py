"""Measures of a life by name: what maps, attributions and signposts can be asked of."""

import difflib
from collections.abc import Callable
from functools import partial
from typing import NamedTuple

from greyspace.contract import STATES
from greyspace.contract.axes import PUNISHED
from greyspace.country import ACTS
from greyspace.errors import InputError
from greyspace.study.lives import Totals
from greyspace.study.officers import OF_OFFICERS


class Gauge(NamedTuple):
    """A measure: its name on the command line, what to call it, its unit, and how it is read from totals.

    ``seen``: who outside could see it, or be told of it; empty where nobody could. None is read where there is nothing
    to measure.
    """

    name: str
    says: str
    unit: str
    of: Callable[[Totals], float | None]
    seen: str = ""


def _share(totals: Totals, act: str, state: str) -> float | None:
    """States of begun acts as shares of those begun, other states as shares of intents."""
    row = totals.era.states[ACTS.index(act)]
    base = row[PUNISHED:].sum() if STATES.index(state) >= PUNISHED else row.sum()
    return float(1000.0 * row[STATES.index(state)] / base) if base > 0 else None


def _begun(totals: Totals, act: str) -> float | None:
    return _rate(float(totals.era.states[ACTS.index(act), PUNISHED:].sum()), totals, 1000.0)


def _rate(count: float, totals: Totals, people: float) -> float | None:
    return people * count / totals.person_years if totals.person_years > 0 else None


def _flow(totals: Totals, name: str, people: float) -> float | None:
    return _rate(totals.flow(name), totals, people)


def _gates(totals: Totals, name: str) -> float | None:
    there = totals.flow("gate_weeks")
    return 100.0 * totals.flow(name) / there if there > 0 else None


def _level(totals: Totals, name: str, times: float = 1.0) -> float | None:
    level = totals.level(name)
    return None if level is None else times * level


def _arrived(totals: Totals) -> float | None:
    begun = totals.era.states[ACTS.index("crossing"), PUNISHED:]
    gone_on = float(begun[STATES.index("paid") - PUNISHED :].sum())
    return _rate(gone_on, totals, 1e6)


def _of_officers(totals: Totals, name: str) -> float | None:
    return OF_OFFICERS[name](totals.era)


def _words(name: str) -> str:
    return name.replace("_", " ")


_KG = "kg of rice"
_TRAVELLERS = "travellers tell"
_OWN: tuple[Gauge, ...] = (
    Gauge(
        "gates_working", "gates not broken", "% of those there", partial(_gates, name="gates_working"), "can be seen"
    ),
    Gauge("gates_live", "gates at work", "% of time", partial(_gates, name="gates_live"), _TRAVELLERS),
    Gauge(
        "power_home", "power at home", "% of hours", partial(_level, name="power_home", times=100.0), "seen from space"
    ),
    Gauge("linked", "sites linked to the register", "%", partial(_level, name="linked", times=100.0)),
    Gauge("price", "mean bribe on a journey", _KG, partial(_of_officers, name="price"), _TRAVELLERS),
    Gauge(
        "fixed_price", "asked of the same household", _KG, partial(_of_officers, name="fixed_price"), "residents tell"
    ),
    Gauge(
        "let_off",
        "caught on a journey and let off for a bribe",
        "of 1,000 caught",
        partial(_of_officers, name="let_off_caught"),
    ),
    Gauge(
        "held_up",
        "innocent travellers made to pay",
        "of 1,000 journeys with a permit",
        partial(_of_officers, name="held_up"),
        _TRAVELLERS,
    ),
    Gauge("taken", "bribes of an officer", f"{_KG} a month", partial(_of_officers, name="taken")),
    Gauge("bribes", "bribes and tolls paid", "of 1,000 people a year", partial(_flow, name="bribes", people=1000.0)),
    Gauge("bribes_kg", "paid to officers", f"{_KG} a person and year", partial(_flow, name="kg", people=1.0)),
    Gauge(
        "superiors_share",
        "what superiors receive of all that is paid",
        "share",
        partial(_of_officers, name="received_superiors"),
    ),
    Gauge("food_price", "price of food", "times usual", partial(_level, name="food_price"), "market reports"),
    Gauge(
        "goods_price", "price of smuggled goods", "times usual", partial(_level, name="goods_price"), "market reports"
    ),
    Gauge("leads", "followed up for what is on record", "of 100,000 people a year",
          partial(_flow, name="leads", people=1e5), "those released tell"),
    Gauge("recorded", "acts that went free but recorded", "a person and year",
          lambda totals: _rate(totals.recorded, totals, 1.0)),
    Gauge("held_short", "held for a short term", "of 100,000 people a year",
          partial(_flow, name="held_short", people=1e5), "those released tell"),
    Gauge("held_long", "held for a long term", "of 100,000 people a year",
          partial(_flow, name="held_long", people=1e5), "those released tell"),
    Gauge("held_camp", "sent to a camp", "of 100,000 people a year",
          partial(_flow, name="held_camp", people=1e5), "those who left tell"),
    Gauge("killed", "shot at the border", "of a million people a year",
          partial(_flow, name="held_killed", people=1e6), "those who left tell"),
    Gauge("crossed", "crossings out that succeed", "of a million people a year", _arrived, "arrivals abroad"),
    Gauge("paying_by_phone", "adults who pay by telephone", "%",
          partial(_level, name="payers", times=100.0), "can be seen"),
    Gauge("riding_by_card", "people who ride with a card", "%",
          partial(_level, name="riders", times=100.0), "can be seen"),
    Gauge("telephones", "adults with a telephone", "%", partial(_level, name="owners", times=100.0), "can be seen"),
    Gauge("classrooms", "pupils before a camera that has power", "%",
          partial(_level, name="pupils", times=100.0), "can be seen"),
    Gauge("trips_seen", "motor trips in towns past a camera", "%",
          partial(_level, name="vehicle_trips", times=100.0), "can be seen"),
    Gauge("border_seen", "border in view of a camera that runs", "%",
          partial(_level, name="border", times=100.0), "seen from across"),
    Gauge("industry_seen", "workers in industry before a camera", "%",
          partial(_level, name="industry_workers", times=100.0), "can be seen"),
)  # fmt: skip

GAUGES: dict[str, Gauge] = {
    **{gauge.name: gauge for gauge in _OWN},
    **{
        f"{act}.begun": Gauge(
            f"{act}.begun", f"{_words(act)}: begun", "of 1,000 people a year", partial(_begun, act=act)
        )
        for act in ACTS
    },
    **{
        f"{act}.{state}": Gauge(
            f"{act}.{state}",
            f"{_words(act)}: {_words(state)}",
            "of 1,000 begun" if STATES.index(state) >= PUNISHED else "of 1,000 intents",
            partial(_share, act=act, state=state),
        )
        for act in ACTS
        for state in STATES
    },
}
"""Every measure by its name; ``act.state`` for how acts end, ``act.begun`` for how many are begun."""

SEEN: tuple[Gauge, ...] = tuple(gauge for gauge in _OWN if gauge.seen)
"""Measures that somebody outside could see, or be told of."""


def named(name: str) -> Gauge:
    """The measure called ``name``; InputError, with the nearest, where there is none.

    >>> named("trade.paid").unit
    'of 1,000 begun'
    >>> named("trade.payed")
    Traceback (most recent call last):
    greyspace.errors.InputError: --measure trade.payed: there is no such measure; did you mean trade.paid?
    """
    if name in GAUGES:
        return GAUGES[name]
    near = difflib.get_close_matches(name, list(GAUGES), n=1, cutoff=0.5)
    own = ", ".join(gauge.name for gauge in _OWN)
    hint = f"did you mean {near[0]}?" if near else f"allowed are {own}, and act.state such as trade.paid."
    raise InputError(f"--measure {name}: there is no such measure; {hint}")
