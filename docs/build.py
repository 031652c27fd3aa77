"""Writes the generated tables of README.md and of the pages in this folder, from the code and the country packs.

A page is written by hand, except for what stands between ``<!-- begin NAME -->`` and ``<!-- end NAME -->``. Each page
has one function here, which returns its blocks by name.

    python docs/build.py            write the pages again
    python docs/build.py --check    only say which pages are out of date; status 1 if any is
    python docs/build.py --slow     write the pages whose tables take a minute or two to work out, and no others
"""

import inspect
import re
import sys
import textwrap
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

from blocks import line, put, table
from greyspace.brief.claims import declaration
from greyspace.cli.app import COMMANDS
from greyspace.contract import LIMITS, Layout, Odds, Tallies
from greyspace.contract import STATES as STATE_NAMES
from greyspace.contract.axes import NEWS_DIGITAL, NEWS_HUMAN
from greyspace.country import ACTS, PROFILES, ROLES, Column, Event, Pack, load_pack
from greyspace.draws import stream
from greyspace.evidence import Evidence, Parameter, Parameters, counts, uncertain
from greyspace.evidence.parameters import Value
from greyspace.figures.readings import number as signed
from greyspace.infrastructure import paths
from greyspace.institutions import OFFICERS
from greyspace.institutions.verdicts import sentences
from greyspace.results import TABLES, Store
from greyspace.results.identity import INGREDIENTS, ROOMS
from greyspace.results.tables import OUTCOMES, STATES
from greyspace.simulate import Plan, World, mondays, plan, run
from greyspace.simulate.learn import nothing_learnt
from greyspace.simulate.measures import OFFICER_MEASURES
from greyspace.society import caution
from greyspace.society.acts import OFFENCE, SANCTIONED
from greyspace.society.routes import MODE_OF
from greyspace.study import switches
from greyspace.study.claims import LABELS, Arm, load_claims
from greyspace.study.gauges import GAUGES
from greyspace.study.grid import READY
from greyspace.study.posts import price_list
from greyspace.study.quantities import ENDS, FAMILIES
from greyspace.study.survey import GROUPS, QUESTIONS, survey
from greyspace.systems import SYSTEMS, station_gates

ROOT = Path(__file__).resolve().parent.parent
COUNTRY = "dprk"
EVIDENCE = "docs/evidence"
INVENTED = "toyland"
CONTRAST = "brightland"

STREAMS: tuple[tuple[str, str, str], ...] = (
    ("population/unit", "how many households a unit has", "unit"),
    ("population/household", "kind, standing and size of a household", "unit, household"),
    ("population/member", "profile and first status of a person", "unit, member"),
    ("person/week", "which days of the week are candidate days", "unit, four members, Monday"),
    ("person/mood", "the change of status on Monday", "unit, four members, Monday"),
    ("person/day", "act, whether it is an intent, way, destination", "unit, member, day"),
    ("person/purse", "rank of willingness to pay during this act", "unit, member, day"),
    ("person/power", "whether a place has power during this act", "unit, member, day, place"),
    ("person/contact", "who is met at a step, what is found, what is decided", "unit, member, day, contact"),
    ("power nation", "the nation's shock to the supply of electricity", "Monday"),
    ("power region", "a region's own shock", "Monday, region"),
    ("network link", "the rank at which a site is linked", "site"),
    ("device failure", "whether a device fails in a week", "Monday, site"),
    ("device repair", "whether a spare part is needed; days to notice, weeks to repair", "Monday, site"),
)
"""Every stream of random numbers: its name, what it decides, what its counter counts. A test holds it against a run."""

SENTENCES = {"turned_back": "sent home", "fined": "fined", "penalised": "short", "imprisoned": "long", "camp": "camp"}
"""What becomes of those caught and not let off: the verdict, and the word for it in a narrow column."""

Blocks = dict[str, str]


# -- the pages


def readme() -> Blocks:
    pack = load_pack(COUNTRY)
    commands = [(f"`greyspace {c.name}`", c.help, f"`{c.example}`") for c in COMMANDS]
    return {
        "commands": table(("command", "what it does", "for example"), commands),
        "counts": _counts(pack),
    }


