"""The whole script: rows, network, training, metrics. Readable Python that needs Keras and NumPy, and nnviz nowhere."""

import json
import textwrap
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from nnviz.errors import NotYet
from nnviz.export import exact as exactly, rates
from nnviz.export.exact import Recorded
from nnviz.export.learning import CostCode, check_training, cost_code, optimizer_code
from nnviz.export.network import Stack
from nnviz.export.source import Source, source
from nnviz.spec import RunSpec, class_weight_by_position, summary


@dataclass(frozen=True, kw_only=True)
class Shapes:
    """What the data turned out to be. `shape`: of one row of input; `outputs`: how many classes, or target columns; `task`:
    "classification" or "regression"."""

    shape: tuple[int, ...]
    outputs: int
    task: str


def script(spec: RunSpec, shapes: Shapes, *, recorded: Recorded | None = None) -> str:
    """The spec as a Keras script. With `recorded` it does that run again: from its first weights, with its rows in its
    order; without, it trains such a network with Keras's own random numbers.

    Raises NotYet, with the field's path, for what plain Keras cannot express; SpecError for a spec that cannot work."""
    check_training(spec.training)
    if spec.branch is not None:
        raise NotYet(
            "a branch starts from another run's weights and moments, which a script does not have",
            where="from",
            remedy="Export its trained network as .keras.",
        )
    rows = source(spec, task=shapes.task, arrays=recorded.arrays if recorded else "", parts=recorded.parts if recorded else ())
    stack = Stack(spec.layers, exact=recorded is not None)
    cost = cost_code(spec.cost, task=shapes.task, outputs=shapes.outputs)
    optimizer = optimizer_code(spec.optimizer)
    places = exactly.dropout_places(spec) if recorded else []
    penalized = stack.penalized or cost.penalized
    sections = [
        _head(spec, rows, stack, recorded),
        "\n".join(_imports(rows, places)),
        _constants(spec, recorded),
        *([exactly.dropout(recorded)] if recorded and places else []),
        *stack.definitions,
        _title("The network") + _network(spec, shapes, stack, cost, places, recorded),
        *rows.definitions,
        _title("The rows") + rows.body,
        *_targets(spec, shapes, cost),
        cost.definition,
        rates.definition(spec.optimizer.schedule),
        _title("Training") + _training(spec, shapes, stack, cost, optimizer, rows, recorded),
        *(
            exactly.training(
                shapes.task,
                rows.parts,
                weighted=spec.cost.class_weight is not None,
                keeps_best=spec.training.keep == "best",
                penalized=penalized,
                counts=bool(places),
                plateau=rates.plateau(spec.optimizer.schedule, monitor=_monitor(rows)),
            )
            if recorded
            else ()
        ),
        _title("Metrics") + _metrics(shapes, rows, spec, penalized),
    ]
    text = _joined([section.strip("\n") for section in sections if section.strip()])
    return text if "ops." in text else text.replace("from keras import layers, ops\n", "from keras import layers\n")


def _joined(sections: list[str]) -> str:
    """One after another, with two empty lines around functions and classes and one elsewhere."""

    def is_definition(section: str) -> bool:
        return section.startswith(("def ", "class ", "@"))

    text = sections[0]
    for before, section in pairwise(sections):
        text += ("\n\n\n" if is_definition(before) or is_definition(section) else "\n\n") + section
    return text + "\n"


def _head(spec: RunSpec, rows: Source, stack: Stack, recorded: Recorded | None) -> str:
    needs = [
        "tensorflow",
        "numpy",
        *(["scikit-learn"] if any("sklearn" in line for line in rows.imports) else []),
        *(["mlxtend"] if any("mlxtend" in line for line in rows.imports) else []),
    ]
    paragraphs = [f"Needs {', '.join(needs[:-1])} and {needs[-1]}."]
    if recorded is None:
        paragraphs.append(
            "First weights, the order of the rows and dropout come from Keras's own random numbers: the result is "
            "as good as nnviz's, not the same to the last digit."
        )
        if rows.beside:
            paragraphs.append(
                "The rows lie beside this file as .npz: `python -m nnviz export RUN --to script` writes it for a "
                "run on this data."
            )
    else:
        paragraphs.append(
            "It does the run again: model.fit is given the batches of the run in their order by a generator, from "
            "the run's first weights, so each step has the run's loss to float tolerance."
        )
        if stack.draws:
            paragraphs.append(
                f"Not here: {', '.join(sorted(set(stack.draws)))} draws its own random numbers while training, so "
                "the losses differ."
            )
    if "test" in rows.parts:
        paragraphs.append("The test rows are left alone: add --test to measure on them, too.")
    words = "\n\n".join(textwrap.fill(text, 88) for text in paragraphs)
    name = _plain(spec.name or f"{getattr(spec.data, 'name', '') or getattr(spec.data, 'path', '')}, {summary(spec)}")
    return f'"""{name}, as a Keras script.\n\n{words}\n"""'


