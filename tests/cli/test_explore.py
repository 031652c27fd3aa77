"""`greyspace explore`: what it says before it listens; what it does then is tested where the server is."""

import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from .conftest import Said

PAGE = """
import greyspace.web
from pathlib import Path
greyspace.web.STATIC = Path("static")
"""
STUB = """
import greyspace.web.server
from greyspace.errors import InputError
def serve(served, static, host, port, ready):
    if port == 8642:
        raise InputError("taken")
    print(sorted(served.packs), served.default, host, port)
    ready("http://there/?token=T")
greyspace.web.server.serve = serve
"""


@pytest.fixture
def built(tmp_path: Path) -> None:
    (tmp_path / "static").mkdir()
    (tmp_path / "static" / "index.html").write_text("<!doctype html>")


def test_without_the_extra_it_says_how_to_get_it(
    driver: Callable[..., Said], refused: Callable[[Said, str], None]
) -> None:
    said = driver("import sys\nsys.modules['fastapi'] = None", "explore", "--no-browser")
    refused(said, "pip install 'greyspace[explore]'")


def test_without_the_page_it_says_how_to_build_it(
    driver: Callable[..., Said], refused: Callable[[Said, str], None]
) -> None:
    refused(driver(PAGE, "explore", "--no-browser"), "make explore")


@pytest.mark.usefixtures("built")
def test_a_port_that_is_taken_is_told_and_another_host_is_warned_of(
    driver: Callable[..., Said], refused: Callable[[Said, str], None]
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        refused(driver(PAGE, "explore", "--country", "toyland", "--port", port, "--no-browser", "--quiet"), port)
    said = driver(PAGE + STUB, "explore", "--country", "toyland", "--host", "0.0.0.0", "--no-browser")
    assert said.returncode == 0
    # The usual port is taken: any other will do.
    assert said.stdout.splitlines() == ["['brightland', 'dprk', 'toyland'] toyland 0.0.0.0 0", "http://there/?token=T"]
    assert "others can reach" in said.stderr
