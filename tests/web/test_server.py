"""The explorer as a page sees it: questions, jobs, limits; and what becomes of its processes."""

import os
import signal
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis.errors import Unsatisfiable

from greyspace.country import load_pack
from greyspace.study.atlas import MEASURES
from greyspace.study.whatif import Question
from greyspace.web.explorer import Served
from greyspace.web.server import create
from listening import Running, events, until

ASKED: dict[str, Any] = {"client": "one-of-the-tests", "country": "toyland"}


def _ask(page: httpx.Client, **more: Any) -> list[tuple[str, Any]]:
    with page.stream("POST", "/api/whatif", json={**ASKED, **more}) as answer:
        assert answer.status_code == 200, answer.read()
        return list(events(answer.iter_lines()))


def _job(page: httpx.Client, **more: Any) -> dict[str, Any]:
    answer = page.post("/api/runs", json={"country": "toyland", "first": 2024, "scale": 0.01, **more})
    assert answer.status_code == 202, answer.text
    return dict(answer.json())


def _alive(process: int | None) -> bool:
    return process is not None and Path(f"/proc/{process}").exists()


def test_the_first_view_is_there_and_says_what_it_is(page: httpx.Client) -> None:
    assert "greyspace" in page.get("/").text
    meta = page.get("/api/meta").json()
    assert meta["default_country"] == "toyland"
    assert "no tool of surveillance" in meta["about"]
    about = page.get("/api/countries/toyland").json()
    assert [place["id"] for place in about["provinces"]] == ["capital_city", "northshire"]
    for preset in about["presets"]:
        for name, value in preset["sliders"].items():
            slider = next(each for each in about["sliders"] if each["id"] == name)
            assert slider["low"] <= value <= slider["high"]
    measures = page.get("/api/measures").json()
    assert [each["id"] for each in measures] == list(MEASURES)
    assert all(each["label"]["en"] and each["label"]["ko"] for each in measures)
    series = page.get("/api/countries/toyland/series", params={"measure": "act.trade.paid", "by": "province"}).json()
    assert series["years"] == list(range(2020, 2025))
    assert set(series["values"]) == {"nation", "capital_city", "northshire"}


def test_an_answer_comes_coarse_then_by_year_then_whole_and_is_what_the_model_says(
    running: Running, page: httpx.Client
) -> None:
    told = _ask(page, since=2023, sliders={"power": 18})
    names = [name for name, _ in told]
    assert names == ["coarse", "year", "year", "done"]
    assert told[0][1]["label"].startswith("coarse")
    done = told[-1][1]
    assert [what["year"] for name, what in told if name == "year"] == [2023, 2024]
    question = Question(running.explorer.served.packs["toyland"], "history", 2023, 2024, {"power.least_hours": 18.0})
    assert done["answer"] == question.answer
    assert done["changed_from"] == "2023-01-02"
    again = _ask(page, since=2023, sliders={"power": 18})
    assert [name for name, _ in again] == ["coarse", "done"]
    assert again[0][1]["kind"] == "exact"
    assert again[-1][1]["values"] == done["values"]
    by_place = page.get(f"/api/answers/{done['answer']}/series", params={"measure": "act.trade.begun", "by": "region"})
    assert by_place.json()["values"]["nation"] == done["values"]["act.trade.begun"]


def test_what_single_changes_make_is_added_up_where_it_is_known(page: httpx.Client) -> None:
    moved = _ask(page, since=2023, sliders={"power": 24})[-1][1]["values"]
    away = _ask(page, since=2023, off=["human_network"])[-1][1]["values"]
    coarse = _ask(page, since=2023, sliders={"power": 12}, off=["human_network"])[0][1]
    usual = page.get("/api/countries/toyland/series", params={"measure": "act.trade.begun"}).json()["values"]["nation"]
    assert coarse["kind"] in ("combined", "exact")
    name = "act.trade.begun"
    halves = [np.array(values[name]) for values in (moved, away)]
    # 18 hours were asked before, so that 12 lie between 0 and 18.
    both = np.array(coarse["values"][name])
    low, high = np.minimum(0, halves[0] - usual), np.maximum(0, halves[0] - usual)
    assert (both - halves[1] >= low - 1e-6 * np.abs(both)).all()
    assert (both - halves[1] <= high + 1e-6 * np.abs(both)).all()


