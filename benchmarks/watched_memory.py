"""Memory of what is watched for long:

    python -m benchmarks.watched_memory [--minutes 30] [--net default|cnn] [--views network,layers]

A run at full speed that does not end, its page open in a browser with these views, each in its turn on the screen (a view that is
not is not asked for). Prints each minute, in MB: the tab's JavaScript heap after its garbage is collected, what its arrays hold
beside that, the tab's process (its own memory, as Chromium's task manager counts it), and the web process; then how much each has
grown from a third of the time on to the end.
"""

import argparse
import statistics
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

import psutil
from playwright.sync_api import CDPSession, Page, sync_playwright

from benchmarks.steering import NETS
from nnviz import jobs
from nnviz.spec import RunSpec
from nnviz.store import Store
from tests.browser import launch_options
from tests.serving import Server

SECONDS_A_VIEW = 4
SAMPLES = 5000
"""Of the default net's data, so that its million epochs do not end meanwhile."""
LIVE = "network,layers,cost,results,mistakes"


class Sample(NamedTuple):
    """In MB."""

    heap: float
    arrays: float
    tab: float
    web: float


def tab_process(before: set[int]) -> psutil.Process:
    """The renderer that came since `before`, the largest where there are several."""
    new = [process for process in renderers() if process.pid not in before]
    return max(new, key=lambda process: process.memory_info().rss)


def renderers() -> list[psutil.Process]:
    return [each for each in psutil.Process().children(recursive=True) if is_renderer(each)]


def is_renderer(process: psutil.Process) -> bool:
    try:
        return "--type=renderer" in process.cmdline()
    except psutil.Error:  # ended meanwhile
        return False


def sample(tools: CDPSession, tab: psutil.Process, web: psutil.Process) -> Sample:
    tools.send("HeapProfiler.collectGarbage")
    heap = tools.send("Runtime.getHeapUsage")
    return Sample(heap["usedSize"] / 1e6, heap["backingStorageSize"] / 1e6, anonymous(tab), web.memory_info().rss / 1e6)


def anonymous(process: psutil.Process) -> float:
    """MB that are the process's own: not its code, and nothing that is shared."""
    status = Path(f"/proc/{process.pid}/status").read_text(encoding="utf-8")
    kilobytes = {line.split(":")[0]: line.split()[1] for line in status.splitlines() if line.endswith("kB")}
    return (int(kilobytes["RssAnon"]) + int(kilobytes["VmSwap"])) / 1e3


def watched(page: Page, seconds: float) -> None:
    """Scroll from view to view for so long."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        for view in page.locator(".nv-view").all():
            view.evaluate("node => node.scrollIntoView({ block: 'center' })")
            page.wait_for_timeout(SECONDS_A_VIEW * 1000)
            if time.monotonic() > end:
                return
        page.evaluate("window.scrollTo(0, 0)")
        page.wait_for_timeout(SECONDS_A_VIEW * 1000)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=int, default=30)
    parser.add_argument("--net", choices=list(NETS), default="default")
    parser.add_argument("--views", default=LIVE)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        server = Server(home=Path(folder)).start()
        assert server.process is not None
        try:
            browser = playwright.chromium.launch(**launch_options())  # type: ignore[arg-type]
            before = {process.pid for process in renderers()}
            page = browser.new_page(viewport={"width": 1440, "height": 900})
            spec = RunSpec.parse(NETS[args.net])
            spec = spec.with_("data.samples", SAMPLES) if args.net == "default" else spec
            run_id = jobs.start_run(Store(server.store_url), spec, pace="full")
            page.goto(f"{server.url}/?run={run_id}&views={args.views}")
            page.wait_for_function(
                "() => Number(document.querySelector('.nv-live:has(.nv-curves)')?.dataset.step) > 200", timeout=180_000
            )
            tools, tab, web = page.context.new_cdp_session(page), tab_process(before), psutil.Process(server.process.pid)
            samples = []
            for minute in range(args.minutes + 1):
                samples.append(sample(tools, tab, web))
                step = page.evaluate("document.querySelector('.nv-live:has(.nv-curves)').dataset.step")
                print(
                    minute, f"step {step}", *(f"{name} {value:.1f}" for name, value in samples[-1]._asdict().items()), flush=True
                )
                if minute < args.minutes:
                    watched(page, 60)
        finally:
            server.stop()
    third = max(1, args.minutes // 3)
    for name in Sample._fields:
        values = [getattr(each, name) for each in samples]
        first, last = statistics.median(values[third : third + 3]), statistics.median(values[-3:])
        print(f"{name}: {first:.1f} -> {last:.1f} MB, {last / first - 1:+.1%} from minute {third} to {args.minutes}")


if __name__ == "__main__":
    main()
