"""Tables and figures that a command leaves in a folder, beside what it prints."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from greyspace.errors import FolderError

if TYPE_CHECKING:
    import polars as pl
    from matplotlib.figure import Figure


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
