"""Goes on with the runs of a store of before, in a process whose XLA has the flags that runs have, not those of the tests:

    python -m tests.store.goes_on HOME

HOME is what `assets/store-rules1.zip` holds. The last line is JSON: `fresh`, the run that trained anew what `whole` trained, and
`computed`, the hash of what this machine computes for a small network that none of our code has a part in."""

import hashlib
import json
import sys
from pathlib import Path

from nnviz import jobs
from nnviz.jobs.foreground import do_here, train_here
from nnviz.spec import RunSpec
from nnviz.store import Store


def main(home: Path) -> None:
    store = Store(f"sqlite:///{home}/nnviz.db")
    names = json.loads((home / "runs.json").read_text())
    run_id = store.runs.create(RunSpec.parse(store.runs.get(names["whole"]).spec_json))
    fresh = train_here(store, run_id, on_change=lambda run: None)
    jobs.go_on(store, store.runs.get(names["half"]), epochs=6)
    train_here(store, names["half"], on_change=lambda run: None)
    do_here(store, "predict", names["whole"], {"path": str(home / "new.csv"), "out": str(home / "out.csv")})
    do_here(store, "export", names["whole"], {"to": "script", "out": str(home / "out.py")})
    print(json.dumps({"fresh": fresh.id, "computed": computed()}))


def computed() -> str:
    """Ten steps of gradient descent, compiled by XLA."""
    import tensorflow as tf

    x = tf.reshape(tf.cast(tf.range(16 * 5), tf.float32), (16, 5)) / 77 - 0.5
    y = tf.reduce_sum(x * x, axis=1, keepdims=True)

    @tf.function(jit_compile=True)
    def trained(first, second):
        for _ in range(10):
            with tf.GradientTape() as tape:
                tape.watch([first, second])
                loss = tf.reduce_mean((tf.tanh(x @ first) @ second - y) ** 2 + tf.math.log(1 + tf.exp(x @ first @ second)))
            one, two = tape.gradient(loss, [first, second])
            first, second = first - 0.1 * one / (tf.sqrt(tf.reduce_mean(one**2)) + 1e-7), second - 0.1 * two
        return tf.concat([tf.reshape(first, [-1]), tf.reshape(second, [-1])], axis=0)

    weights = trained(tf.reshape(tf.sin(tf.cast(tf.range(40), tf.float32)), (5, 8)), tf.fill((8, 1), 0.3))
    return hashlib.sha256(weights.numpy().tobytes()).hexdigest()[:16]


if __name__ == "__main__":
    main(Path(sys.argv[1]))
