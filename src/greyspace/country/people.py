"""Who lives where: profiles, and the probabilities from which households and their members are drawn."""

from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from greyspace.country.pack import Pack

ROLES = ("pupil", "farmer", "worker", "office", "home")
SEXES = ("female", "male")
STANDINGS = ("elite", "middle", "ordinary", "vulnerable")
KINDS = ("farm", "town")
AGES = ("0-14", "15-64", "65+")
SETTLEMENT_CLASSES = ("capital", "urban", "rural")
SIZES = tuple(range(1, 10))

#: Standings a role can have: no elite household farms, no vulnerable one holds an office post.
STANDINGS_OF_ROLE = {
    "pupil": STANDINGS,
    "farmer": ("middle", "ordinary", "vulnerable"),
    "worker": STANDINGS,
    "office": ("elite", "middle", "ordinary"),
    "home": STANDINGS,
}


@dataclass(frozen=True)
class Profile:
    """What persistently tells people apart: role, sex, standing, and whether they trade."""

    role: str
    sex: str
    standing: str
    involved: bool


PROFILES: tuple[Profile, ...] = tuple(
    Profile(role, sex, standing, involved)
    for role in ROLES
    for sex in SEXES
    for standing in STANDINGS_OF_ROLE[role]
    for involved in ((False,) if role == "pupil" else (False, True))
)


@dataclass(frozen=True)
class Generator:
    """Probabilities for drawing households: first (kind, standing), then the size, then each member by itself.

    household  float64[region, kind, standing], sums to 1 per region
    size       float64[9], for 1 to 9 members, sums to 1
    member     float64[region, kind, standing, profile], sums to 1 per row
    Axes follow KINDS, STANDINGS and PROFILES.
    """

    household: NDArray[np.float64]
    size: NDArray[np.float64]
    member: NDArray[np.float64]


def generator(pack: "Pack") -> Generator:
    """The probabilities of a pack's households and members."""
    kinds = {(row.settlement, row.kind, row.standing): row.share for row in pack.household_kinds}
    household = np.zeros((len(pack.regions), len(KINDS), len(STANDINGS)))
    member = np.zeros((*household.shape, len(PROFILES)))
    for (r, region), (k, kind), (s, standing) in product(
        enumerate(pack.regions), enumerate(KINDS), enumerate(STANDINGS)
    ):
        household[r, k, s] = kinds.get((region.settlement_class, kind, standing), 0.0)
        member[r, k, s] = _members(pack, kind, standing, region.borders_china)
    size = np.array([row.share for row in sorted(pack.household_sizes, key=lambda row: row.size)])
    # The tables are rounded; what is drawn from must sum to one exactly.
    return Generator(
        household / household.sum(axis=(1, 2), keepdims=True),
        size / size.sum(),
        member / member.sum(axis=3, keepdims=True),
    )


def household_standings(pack: "Pack") -> NDArray[np.float64]:
    """Share of the nation's households in each standing: float64[standing], sums to 1.

    >>> from greyspace.country import load_pack
    >>> float(household_standings(load_pack("toyland")).sum().round(12))
    1.0
    """
    by_region = pack.generator.household.sum(axis=1)
    weight = np.array([float(region.households) for region in pack.regions])
    found = (by_region * weight[:, None]).sum(axis=0)
    return np.asarray(found / found.sum())


def shares(pack: "Pack") -> NDArray[np.float64]:
    """The probability of each profile for a person of each region: float64[region, profile], rows sum to 1.

    Sizes do not depend on the kind of household, so a kind holds the same share of persons as of households.

    >>> from greyspace.country import load_pack
    >>> shares(load_pack("toyland")).shape
    (2, 64)
    """
    made = pack.generator
    # An explicit sum in a fixed order: no BLAS, so that every machine computes the same bits.
    return (made.household[..., None] * made.member).sum(axis=(1, 2))


def _members(pack: "Pack", kind: str, standing: str, border: bool) -> NDArray[np.float64]:
    roles = {row.sex: row for row in pack.roles if (row.kind, row.standing) == (kind, standing)}
    involved = {
        (row.role, row.sex): row.share for row in pack.involvement if (row.standing, row.border) == (standing, border)
    }
    ages = {(row.sex, row.age): row.share for row in pack.ages}
    found = np.zeros(len(PROFILES))
    for i, profile in enumerate(PROFILES):
        if profile.standing != standing:
            continue
        if profile.role == "pupil":
            found[i] = ages[profile.sex, "0-14"]
            continue
        of_age = ages[profile.sex, "15-64"] * (
            getattr(roles[profile.sex], profile.role) if profile.sex in roles else float(profile.role == "home")
        )
        if profile.role == "home":
            of_age += ages[profile.sex, "65+"]
        share = involved[profile.role, profile.sex]
        found[i] = of_age * (share if profile.involved else 1 - share)
    return found
