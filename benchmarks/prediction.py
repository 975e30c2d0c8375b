"""Predicting many rows: `python -m benchmarks.prediction [MOST]` (rows; default 10,000,000).

For 10^4, 10^5, ... rows of 20 features in a Parquet file: rows a second and the peak memory of `python -m nnviz predict` in a
process of its own, as a JSON line each. The time without the start is taken from the differences to the smallest file.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pyarrow as pa
from pyarrow import parquet

FEATURES = 20
AT_ONCE = 100_000
SPEC = {
    "data": {"kind": "file", "path": "train.parquet", "target": "label"},
    "layers": [{"kind": "Dense", "units": 32, "activation": "relu"}],
    "cost": {"kind": "CrossEntropy"},
    "optimizer": {"kind": "Adam"},
    "training": {"epochs": 1, "batch_size": 128},
}


def write(path: Path, rows: int, *, labelled: bool) -> None:
    rng = np.random.default_rng(0)
    writer = None
    for start in range(0, rows, AT_ONCE):
        x = rng.normal(size=(min(AT_ONCE, rows - start), FEATURES))
        columns = {f"x{index}": x[:, index] for index in range(FEATURES)}
        if labelled:
            columns["label"] = (x[:, 0] * x[:, 1] > 0).astype(np.int64)
        table = pa.table(columns)
        writer = writer or parquet.ParquetWriter(path, table.schema)
        writer.write_table(table)
    assert writer is not None
    writer.close()


def call(folder: Path, *arguments: str) -> tuple[str, float, int]:
    """Output, seconds and peak memory in bytes of one command."""
    environment = os.environ | {"NNVIZ_HOME": str(folder), "PYTHONPATH": str(Path(__file__).parent.parent)}
    began = time.perf_counter()
    child = subprocess.Popen(
        [sys.executable, "-m", "nnviz", *arguments], cwd=folder, env=environment, stdout=subprocess.PIPE, text=True
    )
    assert child.stdout is not None
    stdout = child.stdout.read()
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    assert child.returncode == 0, stdout
    return stdout, time.perf_counter() - began, usage.ru_maxrss * 1024


def main() -> None:
    most = int(float(sys.argv[1])) if len(sys.argv) > 1 else 10_000_000
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        write(folder / "train.parquet", 2000, labelled=True)
        (folder / "spec.json").write_text(json.dumps(SPEC), encoding="utf-8")
        run = json.loads(call(folder, "train", "spec.json", "--json")[0].splitlines()[-1])["run"]
        first: tuple[int, float, int] | None = None
        rows = 10_000
        while rows <= most:
            path = folder / "rows.parquet"
            write(path, rows, labelled=False)
            _, seconds, memory = call(folder, "predict", run, str(path), "-o", str(folder / "out.csv"))
            first = first or (rows, seconds, memory)
            line = {
                "rows": rows,
                "seconds": round(seconds, 1),
                "peak_mb": round(memory / 1e6),
                "more_than_first_mb": round((memory - first[2]) / 1e6),
            }
            if rows > first[0]:
                line["rows_per_second"] = round((rows - first[0]) / max(1e-9, seconds - first[1]))
            print(json.dumps(line), flush=True)
            rows *= 10


if __name__ == "__main__":
    main()
