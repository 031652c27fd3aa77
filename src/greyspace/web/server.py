"""The routes of the explorer, and how it is started."""

import asyncio
import json
import logging
import secrets
import socket
from collections.abc import AsyncIterator, Callable
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import uvicorn
from fastapi import FastAPI, Query, Request
from fastapi import Path as InPath
from fastapi.encoders import jsonable_encoder
from fastapi.exceptions import RequestValidationError
from fastapi.responses import FileResponse, JSONResponse, Response, StreamingResponse
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp

from greyspace import __version__
from greyspace.errors import FolderError, InputError
from greyspace.study.atlas import MEASURES
from greyspace.web import facts, shapes
from greyspace.web.answers import Answer, Moves
from greyspace.web.explorer import MOST_DRAWS, MOST_SCALE, MOST_SEEDS, Explorer, Refusal, Served, known
from greyspace.web.guard import LARGEST, Guard, is_number
from greyspace.web.jobs import WAITING, Job
from greyspace.web.live import Full
from greyspace.web.tasks import plain
from greyspace.web.workers import FAULT

MOST_MEASURES = 24

AGAIN = 5
"""Seconds after which somebody who was sent away may ask again."""

_LOG = logging.getLogger("greyspace.web")

_Id = Annotated[str, InPath(pattern=r"^[a-z][a-z0-9_-]{0,63}$")]
_Hex = Annotated[str, InPath(pattern=r"^[0-9a-f]{16}$")]
_JobId = Annotated[str, InPath(pattern=r"^[0-9a-f]{8}$")]
_By = Annotated[str, Query(pattern=r"^(nation|province|region)$")]
_Name = Annotated[str, Query(pattern=r"^[a-z][a-z0-9_-]{0,63}$")]
_Measure = Annotated[str, Query(pattern=r"^[a-z][a-z0-9_.]{0,95}$")]
_Measures = Annotated[
    list[Annotated[str, Query(pattern=r"^[a-z][a-z0-9_.]{0,95}$")]], Query(min_length=1, max_length=MOST_MEASURES)
]

_REFUSALS: dict[int | str, dict[str, Any]] = {
    status: {"model": shapes.Mistake} for status in (400, 401, 403, 404, 405, 413, 415, 421, 422, 500, 503)
}


def create(served: Served, static: Path) -> FastAPI:
    """The application with the files of a page, without its guard; its processes start when the server does."""
    explorer = Explorer(served)
    app = FastAPI(
        title="greyspace explorer", version=__version__, openapi_url="/api/openapi.json",
        docs_url=None, redoc_url=None, responses=_REFUSALS,
    )  # fmt: skip
    app.state.explorer = explorer
    _mistakes(app)
    _about(app, explorer)
    _answers(app, explorer)
    _footprints(app, explorer)
    _what_if(app, explorer)
    _jobs(app, explorer)
    _page(app, static)
    return app


def _mistakes(app: FastAPI) -> None:
    """Every mistake is one sentence."""

    def told(status: int, sentence: str) -> JSONResponse:
        headers = {"retry-after": str(AGAIN)} if status == 503 else None
        return JSONResponse({"error": sentence}, status, headers)

    @app.exception_handler(Refusal)
    async def refusal(_: Request, why: Refusal) -> Response:
        return told(why.status, str(why))

    @app.exception_handler(Full)
    async def full(_: Request, __: Full) -> Response:
        return told(503, "too many questions wait: ask again in a few seconds.")

    @app.exception_handler(InputError)
    async def mistake(_: Request, why: InputError) -> Response:
        return told(422, str(why))

    @app.exception_handler(FolderError)
    async def folder(_: Request, why: FolderError) -> Response:
        # Where a folder is, is nobody's business who only sees the page.
        _LOG.warning("%s", why)
        return told(503, "the folder of results refuses: the terminal in which the explorer runs says why.")

    @app.exception_handler(RequestValidationError)
    async def invalid(_: Request, why: RequestValidationError) -> Response:
        first = why.errors()[0]
        where = ".".join(str(part) for part in first["loc"][1:])
        return told(422, f"{where or 'the question'}: {str(first['msg']).lower()}.")

    @app.exception_handler(HTTPException)
    async def http(_: Request, why: HTTPException) -> Response:
        return told(why.status_code, f"{str(why.detail).lower().rstrip('.')}.")

    @app.exception_handler(Exception)
    async def fault(_: Request, why: Exception) -> Response:
        _LOG.error("a fault in greyspace", exc_info=why)
        return told(500, FAULT)


