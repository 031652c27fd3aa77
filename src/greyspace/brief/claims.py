"""Verdicts on claims in words, and the page that shows all of them."""

import html
from collections.abc import Mapping, Sequence
from typing import Any

from matplotlib.figure import Figure

from greyspace.brief.html import in_paragraphs, svg_of
from greyspace.figures import claims as figure_of
from greyspace.figures.readings import number
from greyspace.study.claims import LABELS, Book, Claim, Test
from greyspace.study.verdicts import OUTCOMES

Told = Mapping[str, Any]
"""What ``study.verdicts`` says of one claim."""


def in_short(told: Told) -> str:
    """The verdict in a few words.

    >>> in_short({"outcome": "held", "share": {"holds": 30, "of": 32}})
    'held in 30 of 32 draws'
    """
    share = told.get("share")
    if told["outcome"] == "not expressible":
        return "not expressible"
    if share is None:
        return "built-in"
    if not share["of"]:
        return f"{told['outcome']}: no draw says anything"
    seen = f"{share['holds']} of {share['of']} draws"
    return {
        "held": f"held in {seen}",
        "did not hold": f"did not hold: holds in {seen}",
        "undecided": f"undecided: holds in {seen}",
        "built-in": f"built-in; holds in {seen}",
    }[told["outcome"]]


def share_of(told: Told) -> str:
    """The share of draws with its interval, and what the others say."""
    share = told["share"]
    if not share["of"]:
        return "No draw of this model says anything: there was nothing to measure."
    low, high = (f"{100 * end:.0f}" for end in share["interval"])
    others = []
    if share["contrary"]:
        others.append(f"{share['contrary']} say the contrary")
    if share["neither"]:
        others.append(f"{share['neither']} show less than the least effect that counts")
    if share["unsaid"]:
        others.append(f"{share['unsaid']} more have nothing to measure")
    rest = f"; {', '.join(others)}" if others else ""
    return (
        f"In {share['holds']} of {share['of']} draws of this model (share {100 * share['holds'] / share['of']:.0f}%, "
        f"interval {low} to {high}%){rest}."
    )


def declaration(book: Book, claim: Claim) -> list[str]:
    """How a claim is put to the model, in words: a sentence or two each."""
    lines = [f"Label: {claim.standing} ({LABELS[claim.standing]}). {claim.because}"]
    lines += [f"- {test_of(_declared(test))}." for test in claim.tests]
    for arm in claim.arms():
        lines.append(f"- `{arm}`: {book.arms[arm].says}; {book.windows[book.arms[arm].window].says}.")
    if claim.counts_against:
        lines.append(f"Against it would count: {claim.counts_against}.")
    if claim.rival:
        replaced = ", ".join(f"`{new}` for `{old}`" for old, new in claim.rival.replaces.items())
        lines.append(f"Rival: {claim.rival.says} Run with {replaced}.")
    if claim.contradicts:
        lines.append(f"It contradicts {claim.contradicts}; both are run.")
    return lines


def _declared(test: Test) -> Told:
    names = ("quantity", "design", "direction", "least", "against", "unit")
    return {name: getattr(test, name) for name in names} | {"arms": test.arms}


def test_of(test: Told) -> str:
    """What one test compares, and which effect counts."""
    arms = [f"`{arm}`" for arm in test["arms"]]
    if test["design"] == "one arm":
        what = f"{arms[0]}, against {against_what(test['against'])}"
    elif test["design"] == "factorial":
        a, b, c, d = arms
        what = f"from {c} to {d}, less that from {a} to {b}"
    else:
        what = f"from {' to '.join(arms)}"
    if test["least"] < 0:
        other = "fall" if test["direction"] == "up" else "rise"
        least = f"a {other} of more than {said(-test['least'])} counts against"
    elif test["design"] == "one arm":
        bound = "at least" if test["direction"] == "up" else "at most"
        beyond = f" by {said(test['least'])}" if test["least"] else ""
        least = f"{bound} that{beyond} counts"
    else:
        least = f"{test['direction']} by at least {said(test['least'])} counts"
    return f"`{test['quantity']}`: {what}; {least} ({test['unit']})"


def against_what(bound: float | str) -> str:
    """A number, or another quantity."""
    return f"`{bound}`" if isinstance(bound, str) else said(bound)


def effect_of(test: Told) -> str:
    """The effect at the pack's values and its range over draws; of one arm, how far it lies from its bound."""
    spread, own = test["spread"], test["own"]
    at = "nothing to measure" if own is None else said(own, sign=True)
    if spread is None:
        return at
    low, mid, high = (said(x, sign=True) for x in spread)
    away = f" away from {against_what(test['against'])}" if test["design"] == "one arm" else ""
    return f"{mid} [{low} to {high}]{away}; at the pack's values {at}"


