"""Many runs at once: `python -m benchmarks.side_by_side [--rounds 3] [--only folds|race]`.

Folds: 5 times 5 folds of the default net as the menu beside Train starts them, by warm workers, against 25 single runs by the
command line one after the other, each in a process of its own. Race: eight optimizers at pace "watch", as the page shows them;
prints how many pictures a second each tile had, and in how many of ten looks a second it had moved, from when all have a picture
until the first run ends.
"""

import argparse
import itertools
import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

from benchmarks.steering import NETS
from nnviz import jobs
from nnviz.spec import RunSpec
from nnviz.store import Store
from tests.browser import launch_options
from tests.serving import Server

FOLDS, REPEATS = 5, 5
NET = NETS["default"] | {"optimizer": {"kind": "Adam", "learning_rate": 0.01}, "training": {"epochs": 300, "batch_size": 16}}
RIVALS = ("SGD", "Adam", "RMSprop", "Momentum", "AdamW", "Adamax", "Nadam", "Nesterov")
TILES = "() => [...document.querySelectorAll('.nv-tile')].map(({ dataset: d }) => [Number(d.pictures), Number(d.frameStep)])"


def wait_for(store: Store, group: str) -> None:
    while not all(run.is_ended for run in store.runs.group_runs(group)):
        time.sleep(0.02)


def folds(server: Server, rounds: int) -> None:
    store = Store(server.store_url)
    split = {"folds": FOLDS, "repeats": REPEATS, "test": 0.2}
    spec = RunSpec.parse(NET | {"split": split})
    wait_for(store, jobs.start_group(store, spec))
    together = []
    for _ in range(rounds):
        began = time.monotonic()
        wait_for(store, jobs.start_group(store, spec))
        together.append(time.monotonic() - began)
    store.close()
    alone = []
    for _ in range(rounds):
        with tempfile.TemporaryDirectory() as folder:
            began = time.monotonic()
            for repeat in range(REPEATS):
                for fold in range(1, FOLDS + 1):
                    own = NET | {"split": {"folds": FOLDS, "fold": fold, "seed": repeat, "test": 0.2}}
                    place = Path(folder) / "spec.json"
                    place.write_text(json.dumps(own))
                    url = f"sqlite:///{folder}/nnviz.db"
                    command = [sys.executable, "-m", "nnviz", "train", str(place), "--quiet", "--json", "--store", url]
                    subprocess.run(command, check=True, capture_output=True)
            alone.append(time.monotonic() - began)
    one, other = statistics.median(together), statistics.median(alone)
    print(f"25 folds together {one:.1f} s, one after the other {other:.1f} s; ratio {one / other:.2f}", flush=True)


def race(server: Server) -> None:
    store = Store(server.store_url)
    over = [{"kind": kind} for kind in RIVALS]
    spec = RunSpec.parse(NET | {"race": {"vary": "optimizer", "over": over}})
    group = jobs.start_group(store, spec, pace="watch")
    first = store.runs.group_runs(group)[0].id
    samples: list[tuple[float, Any]] = []
    with sync_playwright() as playwright:
        page = playwright.chromium.launch(**launch_options()).new_page(viewport={"width": 1440, "height": 1400})  # type: ignore[arg-type]
        page.goto(f"{server.url}/?run={first}")
        page.locator(".nv-tile").nth(len(RIVALS) - 1).wait_for(timeout=60_000)
        while not any(run.is_ended for run in store.runs.group_runs(group)):
            tiles = page.evaluate(TILES)
            if len(tiles) == len(RIVALS) and all(pictures for pictures, _step in tiles):
                samples.append((time.monotonic(), tiles))
            page.wait_for_timeout(100)
    store.close()
    if len(samples) < 2:
        print("the race was over before all tiles had a picture")
        return
    seconds = samples[-1][0] - samples[0][0]
    for place, kind in enumerate(RIVALS):
        pictures = samples[-1][1][place][0] - samples[0][1][place][0]
        moves = sum(one[1][place][1] != other[1][place][1] for one, other in itertools.pairwise(samples))
        rate, moved = pictures / seconds, moves / seconds
        print(f"{kind}: {rate:.2f} pictures a second, moved in {moved:.1f} of ten looks")
    print(f"over {seconds:.0f} s")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", choices=("folds", "race"))
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="nnviz-side-", ignore_cleanup_errors=True) as folder:
        server = Server(home=Path(folder))
        server.start()
        time.sleep(15)
        try:
            if options.only != "race":
                folds(server, options.rounds)
            if options.only != "folds":
                race(server)
        finally:
            server.stop()


if __name__ == "__main__":
    main()
