# /// script
# requires-python = ">=3.10"
# dependencies = ["mesa-frames==0.1.0a0", "pyarrow==26.0.0"]
#
# [tool.peer]
# name = "mesa-frames"
# parallel = "threads"
# ///
"""An agent set on Polars, changed by native expressions over all of its rows, as its guide recommends."""

import numpy as np
import polars as pl
from mesa_frames import AgentSetPolars, ModelDF


class People(AgentSetPolars):
    def __init__(self, model, units):
        super().__init__(model)
        reference = model.reference
        members = model.members
        region = np.repeat(np.arange(reference.regions, dtype=np.uint8), np.array(units) * members)
        row = np.arange(len(region), dtype=np.int64)
        self.add(pl.DataFrame({
            "unique_id": row,
            "unit": (row // members).astype(np.uint32),
            "region": region,
            "permit": row % members < np.array(reference.permits)[region],
            "knows": np.zeros(len(region), bool),
            "free": np.zeros(len(region), np.int32),
            "chance": np.array(reference.travel, np.float32)[region],
            "powered": np.array(reference.powered, np.float32)[region],
        }))  # fmt: skip

    def uniform(self, rows):
        return pl.Series(self.model.rng.random(rows, dtype=np.float32))

    def hear(self):
        reference = self.model.reference
        heard = pl.Series(self.model.heard).unique()
        self.model.heard = []
        hears = ~pl.col("knows") & (pl.col("free") <= self.model.day) & pl.col("unit").is_in(heard.implode())
        learns = hears & (self.uniform(len(self.agents)) < reference.learn)
        self.agents = self.agents.with_columns(
            knows=pl.col("knows") | learns,
            chance=pl.when(learns & ~pl.col("permit"))
            .then(pl.col("chance") * (1 - reference.give_up))
            .otherwise("chance"),
        )

    def step(self):
        model, reference = self.model, self.model.reference
        self.select((self.uniform(len(self.agents)) < self.agents["chance"]) & (self.agents["free"] <= model.day))
        out = self.active_agents
        model.count(0, out["region"])
        out = out.filter(~pl.col("permit"))
        rate = pl.when("knows").then(reference.detection_knowing).otherwise(reference.detection)
        power, device, search, pay = (self.uniform(len(out)) for _ in range(4))
        power = power < pl.col("powered")
        searched, pays = ~power & (search < reference.inspection), pay < reference.bribe
        out = out.select(
            "unique_id", "unit", "region",
            bribed=searched & pays, caught=(power & (device < rate)) | (searched & ~pays),
        )  # fmt: skip
        model.count(2, out.filter("bribed")["region"])
        caught = out.filter("caught")
        model.count(1, caught["region"])
        model.heard.extend(caught["unit"].to_list())
        held = pl.col("unique_id").is_in(caught["unique_id"].implode())
        free = pl.lit(reference.free_again(model.day), pl.Int32)
        self.agents = self.agents.with_columns(free=pl.when(held).then(free).otherwise("free"))


class State(ModelDF):
    def __init__(self, reference, persons, seed):
        super().__init__()
        self.reference, self.day, self.heard = reference, 0, []
        self.rng = np.random.default_rng(seed)
        self.counts = np.zeros((3, reference.regions), np.int64)
        units = reference.units(persons)
        self.members = reference.members
        self.agents += People(self, units)

    def count(self, measure, regions):
        self.counts[measure] += np.bincount(regions.to_numpy(), minlength=self.reference.regions)

    def step(self):
        if self.day % 7 == 0 and self.heard:
            self.agents.do("hear")
        self.agents.do("step")
        self.day += 1


class Society:
    def __init__(self, model, persons, seed, threads):
        self.state = State(model, persons, seed)

    def week(self):
        state = self.state
        state.counts[:] = 0
        for _ in range(7):
            state.step()
        people = state.get_agents_of_type(People).agents
        found = people.group_by("region").agg(held=(pl.col("free") > state.day).sum(), knowing=pl.col("knows").sum())
        return np.vstack([state.counts, found.sort("region").select("held", "knowing").to_numpy().T]).T.tolist()
