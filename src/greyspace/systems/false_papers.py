"""Papers that are not the traveller's own, or no real ones, in the hands of an officer: what stations, trains and road
posts share.

By eye he tells some of them. Where a reader stands that has power and reaches the register, and the paper is a card of
the register's kind, he goes by the reader; what it tells is on its record. An officer who would overlook a missing
permit does not use it.

Parameters: papers.told_borrowed, told_forged; identity_register.borrowed_detected_with_reader,
forged_detected_with_reader.
"""

import numpy as np

from greyspace.systems.shape import Floats, View, add


def inspected(view: View, kind: str, looks: float, log: float, otherwise: str) -> Floats:
    """Odds ``[place, group, powered, found]`` of papers of a ``kind`` shown to an officer.

    ``looks``: chance that he looks closely enough to notice a missing permit; ``log``: share of what he does that is
    written down; ``otherwise``: what is found where nothing is told.
    """
    read = np.zeros((view.places, 1, 2))
    read[:, 0, 1] = view.published.get("cards_read", 0.0)
    found = view.empty()
    inspect(view, kind, looks, log, otherwise, read, 1.0, found)
    return found


def inspect(view: View, kind: str, looks: float, log: float, otherwise: str, read: Floats | float,
            share: Floats | float, odds: Floats) -> None:  # fmt: skip
    """Add the same, for a ``share`` of those who come, to ``odds``; ``read``: share of papers put to a reader.

    Both have the shape of ``odds`` without its last axis, or broadcast to it.
    """
    by_eye = view.p.number(f"papers.told_{kind}")
    by_reader = view.p.number(f"identity_register.{kind}_detected_with_reader")
    on_record, caught = looks * read * by_reader, looks * (1.0 - read) * by_eye
    add(odds, {"on_record": share * on_record}, 1.0)
    add(odds, {"caught": share * caught, otherwise: share * (1.0 - on_record - caught)}, log)
