"""Writes store-v1.sqlite and store-v1.json: what nnviz made of commit c9593be, before stores had a version.

Run with that commit's code, not with today's: PYTHONPATH=<checkout of c9593be> python tests/assets/make_store_v1.py
A run on spirals with its frames and events, a note and a tag; a group of two folds on an uploaded file; what that nnviz
said of them.
"""

import json
import shutil
import sqlite3
import tempfile
from pathlib import Path

from nnviz.jobs.foreground import adopt, do_here, train_group_here, train_here
from nnviz.spec import RunSpec
from nnviz.store import Store

HERE = Path(__file__).parent
SPIRALS = {
    "name": "two spirals",
    "data": {"kind": "synthetic", "name": "spirals", "samples": 120},
    "layers": [{"kind": "Dense", "units": 8, "activation": "tanh"}],
    "cost": {"kind": "CrossEntropy"},
    "optimizer": {"kind": "Adam", "learning_rate": 0.02},
    "training": {"epochs": 10, "batch_size": 16},
}
FLOWERS = {
    "name": "flowers",
    "data": {"kind": "file", "path": "flowers.csv", "target": "kind"},
    "split": {"folds": 2},
    "layers": [{"kind": "Dense", "units": 4, "activation": "relu"}],
    "cost": {"kind": "CrossEntropy"},
    "optimizer": {"kind": "SGD", "learning_rate": 0.1},
    "training": {"epochs": 4, "batch_size": 8},
}
ROWS = "\n".join(["length,width,kind", *(f"{n % 7 + n % 2 * 3},{n % 5},{'rose' if n % 2 else 'lily'}" for n in range(60))])
ASKED = {"spirals": "x1,x2\n0.5,-1\n2,2\n-3,1\n", "flowers": "length,width\n1,2\n8,0\n"}


def main() -> None:
    folder = Path(tempfile.mkdtemp())
    path = folder / "nnviz.db"
    store = Store(f"sqlite:///{path}")
    run_id = store.create_run(RunSpec.parse(SPIRALS))
    train_here(store, run_id, on_change=lambda run: None)
    store.edit_run(run_id, tags=["old"], note="trained long ago")
    (folder / "flowers.csv").write_text(ROWS + "\n")
    group_id = store.create_group(adopt(store, RunSpec.parse(FLOWERS), base=folder))
    train_group_here(store, group_id, on_change=lambda run: None)
    members = [run.id for run in store.group_runs(group_id)]
    said = {"run": run_id, "group": group_id, "members": members, "runs": {}, "predictions": {}}
    for each in (run_id, *members):
        run = store.run(each)
        said["runs"][each] = {
            "name": run.name,
            "status": run.status,
            "metrics": run.metrics,
            "history": store.history(each),
            "curves": {name: store.curve(each, name).value.tolist() for name in store.series(each)},
            "events": [event.text for event in store.events(each)],
            "frames": sorted(row.view for row in store.frames(each)),
        }
    for each, kind in ((run_id, "spirals"), (members[0], "flowers")):
        (folder / "rows.csv").write_text(ASKED[kind])
        do_here(store, "predict", each, {"path": str(folder / "rows.csv"), "out": str(folder / "out.csv")})
        said["predictions"][each] = {"rows": ASKED[kind], "out": (folder / "out.csv").read_text()}
    store.close()
    with sqlite3.connect(path) as connection:
        connection.execute("DELETE FROM jobs")
        connection.commit()
        connection.execute("PRAGMA journal_mode=DELETE")
        connection.execute("VACUUM")
    shutil.copyfile(path, HERE / "store-v1.sqlite")
    (HERE / "store-v1.json").write_text(json.dumps(said, indent=1) + "\n")


if __name__ == "__main__":
    main()
