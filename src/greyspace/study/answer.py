"""The answer in plain words, with its numbers and figures, written into a set of runs."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import polars as pl

from greyspace.contract import STATES
from greyspace.contract.axes import PUNISHED
from greyspace.country import ACTS
from greyspace.institutions import currency, shown
from greyspace.results import Results
from greyspace.results.sets import SetDraft
from greyspace.simulate import Plan
from greyspace.study import drivers
from greyspace.study.findings import Findings, Sighting, find
from greyspace.study.gates import GROUPS
from greyspace.study.jobs import Tell
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
    if found.without is not None and found.eras:
        draft.write("drivers.csv", _hangs_on(found, plans).write_csv())
    draft.write("answer.json", json.dumps(facts, indent=1, ensure_ascii=False) + "\n")
    return text


def _hangs_on(found: Findings, plans: Sequence[Plan]) -> pl.DataFrame:
    """For each change of journeys without a permit, the parameters with which it goes along over draws."""
    moved = drivers.moved(plans, len(found.eras), found.read)
    journey, rows = ACTS.index("journey_without_permit"), []
    for s, state in enumerate(STATES):
        changes = []
        for era in found.eras:
            a, b = (era[name].states[journey] for name in (found.baseline, found.without or ""))
            changes.append(float(1000.0 * (a[s] - b[s]) / b[PUNISHED:].sum()) if b[PUNISHED:].sum() > 0 else 0.0)
        told = drivers.strongest(found.pack.parameters, moved, changes)
        rows += [(found.baseline, ACTS[journey], state, *row) for row in told]
    return drivers.table(rows)


def say(found: Findings, facts: Mapping[str, Any]) -> str:
    """The answer in plain words, a paragraph a question."""
    paragraphs = (
        _opening(found, facts),
        _how_long(found, facts),
        _why(facts),
        _with_permit(facts),
        _without_permit(facts),
        _nation(facts),
        _bribes(found, facts),
        _innocent(facts),
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
        f"{found.since:%B %Y} on, first in {_first(found)}; how many there really were is uncertain. "
        f"In brackets: the 10th to 90th percentile over {drawn}."
    )


def _first(found: Findings) -> str:
    """The province that had the first gate, or the provinces that had one on the same day."""
    day = min(gate.installed for gate in found.pack.gates)
    names = {region.province: region.name.split(",")[0] for region in found.pack.regions}
    first = dict.fromkeys(names[gate.province] for gate in found.pack.gates if gate.installed == day)
    return " and ".join(first)


def _how_long(found: Findings, facts: Mapping[str, Any]) -> str:
    lines = ["How long did they live, and where?"]
    for name, gate in _groups(facts):
        months = gate["months_to_first_failure"]
        half = f"half had failed once after {months:.0f} months" if months else "more than half never failed"
        seen = (
            f"{_range(gate['working_when_seen'])} of {_range(gate['installed'])} still worked in {found.seen_on:%B %Y}"
        )
        lines.append(f"- {name}: {half}; {seen}; they did their work {_percent(gate['live_share'])} of all hours.")
    if found.sighting is not None:
        lines.append(_fit(found, found.sighting, facts))
    return "\n".join(lines)


def _fit(found: Findings, sighting: Sighting, facts: Mapping[str, Any]) -> str:
    if not sighting.within:
        return "- What lives and spare parts were fitted to lies after the end of this run and is not compared here."
    fitted, gates = facts["fitted"], facts["gates"]
    both, own = 100 * fitted["draws_with_both"], 100 * fitted["at_pack_values_with_both"]
    return (
        f"- This was fitted, not predicted: lives and spare parts are set so that by {found.seen_on:%B %Y} at most "
        f"{sighting.first_at_most:.0f} in {gates['first']['name']} and at least {sighting.capital_at_least:.0f} in "
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
        f"{live['turned_back']}, punished {live['punished']};\n"
        f"- by hand: passed {manual['passed']}, let off {manual['paid']}, turned back {manual['turned_back']}, "
        f"punished {manual['punished']}."
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
        f"Not begun because bribes would cost more than the journey is worth: {_signed(change['priced_out'])}; "
        f"given up out of caution (an assumption of the model): {_signed(change['chilled'])}."
    )


_KEEP = {
    "officers": "officers",
    "guards": "guards at the border",
    "superiors": "their superiors",
    "watchers": "those who look at the cameras",
    "brokers": "go-betweens",
    "state": "the state (confiscations and fines)",
}


def _bribes(found: Findings, facts: Mapping[str, Any]) -> str:
    told = facts["officers"]
    if not told["price"]["with"]:
        return ""
    money, own = shown(found.p, _mid(told["price"]["with"]), found.end), currency(found.pack)
    lines = [
        "What did they do to bribes?",
        f"- Of 1,000 travellers without a permit whom an officer caught, {_count(told['let_off_caught']['with'])} "
        "were let off for a bribe"
        + (
            f"; of 1,000 whom a gate had put on record, {_count(told['let_off_on_record']['with'])}."
            if told["let_off_on_record"]["with"]
            else "."
        ),
        f"- A bribe cost {_kg(told['price']['with'])} of rice on average ({money.own:,.0f} {own}, {money.dollars:.2f} "
        f"dollars, {money.months:.2f} months of what a family of four needs, at the prices of {found.end:%B %Y}); "
        f"asked of one and the same ordinary household, unwatched, {_kg(told['fixed_price']['with'])}.",
        "- Of all that was paid to officers of every kind, for whatever act, there ended up with "
        + ", ".join(f"{word} {_share(told[f'received_{who}']['with'])}" for who, word in _KEEP.items())
        + ".",
    ]
    if "against" in facts and told["price"]["change"]:
        lines.append(
            f"- Against '{facts['against']}': {_signed(told['bribes']['change'])} bribes per 1,000 journeys begun "
            f"without a permit; the mean price {_signed(told['price']['change'], 2)} kg, that for the same household "
            f"{_signed(told['fixed_price']['change'], 2)} kg."
        )
    return "\n".join(lines)


def _innocent(facts: Mapping[str, Any]) -> str:
    told = facts["officers"]
    if not told["held_up"]["with"]:
        return ""
    lines = [
        "And to people who had done nothing?",
        f"- An officer whom travellers meet had {_kg(told['taken']['with'])} of bribes a month and lacked "
        f"{_kg(told['short']['with'])} of "
        "what his superiors asked. What is lacking is made up by holding up innocent people: "
        f"{_count(told['held_up']['with'])} had to pay for every 1,000 journeys made with a permit.",
    ]
    if "against" in facts:
        lines.append(f"- Against '{facts['against']}' that is {_signed(told['held_up']['change'])} per 1,000.")
    return "\n".join(lines)


def _caveats(facts: Mapping[str, Any]) -> str:
    evidence = facts["evidence"]
    told = ", ".join(f"{evidence[kind]} {kind}" for kind in ("sourced", "derived", "assumed"))
    return (
        f"What this rests on: {told} parameters that these runs read ('greyspace evidence list'). How much is "
        "demanded of officers is assumed, and nobody has counted travellers. All of it is said of "
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


def _over(cell: Mapping[str, Any]) -> dict[str, float]:
    """Low, middle and high over draws, or else over the seeds."""
    if cell["draws"]:
        return dict(cell["draws"])
    return {"low": min(cell["seeds"]), "mid": float(np.median(cell["seeds"])), "high": max(cell["seeds"])}


def _mid(cell: Mapping[str, Any]) -> float:
    return _over(cell)["mid"]


def _of(row: Mapping[str, Any], name: str) -> str:
    """A number per thousand: over draws, or else over the seeds."""
    return _range(_over(row[name]))


def _count(cell: Mapping[str, Any]) -> str:
    return _range(_over(cell))


def _kg(cell: Mapping[str, Any]) -> str:
    over = _over(cell)
    return f"{over['mid']:.1f} kg [{over['low']:.1f} to {over['high']:.1f}]"


def _share(cell: Mapping[str, Any]) -> str:
    return _percent(_over(cell))


def _signed(cell: Mapping[str, Any], digits: int = 1) -> str:
    """A difference with its range over draws, and then over seeds."""
    seeds = [_plus(of(cell["seeds"]), digits) for of in (min, max)] if cell["seeds"] else []
    told = f"over seeds {' to '.join(seeds)}" if seeds else ""
    if not cell["draws"]:
        return f"{_plus(float(np.median(cell['seeds'])), digits)} [{told}]"
    low, mid, high = (_plus(cell["draws"][name], digits) for name in ("low", "mid", "high"))
    return f"{mid} [{low} to {high}{'; ' if told else ''}{told}]"


def _plus(value: float, digits: int) -> str:
    """A difference with its sign, but for nothing.

    >>> _plus(-1.25, 1), _plus(0.31, 1), _plus(-0.004, 2)
    ('-1.2', '+0.3', '0.00')
    """
    words = f"{value:+.{digits}f}"
    return words if float(words) else words[1:]
