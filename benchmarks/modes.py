"""XLA or a plain graph: steps a second and seconds to prepare of one small net a kind of layer, in both modes.

    python -m benchmarks.modes [--only LSTM] [--rounds 3] [--seconds 1]

Prints a Markdown table with the mode that wins and whether `engine/loop/compile_mode.py` chooses it. In a round each mode runs
once, one right after the other; each round builds and compiles anew, so that preparing is measured as often. Medians over
the rounds.
Kinds whose modes differ by less than a tenth are called even: then either choice is right.
"""

import argparse
import statistics
import time
from typing import Any, get_args

from benchmarks.nets import Work, prepared
from nnviz.spec import RunSpec

EVEN = 1.1
IMAGE, SEQUENCE, TABLE = (16, 16, 3), (20, 8), (20,)
CONV = {"kind": "Conv2D", "filters": 16, "kernel_size": 3, "padding": "same", "activation": "relu"}
DENSE = {"kind": "Dense", "units": 64, "activation": "relu"}
FLAT = {"kind": "Flatten"}
Net = tuple[tuple[int, ...], list[dict[str, Any]]]
NETS: dict[str, Net] = {
    "Dense": (TABLE, [DENSE, DENSE]),
    "BatchNormalization": (TABLE, [DENSE, {"kind": "BatchNormalization"}, DENSE]),
    "LayerNormalization": (TABLE, [DENSE, {"kind": "LayerNormalization"}, DENSE]),
    "Dropout": (TABLE, [DENSE, {"kind": "Dropout", "rate": 0.2}, DENSE]),
    "Conv1D": (SEQUENCE, [{"kind": "Conv1D", "filters": 16, "kernel_size": 3, "activation": "relu"}, FLAT]),
    "MaxPooling1D": (SEQUENCE, [{"kind": "MaxPooling1D"}, FLAT, DENSE]),
    "Conv2D": (IMAGE, [CONV, FLAT]),
    "SeparableConv2D": (IMAGE, [CONV | {"kind": "SeparableConv2D"}, FLAT]),
    "DepthwiseConv2D": (IMAGE, [{"kind": "DepthwiseConv2D", "kernel_size": 3, "activation": "relu"}, FLAT]),
    "Conv2DTranspose": (IMAGE, [{"kind": "Conv2DTranspose", "filters": 4, "kernel_size": 3, "strides": 2}, FLAT]),
    "MaxPooling2D": (IMAGE, [{"kind": "MaxPooling2D"}, FLAT, DENSE]),
    "MaxPooling2D, 64x64": ((64, 64, 8), [{"kind": "MaxPooling2D"}, {"kind": "MaxPooling2D"}, FLAT, DENSE]),
    "AveragePooling2D": (IMAGE, [{"kind": "AveragePooling2D"}, FLAT, DENSE]),
    "GlobalAveragePooling2D": (IMAGE, [{"kind": "GlobalAveragePooling2D"}, DENSE]),
    "UpSampling2D": (IMAGE, [{"kind": "UpSampling2D"}, FLAT]),
    "LSTM": (SEQUENCE, [{"kind": "LSTM", "units": 16}]),
    "LSTM, bidirectional": (SEQUENCE, [{"kind": "LSTM", "units": 16, "bidirectional": True}]),
    "GRU": (SEQUENCE, [{"kind": "GRU", "units": 16}]),
    "SimpleRNN": (SEQUENCE, [{"kind": "SimpleRNN", "units": 16}]),
    "MultiHeadAttention": (
        SEQUENCE,
        [{"kind": "MultiHeadAttention", "num_heads": 2, "key_dim": 8}, {"kind": "GlobalAveragePooling1D"}],
    ),
    "MultiHeadAttention, 64 long": (
        (64, 64),
        [{"kind": "MultiHeadAttention", "num_heads": 4, "key_dim": 16}, {"kind": "GlobalAveragePooling1D"}],
    ),
    "Embedding": (TABLE, [{"kind": "Embedding", "input_dim": 50, "output_dim": 8}, FLAT, DENSE]),
    "Embedding, LSTM": (TABLE, [{"kind": "Embedding", "input_dim": 50, "output_dim": 8}, {"kind": "LSTM", "units": 16}]),
    "RandomFlip": (IMAGE, [{"kind": "RandomFlip"}, FLAT, DENSE]),
    "RandomTranslation": (IMAGE, [{"kind": "RandomTranslation", "height_factor": 0.1, "width_factor": 0.1}, FLAT, DENSE]),
    "RandomRotation": (IMAGE, [{"kind": "RandomRotation", "factor": 0.1}, FLAT, DENSE]),
}
"""The shape of a row, and the layers, for each row of the table."""


