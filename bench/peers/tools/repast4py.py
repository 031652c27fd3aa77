# /// script
# requires-python = ">=3.10"
# dependencies = ["repast4py==1.3.1", "mpi4py==4.1.2"]
#
# [tool.peer]
# name = "Repast4Py"
# parallel = "processes"
# before = ["mpich==4.3.2"]
# build = { CC = "mpicxx", CXX = "mpicxx" }
# ///
"""Agents of a shared context under the schedule of a runner; each process has whole units of its own.

Numbers come from the package's generator, a day's at once: one call a person costs more than all that a person does.
"""

import numpy as np
from mpi4py import MPI
from repast4py import context, core, random, schedule

COMM = MPI.COMM_WORLD
FIRST = COMM.Get_rank() == 0


class Person(core.Agent):
    __slots__ = ("chance", "free", "knows", "permit", "region", "unit")

    def __init__(self, number, rank, region, unit, permit, chance):
        super().__init__(number, 0, rank)
        self.region, self.unit, self.permit, self.chance = region, unit, permit, chance
        self.knows, self.free = False, 0

    def hear(self, draw, day, reference, known):
        if not self.knows and self.free <= day and draw < reference.learn:
            self.knows = True
            known[self.region] += 1
            if not self.permit:
                self.chance *= 1 - reference.give_up

    def meet(self, draw, day, free_again, state):
        """The checkpoint; returns whether the person is detected. ``draw`` gives the next number of the day."""
        reference = state.reference
        if draw() < reference.powered[self.region]:
            caught = draw() < (reference.detection_knowing if self.knows else reference.detection)
        elif draw() < reference.inspection:
            caught = draw() >= reference.bribe
            state.bribed[self.region] += not caught
        else:
            caught = False
        if caught:
            self.free = free_again
            state.detected[self.region] += 1
            state.held[self.region] += 1
            releases = state.releases.setdefault(free_again, [0] * reference.regions)
            releases[self.region] += 1
            state.heard.add(self.unit)


def numbers():
    while True:
        yield from random.default_rng.random(4_096).tolist()


class State:
    def __init__(self, reference, persons, seed):
        random.init((seed + COMM.Get_rank()) & 0xFFFFFFFF)
        self.more = numbers().__next__
        self.reference, self.day = reference, 0
        self.context = context.SharedContext(COMM)
        self.runner = schedule.init_schedule_runner(COMM)
        self.runner.schedule_repeating_event(0, 1, self.step)
        units = reference.units(persons)
        members = reference.members
        rank, ranks = COMM.Get_rank(), COMM.Get_size()
        self.units, self.heard, self.releases = {}, set(), {}
        region_of_unit = [region for region, n in enumerate(units) for _ in range(n)]
        for unit in range(rank, len(region_of_unit), ranks):
            region = region_of_unit[unit]
            self.units[unit] = [
                Person(unit * members + i, rank, region, unit, i < reference.permits[region], reference.travel[region])
                for i in range(members)
            ]
            for person in self.units[unit]:
                self.context.add(person)
        self.travellers, self.detected, self.bribed, self.held, self.known = ([0] * reference.regions for _ in range(5))

    def step(self):
        rng, day, travellers = random.default_rng, self.day, self.travellers
        if day % 7 == 0:
            for unit in self.heard:
                for person, draw in zip(self.units[unit], rng.random(len(self.units[unit])).tolist(), strict=True):
                    person.hear(draw, day, self.reference, self.known)
            self.heard.clear()
        people = self.context.size()[-1]
        free_again = self.reference.free_again(day)
        for person, draw in zip(self.context.agents(), rng.random(people).tolist(), strict=True):
            if draw < person.chance and person.free <= day:
                travellers[person.region] += 1
                if not person.permit:
                    person.meet(self.more, day, free_again, self)
        self.day += 1

    def week(self):
        self.runner.schedule_stop(self.day + 6)
        self.runner.go = True
        self.runner.execute()
        for region, n in enumerate(self.releases.pop(self.day, [0] * self.reference.regions)):
            self.held[region] -= n
        mine = np.array([self.travellers, self.detected, self.bribed, self.held, self.known])
        for events in (self.travellers, self.detected, self.bribed):
            events[:] = [0] * self.reference.regions
        return COMM.allreduce(mine, MPI.SUM).T.tolist()


class Society:
    def __init__(self, model, persons, seed, threads):
        self.state = State(model, persons, seed)

    def week(self):
        return self.state.week()
