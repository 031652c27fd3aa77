"""Packs with only a few uncertain parameters, so that studies of all of them are small."""

from dataclasses import replace
from pathlib import Path

import yaml

from greyspace.country import Pack
from greyspace.evidence import ParameterSet


def only(pack: Pack, *ids: str) -> Pack:
    """The pack with the ranges of these parameters alone."""
    kept = {
        key: each if key in ids else each.model_copy(update={"distribution": None})
        for key, each in pack.parameters.items()
    }
    return replace(pack, parameters=ParameterSet(kept, pack.parameters.aliases))


def only_in(folder: Path, *ids: str) -> None:
    """The same to the files of a pack."""
    for path in (folder / "parameters").glob("*.yaml"):
        blocks = yaml.safe_load(path.read_text(encoding="utf-8"))
        for key, block in blocks.items():
            if f"{path.stem}.{key}" not in ids:
                block.pop("distribution", None)
        path.write_text(yaml.safe_dump(blocks, sort_keys=False), encoding="utf-8")
