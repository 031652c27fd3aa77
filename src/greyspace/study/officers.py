"""What is told of officers: how many they let off and at what price, whom they hold up, and who has the money."""

from collections.abc import Callable, Sequence
from functools import partial

from greyspace.contract import VERDICTS
from greyspace.contract.axes import PRICED_OUT, PUNISHED
from greyspace.country import ACTS
from greyspace.institutions import ACCOUNTS, RECEIVERS
from greyspace.study.era import ENTRANCES, HANDS, PAPERS, Era

_CAUGHT, _RECORDED = HANDS.index("caught"), HANDS.index("on_record")
_INNOCENT = [HANDS.index("looked_over"), HANDS.index("stopped")]
_FOUND, _PAID, _KG = range(3)


def _price(era: Era, findings: Sequence[int]) -> float | None:
    """Mean, over those let off, kg."""
    count = sum(era.hands[finding, _PAID] for finding in findings)
    return sum(era.hands[finding, _KG] for finding in findings) / count if count else None


def paid_at(era: Era, entrances: Sequence[str], papers: str, of: Sequence[str] = VERDICTS) -> float | None:
    """How many paid and went on, of a thousand inspections at such entrances that ended in one of the verdicts ``of``.

    None where there were none.
    """
    rows = era.entrances[[ENTRANCES.index(name) for name in entrances], PAPERS.index(papers)].sum(axis=0)
    by_verdict = dict(zip(VERDICTS, rows.reshape(2, len(VERDICTS)).sum(axis=0), strict=True))
    return _a_thousand(float(by_verdict["paid"]), float(sum(by_verdict[name] for name in of)))


def _a_thousand(amount: float, base: float) -> float | None:
    return 1000.0 * amount / base if base > 0 else None


def _begun(era: Era, act: str) -> float:
    return float(era.states[ACTS.index(act), PUNISHED:].sum())


def _of(era: Era, states: int | slice) -> float:
    """Journeys without a permit in some states, begun or not."""
    return float(era.states[ACTS.index("journey_without_permit"), states].sum())


def _received(era: Era, account: str) -> float | None:
    """Share that ends up with an account of all that households paid for bribes, tolls, fees and fines."""
    taken = era.moved[ACCOUNTS.index("payers")].sum()
    at, state = ACCOUNTS.index(account), ACCOUNTS.index("state")
    kept = era.moved[:, at].sum() - era.moved[at].sum()
    if account in ("officers", "guards"):
        kept -= era.moved[state, at]  # wages
    elif account == "state":
        kept += era.moved[state].sum()
    return kept / taken if taken > 0 else None


OF_OFFICERS: dict[str, Callable[[Era], float | None]] = {
    "let_off_caught": lambda era: _a_thousand(era.hands[_CAUGHT, _PAID], era.hands[_CAUGHT, _FOUND]),
    "let_off_on_record": lambda era: _a_thousand(era.hands[_RECORDED, _PAID], era.hands[_RECORDED, _FOUND]),
    "price_caught": partial(_price, findings=[_CAUGHT]),
    "price_on_record": partial(_price, findings=[_RECORDED]),
    "bribes": lambda era: _a_thousand(
        era.hands[[_CAUGHT, _RECORDED], _PAID].sum(), _begun(era, "journey_without_permit")
    ),
    "price": partial(_price, findings=[_CAUGHT, _RECORDED]),
    "fixed_price": lambda era: era.mean("fixed_price"),
    "held_up": lambda era: _a_thousand(era.hands[_INNOCENT, _PAID].sum(), _begun(era, "journey_with_permit")),
    "taken": lambda era: era.mean("taken"),
    "short": lambda era: era.mean("short"),
    "priced_out": lambda era: _a_thousand(_of(era, PRICED_OUT), _of(era, slice(None))),
    **{f"received_{account}": partial(_received, account=account) for account in RECEIVERS},
}
"""What is told of officers: people and bribes per thousand, kg of rice a bribe or a month, shares of what is paid."""
