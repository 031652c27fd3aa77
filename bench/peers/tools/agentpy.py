# /// script
# requires-python = ">=3.9"
# dependencies = ["agentpy==0.1.5"]
#
# [tool.peer]
# name = "AgentPy"
# ///
"""An ``AgentList`` whose ``step`` goes to every person; counts are kept by the checkpoints, not by ``record``."""

import agentpy as ap


class Checkpoint(ap.Agent):
    def setup(self, region):
        self.travel, self.powered = self.p.reference.travel[region], self.p.reference.powered[region]
        self.travellers = self.detected = self.bribed = self.held = self.knowing = 0
        self.releases = {}

    def detain(self, free):
        self.detected += 1
        self.held += 1
        self.releases[free] = self.releases.get(free, 0) + 1

    def counts(self, today):
        self.held -= self.releases.pop(today, 0)
        found = [self.travellers, self.detected, self.bribed, self.held, self.knowing]
        self.travellers = self.detected = self.bribed = 0
        return found


class Unit(ap.Agent):
    def setup(self):
        self.members, self.heard = [], False


class Person(ap.Agent):
    def setup(self, checkpoint, unit, permit):
        self.checkpoint, self.unit, self.permit = checkpoint, unit, permit
        self.knows, self.free, self.chance = False, 0, checkpoint.travel
        self.draw = self.model.random.random
        unit.members.append(self)

    def step(self):
        if self.draw() < self.chance and self.free <= self.model.day:
            self.travel()

    def travel(self):
        checkpoint, reference, draw = self.checkpoint, self.p.reference, self.draw
        checkpoint.travellers += 1
        if self.permit:
            return
        if draw() < checkpoint.powered:
            caught = draw() < (reference.detection_knowing if self.knows else reference.detection)
        elif draw() < reference.inspection:
            caught = draw() >= reference.bribe
            checkpoint.bribed += not caught
        else:
            caught = False
        if caught:
            self.free = reference.free_again(self.model.day)
            self.unit.heard = True
            checkpoint.detain(self.free)

    def hear(self):
        reference = self.p.reference
        if not self.knows and self.free <= self.model.day and self.draw() < reference.learn:
            self.knows = True
            self.checkpoint.knowing += 1
            if not self.permit:
                self.chance *= 1 - reference.give_up


class State(ap.Model):
    def setup(self):
        reference = self.p.reference
        self.day = 0
        self.checkpoints = ap.AgentList(self, [Checkpoint(self, region=region) for region in range(reference.regions)])
        units = reference.units(self.p.persons)
        self.units = ap.AgentList(self, sum(units), Unit)
        checkpoints = [c for region, c in enumerate(self.checkpoints) for _ in range(units[region])]
        permits = [reference.permits[region] for region, n in enumerate(units) for _ in range(n)]
        self.people = ap.AgentList(self, [
            Person(self, checkpoint=checkpoint, unit=unit, permit=member < permit)
            for checkpoint, unit, permit in zip(checkpoints, self.units, permits, strict=True)
            for member in range(reference.members)
        ])  # fmt: skip

    def step(self):
        if self.day % 7 == 0:
            for unit in self.units:
                if unit.heard:
                    unit.heard = False
                    for person in unit.members:
                        person.hear()
        self.people.step()
        self.day += 1


class Society:
    def __init__(self, model, persons, seed, threads):
        self.state = State({"reference": model, "persons": persons, "seed": seed})
        self.state.sim_setup()

    def week(self):
        for _ in range(7):
            self.state.sim_step()
        return [checkpoint.counts(self.state.day) for checkpoint in self.state.checkpoints]
