"""The answer in plain words, with its numbers and figures, written into a set of runs."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from greyspace.results import Results
from greyspace.results.sets import SetDraft
from greyspace.simulate import Plan
from greyspace.study.findings import Findings, Tell, find
from greyspace.study.gates import GROUPS
from greyspace.study.numbers import numbers
from greyspace.study.pictures import draw

_CAUSES = {
    "waiting_for_spare": "broken, waiting for a spare part",
    "in_repair": "broken, in repair or not yet reported",
    "not_linked": "without a link to the register",
    "no_power": "without power",
}
_LIMITS = {"power": "electricity", "network": "the network", "spares": "spare parts"}
_NO_GATES = (
    "Under the first scenario no gate with face recognition is installed in this time: there is nothing to tell."
)


def write(draft: SetDraft, plans: Sequence[Plan], runs: Sequence[Results], draws: int, workers: int, tell: Tell) -> str:
    """Work out the answer to the runs; write it, its numbers and its figures into the set; return the text."""
    found = find(plans, runs, draws, workers, tell)
    if found is None:
        draft.write("answer.md", f"{_NO_GATES}\n")
        draft.write("answer.json", "{}\n")
        return _NO_GATES
    facts = numbers(found)
    text = say(found, facts)
    tell("figures", 0, 1)
    captions = draw(found, draft.figures)
    figures = "\n\n".join(f"![{caption}](figures/{stem}.png)\n\n*{caption}*" for stem, caption in captions)
    tell("figures", 1, 1)
    draft.write("answer.md", f"{text}\n\n{figures}\n")
    draft.write("answer.json", json.dumps(facts, indent=1, ensure_ascii=False) + "\n")
    return text


def say(found: Findings, facts: Mapping[str, Any]) -> str:
    """The answer in plain words, a paragraph a question."""
    paragraphs = (
        _opening(found, facts),
        _how_long(found, facts),
        _why(facts),
        _with_permit(facts),
        _without_permit(facts),
        _nation(facts),
        _caveats(facts),
    )
    return "\n\n".join(paragraph for paragraph in paragraphs if paragraph)


def _groups(facts: Mapping[str, Any]) -> list[tuple[str, Mapping[str, Any]]]:
    """The groups of gates that exist, by the name to begin a line with."""
    gates = facts["gates"]
    return [
        (gates[g]["name"][:1].upper() + gates[g]["name"][1:], gates[g]) for g in GROUPS if gates[g]["installed"]["high"]
    ]


def _opening(found: Findings, facts: Mapping[str, Any]) -> str:
    gates = facts["gates"]
    total = sum(gates[group]["installed"]["mid"] for group in GROUPS)
    drawn = f"{facts['gate_draws']} draws of the uncertain parameters"
    if facts["journey_draws"]:
        drawn += f" for the gates and {facts['journey_draws']} for journeys"
    return (
        f"Gates with face recognition stood at about {total:.0f} railway stations of this model from "
        f"{found.since:%B %Y} on, first in {_groups(facts)[0][0]}; how many there really were is uncertain. "
        f"In brackets: the 10th to 90th percentile over {drawn}."
    )


def _how_long(found: Findings, facts: Mapping[str, Any]) -> str:
    lines = ["How long did they live, and where?"]
    for name, gate in _groups(facts):
        months = gate["months_to_first_failure"]
        half = f"half had failed once after {months:.0f} months" if months else "more than half never failed"
        seen = (
            f"{_range(gate['working_when_seen'])} of {_range(gate['installed'])} still worked in {found.seen_on:%B %Y}"
        )
        lines.append(f"- {name}: {half}; {seen}; they did their work {_percent(gate['live_share'])} of all hours.")
    lines.append(_fit(found, facts))
    return "\n".join(lines)


def _fit(found: Findings, facts: Mapping[str, Any]) -> str:
    if not found.fit_checked:
        return "- What lives and spare parts were fitted to lies after the end of this run and is not compared here."
    fitted, gates = facts["fitted"], facts["gates"]
    both, own = 100 * fitted["draws_with_both"], 100 * fitted["at_pack_values_with_both"]
    return (
        f"- This was fitted, not predicted: lives and spare parts are set so that by {found.seen_on:%B %Y} at most "
        f"{found.first_at_most:.0f} in {gates['first']['name']} and at least {found.capital_at_least:.0f} in "
        f"{gates['capital']['name']} work, as reported. Both come out in {both:.0f}% of the draws, and in {own:.0f}% "
        "of the seeds at the pack's own values."
    )


def _why(facts: Mapping[str, Any]) -> str:
    lines = ["Why did they stop?"]
    for name, gate in _groups(facts):
        lost = sorted(gate["lost_to"].items(), key=lambda item: -item[1]["mid"])
        words = ", ".join(f"{_CAUSES[cause]} {_percent(spread)}" for cause, spread in lost if spread["high"] >= 0.005)
        lines.append(f"- {name}, of gate-time: {words}.")
    limits = facts["limits"]
    order = sorted(limits["shapley"].items(), key=lambda item: -item[1]["mid"])
    shares = ", ".join(f"{_LIMITS[limit]} {_points(spread)}" for limit, spread in order)
    most = sorted(limits["mattered_most"].items(), key=lambda item: -item[1])
    ranks = ", ".join(f"{_LIMITS[limit]} in {100 * share:.0f}%" for limit, share in most)
    lines.append(
        "- Which limit mattered most: with all three in force gates did their work "
        f"{_percent(limits['live_with_all'])} of the time, with none {_percent(limits['live_with_none'])}. "
        f"Shapley shares of that gain, in percentage points: {shares}. First came {ranks} of the draws."
    )
    return "\n".join(lines)


def _with_permit(facts: Mapping[str, Any]) -> str:
    at = facts["at_the_gate"]["permit"]
    if not at["live"]:
        return ""
    live, manual = ({name: _of(row, name) for name in row} for row in (at["live"], at["manual"]))
    return (
        "What did they do to those who travelled while they lived? Of 1,000 inspections of travellers with a permit,\n"
        f"- at a working gate: kept at the exception desk and let go {live['held_in_error']}, "
        f"made to pay {live['paid']}, turned back {live['turned_back']}; {live['recorded']} left a record;\n"
        f"- by hand: kept {manual['held_in_error']}, made to pay {manual['paid']}, "
        f"turned back {manual['turned_back']}; {manual['recorded']} left a record."
    )


def _without_permit(facts: Mapping[str, Any]) -> str:
    at = facts["at_the_gate"]["none"]
    if not at["live"]:
        return ""
    live, manual = ({name: _of(row, name) for name in row} for row in (at["live"], at["manual"]))
    return (
        "Of 1,000 inspections of travellers without a permit,\n"
        f"- at a working gate: passed {live['passed']}, let off for a bribe {live['paid']}, turned back "
        f"{live['turned_back']}, penalised {live['penalised']};\n"
        f"- by hand: passed {manual['passed']}, let off {manual['paid']}, turned back {manual['turned_back']}, "
        f"penalised {manual['penalised']}."
    )


def _nation(facts: Mapping[str, Any]) -> str:
    if "difference_per_1000_begun" not in facts:
        return ""
    change = facts["difference_per_1000_begun"]["journey_without_permit"]
    words = {
        "free_unseen": "free and unseen",
        "free_recorded": "free but recorded",
        "paid": "paid for",
        "turned_back": "turned back",
        "punished": "punished",
    }
    listed = ", ".join(f"{word} {_signed(change[state])}" for state, word in words.items())
    return (
        f"In the whole country, against '{facts['against']}', per 1,000 journeys begun without a permit: {listed}. "
        f"Given up out of caution (an assumption of the model): {_signed(change['chilled'])}."
    )


def _caveats(facts: Mapping[str, Any]) -> str:
    evidence = facts["evidence"]
    told = ", ".join(f"{evidence[kind]} {kind}" for kind in ("sourced", "derived", "assumed"))
    return (
        f"What this rests on: {told} parameters that these runs read ('greyspace evidence list'). How lenient officers "
        "are is fixed here, prices are not in these runs yet, and nobody has counted travellers. All of it is said of "
        "a model under stated conditions; none of it is a measurement of a country."
    )


def _range(spread: Mapping[str, float]) -> str:
    """A count with its range.

    >>> _range({"low": 3.0, "mid": 5.0, "high": 9.0}), _range({"low": 4.0, "mid": 4.0, "high": 4.0})
    ('5 [3 to 9]', '4')
    """
    low, mid, high = (f"{spread[name]:.0f}" for name in ("low", "mid", "high"))
    return mid if low == high else f"{mid} [{low} to {high}]"


def _percent(spread: Mapping[str, float]) -> str:
    return f"{100 * spread['mid']:.0f}% [{100 * spread['low']:.0f} to {100 * spread['high']:.0f}]"


def _points(spread: Mapping[str, float]) -> str:
    return f"{100 * spread['mid']:.0f} [{100 * spread['low']:.0f} to {100 * spread['high']:.0f}]"


def _of(row: Mapping[str, Any], name: str) -> str:
    """A number per thousand: over draws, or else over the seeds."""
    cell = row[name]
    if cell["draws"]:
        return _range(cell["draws"])
    return _range({"low": min(cell["seeds"]), "mid": float(np.median(cell["seeds"])), "high": max(cell["seeds"])})


def _signed(cell: Mapping[str, Any]) -> str:
    """A difference with its range over draws, and then over seeds."""
    seeds = f"{min(cell['seeds']):+.1f} to {max(cell['seeds']):+.1f}"
    if not cell["draws"]:
        return f"{np.median(cell['seeds']):+.1f} [over seeds {seeds}]"
    d = cell["draws"]
    return f"{d['mid']:+.1f} [{d['low']:+.1f} to {d['high']:+.1f}; over seeds {seeds}]"