def once(net: Net, mode: Any, *, rows: int, batch: int, seconds: float) -> tuple[float, float]:
    """Steps a second of `engine.train` as a worker calls it, and the seconds that building and compiling took."""
    from nnviz import engine

    shape, layers = net
    x, y = Work("", rows, shape, batch).data()
    if any(layer["kind"] == "Embedding" for layer in layers):
        x = abs(x * 10).astype(int).clip(0, 49).astype("float32")
    spec = RunSpec.parse(
        {
            "data": {"kind": "synthetic", "name": "spirals"},
            "layers": layers,
            "cost": {"kind": "CrossEntropy"},
            "optimizer": {"kind": "Adam", "learning_rate": 0.001},
            "training": {"epochs": 1_000_000, "batch_size": batch, "record_every": 100_000},
        }
    )
    data = prepared(Work("", rows, shape, batch), x, y)
    session = engine.prepare(spec, data, mode=mode)
    began = time.perf_counter()
    result = engine.train(
        spec,
        data,
        session=session,
        frames=False,
        on_progress=lambda progress: None,
        control=lambda: engine.Control(stop=time.perf_counter() - began > seconds),
    )
    assert result.info["mode"] == mode
    return result.steps_per_second, session.build_seconds + session.compile_seconds


def line(name: str, net: Net, *, rounds: int, rows: int, batch: int, seconds: float) -> str:
    """One row of the table."""
    from nnviz.engine.loop import compile_mode

    measured: dict[str, list[tuple[float, float]]] = {mode: [] for mode in get_args(compile_mode.Mode)}
    for number in range(rounds):
        # who goes first takes turns
        for mode in list(measured)[:: 1 if number % 2 else -1]:
            measured[mode].append(once(net, mode, rows=rows, batch=batch, seconds=seconds))
    rate = {mode: statistics.median(steps for steps, _ in values) for mode, values in measured.items()}
    took = {mode: statistics.median(seconds for _, seconds in values) for mode, values in measured.items()}
    winner = max(rate, key=lambda mode: rate[mode])
    is_even = max(rate.values()) < EVEN * min(rate.values())
    chosen = compile_mode.mode(layer["kind"] for layer in net[1])
    verdict = "yes" if is_even or chosen == winner else f"no: {chosen}"
    return (
        f"| {name} | {rate['xla']:,.0f} | {rate['graph']:,.0f} | {rate['xla'] / rate['graph']:.2f} | {took['xla']:.2f} | "
        f"{took['graph']:.2f} | {'even' if is_even else winner} | {verdict} |"
    )


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--seconds", type=float, default=1.0)
    options.add_argument("--rows", type=int, default=2048)
    options.add_argument("--batch", type=int, default=64)
    options.add_argument("--only", default="", help="a part of a row's name")
    args = options.parse_args()
    nets = {name: net for name, net in NETS.items() if args.only in name}
    if nets:
        # What TensorFlow loads lazily must not be counted with the first net.
        once(next(iter(nets.values())), "graph", rows=args.batch, batch=args.batch, seconds=0.1)
    print(
        "| layers | XLA, steps/s | graph, steps/s | XLA / graph | XLA, s to prepare | graph, s to prepare | faster | "
        "chosen so |\n|---|---|---|---|---|---|---|---|",
        flush=True,
    )
    for name, net in nets.items():
        print(line(name, net, rounds=args.rounds, rows=args.rows, batch=args.batch, seconds=args.seconds), flush=True)


if __name__ == "__main__":
    main()
