"""Programs that stand in the folder of timings, and are no part of the package."""

import importlib.util
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType

BENCH = Path(__file__).parents[1] / "bench"


@contextmanager
def beside(folder: Path) -> Iterator[None]:
    """For as long as modules of a folder that is no package are brought in by their bare names."""
    sys.path.insert(0, str(folder))
    try:
        yield
    finally:
        sys.path.remove(str(folder))


def program(name: str) -> ModuleType:
    """One of them, by its name."""
    with beside(BENCH):
        spec = importlib.util.spec_from_file_location(name, BENCH / f"{name}.py")
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
    return module
