"""Training from a file that does not fit into memory: `python -m benchmarks.big_data [GB] [EPOCHS] [--npz]` (default 2 and 1).

Makes a Parquet file of that size, or an .npz (100 features, float64, uncompressed), trains two layers on it with
`python -m nnviz train` in a process of its own and prints seconds, steps a second and the peak of its memory, mapped pages of
the file included, as JSON.
"""

import argparse
import json
import tempfile
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pyarrow import parquet

from benchmarks.prediction import call

FEATURES = 100
GROUP = 50_000


def made(rows: int) -> Iterator[tuple[NDArray[np.float64], NDArray[np.float64]]]:
    """Numbers that do not compress, and a target that follows from two of them, a group of rows at a time."""
    rng = np.random.default_rng(0)
    for start in range(0, rows, GROUP):
        x = rng.normal(size=(min(GROUP, rows - start), FEATURES))
        yield x, np.tanh(x[:, 0] * x[:, 1]) + x[:, 2] + rng.normal(0, 0.1, len(x))


def write_parquet(path: Path, rows: int) -> None:
    writer = None
    for x, y in made(rows):
        table = pa.table({f"x{index}": x[:, index] for index in range(FEATURES)} | {"target": y})
        writer = writer or parquet.ParquetWriter(path, table.schema, compression="none", use_dictionary=False)
        writer.write_table(table)
    assert writer is not None
    writer.close()


def write_npz(path: Path, rows: int) -> None:
    """As numpy.savez would write it from memory."""
    targets = []
    with zipfile.ZipFile(path, "w") as archive:
        with archive.open("x.npy", "w", force_zip64=True) as file:
            header: dict[str, Any] = {"descr": "<f8", "fortran_order": False, "shape": (rows, FEATURES)}
            np.lib.format.write_array_header_1_0(file, header)
            for x, y in made(rows):
                file.write(x.tobytes())
                targets.append(y)
        with archive.open("y.npy", "w") as file:
            np.lib.format.write_array(file, np.concatenate(targets))


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("gigabytes", type=float, nargs="?", default=2.0)
    parser.add_argument("epochs", type=int, nargs="?", default=1)
    parser.add_argument("--npz", action="store_true")
    args = parser.parse_args()
    name, target, write = ("big.npz", "y", write_npz) if args.npz else ("big.parquet", "target", write_parquet)
    rows = int(args.gigabytes * 1e9 / 8 / (FEATURES + 1))
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        began = time.perf_counter()
        write(folder / name, rows)
        print(
            json.dumps(
                {
                    "rows": rows,
                    "file_mb": round((folder / name).stat().st_size / 1e6),
                    "writing_seconds": round(time.perf_counter() - began, 1),
                }
            ),
            flush=True,
        )
        (folder / "spec.json").write_text(
            json.dumps(
                {
                    "data": {"kind": "file", "path": name, "target": target},
                    "layers": [{"kind": "Dense", "units": 64, "activation": "relu"}] * 2,
                    "cost": {"kind": "MeanSquaredError"},
                    "optimizer": {"kind": "Adam"},
                    "training": {"epochs": args.epochs, "batch_size": 256},
                }
            ),
            encoding="utf-8",
        )
        stdout, seconds, memory = call(folder, "train", "spec.json", "--json")
        summary = json.loads(stdout.splitlines()[-1])
        print(
            json.dumps(
                {
                    "seconds": round(seconds, 1),
                    "of_these_training": summary["seconds"],
                    "steps": summary["steps"],
                    "steps_per_second": round(summary["steps_per_second"]),
                    "peak_mb": round(memory / 1e6),
                    "val_r2": round(summary["metrics"]["val_r2"], 3),
                }
            )
        )


if __name__ == "__main__":
    main()