def model() -> Blocks:
    pack = load_pack(COUNTRY)
    world = _world(pack)
    return {
        "counts": _counts(pack),
        "regions": _regions(pack),
        "roles": _roles(),
        "acts": _acts(pack),
        "sentences": _sentences(world),
        "states": table(("state", "meaning"), [(f"`{m.name}`", m.description) for m in STATES[1:]]),
        "outcomes": table(("outcome", "meaning"), [(f"`{m.name}`", m.description) for m in OUTCOMES]),
        "systems": _systems(),
        "contacts": _contacts(),
        "records": _records(),
        "marks": _marks(world),
        "events": _events(pack.events),
        "gates": _gates(pack),
        "parameters": _parameters(pack),
        "tables": _tables(pack),
    }


def engine() -> Blocks:
    pack = load_pack(COUNTRY)
    world = _world(pack)
    first = world.periods[0]
    learnt = nothing_learnt(world.p, len(pack.regions), world.cases)
    odds = world.odds(first, learnt, world.enforcement(first, learnt.practice))
    streams = [(f"`{name}`", f"`{stream(name):08x}`", decides, counted) for name, decides, counted in STREAMS]
    return {
        "limits": table(("axis", "at most"), [(name, str(most)) for name, most in LIMITS.items()]),
        "layout": _arrays(Layout, world.layout),
        "odds": _arrays(Odds, odds),
        "tallies": _arrays(Tallies, None),
        "streams": table(("stream", "key", "what it decides", "counted by"), streams),
    }


def evidence() -> Blocks:
    pack = load_pack(COUNTRY)
    rows = []
    for topic, known in topics(pack).items():
        counted = [sum(each.grounds == kind for each in known) for kind in KINDS]
        rows.append((f"[{topic}](evidence/{topic}.md)", str(len(known)), *(str(n or "") for n in counted)))
    columns = [
        _grounds_of(f"#### `{file}`, {name}", column, pack)
        for file, described in sorted(pack.tables.items())
        for name, column in described.items()
        if column.role != "key"
    ]
    events = [_grounds_of(f"#### `{event.id}`", event, pack) for event in pack.events]
    sources = [
        (
            f"`{name}`",
            f"{s.author}: {_linked(s.title, s.url)}. {s.publisher}, {s.date}",
            *(s.kind, s.reliability, s.group, _cited(pack, name)),
        )
        for name, s in sorted(pack.sources.items())
    ]
    return {
        "counts": _count_table(pack),
        "parameters": table(("topic", "parameters", *KINDS), rows),
        "tables": "\n\n".join(columns),
        "events": "\n\n".join(events),
        "sources": table(("id", "source", "kind", "reliability", "group", "parameters that rest on it"), sources),
    }


def topics(pack: Pack) -> dict[str, list[Parameter]]:
    """The parameters of a pack by the first word of their id."""
    found: dict[str, list[Parameter]] = {}
    for parameter in pack.parameters.values():
        found.setdefault(parameter.id.partition(".")[0], []).append(parameter)
    return found


def evidence_pages() -> dict[str, str]:
    """A page of each topic's parameters, by its path: all that is known of each, and the claims that turn on it."""
    pack = load_pack(COUNTRY)
    book = load_claims(pack)
    turned: dict[str, dict[str, None]] = {}
    for claim in book.claims.values():
        for name in claim.arms():
            for key in book.arms[name].sets:
                turned.setdefault(key, {})[claim.id] = None
    pages = {}
    for topic, known in topics(pack).items():
        found = [
            f"# Evidence: {topic}",
            f"The parameters of this topic, with what is known of each. Generated by `make docs` from "
            f"`src/greyspace/countries/{COUNTRY}/parameters`; what grades and ranges mean stands in "
            f"[Evidence](../evidence.md).",
        ]
        for parameter in known:
            found.append(_parameter(pack, parameter))
            if parameter.id in turned:
                claims = ", ".join(f"[{name}](../claims.md#{name.lower()})" for name in turned[parameter.id])
                found.append(f"*Set by arms of:* {claims}")
        pages[f"{EVIDENCE}/{topic}.md"] = "\n\n".join(found) + "\n"
    return pages


