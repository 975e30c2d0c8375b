"""Packed runs: taken into a store, and after each that was accepted every page is drawn.

`python -m benchmarks.hostile.packed` is the process that does so, one case a line: a crash or a hang ends it alone."""

import hashlib
import io
import json
import random
import select
import shutil
import subprocess
import sys
import time
import zipfile
from pathlib import Path
from typing import Any

from benchmarks.hostile.mutate import damaged, odd_json
from benchmarks.hostile.outcome import Tally

DOCUMENTS = ("spec", "control", "info", "metrics", "best", "tags", "error", "encoder", "data")
"""Columns that hold JSON."""
SECONDS = 60.0
"""For a case with all its pages."""


def run(folder: Path, cases: int, rng: random.Random, tally: Tally) -> None:
    from nnviz.store import Store
    from tests.pages.example_runs import gallery

    store = Store(f"sqlite:///{folder}/gallery.db")
    gallery(store)
    good = []
    for run_ in store.runs.list_runs():
        if run_.is_ended:
            store.packs.pack(run_.id, folder / f"{run_.id}.nnviz")
            good.append((folder / f"{run_.id}.nnviz").read_bytes())
    store.close()
    pages = Pages(folder)
    for number in range(cases):
        content, kind = _mutated(rng, rng.choice(good))
        pages.case(content, f"case {number}, {kind}", tally)
    pages.close()


def _mutated(rng: random.Random, content: bytes) -> tuple[bytes, str]:
    """The bytes damaged or, more often, one row of one table with checksums that fit it."""
    if rng.random() < 0.15:
        return damaged(rng, content)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        files = {info.filename: archive.read(info) for info in archive.infolist()}
    manifest = json.loads(files.pop("manifest.json"))
    name = rng.choice([name for name, body in files.items() if name.startswith("tables/") and body.strip()])
    lines = files[name].splitlines()
    at = rng.randrange(len(lines))
    row = json.loads(lines[at])
    inner = [key for key in row if key in DOCUMENTS and row[key]]
    if inner and rng.random() < 0.6:
        # a JSON document in a column
        key = rng.choice(inner)
        row[key], kind = odd_json(rng, json.loads(row[key]))
        kind = f"{name}, {key}, {kind}"
        lines[at] = json.dumps(row).encode()
    else:
        text, key = odd_json(rng, row)
        lines[at], kind = text.encode("utf-8", "surrogatepass"), f"{name}, {key}"
    files[name] = b"\n".join(lines) + b"\n"
    manifest["files"][name] = {"size": len(files[name]), "sha256": hashlib.sha256(files[name]).hexdigest()}
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for other, body in files.items():
            archive.writestr(other, body)
        archive.writestr("manifest.json", json.dumps(manifest))
    return stream.getvalue(), kind


class Pages:
    """The process that takes runs in and draws pages."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.process: subprocess.Popen[str] | None = None

    def case(self, content: bytes, case: str, tally: Tally) -> None:
        (self.folder / "case.nnviz").write_bytes(content)
        answer = self._answer()
        if answer is None:
            tally.fail("packed", case, "the process that draws pages crashed or hung")
            return
        if answer["failed"]:
            (self.folder / f"failed-{len(tally.failures)}.nnviz").write_bytes(content)
            tally.fail("packed", case, answer["failed"])
        else:
            tally.add("packed", answer["result"])
        tally.measured("packed", case, seconds=answer["seconds"], peak=answer["peak"])

    def _answer(self) -> dict[str, Any] | None:
        if self.process is None or self.process.poll() is not None:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "benchmarks.hostile.packed", str(self.folder)],
                text=True,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write("case\n")
        self.process.stdin.flush()
        if not select.select([self.process.stdout], [], [], SECONDS)[0]:
            self.process.kill()
            self.process.wait()
            return None
        line = self.process.stdout.readline()
        return json.loads(line) if line else None

    def close(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()


def serve(folder: Path) -> None:
    """For each line: takes `case.nnviz` into a fresh store and draws every page of it."""
    import os

    os.environ["NNVIZ_STORE"] = f"sqlite:///{folder}/case.db"
    from nnviz.jobs import launcher
    from nnviz.store import Store

    launcher.ensure_supervisor = lambda url: None  # type: ignore[assignment]
    empty = folder / "empty.db"
    Store(f"sqlite:///{empty}").close()
    for _line in sys.stdin:
        for name in ("case.db", "case.db-wal", "case.db-shm"):
            (folder / name).unlink(missing_ok=True)
        shutil.copyfile(empty, folder / "case.db")
        began = time.monotonic()
        result, failed, run_id = _taken(folder)
        seconds = time.monotonic() - began
        if not failed and run_id:
            failed = _drawn(run_id)
        peak = _peak()
        print(json.dumps({"result": result, "failed": failed, "seconds": seconds, "peak": peak}), flush=True)


def _peak() -> int:
    """The most memory of this process, in bytes. (`ru_maxrss` would count the process it was started from, too.)"""
    status = Path("/proc/self/status").read_text().splitlines()
    return next(1024 * int(line.split()[1]) for line in status if line.startswith("VmHWM"))


def _taken(folder: Path) -> tuple[str, str, str]:
    from nnviz.errors import NnvizError
    from nnviz.store import Store

    store = Store()
    try:
        return "accepted", "", store.packs.unpack(folder / "case.nnviz").run_id
    except NnvizError as error:
        return "refused", "" if type(error).__name__ != "Unexpected" else str(error), ""
    except Exception as error:
        return "", f"{type(error).__name__}: {str(error)[:200]}", ""
    finally:
        store.close()


def _drawn(run_id: str) -> str:
    """What is wrong with the pages; empty where they are drawn."""
    import streamlit as st
    from streamlit.testing.v1 import AppTest

    st.cache_resource.clear()
    app = AppTest.from_file(str(Path(__file__).parents[2] / "dashboard.py"), default_timeout=30).run()
    for page, name in (("train", "run"), ("data", ""), ("runs", ""), ("predict", "run"), ("compare", "runs")):
        app.query_params.clear()
        if name:
            app.query_params[name] = run_id
        app.switch_page(f"pages/{page}.py").run()
        if app.exception:
            return f"{page}: {app.exception[0].message[:300]}"
        if any("unexpected error" in error.value for error in app.error):
            return f"{page}: {app.error[0].value[:300]}"
    return ""


if __name__ == "__main__":
    serve(Path(sys.argv[1]))
