"""Papers that are not the traveller's own, or no real ones, in the hands of an officer: what stations, trains and road
posts share.

By eye he tells some of them. Where a reader stands that has power and reaches the register, and the paper is a card of
the register's kind, he goes by the reader; what it tells is on its record. An officer who would overlook a missing
permit does not use it.

Parameters: papers.told_borrowed, told_forged; identity_register.borrowed_detected_with_reader,
forged_detected_with_reader.
"""

import numpy as np

from greyspace.contract import FINDINGS
from greyspace.draws import inner, kernel
from greyspace.systems.shape import Floats, View


def inspected(view: View, kind: str, looks: float, log: float, otherwise: str) -> Floats:
    """Odds ``[place, group, powered, found]`` of papers of a ``kind`` shown to an officer.

    ``looks``: chance that he looks closely enough to notice a missing permit; ``log``: share of what he does that is
    written down; ``otherwise``: what is found where nothing is told.
    """
    read = np.zeros((view.places, 2))
    read[:, 1] = view.published.get("cards_read", 0.0)
    found = view.empty()
    inspect(view, kind, looks, log, otherwise, read, np.ones(found.shape[:2]), found)
    return found


def inspect(view: View, kind: str, looks: float, log: float, otherwise: str, read: Floats, share: Floats,
            odds: Floats) -> None:  # fmt: skip
    """Add the same, for a ``share[place, group]`` of those who come, to ``odds[place, group, powered, found]``.

    ``read[place, powered]``: share of papers put to a reader.
    """
    by_eye = view.p.number(f"papers.told_{kind}")
    by_reader = view.p.number(f"identity_register.{kind}_detected_with_reader")
    _inspect(looks, by_eye, by_reader, log, FINDINGS.index(otherwise), read, share, odds)


_CAUGHT, _ON_RECORD = FINDINGS.index("caught"), FINDINGS.index("on_record")


@kernel
def _inspect(looks, by_eye, by_reader, log, otherwise, read, share, odds):  # type: ignore[no-untyped-def]
    """Compiled, since papers are looked at in many places, and by readers of which there are more in each period."""
    places, groups, powers, _ = odds.shape
    for r in range(places):
        for g in range(groups):
            for on in range(powers):
                row = odds[r, g, on]
                on_record = looks * read[r, on] * by_reader
                caught = looks * (1.0 - read[r, on]) * by_eye
                _add(row, _ON_RECORD, share[r, g] * on_record, 1.0)
                _add(row, _CAUGHT, share[r, g] * caught, log)
                _add(row, otherwise, share[r, g] * (1.0 - on_record - caught), log)


@inner
def _add(row, finding, chance, recorded):  # type: ignore[no-untyped-def]
    row[finding + len(FINDINGS)] += chance * recorded
    row[finding] += chance * (1.0 - recorded)
