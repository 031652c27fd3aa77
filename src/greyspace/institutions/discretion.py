"""The discretion of an officer who has stopped a traveller: fixed shares from the pack, by the traveller's standing."""

import numpy as np
from numpy.typing import NDArray

from greyspace.country import STANDINGS
from greyspace.evidence import Parameters

Floats = NDArray[np.float64]


def caught_without_permit(p: Parameters) -> dict[str, Floats]:
    """Verdicts on a caught traveller without a permit: chances by standing, shaped to broadcast over groups and power.

    Reads ``officers.discretion_bribe_<standing>`` and ``officers.turn_back_share``.
    """
    let_off = np.array([p.number(f"officers.discretion_bribe_{standing}") for standing in STANDINGS])[:, None, None]
    turned_back = p.number("officers.turn_back_share")
    return {
        "paid": let_off,
        "turned_back": (1.0 - let_off) * turned_back,
        "penalised": (1.0 - let_off) * (1.0 - turned_back),
    }


def stopped_in_error(p: Parameters) -> dict[str, float]:
    """Verdicts on an honest traveller whom an officer has stopped: some must pay, some wait, some miss their train.

    Reads ``station_gates.desk_toll``, ``desk_override`` and ``desk_hold``.
    """
    toll = p.number("station_gates.desk_toll")
    at_once = (1.0 - toll) * p.number("station_gates.desk_override")
    later = 1.0 - toll - at_once
    held = p.number("station_gates.desk_hold")
    return {"paid": toll, "passed": at_once, "held_in_error": later * held, "turned_back": later * (1.0 - held)}
