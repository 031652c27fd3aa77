"""What the scenarios that look ahead come to against `as-is`, by expectation, from 2025 to the end of 2034.

python docs/futures.py              live them and write the table in scenarios.md; some minutes
python docs/futures.py --json F     keep what was lived in F, and go on from there if it was stopped
"""

import argparse
import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from blocks import write
from greyspace.contract import STATES
from greyspace.country import ACTS, load_pack
from greyspace.institutions import MONTH_WEEKS
from greyspace.simulate import Life, Plan, plan
from greyspace.simulate.world import day_of

BASE = "as-is"
FUTURES = (
    *("full-network-4g", "domestic-hardware", "imports-stop", "china-like", "human-network-only", "digital-only"),
    *("national-register-complete", "cashless", "analysts", "people-know"),
)
BLOCK = "futures"
PAGE = Path(__file__).resolve().parent / "scenarios.md"
SINCE, END = date(2025, 1, 6), date(2034, 12, 25)
YEARS = ((END - SINCE).days + 7) / 365.25
WORTH_TELLING = 1.0
"""Acts of 1,000 intents; smaller changes are left out."""

MOST = 6
"""Changes told of each scenario, the largest first."""

Numbers = Mapping[str, Any]


def lived(made: Plan) -> Numbers:
    """What a plan comes to from 2025 on.

    ``acts[A][state]`` intents; ``records`` about no act and ``leads``, a year; ``gates``: share of departures by rail
    through a gate that works, over provinces and years; ``systems``: of each, records a year.
    """
    life = Life(made)
    acts, records, leads, gates, weeks = np.zeros((len(ACTS), len(STATES))), dict[str, float](), 0.0, 0.0, 0
    for period in life.world.periods:
        got = life.step(period, life.odds(period), lambda _: None)
        if day_of(period.monday) < SINCE:
            continue
        acts += got.acts.sum(axis=(0, 2)) * got.weight
        for (system, _), kept in life.world.routine(period, got.knew).items():
            records[system] = records.get(system, 0.0) + float(kept.sum()) * period.weeks / MONTH_WEEKS / YEARS
        at = [c for c, contact in enumerate(life.world.contacts) if contact.encounter == "lead"]
        leads += float(got.met.ended[:, at].sum(dtype=np.float64) * got.weight) / YEARS
        through = life.world.coverage(period, got.knew).get(("station_gates", "rail_departures"))
        gates += float(np.nanmean(through)) * period.weeks if through is not None else 0.0
        weeks += period.weeks
    life.close()
    return {"acts": acts.tolist(), "records": records, "leads": leads, "gates": gates / weeks}


def changes(base: Numbers, made: Numbers) -> str:
    """The largest changes in words, in acts of 1,000 intents."""
    before, after = (np.array(each["acts"]) for each in (base, made))
    moved = 1000.0 * (after / after.sum(axis=1, keepdims=True) - before / before.sum(axis=1, keepdims=True))
    order = np.argsort(-np.abs(moved), axis=None, kind="stable")[:MOST]
    words = [
        f"{ACTS[a]}: {STATES[s]} {moved[a, s]:+.0f}".replace("_", " ")
        for a, s in zip(*np.unravel_index(order, moved.shape), strict=True)
        if abs(moved[a, s]) >= WORTH_TELLING
    ]
    return "; ".join(words) or "none"


def table(found: Mapping[str, Numbers]) -> str:
    """In Markdown, a line a scenario."""
    heads = (
        *("scenario", f"largest changes against `{BASE}`, in acts of 1,000 intents"),
        *("records of no act, millions a year", "leads, thousands a year", "rail departures through a working gate"),
    )
    lines = [
        (
            *(f"`{name}`", changes(found[BASE], made), f"{sum(made['records'].values()) / 1e6:,.0f}"),
            *(f"{made['leads'] / 1e3:,.2f}", f"{made['gates']:.3f}"),
        )
        for name, made in found.items()
    ]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (heads, ("---",) * len(heads), *lines))


def main() -> None:
    """Live what is missing and write the block."""
    reader = argparse.ArgumentParser(description=__doc__.splitlines()[0])  # type: ignore[union-attr]
    reader.add_argument("--json", type=Path, help="keep what was lived in this file")
    kept = reader.parse_args().json
    found: dict[str, Numbers] = json.loads(kept.read_text()) if kept and kept.exists() else {}
    pack = load_pack("dprk")
    for name in (BASE, *FUTURES):
        if name not in found:
            found[name] = lived(plan(pack, pack.scenario(name), engine="expected", end=END))
            print(name, changes(found[BASE], found[name]), flush=True)
            if kept:
                kept.write_text(json.dumps(found))
    text = table(found)
    write(PAGE, BLOCK, text)
    print(text)


if __name__ == "__main__":
    main()
