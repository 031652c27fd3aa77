"""The page in a browser, asked of a real server that runs the invented country of twelve thousand, from 2020 on."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from given import late
from greyspace.web import STATIC

ROOT = Path(__file__).parent.parent.parent
PICTURES = Path(__file__).parent / "pictures"
AXE = ROOT / "page" / "node_modules" / "axe-core" / "axe.min.js"

REQUIRED = os.environ.get("GREYSPACE_BROWSER") == "required"
"""Whether a missing browser is a fault."""

PATIENCE = 180_000
"""Milliseconds until something that does not come is given up: a busy machine is no fault of the page."""

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")


def _without(why: str) -> None:
    """Skip what needs a browser, or fail where it is required."""
    if REQUIRED:
        pytest.fail(why)
    pytest.skip(why)


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of a Chromium; without one, browser tests are skipped with the line that installs it."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        _without("no Chromium for the tests of the page: apt-get install chromium")
    if not (STATIC / "index.html").is_file():
        _without("the page is not built: make page")
    return str(found)


@pytest.fixture(scope="session")
def address(chromium: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where a server of toyland can be reached, with its token."""
    out = tmp_path_factory.mktemp("explored")
    call = "import sys; from greyspace.cli.app import main; sys.exit(main())"
    country, results = str(late(out / "toyland")), str(out / "results")
    words = ("explore", "--country", country, "--port", "0", "--no-browser", "--quiet", "--out", results)
    with (out / "said.txt").open("w+") as said:
        server = subprocess.Popen(
            (sys.executable, "-c", call, *words), stdout=subprocess.PIPE, stderr=said, text=True, cwd=out
        )
        try:
            assert server.stdout is not None
            line = server.stdout.readline().strip()
            assert line.startswith("http"), (out / "said.txt").read_text()
            yield line
        finally:
            server.terminate()
            server.wait(timeout=20)


# Of a module: its loop would stand in the way of whoever asks asyncio for one.
@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[object]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        # Chromium's own sandbox refuses to work for root, who runs these tests in containers.
        flags = ["--no-sandbox"] if os.geteuid() == 0 else []
        browser = playwright.chromium.launch(executable_path=chromium, args=flags)
        yield browser
        browser.close()


@pytest.fixture
def opened(browser, address) -> Iterator[Callable[..., object]]:
    """Opens a view: ``opened("#/map", width=360)``. Whatever asks another host, or goes wrong in the page, fails."""
    home = re.match(r"http://[^/]+", address)[0]
    contexts, strayed, wrong = [], [], []

    def guard(route) -> None:
        if route.request.url.startswith((home, "data:", "blob:")):
            route.continue_()
        else:
            strayed.append(route.request.url)
            route.abort()

    def opened(place: str = "", width: int = 1280, language: str = "en-GB"):
        context = browser.new_context(
            viewport={"width": width, "height": 900}, locale=language, reduced_motion="reduce", accept_downloads=True
        )
        contexts.append(context)
        context.route("**/*", guard)
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
        page.goto(f"{address}{place}")
        page.locator("h1").wait_for()
        return page

    yield opened
    for context in contexts:
        context.close()
    assert strayed == [], "the page asked somebody else"
    assert wrong == []


@pytest.fixture
def picture(request: pytest.FixtureRequest) -> Callable[..., None]:
    """Keeps a picture of a page, for people to look at."""

    def keep(page, name: str) -> None:
        PICTURES.mkdir(exist_ok=True)
        page.screenshot(path=PICTURES / f"{name}.png", full_page=True)

    return keep


@pytest.fixture(scope="session")
def axe() -> str:
    """The program that looks for what keeps people out."""
    if not AXE.is_file():
        _without("axe-core is not there: make page")
    return AXE.read_text(encoding="utf-8")
