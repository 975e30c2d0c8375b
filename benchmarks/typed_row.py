"""How long a typed row waits for its prediction while another run trains: `python -m benchmarks.typed_row`.

As the Predict page asks: a job in the store, answered by the worker that does not train. Prints the median and the worst of 20.
"""

import json
import os
import statistics
import tempfile
import time
from pathlib import Path

from nnviz import jobs
from nnviz.spec import RunSpec
from nnviz.store import Store
from tests.serving import jobs_of

SPEC = {
    "data": {"kind": "builtin", "name": "iris"},
    "layers": [{"kind": "Dense", "units": 16, "activation": "relu"}],
    "cost": {"kind": "CrossEntropy"},
    "optimizer": {"kind": "Adam"},
    "training": {"epochs": 20},
}
ROW = {"sepal length (cm)": "5.1", "sepal width (cm)": "3.5", "petal length (cm)": "1.4", "petal width (cm)": "0.2"}


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        os.environ["NNVIZ_HOME"] = folder
        store = Store(f"sqlite:///{Path(folder) / 'nnviz.db'}")
        try:
            done = jobs.start_run(store, RunSpec.parse(SPEC))
            while not store.runs.get(done).is_ended:
                time.sleep(0.1)
            while sum(worker.state == "idle" for worker in store.workers.list_workers()) < 2:
                time.sleep(0.1)
            busy = jobs.start_run(store, RunSpec.parse(SPEC).with_("training.epochs", 1_000_000))
            while store.runs.get(busy).step < 1000:
                time.sleep(0.1)
            took = []
            for _ in range(20):
                start = time.perf_counter()
                jobs.wait(store, jobs.submit(store, "predict", run_id=done, payload={"rows": [ROW]}))
                took.append(time.perf_counter() - start)
            print(
                json.dumps(
                    {
                        "first_seconds": round(took[0], 3),
                        "median_seconds": round(statistics.median(took), 3),
                        "worst_seconds": round(max(took), 3),
                        "still_training": not store.runs.get(busy).is_ended,
                    }
                )
            )
            store.runs.set_control(busy, stop=True)
        finally:
            for process in jobs_of(store.url):
                process.kill()


if __name__ == "__main__":
    main()