def test_the_newest_question_of_a_client_takes_the_place_of_the_one_before(
    running: Running, page: httpx.Client
) -> None:
    older: list[list[tuple[str, Any]]] = []
    with running.client() as first:
        asking = threading.Thread(target=lambda: older.append(_ask(first, since=2020, sliders={"power": 5})))
        asking.start()
        assert until(lambda: bool(running.explorer.live.at_work))
        newer = _ask(page, since=2024, sliders={"power": 6})
        asking.join(60)
    assert older[0][-1][0] == "cancelled"
    assert newer[-1][0] == "done"
    assert until(lambda: not running.explorer.live.at_work)


def test_fifty_at_once_are_all_answered_and_the_same_question_is_lived_once(running: Running) -> None:
    before = running.explorer.live.begun

    def one(number: int) -> str:
        with running.client() as client:
            assert client.get("/api/countries/toyland").status_code == 200
            told = _ask(client, client=f"client-{number:03}", since=2024, sliders={"power": float(7 + number % 3)})
            return str(told[-1][0])

    with ThreadPoolExecutor(50) as pool:
        assert set(pool.map(one, range(50))) == {"done"}
    assert running.explorer.live.begun - before <= 3


def test_who_leaves_frees_the_process_and_one_that_dies_is_replaced(running: Running, page: httpx.Client) -> None:
    live_ = running.explorer.live
    with page.stream("POST", "/api/whatif", json={**ASKED, "since": 2020, "sliders": {"power": 9}}) as answer:
        next(iter(events(answer.iter_lines())))
        assert until(lambda: bool(live_.at_work))
    assert until(lambda: not live_.at_work)

    with page.stream("POST", "/api/whatif", json={**ASKED, "since": 2020, "sliders": {"power": 10}}) as answer:
        told = events(answer.iter_lines())
        assert until(lambda: bool(live_.at_work))
        process = live_.at_work[0]
        os.kill(process, signal.SIGKILL)
        last = list(told)[-1]
    assert last[0] == "error"
    assert "memory" in last[1]["error"]
    assert process not in live_.processes
    assert len(live_.processes) == 2
    assert _ask(page, since=2024, sliders={"power": 10})[-1][0] == "done"


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"country": "nowhere"}, "nowhere"),
        ({"scenario": "histroy"}, "histroy"),
        ({"sliders": {"power": 25}}, "0 to 24"),
        ({"sliders": {"magic": 1}}, "magic"),
        ({"off": ["magic"]}, "magic"),
        ({"since": 1990}, "1990"),
        ({"until": 2025}, "2025"),
        ({"client": "a b"}, "client"),
        ({"more": 1}, "more"),
        ({"country": "../../etc"}, "country"),
    ],
)
def test_what_cannot_be_asked_is_refused_in_a_sentence(page: httpx.Client, body: dict[str, Any], words: str) -> None:
    answer = page.post("/api/whatif", json={**ASKED, **body})
    assert answer.status_code in (404, 422)
    assert list(answer.json()) == ["error"]
    assert words in answer.json()["error"]


