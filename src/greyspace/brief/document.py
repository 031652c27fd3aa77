"""A brief: what a set of runs, the verdicts on claims, or a study came to, as one page to read and to print.

It says what was found, shows the figures, names the assumptions that decide, and says how to cite it. It needs no other
file and no network.
"""

import html
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from greyspace import __version__
from greyspace.brief import claims
from greyspace.brief.html import drawn, in_paragraphs, prose, svg_of, table
from greyspace.country import Pack
from greyspace.evidence import Parameter, counts

WHAT_IT_IS = (
    "All of this is said of a model on an invented population: it shows what follows if the model's numbers hold, and "
    "most of them are guesses. It is no measurement of a country and no forecast. Nobody in it is real, and nothing in "
    "it can be used to find or watch anybody."
)
"""Stands on the first page of every brief."""

_MOST, _IF_UNSURE = 20, 8
"""Parameters that are listed at most; so many where none stands out from chance."""


@dataclass(frozen=True)
class Drawing:
    """A figure: the text of its SVG, and its caption."""

    svg: str
    caption: str


@dataclass(frozen=True)
class Part:
    """One thing that the brief is about. ``findings`` and ``tables`` are HTML; ``decide``: ids of parameters, the most
    important first, and why they are named; ``cite``: what to name besides the program.
    """

    title: str
    findings: str
    figures: tuple[Drawing, ...]
    tables: str
    decide: tuple[str, ...]
    why_these: str
    made: str
    cite: str
    pack: Pack | None
    pack_hash: str


def of_set(
    manifest: Mapping[str, Any],
    answer: str,
    figures: Sequence[Drawing],
    drivers: Sequence[Mapping[str, str]],
    pack: Pack | None,
    pack_hash: str,
) -> Part:
    """A set of runs: its answer as it was printed, its figures, and the parameters its changes go along with."""
    sure = [row for row in drivers if row["beyond_chance"] == "true"]
    chosen = sorted(sure or drivers, key=lambda row: -abs(float(row["correlation"])))
    why = (
        "with which the changes go along over draws further than by chance"
        if sure
        else "with which the changes go along most over draws; none stands out from chance"
    )
    return Part(
        title=str(manifest["title"]),
        findings=prose(answer),
        figures=tuple(figures),
        tables="",
        decide=tuple(dict.fromkeys(row["parameter"] for row in chosen))[: _MOST if sure else _IF_UNSURE],
        why_these=why,
        made=f"{len(manifest['runs'])} runs, made by: {manifest['command']}",
        cite=f"set {manifest['set_id']}",
        pack=pack,
        pack_hash=pack_hash,
    )


def of_claims(verdicts: claims.Told, pack: Pack | None) -> Part:
    """The verdicts on claims: all in a table, with what decides them."""
    about, found = verdicts["about"], verdicts["claims"]
    figure = claims.picture(about, found)
    deciding: dict[str, int] = {}
    for told in found.values():
        for each in told.get("decides") or []:
            if each["beyond_chance"]:
                deciding[each["parameter"]] = deciding.get(each["parameter"], 0) + 1
    shown = () if figure is None else (Drawing(svg_of(figure), "Shares of draws in which each claim holds."),)
    return Part(
        title=f"Claims of two documents of 2024, put to a model of {about['title']}",
        findings=in_paragraphs(claims.opening(about, found)),
        figures=shown,
        tables=table(claims.HEADS, claims.table_of(found)),
        decide=tuple(sorted(deciding, key=lambda key: (-deciding[key], key))),
        why_these="that decide most claims",
        made=f"{len(found)} claims in {about['draws']} draws of all uncertain parameters, by: greyspace claims run",
        cite="the claims by their ids, with the hash of each declaration",
        pack=pack,
        pack_hash=str(about["pack_hash"]),
    )


