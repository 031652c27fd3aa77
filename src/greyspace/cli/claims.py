"""`greyspace claims`: the claims of the documents as experiments, their verdicts, and one page with all of them."""

import json as jsonlib
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from greyspace.cli.keeping import histories
from greyspace.cli.words import RESULTS, Country, Csv, Json, Out, Quiet, Threads, share, whole
from greyspace.errors import FolderError, InputError

if TYPE_CHECKING:
    from greyspace.country import Pack
    from greyspace.study.claims import Book

STEM = "claims"
VERDICTS = "verdicts.json"


def listed(*, country: Country = "dprk", csv: Csv = False) -> None:
    """List the claims of a country, with what each is to the model."""
    from greyspace.cli.tables import show

    _, book = _book(country)
    rows = [[claim.id, claim.standing, len(claim.tests), claim.says] for claim in book.claims.values()]
    heads = ["claim", "label", "tests", "says"]
    if csv:
        _csv(heads, rows)
        return
    show(heads, rows)
    labels = [claim.standing for claim in book.claims.values()]
    print("\n" + ", ".join(f"{labels.count(name)} {name}" for name in dict.fromkeys(labels)))


def shown(
    name: Annotated[str, Parameter(name="id", help="id of the claim, such as C33")],
    /,
    *,
    country: Country = "dprk",
    out: Out = RESULTS,
) -> None:
    """Say how one claim is put to the model, and what became of it if it was run."""
    from greyspace.brief import claims as words
    from greyspace.cli.tables import tell_prose

    pack, book = _book(country)
    (claim,) = book.chosen([name])
    source = pack.sources[claim.source]
    tell_prose(f"{claim.id}: {claim.says}\n{source.author}, {source.title} ({source.date}), {claim.where}.")
    print()
    verdict = _verdicts(out, pack).get("claims", {}).get(claim.id)
    declared = book.declared(claim)
    if verdict is not None and verdict["declared"] == declared:
        tell_prose("\n".join([f"{words.in_short(verdict)}.", *words.paragraphs(verdict)]))
    else:
        tell_prose("\n".join(words.declaration(book, claim)))
        if verdict is not None:
            tell_prose("It was declared otherwise when it was last run.")
        elif claim.tests:
            tell_prose(f"It was not run yet: greyspace claims run {claim.id}")
    print(f"\ndeclared  {declared}")


def run(
    *ids: Annotated[str, Parameter(help="ids of claims [default: all]")],
    country: Country = "dprk",
    draws: Annotated[
        int, Parameter(converter=whole(1, 10000), help="draws of all uncertain parameters, by expectation")
    ] = 32,
    seeds: Annotated[
        int, Parameter(converter=whole(0, 100), help="individual runs of each arm at the pack's own values")
    ] = 2,
    scale: Annotated[
        float, Parameter(converter=share, help="share of the population that individuals stand for, up to 1")
    ] = 0.002,
    threads: Threads = 2,
    out: Out = RESULTS,
    quiet: Quiet = False,
    json: Json = False,
) -> None:
    """Put claims to the model in draws of its parameters, and say what becomes of each."""
    pack, book = _book(country)
    chosen = book.chosen(ids)
    if not chosen:
        raise InputError(f"the pack {pack.id} has no claims: they are YAML files in its folder claims/.")

    from greyspace.brief import claims as words
    from greyspace.cli.progress import Screen
    from greyspace.cli.tables import show
    from greyspace.study.histories import Kept, missing
    from greyspace.study.verdicts import Study, find

    folder = _folder(out, pack)
    kept = Kept(out / STEM)
    study = Study(pack, book, tuple(chosen), draws, seeds, scale)
    with Screen(quiet) as screen:
        needed = study.histories()
        todo = len(missing(needed, kept))
        declared = _all_declared(book, [claim.id for claim in chosen])
        screen.note(
            f"{len(chosen)} claims, declared as {declared}: {len(needed)} histories, {todo} of them to be "
            f"lived ({draws} draws, {len(book.structures)} structures, {seeds} seeds)"
        )
        with histories(kept, "claims"):
            found = find(study, kept, threads, screen.tell)
            _keep(folder, found)
    if json:
        print(jsonlib.dumps(found, indent=1, ensure_ascii=False, allow_nan=False))
        return
    verdicts = found["claims"]
    show(["claim", "verdict", "says"], [[name, words.in_short(told), told["says"]] for name, told in verdicts.items()])
    counted = words.count_outcomes(verdicts)
    print("\n" + ", ".join(f"{number} {name}" for name, number in counted.items() if number))
    print(f"In {folder / VERDICTS}; 'greyspace claims report' makes a page of it.")


def report(
    *,
    country: Country = "dprk",
    out: Out = RESULTS,
) -> None:
    """Make one page of all verdicts so far, which needs no other file."""
    pack, book = _book(country)
    verdicts = _verdicts(out, pack)
    if not verdicts:
        raise InputError(f"no claim of {pack.id} was run in '{out}' yet: greyspace claims run.")

    from greyspace.brief import claims as words
    from greyspace.figures.style import save

    folder = _folder(out, pack)
    current = {name: book.declared(claim) for name, claim in book.claims.items()}
    figure = words.picture(verdicts["about"], verdicts["claims"])
    try:
        page = folder / f"{STEM}.html"
        page.write_text(words.page(verdicts, current), encoding="utf-8")
        files = [page]
        if figure is not None:
            save(figure, folder, STEM)
            files += [folder / f"{STEM}.{kind}" for kind in ("png", "svg")]
    except OSError as refused:
        raise FolderError(f"'{folder}' cannot be written: {refused.strerror}.") from None
    print("The page, and its figure, are in", *files, sep="\n")


def _book(country: str) -> "tuple[Pack, Book]":
    from greyspace.country import load_pack
    from greyspace.study.claims import load_claims

    pack = load_pack(country)
    return pack, load_claims(pack)


def _folder(out: Path, pack: "Pack") -> Path:
    return out / STEM / pack.id


def _verdicts(out: Path, pack: "Pack") -> dict[str, Any]:
    """Whatever was run so far; nothing where nothing was."""
    from greyspace.results.files import read_json

    path = _folder(out, pack) / VERDICTS
    return read_json(path) if path.is_file() else {}


def _keep(folder: Path, found: dict[str, Any]) -> None:
    """Put verdicts in place of earlier ones on the same claims."""
    from greyspace.results.files import make_folder, read_json, write_json

    make_folder(folder)
    path = folder / VERDICTS
    before = read_json(path)["claims"] if path.is_file() else {}
    claims = {**before, **found["claims"]}
    ordered = dict(sorted(claims.items(), key=lambda item: (item[0][1:], item[0])))
    write_json(path, {"about": found["about"], "claims": ordered})


def _all_declared(book: "Book", ids: list[str]) -> str:
    """One hash over the declarations of several claims."""
    import hashlib

    told = " ".join(book.declared(book.claims[name]) for name in ids)
    return hashlib.blake2s(told.encode(), digest_size=8).hexdigest()


def _csv(heads: list[str], rows: list[list[Any]]) -> None:
    import csv
    import sys

    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(heads)
    writer.writerows(rows)
