"""YAML read with care: no repeated keys, no impossible dates, and one sentence when something is wrong."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from greyspace.errors import InputError

# The compiled parser, where PyYAML has it, takes a third of the time; it gives the same nodes.
_Base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_Base):  # type: ignore[misc]
    """A safe loader that refuses a key written twice, where plain YAML keeps the last one in silence."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen = set()
        for key_node, _ in node.value:
            if key_node.tag == "tag:yaml.org,2002:merge":
                continue
            key = self.construct_object(key_node, deep=True)
            if not isinstance(key, str | int | float | bool) and not hasattr(key, "isoformat"):
                raise yaml.constructor.ConstructorError(
                    None, None, "a key must be a word, number or date", key_node.start_mark
                )
            if key in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, f"key '{key}' is written twice", key_node.start_mark
                )
            seen.add(key)
        mapping: dict[Any, Any] = super().construct_mapping(node, deep=deep)
        return mapping


def read_yaml(path: Path) -> dict[Any, Any]:
    """Read one YAML file whose top level is a mapping; an empty file is an empty mapping.

    Raises InputError, naming the file and the line, when it is missing, not UTF-8, not YAML or not a mapping.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: cannot be read as UTF-8 text ({_reason(error)}).") from None
    try:
        data = yaml.load(text, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise InputError(f"{path}, line {line}: {error.problem or 'this is not YAML'}.") from None
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise InputError(f"{path}: this is not YAML ({_reason(error)}).") from None
    if data is None:
        return {}
    if not isinstance(data, dict):
        raise InputError(f"{path}: expected keys with values, found a {type(data).__name__}.")
    return data


def read_blocks(folder: Path, problems: list[str]) -> Iterator[tuple[Path, Any, Any]]:
    """The keys and values of `folder`/*.yaml, each with its file; what cannot be read is added to ``problems``."""
    for path in sorted(folder.glob("*.yaml")):
        try:
            blocks = read_yaml(path)
        except InputError as error:
            problems.append(str(error))
            continue
        for key, block in blocks.items():
            yield path, key, block


def sentences(where: str, error: ValidationError) -> list[str]:
    """Turn what pydantic found wrong into sentences: where, key, what is allowed.

    where: the file and key of the checked block, e.g. "parameters/power.yaml, least_hours".
    """
    found = []
    for problem in error.errors():
        key = ".".join(str(part) for part in problem["loc"])
        message = problem["msg"].removeprefix("Value error, ").rstrip(".")
        if problem["type"] == "extra_forbidden":
            message = "this key is not known here"
        elif problem["type"] == "missing":
            message = "this key is missing"
        found.append(f"{where}{': ' + key if key else ''}: {message}.")
    return found


def _reason(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error).splitlines()[0]