def of_study(
    about: Mapping[str, Any], figures: Sequence[Drawing], quantiles: Sequence[Mapping[str, str]], pack: Pack | None
) -> Part:
    """A study: its figures, and its quantiles in the last year."""
    last = max((row["year"] for row in quantiles), default="")
    rows = [row for row in quantiles if row["year"] == last]
    heads = list(rows[0]) if rows else []
    said = [str(about["sentence"])] if about.get("sentence") else []
    found = [line for measure in dict.fromkeys(row["measure"] for row in rows) if (line := _outcome(measure, rows))]
    if found:
        said += [
            f"In {last}, the median over draws of all uncertain parameters, and in brackets where eight of ten lie:",
            *found,
        ]
    if rows:
        said.append(f"The table has all of {last}: ranges over draws and structures apart from those over luck.")
    return Part(
        title=str(about["title"]),
        findings=in_paragraphs(said),
        figures=tuple(figures),
        tables=table(heads, [[_short(row[name]) for name in heads] for row in rows]) if rows else "",
        decide=(),
        why_these="",
        made=f"made by: {about['command']}",
        cite=f"study {about['study_id']}",
        pack=pack,
        pack_hash=str(about.get("pack_hash", "")),
    )


def _outcome(measure: str, rows: Sequence[Mapping[str, str]]) -> str:
    """What a measure came to in each scenario over draws; empty where nothing was drawn."""
    own = [row for row in rows if row["measure"] == measure and row.get("over") == "draws" and row["p50"]]
    if not own:
        return ""
    each = [f"{row['scenario']} {_short(row['p50'])} [{_short(row['p10'])} to {_short(row['p90'])}]" for row in own]
    return f"{_large(own[0]['says'])} ({own[0]['unit']}): {'; '.join(each)}."


def study_captions(quantiles: Sequence[Mapping[str, str]]) -> dict[str, str]:
    """By stem, the captions of the figures of a study.

    >>> study_captions([{"measure": "leads", "says": "followed up", "unit": "a year"}])
    {'fan_leads': 'Followed up (a year), by year and scenario.'}
    """
    told = {row["measure"]: row for row in quantiles if row.get("says")}
    return {
        f"fan_{measure}": f"{_large(row['says'])} ({row['unit']}), by year and scenario."
        for measure, row in told.items()
    }


def _large(text: str) -> str:
    return text[:1].upper() + text[1:]


def captions(answer_page: str) -> dict[str, str]:
    """By stem, the captions of the figures of an answer as it is written into a set.

    >>> captions("![What *it* shows.](figures/gates.png)")
    {'gates': 'What *it* shows.'}
    """
    found = re.findall(r"!\[(.*?)\]\(figures/([^()]+)\.png\)", answer_page, flags=re.DOTALL)
    return {stem: " ".join(caption.split()) for caption, stem in found}


def page(parts: Sequence[Part]) -> str:
    """The whole brief as one page of HTML."""
    title = parts[0].title if len(parts) == 1 else "A brief on surveillance and its limits, in a model"
    body = [f"<h1>{html.escape(title)}</h1>", f'<p class="note">{html.escape(WHAT_IT_IS)}</p>']
    if len(parts) > 1:
        listed = "".join(f'<li><a href="#part-{n}">{html.escape(part.title)}</a></li>' for n, part in enumerate(parts))
        body.append(f"<nav><ol>{listed}</ol></nav>")
    number = 0
    for n, part in enumerate(parts):
        own = f"<h1>{html.escape(part.title)}</h1>" if len(parts) > 1 else ""
        body.append(f'<section class="part" id="part-{n}">{own}')
        body.append(f"<h2>What came out</h2>{part.findings}" if part.findings else "")
        for figure in part.figures:
            number += 1
            body.append(drawn(figure.svg, number, f"Figure {number}. {figure.caption}"))
        body.append(f"<h2>In a table</h2>{part.tables}" if part.tables else "")
        body.append(_rests_on(part))
        body.append(_cite(part))
        body.append("</section>")
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width"><title>{html.escape(title)}</title>'
        f"<style>{_STYLE}</style></head>\n<body>\n" + "\n".join(filter(None, body)) + "\n</body></html>\n"
    )


