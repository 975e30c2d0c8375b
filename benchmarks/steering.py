"""From a click to its effect on the page: `python -m benchmarks.steering [--times 50] [--net default|cnn]`.

Opens the dashboard in a browser on a run at full speed and presses each button so many times; before each press the run
trains (for a step: waits). The effect is what the worker has done, read off the page: the word "paused" or "stopped", one step
more, the change among what happened. With the CNN the presses fall into the middle of an epoch. Prints a table in Markdown:
median and worst milliseconds.
"""

import argparse
import random
import statistics
import tempfile
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright

from nnviz import jobs
from nnviz.catalog import PRESETS
from nnviz.spec import RunSpec
from nnviz.store import Store
from tests.browser import launch_options
from tests.serving import Server

CNN = PRESETS["small_cnn"]
NETS: dict[str, dict[str, Any]] = {
    "default": {
        "data": {"kind": "synthetic", "name": "spirals"},
        "cost": {"kind": "CrossEntropy"},
        "optimizer": {"kind": "Adam"},
        "layers": [{"kind": "Dense", "units": 32, "activation": "tanh"}, {"kind": "Dense", "units": 16, "activation": "tanh"}],
        "training": {"epochs": 1_000_000, "batch_size": 16},
    },
    "cnn": {
        "data": {"kind": "builtin", "name": "mnist5000"},
        "cost": {"kind": "CrossEntropy"},
        "optimizer": {"kind": "Adam"},
        "layers": list(CNN.layers),
        "training": {"epochs": 10_000, "batch_size": dict(CNN.training).get("batch_size", 32)},
    },
}
WATCHER = """window.nvTimed = (button, effect) => new Promise((done, fail) => {
  const began = performance.now();
  button.click();
  const look = () => {
    if (effect()) done(performance.now() - began);
    else if (performance.now() - began > 20000) fail(new Error("no effect within 20 s"));
    else requestAnimationFrame(look);
  };
  look();
});
window.nvPress = (name) => [...document.querySelectorAll(".nv-status button")].find((one) => one.textContent.trim() === name);
window.nvWords = () => document.querySelector(".nv-words").textContent;
window.nvStep = () => Number(document.querySelector(".nv-live:has(.nv-curves)").dataset.step);"""


def run_on(page: Page, name: str) -> None:
    """Press a button of the strip and wait until the run trains, by its steps."""
    step = page.evaluate("nvStep()")
    page.evaluate(f"nvPress({name!r}).click()")
    page.wait_for_function("step => nvWords() === 'training' && nvStep() > step", arg=step)
    page.wait_for_timeout(random.uniform(150, 450))  # anywhere in an epoch


def timed(page: Page, name: str, effect: str) -> float:
    return float(page.evaluate(f"nvTimed(nvPress({name!r}), {effect})"))


def pause(page: Page) -> float:
    took = timed(page, "Pause", "() => nvWords() === 'paused'")
    run_on(page, "Play")
    return took


def stop(page: Page) -> float:
    took = timed(page, "Stop", "() => nvWords().startsWith('stopped')")
    page.wait_for_function("() => nvPress('Go on')?.style.display !== 'none'")
    run_on(page, "Go on")
    return took


def step(page: Page) -> float:
    page.wait_for_function("() => !nvPress('Step').disabled")
    page.wait_for_timeout(random.uniform(100, 300))
    return timed(page, "Step", f"() => nvStep() > {page.evaluate('nvStep()')}")


def change(page: Page) -> float:
    value = float(page.locator("[data-name='optimizer.learning_rate']").input_value())
    name = "×2" if value < 0.01 else "÷2"
    before = page.evaluate("document.querySelector('.nv-events li p').textContent")
    return timed(page, name, f"() => document.querySelector('.nv-events li p').textContent !== {before!r}")


def report(net: str, what: str, took: list[float]) -> None:
    print(f"| {net} | {what} | {statistics.median(took):.0f} ms | {max(took):.0f} ms | {len(took)} |", flush=True)


def measure(page: Page, server: Server, net: str, times: int) -> None:
    run_id = jobs.start_run(Store(server.store_url), RunSpec.parse(NETS[net]), pace="full")
    page.goto(f"{server.url}/?run={run_id}")
    page.wait_for_function("() => Number(document.querySelector('.nv-live:has(.nv-curves)')?.dataset.step) > 200")
    page.evaluate(WATCHER)
    page.evaluate("nvPress('Change').click()")
    report(net, "pause", [pause(page) for _ in range(times)])
    report(net, "change", [change(page) for _ in range(times)])
    timed(page, "Pause", "() => nvWords() === 'paused'")
    report(net, "step", [step(page) for _ in range(times)])
    run_on(page, "Play")
    report(net, "stop", [stop(page) for _ in range(times)])
    page.evaluate("nvPress('Stop').click()")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=50)
    parser.add_argument("--net", choices=list(NETS))
    args = parser.parse_args()
    print("| net | pressed | median | worst | presses |\n|---|---|---|---|---|", flush=True)
    for net in [args.net] if args.net else NETS:
        with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
            server = Server(home=Path(folder)).start()
            try:
                browser = playwright.chromium.launch(**launch_options())  # type: ignore[arg-type]
                page = browser.new_page(viewport={"width": 1440, "height": 900})
                page.set_default_timeout(120_000)
                measure(page, server, net, args.times)
            finally:
                server.stop()


if __name__ == "__main__":
    main()
