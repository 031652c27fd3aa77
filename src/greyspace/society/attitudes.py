"""What people think of surveillance: whether they feel watched, and whether they hold that cameras cut theft.

Four things make a person feel watched, each by itself: his caution; equipment in sight, whether it works or not;
knowing of a class of systems whose records he is in; and the human network around him. Who sees cameras, or knows what
they can do, gives them more credit against thieves than others do; somebody from whose household something was stolen
lately, less. How much less is stolen before cameras that run, by those who know that they look, is a number of its own;
so who is right about cameras is not settled by what people think. Nothing here changes what anybody does but that.

Parameters: attitudes.*.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from greyspace.evidence import Parameters
from greyspace.society import caution

Floats = NDArray[np.float64]


class Impressions(NamedTuple):
    """What people of a region live among, ``[R]``."""

    visible: Floats  # share under equipment that they see, working or not
    network: Floats  # how dense the human network is, against what is usual
    telephones: Floats  # share of adults who own a telephone and know what is recorded of it
    register: Floats  # share of people who know what the register can do
    thefts: Floats  # suffered by a household in a year


def feels_watched(p: Parameters, among: Impressions) -> Floats:
    """``[R, S]``: chance that a person of a region and status says that he feels watched.

    >>> from greyspace.country import load_pack
    >>> from greyspace.evidence import resolve
    >>> p = resolve(load_pack("toyland").parameters, {})
    >>> chance = feels_watched(p, Impressions(*(np.array([0.0]) for _ in Impressions._fields)))
    >>> bool(chance[0, 0] == 0) and bool(chance[0, -1] > 0)  # only the wary are left to feel watched
    True
    """
    now = caution.parts()
    knowing = p.number("attitudes.watched_by_knowing")
    by_people = (1.0 - p.number("attitudes.watched_by_people")) ** among.network
    by_sight = 1.0 - p.number("attitudes.watched_by_sight") * among.visible
    by_telephone = 1.0 - knowing * among.telephones
    by_cameras = 1.0 - knowing * among.visible[:, None] * now.knows
    by_register = 1.0 - knowing * among.register[:, None] * now.enrolled
    calm = (1.0 - p.number("attitudes.watched_by_fear")) ** now.caution.astype(np.float64)
    return np.asarray(1.0 - calm * by_cameras * by_register * (by_people * by_sight * by_telephone)[:, None])


def thinks_cameras_cut_theft(p: Parameters, among: Impressions) -> Floats:
    """``[R, S]``: chance that a person of a region and status holds that cameras cut theft."""
    credited = 1.0 - (1.0 - among.visible[:, None]) * (1 - caution.parts().knows)
    in_view, elsewhere = p.number("attitudes.credit_in_view"), p.number("attitudes.credit_elsewhere")
    credit = in_view * credited + elsewhere * (1.0 - credited)
    stolen_from = 1.0 - np.exp(-among.thefts)
    return np.asarray(credit * (1.0 - p.number("attitudes.doubt_after_theft") * stolen_from)[:, None])


def thefts_cut(p: Parameters, watched: Floats) -> Floats:
    """``[R, S]``: of thefts that people of each status would commit, the share that cameras keep them from.

    ``watched[R]``: share of thefts before a camera that runs. Who does not know what cameras can do is not kept back.
    """
    return np.asarray(p.number("attitudes.theft_fall_where_watched") * watched[:, None] * caution.parts().knows)


def are_right(p: Parameters, think: Floats, cut: Floats) -> Floats:
    """Share of people whose opinion fits what cameras do where they live.

    ``think``: who hold that cameras cut theft; ``cut``: the share of thefts that cameras keep people from there. From
    ``attitudes.counts_as_a_cut`` on, cameras are said to cut theft.
    """
    return np.where(cut >= p.number("attitudes.counts_as_a_cut"), think, 1.0 - think)
