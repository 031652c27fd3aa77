"""An explorer of toyland that really listens, with the processes that it starts."""

import socket
import threading
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import uvicorn

from given import late
from greyspace.country import load_pack
from greyspace.web.explorer import Served
from greyspace.web.server import prepared
from listening import Running, until


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """The server, one for all tests."""
    folder = tmp_path_factory.mktemp("explorer")
    static = folder / "static"
    (static / "assets").mkdir(parents=True)
    (static / "index.html").write_text("<!doctype html><title>greyspace</title>")
    (static / "assets" / "page-1.js").write_text("export {}")
    (folder / "secret.txt").write_text("nobody may read this")
    pack = load_pack(late(folder / "toyland"))
    addresses: list[str] = []
    served = Served(
        {"toyland": pack}, {"toyland": str(pack.folder)}, folder / "results", "toyland", cores=2, ahead=False
    )
    server, bound = prepared(served, static, "127.0.0.1", 0, addresses.append)
    thread = threading.Thread(target=server.run, args=([bound],))
    thread.start()
    assert until(lambda: bool(addresses) or not thread.is_alive(), 300)
    base, token = addresses[0].split("/?token=")
    app: Any = server.config.app
    yield Running(app.inner.state.explorer, base, token)
    _end(server, bound, thread)


def _end(server: uvicorn.Server, bound: socket.socket, thread: threading.Thread) -> None:
    server.should_exit = True
    thread.join(30)
    bound.close()
    assert not thread.is_alive()


@pytest.fixture
def page(running: Running) -> Iterator[httpx.Client]:
    """Somebody who has the token."""
    with running.client() as client:
        yield client
