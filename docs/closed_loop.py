"""How far the two engines part over a whole history, act by act, and how that shrinks as more people are lived.

    python docs/closed_loop.py            live them, and write the table in engine.md; some ten minutes
    python docs/closed_loop.py --json F   keep what was lived in F, and go on from there if it was stopped

Both engines live the same years with the same fates of devices, each learning from its own tallies. The table holds the
mean over seeds of `individuals` less `expected`.
"""

import argparse
import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from blocks import write
from greyspace.contract import STATES
from greyspace.country import ACTS, load_pack
from greyspace.simulate import Life, Plan, plan

SEEDS = {0.001: 4, 0.004: 3, 0.016: 2}
"""Seeds of `individuals` by scale: small runs scatter more."""

BLOCK = "closed_loop"
PAGE = Path(__file__).resolve().parent / "engine.md"
WORTH_TELLING = 1.0
"""Of 1,000 intents: a gap that is smaller at every scale is left out."""

Floats = NDArray[np.float64]


def ends(made: Plan) -> Floats:
    """``[A, state]``: how 1,000 intents of each act end, over all weeks of a plan."""
    life = Life(made)
    found = np.zeros((len(ACTS), len(STATES)))
    for period in life.world.periods:
        got = life.step(period, life.odds(period), lambda _: None)
        found += np.sum(got.modes, axis=0).sum(axis=(0, 2)) * got.weight
    life.close()
    total = found.sum(axis=-1, keepdims=True)
    return np.divide(1000.0 * found, total, out=np.zeros_like(found), where=total > 0)


def lived(kept: Path | None) -> dict[str, Floats]:
    """By ``scale/seed`` and ``expected/seed`` what :func:`ends` says."""
    pack = load_pack("dprk")
    known: dict[str, list[list[float]]] = json.loads(kept.read_text()) if kept and kept.exists() else {}
    usual = plan(pack, pack.scenario("history"))
    for scale, seeds in {"expected": max(SEEDS.values()), **SEEDS}.items():
        for seed in range(1, seeds + 1):
            name = f"{scale}/{seed}"
            if name not in known:
                engine = {"engine": "expected"} if scale == "expected" else {"scale": scale}
                known[name] = ends(replace(usual, seed=seed, **engine)).tolist()  # type: ignore[arg-type]
                print(name, flush=True)
                if kept:
                    kept.write_text(json.dumps(known))
    return {name: np.array(cells) for name, cells in known.items()}


def gaps(found: Mapping[str, Floats]) -> dict[float, Floats]:
    """By scale ``[seed, A, state]``: `individuals` less `expected` of the same seed."""
    return {
        scale: np.stack([found[f"{scale}/{seed}"] - found[f"expected/{seed}"] for seed in range(1, seeds + 1)])
        for scale, seeds in SEEDS.items()
    }


def told(gap: Mapping[float, Floats]) -> str:
    """The table in Markdown, and in words how the gaps shrink."""
    heads = ["act", "state", *(f"scale {scale:g}" for scale in gap)]
    rows = [heads, ["---"] * len(heads)]
    means = np.stack([each.mean(axis=0) for each in gap.values()])
    errors = np.stack([each.std(axis=0, ddof=1) / np.sqrt(len(each)) for each in gap.values()])
    for a, act in enumerate(ACTS):
        for s, state in enumerate(STATES):
            if np.abs(means[:, a, s]).max() >= WORTH_TELLING:
                cells = [f"{m:+.1f} ± {e:.1f}" for m, e in zip(means[:, a, s], errors[:, a, s], strict=True)]
                rows.append([act.replace("_", " "), state.replace("_", " "), *cells])
    table = "\n".join(f"| {' | '.join(row)} |" for row in rows)
    return f"{table}\n\n{_shrinking(gap)}"


def _shrinking(gap: Mapping[float, Floats]) -> str:
    """By scale the median of gaps over acts, beside that of their standard errors: a rare act hides neither."""
    lines = []
    for scale, each in gap.items():
        mean, error = each.mean(axis=0), each.std(axis=0, ddof=1) / np.sqrt(len(each))
        words = [f"{state.replace('_', ' ')} {np.median(mean[:, s]):+.2f}" for s, state in enumerate(STATES)]
        lines.append(f"- scale {scale:g}, {len(each)} seeds: {', '.join(words)}; standard error {np.median(error):.2f}")
    return (
        "Mean over seeds of `individuals` less `expected`, history 2016 to 2024, in acts of 1,000 intents, ± its "
        f"standard error; gaps below {WORTH_TELLING:g} at every scale are left out. The median over acts:\n\n"
        + "\n".join(lines)
    )


def main() -> None:
    """Live what is missing and write the block."""
    reader = argparse.ArgumentParser(description=__doc__.splitlines()[0])  # type: ignore[union-attr]
    reader.add_argument("--json", type=Path, help="keep what was lived in this file")
    text = told(gaps(lived(reader.parse_args().json)))
    write(PAGE, BLOCK, text)
    print(text)


if __name__ == "__main__":
    main()
