"""Who is let in: the guard by itself, before an application that answers everybody."""

import asyncio
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from greyspace.web.guard import LARGEST, Guard
from greyspace.web.server import guarded, is_loopback

PORT, TOKEN = 8642, "a-token-that-nobody-guesses"
HOME = f"127.0.0.1:{PORT}"
COOKIE = f"greyspace_{PORT}={TOKEN}"


async def _read(request: Request) -> PlainTextResponse:
    return PlainTextResponse(f"{len(await request.body())} bytes")


def _guard(host: str = "127.0.0.1") -> Guard:
    routes = [Route("/", _read, methods=["GET"]), Route("/api/x", _read, methods=["GET", "POST", "DELETE"])]
    return guarded(Starlette(routes=routes), TOKEN, host, PORT)


def _ask(
    method: str, path: str, headers: dict[str, str], host: str = "127.0.0.1", content: Any = None
) -> httpx.Response:
    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(_guard(host))
        async with httpx.AsyncClient(transport=transport, base_url=f"http://{HOME}") as client:
            return await client.request(method, path, headers=headers, content=content)

    return asyncio.run(ask())


INSIDE = {"cookie": COOKIE}
OWN = {**INSIDE, "origin": f"http://{HOME}", "content-type": "application/json"}


def test_the_printed_address_opens_the_door_and_the_token_leaves_the_address() -> None:
    came = _ask("GET", f"/?token={TOKEN}", {})
    assert came.status_code == 303
    assert came.headers["location"] == "/"
    cookie = came.headers["set-cookie"]
    assert cookie.startswith(COOKIE)
    assert all(word in cookie for word in ("HttpOnly", "SameSite=Strict", "Path=/"))
    assert _ask("GET", "/", INSIDE).status_code == 200


@pytest.mark.parametrize(
    ("method", "path", "headers", "status"),
    [
        ("GET", "/", {}, 401),
        ("GET", "/api/x", {}, 401),
        ("GET", "/?token=guess", {}, 401),
        ("GET", f"/api/x?token={TOKEN}", {}, 401),  # only the first page takes it from the address
        ("GET", "/api/x", {"cookie": f"greyspace_{PORT}=guess"}, 401),
        ("GET", "/api/x", {"cookie": f"greyspace_1={TOKEN}"}, 401),
        ("GET", "/api/x", {**INSIDE, "host": f"evil.example:{PORT}"}, 421),
        ("GET", "/api/x", {**INSIDE, "host": "127.0.0.1:1"}, 421),
        ("GET", "/api/x", {**INSIDE, "host": f"192.0.2.7:{PORT}"}, 421),
        ("GET", "/api/x?" + "a" * 5000, INSIDE, 414),
        ("POST", "/api/x", INSIDE, 403),
        ("DELETE", "/api/x", INSIDE, 403),
        ("POST", "/api/x", {**OWN, "origin": "http://evil.example"}, 403),
        ("POST", "/api/x", {**OWN, "origin": "null"}, 403),
        ("POST", "/api/x", {**OWN, "sec-fetch-site": "cross-site"}, 403),
        ("POST", "/api/x", {**OWN, "content-type": "text/plain"}, 415),
        ("POST", "/api/x", {**OWN, "content-length": str(LARGEST + 1)}, 413),
        ("POST", "/api/x", OWN, 200),
        ("DELETE", "/api/x", OWN, 200),
        ("GET", "/api/x", {**INSIDE, "host": f"localhost:{PORT}"}, 200),
    ],
)
def test_only_the_page_itself_is_let_in(method: str, path: str, headers: dict[str, str], status: int) -> None:
    came = _ask(method, path, headers)
    assert came.status_code == status
    if status != 200:
        assert len(came.text if path.startswith("/?") or path == "/" else came.json()["error"]) > 10
    assert "default-src 'self'" in came.headers["content-security-policy"]
    assert came.headers["x-content-type-options"] == "nosniff"


def test_what_does_not_say_how_long_it_is_is_cut_off_where_it_is_too_long() -> None:
    async def endless() -> Any:
        while True:
            yield b"x" * 10_000

    assert _ask("POST", "/api/x", OWN, content=endless()).status_code == 413


def test_others_reach_a_server_by_its_number_and_never_by_a_name_that_somebody_else_gave_it() -> None:
    for host, status in ((f"192.0.2.7:{PORT}", 200), (f"[2001:db8::7]:{PORT}", 200), (f"evil.example:{PORT}", 421)):
        assert _ask("GET", "/api/x", {**INSIDE, "host": host}, host="0.0.0.0").status_code == status
    assert not is_loopback("0.0.0.0")
    assert is_loopback("127.0.0.2")


@given(
    st.dictionaries(
        st.sampled_from(["cookie", "host", "origin", "content-length", "content-type", "sec-fetch-site"]),
        st.text(st.characters(min_codepoint=33, max_codepoint=255), max_size=40),
    )
)
def test_whatever_a_header_holds_the_guard_answers(headers: dict[str, str]) -> None:
    async def ask() -> int:
        sent: list[dict[str, Any]] = []
        scope = {
            "type": "http", "method": "POST", "path": "/api/x", "query_string": b"token=\xff%zz&=&&",
            "headers": [(name.encode(), value.encode("latin-1")) for name, value in headers.items()],
        }  # fmt: skip

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: Any) -> None:
            sent.append(message)

        await _guard()(scope, receive, send)
        return int(sent[0]["status"])

    assert asyncio.run(ask()) in (401, 403, 413, 415, 421)
