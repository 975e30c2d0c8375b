"""Training from a file that does not fit into memory: `python -m benchmarks.big_data [GB] [EPOCHS]` (default 2 and 1).

Makes a Parquet file of that size (100 features, float64, uncompressed), trains two layers on it with `python -m nnviz train` in a
process of its own and prints seconds, steps a second and the peak of its memory, mapped pages of the file included, as JSON.
"""

import json
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pyarrow as pa
from pyarrow import parquet

from benchmarks.prediction import call

FEATURES = 100
GROUP = 50_000


def write(path: Path, gigabytes: float) -> int:
    """Numbers that do not compress, and a target that follows from two of them; gives the number of rows."""
    rng = np.random.default_rng(0)
    rows = int(gigabytes * 1e9 / 8 / (FEATURES + 1))
    writer = None
    for start in range(0, rows, GROUP):
        x = rng.normal(size=(min(GROUP, rows - start), FEATURES))
        y = np.tanh(x[:, 0] * x[:, 1]) + x[:, 2] + rng.normal(0, 0.1, len(x))
        table = pa.table({f"x{index}": x[:, index] for index in range(FEATURES)} | {"target": y})
        writer = writer or parquet.ParquetWriter(path, table.schema, compression="none", use_dictionary=False)
        writer.write_table(table)
    assert writer is not None
    writer.close()
    return rows


def main() -> None:
    gigabytes = float(sys.argv[1]) if len(sys.argv) > 1 else 2.0
    epochs = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        began = time.perf_counter()
        rows = write(folder / "big.parquet", gigabytes)
        print(json.dumps({"rows": rows, "file_mb": round((folder / "big.parquet").stat().st_size / 1e6),
                          "writing_seconds": round(time.perf_counter() - began, 1)}), flush=True)
        (folder / "spec.json").write_text(json.dumps({
            "data": {"kind": "file", "path": "big.parquet", "target": "target"},
            "layers": [{"kind": "Dense", "units": 64, "activation": "relu"}] * 2, "cost": {"kind": "MeanSquaredError"},
            "optimizer": {"kind": "Adam"}, "training": {"epochs": epochs, "batch_size": 256}}), encoding="utf-8")
        said, seconds, memory = call(folder, "train", "spec.json", "--json")
        found = json.loads(said.splitlines()[-1])
        print(json.dumps({"seconds": round(seconds, 1), "of_these_training": found["seconds"], "steps": found["steps"],
                          "steps_per_second": round(found["steps_per_second"]), "peak_mb": round(memory / 1e6),
                          "val_r2": round(found["metrics"]["val_r2"], 3)}))


if __name__ == "__main__":
    main()
