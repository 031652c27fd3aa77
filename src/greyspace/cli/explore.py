"""`greyspace explore`: a page on this machine in which the model can be asked."""

from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from greyspace.cli.words import RESULTS, Country, Out, Quiet, whole
from greyspace.errors import InputError

if TYPE_CHECKING:
    from greyspace.country import Pack

PORT = 8642


def explore(
    *,
    country: Country = "dprk",
    host: Annotated[str, Parameter(help="address to listen on; other than this machine's own, others can reach it")] = (
        "127.0.0.1"
    ),
    port: Annotated[
        int | None,
        Parameter(converter=whole(0, 65535), help=f"port; 0: any that is free [default: {PORT}, or any that is free]"),
    ] = None,
    no_browser: Annotated[
        bool, Parameter(name="--no-browser", show_default=False, help="print the address and open nothing")
    ] = False,
    threads: Annotated[
        int | None, Parameter(converter=whole(1, 64), help="cores for questions [default: all that there are]")
    ] = None,
    out: Out = RESULTS,
    quiet: Quiet = False,
) -> None:
    """Open a page on this machine in which the model can be asked."""
    try:
        import fastapi  # noqa: F401
        import uvicorn  # noqa: F401
    except ImportError:
        raise InputError("the explorer needs the extra 'explore': pip install 'greyspace[explore]'.") from None

    import os
    import webbrowser

    from greyspace.web import STATIC

    if not (STATIC / "index.html").is_file():
        raise InputError("the page is not built here: 'make explore' builds it, and starts the explorer.")

    from greyspace.country import load_pack, packs
    from greyspace.results import Store
    from greyspace.web.explorer import Served
    from greyspace.web.server import is_loopback, serve

    first = load_pack(country)
    shown: dict[str, tuple[str, Pack]] = {first.id: (str(first.folder), first)}
    shown |= {name: (name, load_pack(name)) for name in packs() if name != first.id}
    Store(out)
    if not is_loopback(host):
        _say(
            f"others can reach --host {host}: whoever has the address with its token can use the explorer, and on the "
            "way it can be read, since it is not encrypted."
        )

    def ready(address: str) -> None:
        print(address, flush=True)
        if not quiet:
            _say("Ctrl-C ends it.")
        if not no_browser:
            # A machine without a browser has printed the address.
            webbrowser.open(address)

    if not quiet:
        _say("living through history, a few seconds once")
    served = Served(
        packs={name: pack for name, (_, pack) in shown.items()},
        places={name: where for name, (where, _) in shown.items()},
        results=out.resolve(),
        default=first.id,
        cores=threads or os.cpu_count() or 1,
    )
    try:
        serve(served, STATIC, host, PORT if port is None else port, ready)
    except InputError:
        if port is not None:
            raise
        serve(served, STATIC, host, 0, ready)


def _say(sentence: str) -> None:
    import sys

    print(f"greyspace: {sentence}", file=sys.stderr, flush=True)
