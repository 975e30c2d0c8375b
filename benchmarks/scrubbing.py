"""Looking back at a long run in a browser: how soon a moment that was not shown before is on the screen, what recording the
history costs, and how long such a run takes to open: from the press of "Open" on the Runs page until curves, slider and what
the network answers are drawn; after a reload; and in a browser that was never here, which loads Streamlit and Plotly, too.

    python -m benchmarks.scrubbing [--steps 1000000] [--positions 30] [--rounds 3]

The run: the Train page's first network (spirals, 32 and 16 units, Adam, batches of 16), trained by the worker's `Trainer` at
full speed into a store of its own. Cost of recording: steps a second of the same training with all its moments kept beside
none, whichever first in turn; the median of the ratios. Positions are random, each one shown for the first time, at least
0.4 s apart; measured in the page from the input event to the second frame after the canvas was painted with the moment's own
picture.
"""

import argparse
import os
import random
import statistics
import tempfile
import time
from collections.abc import Callable
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

from nnviz.spec import RunSpec
from nnviz.store import Job, Store

PER_EPOCH = 19
"""Steps: 300 training rows in batches of 16."""
WATCH = """() => {
    const [back, learned] = [document.querySelector('.nv-scrubber'), document.querySelector('.nv-learned')];
    const slider = back.querySelector('input');
    window.shown = (value) => new Promise((done) => {
        const painted = () => back.dataset.ready === 'true' && learned.dataset.frameStep === back.dataset.step;
        const began = performance.now();
        slider.value = value;
        slider.dispatchEvent(new Event('input', { bubbles: true }));
        const look = () => painted()
            ? requestAnimationFrame(() => done([performance.now() - began, back.dataset.step])) : requestAnimationFrame(look);
        requestAnimationFrame(look);
    });
}"""


def spec_of(steps: int) -> RunSpec:
    return RunSpec.parse(
        {
            "data": {"kind": "synthetic", "name": "spirals", "samples": 500, "noise": 0.2},
            "layers": [
                {"kind": "Dense", "units": 32, "activation": "tanh"},
                {"kind": "Dense", "units": 16, "activation": "tanh"},
            ],
            "cost": {"kind": "CrossEntropy"},
            "optimizer": {"kind": "Adam", "learning_rate": 0.01},
            "training": {"epochs": max(2, round(steps / PER_EPOCH)), "batch_size": 16},
        }
    )


def made(store: Store, spec: RunSpec) -> tuple[str, float]:
    """The run's id, and the seconds that it trained."""
    from nnviz.jobs.worker.training.train import Trainer

    trainer = Trainer(store)
    trainer.stock.session(spec)
    run_id = store.runs.create(spec, name="a long run")
    trainer.train(
        Job(id=0, kind="train", run=run_id, payload={}, key="", status="running", worker=None, result=None, created=time.time())
    )
    run = store.runs.get(run_id)
    assert run.status == "finished", run.error
    return run_id, run.seconds


def cost_of_recording(folder: Path, steps: int, rounds: int) -> list[float]:
    """Steps a second with all moments kept beside none, a round each."""
    from nnviz import data, engine
    from nnviz.jobs.worker.training.recorder import Recorder

    spec = spec_of(steps)
    prepared = data.load(spec)
    session = engine.prepare(spec, prepared)
    ratios = []
    for number in range(rounds):
        took = {}
        for keep in ("none", "all") if number % 2 else ("all", "none"):
            store = Store(f"sqlite:///{folder / f'{number}-{keep}.db'}")
            run_id = store.runs.create(spec)
            recorder = Recorder(store, run_id, store.runs.claim(run_id, pid=os.getpid()))
            began = time.perf_counter()
            engine.train(
                spec,
                prepared,
                session=session,
                on_progress=recorder.record,
                control=recorder.control,
                keep="all" if keep == "all" else "none",
            )
            took[keep] = time.perf_counter() - began
            recorder.close()
            store.close()
        ratios.append(took["none"] / took["all"])
        print(
            f"round {number + 1}: {steps / took['none']:,.0f} steps/s without, {steps / took['all']:,.0f} with all moments "
            f"({ratios[-1]:.3f})",
            flush=True,
        )
    return ratios


