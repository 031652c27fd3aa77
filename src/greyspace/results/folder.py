"""Where runs live: begun aside under a lock, checked, then put in place by one rename."""

import contextlib
import dataclasses
import difflib
import hashlib
import io
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from greyspace.errors import FolderError, InputError
from greyspace.results import checkpoint, sets, studies
from greyspace.results.files import (
    Lock,
    checksum,
    make_folder,
    read_bytes,
    read_json,
    refusals,
    sweep,
    sync,
    write_json,
    write_whole,
)
from greyspace.results.identity import plain
from greyspace.results.run import FORMAT, Results, read_results
from greyspace.results.sets import SetDraft, SetResults
from greyspace.results.tables import TABLES, Table, declared, digest, encode

MANIFEST = (
    "run_id",
    "scenario",
    "country",
    "seed",
    "scale",
    "engine",
    "from",
    "to",
    "parameters",
    "source_hash",
    "pack_hash",
    "draws_version",
    "versions",
    "cpu",
)
"""What a manifest must say at least."""

_NAME = re.compile(r"[0-9A-Za-z][0-9A-Za-z_-]{0,63}")
SHARDS = "shards"
"""Folder inside a partial run for those who live its shards: their checkpoints, and all the odds so far."""
_LEFT = ("checkpoints", SHARDS, "manifest.json")
"""What a finished run needs no more."""
_KEEP = 2
"""Checkpoints kept: the newest, and one before it should the newest be torn."""


@dataclass(frozen=True)
class Partial:
    """A run that was begun and not finished: ``busy`` if a process is at it now, ``saved`` if it has a checkpoint."""

    run_id: str
    manifest: Mapping[str, Any]
    folder: Path
    busy: bool
    saved: bool


