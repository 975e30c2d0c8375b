"""What views cost and how soon they are there:

    python -m benchmarks.views [--net default|cnn] [--rounds 7] [--seconds 4] [--positions 20]

First, the steps a second of one run at full speed, in windows one after another: nobody looks; a socket reads the frames and
asks for the network's picture, as a fresh page does; it asks for every live view at once. The order within a round is random;
printed are the medians and the median of the ratios to "nobody looks" of the same round. What is computed on demand is left out
(landscape, importance, the way of weights, and pictures with Grad-CAM).

Then, in a browser: the frames a second that the page draws at pace "watch", each live view on the screen in its turn; how long
after it was done a step is shown; and, of the last run, which has ended, how soon a moment that was not shown before is drawn.
"""

import argparse
import json
import random
import statistics
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

import msgpack
from playwright.sync_api import Page, sync_playwright
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from benchmarks.steering import NETS
from nnviz import jobs
from nnviz.spec import RunSpec
from nnviz.store import Store
from tests.browser import launch_options
from tests.serving import Server

LIVE = ("network", "layers", "cost", "results", "mistakes")
FRESH = ("network",)
PAUSE, SHARE = 0.2, 2
"""Between two questions of the browser about the newest moment of a view: so many seconds, or times what the answer took."""
MOST_OPEN = 4
WATCHED = {"default": 300, "cnn": 5}
"""Epochs of a run that is watched."""
WATCH = """() => {
  const view = (name) => document.querySelector(`.nv-view[data-view="${name}"]`);
  const curves = document.querySelector('.nv-live:has(.nv-curves)');
  window.nvWatched = (name, ms) => new Promise((done) => {
    const [curve, shown, began] = [[], [], performance.now()];
    let frames = 0;
    const look = () => {
      const now = performance.now();
      frames += 1;
      for (const [list, step] of [[curve, Number(curves.dataset.step)], [shown, Number(view(name).dataset.step)]])
        if (list.at(-1)?.[1] !== step) list.push([now, step]);
      if (now < began + ms) requestAnimationFrame(look);
      else done({ frames: frames / ((now - began) / 1000), curve, shown, behind: Number(curves.dataset.latencyMs) });
    };
    requestAnimationFrame(look);
  });
  window.nvPast = (name, value) => new Promise((done, fail) => {
    const [back, began] = [document.querySelector('.nv-scrubber'), performance.now()];
    const slider = back.querySelector('input');
    slider.value = value;
    slider.dispatchEvent(new Event('input', { bubbles: true }));
    const look = () => {
      const ready = () => done([performance.now() - began, back.dataset.step]);
      if (view(name).dataset.step === back.dataset.step) requestAnimationFrame(ready);
      else if (performance.now() - began > 20000) fail(new Error(`${name} did not come within 20 s`));
      else requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  });
}"""


IS_DRAWN = """name => {
  const view = document.querySelector(`.nv-view[data-view=${name}]`);
  view.scrollIntoView({ block: "center" }); // what comes above it moves it
  return view.dataset.step > 0; }"""


class Viewer(threading.Thread):
    """A socket that reads all that is sent, and asks for views as the browser does."""

    def __init__(self, server: Server, run_id: str, views: tuple[str, ...]) -> None:
        super().__init__(daemon=True)
        self.place = f"{server.url.replace('http', 'ws')}/nnviz/stream?runs={run_id}"
        self.run_id, self.views, self.over = run_id, views, threading.Event()
        self.answers = 0

    def run(self) -> None:
        asked, waiting, due = dict.fromkeys(self.views, 0.0), set[str](), dict.fromkeys(self.views, 0.0)
        states: dict[str, str] = {}
        with connect(self.place, max_size=None) as socket:
            while not self.over.is_set():
                for view in sorted(self.views, key=asked.__getitem__):
                    if view not in waiting and len(waiting) < MOST_OPEN and time.monotonic() > due[view]:
                        seen = {"state": states[view]} if view in states else {}
                        socket.send(json.dumps({"run": self.run_id, "command": "view", "view": view, **seen}))
                        asked[view] = time.monotonic()
                        waiting.add(view)
                try:
                    message = msgpack.unpackb(socket.recv(timeout=0.05))
                except TimeoutError:
                    continue
                except ConnectionClosed:
                    return
                if message["type"] == "view":
                    view = message["view"]
                    waiting.discard(view)
                    took = time.monotonic() - asked[view] if "body" in message else 0.0
                    due[view] = asked[view] + max(PAUSE, SHARE * took)
                    states[view] = message.get("state", "")
                    self.answers += "body" in message