def method() -> Blocks:
    """What figures rest on, as short runs of what is behind them turn out to read it."""
    pack = load_pack(COUNTRY)
    first, last = date(2023, 7, 3), date(2023, 7, 24)

    def fresh(**sets: float) -> Plan:
        return plan(pack, pack.scenario("history"), engine="expected", start=first, end=last, sets=sets)

    of_gates, of_run, of_prices = fresh(), fresh(), fresh()
    of_survey = fresh(**{"survey.escapees_left_years": 0.0})
    paths(pack, of_gates.p, 1, mondays(first, last), list(station_gates.sites(pack, of_gates.p)))
    with TemporaryDirectory() as folder:
        run(of_run, Store(folder))
    price_list(pack, of_prices.p, of_prices.start)
    survey(of_survey, 20, 1, lambda phase, done, of: None)
    figures = (
        ("how long gates lived, and why they stopped", of_gates),
        ("journeys, bribes, comparisons: everything of a run", of_run),
        ("the price list of `greyspace officers`", of_prices),
        ("`greyspace survey`", of_survey),
    )
    return {
        "rests_on": table(("figures and tables", *KINDS, "topics"), [(what, *_read(made)) for what, made in figures])
    }


def survey_page() -> Blocks:
    pack = load_pack(COUNTRY)
    made = plan(pack, pack.scenario("history"), engine="expected", end=date(2023, 7, 3))
    found = survey(made, 1000, 1, lambda phase, done, of: None)
    parts = []
    for group in GROUPS:
        rows = []
        for question in QUESTIONS:
            a = found.of(group, question.name)
            off = (a.who, a.when, a.denied)
            told = "" if a.reported is None else f"{100 * a.reported:.0f}"
            spread = f"{100 * a.mean:.0f} [{100 * a.low:.0f} to {100 * a.high:.0f}]"
            cells = [f"{100 * a.truth:.0f}", spread, *(signed(100 * x, 0, sign=True) for x in off)]
            rows.append((question.words, *cells, f"{100 * a.told_apart:.0f}", f"{100 * a.covered:.0f}", told))
        parts.append(f"### {group.capitalize()}\n\n{table(SURVEY_HEADS, rows)}")
    days = f"Residents are asked in {found.day:%B %Y}; those who have left speak of {found.left:%B %Y}."
    return {"answers": "\n\n".join((days, *parts))}


def supply() -> Blocks:
    pack = load_pack(COUNTRY)
    chain = pack.chain
    assert chain is not None
    name = {key: thing.name for key, thing in chain.things.items()}
    devices = [
        (
            name[device],
            f"`{chain.things[device].system}`",
            "; ".join(
                f"{name[part]}: {', '.join(name[m] for m in chain.makers(part))}" for part in chain.parts(device)
            ),
            ", ".join(name[thing] for thing in chain.decisive(device)),
        )
        for device in chain.of("device")
    ]
    ties = [
        f"*{name[tie.giver]}* {tie.kind.replace('_', ' ')} *{name[tie.taker]}*: {_says(pack, tie.evidence)}"
        for tie in chain.ties
    ]
    heads = ("device", "in the model", "parts, and who makes them", "not without")
    return {"devices": table(heads, devices), "ties": bullets(ties)}


def claims() -> Blocks:
    pack = load_pack(COUNTRY)
    book = load_claims(pack)
    labels = [claim.standing for claim in book.claims.values()]
    parts = []
    for claim in book.claims.values():
        source = pack.sources[claim.source]
        told = declaration(book, claim)
        said = [each for each in told if not each.startswith("- ")]
        compared = [each.removeprefix("- ") for each in told if each.startswith("- ")]
        where = f"{source.author}, {_linked(source.title, source.url)}, {claim.where}."
        parts += [f"### {claim.id}", f"**{line(claim.says)}** {where}", said[0]]
        if compared:
            parts.append(bullets(compared))
        parts += [*said[1:], f"Declared as `{book.declared(claim)}`."]
    windows = [(f"`{name}`", str(w.start), str(w.end), str(w.counted), w.says) for name, w in book.windows.items()]
    return {
        "labels": table(
            ("label", "claims", "meaning"), [(k, str(labels.count(k)), says) for k, says in LABELS.items()]
        ),
        "claims": "\n\n".join(parts),
        "windows": table(("window", "from", "to", "counted from", "what it is"), windows),
        "arms": table(
            ("arm", "window", "scenario", "what it is", "what it sets"),
            [(f"`{n}`", f"`{a.window}`", f"`{a.scenario}`", a.says, _arm(a)) for n, a in book.arms.items()],
        ),
        "structures": table(
            ("structure", "what it says", "what it sets"),
            [
                (f"`{name}`", each.says, "; ".join(f"`{key}` = {_set(of)}" for key, of in each.sets.items()))
                for name, each in book.structures.items()
            ],
        ),
        "quantities": table(
            ("family", "words", "unit", "given", "what it is"),
            [
                (f"`{f.name}`", " / ".join(_some(words) for words in f.keys), f.unit, yes(f.given), f.description)
                for f in FAMILIES
            ],
        ),
    }


