"""Made store-rules1.zip and run-rules1.nnviz, by an nnviz of before reading rules had versions (commit 082f283):

    cd CHECKOUT && python PATH/make_store_rules1.py TARGET_FOLDER

The zip holds a store (nnviz.db, snapshots/) with a run of six epochs, the same cut off after three, what the first predicts for
`new.csv`, and the rows and first weights of its export. The packed run is the one that was cut off."""

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

COMMAND = [sys.executable, "-m", "nnviz"]
DISORDERS, ANSWERS, SIGNS = ("None", "Apnea", "None", "Insomnia"), ("N", "F", "N", "F", "F"), ("+", "-", "+")


def rows(count, first):
    lines = ["age,hours,visit,sign,seen,disorder"]
    for number in range(first, first + count):
        age = "NA" if number % 13 == 0 else f"{20 + number * 7 % 53}"
        hours = f"{4 + number * 11 % 37 / 10:.1f}"
        seen = f"20{20 + number % 4}-{1 + number % 12:02}-{1 + number * 5 % 28:02}"
        disorder = DISORDERS[number * 3 % 4 + number % 3 - 2]
        lines.append(",".join([age, hours, ANSWERS[number % 5], SIGNS[number % 3], seen, disorder]))
    return "\n".join(lines) + "\n"


def main(folder):
    home = folder / "home"
    os.environ["NNVIZ_HOME"] = str(home)
    (folder / "old.csv").write_text(rows(160, 0))
    (folder / "new.csv").write_text(rows(12, 1000))
    spec = {
        "data": {"kind": "file", "path": "old.csv", "target": "disorder"},
        "split": {"validation": 0.25, "test": 0},
        "layers": [{"kind": "Dense", "units": 8, "activation": "tanh"}],
        "cost": {"kind": "CrossEntropy"},
        "optimizer": {"kind": "Adam", "learning_rate": 0.02},
        "training": {"epochs": 6, "batch_size": 16},
    }
    (folder / "spec.json").write_text(json.dumps(spec))
    whole = trained(folder, "training.epochs=6")
    half = trained(folder, "training.epochs=3")
    said("predict", whole, str(folder / "new.csv"), "--out", str(folder / "predictions.csv"))
    said("export", whole, "--to", "script", "--out", str(folder / "script.py"))
    said("pack", half, "--out", str(folder / "run-rules1.nnviz"))
    with zipfile.ZipFile(folder / "store-rules1.zip", "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for path in sorted(home.rglob("*")):
            if path.is_file() and path.name != "nnviz.db-shm" and path.suffix not in (".log", ".lock"):
                archive.write(path, path.relative_to(home))
        for name in ("new.csv", "predictions.csv", "script.npz"):
            archive.write(folder / name, name)
        archive.writestr("runs.json", json.dumps({"whole": whole, "half": half}))


def trained(folder, *changes):
    lines = said("train", str(folder / "spec.json"), "--json", *(part for change in changes for part in ("--set", change)))
    return json.loads(lines.splitlines()[-1])["run"]


def said(*arguments):
    return subprocess.run([*COMMAND, *arguments], capture_output=True, text=True, check=True).stdout


if __name__ == "__main__":
    main(Path(sys.argv[1]))
