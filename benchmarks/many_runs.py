"""Pages with very many runs: `python -m benchmarks.many_runs [--rounds 5] [--runs 10000] [--points 10000]`.

Makes one store with so many runs (20 epochs each), and another with 100 runs of so many points each: that many epochs with their
losses on training and validation rows. Then opens, in a browser that has the scripts in its cache, Runs (until its table
has rows) and Compare with the 100 runs (until their curves are drawn), each as a fresh load of the page, and prints the medians.
"""

import argparse
import json
import math
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright
from sqlalchemy import insert

from nnviz.spec import RunSpec
from nnviz.store import Store
from nnviz.store.runs.run_rows import default_name, queued_row
from nnviz.store.schema import epochs, runs
from tests.browser import launch_options
from tests.serving import Server

COMPARED = 100
STEPS = 45
NETS = ([32, 16], [64, 32], [128], [8, 8, 8])
DATA = (("spirals", "synthetic"), ("moons", "synthetic"), ("iris", "builtin"), ("digits", "builtin"))


def spec_of(number: int) -> RunSpec:
    """The settings of one of many runs."""
    name, kind = DATA[number // 40 % 4]
    return RunSpec.parse(
        {
            "data": {"kind": kind, "name": name},
            "layers": [{"kind": "Dense", "units": units, "activation": "relu"} for units in NETS[number % 4]],
            "cost": {"kind": "CrossEntropy"},
            "optimizer": {"kind": "Adam" if number % 3 else "SGD", "learning_rate": round(10 ** (-1 - number % 7 / 2), 5)},
            "training": {"epochs": 20, "seed": number % 11},
        }
    )


def run_row(number: int, spec: RunSpec, length: int) -> dict[str, Any]:
    """The row of a run that has finished."""
    run_id = f"261101-{number // 3600 % 24:02}{number // 60 % 60:02}{number % 60:02}-{number:06x}"
    ends = dict(zip(("loss", "val_loss", "accuracy", "val_accuracy"), curve(number, length, length), strict=True))
    row = queued_row(run_id, spec, default_name(spec), None)
    info = json.loads(row["info"]) | {"task": "classification", "parameters": 700, "rows": {"train": 300, "validation": 100}}
    created = 1.79e9 + 60.0 * number
    return row | {
        "created": created,
        "started": created + 1,
        "ended": created + 12,
        "status": "finished",
        "phase": "",
        "attempt": 1,
        "revision": 50,
        "step": STEPS * length,
        "epoch": float(length),
        "seconds": 10.0,
        "info": json.dumps(info),
        "metrics": json.dumps(ends),
        "best": json.dumps(ends | {"epoch": length, "step": STEPS * length}),
    }


def curve(number: int, epoch: int, length: int) -> tuple[float, float, float, float]:
    """Losses and accuracies of a run after an epoch."""
    learned = (1 - math.exp(-6 * epoch / length)) * (0.7 + 0.29 * ((number * 37) % 100) / 100)
    noise = 0.01 * math.sin(epoch * 12.9898 + number)
    return 2.3 * (1 - learned) + noise, 2.4 * (1 - learned) - noise, learned, learned - abs(noise)


def epoch_rows(number: int, run_id: str, length: int) -> Iterator[tuple[str, str, float, int, float, float]]:
    """Run, metric, epoch, step, value and time of each value by epoch."""
    for epoch in range(1, length + 1):
        for name, value in zip(("loss", "val_loss"), curve(number, epoch, length), strict=False):
            yield run_id, name, float(epoch), STEPS * epoch, value, epoch * 0.01


def fill(store: Store, count: int, length: int) -> list[str]:
    """Writes so many runs of so many epochs into the tables, past SQLAlchemy where there are millions of rows; gives their
    ids."""
    rows = [run_row(number, spec_of(number), length) for number in range(count)]
    statement = f"INSERT INTO {epochs.name} (run, name, epoch, step, value, time) VALUES (?, ?, ?, ?, ?, ?)"
    with store.db.write() as connection:
        connection.execute(insert(runs), rows)
        cursor = connection.connection.cursor()
        for number, row in enumerate(rows):
            cursor.executemany(statement, epoch_rows(number, row["id"], length))
    return [row["id"] for row in rows]


def table_is_there(page: Page) -> None:
    page.locator("[data-testid=stDataFrame] canvas").first.wait_for()
    page.get_by_text("1 to 100 of").wait_for()


def curves_are_drawn(page: Page) -> None:
    page.locator(f'.picture[data-curves="{COMPARED}"]').wait_for()


def measured(page: Page, url: str, *, wait: Callable[[Page], None], rounds: int) -> list[float]:
    """Seconds from asking for the page to what is waited for; the first load, which fills the caches, is left out."""
    took = []
    for _ in range(rounds + 1):
        page.goto("about:blank")
        start = time.monotonic()
        page.goto(url)
        wait(page)
        took.append(time.monotonic() - start)
        page.wait_for_timeout(1500)
    print(json.dumps({"url": url[:80], "first": round(took[0], 2)}), flush=True)
    return took[1:]


def opened(name: str, *, count: int, length: int, rounds: int, page: Page) -> None:
    """Makes a store, opens its page, prints what that took."""
    with tempfile.TemporaryDirectory(prefix="nnviz-many-") as folder:
        server = Server(home=Path(folder))
        started = time.monotonic()
        store = Store(server.store_url)
        ids = fill(store, count, length)
        store.close()
        print(
            json.dumps({"store": name, "runs": count, "epochs": length, "made_in": round(time.monotonic() - started, 1)}),
            flush=True,
        )
        server.start()
        try:
            url = f"{server.url}/runs" if name == "runs" else f"{server.url}/compare?metric=loss&runs={','.join(ids)}"
            took = measured(page, url, wait=table_is_there if name == "runs" else curves_are_drawn, rounds=rounds)
        finally:
            server.stop()
    figures = {"median": round(statistics.median(took), 2), "all": [round(value, 2) for value in took]}
    print(json.dumps({"opened": name, **figures}), flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--runs", type=int, default=10_000)
    parser.add_argument("--points", type=int, default=10_000)
    parser.add_argument("--only", choices=("runs", "compare"))
    options = parser.parse_args()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(**launch_options())  # type: ignore[arg-type]
        page = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
        page.set_default_timeout(120_000)
        if options.only != "compare":
            opened("runs", count=options.runs, length=20, rounds=options.rounds, page=page)
        if options.only != "runs":
            opened("compare", count=COMPARED, length=options.points, rounds=options.rounds, page=page)


if __name__ == "__main__":
    main()
