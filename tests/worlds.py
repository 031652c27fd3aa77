"""Small random worlds for the engine: everything a set of odds may hold, and nothing of surveillance."""

import numpy as np

from greyspace.contract import (
    DESTINATION,
    FINDINGS,
    FOUND,
    HOME,
    NOTHING,
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
from greyspace.engine import person_of

STATE_OF_MARK = [7, 6, 6, 5, 4, 3, 3, 3, 3, 3]  # unseen, seen by people, by a device, paid, turned back, punished
AXES = Axes(
    regions=("plain", "hill", "coast"),
    profiles=("a", "b", "c", "d"),
    standings=("rich", "poor"),
    tempers=("calm", "quick"),
    moods=("easy", "wary", "afraid"),
    traits=("known", "unknown"),
    acts=("visit", "trade", "carry"),
    ways=("no_transport", "chilled", "priced_out", "rail", "road"),
    contacts=("gate", "desk", "post", "patrol", "camera"),
    cases=("gate", "counter", "road"),
    groups=("any", "other"),
    marks=("nothing", "seen", "filmed", "paid", "turned", "fined", "held", "jailed", "camp", "killed"),
    holds=("none", "days", "weeks", "months", "killed"),
)


def simplex(rng, *shape):
    p = rng.gamma(0.7, size=shape) + 1e-3
    return p / p.sum(axis=-1, keepdims=True)


def layout(rng, news=True, ranks=None) -> Layout:
    """``ranks``: of willingness to pay; one to four by chance if not given."""
    statuses = AXES.statuses
    mark_of = np.zeros((5, 2, 2 * len(VERDICTS)), np.int32)
    for c in range(5):
        for o in range(2 * len(VERDICTS)):
            recorded, verdict = divmod(o, len(VERDICTS))
            seen = 0 if not recorded else 1 + c % 2
            # Without power nobody is filmed: what is recorded is recorded by hand.
            mark_of[c, 0, o] = [min(seen, 1), min(seen, 1), 4, 3, 5, 6, 7, 8, 9][verdict]
            mark_of[c, 1, o] = [seen, seen, 4, 3, 5, 6 + (c + recorded) % 2, 7, 8, 9][verdict]
    after = np.tile(np.arange(statuses, dtype=np.int32), (len(AXES.marks), 1))
    for k in (4, 5, 6, 7, 8, 9):
        after[k] = np.minimum(np.arange(statuses) + 2, statuses - 2 + np.arange(statuses) % 2)
    after[2] = np.arange(statuses) // 2 * 2  # being filmed makes known
    becomes = np.stack(
        [np.maximum(np.arange(statuses) - 2, np.arange(statuses) % 2),
         np.minimum(np.arange(statuses) + 2, statuses - 2 + np.arange(statuses) % 2)], axis=1
    ).astype(np.int32)  # fmt: skip
    r, a, w, c = 3, 3, 5, 5
    routes = np.full((6, 5, 4), NOTHING, np.int32)
    routes[..., 1:] = 0
    for i in range(6):
        for step in range(rng.integers(1, 6)):
            place = rng.choice([HOME, DESTINATION, 0, 1, 2])
            routes[i, step] = (rng.integers(0, c), place, rng.integers(1, 4), draw_count("any", 4 * step))
    route_of = rng.integers(-1, 6, (r, a, w, r)).astype(np.int32)
    lay = Layout(
        standing_of=np.array([0, 1, 1, 0], np.int32),
        temper_of=np.array([0, 0, 1, 1], np.int32),
        group_of=rng.integers(0, 2, (5, 2)).astype(np.int32),
        case_of=np.array([0, 1, 1, 2, NOTHING], np.int32),
        instead=np.array([1, 2, NOTHING, NOTHING, NOTHING], np.int32),
        mark_of=mark_of,
        state_of=np.array(STATE_OF_MARK, np.int32),
        hold_of=np.array([0, 0, 0, 0, 0, 0, 1, 2, 3, 4], np.int32),
        hold_days=np.array([0, 3, 17, 40, 0], np.int32),
        news_of=np.array([0, 0, 2, 0, 0, 0, 1, 3, 1, 1], np.int32) * news,
        gone=np.array([0, 0, 0, 0, 0, 0, 0, 0, 0, 1], np.int32),
        status_after=after,
        becomes=becomes,
        route_of=route_of,
        routes=routes,
        first_ending=4,
        ranks=int(rng.integers(1, 5)) if ranks is None else ranks,
    )
    check_layout(lay, AXES)
    return lay


def odds(rng, lay: Layout, rate=0.08) -> Odds:
    r, p, a, w, c = 3, 4, 3, 5, 5
    ceiling = rng.uniform(0, rate, (r, p, a))
    share = simplex(rng, r, 3)  # gate, desk, post: a chain of alternatives; patrol and camera stand alone
    met = np.concatenate([share.cumsum(-1), rng.uniform(0, 1, (r, 2))], axis=1)
    met[:, 2] = rng.uniform(met[:, 1], 1.0)
    finding = simplex(rng, r, c, 2, 2, len(FOUND))
    finding[:, 4] = 0.0  # nobody decides at the camera: it lets everybody pass
    finding[:, 4, ..., :: len(FINDINGS)] = simplex(rng, r, 2, 2, 2)
    verdict = simplex(rng, r, len(AXES.cases), 2 * lay.ranks, 2, len(FINDINGS), len(VERDICTS))
    verdict[..., 0, :] = np.eye(len(VERDICTS))[0]
    made = Odds(
        ceiling=day_sets(ceiling.sum(-1)),
        pick=cumulative(ceiling / ceiling.sum(-1, keepdims=True), "pick"),
        accept=threshold(rng.uniform(0, 1, (r, p, a)), "accept"),
        way=cumulative(simplex(rng, r, 2, 3, a, w), "way"),
        dest=cumulative(simplex(rng, r, a, r), "dest"),
        met=threshold(np.clip(met, 0, 1), "met"),
        powered=threshold(rng.uniform(0, 1, (r, w)), "powered"),
        finding=cumulative(finding, "finding"),
        verdict=cumulative(verdict, "verdict"),
        weekly=partial_sums(rng.uniform(0, 0.2, (r, 2, 4, AXES.statuses, 2)), "weekly"),
    )
    check_odds(made, lay, AXES)
    return made


def crowd(rng, units=40, size=(60, 160)) -> Crowd:
    region = np.sort(rng.integers(0, 3, units)).astype(np.int32)
    sizes = rng.integers(*size, units)
    first = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    n = int(first[-1])
    profile = rng.integers(0, 4, n)
    status = rng.integers(0, AXES.statuses, n)
    persons = np.array([person_of(p, s) for p, s in zip(profile, status, strict=True)], np.uint32)
    return Crowd(persons, np.arange(units, dtype=np.uint32) * 7, first, region, np.zeros(units, np.uint8))
