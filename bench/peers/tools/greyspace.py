# /// script
# requires-python = ">=3.11"
# dependencies = []
#
# [tool.peer]
# name = "greyspace"
# parallel = "threads"
# here = true
# ///
"""The ordinary engine under odds made for this model: no kernel of its own, nothing switched off.

The checkpoint is a contact of the act that travelling is; the permit a trait, since what is found depends on it;
knowing a mood, since who knows may give up, and a trait, since the device misses more of them.
"""

import numpy as np
from reference import START

from greyspace.contract import (
    FINDINGS,
    FOUND,
    HOME,
    NOTHING,
    OUTCOMES,
    VERDICTS,
    Axes,
    Crowd,
    Layout,
    Odds,
    check_layout,
    check_odds,
    cumulative,
    day_sets,
    draw_count,
    partial_sums,
    threshold,
)
from greyspace.engine import Individuals, person_of

PERMIT, UNAWARE, KNOWING = range(3)
MOODS = ("unaware", "knowing")
GIVES_UP, SETS_OUT = 1, 3
PAID, HELD = 1, 2
PUNISHED, PAID_STATE, UNSEEN = 3, 5, 7


def axes(model):
    return Axes(
        regions=tuple(f"region {region}" for region in range(model.regions)),
        profiles=("with a permit", "without"),
        standings=("all",),
        tempers=("with a permit", "without"),
        moods=MOODS,
        traits=("permit", "unaware", "knowing"),
        acts=("travel",),
        ways=("no_transport", "chilled", "priced_out", "road"),
        contacts=("checkpoint",),
        cases=("checkpoint",),
        groups=("permit", "unaware", "knowing"),
        marks=("nothing", "paid", "held"),
        holds=("none", "held"),
    )


def status(mood, trait):
    return mood * 3 + trait


def layout(model, names):
    mark_of = np.zeros((1, 2, len(OUTCOMES)), np.int32)
    for outcome, name in enumerate(OUTCOMES):
        mark_of[..., outcome] = {"paid": PAID, "penalised": HELD}.get(name.split("_", 1)[1], 0)
    becomes = np.arange(names.statuses, dtype=np.int32)[:, None]
    becomes[status(0, PERMIT)] = status(1, PERMIT)
    becomes[status(0, UNAWARE)] = status(1, KNOWING)
    made = Layout(
        standing_of=np.zeros(2, np.int32),
        temper_of=np.arange(2, dtype=np.int32),
        group_of=np.arange(3, dtype=np.int32)[None],
        case_of=np.zeros(1, np.int32),
        instead=np.array([NOTHING], np.int32),
        mark_of=mark_of,
        state_of=np.array([UNSEEN, PAID_STATE, PUNISHED], np.int32),
        hold_of=np.array([0, 0, 1], np.int32),
        hold_days=np.array([0, model.hold], np.int32),
        news_of=np.array([0, 0, 1], np.int32),
        gone=np.zeros(3, np.int32),
        status_after=np.tile(np.arange(names.statuses, dtype=np.int32), (3, 1)),
        becomes=becomes,
        route_of=np.zeros((model.regions, 1, 4, model.regions), np.int32),
        routes=np.array([[[0, HOME, 1, draw_count("checkpoint", 0)]]], np.int32),
        first_ending=HELD,
        ranks=1,
    )
    check_layout(made, names)
    return made


def odds(model, names, lay):
    r = model.regions
    found = {name: i for i, name in enumerate(FOUND)}
    finding = np.zeros((r, 1, 3, 2, len(FOUND)))
    finding[:, :, PERMIT, :, found["unrecorded_passed"]] = 1.0
    for trait, rate in ((UNAWARE, model.detection), (KNOWING, model.detection_knowing)):
        finding[:, :, trait, 1, found["recorded_on_record"]] = rate
        finding[:, :, trait, 1, found["unrecorded_passed"]] = 1.0 - rate
    finding[:, :, UNAWARE:, 0, found["unrecorded_caught"]] = model.inspection
    finding[:, :, UNAWARE:, 0, found["unrecorded_passed"]] = 1.0 - model.inspection
    verdict = np.zeros((r, 1, 1, 2, len(FINDINGS), len(VERDICTS)))
    verdict[..., VERDICTS.index("passed")] = 1.0
    for name, bribe in (("on_record", 0.0), ("caught", model.bribe)):
        row = verdict[..., FINDINGS.index(name), :]
        row[...] = 0.0
        row[..., VERDICTS.index("paid")] = bribe
        row[..., VERDICTS.index("penalised")] = 1.0 - bribe
    way = np.zeros((r, 2, len(MOODS), 1, len(names.ways)))
    way[..., SETS_OUT] = 1.0
    way[:, 1, 1, :, GIVES_UP] = model.give_up
    way[:, 1, 1, :, SETS_OUT] = 1.0 - model.give_up
    weekly = np.zeros((r, 2, 4, names.statuses, 1))
    weekly[:, :, 1, [status(0, PERMIT), status(0, UNAWARE)]] = model.learn
    certain = np.ones((r, 2, 1))
    made = Odds(
        ceiling=day_sets(np.tile(np.array(model.travel)[:, None], (1, 2))),
        pick=cumulative(certain, "pick"),
        accept=threshold(certain, "accept"),
        way=cumulative(way, "way"),
        dest=cumulative(np.eye(r)[:, None, :], "dest"),
        met=threshold(np.ones((r, 1)), "met"),
        powered=threshold(np.tile(np.array(model.powered)[:, None], (1, len(names.ways))), "powered"),
        finding=cumulative(finding, "finding"),
        verdict=cumulative(verdict, "verdict"),
        weekly=partial_sums(weekly, "weekly"),
    )
    check_odds(made, lay, names)
    return made


class Society:
    def __init__(self, model, persons, seed, threads):
        names = axes(model)
        lay = layout(model, names)
        self.odds, self.monday = odds(model, names, lay), START
        region = np.repeat(np.arange(model.regions, dtype=np.int32), model.units(persons))
        permit = np.arange(model.members) < np.array(model.permits)[region, None]
        with_permit, without = person_of(0, status(0, PERMIT)), person_of(1, status(0, UNAWARE))
        crowd = Crowd(
            persons=np.where(permit, with_permit, without).astype(np.uint32).ravel(),
            serial=np.arange(len(region), dtype=np.uint32),
            first=np.arange(len(region) + 1, dtype=np.int64) * model.members,
            region=region,
            news=np.zeros(len(region), np.uint8),
        )
        self.engine = Individuals(crowd, lay, seed, threads)
        self.counted()  # once; from then on the engine follows them

    def counted(self):
        return self.engine.people(), self.engine.held(self.monday)

    def week(self):
        tallies = self.engine.advance(self.odds, self.monday)
        self.monday += 7
        people, held = self.counted()
        begun = tallies.modes[:, 0, SETS_OUT].sum(axis=-1)
        paid = tallies.states[:, :, 0, PAID_STATE].sum(axis=-1)
        knowing = people[:, :, status(1, 0) :].sum(axis=(1, 2))
        detained = tallies.held[..., 1].sum(axis=1)
        return np.stack([begun, detained, paid, held.sum(axis=1), knowing], axis=1).astype(np.int64).tolist()