def _imports(rows: Source, places: list[int]) -> list[str]:
    from_standard = [line for line in rows.imports if line.startswith("from pathlib")]
    standard = [*(["import sys"] if "test" in rows.parts else []), *from_standard]
    return [
        *standard,
        *([""] if standard else []),
        "import keras",
        "import numpy as np",
        *(["import tensorflow as tf"] if places else []),
        "from keras import layers, ops",
        *(line for line in rows.imports if line not in standard),
    ]


def _constants(spec: RunSpec, recorded: Recorded | None) -> str:
    training = spec.training
    epochs = training.epochs if recorded is None else recorded.epochs
    note = "  # as far as the run went" if epochs != training.epochs else ""
    lines = [f"EPOCHS = {epochs}{note}", f"BATCH = {training.batch_size}", f"SEED = {training.seed}"]
    if recorded is not None:
        lines += [f"STEPS = {recorded.steps}", f"RECORD_EVERY = {training.record_every}"]
    return "\n".join(lines)


def _targets(spec: RunSpec, shapes: Shapes, cost: CostCode) -> list[str]:
    """The function `targets` and, where asked for, `class_weights`."""
    if shapes.task == "regression":
        return []
    one_column = cost.columns != shapes.outputs
    encoded = 'y[:, None].astype("float32")' if one_column else f"keras.utils.to_categorical(y, {cost.columns})"
    lines = [f"def targets(y):\n    return {encoded}"]
    class_weight = spec.cost.class_weight
    if class_weight == "balanced":
        lines.append(
            "counts = np.bincount(y_train, minlength=len(classes))\n"
            "class_weights = len(y_train) / (len(classes) * np.maximum(counts, 1))"
        )
    elif class_weight is not None:
        weight, numbered = (
            ("weight_of.get(str(number), 1.0)", "number, name in enumerate(classes)")
            if class_weight_by_position(spec.data)
            else ("1.0", "name in classes")
        )
        lines.append(
            f"weight_of = {json.dumps(class_weight)}\nclass_weights = np.array([\n"
            f"    weight_of.get(str(name), {weight}) for {numbered}])"
        )
    return lines


def _network(spec: RunSpec, shapes: Shapes, stack: Stack, cost: CostCode, places: list[int], recorded: Recorded | None) -> str:
    lines = ["keras.utils.set_random_seed(SEED)"] if recorded is None else []
    if places:
        lines.append(f"places = iter({places})  # of the Dropout layers in the stack")
    input_code = f"keras.Input(shape={tuple(shapes.shape)!r})"
    ends = [f"{stack.line(made)}{comment}" for made, comment in cost.body]
    if stack.is_tree:
        lines += [f"inputs = x = {input_code}", *stack.body, *ends, "model = keras.Model(inputs, x)"]
    else:
        lines += ["model = keras.Sequential()", f"model.add({input_code})", *stack.body, *ends]
    return "\n".join(lines)


