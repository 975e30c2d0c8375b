"""The job `export`: a run as a Keras script that does it again, or its network as a `.keras` file."""

import json
import math
import os
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from nnviz import data, engine
from nnviz.data.columns import cells
from nnviz.data.columns.date_formats import words_of_dates
from nnviz.data.columns.number_formats import CURRENCY
from nnviz.engine.loop import compile_mode
from nnviz.engine.network import to_keras as keras_files
from nnviz.errors import NnvizError, RequestError
from nnviz.export import Shapes, script
from nnviz.export.encoder_file import encoder_source, module_name, readme
from nnviz.export.exact import Recorded
from nnviz.jobs.worker import dataset
from nnviz.jobs.worker.predictions.trained import Trained
from nnviz.spec import FileData, expand
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
            if to == "keras" and len(files) > 1:
                files.append(_readme(Trained.load(self.store, run), path))
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
        notes = [f"{path.name} reads {arrays.name}, which must lie beside it."]
        if self.store.runs.changed(run.id, "edited"):
            notes.append(
                "It trains from the first step: units switched off and weights set by hand are not in it, but in .keras."
            )
        return [path, arrays], notes

    def _keras(self, run: Run, path: Path) -> tuple[list[Path], list[str]]:
        if path.suffix != ".keras":
            raise RequestError("Keras wants a name that ends in .keras", where=str(path), remedy=f"Call it {path.stem}.keras.")
        trained = Trained.load(self.store, run)
        encoder = trained.encoder
        before, takes = _encoding(encoder)
        model = keras_files.keras_model(trained.network, run.spec.layers, before=before, mean=trained.mean, scale=trained.scale)
        _replaced(path, lambda part: keras_files.save(model, part), suffix=".keras")
        notes = [f"It takes {takes}.", f"It gives {_answer(trained)}."]
        if encoder.is_images:
            return [path], notes
        module = path.with_name(f"{module_name(path.stem)}.py")
        record = module.with_suffix(".json")
        words = json.dumps(_record(self.store, trained), indent=1)
        _replaced(record, lambda part: part.write_text(words, encoding="utf-8"), suffix=".json")
        _replaced(module, lambda part: part.write_text(encoder_source(path.name), encoding="utf-8"), suffix=".py")
        return [path, module, record], [*notes, f"{module.name} beside it takes raw rows: its first lines say how."]


def _answer(trained: Trained) -> str:
    """What the network's outputs are, in words."""
    target = trained.encoder.target
    if not trained.is_classifier:
        return f"{', '.join(target.names)} in its own unit"
    if trained.network.cost.columns == 1:
        return f"the probability of {target.classes[1]}"
    return f"one column a class: {', '.join(target.classes[:10])}{', ...' if len(target.classes) > 10 else ''}"


def _record(store: Store, trained: Trained) -> dict[str, Any]:
    """What the encoder beside a `.keras` file reads: the run's own encoder, and the words of the rules that it goes by."""
    record = {name: value for name, value in trained.encoder.to_json().items() if name not in ("shape", "divide")}
    has_dates = any(code.type == "date" for code in trained.encoder.columns)
    return record | {
        "dialect": record.get("dialect") or _dialect(store, trained.run),
        "answer": "scores" if trained.network.cost.transform_name == "identity" else "probabilities",
        "words": {
            "missing": list(cells.missing_words(trained.encoder.rules)),
            "true": list(cells.TRUE),
            "false": list(cells.FALSE),
            "currency": CURRENCY,
            **(words_of_dates() if has_dates else {"dates": {}, "months": {}, "zones": {}}),
        },
    }


def _dialect(store: Store, run: Run) -> dict[str, Any]:
    """How the file of a run was written that did not keep it: found out anew, where the file is still there."""
    if not isinstance(run.spec.data, FileData):
        return {}
    try:
        read = dataset.load(store, run.spec).report.read
    except NnvizError:
        return {}
    return {name: read[name] for name in ("separator", "decimal", "encoding", "header") if name in read}


def _readme(trained: Trained, path: Path) -> Path:
    """The lines that lie beside the files of a download."""
    inputs = list(trained.encoder.inputs)
    gives = "a number in the target's own unit" if not trained.is_classifier else "a class, and how probable each is"
    text = path.with_name("README.txt")
    text.write_text(readme(path.name, inputs=inputs, gives=gives), encoding="utf-8")
    return text


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