def _about(app: FastAPI, explorer: Explorer) -> None:
    served = explorer.served
    measures = [facts.measure(measure) for measure in MEASURES.values()]

    @app.get("/api/meta")
    async def meta() -> shapes.Meta:
        """What this is, and what it refuses."""
        return shapes.Meta(
            version=__version__,
            cite=facts.CITE,
            licence="Apache-2.0 (program), CC-BY-4.0 (data and texts)",
            about=facts.ABOUT,
            default_country=served.default,
            countries=[
                shapes.CountryName(id=pack.id, title=pack.title, stylised=pack.stylised)
                for pack in served.packs.values()
            ],
            limits=shapes.Limits(
                scale=MOST_SCALE, draws=MOST_DRAWS, seeds=MOST_SEEDS, jobs=WAITING, body_bytes=LARGEST
            ),
            cores=served.cores,
            footprint=True,
        )

    @app.get("/api/measures")
    async def all_measures() -> list[shapes.Measure]:
        """All measures."""
        return measures

    @app.get("/api/countries/{country}")
    async def about(country: _Id) -> shapes.Country:
        """A country: its places, scenarios, systems, and what can be moved."""
        return known(explorer.pack(country))

    @app.get("/api/countries/{country}/evidence")
    async def evidence(country: _Id) -> list[shapes.Parameter]:
        """Every parameter of a country, with what it rests on."""
        return [facts.parameter(each) for each in explorer.pack(country).parameters.values()]

    @app.get("/api/countries/{country}/sources")
    async def sources(country: _Id) -> list[shapes.Source]:
        """Every source of a country."""
        pack = explorer.pack(country)
        return [facts.source(pack, name) for name in pack.sources]

    @app.get("/api/countries/{country}/claims")
    async def claims(country: _Id) -> shapes.Claims:
        """The claims of a country, and what became of those that were run."""
        return await asyncio.to_thread(facts.claims, explorer.pack(country), served.results)


def _answers(app: FastAPI, explorer: Explorer) -> None:
    @app.get("/api/countries/{country}/series")
    async def series(
        country: _Id, measure: _Measures, scenario: _Name = "history", until: int | None = None, by: _By = "nation"
    ) -> shapes.Series:
        """A scenario as it is; worked out when it is asked for the first time."""
        moves = explorer.moves(country, scenario, None, until, {}, ())
        explorer.known_measures(measure)
        found = await explorer.answered(moves)
        return explorer.series(found.id, found.label, country, scenario, measure, by)

    @app.get("/api/answers/{answer}/series")
    async def of_answer(answer: _Hex, measure: _Measures, by: _By = "nation") -> shapes.Series:
        """An answer that was given, or a finished run."""
        explorer.known_measures(measure)
        country, scenario, label = await asyncio.to_thread(explorer.whose, answer)
        return explorer.series(answer, label, country, scenario, measure, by)


def _footprints(app: FastAPI, explorer: Explorer) -> None:
    @app.get("/api/countries/{country}/footprint")
    async def footprint(
        country: _Id,
        profile: _Name,
        region: _Name,
        month: Annotated[str, Query(pattern=r"^20[0-9]{2}-(0[1-9]|1[0-2])$")] = "2024-05",
        seed: Annotated[int, Query(ge=0, le=2**32 - 1)] = 1,
        scenario: _Name = "history",
        off: Annotated[str, Query(pattern=r"^([a-z_]+(,[a-z_]+)*)?$", max_length=400)] = "",
    ) -> dict[str, Any]:
        """A synthetic person's month: what each system wrote down, what can be joined, what singles the person out."""
        moves = explorer.moves(country, scenario, None, None, {}, [name for name in off.split(",") if name])
        return await explorer.footprint(moves, date.fromisoformat(f"{month}-01"), profile, region, seed)


def _what_if(app: FastAPI, explorer: Explorer) -> None:
    @app.post("/api/whatif", response_class=StreamingResponse, responses={200: {"content": {"text/event-stream": {}}}})
    async def whatif(asked: shapes.WhatIf) -> Response:
        """What if something were otherwise: a coarse answer at once, then year by year, then the whole."""
        moves = explorer.moves(asked.country, asked.scenario, asked.since, asked.until, asked.sliders, asked.off)
        return StreamingResponse(await _told(explorer, moves, asked.client), media_type="text/event-stream")