def limits() -> Blocks:
    return {"counts": _counts(load_pack(COUNTRY))}


def results() -> Blocks:
    parts = []
    for each in TABLES:
        rows = [(f"`{key.name}`", "key", "", key.description) for key in each.keys]
        rows += [(f"`{m.name}`", m.kind, m.unit, m.description) for m in each.measures]
        parts += [f"### {each.name}", table(("column", "kind", "unit", "meaning"), rows)]
    return {
        "tables": "\n\n".join(parts),
        "ingredients": bullets(f"`{name}`" for name in INGREDIENTS),
        "rooms": ", ".join(f"`{room}`" for room in ROOMS),
    }


def scenarios() -> Blocks:
    return {
        "country": _scenarios(load_pack(COUNTRY)),
        "invented": _scenarios(load_pack(INVENTED)),
        "contrast": _scenarios(load_pack(CONTRAST)),
        "systems": bullets(f"`{system.NAME}`" for system in SYSTEMS),
        "events": _event_ids(load_pack(COUNTRY)),
        "settled": ", ".join(f"`{name}`" for name in settled()) + "\n",
    }


def questions() -> Blocks:
    ready = [(f"`{name}`", f"`{m.x}`", f"`{m.y}`", f"`{m.measure}`", m.says) for name, m in READY.items()]
    own = [(f"`{g.name}`", g.says, g.unit, g.seen) for g in GAUGES.values() if "." not in g.name]
    return {
        "maps": table(("map", "along", "upwards", "measure", "what it shows"), ready),
        "measures": table(("measure", "what it is", "unit", "seen by"), own),
    }


def systems() -> Blocks:
    pack = load_pack(COUNTRY)
    year = plan(pack, pack.scenario("history"), engine="expected", start=date(2023, 1, 2), end=date(2023, 12, 25))
    found = switches.find(year, 2, lambda phase, done, of: None)
    return {
        "what": switches.title(found) + ".",
        "changes": table(switches.HEADS, [(f"`{name}`", *cells) for name, *cells in switches.lines(found)]),
        "sums": table(switches.SUM_HEADS, [(f"`{name}`", *cells) for name, *cells in switches.sum_lines(found)]),
        "notes": switches.NOTES.replace("\n- ", "\n\n- ", 1),
    }


PAGES: dict[str, Callable[[], Blocks]] = {
    "README.md": readme,
    "docs/index.md": limits,
    "docs/claims.md": claims,
    "docs/model.md": model,
    "docs/engine.md": engine,
    "docs/evidence.md": evidence,
    "docs/supply.md": supply,
    "docs/limits.md": limits,
    "docs/method.md": method,
    "docs/results.md": results,
    "docs/scenarios.md": scenarios,
    "docs/questions.md": questions,
}

MEASURED = ("closed_loop", "human_state", "futures")
"""Blocks that other programs of this folder write: what they show takes minutes to live through."""

SLOW: dict[str, Callable[[], Blocks]] = {"docs/systems.md": systems, "docs/survey.md": survey_page}
"""Pages that are written only when asked for, and not checked."""


KINDS = ("sourced", "derived", "assumed", "lever")

SURVEY_HEADS = (
    *("question", "so of all, %", "they say, % [90% of surveys]", "off by who", "by when", "by denial"),
    *("told apart, points", "interval holds what is so, %", "told of such people, %"),
)


# -- their blocks


def _read(made: Plan) -> tuple[str, ...]:
    """How many parameters a run read, by what they are grounded on; and their topics, with the way to each."""
    known = [made.pack.parameters[key] for key in sorted(made.p.used)]
    counted = [str(sum(each.grounds == kind for each in known)) for kind in KINDS]
    topics = dict.fromkeys(each.id.partition(".")[0] for each in known)
    return *counted, ", ".join(f"[{topic}](evidence/{topic}.md)" for topic in topics)


