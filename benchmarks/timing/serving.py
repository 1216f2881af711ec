"""The server under load: `tracker serve` on 20,000 claims, asked over HTTP on the same machine (point 8).

    python benchmarks/run.py --only serving [--seconds 60]

Three runs, each with a server of its own: one client, who asks the next question when the last one is answered; eight
at once, with one process that searches; and eight with two. Beside them the same questions are put to `Tracker.search`
in one process, without a server: what the server adds is the ratio. The clients are threads of one process, on the same
cores as the server. Memory is that of the server and the processes it has started, after a tenth of the time and at the
end.
"""

from __future__ import annotations

import http.client
import json
import re
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from timing.places import place
from timing.processes import TRACKER, environment, module, run
from timing.tables import target
from timing.warm import quantiles

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Iterator, Sequence

WARMED = 20  # questions asked before any is timed
MANY = 8  # clients


def measure(options: Namespace) -> dict[str, Any]:
    """The three servers and the library, one after the other."""
    here = place(options.claims, options.data)
    told = [load(here.store, here.queries, clients, searchers, options.seconds) for clients, searchers in _RUNS]
    alone = quantiles(run(module("serving", here.store, here.folder / "queries.json")).told)
    one, _, two = told
    return {
        "claims": here.claims,
        "seconds": options.seconds,
        "rows": [{"asked": "Tracker.search in one process", **alone}, *told],
        "targets": [
            target("one client: p50 of POST /search", one["p50 ms"], 25, unit="ms"),
            target("the same / Tracker.search without a server", one["p50 ms"] / alone["p50 ms"], 1.2),
            target(f"{MANY} clients, 2 searchers: requests a second", two["a second"], 50, at_least=True, unit="/s"),
            target("errors", sum(each["errors"] for each in told), 1, unit=""),
            target("memory at the end / after a tenth of the time", two["MB"] / two["MB at first"], 1.1),
        ],
    }


_RUNS = ((1, 1), (MANY, 1), (MANY, 2))  # clients, processes that search


def load(store: Path, queries: Sequence[str], clients: int, searchers: int, seconds: float) -> dict[str, Any]:
    """One server asked by so many clients for so long."""
    with _server(store, searchers) as (address, pid), ThreadPoolExecutor(clients) as pool:
        for query in queries[:WARMED]:
            _ask(http.client.HTTPConnection(address), query)
        numbers, times, errors, first = count(), list[float](), list[int](), list[float]()
        start = time.perf_counter()

        def client() -> None:
            connection = http.client.HTTPConnection(address, timeout=60)
            while (now := time.perf_counter()) < start + seconds:
                status = _ask(connection, queries[next(numbers) % len(queries)])
                (times.append(time.perf_counter() - now) if status == 200 else errors.append(status))
                if not first and now > start + seconds / 10:
                    first.append(_megabytes(pid))

        for done in [pool.submit(client) for _ in range(clients)]:
            done.result()
        took = time.perf_counter() - start
        return {
            "asked": f"POST /search, {clients} clients, {searchers} searchers",
            **quantiles(times),
            "a second": len(times) / took,
            "errors": len(errors),
            "MB at first": first[0],
            "MB": _megabytes(pid),
        }


@contextmanager
def _server(store: Path, searchers: int) -> Iterator[tuple[str, int]]:
    """A server on a port that is free; its address and its process."""
    command = [TRACKER, "serve", "--store", str(store), "--port", "0", "--rate", "0", "--searchers", str(searchers)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment()) as process:
        assert process.stdout is not None
        found = re.search(r"http://\S+", process.stdout.readline())
        if found is None:
            sys.exit("the server did not say where it is")
        try:
            yield urlsplit(found[0]).netloc, process.pid
        finally:
            process.send_signal(signal.SIGINT)


def _ask(connection: http.client.HTTPConnection, query: str) -> int:
    body = json.dumps({"text": query, "k": 5})
    connection.request("POST", "/search", body, {"Content-Type": "application/json"})
    answer = connection.getresponse()
    answer.read()
    return answer.status


def _megabytes(pid: int) -> float:
    """What a process and those that it started hold for themselves; what they share is divided among them."""
    threads = Path(f"/proc/{pid}/task").glob("*/children")
    children = [child for thread in threads for child in thread.read_text().split()]
    own = re.findall(r"^Pss:\s+(\d+)", Path(f"/proc/{pid}/smaps_rollup").read_text(), re.MULTILINE)
    return sum(map(int, own)) / 1024 + sum(_megabytes(int(child)) for child in children)


def main() -> None:
    """Print the seconds of each search in one process, as one line of JSON."""
    from tracker.pipeline import Tracker

    store, file = sys.argv[1:]
    queries = json.loads(Path(file).read_text(encoding="utf-8"))
    times = []
    with Tracker.open(store) as tracker:
        for query in queries[:WARMED]:
            tracker.search(query)
        for query in queries:
            start = time.perf_counter()
            tracker.search(query)
            times.append(time.perf_counter() - start)
    print(json.dumps(times))


if __name__ == "__main__":
    main()
