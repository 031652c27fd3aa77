# /// script
# requires-python = ">=3.10"
# dependencies = ["laser-core==1.0.5"]
#
# [tool.peer]
# name = "LASER"
# parallel = "threads"
# ///
"""A ``LaserFrame`` of people, one of units and one of regions, and compiled kernels over them, counting by thread."""

# ruff: noqa: NPY002  compiled code has this generator and no other, one a thread, seeded by the package

import numba as nb
import numpy as np
from laser.core import LaserFrame
from laser.core.random import seed as seed_all

TRAVELLERS, DETECTED, BRIBED, HELD, KNOWING = range(5)


@nb.njit(nogil=True)
def checkpoint(powered, knows, rates):
    """What becomes of a traveller without a permit: nothing, DETECTED or BRIBED."""
    detection, detection_knowing, inspection, bribe = rates
    if np.random.random() < powered:
        return DETECTED if np.random.random() < (detection_knowing if knows else detection) else 0
    if np.random.random() < inspection:
        return BRIBED if np.random.random() < bribe else DETECTED
    return 0


@nb.njit(nogil=True, parallel=True)
def travel(region, unit, permit, knows, free, chance, heard, powered, rates, day, free_again, counts):
    for i in nb.prange(len(region)):
        if np.random.random() < chance[i] and free[i] <= day:
            mine, r = nb.get_thread_id(), region[i]
            counts[mine, r, TRAVELLERS] += 1
            if not permit[i]:
                found = checkpoint(powered[r], knows[i], rates)
                if found != 0:
                    counts[mine, r, found] += 1
                if found == DETECTED:
                    free[i] = free_again
                    heard[unit[i]] = 1


@nb.njit(nogil=True, parallel=True)
def learn(permit, knows, free, chance, heard, rate, give_up, day):
    members = len(permit) // len(heard)
    for u in nb.prange(len(heard)):
        if heard[u]:
            heard[u] = 0
            for i in range(u * members, (u + 1) * members):
                if not knows[i] and free[i] <= day and np.random.random() < rate:
                    knows[i] = True
                    if not permit[i]:
                        chance[i] *= 1 - give_up


@nb.njit(nogil=True, parallel=True)
def census(region, knows, free, day, counts):
    for i in nb.prange(len(region)):
        mine = nb.get_thread_id()
        if free[i] > day:
            counts[mine, region[i], HELD] += 1
        if knows[i]:
            counts[mine, region[i], KNOWING] += 1


class Society:
    def __init__(self, model, persons, seed, threads):
        nb.set_num_threads(threads)
        seed_all(np.uint32(seed))
        self.model, self.day, self.threads = model, 0, threads
        units = np.array(model.units(persons))
        members = model.members
        self.units = LaserFrame(int(units.sum()))
        self.units.add_scalar_property("heard", dtype=np.uint8)
        self.people = people = LaserFrame(int(units.sum()) * members)
        for name, dtype in (("region", np.uint8), ("unit", np.uint32), ("permit", np.bool_), ("knows", np.bool_),
                            ("free", np.int32), ("chance", np.float32)):  # fmt: skip
            people.add_scalar_property(name, dtype=dtype)
        people.region[:] = np.repeat(np.arange(model.regions), units * members)
        people.unit[:] = np.repeat(np.arange(units.sum()), members)
        people.permit[:] = np.arange(people.count) % members < np.array(model.permits)[people.region]
        people.chance[:] = np.array(model.travel)[people.region]
        self.powered = np.array(model.powered)
        self.rates = np.array([model.detection, model.detection_knowing, model.inspection, model.bribe])

    def week(self):
        model, p, units = self.model, self.people, self.units
        learn(p.permit, p.knows, p.free, p.chance, units.heard, model.learn, model.give_up, np.int32(self.day))
        counts = np.zeros((self.threads, model.regions, 5), np.int64)
        for _ in range(7):
            travel(p.region, p.unit, p.permit, p.knows, p.free, p.chance, units.heard, self.powered, self.rates,
                   np.int32(self.day), np.int32(model.free_again(self.day)), counts)  # fmt: skip
            self.day += 1
        census(p.region, p.knows, p.free, np.int32(self.day), counts)
        return counts.sum(axis=0).tolist()
