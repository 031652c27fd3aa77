"""How long the explorer makes people wait: one reader, then many at once who all ask something else.

    python bench/explorer.py                      the North Korean pack: ten questions of one, then fifty readers
    python bench/explorer.py --country toyland    less to do for each question

A server of its own is started with an empty folder, and asked as the page asks it. Whoever is sent away with 'ask
again' waits as long as the server says, as the page does. Each number is in seconds, by the clock.
"""

import argparse
import random
import subprocess
import sys
import tempfile
import threading
import time
from typing import Any

import httpx
from floors import machine_in_words
from rich.console import Console
from rich.table import Table

START = "import sys; from greyspace.cli.app import main; sys.exit(main())"
PATIENCE = 1800.0


def main() -> None:
    """Measure and print; the status is 1 where anybody got no answer."""
    reader = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    reader.add_argument("--country", default="dprk")
    reader.add_argument("--alone", type=int, default=10, metavar="N", help="questions of one reader")
    reader.add_argument("--readers", type=int, default=50, metavar="N", help="readers at once, one question each")
    asked = reader.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        words = ("explore", "--country", asked.country, "--port", "0", "--no-browser", "--quiet", "--out", folder)
        server = subprocess.Popen((sys.executable, "-c", START, *words), stdout=subprocess.PIPE, text=True)
        try:
            assert server.stdout is not None
            base, token = server.stdout.readline().strip().split("/?token=")
            failed = measure(base, token, asked.country, asked.alone, asked.readers)
        finally:
            server.terminate()
            server.wait()
    sys.exit(failed > 0)


def measure(base: str, token: str, country: str, alone: int, readers: int) -> int:
    """Ask, print, and give how many got no answer."""
    cookies = {f"greyspace_{base.rpartition(':')[2]}": token}

    def client() -> httpx.Client:
        return httpx.Client(base_url=base, cookies=cookies, headers={"origin": base}, timeout=PATIENCE)

    table = Table(title=f"greyspace explore --country {country}", caption=machine_in_words(), title_justify="left")
    for name in ("", "middle", "95th of 100", "longest", "no answer"):
        table.add_column(name, justify="left" if not name else "right")

    def tell(name: str, found: list[float], failed: int = 0) -> None:
        found = sorted(found)
        at = [found[min(len(found) - 1, int(len(found) * share))] for share in (0.5, 0.95, 1)] if found else []
        table.add_row(name, *(f"{each:.2f}" for each in at), *["–"] * (3 - len(at)), str(failed))

    with client() as one:
        began = time.perf_counter()
        about = one.get(f"/api/countries/{country}").json()
        for path in ("/", "/api/meta", "/api/measures", f"/api/countries/{country}/series?measure=act.trade.paid"):
            one.get(path).raise_for_status()
        tell("all that the first view asks", [time.perf_counter() - began])
        luck = random.Random(1)
        waited = [ask(one, country, f"alone-{n:04d}", about["sliders"], luck) for n in range(alone)]
        tell("one reader: first line", [first for first, _ in waited if first])
        tell("one reader: full answer", [full for _, full in waited if full])

    came: list[tuple[float, float]] = []

    def reads(number: int) -> None:
        with client() as each:
            came.append(ask(each, country, f"reader-{number:04d}", about["sliders"], random.Random(100 + number)))

    threads = [threading.Thread(target=reads, args=(n,)) for n in range(readers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    full = [each for _, each in came if each]
    tell(f"{readers} at once: first line", [first for first, _ in came if first])
    tell(f"{readers} at once: full answer", full, readers - len(full))
    Console(width=100).print(table)
    return readers - len(full)


def ask(client: httpx.Client, country: str, name: str, sliders: list[Any], luck: random.Random) -> tuple[float, float]:
    """Move one slider somewhere; seconds until the first line and until the whole answer, 0 for what did not come."""
    slider = luck.choice(sliders)
    value = slider["low"] + (slider["high"] - slider["low"]) * luck.random()
    body = {"client": name, "country": country, "sliders": {slider["id"]: value}}
    began, first, event = time.perf_counter(), 0.0, ""
    while time.perf_counter() - began < PATIENCE:
        with client.stream("POST", "/api/whatif", json=body) as answer:
            if answer.status_code == 503:
                time.sleep(float(answer.headers["retry-after"]))
                continue
            for line in answer.iter_lines():
                if line.startswith("event: "):
                    event = line.removeprefix("event: ")
                    since = time.perf_counter() - began
                    if event in ("coarse", "year"):
                        first = first or since
                    elif event == "done":
                        return first or since, since
            return first, 0.0
    return first, 0.0


if __name__ == "__main__":
    main()