def _training(
    spec: RunSpec, shapes: Shapes, stack: Stack, cost: CostCode, optimizer: str, rows: Source, recorded: Recorded | None
) -> str:
    metrics = ""
    if shapes.task == "classification":
        kind = "BinaryAccuracy" if cost.columns != shapes.outputs else "CategoricalAccuracy"
        metrics = f',\n    metrics=[keras.metrics.{kind}(name="accuracy")]'
    compiled = f"model.compile(\n    optimizer={optimizer},\n    loss={cost.loss}{metrics},\n    jit_compile=False)\n"
    if recorded is not None:
        weights = '[arrays[name] for name in sorted(arrays.files) if name.startswith("weight_")]'
        if not stack.is_tree:
            return f"{compiled}model.set_weights({weights})\n"
        return (
            f"{compiled}weights = iter({weights})\nfor layer in in_order:\n"
            "    layer.set_weights([next(weights) for _ in layer.weights])\n"
        )
    monitor, has_validation = _monitor(rows), "val" in rows.parts
    callbacks = [
        callback
        for callback in (
            _stopping(spec.training, monitor),
            rates.plateau(spec.optimizer.schedule, monitor=monitor, every=spec.training.record_every),
        )
        if callback
    ]
    weighted = spec.cost.class_weight is not None
    arguments = [
        f"x_train, {target(shapes.task, 'train')}",
        *(["sample_weight=class_weights[y_train]"] if weighted else []),
        "batch_size=BATCH, epochs=EPOCHS",
    ]
    if has_validation:
        weights = ", class_weights[y_val]" if weighted else ""
        arguments.append(f"validation_data=(x_val, {target(shapes.task, 'val')}{weights})")
    arguments += [f"callbacks=[{', '.join(callbacks)}]"] if callbacks else []
    return compiled + "history = model.fit(\n    " + ",\n    ".join([*arguments, "verbose=2"]) + ")\n"


def _monitor(rows: Source) -> str:
    return "val_loss" if "val" in rows.parts else "loss"


def _stopping(training: Any, monitor: str) -> str:
    best = training.keep == "best"
    if training.early_stopping is None and not best:
        return ""
    patience = "EPOCHS" if training.early_stopping is None else str(training.early_stopping.patience * training.record_every)
    restores = ", restore_best_weights=True" if best else ""
    return f'keras.callbacks.EarlyStopping(monitor="{monitor}", mode="min", patience={patience}{restores})'


def _metrics(shapes: Shapes, rows: Source, spec: RunSpec, penalized: bool) -> str:
    titles = {"train": "training", "val": "validation", "test": "test"}
    named = {part: f'("{titles[part]}", x_{part}, y_{part})' for part in rows.parts}
    weight = ", sample_weight=class_weights[y]" if spec.cost.class_weight is not None else ""
    test = named.pop("test", "")
    lines = [
        f"measured = [{', '.join(named.values())}]",
        *(['if "--test" in sys.argv:', f"    measured.append({test})"] if test else []),
        "for part, x, y in measured:",
        f"    scores = model.evaluate(x, {target(shapes.task, '')}{weight}, batch_size=1024, verbose=0, return_dict=True)",
    ]
    if penalized:
        lines.append('    scores["loss"] -= float(sum(model.losses))  # the penalty of the regularizers')
    if shapes.task == "classification":
        lines.append("    print(f\"{part}: loss {scores['loss']:.6g}, accuracy {scores['accuracy']:.6g}\")")
    else:
        lines += [
            "    miss = (model.predict(x, batch_size=1024, verbose=0) - y) * target_scale",
            "    spread = (((y - y.mean(axis=0)) * target_scale) ** 2).sum(axis=0)",
            "    varies = y.max(axis=0) > y.min(axis=0)",
            "    explained = 1 - (miss**2).sum(axis=0)[varies] / spread[varies]",
            "    print(f\"{part}: loss {scores['loss']:.6g}, mae {abs(miss).mean():.6g}, \"",
            '          f"rmse {(miss**2).mean() ** 0.5:.6g}, "',
            '          f"r2 {explained.mean() if len(explained) else np.nan:.6g}")',
        ]
    return "\n".join(lines)


def target(task: str, part: str) -> str:
    """What a part's outputs are compared with, as code."""
    name = f"y_{part}" if part else "y"
    return f"targets({name})" if task == "classification" else name


def _title(words: str) -> str:
    return f"# {words}\n"


def _plain(text: str) -> str:
    """Words that may stand in a docstring, in one line."""
    words = "".join(letter if letter.isprintable() and letter not in '"\\' else " " for letter in text)
    return words[:100].strip() or "A network"
