"""Who may ask: whoever has the token, from a page of this very server, and nothing that is too large."""

import ipaddress
import json
import secrets
from collections.abc import Collection, Iterable
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qs

from starlette.types import ASGIApp, Message, Receive, Scope, Send

LARGEST = 64 * 2**10
"""Bytes that a request may bring."""

LONGEST = 4096
"""Characters that what is asked for may have."""

_POLICY = (
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; frame-ancestors 'none'; "
    "base-uri 'none'; object-src 'none'; form-action 'none'"
)
_HEADERS = {
    "content-security-policy": _POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}

TOO_LARGE = f"a request may bring {LARGEST} bytes and no more."
NO_TOKEN = "open the address that the terminal printed: it holds the token."


class Guard:
    """Lets requests through to ``app`` that know ``token`` and are meant for one of ``names``.

    names: as what the server is known, host and port; None: any address in numbers, for a server that others reach.
    """

    def __init__(self, app: ASGIApp, token: str, port: int, names: Collection[str], numbers: bool) -> None:
        self.inner = app
        self._token = token
        self._cookie = f"greyspace_{port}"
        self._names = {name.lower() for name in names}
        self._port = port
        self._numbers = numbers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self.inner(scope, receive, send)
            return
        if scope["type"] != "http":  # no web sockets here
            return
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
        refusal = self._refusal(scope, headers)
        if refusal is not None:
            if scope["path"] == "/":  # seen by a person
                await _answer(send, refusal[0], refusal[1], {"content-type": "text/plain; charset=utf-8"})
            else:
                await _answer(send, *refusal)
            return
        if scope["path"] == "/" and scope["method"] in ("GET", "HEAD") and "token" in self._query(scope):
            cookie = f"{self._cookie}={self._token}; HttpOnly; SameSite=Strict; Path=/"
            await _answer(send, 303, "", {"location": "/", "set-cookie": cookie})
            return

        # A page that only reads brings nothing.
        brought = await _brought(receive) if scope["method"] not in ("GET", "HEAD") else b""
        if brought is None:
            await _answer(send, 413, TOO_LARGE)
            return
        messages = iter([{"type": "http.request", "body": brought, "more_body": False}])

        async def given() -> Message:
            return next(messages, None) or await receive()

        async def headed(message: Message) -> None:
            if message["type"] == "http.response.start":
                have = {name.lower() for name, _ in message["headers"]}
                extra = {**_HEADERS, "cache-control": "no-store"}
                more = [(k.encode(), v.encode()) for k, v in extra.items() if k.encode() not in have]
                message = {**message, "headers": [*message["headers"], *more]}
            await send(message)

        await self.inner(scope, given, headed)

    def _refusal(self, scope: Scope, headers: dict[str, str]) -> tuple[int, str] | None:
        if len(scope["path"]) + len(scope.get("query_string", b"")) > LONGEST:
            return 414, "the address is too long."
        if not self._meant(headers.get("host", "")):
            return 421, "this server is not known under that name."
        if not self._knows(scope, headers):
            return 401, NO_TOKEN
        if scope["method"] in ("GET", "HEAD"):
            return None
        if headers.get("origin", "").lower() != f"http://{headers['host']}".lower():
            return 403, "only the page of this server may ask for that."
        if headers.get("sec-fetch-site", "same-origin") != "same-origin":
            return 403, "only the page of this server may ask for that."
        length = headers.get("content-length", "0")
        if not length.isdecimal() or int(length) > LARGEST:
            return 413, TOO_LARGE
        if scope["method"] == "POST" and headers.get("content-type", "").partition(";")[0].strip().lower() != (
            "application/json"
        ):
            return 415, "a question is JSON (Content-Type: application/json)."
        return None

    def _meant(self, host: str) -> bool:
        """Whether a host is this server: a name that somebody else points here is not."""
        if host.lower() in self._names:
            return True
        name, _, port = host.rpartition(":")
        return self._numbers and port == str(self._port) and is_number(name.strip("[]"))

    def _query(self, scope: Scope) -> dict[str, list[str]]:
        return parse_qs(scope.get("query_string", b"").decode("latin-1"), max_num_fields=32) if self._few(scope) else {}

    def _few(self, scope: Scope) -> bool:
        return bool(scope.get("query_string", b"").count(b"&") < 32)

    def _knows(self, scope: Scope, headers: dict[str, str]) -> bool:
        given: Iterable[str] = ()
        if scope["path"] == "/" and scope["method"] in ("GET", "HEAD"):
            given = self._query(scope).get("token", ())
        try:
            cookies = SimpleCookie(headers.get("cookie", ""))
        except CookieError:
            cookies = SimpleCookie()
        known = cookies[self._cookie].value if self._cookie in cookies else ""
        return any(secrets.compare_digest(each.encode(), self._token.encode()) for each in (*given, known))


async def _brought(receive: Receive) -> bytes | None:
    """What a request brings; None where that is too much."""
    found = b""
    while True:
        message = await receive()
        found += message.get("body", b"")
        if len(found) > LARGEST:
            return None
        if not message.get("more_body"):
            return found


def is_number(host: str) -> bool:
    """Whether a host is an address in numbers, which nobody can point elsewhere."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


async def _answer(send: Send, status: int, sentence: str, headers: dict[str, str] | None = None) -> None:
    plain = "content-type" in (headers or {})
    body = b"" if not sentence else (sentence if plain else json.dumps({"error": sentence})).encode()
    told = {**_HEADERS, "cache-control": "no-store", "content-length": str(len(body)), **(headers or {})}
    if body and not plain:
        told["content-type"] = "application/json"
    await send(
        {
            "type": "http.response.start",
            "status": status,
            "headers": [(k.encode(), v.encode()) for k, v in told.items()],
        }
    )
    await send({"type": "http.response.body", "body": body})