def _world(pack: Pack) -> World:
    """A world of four weeks in which gates stand, so that every kind of contact is there."""
    return plan(pack, pack.scenario("history"), start=date(2021, 7, 5), end=date(2021, 7, 26)).world()


def _counts(pack: Pack) -> str:
    found = counts(pack.parameters)
    return (
        f"Of the {sum(found.values())} parameters of the North Korean pack, {found['sourced']} stand in a source as "
        f"they are, {found['derived']} are derived from sources by a stated step, {found['assumed']} are assumed, and "
        f"{found['lever']} are levers: settings, not facts. {len(uncertain(pack.parameters))} carry a range."
    )


def _cited(pack: Pack, source: str) -> str:
    """How many parameters of each topic rest on a source, with the way there."""
    found = {topic: sum(any(e.source == source for e in p.evidence) for p in of) for topic, of in topics(pack).items()}
    return ", ".join(f"{n} of [{topic}](evidence/{topic}.md)" for topic, n in found.items() if n)


def _count_table(pack: Pack) -> str:
    found = counts(pack.parameters)
    says = {
        "sourced": "a source gives the number",
        "derived": "sources, and a step from them to the number that is written down",
        "assumed": "nobody has measured it; the reason for the guess is written down",
        "lever": "a setting for scenarios, or of the model itself: not a fact about the country",
    }
    rows = [(kind, str(number), says[kind]) for kind, number in found.items()]
    columns = [c for described in pack.tables.values() for c in described.values() if c.role != "key"]
    guessed = [event.status == "assumed" for event in pack.events]
    return (
        table(("grounds", "parameters", "meaning"), rows)
        + f"\n\n{len(uncertain(pack.parameters))} parameters carry a range from which they are drawn. Of the "
        f"{len(columns)} columns of numbers in tables, {sum(c.status == 'assumed' for c in columns)} are assumed; of "
        f"the {len(guessed)} dated events, {sum(guessed)}. {len(pack.sources)} sources are cited, in "
        f"{len({source.group for source in pack.sources.values()})} groups that are independent of one another."
    )


def _regions(pack: Pack) -> str:
    rows = [
        (
            f"`{r.id}`",
            f"{r.name} ({r.name_ko})",
            f"{r.persons:,}",
            f"{r.households:,}",
            yes(r.borders_china),
            yes(r.capital),
        )
        for r in pack.regions
    ]
    return table(("region", "name", "persons, 2008", "households, 2008", "borders China", "capital"), rows)


def _roles() -> str:
    rows = []
    for role in ROLES:
        own = [who for who in PROFILES if who.role == role]
        standings = ", ".join(dict.fromkeys(who.standing for who in own))
        rows.append((role, standings, yes(any(who.involved for who in own)), str(len(own))))
    return (
        table(("role", "standings", "may be involved in trade", "profiles"), rows)
        + f"\n\n{len(PROFILES)} profiles in all."
    )


def _acts(pack: Pack) -> str:
    rows = []
    for act, permitted in zip(ACTS, SANCTIONED, strict=True):
        for row in pack.acts:
            if row.act == act and row.ceiling > 0:
                rate, most = f"{365 * row.rate:.2g}", f"{365 * row.ceiling:.2g}"
                rows.append((f"`{act}`", yes(bool(permitted)), row.role, yes(row.involved), rate, most))
    return table(("act", "permitted", "role", "involved", "a person-year", "ceiling"), rows)


def _sentences(world: World) -> str:
    """How each act is done, how grave it is taken to be, who decides, and what follows for those not let off."""
    rows = []
    permitted = {act for act, may in zip(ACTS, SANCTIONED, strict=True) if may}
    for charge, offence in OFFENCE.items():
        deciding = ", ".join(officer for officer, decided in dict.fromkeys(world.cases.pairs) if decided == charge)
        share = {} if charge in permitted else sentences(world.p, charge, offence)
        percents = [f"{100 * share[verdict]:.2g}" if verdict in share else "" for verdict in SENTENCES]
        rows.append((f"`{charge}`", MODE_OF.get(charge, "rail, road"), offence, deciding, *percents))
    return table(
        ("act or charge", "mode", "offence", "who decides", *(f"{name}, %" for name in SENTENCES.values())), rows
    )


