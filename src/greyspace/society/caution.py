"""What a person carries that changes conduct: caution from 0 to 3, and whether he knows what face gates can do.

Caution rises with news of penalties in the unit and with a penalty of one's own, and fades; without any news a chronic
share of people stays cautious. It chills only what is not permitted. Knowing comes from cases in the unit, from one's
own, and slowly from hearsay. A mood is (caution, knows); a status is (mood, enrolled or not).
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from greyspace.contract.axes import NEWS_DIGITAL, NEWS_HUMAN, NEWS_KINDS
from greyspace.errors import InputError
from greyspace.evidence import Parameters
from greyspace.society.acts import SANCTIONED

LEVELS = 4
MOODS = tuple(f"caution_{level}{knows}" for level in range(LEVELS) for knows in ("", "_knows"))
TRAITS = ("enrolled", "not_enrolled")
CHANGES = ("calmer", "warier", "learns", "enrols")
STATUSES = len(MOODS) * len(TRAITS)

_WEEKS_A_YEAR = 52.1775


class Status(NamedTuple):
    """The parts of a status, or arrays of them."""

    caution: NDArray[np.int32]
    knows: NDArray[np.int32]
    enrolled: NDArray[np.int32]


def parts() -> Status:
    """Caution, knowing and enrolment of every status: three arrays ``[S]``.

    >>> parts().caution[-1], parts().knows[-1], parts().enrolled[-1]
    (np.int32(3), np.int32(1), np.int32(0))
    """
    status = np.arange(STATUSES, dtype=np.int32)
    mood = status // 2
    return Status(mood // 2, mood % 2, 1 - status % 2)


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


def weekly(p: Parameters, gates_exist: bool, enrolling: NDArray[np.float64]) -> NDArray[np.float64]:
    """``[M, news, S, change]``: chances of the changes on Monday; ``enrolling[M]`` is the chance to enrol, by temper.

    Hearsay about gates begins when there is a gate to hear of. Changes exclude each other within a week.
    """
    now = parts()
    fade = p.number("caution.fade_weekly")
    drift = _drift(p)
    human = np.array([bool(news & NEWS_HUMAN) for news in range(NEWS_KINDS)])
    digital = np.array([bool(news & NEWS_DIGITAL) for news in range(NEWS_KINDS)])
    heard = 1.0 - (1.0 - human * p.number("caution.news_human")) * (1.0 - digital * p.number("caution.news_digital"))
    hearsay = 1.0 - (1.0 - p.number("caution.knows_background_yearly")) ** (1.0 / _WEEKS_A_YEAR)
    learns = 1.0 - (1.0 - digital * p.number("caution.knows_from_news")) * (1.0 - gates_exist * hearsay)
    change = np.zeros((len(enrolling), NEWS_KINDS, STATUSES, len(CHANGES)))
    rise = np.where(now.caution[None] == 0, 1.0 - (1.0 - drift) * (1.0 - heard[:, None]), heard[:, None])
    change[..., 1] = np.where(now.caution == LEVELS - 1, 0.0, rise)
    fall = np.where(now.caution == 0, 0.0, fade)
    # What is heard is told apart by what it is about: who grows warier does not grow calmer in the same week.
    change[..., 0] = fall * (1.0 - change[..., 1])
    rest = 1.0 - change[..., 0] - change[..., 1]
    change[..., 2] = np.where(now.knows == 0, learns[:, None] * rest, 0.0)
    rest = rest - change[..., 2]
    change[..., 3] = np.where(now.enrolled == 0, enrolling[:, None, None], 0.0) * rest
    return change


def _drift(p: Parameters) -> float:
    """Chance a week to rise from 0 without news: where the chronic share is cautious, as many rise as fade.

    InputError where more would have to rise than there are.
    """
    fade, chronic = p.number("caution.fade_weekly"), p.number("caution.chronic")
    if chronic == 1.0 or fade * chronic > 1.0 - chronic:
        most = min(np.floor(1000.0 / (1.0 + fade)) / 1000.0, 0.999)
        raise InputError(
            f"caution.chronic {chronic:g} cannot last where caution.fade_weekly is {fade:g}: more would have to grow "
            f"wary than are calm (allowed at this fading: caution.chronic up to {most:g})."
        )
    return fade * chronic / (1.0 - chronic)


def calm(p: Parameters) -> NDArray[np.float64]:
    """``[level]``: the spread of caution where nothing has happened for long."""
    chronic = p.number("caution.chronic")
    return np.array([1.0 - chronic, chronic, 0.0, 0.0])


def chilled(p: Parameters) -> NDArray[np.float64]:
    """``[U, A]``: share of intents given up in each mood, by act; what is permitted is not chilled."""
    by_level = np.array([0.0, *(p.number(f"caution.chilled_{level}") for level in range(1, LEVELS))])
    return np.repeat(by_level, 2)[:, None] * ~SANCTIONED[None, :]