class Draft:
    """A run being written, under its lock. Made by ``Store.begin``; left without ``finish``, it can be resumed."""

    def __init__(self, root: Path, run_id: str, manifest: Mapping[str, Any]) -> None:
        self.run_id = run_id
        self.manifest: dict[str, Any] = plain(manifest)
        self.folder = root / "runs" / ".partial" / run_id
        self.refused: list[str] = []
        """Sentences about checkpoints that were torn and passed over."""
        self._home = root / "runs" / run_id
        self._loose: set[Path] = set()
        make_folder(self.folder.parent)
        self._lock = Lock(self.folder.with_suffix(".lock"), f"run {run_id}")
        try:
            if self._home.exists():
                raise FolderError(
                    f"run {run_id} is already in {self._home}: open it, or remove that folder to run again"
                )
            for folder in (self.folder, self.folder / "checkpoints"):
                make_folder(folder)
            for aside in self.folder.rglob(".*.tmp"):
                sweep(aside)
            if not self._saved():
                self._start_anew()
            self._note_change()
            write_json(self.folder / "manifest.json", self.manifest)
        except BaseException:
            self._lock.release()
            raise

    def _note_change(self) -> None:
        # The same run taken up by other software or on another processor may differ in a last bit: its record says so.
        with contextlib.suppress(FolderError):
            before = read_json(self.folder / "manifest.json")
            taken_up = before.pop("taken_up", [])
            changed = {name: before.get(name) for name in before if before.get(name) != self.manifest.get(name)}
            if changed or taken_up:
                self.manifest["taken_up"] = [*taken_up, *([changed] if changed else [])]

    def _start_anew(self) -> None:
        # Without a checkpoint nothing says how far the parts on disk go: none of them may end up in the run.
        for table in TABLES:
            sweep(self.folder / table.name)
        sweep(self.folder / SHARDS)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._lock.release()

    def write(self, table: str, part: int | str, columns: Mapping[str, Any]) -> None:
        """Write one part of a table, ``<table>/part-<part>.parquet``, in place of an earlier one of that name.

        columns: see ``tables.encode``. Safe against a kill at once, against a power cut from the next ``save`` on.
        """
        rows = encode(declared(table), columns)
        if not _NAME.fullmatch(str(part)):
            raise ValueError(f"table '{table}': a part cannot be called '{part}'")
        path = self.folder / table / f"part-{part}.parquet"
        if not path.parent.is_dir():
            make_folder(path.parent)
        data = pa.BufferOutputStream()
        pq.write_table(rows, data, compression="zstd", compression_level=1)
        write_whole(path, lambda file: file.write(data.getvalue()), durable=False)
        self._loose.add(path)

    def save(self, arrays: Mapping[str, np.ndarray[Any, Any]], facts: Mapping[str, Any]) -> None:
        """Write a checkpoint from which ``checkpoint`` takes the run up again; the two newest are kept."""
        self._settle()
        saved = self._saved()
        number = int(saved[-1].stem) + 1 if saved else 1
        path = self.folder / "checkpoints" / f"{number:08d}.checkpoint"
        write_whole(path, lambda file: checkpoint.dump(file, arrays, facts))
        for old in self._saved()[:-_KEEP]:
            sweep(old)

    def checkpoint(self) -> tuple[dict[str, np.ndarray[Any, Any]], dict[str, Any]] | None:
        """Arrays and facts of the newest whole checkpoint; torn ones are named in ``refused``.

        None if there is none: the run starts anew, and parts written before are gone.
        """
        for path in reversed(self._saved()):
            loaded = checkpoint.load(read_bytes(path))
            if loaded is not None:
                return loaded
            self.refused.append(f"{path} is torn: the checkpoint before it is used")
        self._start_anew()
        return None

    def finish(self, facts: Mapping[str, Any]) -> Results:
        """Check every part, write run.json, and put the folder in place by one rename.

        ValueError if two parts have a row for one cell or differ in columns: the writer's mistake, not the user's.
        """
        self._settle()
        described = {table.name: d for table in TABLES if (d := self._describe(table)) is not None}
        digests = json.dumps({name: table["digest"] for name, table in described.items()}, sort_keys=True)
        content = {
            "format": FORMAT,
            "manifest": self.manifest,
            "facts": facts,
            "content_digest": hashlib.blake2s(digests.encode(), digest_size=16).hexdigest(),
            "tables": described,
        }
        write_json(self.folder / "run.json", content)
        with refusals(self._home):
            self.folder.rename(self._home)
        sync(self._home.parent)
        # Only now, so that a kill at any moment leaves either a run that resumes or one that is complete.
        for left in _LEFT:
            sweep(self._home / left)
        return read_results(self._home)

    def _saved(self) -> list[Path]:
        return sorted((self.folder / "checkpoints").glob("*.checkpoint"))

    def _settle(self) -> None:
        for path in sorted(self._loose):
            sync(path)
        for folder in sorted({path.parent for path in self._loose}):
            sync(folder)
        if self._loose:
            sync(self.folder)
        self._loose.clear()

    def _describe(self, table: Table) -> dict[str, Any] | None:
        parts, arrow = [], []
        for path in sorted((self.folder / table.name).glob("part-*.parquet")):
            data = read_bytes(path)
            try:
                rows = pq.ParquetFile(io.BytesIO(data)).read()
            except (pa.ArrowException, OSError) as failed:
                raise FolderError(f"{path} is torn: remove {self.folder} and run again") from failed
            arrow.append(rows)
            file = path.relative_to(self.folder).as_posix()
            parts.append({"file": file, "rows": rows.num_rows, "bytes": len(data), "checksum": checksum(data)})
        if not arrow:
            return None
        if len({tuple(rows.column_names) for rows in arrow}) > 1:
            raise ValueError(f"table '{table.name}': its parts differ in their columns")
        written = set(arrow[0].column_names)
        return {
            "keys": [dataclasses.asdict(key) for key in table.keys],
            "measures": [dataclasses.asdict(m) for m in table.measures if m.name in written],
            "digest": digest(table, arrow),
            "parts": parts,
        }


