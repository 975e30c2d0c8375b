"""The stream, measured: bytes an update at growing lengths, the web process's share of a core with 50 viewers, and the
time from a worker's write to the drawn chart.

    python benchmarks/stream.py [--viewers 50] [--seconds 15]

Serves the small application of tests/stream in a process of its own and plays the worker itself. One JSON line a
figure.
"""

import argparse
import asyncio
import contextlib
import json
import statistics
import sys
import tempfile
import threading
import time
from pathlib import Path

import psutil
from playwright.sync_api import sync_playwright
from websockets.asyncio.client import connect

sys.path.insert(0, str(Path(__file__).parents[1]))

from nnviz.store import Store
from tests.browser import launch_options
from tests.stream.conftest import Site, free_port
from tests.stream.runs import PER_EPOCH, Worker

PAUSE = 0.08
"""Seconds between two updates: about 12 a second."""


def tell(**figures: object) -> None:
    print(json.dumps(figures), flush=True)


async def bytes_an_update(site: Site) -> None:
    """The size of one update (an epoch of every series) of a run that already has so many points."""
    for points in (100, 1_000, 10_000, 100_000):
        worker = Worker(site.store, epochs=100_000)
        await asyncio.to_thread(worker.epochs, points // PER_EPOCH)
        async with connect(f"{site.socket}?runs={worker.run}", max_size=None) as socket:
            backlog = sum([len(await socket.recv()) for _ in range(2)])
            sizes = []
            for _ in range(10):
                await asyncio.to_thread(worker.epochs, 1)
                sizes.append(len(await socket.recv()))
            await asyncio.to_thread(worker.epochs, 280)
            fast = len(await socket.recv())
        tell(
            measure="bytes an update",
            points=points,
            median=statistics.median(sizes),
            at_28000_steps_a_second=fast,
            backlog=backlog,
        )


async def viewers(site: Site, count: int, seconds: float) -> None:
    """How much of a core the web process takes while `count` sockets watch one run."""
    worker = Worker(site.store, epochs=100_000)
    received = 0
    over = threading.Event()

    async def watch() -> None:
        nonlocal received
        async with connect(f"{site.socket}?runs={worker.run}", max_size=None, compression=None) as socket:
            async for _ in socket:
                received += 1

    def work() -> None:
        number = 0
        while not over.is_set():
            number += 1
            worker.epochs(frame=number % 4 == 0)
            over.wait(PAUSE)

    assert site.process
    process = psutil.Process(site.process.pid)
    thread = threading.Thread(target=work)
    thread.start()
    watching = [asyncio.create_task(watch()) for _ in range(count)]
    await asyncio.sleep(3)
    before, first, since = process.cpu_times(), received, time.monotonic()
    await asyncio.sleep(seconds)
    after, elapsed = process.cpu_times(), time.monotonic() - since
    over.set()
    thread.join()
    for task in watching:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
    used = after.user - before.user + after.system - before.system
    tell(
        measure="web process",
        viewers=count,
        share_of_a_core=round(used / elapsed, 4),
        messages_a_second_and_viewer=round((received - first) / elapsed / max(count, 1), 1),
        megabytes=round(process.memory_info().rss / 1e6),
    )


def latency(site: Site, seconds: float) -> None:
    """From the worker's write to the drawn chart, read off the element in a real browser."""
    worker = Worker(site.store, epochs=1000)
    over = threading.Event()

    def work() -> None:
        while not over.is_set():
            worker.epochs(frame=True)
            over.wait(PAUSE)

    thread = threading.Thread(target=work)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(**launch_options())  # type: ignore[arg-type]
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.goto(f"{site.url}/?run={worker.run}&plane=1")
        element = page.locator(".nv-live:has(.nv-curves)")
        element.wait_for()
        time.sleep(2)
        thread.start()
        time.sleep(3)
        first, began = int(element.get_attribute("data-updates") or 0), time.monotonic()
        time.sleep(seconds)
        drawn = (int(element.get_attribute("data-updates") or 0) - first) / (time.monotonic() - began)
        tell(
            measure="write to chart",
            median_ms=int(element.get_attribute("data-latency-ms") or -1),
            updates_drawn_a_second=round(drawn, 1),
        )
        over.set()
        thread.join()
        browser.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--viewers", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=15)
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        site = Site(free_port(), Store(f"sqlite:///{folder}/runs.db"), Path(folder) / "log")
        site.start()
        try:
            asyncio.run(bytes_an_update(site))
            asyncio.run(viewers(site, 1, wanted.seconds))
            asyncio.run(viewers(site, wanted.viewers, wanted.seconds))
            latency(site, wanted.seconds)
        finally:
            site.stop()
            site.store.close()


if __name__ == "__main__":
    main()
