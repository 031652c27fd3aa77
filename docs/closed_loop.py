"""How far the two engines part over a whole history, act by act, and how that shrinks as more people are lived.

    python docs/closed_loop.py            live them, and write the tables in engine.md; some ten minutes
    python docs/closed_loop.py --json F   keep what was lived in F, and go on from there if it was stopped

Both engines live the same years with the same fates of devices, each learning from its own tallies. The first table
holds the mean over seeds of `individuals` less `expected`. Beside each life of persons the expectation lives once more,
under the odds that their world wrote: what these persons part from it is luck and the closure of news; what it parts
from the expectation with a world of its own is what they taught theirs. The second table holds these two parts.
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
from greyspace.contract.axes import CHILLED
from greyspace.country import ACTS, load_pack
from greyspace.simulate import Life, Plan, plan
from greyspace.simulate.beginning import expectation
from greyspace.society.acts import SANCTIONED

SEEDS = {0.001: 8, 0.004: 8, 0.016: 3}
"""Seeds of `individuals` by scale: small runs scatter more."""

BLOCK = "closed_loop"
PAGE = Path(__file__).resolve().parent / "engine.md"
WORTH_TELLING = 1.0
"""Of 1,000 intents: a gap that is smaller at every scale is left out."""

Floats = NDArray[np.float64]


def ends(made: Plan) -> dict[str, Floats]:
    """``[A, state]``: how 1,000 intents of each act end, over all weeks of a plan: ``own``, and of a plan of persons
    ``beside``, the expectation under the same odds.
    """
    life = Life(made)
    beside = None
    if made.engine == "individuals":
        beside = expectation(life.world, life.world.recipe(life.world.start(life.begun.spread)))
    found = {"own": np.zeros((len(ACTS), len(STATES)))}
    found |= {"beside": np.zeros_like(found["own"])} if beside else {}
    for period in life.world.periods:
        odds = life.odds(period)
        got = life.step(period, odds, lambda _: None)
        found["own"] += got.acts.sum(axis=(0, 2)) * got.weight
        if beside:
            beside.renew(odds)
            for _ in range(period.weeks):
                beside.advance()
            found["beside"] += beside.lived().modes.sum(axis=(0, 2)) * got.weight
    life.close()
    return {name: _of_1000(cells) for name, cells in found.items()}


def _of_1000(cells: Floats) -> Floats:
    total = cells.sum(axis=-1, keepdims=True)
    return np.divide(1000.0 * cells, total, out=np.zeros_like(cells), where=total > 0)


def lived(kept: Path | None) -> dict[str, Floats]:
    """By ``scale/seed``, ``scale/seed/beside`` and ``expected/seed`` what :func:`ends` says."""
    pack = load_pack("dprk")
    known: dict[str, list[list[float]]] = json.loads(kept.read_text()) if kept and kept.exists() else {}
    usual = plan(pack, pack.scenario("history"))
    for scale, seeds in {"expected": max(SEEDS.values()), **SEEDS}.items():
        for seed in range(1, seeds + 1):
            name = f"{scale}/{seed}"
            if name not in known or (scale != "expected" and f"{name}/beside" not in known):
                engine = {"engine": "expected"} if scale == "expected" else {"scale": scale}
                found = ends(replace(usual, seed=seed, **engine))  # type: ignore[arg-type]
                known |= {name if of == "own" else f"{name}/{of}": cells.tolist() for of, cells in found.items()}
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


def parts(found: Mapping[str, Floats]) -> dict[float, Floats]:
    """By scale ``[seed, 3]``, of 1,000 intents of an act that is not permitted, the median over these acts: how many
    more persons give up out of caution than the expectation; of these by luck and the closure of news; and by what
    they taught their world. A median of sums is no sum of medians, so the three are medians of their own.
    """
    kinds = []
    for scale, seeds in SEEDS.items():
        each = []
        for seed in range(1, seeds + 1):
            own, beside = found[f"{scale}/{seed}"], found[f"{scale}/{seed}/beside"]
            other = found[f"expected/{seed}"]
            differ = np.stack([own - other, own - beside, beside - other])
            each.append(np.median(differ[:, ~SANCTIONED, CHILLED], axis=1))
        kinds.append((scale, np.stack(each)))
    return dict(kinds)


def parted(of: Mapping[float, Floats]) -> str:
    """The table of :func:`parts` in Markdown."""
    rows = [["scale", "seeds", "together", "under the same odds", "taught by luck"], ["---", "---:", *["---:"] * 3]]
    for scale, each in of.items():
        mean, error = each.mean(axis=0), each.std(axis=0, ddof=1) / np.sqrt(len(each))
        cells = [f"{m:+.2f} ± {e:.2f}" for m, e in zip(mean, error, strict=True)]
        rows.append([f"{scale:g}", f"{len(each)}", *cells])
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


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
    found = lived(reader.parse_args().json)
    text = f"{told(gaps(found))}\n\nGiven up out of caution, and why:\n\n{parted(parts(found))}"
    write(PAGE, BLOCK, text)
    print(text)


if __name__ == "__main__":
    main()
