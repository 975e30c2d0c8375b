"""Processes that open a new store at once and write into it at once; the long form is benchmarks/writers.py."""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent


def test_eight_processes_lose_no_row_and_see_no_error(tmp_path):
    done = subprocess.run(
        [
            sys.executable,
            "benchmarks/writers.py",
            "--writers",
            "8",
            "--writes",
            "10",
            "--store",
            f"sqlite:///{tmp_path}/nnviz.db",
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    report = json.loads(done.stdout)
    assert (report["lost"], report["errors"], report["first_error"]) == (0, 0, None)
    assert report["writes"] == 80
    assert done.returncode == 0