def _rests_on(part: Part) -> str:
    """What is assumed: how much of the pack, and what of it decides."""
    if part.pack is None:
        return "<h2>What it rests on</h2>" + in_paragraphs(
            ["The country pack of this is not here: what is assumed in it cannot be listed."]
        )
    of = counts(part.pack.parameters)
    lines = [
        f"Of the {sum(of.values())} parameters of the country pack {part.pack.id}, {of['sourced']} stand in a source "
        f"as they are, {of['derived']} are derived from sources, {of['assumed']} are assumed, and {of['lever']} are "
        "levers. Each of them, with its evidence or why it is assumed, is told by `greyspace evidence show`."
    ]
    if part.pack_hash and part.pack.content_hash != part.pack_hash:
        lines.append("The pack has changed since this was made: what is said of it here is its state now.")
    known = [key for key in part.decide if key in part.pack.parameters][:_MOST]
    made = f"<h2>What it rests on</h2>{in_paragraphs(lines)}"
    if known:
        rows = [_assumption(part.pack.parameters[key]) for key in known]
        said = f"<p>Parameters {html.escape(part.why_these)}:</p>"
        made += said + table(("parameter", "value and range", "how it is known", "what it rests on"), rows)
        made += _sources(part.pack, known)
    return made


def _assumption(parameter: Parameter) -> tuple[str, str, str, str]:
    value = "by date" if parameter.values else str(parameter.value)
    spread = parameter.distribution
    if spread is not None:
        low, high = getattr(spread, "low", None), getattr(spread, "high", None)
        value += f" ({low:g} to {high:g})" if low is not None and high is not None else ", one of several"
    grades = ", ".join(dict.fromkeys(each.grade for each in parameter.evidence))
    known = parameter.grounds + (f", {grades}" if grades else "")
    rests = parameter.why or parameter.derivation or "; ".join(each.says for each in parameter.evidence)
    return f"{parameter.id}: {parameter.description}", f"{value} {parameter.unit}", known, rests


def _sources(pack: Pack, keys: Sequence[str]) -> str:
    """The sources of these parameters, each once."""
    ids = dict.fromkeys(each.source for key in keys for each in pack.parameters[key].evidence)
    rows = [pack.sources[name] for name in ids if name in pack.sources]
    if not rows:
        return ""
    listed = "".join(
        f"<li>{html.escape(f'{s.author}: {s.title}. {s.publisher}, {s.date}')}"
        + (f" {html.escape(s.url)}" if s.url else "")
        + "</li>"
        for s in rows
    )
    return f"<h3>Sources of these</h3><ul>{listed}</ul>"


def _cite(part: Part) -> str:
    pack = f", country pack {part.pack.id} ({part.pack_hash[:8]})" if part.pack is not None else ""
    return "<h2>How it was made, and how to cite it</h2>" + in_paragraphs(
        [
            f"{part.made}.",
            f"Cite as: The greyspace authors, greyspace {__version__}, {part.cite}{pack}. Cite the sources above as "
            "well, where a finding rests on them. Text and figures are under CC BY 4.0.",
        ]
    )


def _short(word: str) -> str:
    """A number with four digits; anything else as it is.

    >>> _short("1234.56789"), _short("history"), _short("2024")
    ('1235', 'history', '2024')
    """
    try:
        return word if word.isdigit() else f"{float(word):.4g}"
    except ValueError:
        return word


_STYLE = """\
body{font:15px/1.5 system-ui,sans-serif;color:#1a1a1a;max-width:50rem;margin:2rem auto;padding:0 1rem}
h1{font-size:1.5rem;line-height:1.25}h2{font-size:1.15rem;margin-top:2rem}h3{font-size:1rem}
.note{border-left:4px solid #d9730d;padding:.2rem 0 .2rem .8rem}
table{border-collapse:collapse;font-size:12px;width:100%}
.wide{overflow-x:auto}
td,th{border-bottom:1px solid #d9d9d9;padding:.3rem .4rem;text-align:left;vertical-align:top;overflow-wrap:break-word}
figure{margin:1.5rem 0;break-inside:avoid}svg{width:100%;height:auto}figcaption{font-size:13px;color:#5c5c5c}
code{background:#f3f3f3;font-size:.9em}.part+.part{border-top:1px solid #d9d9d9;margin-top:3rem}
@media print{.wide{overflow:visible}}
@media print{body{font-size:10.5pt;max-width:none;margin:0;padding:0}.part+.part{break-before:page;border:0}
h1,h2,h3{break-after:avoid}tr,li{break-inside:avoid}thead{display:table-header-group}a{color:inherit;text-decoration:none}}
@page{size:A4;margin:18mm}"""