def _systems() -> str:
    parts = []
    for system in SYSTEMS:
        parts += [f"#### {system.NAME}", _prose(inspect.getdoc(system) or "")]
    return "\n\n".join(parts)


def _contacts() -> str:
    rows = [
        (f"`{c.name}`", system.NAME, f"`{c.encounter}`", f"`{c.act}`", c.officer, yes(c.device), yes(c.by_enrolment))
        for system in SYSTEMS
        for c in system.CONTACTS
    ]
    return table(("contact", "system", "met at", "act", "who decides", "device", "tells the enrolled apart"), rows)


def _records() -> str:
    rows = [(system.NAME, r.what, r.identity, r.readable_by) for system in SYSTEMS for r in system.RECORDS]
    return table(("system", "what is written down", "under which identity", "who can read it"), rows)


def _marks(world: World) -> str:
    lay, axes = world.layout, world.axes
    news = {0: "", NEWS_HUMAN: "caught by people", NEWS_DIGITAL: "caught by a device"}
    # Status 1 is calm, knows nothing, is not enrolled: what an act teaches and frightens shows there.
    parts, calm = caution.parts(), 1
    rows = []
    for k, name in enumerate(axes.marks):
        after = lay.status_after[k, calm]
        hold = axes.holds[lay.hold_of[k]]
        days = f"{hold}, {lay.hold_days[lay.hold_of[k]]} days" if lay.hold_of[k] else ""
        state = STATE_NAMES[lay.state_of[k]]
        taught = yes(bool(parts.knows[after]))
        ends, warier = yes(k >= lay.first_ending), yes(bool(parts.caution[after]))
        rows.append((f"`{name}`", f"`{state}`", ends, days, news[int(lay.news_of[k])], warier, taught))
    return table(("mark", "state of the act", "ends it", "hold", "news in the unit", "caution + 1", "teaches"), rows)


def _events(events: Iterable[Event]) -> str:
    rows = [
        (
            f"`{e.id}`",
            str(e.start),
            str(e.until or "open"),
            f"`{e.variable}`",
            f"{e.value:g}",
            _where(e),
            _kind(e),
            e.description,
        )
        for e in events
    ]
    return table(("event", "from", "until", "variable", "value", "where", "grounds", "what happens"), rows)


def _where(event: Event) -> str:
    acts = "" if set(event.acts) == set(ACTS) else f", {', '.join(event.acts)}"
    return ("everywhere" if event.where is None else ", ".join(event.where)) + acts


def _gates(pack: Pack) -> str:
    rows = []
    for province in pack.provinces:
        own = sorted((gate for gate in pack.gates if gate.province == province), key=lambda gate: gate.rank)
        if own:
            taken = pack.parameters[f"station_gates.sites_{province}"]
            stations = ", ".join(f"{gate.station} ({gate.installed})" for gate in own)
            rows.append((province, f"{taken.value:g}", _varied(taken), stations))
    return table(("province", "equipped", "varied over", "list to draw from, with dates"), rows)


def _parameters(pack: Pack) -> str:
    rows = [
        (f"`{p.id}`", _value(p), p.unit, _varied(p), _allowed(p), _grade(p), p.description)
        for p in pack.parameters.values()
    ]
    return table(("parameter", "value", "unit", "varied over", "allowed", "grade", "what it is"), rows)


def _tables(pack: Pack) -> str:
    rows = [
        (f"`{file}`", name, column.unit, "key" if column.role == "key" else _kind(column), column.description)
        for file, described in sorted(pack.tables.items())
        for name, column in described.items()
    ]
    return table(("file", "column", "unit", "grounds", "what it is"), rows)


def _parameter(pack: Pack, p: Parameter) -> str:
    facts = [f"**{_value(p)}** {p.unit}", f"allowed: {_allowed(p)}"]
    if p.distribution:
        facts.append(f"varied over: {_varied(p)}")
    return _grounds_of(f"## `{p.id}`", p, pack, facts=f"{'; '.join(facts)}; {p.grounds}.")