def test_a_run_goes_on_by_itself_tells_how_far_it_is_and_can_be_read(running: Running, page: httpx.Client) -> None:
    job = _job(page)
    assert _job(page)["id"] == job["id"]  # the same run is not begun twice
    with running.client() as other, other.stream("GET", f"/api/jobs/{job['id']}/events") as answer:
        told = [what for _, what in events(answer.iter_lines())]
    assert told[-1]["state"] == "done", told[-1]
    assert any(0 < each["done"] < each["of"] for each in told)
    assert job["id"] in [each["id"] for each in page.get("/api/jobs").json()]
    run = told[-1]["result"]["answer"]
    assert run in [each["id"] for each in page.get("/api/countries/toyland/runs").json()]
    series = page.get(f"/api/answers/{run}/series", params={"measure": "act.trade.begun"}).json()
    assert series["years"] == [2024]
    assert "individuals" in series["label"]
    assert until(lambda: running.explorer.jobs.process is None)


def test_a_run_that_is_cancelled_or_killed_frees_its_process_and_the_next_one_runs(
    running: Running, page: httpx.Client
) -> None:
    jobs = running.explorer.jobs
    one, two = _job(page, first=2020, seed=2), _job(page, first=2020, seed=3)
    assert until(lambda: jobs.process is not None)
    process = jobs.process
    assert page.delete(f"/api/jobs/{one['id']}").json()["state"] == "cancelled"
    assert not _alive(process)
    assert until(lambda: page.get(f"/api/jobs/{two['id']}").json()["state"] == "running")
    process = jobs.process
    assert process is not None
    os.kill(process, signal.SIGKILL)
    assert until(lambda: page.get(f"/api/jobs/{two['id']}").json()["state"] == "failed")
    assert "memory" in page.get(f"/api/jobs/{two['id']}").json()["error"]
    assert not _alive(process)


def test_beyond_the_limits_nothing_is_begun(page: httpx.Client) -> None:
    run = {"country": "toyland"}
    for body, words in (({"scale": 0.5}, "scale"), ({"first": 1990}, "1990"), ({"seed": -1}, "seed")):
        answer = page.post("/api/runs", json={**run, **body})
        assert answer.status_code == 422
        assert words in answer.json()["error"]
    compare = {"country": "toyland", "a": "history", "b": "no-gates"}
    for body, words in (({"draws": 1000}, "32"), ({"b": "history"}, "nothing to hold"), ({"b": "none"}, "none")):
        answer = page.post("/api/compares", json={**compare, **body})
        assert answer.status_code in (404, 422)
        assert words in answer.json()["error"]
    assert page.post("/api/whatif", content=b"{" * 10, headers={"content-type": "application/json"}).status_code == 422
    assert page.post("/api/whatif", json={**ASKED, "off": ["x" * 70_000]}).status_code == 413


