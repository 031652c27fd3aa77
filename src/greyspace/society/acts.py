"""How often people would act, unafraid: rates under ceilings that no scenario may exceed."""

import numpy as np
from numpy.typing import NDArray

from greyspace.contract import cumulative, day_sets, threshold
from greyspace.contract.odds import Thresholds
from greyspace.country import ACTS, Pack
from greyspace.errors import InputError
from greyspace.evidence import Parameters

SANCTIONED = np.array([act == "journey_with_permit" for act in ACTS])
"""Whether each of ``ACTS`` is permitted; systems fall on it all the same."""

FALSE_PAPERS = "false_papers"
"""What travellers are charged with who show a paper that is not theirs, or no paper at all but a forgery."""

OFFENCE = {
    "journey_with_permit": "journey",
    "journey_without_permit": "journey",
    FALSE_PAPERS: "false_papers",
    "trade": "minor",
    "smuggling": "trade",
    "crossing": "grave",
    "call_abroad": "trade",
    "foreign_media": "grave",
    "private_word": "grave",
    "absence": "minor",
    "visitor": "minor",
    "theft": "minor",
    "traffic_offence": "minor",
}
"""How grave officers take an act or a charge to be; who does what is permitted is found in order, unless by mistake."""


def act_of(charge: str) -> str:
    """The act at which one is caught who is charged so.

    >>> act_of("false_papers"), act_of("smuggling")
    ('journey_without_permit', 'smuggling')
    """
    return "journey_without_permit" if charge == FALSE_PAPERS else charge


BORDER = ("smuggling", "crossing", "call_abroad")
"""Acts that are at home along the border; elsewhere they are as rare as the pack says."""


def ceilings(pack: Pack) -> NDArray[np.float64]:
    """``[R, P, A]``: acts a person-day that no price, season or scenario may exceed, wherever one lives."""
    return _by_profile(pack, "ceiling")


def rates(pack: Pack, p: Parameters) -> NDArray[np.float64]:
    """``[R, P, A]``: acts a person-day, unafraid. InputError where a rate exceeds its ceiling."""
    factors = np.array([p.number(f"acts.rate_factor_{act}") for act in ACTS])
    rate = _by_profile(pack, "rate") * factors * _where(pack, p)
    most_of_all = ceilings(pack)
    above = rate > most_of_all * (1 + 1e-12)
    if above.any():
        region, profile, act = np.argwhere(above)[0]
        most = most_of_all[region, profile, act]
        raise InputError(
            f"acts.csv, {ACTS[act]} in {pack.regions[region].id}: the rate {rate[region, profile, act]:.4g} a "
            f"person-day exceeds its ceiling {most:.4g}; lower acts.rate_factor_{ACTS[act]} or raise the ceiling"
        )
    return rate


def occasions(pack: Pack, p: Parameters) -> tuple[Thresholds, Thresholds, Thresholds]:
    """Thresholds ``ceiling[R, P, sets]``, ``pick[R, P, A]``, ``accept[R, P, A]`` of the contract."""
    top = ceilings(pack)
    daily = top.sum(axis=-1)
    # Who never sets out still needs a row that adds up: any act, never a candidate day.
    pick = np.where(daily[..., None] > 0, top, 1.0)
    accept = np.divide(rates(pack, p), top, out=np.zeros_like(top), where=top > 0)
    return day_sets(daily), cumulative(pick / pick.sum(-1, keepdims=True), "acts"), threshold(accept, "acceptance")


def _where(pack: Pack, p: Parameters) -> NDArray[np.float64]:
    """``[R, 1, A]``: what acts of the border are elsewhere, as a share of what they are there."""
    elsewhere = np.array([p.number(f"acts.elsewhere_{act}") if act in BORDER else 1.0 for act in ACTS])
    border = np.array([region.borders_china for region in pack.regions])
    return np.where(border[:, None], 1.0, elsewhere[None])[:, None]


def _by_profile(pack: Pack, column: str) -> NDArray[np.float64]:
    found = {(row.act, row.role, row.involved): getattr(row, column) for row in pack.acts}
    one = [[found.get((act, who.role, who.involved), 0.0) for act in ACTS] for who in pack.profiles]
    return np.tile(np.array(one), (len(pack.regions), 1, 1))
