# /// script
# requires-python = ">=3.9"
# dependencies = ["starsim==3.7.2"]
#
# [tool.peer]
# name = "Starsim"
#
# [tool.peer.variants]
# "Starsim, crn off" = { STARSIM_CRN = "0" }
# ///
"""One module of a ``Sim``: each decision a distribution of its own, filtered over those whom it concerns.

By default Starsim gives each person the same luck in every scenario (common random numbers), as greyspace does; the
variant switches that off, as its documentation says to do for speed.
"""

import numpy as np
import starsim as ss


class Travel(ss.Module):
    def __init__(self, reference, persons, **named):
        super().__init__(**named)
        self.reference = reference
        self.units = np.array(reference.units(persons))
        self.members = reference.members
        self.counts = np.zeros((3, reference.regions), np.int64)
        self.known = np.zeros(reference.regions, np.int64)
        self.heard = np.zeros(self.units.sum(), bool)
        self.define_states(
            ss.BoolArr("permit"), ss.BoolArr("knows", default=False),
            ss.IntArr("region"), ss.IntArr("free", default=0), ss.FloatArr("chance"), reset=True,
        )  # fmt: skip
        self.goes = ss.bernoulli(p=lambda module, sim, uids: module.chance[uids])
        self.power = ss.bernoulli(p=lambda module, sim, uids: module.powered[module.region[uids]])
        self.device = ss.bernoulli(
            p=lambda module, sim, uids: np.where(
                module.knows[uids], module.reference.detection_knowing, module.reference.detection
            )
        )
        self.search = ss.bernoulli(p=reference.inspection)
        self.pay = ss.bernoulli(p=reference.bribe)
        self.learn = ss.bernoulli(p=reference.learn)
        self.powered = np.array(reference.powered)

    def init_post(self):
        super().init_post()
        reference = self.reference
        region = np.repeat(np.arange(reference.regions), self.units * self.members)
        everybody = self.sim.people.auids
        self.region[everybody] = region
        self.permit[everybody] = np.arange(len(region)) % self.members < np.array(reference.permits)[region]
        self.chance[everybody] = np.array(reference.travel)[region]

    def hear(self, day):
        members = (np.flatnonzero(self.heard)[:, None] * self.members + np.arange(self.members)).ravel()
        hears = ss.uids(members[~self.knows.raw[members] & (self.free.raw[members] <= day)])
        learns = self.learn.filter(hears)
        self.knows[learns] = True
        dares = learns[~self.permit[learns]]
        self.chance[dares] = self.chance[dares] * (1 - self.reference.give_up)
        self.known += self.count(learns)
        self.heard[:] = False

    def step(self):
        day = self.ti
        if day % 7 == 0:
            self.hear(day)
        out = self.goes.filter()
        out = out[self.free[out] <= day]
        self.counts[0] += self.count(out)
        out = out[~self.permit[out]]
        seen, unseen = self.power.split(out)
        filmed = self.device.filter(seen)
        pays, fails = self.pay.split(self.search.filter(unseen))
        self.counts[2] += self.count(pays)
        caught = ss.uids.cat(filmed, fails)
        self.counts[1] += self.count(caught)
        self.free[caught] = self.reference.free_again(day)
        self.heard[caught // self.members] = True

    def count(self, uids):
        return np.bincount(self.region[uids], minlength=self.reference.regions)


class Society:
    def __init__(self, model, persons, seed, threads):
        persons = sum(model.units(persons)) * model.members
        self.travel = Travel(model, persons, name="travel")
        self.sim = ss.Sim(
            n_agents=persons, start=ss.days(0), dur=ss.days(7 * 52), dt=ss.days(1), rand_seed=seed,
            modules=self.travel, people_results=False, verbose=0, copy_inputs=False,
        )  # fmt: skip
        self.sim.init()

    def week(self):
        travel = self.travel
        travel.counts[:] = 0
        for _ in range(7):
            self.sim.run_one_step()
        held = travel.count((travel.free > travel.ti).uids)
        return np.vstack([travel.counts, held, travel.known]).T.tolist()