def test_too_many_questions_are_sent_away_for_a_while(
    running: Running, page: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("greyspace.web.live.WAITING", 0)
    answer = page.post("/api/whatif", json={**ASKED, "since": 2024, "sliders": {"power": 1}})
    assert answer.status_code == 503
    assert int(answer.headers["retry-after"]) > 0


def test_two_scenarios_are_compared_with_bands_that_name_how_many_lives_they_rest_on(page: httpx.Client) -> None:
    body = {"country": "toyland", "a": "history", "b": "full-power", "draws": 1, "seeds": 0}
    job = page.post("/api/compares", json=body).json()
    with page.stream("GET", f"/api/jobs/{job['id']}/events") as answer:
        last = [what for _, what in events(answer.iter_lines())][-1]
    assert last["state"] == "done", last
    compare = last["result"]["compare"]
    assert page.post("/api/compares", json=body).json()["result"]["compare"] == compare
    (kept,) = page.get("/api/countries/toyland/compares").json()
    assert (kept["id"], kept["draws"], kept["seeds"], kept["runs"]) == (compare, 1, 0, 4)
    found = page.get(
        f"/api/compares/{compare}/series", params={"measure": "supply.power_home", "by": "province"}
    ).json()
    nation = found["places"]["nation"]
    assert nation["b"] == pytest.approx([24.0] * 5)
    np.testing.assert_allclose(np.array(nation["b"]) - nation["a"], nation["difference"], rtol=1e-5)
    assert (nation["draws"]["runs"], nation["seeds"]["runs"]) == (2, 0)
    assert nation["structures"] == {"runs": 0, "low": [], "mid": [], "high": []}


def test_evidence_and_claims_are_told_with_their_sources(page: httpx.Client) -> None:
    pack = load_pack("toyland")
    told = page.get("/api/countries/toyland/evidence").json()
    assert [each["id"] for each in told] == list(pack.parameters)
    sources = {each["id"] for each in page.get("/api/countries/toyland/sources").json()}
    assert {row["source"] for each in told for row in each["evidence"]} <= sources
    assert page.get("/api/countries/toyland/claims").json()["claims"] == []


def test_a_synthetic_persons_month_is_told(page: httpx.Client) -> None:
    asked = {"profile": "office_female_middle", "region": "capital_city_urban", "month": "2020-03", "seed": 4}
    told = page.get("/api/countries/toyland/footprint", params=asked)
    assert told.status_code == 200, told.text
    assert told.json()["person"]["region"] == "capital_city_urban"
    assert len(told.json()["days"]) == 31
    wrong = page.get("/api/countries/toyland/footprint", params={**asked, "profile": "king"})
    assert wrong.status_code == 422
    assert "king" in wrong.json()["error"]


@pytest.mark.parametrize(
    "path",
    [
        "/../secret.txt", "/%2e%2e/secret.txt", "/assets/../../secret.txt", "/assets/%2e%2e%2f%2e%2e%2fsecret.txt",
        "//etc/passwd", "/assets/", "/assets", "/secret.txt", "/api/answers/../../secret", "/api/nothing",
        "/api/answers/..%2f..%2fsecret/series?measure=act.trade.paid", "/api/compares/%2e%2e%2fsecret/series?measure=x",
        "/api/countries/..%2fdprk", "/docs", "/redoc",
    ],
)  # fmt: skip
def test_no_path_reaches_the_file_system(running: Running, path: str) -> None:
    """Asked as it stands: a client would tidy the path up first."""
    import http.client

    asking = http.client.HTTPConnection(running.base.removeprefix("http://"), timeout=30)
    cookie = f"greyspace_{running.base.rpartition(':')[2]}={running.token}"
    asking.request("GET", path, headers={"Cookie": cookie})
    answer = asking.getresponse()
    said = answer.read()
    asking.close()
    assert answer.status in (404, 422)
    assert b"nobody may read this" not in said
    assert b"Traceback" not in said


_OPERATIONS = schemathesis.openapi.from_dict(
    create(Served({}, {}, Path("nowhere"), "toyland", ahead=False), Path("nowhere")).openapi()
)


@pytest.mark.parametrize("country", ["toyland", None])
@pytest.mark.parametrize("mode", list(schemathesis.GenerationMode))
def test_whatever_is_asked_there_is_no_fault(running: Running, mode: Any, country: str | None) -> None:
    """Each route, with what its description allows and what it does not: never a fault, and no traceback."""
    cookie = f"greyspace_{running.base.rpartition(':')[2]}={running.token}"
    headers = {"Cookie": cookie, "Origin": running.base}

    def examine(operation: Any) -> None:
        given_ = (
            {} if country is None or "{country}" not in operation.path else {"path_parameters": {"country": country}}
        )

        @given(operation.as_strategy(generation_mode=mode, **given_))
        @settings(max_examples=6, suppress_health_check=list(HealthCheck), deadline=None)
        def each(case: Any) -> None:
            answer = case.call(base_url=running.base, headers=headers, timeout=60)
            assert answer.status_code < 500, (case.as_curl_command(), answer.text)
            assert "Traceback" not in answer.text

        # Some routes ask for nothing that could be wrong.
        with suppress(Unsatisfiable):
            each()

    for found in _OPERATIONS.get_all_operations():
        operation = found.ok()
        # Each month that exists would be lived.
        if not (country and operation.path.endswith("/footprint")):
            examine(operation)
