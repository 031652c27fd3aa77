"""`greyspace country`, `scenarios` and `evidence`: reading a country pack."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from greyspace.cli.words import Country
from greyspace.errors import InputError

if TYPE_CHECKING:
    from greyspace.country import Pack
    from greyspace.evidence import Parameter as Known


def packs() -> None:
    """List the country packs that come with greyspace."""
    from greyspace.cli.tables import show
    from greyspace.country import load_pack
    from greyspace.country import packs as names

    rows = [
        [pack.id, pack.title, "invented" if pack.stylised else "real", pack.note] for pack in map(load_pack, names())
    ]
    show(["pack", "title", "kind", "note"], rows)


def check(path: Annotated[str, Parameter(help="folder of a country pack, or the name of one")]) -> int:
    """Say what is wrong with a country pack, if anything; status 2 if something is."""
    from greyspace.country import check as problems_of
    from greyspace.country import load_pack

    problems = problems_of(path)
    if problems:
        print(*problems, sep="\n")
        return 2
    pack = load_pack(path)
    print(
        f"{pack.id} is whole: {len(pack.regions)} regions, {len(pack.parameters)} parameters, "
        f"{len(pack.scenarios)} scenarios,\n{len(pack.sources)} sources (hash {pack.content_hash[:8]})."
    )
    return 0


def scenarios(*, country: Country = "dprk") -> None:
    """List the scenarios of a country."""
    from greyspace.cli.tables import show
    from greyspace.country import load_pack

    pack = load_pack(country)
    show(["scenario", "what if"], [[scenario.id, scenario.sentence] for scenario in pack.scenarios.values()])


def parameters(
    topic: Annotated[str, Parameter(help="only parameters whose id begins with this")] = "",
    *,
    country: Country = "dprk",
) -> None:
    """List parameters with their values, ranges and grades of evidence."""
    from greyspace.cli.tables import show
    from greyspace.country import load_pack
    from greyspace.evidence import counts

    pack = load_pack(country)
    chosen = [parameter for name, parameter in pack.parameters.items() if name.startswith(topic)]
    if not chosen:
        topics = sorted({name.partition(".")[0] for name in pack.parameters})
        raise InputError(f"no parameter of {pack.id} begins with '{topic}': topics are {', '.join(topics)}.")
    show(
        ["parameter", "value", "range", "grade"],
        [[known.id, f"{_in_short(known)} {known.unit}", _range(known), _grade(known)] for known in chosen],
    )
    if not topic:
        print("\n" + ", ".join(f"{count} {kind}" for kind, count in counts(pack.parameters).items()))


def parameter(
    name: Annotated[str, Parameter(name="id", help="id of the parameter, such as power.least_hours")],
    /,
    *,
    country: Country = "dprk",
) -> None:
    """Say what is known of one parameter, and from where."""
    from greyspace.country import load_pack
    from greyspace.evidence import known_id

    pack = load_pack(country)
    known = pack.parameters[known_id(pack.parameters, name)]
    _paragraph("", f"{known.id}: {known.description}")
    print()
    for word, text in (
        ("value", f"{_value(known)} {known.unit}"),
        ("range", _range(known)),
        ("uncertain", _spread(known)),
        ("grade", _grade(known)),
        ("derived", known.derivation or ""),
        ("why", known.why or ""),
        ("file", Path(known.file).name),
    ):
        if text:
            _paragraph(f"{word:<10}", text)
    for evidence in known.evidence:
        print()
        _paragraph(f"{evidence.grade:<4}", f"{evidence.directness}: {evidence.says}")
        _paragraph("    ", _source(pack, evidence.source, evidence.locator))


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