def said(value: float, sign: bool = False) -> str:
    """Three digits, with a real minus.

    >>> said(-0.01234, sign=True), said(1234.5)
    ('−0.0123', '1234')
    """
    size = abs(value)
    digits = 0 if size >= 100 else 1 if size >= 10 else 2 if size >= 1 else 4
    text = number(value, digits, sign)
    return text.rstrip("0").rstrip(".") if "." in text else text


def decides(told: Told) -> str:
    """Which parameters decide it, with the grade of what is known of them."""
    found = told.get("decides") or []
    if told.get("same_in_all_draws"):
        return "It comes out the same in every draw: no uncertain number moves it."
    if not found:
        return ""
    sure = [each for each in found if each["beyond_chance"]]
    words = ", ".join(
        f"`{each['parameter']}` ({number(each['correlation'], 2, True)}; {each['grade']})"
        for each in (sure or found[:1])
    )
    if sure:
        return f"Decided most by {words}."
    return f"With so few draws no single parameter stands out from chance; the largest correlation is that of {words}."


def under(told: Told) -> str:
    """What becomes of it under the alternative structures."""
    structures = told.get("structures")
    if not structures:
        return ""
    own = 2 * told["share"]["holds"] > told["share"]["of"]
    turned = [s["says"] for s in structures.values() if s["of"] and (2 * s["holds"] > s["of"]) != own]
    draws = max(s["of"] for s in structures.values())
    tried = f"{len(structures)} alternative structures, {draws} draw{'s' if draws != 1 else ''} each"
    if not turned:
        return f"The same under all of {tried}."
    return f"Of {tried}, it comes out otherwise under {len(turned)}: {'; '.join(turned)}."


def against(told: Told) -> str:
    """What the rival mechanism gives."""
    rival = told.get("rival")
    if not rival or not rival["of"]:
        return ""
    return f"Rival: {rival['says']} With that in its place it holds in {rival['holds']} of {rival['of']} draws."


def one_by_one(told: Told) -> str:
    """Whether individual runs confirm it."""
    seeds = told.get("individuals")
    if not seeds or not (seeds["of"] or seeds["unsaid"]):
        return ""
    verbs = {
        "holds": ("holds", "hold"),
        "contrary": ("says the contrary", "say the contrary"),
        "neither": ("shows too little", "show too little"),
    }
    words = (
        ", ".join(f"{seeds[name]} {verb[seeds[name] > 1]}" for name, verb in verbs.items() if seeds[name])
        or "nothing to measure"
    )
    expected = told["at_pack_values"] or "unsaid"
    number = seeds["of"] + seeds["unsaid"]
    return (
        f"Person by person at the pack's own values, {number} seed{'s' if number > 1 else ''}: {words}; "
        f"by expectation at these values: {expected}."
    )


def paragraphs(told: Told) -> list[str]:
    """All that is told of a claim after its words: a sentence or two each."""
    lines = [f"Label: {told['label']} ({LABELS[told['label']]}). {told['because']}"]
    if told.get("share") is None:
        return lines
    lines.append(share_of(told))
    lines += [f"{test_of(test)}. Effect: {effect_of(test)}." for test in told["tests"]]
    lines += [each for each in (decides(told), *beside(told)) if each]
    lines.append(f"Against it would count: {told['counts_against']}.")
    return lines


def beside(told: Told) -> list[str]:
    """What other structures, the rival mechanism and individual runs say: a sentence or two each."""
    return [each for each in (under(told), against(told), one_by_one(told)) if each]


# -- the page


def count_outcomes(found: Mapping[str, Told]) -> dict[str, int]:
    """How many claims came to what."""
    outcomes = [told["outcome"] for told in found.values()]
    return {name: outcomes.count(name) for name in OUTCOMES}


def opening(about: Told, found: Mapping[str, Told]) -> list[str]:
    """What the page is, how to read it, and what it rests on."""
    counted = count_outcomes(found)
    read = about["evidence_read"]
    of = sum(read.values())
    return [
        f"Each claim of the two documents of 2024 as an experiment in a model of {about['title']}: what it compares, "
        "how large an effect would count, and what would count against it was written down, and hashed, before it was "
        "run. "
        f"{len(found)} claims: {', '.join(f'{n} {name}' for name, n in counted.items())}.",
        f"'In 30 of 32 draws' means: all uncertain numbers of the model were drawn {about['draws']} times from their "
        "ranges, and the claim held so often. It says how far the claim follows from what the model takes for true, "
        "and is no probability that the world is so. 'Held' and 'did not hold' are said where the interval of that "
        "share lies on one side of one half; else it is undecided. A claim that failed here may be true of the "
        "country, and one that held may be false: the model shows what follows from its parts.",
        f"Of the {of} parameters that the histories read, {read['sourced']} stand in a source, {read['derived']} are "
        f"derived from sources, {read['assumed']} are assumed and {read['lever']} are levers.",
    ]


