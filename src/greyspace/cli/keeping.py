"""What a command keeps: tables and figures beside what it prints, and the histories that it lived."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from greyspace.errors import FolderError

if TYPE_CHECKING:
    import polars as pl
    from matplotlib.figure import Figure

    from greyspace.study.histories import Kept


def kept(folder: Path, stem: str, frames: "Mapping[str, pl.DataFrame]", figures: "Mapping[str, Figure]") -> list[str]:
    """Write tables and figures into a folder, by what follows the stem; their paths."""
    from greyspace.figures.style import save

    try:
        folder.mkdir(parents=True, exist_ok=True)
        for end, frame in frames.items():
            frame.write_csv(folder / f"{stem}{end}.csv")
        for end, figure in figures.items():
            save(figure, folder, f"{stem}{end}")
    except OSError as refused:
        raise FolderError(f"'{folder}' cannot be written: {refused.strerror}.") from None
    files = [*(f"{stem}{end}.csv" for end in frames)]
    files += [f"{stem}{end}.{kind}" for end in figures for kind in ("png", "svg")]
    return [str(folder / file) for file in files]


@contextmanager
def histories(store: "Kept", what: str) -> Iterator[None]:
    """For as long as histories are lived: their folder is there, and nobody else writes ``what`` in it.

    FolderError where somebody does; KeyboardInterrupt says that nothing is lost.
    """
    from greyspace.results.files import Lock, make_folder

    make_folder(store.folder)
    lock = Lock(store.folder / f"{what}.lock", what)
    try:
        yield
    except KeyboardInterrupt:
        raise KeyboardInterrupt("the histories that are finished are kept: the same command goes on") from None
    finally:
        lock.release()
