"""`greyspace brief`: what sets of runs, claims or studies came to, as one page to read and to print."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from greyspace.cli.words import RESULTS, Country, Out
from greyspace.errors import FolderError, InputError

if TYPE_CHECKING:
    from greyspace.brief.document import Drawing, Part
    from greyspace.country import Pack
    from greyspace.results import SetResults, Store

CLAIMS = "claims"
_ABOUT = {"set.json": "set", "verdicts.json": "claims", "study.json": "study"}


def brief(
    *studies: Annotated[
        str,
        Parameter(help="id of a set or study, or the beginning of it; 'claims'; or a folder that one of these left"),
    ],
    output: Annotated[Path, Parameter(name=("--output", "-o"), help="the file to write")] = Path("brief.html"),
    country: Country = "dprk",
    out: Out = RESULTS,
) -> None:
    """Write a brief of what was found: figures, verdicts, assumptions, and how to cite it.

    It is one page of HTML that needs no other file; a browser prints it to PDF. Several studies become one brief.
    """
    if not studies:
        raise InputError(
            "say what the brief is about: the id of a set or study ('greyspace runs' lists them), or 'claims'."
        )
    if output.suffix != ".html":
        raise InputError(f"--output {output}: a brief is a page of HTML; give a name that ends with .html.")
    from greyspace.brief.document import page
    from greyspace.results.files import write_whole

    parts = [_part(study, country, out) for study in studies]
    text = page(parts).encode()
    if not output.parent.is_dir():
        raise FolderError(f"'{output.parent}' is no folder: make it first, or write elsewhere.")
    write_whole(output, lambda file: file.write(text))
    print(f"The brief is in {output}; print it from a browser for a PDF.")


def _part(study: str, country: str, out: Path) -> "Part":
    folder = _folder(study, country, out)
    kind = next((kind for name, kind in _ABOUT.items() if (folder / name).is_file()), None)
    if kind == "set":
        return _of_set(folder, out)
    if kind == "claims":
        return _of_claims(folder)
    if kind == "study":
        return _of_study(folder)
    wanted = ", ".join(_ABOUT)
    raise InputError(f"'{folder}' holds nothing that a brief can be made of (none of {wanted}).")


def _folder(study: str, country: str, out: Path) -> Path:
    """Where what is meant lies; InputError where nothing is, or more than one thing."""
    if Path(study).is_dir() and (study != CLAIMS or not (out / CLAIMS).is_dir()):
        return Path(study)
    if study == CLAIMS:
        from greyspace.country import load_pack

        pack = load_pack(country).id
        if not (out / CLAIMS / pack / "verdicts.json").is_file():
            raise InputError(f"no claim of {pack} was run in '{out}' yet: greyspace claims run.")
        return out / CLAIMS / pack
    known = [path for kind in ("sets", "studies") for path in sorted((out / kind).glob("*")) if path.is_dir()]
    found = [path for path in known if not path.name.startswith(".") and path.name.startswith(study)]
    if len(found) != 1:
        why = f"is the beginning of {len(found)} ids: give more of it" if found else "is no set or study there"
        raise InputError(f"'{study}' {why} ('greyspace runs --out {out}' lists them; 'claims' means the verdicts).")
    return found[0]


def _of_set(folder: Path, out: Path) -> "Part":
    from greyspace.brief import document
    from greyspace.results import Store
    from greyspace.results.sets import read_set

    found = read_set(folder)
    found.verify()
    page = _text(folder / "answer.md")
    named = document.captions(page)
    told, pack_hash = _text(folder / "answer.txt"), ""
    pack = None
    root = folder.parent.parent if folder.parent.name == "sets" else out
    if (root / "runs").is_dir():
        pack, pack_hash = _pack_of(Store(root, create=False), found)
    return document.of_set(
        found.meta, told, _figures(folder, named), _rows(folder / "drivers.csv"), pack, pack_hash
    )  # fmt: skip


def _pack_of(store: "Store", found: "SetResults") -> "tuple[Pack | None, str]":
    """The pack that the runs of a set rest on; None where run or pack are gone."""
    from greyspace.country import load_pack

    try:
        meta = store.open(found.runs[0]).meta
        return load_pack(str(meta["country"])), str(meta["pack_hash"])
    except (InputError, FolderError):
        return None, ""


def _of_claims(folder: Path) -> "Part":
    from greyspace.brief import document
    from greyspace.results.files import read_json

    verdicts = read_json(folder / "verdicts.json")
    return document.of_claims(verdicts, _pack(str(verdicts["about"]["country"])))


def _of_study(folder: Path) -> "Part":
    from greyspace.brief import document
    from greyspace.results.files import read_json

    about = read_json(folder / "study.json")
    country = str(about.get("says", {}).get("country", ""))
    rows = _rows(folder / "quantiles.csv")
    return document.of_study(about, _figures(folder, document.study_captions(rows)), rows, _pack(country))


def _pack(name: str) -> "Pack | None":
    from greyspace.country import load_pack

    try:
        return load_pack(name)
    except InputError:
        return None


def _figures(folder: Path, named: dict[str, str]) -> "list[Drawing]":
    """Figures in the order in which they are captioned; those without a caption after them, by name."""
    from greyspace.brief.document import Drawing

    there = {path.stem: path for path in sorted((folder / "figures").glob("*.svg"))}
    order = [*(stem for stem in named if stem in there), *(stem for stem in there if stem not in named)]
    return [Drawing(_text(there[stem]), named.get(stem, stem.replace("_", " "))) for stem in order]


def _text(path: Path) -> str:
    from greyspace.results.files import read_bytes

    return read_bytes(path).decode("utf-8") if path.is_file() else ""


def _rows(path: Path) -> list[dict[str, Any]]:
    import csv
    import io

    return list(csv.DictReader(io.StringIO(_text(path))))
