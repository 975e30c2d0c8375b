"""Pages with very many runs: `python -m benchmarks.many_runs [--rounds 5] [--runs 10000] [--points 10000]`.

Makes one store with so many runs (20 epochs each), and another with 100 runs of so many points each: that many epochs with their
losses on training and validation rows; and the same as ten groups of ten folds. Then opens, in a browser that has the scripts in
its cache, Runs (until its table has rows) by the menu, and Runs and Compare with the 100 runs, or ten groups with their verdict
(until their curves are drawn, and the verdict is there), by a reload and in an empty tab, in turn, and prints the medians.
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
from nnviz.store.schema import epochs, groups, runs
from tests.browser import launch_options
from tests.serving import Server

COMPARED = 100
FOLDS = 10
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


def in_groups(rows: list[dict[str, Any]]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Of the rows of runs groups of ten folds each, with other rates: the groups, and their members."""
    made, members = [], []
    for place in range(0, len(rows), FOLDS):
        number = place // FOLDS
        optimizer = {"kind": "Adam", "learning_rate": 0.001 * (number + 1)}
        spec = spec_of(0).to_json() | {"optimizer": optimizer, "split": {"folds": FOLDS, "test": 0.2}}
        group = {"id": f"group-{number}", "name": default_name(RunSpec.parse(spec)), "spec": json.dumps(spec), "created": 1.79e9}
        made.append(group)
        for fold, row in enumerate(rows[place : place + FOLDS], start=1):
            own = json.dumps(spec | {"split": spec["split"] | {"fold": fold}})
            label = f"fold {fold}/{FOLDS}"
            members.append(row | {"spec": own, "group_id": group["id"], "member": fold, "label": label, "name": group["name"]})
    return made, members


def fill(store: Store, count: int, length: int, *, grouped: bool = False) -> list[str]:
    """Writes so many runs of so many epochs into the tables, past SQLAlchemy where there are millions of rows; gives their
    ids."""
    rows = [run_row(number, spec_of(number), length) for number in range(count)]
    made: list[dict[str, Any]] = []
    if grouped:
        made, rows = in_groups(rows)
    statement = f"INSERT INTO {epochs.name} (run, name, epoch, step, value, time) VALUES (?, ?, ?, ?, ?, ?)"
    with store.db.write() as connection:
        connection.execute(insert(runs), rows)
        if made:
            connection.execute(insert(groups), made)
        cursor = connection.connection.cursor()
        for number, row in enumerate(rows):
            cursor.executemany(statement, epoch_rows(number, row["id"], length))
    return [row["id"] for row in rows]


def table_is_there(page: Page) -> None:
    page.locator("[data-testid=stDataFrame] canvas").first.wait_for()
    page.get_by_text("1 to 100 of").wait_for()


def curves_are_drawn(page: Page) -> None:
    page.locator(f'.picture[data-curves="{COMPARED}"]').wait_for()


def verdict_is_there(page: Page) -> None:
    page.locator(f'.picture[data-curves="{COMPARED // FOLDS}"]').wait_for()
    page.locator("#verdict").wait_for()
    page.get_by_text("average rank").first.wait_for()


def from_the_menu(page: Page, url: str) -> float:
    """When the page's name in the menu was clicked, on the Train page."""
    page.goto(url.rsplit("/", 1)[0])
    page.get_by_text("Press Train: the curves appear here.").first.wait_for()
    page.wait_for_timeout(1500)
    start = time.monotonic()
    page.get_by_role("link", name="Runs", exact=True).click()
    return start


def reloaded(page: Page, url: str) -> float:
    """When a reload of the page was asked for; of another one, its address."""
    start = time.monotonic()
    if page.url == url:
        page.reload()
    else:
        page.goto(url)
    return start


def in_an_empty_tab(page: Page, url: str) -> float:
    """When the address was asked for in a tab that shows nothing yet: the browser starts a process for the dashboard first, since
    its pages share none with others."""
    page.goto("about:blank")
    start = time.monotonic()
    page.goto(url)
    return start


Way = Callable[[Page, str], float]


def measured(page: Page, url: str, ways: dict[str, Way], *, wait: Callable[[Page], None], rounds: int) -> dict[str, list[float]]:
    """Seconds from asking for the page to what is waited for, by each way in turn; the first load, which fills the caches, is
    left out, and so is what the server does right after its start."""
    page.goto(url)
    wait(page)
    page.wait_for_timeout(20_000)
    took: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(rounds):
        for name, ask in ways.items():
            start = ask(page, url)
            wait(page)
            took[name].append(time.monotonic() - start)
            page.wait_for_timeout(1500)
    return took


def opened(name: str, *, count: int, length: int, rounds: int, page: Page) -> None:
    """Makes a store, opens its page, prints what that took."""
    with tempfile.TemporaryDirectory(prefix="nnviz-many-") as folder:
        server = Server(home=Path(folder))
        started = time.monotonic()
        store = Store(server.store_url)
        ids = fill(store, count, length, grouped=name == "groups")
        store.close()
        print(
            json.dumps({"store": name, "runs": count, "epochs": length, "made_in": round(time.monotonic() - started, 1)}),
            flush=True,
        )
        server.start()
        ways: dict[str, Way] = {"reload": reloaded, "empty tab": in_an_empty_tab}
        try:
            if name == "runs":
                took = measured(page, f"{server.url}/runs", {"menu": from_the_menu} | ways, wait=table_is_there, rounds=rounds)
            else:
                url = f"{server.url}/compare?metric=loss&runs={','.join(ids)}"
                wait = verdict_is_there if name == "groups" else curves_are_drawn
                took = measured(page, url, ways, wait=wait, rounds=rounds)
        finally:
            server.stop()
    for way, seconds in took.items():
        figures = {"median": round(statistics.median(seconds), 2), "all": [round(value, 2) for value in seconds]}
        print(json.dumps({"opened": name, "by": way, **figures}), flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--runs", type=int, default=10_000)
    parser.add_argument("--points", type=int, default=10_000)
    parser.add_argument("--only", choices=("runs", "compare", "groups"))
    options = parser.parse_args()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(**launch_options())  # type: ignore[arg-type]
        page = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
        page.set_default_timeout(120_000)
        if options.only in (None, "runs"):
            opened("runs", count=options.runs, length=20, rounds=options.rounds, page=page)
        for name in ("compare", "groups"):
            if options.only in (None, name):
                opened(name, count=COMPARED, length=options.points, rounds=options.rounds, page=page)


if __name__ == "__main__":
    main()
