"""Many who watch at once: `python -m benchmarks.many_watchers [--runs 10] [--times 3]`.

Opens the dashboard in a browser, which prepares the default network, and asks for so many runs of it at pace "watch" at once,
each over a socket of its own, with seeds of their own. Prints the seconds from asking to each one's first point on its socket,
their median and the worst, one JSON line each time, and the same of how long the runs took, of which 12 s are to be watched.
"""

import argparse
import json
import statistics
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

import msgpack
from playwright.sync_api import sync_playwright
from websockets.sync.client import connect

from nnviz.catalog import PRESETS
from nnviz.spec import RunSpec
from nnviz.store import Store
from tests.browser import launch_options
from tests.e2e.test_main_line import ready
from tests.serving import Server

PRESET = PRESETS["spirals"]
DEFAULT = RunSpec.parse(
    {
        "data": {"kind": "synthetic", "name": "spirals"},
        "layers": list(PRESET.layers),
        "cost": {"kind": "CrossEntropy"},
        "optimizer": dict(PRESET.optimizer),
        "training": dict(PRESET.training),
    }
)


class Watcher(threading.Thread):
    """One socket: asks for its run once all are there, and notes when the first point comes and when the run has ended."""

    def __init__(self, server: Server, run_id: str, begin: threading.Barrier) -> None:
        super().__init__(daemon=True)
        self.run_id, self.begin = run_id, begin
        self.place = f"{server.url.replace('http', 'ws')}/nnviz/stream?runs={run_id}"
        self.first = self.last = float("nan")

    def run(self) -> None:
        with connect(self.place, max_size=None) as socket:
            self.begin.wait()
            asked = time.monotonic()
            socket.send(json.dumps({"run": self.run_id, "command": "play", "pace": "watch"}))
            while True:
                message = msgpack.unpackb(socket.recv(timeout=120))
                if self.first != self.first and has_points(message):
                    self.first = time.monotonic() - asked
                if message["type"] == "end" and self.first == self.first:
                    self.last = time.monotonic() - asked
                    return


def has_points(message: dict[str, Any]) -> bool:
    return message["type"] in ("append", "backlog") and any(columns["step"] for columns in message["steps"].values())


def waiting_run(store: Store, seed: int) -> str:
    """A run that was taken out of the queue before it began, as one that somebody may ask for over its socket."""
    run_id = store.runs.create(DEFAULT.with_("training.seed", seed))
    store.runs.set_control(run_id, stop=True)
    return run_id


def measure(server: Server, store: Store, count: int, seed: int) -> None:
    begin = threading.Barrier(count)
    watchers = [Watcher(server, waiting_run(store, seed + number), begin) for number in range(count)]
    for watcher in watchers:
        watcher.start()
    for watcher in watchers:
        watcher.join(180)
    firsts, lasts = sorted(watcher.first for watcher in watchers), sorted(watcher.last for watcher in watchers)
    print(
        json.dumps(
            {
                "first_point_seconds": [round(value, 2) for value in firsts],
                "median": round(statistics.median(firsts), 2),
                "worst": round(max(firsts), 2),
                "ended_seconds_median": round(statistics.median(lasts), 1),
                "ended_seconds_worst": round(max(lasts), 1),
            }
        ),
        flush=True,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=10)
    parser.add_argument("--times", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        server = Server(home=Path(folder)).start()
        try:
            page = playwright.chromium.launch(**launch_options()).new_page(viewport={"width": 1440, "height": 900})  # type: ignore[arg-type]
            ready(page, server)
            store = Store(server.store_url)
            for number in range(options.times):
                measure(server, store, options.runs, seed=options.runs * number)
        finally:
            server.stop()


if __name__ == "__main__":
    main()