async def _told(explorer: Explorer, moves: Moves, client: str) -> AsyncIterator[str]:
    """The events of one question, from the moment at which it has a place."""
    key = explorer.key(moves)
    coarse = explorer.answers.coarse(moves, key)
    known_already = explorer.answers.get(key)
    queue: asyncio.Queue[Any] = asyncio.Queue()
    ticket = None
    if known_already is None:
        ticket = explorer.ticket(moves)
        queue = explorer.live.listen(ticket)
    explorer.newest(client, queue)

    async def events() -> AsyncIterator[str]:
        began = asyncio.get_running_loop().time()
        try:
            if coarse is not None:
                near = coarse.near.moves
                yield event(
                    "coarse",
                    kind=coarse.kind,
                    label=coarse.label,
                    years=coarse.years,
                    values=lines(coarse.values),
                    near={"sliders": near.sliders if near else {}, "off": near.off if near else []},
                )
            if ticket is None:
                assert known_already is not None
                yield done(known_already, 0.0)
                return
            ahead = explorer.live.ahead_of(ticket)
            if ahead:
                yield event("waiting", ahead=ahead)
            while True:
                kind, what = await queue.get()
                if kind == "told":
                    year, values = what
                    yield event("year", year=year, values=values)
                elif kind == "done":
                    found = explorer.answers.get(key)
                    if found is not None:
                        yield done(found, asyncio.get_running_loop().time() - began)
                    else:
                        yield event("error", error=FAULT)
                    return
                elif kind in ("refused", "mistake"):
                    yield event("error", error=what)
                    return
                else:
                    yield event("cancelled")
                    return
        finally:
            explorer.gone(client, queue)
            if ticket is not None:
                explorer.live.leave(ticket, queue)

    return events()


def done(found: Answer, seconds: float) -> str:
    """The whole answer, as an event."""
    return event(
        "done",
        answer=found.id,
        label=found.label,
        changed_from=found.changed_from,
        years=found.years,
        values=lines(found.values),
        seconds=round(seconds, 3),
    )


def lines(values: Any) -> dict[str, list[float | None]]:
    """Measures by year, as JSON has them."""
    return {name: plain(row) for name, row in zip(MEASURES, values, strict=True)}


def event(name: str, **what: Any) -> str:
    """One event of a stream."""
    return f"event: {name}\ndata: {json.dumps(jsonable_encoder(what), ensure_ascii=False, allow_nan=False)}\n\n"


def _jobs(app: FastAPI, explorer: Explorer) -> None:
    def of(job: str) -> Job:
        found = explorer.jobs.get(job)
        if found is None:
            raise Refusal(404, f"there is no job '{job}'.")
        return found

    @app.get("/api/jobs")
    async def jobs() -> list[shapes.Job]:
        """All jobs, newest first."""
        return [job_of(job) for job in explorer.jobs.list()]

    @app.get("/api/jobs/{job}")
    async def one(job: _JobId) -> shapes.Job:
        """One job."""
        return job_of(of(job))

    @app.delete("/api/jobs/{job}")
    async def cancel(job: _JobId) -> shapes.Job:
        """Cancel a job: its process is ended at once. One that is ended stays as it is."""
        explorer.jobs.cancel(of(job))
        return job_of(of(job))

    @app.get(
        "/api/jobs/{job}/events",
        response_class=StreamingResponse,
        responses={200: {"content": {"text/event-stream": {}}}},
    )
    async def events(job: _JobId) -> Response:
        """A job now, and each time that it changes, until it is ended."""
        found = of(job)

        async def told() -> AsyncIterator[str]:
            async for each in explorer.jobs.changes(found):
                yield event("job", **job_of(each).model_dump())

        return StreamingResponse(told(), media_type="text/event-stream")

    @app.post("/api/runs", status_code=202)
    async def start(wanted: shapes.NewRun) -> shapes.Job:
        """Start a run of individuals."""
        return job_of(explorer.run(wanted))

    @app.get("/api/countries/{country}/runs")
    async def runs(country: _Id) -> list[shapes.FinishedRun]:
        """Finished runs of the folder of results."""
        return await asyncio.to_thread(explorer.runs, country)

    @app.post("/api/compares", status_code=202)
    async def compare(wanted: shapes.NewCompare, answer: Response) -> shapes.Job:
        """Compare two scenarios; 200 where that was done before."""
        job = explorer.compare(wanted)
        if job.state == "done":
            answer.status_code = 200
        return job_of(job)

    @app.get("/api/countries/{country}/compares")
    async def compares(country: _Id) -> list[shapes.Compared]:
        """Comparisons that are kept."""
        return await asyncio.to_thread(explorer.compares, country)

    @app.get("/api/compares/{compare}/series")
    async def compared(compare: _Hex, measure: _Measure, by: _By = "nation") -> shapes.ComparedSeries:
        """A comparison, for one measure."""
        return await asyncio.to_thread(explorer.compared_series, compare, measure, by)