def _grounds_of(head: str, of: Parameter | Column | Event, pack: Pack, facts: str = "") -> str:
    if not facts:
        value = f"{of.variable} {of.value:g}, {of.start} to {of.until or 'open'}" if isinstance(of, Event) else of.unit
        facts = f"{value}; {_kind(of)}."
    lines = [head, capital(of.description), facts]
    if of.evidence:
        lines.append(bullets(_says(pack, each) for each in of.evidence))
    derivation = None if isinstance(of, Event) else of.derivation
    lines += [f"*{word}:* {line(text)}" for word, text in (("Derived", derivation), ("Why", of.why)) if text]
    return "\n\n".join(lines)


def _says(pack: Pack, each: Evidence) -> str:
    source = pack.sources[each.source]
    return (
        f"**{each.grade}**, {each.directness}: {line(each.says)} — {source.author}, "
        f"{_linked(source.title, source.url)} ({each.locator})"
    )


def _arrays(kind: type, made: object) -> str:
    """The fields of one of the contract's tuples with the comment that stands beside each in the source."""
    rows = []
    for name, comment in re.findall(
        r"^    (\w+): .*?  # (?!type:)(?:type: ignore\S*  # )?(.+)$", _comments(kind), re.MULTILINE
    ):
        axes, _, meaning = comment.partition("]") if comment.startswith("[") else ("", "", comment)
        row = (f"`{name}`", f"`{axes}]`" if axes else "", meaning.lstrip(":->= ").replace(":func:", ""))
        if made is not None:
            array = getattr(made, name)
            row += (" × ".join(map(str, array.shape)) if hasattr(array, "shape") else f"= {array}",)
        rows.append(row)
    heads = ("array", "axes", "meaning")
    return table(heads if made is None else (*heads, "size for North Korea"), rows)


def _comments(kind: type) -> str:
    return re.sub(r"# type: ignore\[\S+\]  ", "", inspect.getsource(kind))


def _scenarios(pack: Pack) -> str:
    rows = []
    for scenario in pack.scenarios.values():
        changes = [f"`{name}` = {_set(setting)}" for name, setting in scenario.sets().items()]
        changes += [f"without the event `{name}`" for name in scenario.events.remove]
        changes += [f"with the event `{event.id}`" for event in scenario.added]
        changes += [_switched(name, on) for name, on in scenario.systems.items() if on is not True]
        rows.append((f"`{scenario.id}`", scenario.sentence, "; ".join(changes) or "nothing"))
    return table(("scenario", "what if", "what it changes"), rows)


def _switched(name: str, when: bool | Mapping[date, bool]) -> str:
    if isinstance(when, bool):
        return f"without the system `{name}`"
    told = [f"{'on' if on else 'off'} from {day} on" for day, on in when.items()]
    return f"the system `{name}`: {', '.join(told)}"


def _set(setting: float | str | Mapping[date, float]) -> str:
    if isinstance(setting, Mapping):
        return ", ".join(f"{value:g} ({day})" for day, value in setting.items())
    return setting if isinstance(setting, str) else f"{setting:g}"


def _arm(arm: Arm) -> str:
    since = f"from {arm.start}: " if arm.start else ""
    sets = [f"`{key}` = {_set(of)}" for key, of in arm.sets.items()]
    return "; ".join([*([since + "; ".join(sets)] if sets else []), *(f"without `{name}`" for name in arm.without)])


def _some(words: Sequence[str]) -> str:
    """What may stand in one place of a quantity's name."""
    known = {ACTS: "an act", (*ACTS, "all"): "an act, or all", tuple(ENDS): "an end", (): "a word of the table"}
    known |= {
        OFFICER_MEASURES: "a measure of `officers`",
        (*OFFICERS, "on_the_way", "all"): "a kind, on_the_way, or all",
    }
    return known.get(tuple(words), ", ".join(words))


def _event_ids(pack: Pack) -> str:
    by_variable: dict[str, list[str]] = {}
    for event in pack.events:
        by_variable.setdefault(event.variable, []).append(f"`{event.id}`")
    return table(
        ("variable", "events of the North Korean pack"), [(f"`{v}`", ", ".join(ids)) for v, ids in by_variable.items()]
    )