def speed(server: Server, store: Store, run_id: str, views: tuple[str, ...] | None, seconds: float) -> tuple[float, float]:
    """Steps a second, and answers about views a second; None: nobody is connected."""
    viewer = Viewer(server, run_id, views) if views is not None else None
    if viewer:
        viewer.start()
        time.sleep(1.5)
    answers = viewer.answers if viewer else 0
    step, began = store.runs.get(run_id).step, time.monotonic()
    time.sleep(seconds)
    rate = (store.runs.get(run_id).step - step) / (time.monotonic() - began)
    if not viewer:
        return rate, 0.0
    got = (viewer.answers - answers) / seconds
    viewer.over.set()
    viewer.join()
    return rate, got


def speeds(server: Server, store: Store, spec: RunSpec, rounds: int, seconds: float) -> None:
    run_id = jobs.start_run(store, spec, pace="full")
    while store.runs.get(run_id).step < 100:
        time.sleep(0.2)
    for views in (FRESH, LIVE):  # workers load the network
        speed(server, store, run_id, views, seconds)
    ways: dict[str, tuple[str, ...] | None] = {"nobody": None, "a fresh page": FRESH, "all live views": LIVE}
    figures_of: dict[str, list[tuple[float, float]]] = {name: [] for name in ways}
    for _ in range(rounds):
        for name in random.sample(list(ways), len(ways)):
            figures_of[name].append(speed(server, store, run_id, ways[name], seconds))
    store.runs.set_control(run_id, stop=True)
    for name, figures in figures_of.items():
        ratios = [rate / base for (rate, _), (base, _) in zip(figures, figures_of["nobody"], strict=True)]
        print(
            f"{name}: {statistics.median(rate for rate, _ in figures):,.0f} steps/s, {statistics.median(ratios):.2f} of nobody "
            f"({min(ratios):.2f} to {max(ratios):.2f}), {statistics.median(got for _, got in figures):.1f} answers/s",
            flush=True,
        )


def late(watched: dict[str, Any]) -> list[float]:
    """Milliseconds from when the curve reached a step until the view showed it, with how late the curve itself is."""
    times = []
    for shown_at, step in watched["shown"][1:]:
        reached = next((at for at, drawn in watched["curve"] if drawn >= step), None)
        if reached is not None:
            times.append(max(0.0, shown_at - reached) + watched["behind"])
    return times


def to_view(page: Page, view: str) -> None:
    page.evaluate(f"document.querySelector('.nv-view[data-view={view}]').scrollIntoView({{ block: 'center' }})")


def in_the_browser(page: Page, server: Server, store: Store, spec: RunSpec, positions: int) -> None:
    for view in LIVE:
        run_id = jobs.start_run(store, spec, pace="watch")
        page.goto(f"{server.url}/?run={run_id}&views={','.join(LIVE)}")
        page.wait_for_function("() => document.querySelector('.nv-live:has(.nv-curves)')?.dataset.step > 0", timeout=180_000)
        page.wait_for_function(IS_DRAWN, arg=view)
        page.evaluate(WATCH)
        watched = page.evaluate("name => window.nvWatched(name, 5000)", view)
        print(f"{view}: {watched['frames']:.0f} frames/s; a step is shown after {summary(late(watched))}", flush=True)
        while not store.runs.get(run_id).is_ended:
            time.sleep(0.2)
    slider = page.locator(".nv-scrubber input")
    low, high = int(slider.get_attribute("min") or 0), int(slider.get_attribute("max") or 0)
    for view in LIVE:
        to_view(page, view)
        page.evaluate("([name, value]) => window.nvPast(name, value)", [view, (low + high) // 2])
        page.wait_for_timeout(1000)
        times: list[float] = []
        seen = set[str]()
        while len(times) < positions:
            took, step = page.evaluate("([name, value]) => window.nvPast(name, value)", [view, random.randint(low, high)])
            if step not in seen:
                times.append(took)
            seen.add(step)
            page.wait_for_timeout(300)
        print(f"{view}: a past moment after {summary(times)}", flush=True)


def summary(times: list[float]) -> str:
    return f"{statistics.median(times):.0f} ms (median of {len(times)}; worst {max(times):.0f})" if times else "no new step"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--net", choices=list(NETS))
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--seconds", type=float, default=4.0)
    parser.add_argument("--positions", type=int, default=20)
    args = parser.parse_args()
    for net in [args.net] if args.net else NETS:
        print(f"--- {net}", flush=True)
        spec = RunSpec.parse(NETS[net])
        with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
            server = Server(home=Path(folder)).start()
            store = Store(server.store_url)
            try:
                speeds(server, store, spec, args.rounds, args.seconds)
                browser = playwright.chromium.launch(**launch_options())  # type: ignore[arg-type]
                page = browser.new_page(viewport={"width": 1440, "height": 900})
                page.set_default_timeout(120_000)
                in_the_browser(page, server, store, spec.with_("training.epochs", WATCHED[net]), args.positions)
            finally:
                store.close()
                server.stop()


if __name__ == "__main__":
    main()
