"""`greyspace evidence`: reading and checking what the numbers of a country rest on."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from greyspace.cli.words import Country, Csv, one_of
from greyspace.errors import InputError

if TYPE_CHECKING:
    from greyspace.country import Pack
    from greyspace.evidence import Evidence
    from greyspace.evidence import Parameter as Known

STATUSES = ("sourced", "derived", "assumed", "lever")


def listed(
    topic: Annotated[str, Parameter(help="only parameters whose id begins with this")] = "",
    *,
    status: Annotated[
        str | None, Parameter(converter=one_of(*STATUSES), help=f"only those that are {', '.join(STATUSES)}")
    ] = None,
    grade: Annotated[
        str | None, Parameter(help="only those with evidence of a grade, such as B2, or of a letter, such as A")
    ] = None,
    country: Country = "dprk",
    csv: Csv = False,
) -> None:
    """List parameters with their values, ranges and grades of evidence."""
    from greyspace.cli.tables import show
    from greyspace.country import load_pack
    from greyspace.evidence import counts

    pack = load_pack(country)
    of_topic = [parameter for name, parameter in pack.parameters.items() if name.startswith(topic)]
    if not of_topic:
        topics = sorted({name.partition(".")[0] for name in pack.parameters})
        raise InputError(f"no parameter of {pack.id} begins with '{topic}': topics are {', '.join(topics)}.")
    chosen = [
        known
        for known in of_topic
        if status in (None, known.grounds)
        and (grade is None or any(item.grade.startswith(grade.upper()) for item in known.evidence))
    ]
    if not chosen:
        wanted = ", ".join(word for word in (status, grade and f"with evidence of grade {grade}") if word)
        raise InputError(f"of {len(of_topic)} parameters of {pack.id} none is {wanted} (grades: A1 to F6).")
    heads = ["parameter", "value", "range", "status", "grade"]
    rows = [
        [known.id, f"{_in_short(known)} {known.unit}", _range(known), known.grounds, _grade(known)] for known in chosen
    ]
    if csv:
        import sys
        from csv import writer

        writer(sys.stdout, lineterminator="\n").writerows([heads, *rows])
        return
    show(heads, rows)
    if len(chosen) == len(pack.parameters):
        print("\n" + ", ".join(f"{count} {kind}" for kind, count in counts(pack.parameters).items()))
    else:
        print(f"\n{len(chosen)} of {len(pack.parameters)} parameters")


def shown(
    name: Annotated[str, Parameter(name="id", help="id of a parameter, such as power.least_hours, or of a source")],
    /,
    *,
    country: Country = "dprk",
) -> None:
    """Say what is known of one parameter, from where, and what uses it; or what a source is, and what cites it."""
    from greyspace.country import load_pack
    from greyspace.evidence import known_id

    pack = load_pack(country)
    if name in pack.sources:
        _show_source(pack, name)
        return
    known = pack.parameters[known_id(pack.parameters, name)]
    _paragraph("", f"{known.id}: {known.description}")
    print()
    for word, text in (
        ("value", f"{_value(known)} {known.unit}"),
        ("range", _range(known)),
        ("uncertain", _spread(known)),
        ("status", known.grounds),
        ("grade", _grade(known) if known.evidence else ""),
        ("derived", known.derivation or ""),
        ("why", known.why or ""),
        ("once", ", ".join(known.aliases)),
        ("file", Path(known.file).name),
        *_uses(pack, known.id),
    ):
        if text:
            _paragraph(f"{word:<10}", text)
    for evidence in known.evidence:
        print()
        _paragraph(f"{evidence.grade:<4}", f"{evidence.directness}: {evidence.says}")
        _paragraph("    ", _source(pack, evidence.source, evidence.locator))
    voices = _voices(pack, known.evidence)
    if voices:
        print()
        _paragraph("", voices)


def check(
    path: Annotated[str, Parameter(help="folder of a country pack, or the name of one")] = "dprk",
    *,
    quick: Annotated[
        bool, Parameter(show_default=False, help="read the files alone; do not run to see which parameters are read")
    ] = False,
) -> int:
    """Say which parameters and sources hang in the air, if any; status 2 if one does.

    It looks for numbers with neither reference nor the word that they are assumed, without unit or range; for sources,
    parameters, scenarios and arms that are named and not there, or there and used by nothing; for broken aliases. That
    a parameter is read shows in a few short runs, which take some seconds.
    """
    from greyspace.country import load_pack
    from greyspace.evidence import counts
    from greyspace.study import grounds

    found = grounds.problems(path)
    if not found and not quick:
        pack = load_pack(path)
        unread = grounds.unread(pack)
        found = [f"{pack.folder / 'parameters' / pack.parameters[key].file}, {key}: no run reads it." for key in unread]
    if found:
        print(*found, sep="\n")
        return 2
    pack = load_pack(path)
    counted = ", ".join(f"{number} {kind}" for kind, number in counts(pack.parameters).items())
    groups = {source.group for source in pack.sources.values()}
    print(
        f"{pack.id}: {len(pack.parameters)} parameters ({counted}), each with a unit, a range, and evidence or why not;"
    )
    print(f"{len(pack.sources)} sources in {len(groups)} independent groups, each cited.")
    return 0


def _show_source(pack: "Pack", name: str) -> None:
    from greyspace.study.grounds import used_by

    source = pack.sources[name]
    _paragraph("", f"{name}: {source.title}")
    print()
    same = [other for other, each in pack.sources.items() if each.group == source.group and other != name]
    for word, text in (
        ("author", source.author),
        ("publisher", f"{source.publisher}, {source.date}"),
        ("kind", source.kind),
        ("grade", f"{source.reliability} (A reliable to E unreliable, F cannot be judged)"),
        ("group", source.group + (f"; one voice with {', '.join(same)}" if same else "")),
        ("url", source.url or ""),
        ("note", source.note or ""),
        ("cited by", ", ".join(used_by(pack, name))),
    ):
        if text:
            _paragraph(f"{word:<10}", text)


def _uses(pack: "Pack", key: str) -> list[tuple[str, str]]:
    from greyspace.study.grounds import readers, setters

    scenarios, arms = setters(pack, key)
    return [("read in", ", ".join(readers(key))), ("scenarios", ", ".join(scenarios)), ("claims", ", ".join(arms))]


def _voices(pack: "Pack", evidence: "tuple[Evidence, ...]") -> str:
    """What to say where several rows of evidence are fewer voices."""
    groups: dict[str, list[str]] = {}
    for item in evidence:
        if item.source in pack.sources:
            groups.setdefault(pack.sources[item.source].group, []).append(item.source)
    if len(groups) == len(evidence):
        return ""
    repeated = [f"{' and '.join(dict.fromkeys(names))} ({group})" for group, names in groups.items() if len(names) > 1]
    voices = "one voice" if len(groups) == 1 else f"{len(groups)} voices"
    return f"{len(evidence)} rows of evidence, {voices}: {'; '.join(repeated)} do not confirm each other."


def _paragraph(head: str, text: str) -> None:
    import textwrap

    from rich.console import Console

    width = min(Console().width, 100)
    print(textwrap.fill(" ".join(text.split()), width, initial_indent=head, subsequent_indent=" " * len(head)))


def _in_short(known: "Known") -> str:
    """The value, or the last of several by date and how many there are: `evidence show` tells all."""
    from greyspace.cli.tables import said

    if known.values:
        return f"{said(list(known.values.values())[-1])} (last of {len(known.values)})"
    return _value(known)


def _value(known: "Known") -> str:
    from greyspace.cli.tables import said

    if known.values:
        return ", ".join(f"{day}: {said(value)}" for day, value in known.values.items())
    return said(known.value)


def _range(known: "Known") -> str:
    if known.options:
        return ", ".join(known.options)
    assert known.range is not None
    return f"{known.range[0]:g} to {known.range[1]:g}"


def _spread(known: "Known") -> str:
    if known.distribution is None:
        return ""
    told: dict[str, Any] = known.distribution.model_dump()
    kind = told.pop("kind")
    return f"{kind}, " + ", ".join(
        f"{name} {value:g}" if isinstance(value, float) else f"{name} {', '.join(map(str, value))}"
        for name, value in told.items()
    )


def _grade(known: "Known") -> str:
    if known.role == "lever":
        return "lever"
    if known.evidence:
        return ", ".join(dict.fromkeys(evidence.grade for evidence in known.evidence))
    return "assumed"


def _source(pack: "Pack", name: str, locator: str) -> str:
    source = pack.sources.get(name)
    if source is None:
        return f"{name}, {locator}"
    where = f", {source.url}" if source.url else ""
    return f"{source.author}, {source.title} ({source.publisher}, {source.date}), {locator}{where}"