def settled() -> list[str]:
    """Numbers that a run reads once, as a short run turns out to read them: no scenario can change them on a date."""
    names: set[str] = set()
    value = Parameters.__getitem__

    def noted(p: Parameters, key: str) -> Value:
        if p.day is None:
            names.add(key)
        return value(p, key)

    pack = load_pack(INVENTED)
    weeks = plan(pack, pack.scenario("history"), engine="expected", start=date(2021, 7, 5), end=date(2021, 7, 26))
    with TemporaryDirectory() as folder, patch.object(Parameters, "__getitem__", noted):
        run(weeks, Store(folder))
    of_places = re.compile("_(" + "|".join(pack.provinces) + ")$")
    return sorted({of_places.sub("_<province>", name) for name in names if pack.parameters[name].range})


# -- words and Markdown


def _value(p: Parameter) -> str:
    if p.values:
        return ", ".join(f"{day}: {value:g}" for day, value in p.values.items())
    return p.value if isinstance(p.value, str) else f"{p.value:g}"


def _varied(p: Parameter) -> str:
    if p.distribution is None:
        return ""
    d = p.distribution
    if d.kind == "choice":
        return " or ".join(str(option) for option in d.options)
    peak = f", mostly near {d.mode:g}" if d.kind == "pert" else ", by ratio" if d.kind == "loguniform" else ", evenly"
    return f"{d.low:g} to {d.high:g}{peak}"


def _allowed(p: Parameter) -> str:
    if p.options:
        return ", ".join(p.options)
    assert p.range is not None
    return f"{p.range[0]:g} to {p.range[1]:g}"


def _grade(p: Parameter) -> str:
    if p.grounds in ("lever", "assumed"):
        return p.grounds
    return f"{p.grounds}, {', '.join(dict.fromkeys(each.grade for each in p.evidence))}"


def _kind(of: Column | Event | Parameter) -> str:
    if of.status == "assumed":
        return "assumed"
    grades = ", ".join(dict.fromkeys(each.grade for each in of.evidence))
    return f"{'derived' if getattr(of, 'derivation', None) else 'sourced'}, {grades}"


def _linked(title: str, url: str | None) -> str:
    return f"[{line(title)}]({url})" if url else line(title)


def _prose(doc: str) -> str:
    """A docstring as Markdown: its paragraphs, each on one line."""
    return "\n\n".join(line(paragraph).replace("*", "\\*") for paragraph in textwrap.dedent(doc).split("\n\n"))


def bullets(items: Iterable[str]) -> str:
    """A Markdown list."""
    return "\n".join(f"- {line(item)}" for item in items)


def capital(text: str) -> str:
    """The text as a sentence."""
    text = line(text)
    return text[0].upper() + text[1:] + ("" if text.endswith(".") else ".")


def yes(flag: bool) -> str:
    """What stands in a column of yes and no."""
    return "yes" if flag else ""


# -- writing


def filled(page: str, blocks: Blocks) -> str:
    """The page with its blocks written anew; ValueError if page and blocks do not name the same ones."""
    named = [name for name in re.findall(r"<!-- begin (\w+) -->", page) if name not in MEASURED]
    if sorted(named) != sorted(blocks):
        raise ValueError(f"the page has the blocks {sorted(named)}, but {sorted(blocks)} are made for it")
    for name, text in blocks.items():
        page = put(page, name, text)
    return page


def _written(pages: Mapping[str, str], folder: str, check: bool) -> list[str]:
    """Write the pages of a folder in which nothing else stands, or only check; which were not as they should be."""
    (ROOT / folder).mkdir(exist_ok=True)
    there = {f"{folder}/{path.name}" for path in (ROOT / folder).iterdir()}
    stale = [name for name, text in pages.items() if name not in there or (ROOT / name).read_text("utf-8") != text]
    gone = sorted(there - set(pages))
    if not check:
        for name in stale:
            (ROOT / name).write_text(pages[name], encoding="utf-8")
        for name in gone:
            (ROOT / name).unlink()
    return stale + gone


def main(words: Sequence[str]) -> int:
    """Write the pages, or with --check only say which are out of date."""
    stale = []
    for name, blocks in (SLOW if "--slow" in words else PAGES).items():
        path = ROOT / name
        page = path.read_text(encoding="utf-8")
        made = filled(page, blocks())
        if made != page:
            stale.append(name)
            if "--check" not in words:
                path.write_text(made, encoding="utf-8")
    stale += _written(evidence_pages(), EVIDENCE, "--check" in words)
    if stale:
        print(f"{'out of date' if '--check' in words else 'written'}: {', '.join(stale)}")
    return 1 if stale and "--check" in words else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