def table_of(found: Mapping[str, Told]) -> list[tuple[str, ...]]:
    """A row a claim: id, words, label, verdict, effect of the first test, what decides it."""
    rows: list[tuple[str, ...]] = []
    for name, told in found.items():
        tests = told["tests"]
        sure = [each for each in told.get("decides") or [] if each["beyond_chance"]]
        rows.append(
            (
                name,
                told["says"],
                told["label"],
                in_short(told),
                f"{effect_of(tests[0])} ({tests[0]['unit']})" if tests else "",
                ", ".join(f"{each['parameter']} ({each['grade']})" for each in sure),
            )
        )
    return rows


HEADS = ("id", "claim", "label", "verdict", "effect of the first test", "decided most by (grade)")


def picture(about: Told, found: Mapping[str, Told]) -> Figure | None:
    """The shares of all claims that were run; None where none was."""
    rows = [
        figure_of.Row(
            name,
            told["says"],
            told["outcome"],
            told["share"]["holds"] / told["share"]["of"],
            told["share"]["interval"][0],
            told["share"]["interval"][1],
            tuple(s["holds"] / s["of"] for s in (told.get("structures") or {}).values() if s["of"]),
        )
        for name, told in found.items()
        if told.get("share") and told["share"]["of"]
    ]
    if not rows:
        return None
    what = "an invented country" if about["stylised"] else "invented persons; conditional on a model, not a measurement"
    return figure_of.shares(
        rows,
        "Claims of the two documents in draws of the model",
        f"{about['title']}. In how many of {about['draws']} draws of all uncertain parameters a claim holds. Right of "
        "the line: in more than half. A share of draws is no probability of anything in the world.",
        f"greyspace {about['greyspace']}, country pack {about['country']} ({about['pack_hash'][:8]}): {what}. "
        f"Structures: {about['structure_draws']} draws each.",
    )


def page(verdicts: Told, current: Mapping[str, str]) -> str:
    """All verdicts as one page of HTML that needs no other file. ``current``: the hashes as they are declared now."""
    about, found = verdicts["about"], verdicts["claims"]
    drawn = picture(about, found)
    parts = [f"<h1>Claims, run</h1>{in_paragraphs(opening(about, found))}"]
    if drawn is not None:
        parts.append(f"<figure>{svg_of(drawn)}</figure>")
    parts.append(f"<h2>All claims</h2>{_table(table_of(found))}")
    pairs = [(name, told["contradicts"]) for name, told in found.items() if told["contradicts"] in found]
    if pairs:
        words = [
            f"{a} (“{found[a]['says']}”) and {b} (“{found[b]['says']}”) contradict each other: "
            f"{a} {in_short(found[a])}; {b} {in_short(found[b])}."
            for a, b in dict.fromkeys(tuple(sorted(pair)) for pair in pairs)
        ]
        parts.append(f"<h2>Where the documents contradict each other</h2>{in_paragraphs(words)}")
    parts.append("<h2>One by one</h2>")
    parts += [_section(name, told, current) for name, told in found.items()]
    return f"<!doctype html>\n<html lang=en><meta charset=utf-8><title>Claims, run</title><style>{_STYLE}</style>\n" + (
        "\n".join(parts) + "\n</html>\n"
    )


def _section(name: str, told: Told, current: Mapping[str, str]) -> str:
    lines = paragraphs(told)
    if name in current and current[name] != told["declared"]:
        lines.insert(0, "Declared otherwise since this was run: run it again.")
    declared = f"Declared as {told['declared']}, {told['draws']} draws."
    source = html.escape(f"{told['source']}, {told['where']}")
    return (
        f"<section id={name}><h3>{name} <small>{html.escape(in_short(told))}</small></h3>"
        f"<p><b>{html.escape(told['says'])}</b> <small>{source}</small></p>"
        f"{in_paragraphs([*lines, declared])}</section>"
    )


def _table(rows: Sequence[Sequence[str]]) -> str:
    head = "".join(f"<th>{html.escape(name)}</th>" for name in HEADS)
    body = "".join(
        "<tr>"
        + f'<td><a href="#{row[0]}">{row[0]}</a></td>'
        + "".join(f"<td>{html.escape(cell)}</td>" for cell in row[1:])
        + "</tr>"
        for row in rows
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


_STYLE = """\
body{font:15px/1.5 system-ui,sans-serif;color:#1a1a1a;max-width:62rem;margin:2rem auto;padding:0 1rem}
h1{font-size:1.7rem}h2{margin-top:2.5rem}h3 small{font-weight:normal;color:#5c5c5c}
table{border-collapse:collapse;font-size:13px}td,th{border-bottom:1px solid #d9d9d9;padding:.35rem .5rem;
text-align:left;vertical-align:top}td:first-child{white-space:nowrap}
section{border-top:1px solid #d9d9d9}figure{margin:1.5rem 0}
svg{max-width:100%;height:auto}code{background:#f3f3f3;font-size:.9em}"""
