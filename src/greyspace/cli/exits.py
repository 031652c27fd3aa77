"""How a command ends: a mistake becomes one sentence on stderr and an exit status, never a traceback.

====== =======================================================================
status meaning
====== =======================================================================
0      done
1      a fault in greyspace
2      something the user gave, or the machine has, must change first
3      a cluster went away; the sentence says how the run goes on
130    stopped with Ctrl-C
141    whoever read the output went away
====== =======================================================================
"""

import errno
import os
import sys
import traceback
from collections.abc import Callable
from typing import TYPE_CHECKING

from greyspace.errors import ClusterError, FolderError, InputError

if TYPE_CHECKING:
    from cyclopts import CycloptsError

DONE, FAULT, MISTAKE, GONE, STOPPED, UNREAD = 0, 1, 2, 3, 130, 141

# What a machine may refuse although greyspace did nothing wrong: room, size, permission.
_REFUSALS = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EACCES, errno.EPERM}


def guarded(run: Callable[[], int | None]) -> int:
    """The exit status of ``run``, after its mistake, if any, was said in one sentence.

    >>> guarded(lambda: None)
    0
    >>> guarded(lambda: 3)
    3
    """
    for stream in (sys.stdout, sys.stderr):
        # A terminal without Korean letters shows a question mark rather than an error.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    try:
        status = run()
        if sys.stdout is not None:
            sys.stdout.flush()
        return DONE if status is None else status
    except KeyboardInterrupt as stop:
        _settle_output()
        _say(f"stopped; {_one_line(stop) or 'what was finished before is kept'}.")
        return STOPPED
    except Exception as mistake:
        if os.environ.get("GREYSPACE_TRACEBACK") == "1":
            traceback.print_exc()
        _settle_output()
        if isinstance(mistake, BrokenPipeError):
            return UNREAD
        status, sentence = _judged(mistake)
        # The last line of a fault is often a fragment, and a command must be copied as it is: neither gets a full stop.
        _say(sentence if status in (FAULT, GONE) or sentence.endswith((".", "?", ")")) else f"{sentence}.")
        return status


def _judged(mistake: Exception) -> tuple[int, str]:
    """The exit status and the sentence for a mistake."""
    if isinstance(mistake, InputError | FolderError):
        return MISTAKE, _one_line(mistake)
    if isinstance(mistake, ClusterError):
        return GONE, _one_line(mistake)
    if isinstance(mistake, MemoryError):
        return MISTAKE, f"this machine has too little free memory for that: {_one_line(mistake) or 'try less at once'}."
    if isinstance(mistake, OSError) and mistake.errno in _REFUSALS:
        what = f"'{mistake.filename}'" if mistake.filename else "the output"
        return MISTAKE, f"{what} cannot be read or written: {mistake.strerror}."
    # Never imported here, so that a damaged installation is said in a sentence too.
    cyclopts = sys.modules.get("cyclopts")
    if cyclopts is not None and isinstance(mistake, cyclopts.CycloptsError):
        return MISTAKE, _misread(mistake)
    return FAULT, (
        f"this is a fault in greyspace: {type(mistake).__name__}: {_one_line(mistake)}; "
        "set GREYSPACE_TRACEBACK=1 to see where"
    )


def _misread(mistake: "CycloptsError") -> str:
    """What in the command line cannot be read, and where it stands how it could."""
    command = " ".join(("greyspace", *(mistake.command_chain or ())))
    if type(mistake).__name__ == "UnusedCliTokensError":
        what = f"'{command}' has no use for '{' '.join(mistake.unused_tokens or ())}'."
    else:
        what = _one_line(mistake)
    return f"{what} '{command} --help' says what it takes."


def _settle_output() -> None:
    """Let the buffered output out; what cannot be written is dropped, or Python would complain once more at its end."""
    if sys.stdout is None:
        return
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _one_line(mistake: BaseException) -> str:
    return " ".join(str(mistake).split())


def _say(sentence: str) -> None:
    if sys.stderr is not None:
        print(f"greyspace: {sentence}", file=sys.stderr)
