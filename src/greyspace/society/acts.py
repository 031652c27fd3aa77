"""How often people would act, unafraid: rates under ceilings that no scenario may exceed."""

import numpy as np
from numpy.typing import NDArray

from greyspace.contract import cumulative, day_sets, threshold
from greyspace.contract.odds import Thresholds
from greyspace.country import ACTS, Pack
from greyspace.errors import InputError
from greyspace.evidence import Parameters

SANCTIONED = np.array([True, False])
"""Whether each of ``ACTS`` is permitted; systems fall on it all the same."""

OFFENCE = {"journey_with_permit": "journey", "journey_without_permit": "journey"}
"""What officers who meet an act look for; who does what is permitted is found in order, unless by mistake."""

_FACTORS = ("acts.rate_factor_with_permit", "acts.rate_factor_without_permit")


def ceilings(pack: Pack) -> NDArray[np.float64]:
    """``[R, P, A]``: acts a person-day that no price, season or scenario may exceed."""
    return _by_profile(pack, "ceiling")


def rates(pack: Pack, p: Parameters) -> NDArray[np.float64]:
    """``[R, P, A]``: acts a person-day, unafraid. InputError where a rate exceeds its ceiling."""
    factors = np.array([p.number(name) for name in _FACTORS])
    rate = _by_profile(pack, "rate") * factors
    above = rate > ceilings(pack) * (1 + 1e-12)
    if above.any():
        region, profile, act = np.argwhere(above)[0]
        most = ceilings(pack)[region, profile, act]
        raise InputError(
            f"acts.csv, {ACTS[act]} in {pack.regions[region].id}: the rate {rate[region, profile, act]:.4g} a "
            f"person-day exceeds its ceiling {most:.4g}; lower {_FACTORS[act]} or raise the ceiling"
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


def _by_profile(pack: Pack, column: str) -> NDArray[np.float64]:
    found = {(row.act, row.role, row.involved): getattr(row, column) for row in pack.acts}
    one = [[found.get((act, who.role, who.involved), 0.0) for act in ACTS] for who in pack.profiles]
    return np.tile(np.array(one), (len(pack.regions), 1, 1))
