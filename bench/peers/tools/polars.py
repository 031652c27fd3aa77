# /// script
# requires-python = ">=3.10"
# dependencies = ["polars==2.1.0", "numpy==2.4.6"]
#
# [tool.peer]
# name = "Polars"
# parallel = "threads"
# ///
"""A frame of persons; each day a lazy query for those who set out. Polars draws no numbers, so NumPy does."""

import numpy as np
import polars as pl


class Society:
    def __init__(self, model, persons, seed, threads):
        self.model, self.day = model, 0
        self.rng = np.random.default_rng(seed)
        units = model.units(persons)
        members = model.members
        region = np.repeat(np.arange(model.regions, dtype=np.uint8), np.array(units) * members)
        self.people = pl.DataFrame({
            "person": np.arange(len(region), dtype=np.uint32),
            "unit": np.arange(len(region), dtype=np.uint32) // members,
            "region": region,
            "permit": np.arange(len(region)) % members < np.array(model.permits)[region],
            "knows": np.zeros(len(region), bool),
            "free": np.zeros(len(region), np.int32),
            "chance": np.array(model.travel, np.float32)[region],
        })  # fmt: skip
        regions = pl.int_range(model.regions, dtype=pl.UInt8, eager=True)
        self.powered = pl.DataFrame({"region": regions, "powered": model.powered})
        self.draw = np.empty(len(region), np.float32)
        self.caught = []

    def uniform(self, rows):
        return pl.Series(self.rng.random(rows, dtype=np.float32))

    def by_region(self, regions):
        return np.bincount(regions.to_numpy(), minlength=self.model.regions)

    def week(self):
        self.learn()
        counts = np.zeros((3, self.model.regions), np.int64)
        for _ in range(7):
            self.live(counts)
        census = self.people.group_by("region")
        found = census.agg(held=(pl.col("free") > self.day).sum(), knowing=pl.col("knows").sum()).sort("region")
        return np.vstack([counts, found.select("held", "knowing").to_numpy().T]).T.tolist()

    def learn(self):
        if not self.caught:
            return
        heard = pl.concat(self.caught).unique()
        self.caught = []
        hears = self.people.lazy().filter(~pl.col("knows"), pl.col("free") <= self.day)
        hears = hears.join(heard.lazy(), on="unit", how="semi").select("person").collect()["person"]
        learns = hears.filter(self.uniform(len(hears)) < self.model.learn)
        mask = np.zeros(len(self.people), bool)
        mask[learns.to_numpy()] = True
        learns = pl.Series(mask)
        self.people = self.people.with_columns(
            knows=pl.col("knows") | learns,
            chance=pl.when(learns & ~pl.col("permit"))
            .then(pl.col("chance") * (1 - self.model.give_up))
            .otherwise("chance"),
        )

    def live(self, counts):
        model = self.model
        self.rng.random(out=self.draw, dtype=np.float32)
        out = (
            self.people.lazy()
            .filter(pl.Series(self.draw) < pl.col("chance"), pl.col("free") <= self.day)
            .select("person", "unit", "region", "permit", "knows")
            .collect()
        )
        counts[0] += self.by_region(out["region"])
        out = out.filter(~pl.col("permit")).join(self.powered, on="region", how="left")
        n = len(out)
        rate = pl.when("knows").then(model.detection_knowing).otherwise(model.detection)
        power, device, search, pay = (self.uniform(n) for _ in range(4))
        out = (
            out.lazy()
            .with_columns(power=power < pl.col("powered"))
            .with_columns(
                filmed=pl.col("power") & (device < rate),
                searched=~pl.col("power") & (search < model.inspection),
                pays=pay < model.bribe,
            )
            .select(
                "person", "unit", "region",
                bribed=pl.col("searched") & pl.col("pays"),
                caught=pl.col("filmed") | pl.col("searched") & ~pl.col("pays"),
            )
            .collect()
        )  # fmt: skip
        counts[2] += self.by_region(out.filter("bribed")["region"])
        caught = out.filter("caught")
        counts[1] += self.by_region(caught["region"])
        if len(caught):
            free = self.people["free"].scatter(caught["person"], model.free_again(self.day))
            self.people = self.people.with_columns(free)
            self.caught.append(caught.select("unit"))
        self.day += 1
