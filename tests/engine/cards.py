"""Three countries lived on a card, or on what stands for one, and the same lives on a processor."""

import hashlib
import sys
from contextlib import suppress
from datetime import date
from pathlib import Path

import numpy as np

from given import calm, country, odds_of, world
from greyspace.engine import Individuals, gpu
from greyspace.engine.week import GONE
from greyspace.results import Store
from greyspace.simulate import loop, plan, run
from greyspace.society.population import make, units_at

PACKS = ("toyland", "brightland", "dprk")
SEED = 5


def lives(pack, units, weeks):
    """How many persons, contacts met, whether there is news; hashes of all, on a processor and on a card."""
    made = world(country(pack), start=date(2022, 3, 7), end=date(2022, 3, 7), seed=SEED)
    period = made.periods[0]
    odds = odds_of(made, period)
    recipe = made.recipe(made.start(calm(made)))
    serial, region = units_at(recipe, 1.0)
    some = np.arange(0, len(serial), max(1, len(serial) // units))
    engines = [
        one(make(recipe, SEED, serial[some], region[some]), made.layout, SEED) for one in (Individuals, gpu.OnGpu)
    ]
    hashes = []
    for engine in engines:
        digest, contacts = hashlib.blake2s(digest_size=8), 0
        for week in range(weeks):
            tallies = engine.advance(odds, period.monday + 7 * week)
            contacts += int(tallies.outcomes.sum())
            # People are asked for in some weeks, then changed by whoever asked, and stay where they are in others.
            for array in (*tallies, *(engine.crowd if week % 3 else ())):
                digest.update(np.ascontiguousarray(array))
            if week % 3:
                engine.crowd.persons[::5] |= GONE
        hashes.append(digest.hexdigest())
    return len(engine.crowd.persons), contacts, bool(engine.crowd.news.any()), hashes


def stopped(folder):
    """Weeks until a run on a card is stopped; name and digest of the run never stopped, and of that one in its end."""
    loop.CHECKPOINT_SECONDS = 0.0
    pack, weeks = country("toyland"), []
    made = plan(pack, pack.scenario("history"), scale=0.02, seed=3, start=date(2019, 1, 7), end=date(2019, 3, 25))

    def tell(phase, week, of):
        weeks.append(week)
        if week == 9:
            raise KeyboardInterrupt

    with suppress(KeyboardInterrupt):
        run(made, Store(Path(folder) / "stopped"), progress=tell, gpu=True)
    runs = [run(made, Store(Path(folder) / name)) for name in ("whole", "stopped")]
    return weeks[-1], *([one.run_id, one.meta["content_digest"]] for one in runs)


class Unwrapped:
    """Stands for :func:`live_alone` where a card is simulated: arrays of the simulator become plain ones."""

    def __init__(self, live_alone):
        self.live_alone = live_alone

    def __call__(self, at, unit, *groups):
        self.live_alone(at, unit, *map(plain, groups))


def plain(group):
    if isinstance(group, tuple):
        return type(group)(*map(plain, group))
    for wrapped in ("_item", "_ary"):
        group = getattr(group, "__dict__", {}).get(wrapped, group)
    return group


def simulate():
    """Let Numba's simulator of a card (NUMBA_ENABLE_CUDASIM=1) be one."""
    sys.setswitchinterval(1e-4)  # it makes a thread a person, and waits for them in a loop
    gpu.check_gpu = lambda: None
    gpu.live_alone = Unwrapped(gpu.live_alone)
