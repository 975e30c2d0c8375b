"""What makes a script do a recorded run again: its batches in their order, its dropout, its losses step by step."""

from collections.abc import Sequence
from dataclasses import dataclass

from nnviz.export.tree import places
from nnviz.spec import RunSpec, unfold

STREAMS = 4096
"""Random streams a seed has, one for each place in the stack; the same number as in the engine's layers."""


@dataclass(frozen=True, kw_only=True)
class Recorded:
    """A run that was trained. `arrays`: the name of the .npz file beside the script, with the encoded rows (x_train,
    y_train, ...), the first weights (weight_00000, ...) and what the targets were scaled by; `parts` in it (train, val,
    test); `steps` done in `epochs` (begun ones count). `xla`: whether the run was compiled by XLA, which draws other random
    numbers than TensorFlow without it."""

    arrays: str
    parts: tuple[str, ...]
    steps: int
    epochs: int
    xla: bool = True


def dropout_places(spec: RunSpec) -> list[int]:
    """Where Dropout layers stand in the stack, every Repeat written out."""
    return [index for kind, index in places(unfold(spec.layers)) if kind == "Dropout"]


_DROPOUT = f'''
steps_done = tf.Variable(0, dtype=tf.int64, trainable=False)


@tf.function(jit_compile=XLA)
def draws(step, index, shape):
    """The run's random numbers: they follow from the seed, the place in the stack and the step."""
    seed = tf.stack([tf.constant(SEED * {STREAMS} + index, tf.int64), step])
    return tf.random.stateless_uniform(shape, seed, alg="GENERATOR")


class SameDropout(layers.Dropout):
    """Keras's Dropout that drops what the run dropped."""

    def __init__(self, rate, index, **options):
        super().__init__(rate, **options)
        self.index = index

    def call(self, inputs, training=False):
        if not training or self.rate == 0:
            return inputs
        whole = draws(steps_done, self.index, (min(BATCH, len(x_train)), *inputs.shape[1:]))
        return tf.where(whole[:tf.shape(inputs)[0]] >= self.rate, inputs / (1 - self.rate), tf.zeros_like(inputs))
'''


def dropout(recorded: Recorded) -> str:
    """The class `SameDropout` and what it draws from."""
    return _DROPOUT.replace("XLA", str(recorded.xla)).replace("GENERATOR", "threefry" if recorded.xla else "philox")


def training(
    task: str,
    parts: Sequence[str],
    *,
    weighted: bool,
    keeps_best: bool,
    penalized: bool = False,
    counts: bool = False,
    plateau: str = "",
) -> tuple[str, ...]:
    """What follows compile: order, batches, a callback that records, and fit.

    `penalized`: Keras's losses hold a penalty, which those of a run leave out; `counts`: something draws by the number of
    the step; `plateau`: a callback that changes the learning rate after an evaluation."""

    def targets(part: str) -> str:
        name = f"y_{part}" if part else "y_train[rows]"
        labels = f"targets({name})" if task == "classification" else name
        return f"{labels}, class_weights[{name}]" if weighted else labels

    evaluated = [
        f'            row["{prefix}"] = self.loss(x_{part}, {targets(part)})'
        for part, prefix in (("train", "loss"), ("val", "val_loss"))
        if part in parts
    ]
    monitor = "val_loss" if "val" in parts else "loss"
    best = (
        f'''
            if row["{monitor}"] < self.best:
                self.best, self.best_weights = row["{monitor}"], self.model.get_weights()

    def on_train_end(self, logs=None):
        if self.best_weights is not None:
            self.model.set_weights(self.best_weights)  # of the best epoch, as the run keeps them'''
        if keeps_best
        else ""
    )
    newline = "\n"
    monitored = (
        f"""
        self.plateau = {plateau}

    def on_train_begin(self, logs=None):
        self.plateau.set_model(self.model)
        self.plateau.on_train_begin()"""
        if plateau
        else ""
    )
    asked = "\n            self.plateau.on_epoch_end(epoch, row)" if plateau else ""
    before = "\n        self.penalty = float(sum(self.model.losses))" if penalized else ""
    less = " - self.penalty" if penalized else ""
    counted = "\n        steps_done.assign_add(1)" if counts else ""
    evaluated_loss = 'self.model.evaluate(x, y, sample_weight=weights, batch_size=1024, verbose=0, return_dict=True)["loss"]'
    loss_code = f"{evaluated_loss}\\\n            - float(sum(self.model.losses))  # the penalty" if penalized else evaluated_loss
    return (
        '''
def order(epoch):
    """In which order the run took the rows in an epoch (from 0)."""
    draws = np.random.Philox(key=np.array([SEED, epoch], dtype=np.uint64)).random_raw(len(x_train))
    return np.argsort(draws, kind="stable")
''',
        f'''
def batches():
    """Every batch of the run, one after another."""
    done = 0
    for epoch in range(EPOCHS):
        rows_of_epoch = order(epoch)
        for at in range(0, len(rows_of_epoch), BATCH):
            if done < STEPS:
                rows = rows_of_epoch[at:at + BATCH]
                yield x_train[rows], {targets("")}
                done += 1
''',
        f'''
class Record(keras.callbacks.Callback):
    """Keeps each step's own loss in `steps`, and the loss of all rows after an epoch in `epochs`."""

    def __init__(self):
        super().__init__()
        self.steps, self.epochs = [], []
        self.best, self.best_weights = float("inf"), None{monitored}

    def loss(self, x, y, weights=None):
        return {loss_code}

    def on_train_batch_begin(self, batch, logs=None):
        self.model.reset_metrics()  # else Keras gives the mean since the epoch began{before}

    def on_train_batch_end(self, batch, logs=None):
        self.steps.append(float(logs["loss"]){less}){counted}

    def on_epoch_end(self, epoch, logs=None):
        if (epoch + 1) % RECORD_EVERY == 0:
            row = {{"epoch": epoch + 1}}
{newline.join(evaluated)}
            self.epochs.append(row){asked}
            print("  ".join(f"{{name}} {{value:.6g}}" for name, value in row.items())){best}
''',
        """
record = Record()
model.fit(batches(), steps_per_epoch=-(-len(x_train) // BATCH), epochs=EPOCHS, callbacks=[record], shuffle=False, verbose=0)
""",
    )
