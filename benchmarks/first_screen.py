"""The first screen as a newcomer meets it: `python -m benchmarks.first_screen`.

Opens the dashboard in a browser and presses Train once as it stands, then five times at once after an edit of the network
(the press waits for the compilation) and five times after an edit and two seconds of looking (a worker has prepared it);
prints the seconds from click to first point, how many updates of the curve were seen and for how long, and the latency
from the worker's write to the chart.
"""

import json
import statistics
import tempfile
import time
from pathlib import Path

from playwright.sync_api import sync_playwright

from nnviz.store import Store
from tests.browser import launch_options
from tests.e2e.test_main_line import press_after_an_edit, ready, run_id, train, wait_for_status, wait_for_step
from tests.serving import Server


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        server = Server(home=Path(folder)).start()
        try:
            page = playwright.chromium.launch(**launch_options()).new_page(viewport={"width": 1440, "height": 900})  # type: ignore[arg-type]
            opened = time.monotonic()
            ready(page, server)
            print(json.dumps({"open_and_warm_seconds": round(time.monotonic() - opened, 1)}), flush=True)
            start = time.monotonic()
            train(page)
            wait_for_step(page)
            first = time.monotonic()
            wait_for_status(page, "finished")
            seen = page.evaluate("(() => { const d = [...document.querySelectorAll('.nv-live')].at(-1).dataset;"
                                 " return {updates: Number(d.updates), latency_ms: Number(d.latencyMs)}; })()")
            run = Store(server.store_url).run(run_id(page))
            watched = time.monotonic() - first
            print(json.dumps({"first_point_seconds": round(first - start, 2), "watched_seconds": round(watched, 1), **seen,
                              "val_accuracy": run.metrics["val_accuracy"]}), flush=True)
            for name, look in (("at_once", 0.0), ("after_a_look", 2.0)):
                took = [press_after_an_edit(page, server, 20 + number + round(10 * look), look=look) for number in range(5)]
                print(json.dumps({f"first_point_{name}": [round(value, 2) for value in took],
                                  "median": round(statistics.median(took), 2)}), flush=True)
        finally:
            server.stop()


if __name__ == "__main__":
    main()
