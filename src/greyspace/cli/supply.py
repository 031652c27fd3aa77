"""`greyspace supply`: who makes what devices are built of, and what can be mended if somebody falls out."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter

from greyspace.cli.words import Country, Csv
from greyspace.errors import InputError

if TYPE_CHECKING:
    from greyspace.country import Chain, Pack

Lost = Annotated[
    tuple[str, ...], Parameter(name="--without", help="an organisation, part or way in that falls out; more than once")
]


def show(
    *,
    country: Country = "dprk",
    without: Lost = (),
    ties: Annotated[bool, Parameter(help="list every tie, with its source and grade")] = False,
    csv: Csv = False,
) -> None:
    """Say of each device whether it can still be mended, who supplies it, and without whom it could not."""
    from greyspace.cli.tables import show, show_frame, tell_prose

    pack, chain = _chain(country)
    lost = [chain.known(name) for name in without]
    if ties:
        heads = ["from", "tie", "to", "grade", "source", "says"]
        rows = [
            [
                *(_short(name) for name in (tie.giver, tie.kind, tie.taker)),
                *(tie.evidence.grade, tie.evidence.source, tie.evidence.says),
            ]
            for tie in chain.ties
        ]
    else:
        heads = ["device", "mended", "parts: who makes them", "not without"]
        rows = []
        for device in chain.of("device"):
            parts = "; ".join(
                f"{_short(part)}: {', '.join(map(_short, chain.makers(part, lost))) or 'nobody known'}"
                for part in chain.parts(device)
            )
            decisive = ", ".join(map(_short, chain.decisive(device)))
            rows.append([_short(device), "no" if chain.lacks(device, lost) else "yes", parts, decisive])
    if csv:
        import polars as pl

        show_frame(pl.DataFrame(rows, schema=heads, orient="row"), as_csv=True)
        return
    without_whom = f", without {' and '.join(chain.things[name].name for name in lost)}" if lost else ""
    show(heads, rows, title=f"Supply of {pack.title}{without_whom}, as far as sources say.")
    if not ties:
        print()
        tell_prose(
            "Mended: whether it still can be, that is, each part that wears has a maker who can be reached. Software "
            "does not wear. A maker who is only suspected counts. Sources and grades of each tie: greyspace supply "
            "show --ties. What a lack of parts does to gates over the years is for a run to say: greyspace run history "
            "imports-stop."
        )


def export(
    to: Annotated[Path, Parameter(help="file to write: .ftm.json, .graphml, or .png (and .svg beside it)")],
    *,
    country: Country = "dprk",
    without: Lost = (),
) -> None:
    """Write the graph for other tools (FollowTheMoney, GraphML) or as a figure; the ending of the file says which."""
    from greyspace.errors import FolderError

    pack, chain = _chain(country)
    lost = [chain.known(name) for name in without]
    kind = _kind(to)
    if lost and kind != "figure":
        raise InputError(f"--without is for a figure: {to.name} holds the whole graph.")
    try:
        if kind == "figure":
            _draw(pack, chain, lost, to)
        else:
            from greyspace.results.exchange import as_graphml, as_lines

            to.write_text(as_lines(pack, chain) if kind == "ftm" else as_graphml(pack, chain), encoding="utf-8")
    except OSError as error:
        raise FolderError(f"{to} cannot be written ({error.strerror or error}).") from None
    files = f"{to.with_suffix('.png')} and {to.with_suffix('.svg')}" if kind == "figure" else str(to)
    print(f"wrote {files}: {len(chain.things)} things, {len(chain.ties)} ties")


def _chain(country: str) -> "tuple[Pack, Chain]":
    from greyspace.country import load_pack

    pack = load_pack(country)
    if pack.chain is None:
        raise InputError(f"{pack.folder / 'chain.yaml'}: pack '{pack.id}' has no supply graph; the pack dprk has one.")
    return pack, pack.chain


def _short(name: str) -> str:
    return name.replace("_", " ")


def _kind(path: Path) -> Literal["ftm", "graphml", "figure"]:
    if path.name.endswith((".ftm.json", ".json", ".jsonl")):
        return "ftm"
    if path.suffix == ".graphml":
        return "graphml"
    if path.suffix in (".png", ".svg"):
        return "figure"
    raise InputError(f"{path.name}: what to write is told by the ending (allowed: .ftm.json, .graphml, .png, .svg).")


def _draw(pack: "Pack", chain: "Chain", lost: list[str], to: Path) -> None:
    from greyspace import __version__
    from greyspace.figures.chain import supply
    from greyspace.figures.style import save

    title = f"Who supplies the devices: {pack.title}"
    foot = (
        f"greyspace {__version__}, country pack {pack.id} ({pack.content_hash[:8]}), chain.yaml: organisations and "
        "products as sources name or suspect them, no persons. Sources and grades: greyspace supply show --ties."
    )
    save(supply(chain, lost, title, foot), to.parent, to.stem)
