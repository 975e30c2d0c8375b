"""The job `export`: a run as a Keras script that does it again, or its network as a `.keras` file."""

import math
import os
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from nnviz import data, engine
from nnviz.engine.loop import compile_mode
from nnviz.engine.network import to_keras as keras_files
from nnviz.errors import RequestError
from nnviz.export import Shapes, script
from nnviz.export.exact import Recorded
from nnviz.jobs.worker import dataset
from nnviz.jobs.worker.predictions.trained import Trained
from nnviz.spec import expand
from nnviz.store import Job, Run, Store

_PARTS = {"train": "train", "validation": "val", "test": "test"}


class Exporter:
    """Answers the job: payload `to` (script, keras) and `out`, the file to write; without it the file goes into the blobs.

    The answer: `files` (paths) or `sha256` and `name`; `notes` say what the file takes and gives."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def export(self, job: Job) -> dict[str, Any]:
        run, to, out = self.store.runs.get(job.run or ""), job.payload.get("to"), job.payload.get("out")
        write = {"script": self._script, "keras": self._keras}.get(str(to))
        if write is None:
            raise RequestError(f"cannot export to {str(to)[:40]!r}", where="to", remedy="Allowed: script, keras.")
        if out is not None:
            path = Path(out)
            files, notes = _safely(path, lambda: write(run, path))
            return {"files": [str(file) for file in files], "notes": notes}
        with tempfile.TemporaryDirectory(prefix="nnviz-") as folder:
            path = Path(folder) / (_stem(run) + (".py" if to == "script" else ".keras"))
            files, notes = write(run, path)
            whole = files[0] if len(files) == 1 else _zipped(files, path.with_suffix(".zip"))
            return {"sha256": self.store.blobs.put_file(whole), "name": whole.name, "notes": notes}

    def _script(self, run: Run, path: Path) -> tuple[list[Path], list[str]]:
        if not run.is_ended or not run.step:
            raise RequestError(
                f"the run is {run.status} and has done {run.step} steps",
                where=run.id,
                remedy="Choose a run that has been trained." if run.is_ended else "Wait until it has ended.",
            )
        arrays = path.with_suffix(".npz")
        if path == arrays:
            raise RequestError("the script's name ends in .npz", where=str(path), remedy="Call it something.py.")
        prepared = dataset.load(self.store, run.spec)
        if not all(isinstance(part.x, np.ndarray) for part in prepared.parts.values()):
            raise RequestError(
                "its rows are larger than memory, and the script would need a copy of them",
                where=run.id,
                remedy="Export it as .keras, or train on fewer rows.",
            )
        text = script(
            run.spec,
            Shapes(shape=prepared.shape, outputs=prepared.outputs, task=prepared.task),
            recorded=Recorded(
                arrays=arrays.name,
                parts=tuple(_PARTS[part] for part in prepared.parts),
                steps=run.step,
                epochs=math.ceil(run.epoch),
                xla=compile_mode.mode(layer.kind for _, layer in expand(run.spec.layers)) == "xla",
            ),
        )
        network = engine.build(
            run.spec.layers,
            run.spec.cost,
            task=prepared.task,
            shape=prepared.shape,
            outputs=prepared.outputs,
            seed=run.spec.training.seed,
        )
        members: dict[str, Any] = {
            f"{letter}_{_PARTS[name]}": getattr(part, letter) for name, part in prepared.parts.items() for letter in "xy"
        }
        members |= {f"weight_{index:05d}": value for index, value in enumerate(network.values)}
        members |= (
            {"classes": np.array(prepared.classes)}
            if prepared.task == "classification"
            else {"target_mean": prepared.target_mean, "target_scale": prepared.target_scale}
        )
        _replaced(arrays, lambda part: np.savez_compressed(part, **members), suffix=".npz")
        _replaced(path, lambda part: part.write_text(text, encoding="utf-8"), suffix=".py")
        return [path, arrays], [f"{path.name} reads {arrays.name}, which must lie beside it."]

    def _keras(self, run: Run, path: Path) -> tuple[list[Path], list[str]]:
        if path.suffix != ".keras":
            raise RequestError("Keras wants a name that ends in .keras", where=str(path), remedy=f"Call it {path.stem}.keras.")
        trained = Trained.load(self.store, run)
        encoder, target = trained.encoder, trained.encoder.target
        before, takes = _encoding(encoder)
        model = keras_files.keras_model(trained.network, run.spec.layers, before=before, mean=trained.mean, scale=trained.scale)
        _replaced(path, lambda part: keras_files.save(model, part), suffix=".keras")
        if trained.is_classifier and trained.network.cost.columns == 1:
            gives = f"the probability of {target.classes[1]}"
        elif trained.is_classifier:
            gives = f"one column a class: {', '.join(target.classes[:10])}{', ...' if len(target.classes) > 10 else ''}"
        else:
            gives = f"{', '.join(target.names)} in its own unit"
        return [path], [f"It takes {takes}.", f"It gives {gives}."]


def _encoding(encoder: data.Encoder) -> tuple[list[Any], str]:
    """Layers that encode rows, where Keras's own can, and what the file takes, in words."""
    if encoder.is_images:
        shape = " x ".join(map(str, encoder.shape))
        return keras_files.encoding(divide=encoder.divide), f"images of {shape}, as they are in the data"
    if all(code.type == "number" and not code.indicator for code in encoder.columns):
        centre = [code.centre[0] for code in encoder.columns]
        scale = [code.scale[0] for code in encoder.columns]
        as_numbers = ", read as numbers" if any(code.way for code in encoder.columns) else ""
        takes = f"the columns {', '.join(encoder.inputs)}, as they are in the data{as_numbers}"
        return keras_files.encoding(centre=centre, scale=scale), takes
    return [], f"rows as nnviz encodes them, in the columns {', '.join(encoder.features)}"


def _replaced(path: Path, write: Callable[[Path], Any], *, suffix: str) -> None:
    """Writes a file that takes its name only once it is whole."""
    part = path.with_name(f"{path.name}.part{suffix}")
    try:
        write(part)
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)


def _safely(path: Path, write: Callable[[], tuple[list[Path], list[str]]]) -> tuple[list[Path], list[str]]:
    try:
        return write()
    except OSError as error:
        raise RequestError(
            f"cannot write this file ({error.strerror or error})", where=str(path), remedy="Check the folder and the permissions."
        ) from error


def _zipped(files: list[Path], path: Path) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        for file in files:
            archive.write(file, file.name)
    return path


def _stem(run: Run) -> str:
    """A file's name from the run's: letters, digits, - and _ only."""
    word = "_".join(
        "".join(letter if letter.isascii() and (letter.isalnum() or letter in "-_") else " " for letter in run.name).split()
    )
    return word[:60] or run.id
