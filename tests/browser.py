"""The browser that the tests drive: $CHROMIUM, else one on the path, else the one Playwright downloads.

`python -m tests.browser` makes sure that there is one, or says which line to type.
"""

import os
import shutil
import subprocess
import sys

ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--force-device-scale-factor=1",
)


def installed() -> str | None:
    """The path of a browser on this machine, or None where only Playwright's own can be tried."""
    configured = os.environ.get("CHROMIUM")
    if configured:
        return configured
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    return next((path for name in names if (path := shutil.which(name))), None)


def launch_options() -> dict[str, object]:
    """What to hand to `playwright.chromium.launch`."""
    path = installed()
    return {"args": list(ARGUMENTS)} | ({"executable_path": path} if path else {})


def main() -> int:
    if installed():
        return 0
    if subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False).returncode == 0:
        return 0
    print(
        "The tests need a browser and Playwright could not download one. Type:  apt-get install chromium\n"
        "or name one:  CHROMIUM=/path/to/chrome make test",
        file=sys.stderr,
    )
    return 1


if __name__ == "__main__":
    sys.exit(main())
