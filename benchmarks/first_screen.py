"""The first screen as a newcomer meets it: `python -m benchmarks.first_screen`; with `cnn`, the same presses on MNIST with the
small CNN.

Opens the dashboard in a browser and presses Train once as it stands, then five times at once after an edit of the network
(the press waits for the compilation) and five times after an edit and two seconds of looking (a worker has prepared it);
prints the seconds from click to first point, how many updates of the curve were seen and for how long, and the latency
from the worker's write to the chart.
"""

import json
import statistics
import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path

from playwright.sync_api import Page, expect, sync_playwright

from nnviz.catalog import PRESETS
from nnviz.spec import RunSpec
from nnviz.store import Store
from tests.browser import launch_options
from tests.e2e.test_main_line import press_after_an_edit, ready, run_id, train, wait_for_status, wait_for_step, wait_for_workers
from tests.serving import Server


def watch(page: Page, server: Server) -> None:
    """The default as it stands, from the press to its end."""
    start = time.monotonic()
    train(page)
    wait_for_step(page)
    first = time.monotonic()
    wait_for_status(page, "finished")
    seen = page.evaluate(
        "(() => { const d = [...document.querySelectorAll('.nv-live')].at(-1).dataset;"
        " return {updates: Number(d.updates), latency_ms: Number(d.latencyMs)}; })()"
    )
    run = Store(server.store_url).runs.get(run_id(page))
    watched = time.monotonic() - first
    print(
        json.dumps(
            {
                "first_point_seconds": round(first - start, 2),
                "watched_seconds": round(watched, 1),
                **seen,
                "val_accuracy": run.metrics["val_accuracy"],
            }
        ),
        flush=True,
    )


def open_cnn(page: Page, server: Server) -> None:
    """The draft becomes MNIST with the small CNN, by the address of a run that waits."""
    preset = PRESETS["small_cnn"]
    spec = RunSpec.parse(
        {
            "data": {"kind": "builtin", "name": "mnist5000"},
            "layers": list(preset.layers),
            "cost": {"kind": "CrossEntropy"},
            "optimizer": dict(preset.optimizer),
            "training": dict(preset.training),
        }
    )
    store = Store(server.store_url)
    page.goto(f"{server.url}/?run={store.runs.create(spec)}")
    expect(page.get_by_text("images of 28 x 28 x 1")).to_be_visible(timeout=60_000)
    wait_for_workers(server)


def pressed(page: Page, server: Server, looks: Iterable[tuple[str, float]], *, first: int, field: str) -> None:
    """Five presses after an edit for each time of looking."""
    for name, look in looks:
        numbers = range(first + round(2 * look), first + round(2 * look) + 5)
        took = [press_after_an_edit(page, server, number, look=look, field=field) for number in numbers]
        print(
            json.dumps({f"first_point_{name}": [round(value, 2) for value in took], "median": round(statistics.median(took), 2)}),
            flush=True,
        )


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        server = Server(home=Path(folder)).start()
        try:
            page = playwright.chromium.launch(**launch_options()).new_page(viewport={"width": 1440, "height": 900})  # type: ignore[arg-type]
            opened = time.monotonic()
            ready(page, server)
            print(json.dumps({"open_and_warm_seconds": round(time.monotonic() - opened, 1)}), flush=True)
            if "cnn" in sys.argv:
                open_cnn(page, server)
                pressed(page, server, (("at_once", 0.0), ("after_a_look", 5.0)), first=16, field="Filters")
            else:
                watch(page, server)
                pressed(page, server, (("at_once", 0.0), ("after_a_look", 2.0)), first=20, field="Units")
        finally:
            server.stop()


if __name__ == "__main__":
    main()
