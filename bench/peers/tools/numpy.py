# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy==2.4.6"]
#
# [tool.peer]
# name = "NumPy"
# ///
"""Whole arrays: one random number a person a day, then only those who set out."""

import numpy as np


class Society:
    def __init__(self, model, persons, seed, threads):
        self.model, self.day = model, 0
        self.rng = np.random.default_rng(seed)
        units = np.array(model.units(persons))
        self.region_of_unit = np.repeat(np.arange(model.regions), units)
        self.members = model.members
        self.region = np.repeat(self.region_of_unit, self.members)
        self.permit = (np.arange(self.members) < np.array(model.permits)[self.region_of_unit, None]).ravel()
        self.knows = np.zeros(len(self.region), bool)
        self.free = np.zeros(len(self.region), np.int32)
        self.chance = np.array(model.travel, np.float32)[self.region]
        self.powered = np.array(model.powered)
        self.heard = np.zeros(len(self.region_of_unit), bool)
        self.knowing = np.zeros(model.regions, np.int64)
        self.draw = np.empty(len(self.region), np.float32)

    def week(self):
        self.learn()
        counts = np.zeros((3, self.model.regions), np.int64)
        for _ in range(7):
            self.live(counts)
        held = self.count(np.flatnonzero(self.free > self.day))
        return np.vstack([counts, held, self.knowing]).T.tolist()

    def learn(self):
        members = (np.flatnonzero(self.heard)[:, None] * self.members + np.arange(self.members)).ravel()
        hears = members[~self.knows[members] & (self.free[members] <= self.day)]
        learns = hears[self.rng.random(len(hears)) < self.model.learn]
        self.knows[learns] = True
        self.chance[learns[~self.permit[learns]]] *= 1 - self.model.give_up
        self.knowing += self.count(learns)
        self.heard[:] = False

    def live(self, counts):
        model, rng = self.model, self.rng
        rng.random(out=self.draw, dtype=np.float32)
        out = np.flatnonzero(self.draw < self.chance)
        out = out[self.free[out] <= self.day]
        counts[0] += self.count(out)
        out = out[~self.permit[out]]
        power = rng.random(len(out)) < self.powered[self.region[out]]
        seen, unseen = out[power], out[~power]
        rate = np.where(self.knows[seen], model.detection_knowing, model.detection)
        filmed = seen[rng.random(len(seen)) < rate]
        searched = unseen[rng.random(len(unseen)) < model.inspection]
        pays = rng.random(len(searched)) < model.bribe
        counts[2] += self.count(searched[pays])
        caught = np.concatenate([filmed, searched[~pays]])
        counts[1] += self.count(caught)
        self.free[caught] = model.free_again(self.day)
        self.heard[caught // self.members] = True
        self.day += 1

    def count(self, persons):
        return np.bincount(self.region[persons], minlength=self.model.regions)
