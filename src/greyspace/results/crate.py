"""A set described so that others can find, cite and check it: RO-Crate 1.1 metadata."""

import datetime as dt
import json
import mimetypes
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from greyspace import __version__

_LICENCE = ("https://creativecommons.org/licenses/by/4.0/", "Creative Commons Attribution 4.0 International")
_CODE_LICENCE = ("https://www.apache.org/licenses/LICENSE-2.0", "Apache License 2.0")
_KINDS = {".md": "text/markdown", ".parquet": "application/vnd.apache.parquet"}


def describe(
    folder: Path,
    files: Sequence[Path],
    manifest: Mapping[str, Any],
    runs: Sequence[Mapping[str, Any]],
    made: dt.datetime,
    of: int | None = None,
    record_name: str = "set.json",
) -> str:
    """The text of ``ro-crate-metadata.json`` for the set or study in ``folder``.

    manifest: of the set (title, command, and ``authors``, a list of names, if there are any); runs: the ``meta`` of
    its runs, which stay outside the folder and are described by id, content and software. of: how many runs it was
    made from, where they are too many to be described one by one. record_name: the file that lists all others.
    """
    of = len(runs) if of is None else of
    from rocrate.model import ContextEntity, Person
    from rocrate.rocrate import ROCrate

    crate = ROCrate(version="1.1")

    def add(at: str, kind: str, **properties: Any) -> Any:
        return crate.add(ContextEntity(crate, at, properties={"@type": kind, **properties}))

    licence, code_licence = (add(url, "CreativeWork", name=name, url=url) for url, name in (_LICENCE, _CODE_LICENCE))
    software = add("#greyspace", "SoftwareApplication", name="greyspace", softwareVersion=__version__)
    software["license"] = code_licence
    names = manifest.get("authors") or []
    authors = [crate.add(Person(crate, f"#author-{n}", {"name": name})) for n, name in enumerate(names, start=1)]
    crate.name = manifest["title"]
    crate.description = (
        f"{manifest['title']}. Made by `{manifest['command']}` with greyspace {__version__} from {of} "
        f"run{'s' if of != 1 else ''} of a model on a synthetic population: no data on real persons."
    )
    crate.license = licence
    crate.creator = authors or [add("#maintainers", "Organization", name="The maintainers of greyspace")]
    crate.root_dataset["author"] = crate.creator
    crate.datePublished = made

    made_files = [
        crate.add_file(
            path,
            path.relative_to(folder).as_posix(),
            properties={
                "name": path.name,
                "encodingFormat": _KINDS.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "text/plain",
                "contentSize": str(path.stat().st_size),
            },
        )
        for path in files
    ]
    record = crate.add_file(
        folder / record_name,
        record_name,
        properties={
            "name": record_name,
            "description": "the runs, the scenario and every parameter as resolved, with checksums of the other files",
            "encodingFormat": "application/json",
        },
    )
    described = [
        add(
            f"#run-{run['run_id']}",
            "Dataset",
            name=f"Run {run['run_id']}",
            identifier=run["run_id"],
            description=(
                f"Scenario {run['scenario']} of {run['country']}, {run['from']} to {run['to']}, seed {run['seed']}, "
                f"scale {run['scale']}, engine {run['engine']}; content digest {run['content_digest']}"
            ),
            temporalCoverage=f"{run['from']}/{run['to']}",
        )
        for run in runs
    ]
    action = add("#made", "CreateAction", name=manifest["command"], endTime=made.isoformat())
    action["instrument"] = software
    action["object"] = [*described, record]
    action["result"] = made_files
    crate.root_dataset["mentions"] = [action, *described]
    return json.dumps(crate.metadata.generate(), indent=2, ensure_ascii=False) + "\n"
