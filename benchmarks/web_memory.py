"""Memory of the web process: `python -m benchmarks.web_memory [SESSIONS]`.

Five browsers open all pages, one of them uploads 100 MB; prints the process's resident memory at its highest.
"""

import json
import sys
import tempfile
import threading
import time
from pathlib import Path

import psutil
from playwright.sync_api import sync_playwright

from tests.browser import launch_options
from tests.e2e.test_data_predict import choose_file
from tests.serving import Server


def main() -> None:
    sessions = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        server = Server(home=Path(folder) / "home").start()
        assert server.process is not None
        web, highest, done = psutil.Process(server.process.pid), [0], threading.Event()

        def watch() -> None:
            while not done.wait(0.02):
                highest[0] = max(highest[0], web.memory_info().rss)

        threading.Thread(target=watch, daemon=True).start()
        try:
            browser = playwright.chromium.launch(**launch_options())  # type: ignore[arg-type]
            pages = [browser.new_page() for _ in range(sessions)]
            for page in pages:
                for name in ("", "runs", "compare", "predict", "data"):
                    page.goto(f"{server.url}/{name}")
                    page.wait_for_timeout(2500)
            before = web.memory_info().rss
            large = Path(folder) / "large.csv"
            line = b"1.25,2.5,3.75,a\n" * 4096
            with large.open("wb") as file:
                file.write(b"a,b,c,d\n")
                for _ in range(100 * 2**20 // len(line)):
                    file.write(line)
            with pages[0].expect_response(lambda response: "/nnviz/upload" in response.url, timeout=120_000):
                choose_file(pages[0], large)
            time.sleep(10)
            print(
                json.dumps({"sessions": sessions, "before_upload_mb": round(before / 1e6), "highest_mb": round(highest[0] / 1e6)})
            )
        finally:
            done.set()
            server.stop()


if __name__ == "__main__":
    main()
