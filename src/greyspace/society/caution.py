"""What a person carries that changes conduct: caution from 0 to 3, and whether he knows what cameras can do.

Caution rises with news of penalties in the unit, with a penalty of one's own, and with equipment that is seen, working
or not; it fades, sooner where acts go unpunished. News of bribes may frighten or reassure. Without any of it a chronic
share of people stays cautious, by region. It chills only what is not permitted. Knowing what cameras on faces and roads
can do comes from cases in the unit, from one's own, and slowly from hearsay. Cases of the region are heard of beyond
the unit as well, by some, and do the same. A mood is (caution, knows); a status is (mood, enrolled or not).
"""

from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from greyspace.contract.axes import NEWS_DIGITAL, NEWS_HUMAN, NEWS_KINDS
from greyspace.draws import kernel
from greyspace.errors import InputError
from greyspace.evidence import Parameters
from greyspace.society.acts import SANCTIONED
from greyspace.society.knowing import WEEKS_A_YEAR, hears

LEVELS = 4
MOODS = tuple(f"caution_{level}{knows}" for level in range(LEVELS) for knows in ("", "_knows"))
TRAITS = ("enrolled", "not_enrolled")
CHANGES = ("calmer", "warier", "learns", "enrols")
STATUSES = len(MOODS) * len(TRAITS)


class Status(NamedTuple):
    """The parts of a status, or arrays of them."""

    caution: NDArray[np.int32]
    knows: NDArray[np.int32]
    enrolled: NDArray[np.int32]