def job_of(job: Job) -> shapes.Job:
    """A job in the shape of the page."""
    return shapes.Job.model_validate({name: getattr(job, name) for name in shapes.Job.model_fields})


def _page(app: FastAPI, static: Path) -> None:
    """The files of the page, each by its exact name: nothing else can be asked for."""
    files = {path.relative_to(static).as_posix(): path for path in sorted(static.rglob("*")) if path.is_file()}

    def serving(path: Path, name: str) -> Callable[[], Any]:
        # What the build names by its content never changes.
        cached = "public, max-age=31536000, immutable" if name.startswith("assets/") else "no-cache"

        async def file() -> FileResponse:
            return FileResponse(path, headers={"cache-control": cached})

        return file

    for name, path in files.items():
        app.get(f"/{name}", include_in_schema=False)(serving(path, name))
    if "index.html" in files:
        app.get("/", include_in_schema=False)(serving(files["index.html"], "index.html"))


# -- starting it


def guarded(app: ASGIApp, token: str, host: str, port: int) -> Guard:
    """An application behind its guard, as it is known on a host and port."""
    names = {f"localhost:{port}", f"127.0.0.1:{port}", f"[::1]:{port}", f"{host}:{port}"}
    local = is_loopback(host)
    if not local:
        names.add(f"{socket.gethostname()}:{port}")
    return Guard(app, token, port, names, numbers=not local)


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches a host."""
    return host == "localhost" or host == "::1" or (is_number(host) and host.startswith("127."))


def serve(served: Served, static: Path, host: str, port: int, ready: Callable[[str], None]) -> None:
    """Serve until Ctrl-C. ``ready`` is called with the address, token and all, once the first view can be shown.

    InputError where the host or port cannot be had.
    """
    server, bound = prepared(served, static, host, port, ready)
    try:
        server.run([bound])
    except KeyboardInterrupt:
        # Until it is ready, somebody has stopped what was going on; then, Ctrl-C is how it ends.
        if not server.started:
            raise
    finally:
        bound.close()


def prepared(
    served: Served, static: Path, host: str, port: int, ready: Callable[[str], None]
) -> tuple[uvicorn.Server, socket.socket]:
    """A server that has its port, and waits to be run. InputError as ``serve``."""
    bound = _bound(host, port)
    port = bound.getsockname()[1]
    token = secrets.token_urlsafe(24)
    app = create(served, static)
    config = uvicorn.Config(
        guarded(app, token, host, port), log_level="warning", access_log=False, server_header=False,
        date_header=False, lifespan="off", timeout_graceful_shutdown=1,
    )  # fmt: skip
    shown = f"[{host}]" if ":" in host else "127.0.0.1" if host == "0.0.0.0" else host

    explorer: Explorer = app.state.explorer

    class Server(uvicorn.Server):
        async def serve(self, sockets: list[socket.socket] | None = None) -> None:
            try:
                await explorer.start()
                await super().serve(sockets)
            finally:
                explorer.close()

        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            ready(f"http://{shown}:{port}/?token={token}")

    return Server(config), bound


def _bound(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    bound = socket.socket(family, socket.SOCK_STREAM)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((host, port))
    except (OSError, OverflowError) as refused:
        bound.close()
        why = getattr(refused, "strerror", None) or str(refused)
        raise InputError(f"--host {host} --port {port}: cannot be had here ({why.lower()}).") from None
    return bound
