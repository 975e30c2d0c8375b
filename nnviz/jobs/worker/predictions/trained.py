"""A run's network, ready to be asked: predictions and losses of new rows in batches of constant memory."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from nnviz.catalog import COSTS
from nnviz.data import Encoder
from nnviz.engine.network import cost as costs, network as networks
from nnviz.errors import DataError, RequestError
from nnviz.jobs.worker import dataset
from nnviz.jobs.worker.predictions.answer_rows import NOTES, Collected, Outputs, Worst
from nnviz.jobs.worker.predictions.as_read import array_labels, decimals_for, own_cells, own_labels, rounded
from nnviz.jobs.worker.predictions.new_rows import Batch
from nnviz.jobs.worker.predictions.prediction_file import CsvFiles
from nnviz.jobs.worker.predictions.scores import Scores
from nnviz.jobs.worker.predictions.training_rows import ApartScores, TrainingRows
from nnviz.spec import check_cost, class_weight_by_position
from nnviz.store import Run, Store


@dataclass(frozen=True)
class Trained:
    """A run with its encoder and its network, the trained weights in it. `mean` and `scale` float64 (t,): what brings its
    outputs back into the unit of each target column; 0 and 1 where targets were not standardised."""

    run: Run
    encoder: Encoder
    network: networks.Network
    mean: NDArray[np.float64]
    scale: NDArray[np.float64]

    @classmethod
    def load(cls, store: Store, run: Run) -> Self:
        """Raises RequestError for a run that has no weights."""
        record = store.runs.encoder(run.id)
        if run.weights is None or record is None:
            raise RequestError(
                f"the run is {run.status} and has no weights to predict with",
                where=run.id,
                remedy="Choose a run that has finished." if run.is_ended else "Wait until it has finished.",
            )
        encoder = Encoder.from_json(record)
        target = encoder.target
        outputs = len(target.classes) or len(target.names)
        network = networks.build(
            run.spec.layers,
            run.spec.cost,
            task=target.task,
            shape=encoder.row_shape,
            outputs=outputs,
            seed=run.spec.training.seed,
            class_weight=_class_weights(store, run, target.classes),
            switchable=bool(run.info.get("units_off")),
        )
        network.values = networks.weights_from_bytes(store.blobs.get(run.weights))
        if network.switches is not None:
            network.switches.off = run.info["units_off"]
        return cls(run, encoder, network, mean=np.array(target.mean or (0.0,)), scale=np.array(target.scale or (1.0,)))

    @property
    def is_classifier(self) -> bool:
        return self.encoder.target.task == "classification"

    @property
    def columns(self) -> list[str]:
        """Of a table of predictions."""
        target = self.encoder.target
        if self.is_classifier:
            what = "score" if self.network.cost.transform_name == "identity" else "probability"
            return ["row", "prediction", *(f"{what}_{name}" for name in target.classes)]
        return ["row", *(["prediction"] if len(target.names) == 1 else [f"prediction_{name}" for name in target.names])]

    def predict(
        self,
        batches: Iterable[Batch],
        *,
        out: Path | None = None,
        safe: Path | None = None,
        cost: Any = None,
        training: TrainingRows | None = None,
    ) -> dict[str, Any]:
        """Writes every row to the CSV file `out` with all texts as they are, and to `safe` so that no spreadsheet runs one.
        The answer: `rows` (how many), `columns` and `table` (the first 1,000 rows), `inputs` (those rows as given; of image
        files the names), `images` (some of them, as PNG), `notes`, `target`; where labels are known also `labels` and `costs`
        (labels and own losses of the rows in `table`), `metrics` and `worst`, as `evaluate` gives them, and with `training`
        what `ApartScores.answer` says of rows that it was trained on and of others. Numbers of rows start
        at 1."""
        collected, scores, worst = Collected(self.columns, self.encoder.inputs), Scores(self.encoder.target), Worst()
        apart = ApartScores(training, self.encoder.target)
        with CsvFiles(out, safe) as writer:
            for outputs in self._answers(batches, cost):
                lines = list(self._lines(outputs))
                labels, losses = self._labels(outputs), outputs.losses
                if out is not None or safe is not None:
                    names = outputs.batch.names
                    if not collected.rows:
                        writer.writerow(
                            [*self.columns, *([] if labels is None else ["label", "loss"]), *(["file"] if names else [])]
                        )
                    written = (
                        lines
                        if labels is None or losses is None
                        else [
                            [*line, label, "" if np.isnan(loss) else float(loss)]
                            for line, label, loss in zip(lines, labels, losses, strict=True)
                        ]
                    )
                    writer.writerows([[*line, name] for line, name in zip(written, names, strict=True)] if names else written)
                scores.add(outputs.values, outputs.picked, outputs.batch.y, losses)
                apart.add(outputs)
                worst.add(lines, labels, losses)
                collected.add(outputs, lines, labels)
        labelled = (
            {
                "metrics": scores.metrics(),
                "worst": worst.lines(),
                "labelled": scores.rows,
                "unlabelled": collected.rows - scores.rows,
            }
            if scores.rows
            else {}
        )
        return collected.answer() | (labelled and labelled | apart.answer()) | {"target": self._target()}

    def evaluate(self, batches: Iterable[Batch], *, name: str, cost: Any = None) -> dict[str, Any]:
        """The answer: `rows` with a label, `metrics`, `columns` and `worst`: the rows with the highest loss of their own,
        that loss and the label at the end; `notes`; `unlabelled`: rows that count nowhere. Raises DataError where no row has
        a label."""
        scores, worst = Scores(self.encoder.target), Worst()
        notes: dict[str, None] = {}
        rows = 0
        for outputs in self._answers(batches, cost):
            labels = self._labels(outputs)
            if labels is None:
                wanted = ", ".join(repr(target) for target in self.encoder.target.names)
                raise DataError(
                    f"the rows have no labels: there is no column {wanted}",
                    where=name,
                    remedy="Give labelled rows, or ask for predictions only.",
                )
            rows += len(outputs.batch)
            notes.update(dict.fromkeys(outputs.batch.notes))
            scores.add(outputs.values, outputs.picked, outputs.batch.y, outputs.losses)
            worst.add(list(self._lines(outputs)), labels, outputs.losses)
        if not scores.rows:
            raise DataError("no row has a label that the network knows", where=name, remedy="Give labelled rows.")
        return {
            "rows": scores.rows,
            "metrics": scores.metrics(),
            "columns": [*self.columns, "label", "loss"],
            "worst": worst.lines(),
            "target": self._target(),
            "notes": list(notes)[:NOTES],
            "unlabelled": rows - scores.rows,
        }

    def _answers(self, batches: Iterable[Batch], cost: Any) -> Iterator[Outputs]:
        calculate = self._cost(cost)
        for batch in batches:
            raw = self.network.raw(batch.x)
            predicted = np.asarray(self.network.outputs_of(raw), dtype=np.float64)
            picked = np.asarray(self.network.cost.picked(raw)) if self.is_classifier else None
            values = predicted if self.is_classifier else predicted * self.scale + self.mean
            labelled, losses = None, None
            if batch.y is not None:
                labelled = batch.y >= 0 if self.is_classifier else np.isfinite(batch.y).all(axis=1)
                losses = np.full(len(batch), np.nan)
                if labelled.any():
                    losses[labelled] = calculate(batch.y[labelled], raw[labelled], predicted[labelled])
            yield Outputs(batch, values, picked, labelled, losses)

    def _cost(self, chosen: Any) -> Any:
        """Each row's own loss from (y, raw outputs, predictions): by the run's cost, or another one on its outputs."""
        own = self.network.cost
        if chosen is None:
            return lambda y, raw, predicted: np.asarray(own.calculate(y, raw, reduction="none"), dtype=np.float64)
        entry, task = COSTS[chosen.kind], self.encoder.target.task
        check_cost(chosen.kind, task=task, outputs=own.outputs)
        alike = chosen.transform is None and own.transform_name in entry.transforms
        if alike:
            chosen = chosen.model_copy(update={"transform": own.transform_name})
        other = costs.make(chosen, task=task, outputs=own.outputs, seed=0, index=0)
        in_own_unit = task == "regression" and not entry.target_scaling

        def calculate(y: NDArray[Any], raw: NDArray[Any], predicted: NDArray[Any]) -> NDArray[np.float64]:
            if in_own_unit:
                y, predicted = y * self.scale + self.mean, predicted * self.scale + self.mean
            elif alike and other.columns == own.columns:
                return np.asarray(other.calculate(y, raw, reduction="none"), dtype=np.float64)
            seen = predicted[:, -other.columns :].astype(np.float32)
            targets = y.astype(np.float32) if task == "regression" else y
            return np.asarray(other.calculate(targets, seen, from_logits=False, reduction="none"), dtype=np.float64)

        return calculate

    def _lines(self, outputs: Outputs) -> Iterator[list[Any]]:
        classes = self.encoder.target.classes
        decimals: list[int | None] = (
            [None] * outputs.values.shape[1] if self.is_classifier else [decimals_for(scale) for scale in self.scale.tolist()]
        )
        for index, values in enumerate(outputs.values.tolist()):
            number = outputs.batch.start + index + 1
            row = [rounded(*pair) for pair in zip(values, decimals, strict=True)]
            yield [number, *row] if outputs.picked is None else [number, classes[int(outputs.picked[index])], *row]

    def _labels(self, outputs: Outputs) -> list[Any] | None:
        """Each row's label as the file has it, "" where there is none; None where no row can have one."""
        batch = outputs.batch
        if batch.y is None:
            return None
        if isinstance(batch.rows, pd.DataFrame):
            return own_labels([own_cells(batch.rows[name]) for name in self.encoder.target.names])
        return None if batch.labels is None else array_labels(batch.labels)

    def _target(self) -> dict[str, Any]:
        target = self.encoder.target
        return {"task": target.task, "names": list(target.names), "classes": list(target.classes), "scale": list(target.scale)}


def _class_weights(store: Store, run: Run, classes: tuple[str, ...]) -> NDArray[np.float32] | None:
    class_weight = run.spec.cost.class_weight if classes else None
    if class_weight is None:
        return None
    # "balanced" is a matter of the training rows, so those are looked at again.
    y = dataset.load(store, run.spec).parts["train"].y if class_weight == "balanced" else np.zeros(0)
    return costs.class_weights(class_weight, y.astype(np.int32), classes, places=class_weight_by_position(run.spec.data))