@cache
def parts() -> Status:
    """Caution, knowing and enrolment of every status: three arrays ``[S]``.

    >>> parts().caution[-1], parts().knows[-1], parts().enrolled[-1]
    (np.int32(3), np.int32(1), np.int32(0))
    """
    status = np.arange(STATUSES, dtype=np.int32)
    mood = status // 2
    found = Status(mood // 2, mood % 2, 1 - status % 2)
    for part in found:
        part.flags.writeable = False
    return found


def status(caution: NDArray[np.int32], knows: NDArray[np.int32], enrolled: NDArray[np.int32]) -> NDArray[np.int32]:
    """The status with these parts."""
    return ((np.clip(caution, 0, LEVELS - 1) * 2 + knows) * 2 + 1 - enrolled).astype(np.int32)


def becomes() -> NDArray[np.int32]:
    """``[S, change]``: the status after each of :data:`CHANGES`."""
    now = parts()
    one = np.ones_like(now.knows)
    return np.stack(
        [
            status(now.caution - 1, now.knows, now.enrolled),
            status(now.caution + 1, now.knows, now.enrolled),
            status(now.caution, one, now.enrolled),
            status(now.caution, now.knows, one),
        ],
        axis=1,
    )


class Surroundings(NamedTuple):
    """What people live among in a period, by region unless said."""

    enrolling: NDArray[np.float64]  # [M] chance a week to enrol, by temper
    cameras: bool  # whether there is anything yet to hear of
    chronic: NDArray[np.float64]  # [R] share who stay cautious where nothing happens
    visible: NDArray[np.float64]  # [R] share of people who live under equipment that they see, working or not
    bribes: NDArray[np.float64]  # [R] bribes that a unit hears of, a week
    unpunished: NDArray[np.float64]  # [R] acts that went unpunished, a person and week
    human: NDArray[np.float64]  # [R] penalties by officers in the region, a person and week
    digital: NDArray[np.float64]  # [R] penalties by a device


def quiet(p: Parameters, tempers: int, regions: int = 1) -> Surroundings:
    """Where nothing is to be seen or heard of."""
    none = np.zeros(regions)
    chronic = np.full(regions, p.number("caution.chronic"))
    return Surroundings(np.zeros(tempers), False, chronic, none, none, none, none, none)


_HUMAN = np.array([bool(news & NEWS_HUMAN) for news in range(NEWS_KINDS)])
_DIGITAL = np.array([bool(news & NEWS_DIGITAL) for news in range(NEWS_KINDS)])


def weekly(p: Parameters, around: Surroundings) -> NDArray[np.float64]:
    """``[R, M, news, S, change]``: chances of the changes on Monday.

    Hearsay about cameras begins when there is one to hear of. Changes exclude each other within a week. Reads
    ``caution.news_*``, ``fade_weekly``, ``visible_equipment``, ``unpunished_acts``, ``knowing.*_faces_and_roads``,
    ``knowing.beyond_unit``.
    """
    human, digital = _HUMAN, _DIGITAL
    by_people, by_device = p.number("caution.news_human"), p.number("caution.news_digital")
    in_unit = 1.0 - (1.0 - human * by_people) * (1.0 - digital * by_device)
    of_people, of_devices = hears(p, around.human), hears(p, around.digital)
    beyond = 1.0 - (1.0 - of_people * by_people) * (1.0 - of_devices * by_device)
    # A bribe is heard of if there is any in the unit; whether that frightens or reassures is its sign.
    bribe = (1.0 - np.exp(-around.bribes)) * p.number("caution.news_bribe")
    seen = around.visible * p.number("caution.visible_equipment")
    untouched = (1.0 - beyond) * (1.0 - np.maximum(bribe, 0.0)) * (1.0 - seen)
    frightened = 1.0 - (1.0 - in_unit) * untouched[:, None]  # [R, news]
    calmed = (1.0 - p.number("caution.unpunished_acts")) ** around.unpunished * (1.0 - np.maximum(-bribe, 0.0))
    fade = 1.0 - (1.0 - p.number("caution.fade_weekly")) * calmed  # [R]
    hearsay = 1.0 - (1.0 - p.number("knowing.background_yearly_faces_and_roads")) ** (1.0 / WEEKS_A_YEAR)
    told = p.number("knowing.from_news_faces_and_roads")
    by_chance = (1.0 - around.cameras * hearsay) * (1.0 - of_devices * told)
    learns = 1.0 - (1.0 - digital * told) * by_chance[:, None]  # [R, news]
    from_calm = 1.0 - (1.0 - _drift(p, around.chronic))[:, None] * (1.0 - frightened)
    change = np.empty((len(around.chronic), len(around.enrolling), NEWS_KINDS, STATUSES, len(CHANGES)))
    _one_of(from_calm, frightened, fade, learns, around.enrolling, parts(), change)
    return change


@kernel
def _one_of(from_calm, frightened, fade, learns, enrolling, now, change):  # type: ignore[no-untyped-def]
    """By status, the chances of changes that exclude each other."""
    regions, tempers, kinds, statuses, _ = change.shape
    for r in range(regions):
        for m in range(tempers):
            for news in range(kinds):
                for s in range(statuses):
                    calmer, warier = fade[r], frightened[r, news]
                    if now.caution[s] == 0:
                        calmer, warier = 0.0, from_calm[r, news]
                    elif now.caution[s] == LEVELS - 1:
                        warier = 0.0
                    # What is heard is told apart by what it is about: who grows warier does not grow calmer in the
                    # same week.
                    calmer *= 1.0 - warier
                    rest = 1.0 - calmer - warier
                    taught = 0.0 if now.knows[s] else learns[r, news] * rest
                    rest -= taught
                    row = change[r, m, news, s]
                    row[0], row[1], row[2] = calmer, warier, taught
                    row[3] = 0.0 if now.enrolled[s] else enrolling[m] * rest


def _drift(p: Parameters, chronic: NDArray[np.float64]) -> NDArray[np.float64]:
    """Chance a week to rise from 0 without news: where the chronic share is cautious, as many rise as fade.

    InputError where more would have to rise than there are.
    """
    fade, most = p.number("caution.fade_weekly"), float(chronic.max())
    if most == 1.0 or fade * most > 1.0 - most:
        allowed = min(np.floor(1000.0 / (1.0 + fade)) / 1000.0, 0.999)
        raise InputError(
            f"caution.chronic {most:g} cannot last where caution.fade_weekly is {fade:g}: more would have to grow "
            f"wary than are calm (allowed at this fading: caution.chronic up to {allowed:g})."
        )
    return np.asarray(fade * chronic / (1.0 - chronic))


def calm(chronic: NDArray[np.float64]) -> NDArray[np.float64]:
    """``[R, level]``: the spread of caution where nothing has happened for long, given the chronic share ``[R]``."""
    none = np.zeros_like(chronic)
    return np.stack([1.0 - chronic, chronic, none, none], axis=-1)


def chilled(p: Parameters) -> NDArray[np.float64]:
    """``[U, A]``: share of intents given up in each mood, by act; what is permitted is not chilled."""
    by_level = np.array([0.0, *(p.number(f"caution.chilled_{level}") for level in range(1, LEVELS))])
    return np.repeat(by_level, 2)[:, None] * ~SANCTIONED[None, :]