def until_open(page: Any, act: Callable[[], Any]) -> float:
    """Seconds from an act until all of the run's page stands."""
    began = time.perf_counter()
    act()
    page.wait_for_function(
        "() => document.querySelector('.nv-plot .nsewdrag') && "
        "+document.querySelector('.nv-learned')?.dataset.frameStep > 0 && "
        "+document.querySelector('.nv-scrubber')?.dataset.moments > 1",
        timeout=120_000,
    )
    return time.perf_counter() - began


def from_runs(page: Any, url: str) -> float:
    """Seconds from a press of "Open" for the newest run on the Runs page."""
    page.goto(f"{url}/runs")
    table = page.locator("[data-testid=stDataFrame] canvas").first
    table.wait_for()
    time.sleep(1)
    box = table.bounding_box()
    page.mouse.click(box["x"] + 20, box["y"] + 50)
    button = page.get_by_role("button", name="Open", exact=True)
    button.wait_for()
    time.sleep(2)
    return until_open(page, button.click)


def looked_at(page: Any, positions: int) -> list[float]:
    """Milliseconds to each new position of the slider of an open page."""
    slider = page.locator(".nv-scrubber input")
    slider.hover()  # as a hand does before it drags: the workers load the network
    page.evaluate(WATCH)
    low, high = int(slider.get_attribute("min")), int(slider.get_attribute("max"))
    page.evaluate("value => window.shown(value)", (low + high) // 2)
    time.sleep(3)
    chance, seen, times = random.Random(0), {""}, []
    while len(times) < positions:
        took, step = page.evaluate("value => window.shown(value)", chance.randint(low, high))
        if step not in seen:
            times.append(took)
        seen.add(step)
        time.sleep(0.4)
    return times


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--steps", type=int, default=1_000_000)
    parser.add_argument("--positions", type=int, default=30)
    parser.add_argument("--rounds", type=int, default=3)
    args = parser.parse_args()
    from playwright.sync_api import sync_playwright

    from tests.browser import launch_options
    from tests.serving import Server

    with tempfile.TemporaryDirectory(prefix="nnviz-scrubbing-") as name:
        folder = Path(name)
        os.environ["NNVIZ_HOME"] = str(folder)
        store = Store(f"sqlite:///{folder / 'nnviz.db'}")
        run_id, seconds = made(store, spec_of(args.steps))
        run, snapshots = store.runs.get(run_id), store.snapshots.of_run(run_id)
        disk = sum(path.stat().st_size for path in (store.snapshots.folder / run_id).iterdir())
        print(
            f"{run.step:,} steps in {seconds:.1f} s; {len(snapshots)} moments, {disk / 1e6:.1f} MB on the disk "
            f"(the store itself {(folder / 'nnviz.db').stat().st_size / 1e6:.1f} MB)",
            flush=True,
        )
        widest = max(((b.step - a.step) / b.step for a, b in pairwise(snapshots) if b.step > 200), default=0.0)
        print(f"no further apart than {widest:.2%} of the steps so far", flush=True)
        ratios = cost_of_recording(folder, args.steps, args.rounds)
        print(f"recording all moments: {statistics.median(ratios):.3f} of the speed without", flush=True)
        server = Server(folder)
        try:
            server.start()
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(**launch_options())  # type: ignore[arg-type]
                new, warm, pressed = [], [], []
                for _ in range(args.rounds + 1):
                    page = browser.new_page(viewport={"width": 1440, "height": 900})
                    page.set_default_timeout(120_000)
                    new.append(until_open(page, partial(page.goto, f"{server.url}/?run={run_id}")))
                    warm.append(until_open(page, page.reload))
                    pressed.append(from_runs(page, server.url))
                times = looked_at(page, args.positions)
                browser.close()
        finally:
            server.stop()
            store.close()
        # the first page of a server also loads what all later ones need
        for name, took in (("pressing Open", pressed), ("a reload", warm), ("a new browser", new)):
            print(
                f"opened by {name}: median {statistics.median(took[1:]):.2f} s of "
                f"{', '.join(f'{each:.2f}' for each in took[1:])} (the server's first: {took[0]:.2f})"
            )
        print(f"{len(times)} positions: median {statistics.median(times):.0f} ms, worst {max(times):.0f} ms")


if __name__ == "__main__":
    main()