class Store:
    """A folder of results: ``runs/<id>`` complete, ``runs/.partial/<id>`` not, ``sets/<id>`` and
    ``studies/<id>`` what commands made."""

    def __init__(self, root: Path | str, create: bool = True) -> None:
        """Open the folder ``root``, made if it is not there unless ``create`` is false; FolderError if it cannot be."""
        self.root = Path(root)
        if create:
            make_folder(self.root)
        elif not self.root.is_dir():
            raise FolderError(f"there is no folder of results at {self.root}")

    def begin(self, run_id: str, manifest: Mapping[str, Any]) -> Draft:
        """Begin a run, or take up its partial one. Manifest: at least MANIFEST.

        FolderError if another process is writing it, if it is complete, or if the folder refuses.
        """
        missing = [name for name in MANIFEST if name not in manifest]
        if missing or manifest["run_id"] != run_id or not _NAME.fullmatch(run_id):
            raise ValueError(
                f"the manifest of run '{run_id}' is not complete: {', '.join(missing) or 'another run_id'}"
            )
        if not isinstance(manifest["scenario"], str) or not isinstance(manifest["seed"], (int, np.integer)):
            raise ValueError(f"the manifest of run '{run_id}' must give the name of its scenario and a whole seed")
        return Draft(self.root, run_id, manifest)

    def complete(self, run_id: str) -> Results | None:
        """The finished run of exactly this id, each file verified; None if there is none.

        FolderError names the file that is not as it was written, and what to do.
        """
        folder = self.root / "runs" / run_id
        if not folder.exists():
            return None
        try:
            results = read_results(folder)
            results.verify()
        except FolderError as failed:
            raise FolderError(f"{failed}: remove {folder} and run again") from failed
        for left in _LEFT:  # by a kill just after the rename
            sweep(folder / left)
        return results

    def open(self, reference: str) -> Results:
        """The finished run whose id begins with ``reference``, verified; InputError if none or several do."""
        run_id = self.find(reference)
        results = self.complete(run_id)
        if results is None:
            raise InputError(f"run {run_id} is not finished: resume it first")
        return results

    def find(self, reference: str) -> str:
        """The one id of a run, complete or not, that begins with ``reference``."""
        ids = {*self.run_ids(), *(partial.run_id for partial in self.partials())}
        return _one("run", reference, sorted(ids), self.root)

    def run_ids(self) -> list[str]:
        """Ids of the runs that are in place, sorted."""
        return _names(self.root / "runs")

    def partials(self) -> list[Partial]:
        """Runs that were begun and not finished, with the manifest that resumes them, sorted by id."""
        return list(self._partials())

    def _partials(self) -> Iterator[Partial]:
        home = self.root / "runs" / ".partial"
        for name in sorted(set(_names(home)) - set(self.run_ids())):
            with contextlib.suppress(FolderError):  # no manifest yet: nothing to resume
                manifest = read_json(home / name / "manifest.json")
                saved = any((home / name / "checkpoints").glob("*.checkpoint"))
                yield Partial(name, manifest, home / name, Lock.held(home / f"{name}.lock"), saved)

    def begin_set(self, set_id: str, manifest: Mapping[str, Any]) -> SetDraft:
        """Begin a set. Manifest: at least ``sets.MANIFEST``. FolderError as ``begin``; an earlier set is replaced."""
        missing = [name for name in sets.MANIFEST if name not in manifest]
        if missing or manifest["set_id"] != set_id or not _NAME.fullmatch(set_id):
            raise ValueError(f"the manifest of set '{set_id}' is not complete: {', '.join(missing) or 'another id'}")
        return SetDraft(self.root, set_id, manifest)

    def complete_set(self, set_id: str) -> SetResults | None:
        """The set of exactly this id, each file verified; None if there is none; FolderError if it was changed."""
        folder = self.root / "sets" / set_id
        if not folder.exists():
            return None
        try:
            found = sets.read_set(folder)
            found.verify()
        except FolderError as failed:
            raise FolderError(f"{failed}: remove {folder} and give the command again") from failed
        return found

    def open_set(self, reference: str) -> SetResults:
        """The set whose id begins with ``reference``, verified; InputError if none or several do."""
        found = self.complete_set(_one("set", reference, self.set_ids(), self.root))
        if found is None:
            raise FolderError(f"set {reference} was removed from {self.root} while it was read")
        return found

    def set_ids(self) -> list[str]:
        """Ids of the sets that are in place, sorted."""
        return _names(self.root / "sets")

    def study_ids(self) -> list[str]:
        """Ids of the studies that are finished, sorted."""
        return _names(self.root / "studies")

    def unfinished_studies(self) -> list[studies.Unfinished]:
        """Studies that were begun and not finished, sorted by id."""
        home = self.root / "studies" / ".partial"
        return list(studies.unfinished(home, sorted(set(_names(home)) - set(self.study_ids()))))

    def open_study(self, reference: str) -> studies.StudyResults:
        """The finished study whose id begins with ``reference``; InputError if none or several do, or it is not."""
        begun = {study.study_id: study for study in self.unfinished_studies()}
        study_id = _one("study", reference, sorted([*self.study_ids(), *begun]), self.root)
        if study_id in begun:
            raise InputError(f"study {study_id} is not finished: it goes on with '{begun[study_id].command}'")
        return studies.open_study(self.root / "studies" / study_id)


def _names(folder: Path) -> list[str]:
    if not folder.is_dir():
        return []
    with refusals(folder, "read"):
        return sorted(entry.name for entry in folder.iterdir() if entry.is_dir() and _NAME.fullmatch(entry.name))


_MANY = {"run": "runs", "set": "sets", "study": "studies"}


def _one(what: str, reference: str, ids: Sequence[str], root: Path) -> str:
    if reference in ids:
        return reference
    found = [known for known in ids if reference and known.startswith(reference)]
    if len(found) == 1:
        return found[0]
    if found:
        several = ", ".join(found[:4])
        raise InputError(f"'{reference}' is the beginning of {len(found)} {_MANY[what]} ({several}): give more of it")
    if not ids:
        raise InputError(f"no {what} is called '{reference}': {root} has none")
    near = difflib.get_close_matches(reference, ids, n=1, cutoff=0.0)
    raise InputError(f"no {what} in {root} is called '{reference}': the nearest is {near[0]}")
