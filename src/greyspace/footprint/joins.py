"""Which records can be put to the person they are about: now, with a complete register, with a network, with both.

A record is put to a person if two things hold. It *names* somebody: what stands in it (a face, a plate, a number) is in
the register, and somebody put the two together. And it *reaches* those who would: it lies with an operator, a bank or
an office of the centre; or where it was made, and then only with a link to elsewhere. What is written by hand is
carried. Pictures of the screen stay on the telephone.

Records under one number or card belong together, whether or not anybody knows whose it is; and whoever learns it from
one of them knows it of all.
"""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from greyspace.draws import uniforms
from greyspace.footprint.habits import Who

JOINS = {
    "now": "what can be put to the person as things are: few sites have a link, and not every number or face is known",
    "register": "the same records, if whatever stands for one person (face, plate, card, number) stood in one register",
    "network": "the same records, if every device that keeps any could be reached from the centre",
    "both": "the same records, with a complete register and a network",
}
"""Under which conditions records are joined, and in words."""

IDENTITY_OF = {
    "paper": "name",
    "face": "face",
    "plate": "plate",
    "workplace": "none",
    "border": "none",
    "school": "none",
    "school_report": "name",
    "payment": "telephone number",
    "phone": "telephone number",
    "screen": "telephone",
    "transport_card": "card",
    "set_top": "household",
}
"""By kind of record, under what it is kept; ``none`` is a picture of somebody."""

HANDLE_OF = {"payment": "telephone", "phone": "telephone", "transport_card": "card", "set_top": "household"}
"""Kinds that are kept under one and the same thing for a person or household."""

IN_A_REGISTER = ("face", "plate", "card", "telephone number", "household")
"""What a complete register would hold beside the name."""

_MADE_WHERE_KEPT = ("face", "plate", "workplace", "border", "school")
_KEPT_BY_THE_PERSON = ("screen",)

Bools = NDArray[np.bool_]


class Records(NamedTuple):
    """Records of some persons, one row each, in order of day: arrays ``[record]``."""

    person: NDArray[np.int64]  # index in a Who
    day: NDArray[np.int64]  # since 1970-01-01
    place: NDArray[np.int64]
    system: NDArray[np.str_]
    kind: NDArray[np.str_]
    act: NDArray[np.int64]  # index of the act among the person's, or -1: of an ordinary day

    def where(self, rows: Bools) -> "Records":
        """Some of them."""
        person, day, place, system, kind, act = self
        return Records(person[rows], day[rows], place[rows], system[rows], kind[rows], act[rows])


def joined(
    records: Records, who: Who, seed: int, joinable: Mapping[str, float], linked: NDArray[np.float64]
) -> dict[str, Bools]:
    """By each of :data:`JOINS` ``[record]``: whether it can be put to the person.

    ``joinable``: by kind, the share of records that are put to a person where they can be read; nothing is known of
    other kinds, and nobody puts them to anyone. ``linked[R]``: share of sites that reach the centre.
    """
    identity = np.array([IDENTITY_OF[kind] for kind in records.kind.tolist()])
    kinds = {str(kind) for kind in np.unique(records.kind)}
    names = np.zeros(len(records.kind), np.bool_)
    serial, counter = who.serial[records.person], who.counter()[records.person]
    number = _numbers(records)
    for kind in kinds - set(HANDLE_OF):
        mine = records.kind == kind
        draw = uniforms(seed, f"footprint/names/{kind}", serial[mine], counter[mine], records.day[mine], number[mine])
        names[mine] = draw[..., 0] < joinable.get(kind, 0.0)
    for handle in dict.fromkeys(HANDLE_OF.values()):
        draw = uniforms(seed, f"footprint/names/{handle}", who.serial, who.counter(handle == "household"))[..., 0]
        likely = np.zeros(len(who.serial))
        of_handle = np.zeros(len(names), np.bool_)
        for kind in kinds:
            if HANDLE_OF.get(kind) == handle:
                mine = records.kind == kind
                of_handle |= mine
                np.maximum.at(likely, records.person[mine], joinable.get(kind, 0.0))
        names[of_handle] = (draw < likely)[records.person[of_handle]]
    reaches = np.ones(len(names), np.bool_)
    for system in np.unique(records.system):
        mine = (records.system == system) & np.isin(records.kind, _MADE_WHERE_KEPT)
        draw = uniforms(seed, f"footprint/reach/{system}", serial[mine], counter[mine], records.place[mine])[..., 0]
        reaches[mine] = draw < linked[records.place[mine]]
    there = ~np.isin(records.kind, _KEPT_BY_THE_PERSON)
    known = names | np.isin(identity, IN_A_REGISTER)
    return {
        "now": names & reaches & there,
        "register": known & reaches & there,
        "network": names & there,
        "both": known & there,
    }


def tells_where(records: Records) -> Bools:
    """Whether a record tells where the person was: not so of what a household watches."""
    return np.asarray(records.kind != "set_top")


def _numbers(records: Records) -> NDArray[np.int64]:
    """Number the records of a person, day and kind, so that each has draws of its own."""
    seen: dict[tuple[int, int, str], int] = {}
    found = np.empty(len(records.day), np.int64)
    for i, key in enumerate(zip(records.person.tolist(), records.day.tolist(), records.kind.tolist(), strict=True)):
        found[i] = seen[key] = seen.get(key, -1) + 1
    return found
