# /// script
# requires-python = ">=3.12"
# dependencies = ["mesa[network]==3.5.1"]
#
# [tool.peer]
# name = "Mesa"
# ///
"""An agent a person, activated each day by ``agents.do``: order does not matter here, so nothing is shuffled."""

import mesa


class Checkpoint:
    def __init__(self, reference, region):
        self.travel, self.powered = reference.travel[region], reference.powered[region]
        self.travellers = self.detected = self.bribed = self.held = self.knowing = 0
        self.releases = {}

    def detain(self, day, free):
        self.detected += 1
        self.held += 1
        self.releases[free] = self.releases.get(free, 0) + 1

    def counts(self, today):
        self.held -= self.releases.pop(today, 0)
        found = [self.travellers, self.detected, self.bribed, self.held, self.knowing]
        self.travellers = self.detected = self.bribed = 0
        return found


class Unit:
    def __init__(self):
        self.members, self.heard = [], False


class Person(mesa.Agent):
    def __init__(self, model, checkpoint, unit, permit):
        super().__init__(model)
        self.checkpoint, self.unit, self.permit = checkpoint, unit, permit
        self.knows, self.free, self.chance = False, 0, checkpoint.travel
        unit.members.append(self)

    def step(self):
        if self.random.random() < self.chance and self.free <= self.model.day:
            self.travel()

    def travel(self):
        self.checkpoint.travellers += 1
        if self.permit:
            return
        draw, reference = self.random.random, self.model.reference
        if draw() < self.checkpoint.powered:
            caught = draw() < (reference.detection_knowing if self.knows else reference.detection)
        elif draw() < reference.inspection:
            caught = draw() >= reference.bribe
            self.checkpoint.bribed += not caught
        else:
            caught = False
        if caught:
            self.free = reference.free_again(self.model.day)
            self.unit.heard = True
            self.checkpoint.detain(self.model.day, self.free)

    def hear(self):
        reference = self.model.reference
        if not self.knows and self.free <= self.model.day and self.random.random() < reference.learn:
            self.knows = True
            self.checkpoint.knowing += 1
            if not self.permit:
                self.chance *= 1 - reference.give_up


class State(mesa.Model):
    def __init__(self, reference, persons, seed):
        super().__init__(rng=seed)
        self.reference, self.day = reference, 0
        self.checkpoints = [Checkpoint(reference, region) for region in range(reference.regions)]
        self.units = []
        units = reference.units(persons)
        for region, checkpoint in enumerate(self.checkpoints):
            for _ in range(units[region]):
                self.units.append(Unit())
                for member in range(reference.members):
                    Person(self, checkpoint, self.units[-1], member < reference.permits[region])

    def step(self):
        if self.day % 7 == 0:
            for unit in self.units:
                if unit.heard:
                    unit.heard = False
                    for person in unit.members:
                        person.hear()
        self.agents.do("step")
        self.day += 1


class Society:
    def __init__(self, model, persons, seed, threads):
        self.state = State(model, persons, seed)

    def week(self):
        for _ in range(7):
            self.state.step()
        return [checkpoint.counts(self.state.day) for checkpoint in self.state.checkpoints]
