"""Steps a second of the engine beside Keras, PyTorch, JAX and scikit-learn on the same nets, rows, batches and optimizer.

    python -m benchmarks.training [--rounds 5] [--seconds 2] [--only CNN]
    python -m benchmarks.training --command-line [--rounds 3] [--seconds 10] [--only 500x2]

One round runs every way once, one after another, so that a busy machine slows all of them; medians, ratios and a picture
(docs/pictures/training-speed.png) come out. Compilation is left out; every step's loss is kept by all. Peers that are not
installed (benchmarks/requirements.txt) are left out, and named. Every way has a process of its own that waits while the
others are measured: JAX must not see the flags for XLA that the engine sets.

`--command-line`: whole runs of `python -m nnviz train` beside `keras.fit` without validation, taking turns, each started anew
and about so many seconds long; see `benchmarks.trained_by_command`. Three rounds of the three dense nets take some seven minutes.
"""

import argparse
import multiprocessing
import statistics
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from benchmarks import peers, trained_by_command
from benchmarks.nets import WORKS, Work, ready

PICTURE = Path(__file__).parent.parent / "docs" / "pictures" / "training-speed.png"


def ours(work: Work, *, evaluated: bool = False) -> peers.Measure:
    """`engine.train` as a worker calls it; `evaluated`: with both losses by `calculate` after every epoch."""
    from nnviz import engine

    spec, data = ready(work, evaluated=evaluated)
    session = engine.prepare(spec, data)

    def measure(seconds: float) -> float:
        began = time.perf_counter()
        result = engine.train(
            spec,
            data,
            session=session,
            frames=False,
            on_progress=lambda progress: None,
            control=lambda: engine.Control(stop=time.perf_counter() - began > seconds),
        )
        return result.steps_per_second

    return measure


WAYS: dict[str, tuple[Callable[..., peers.Measure], dict[str, Any]]] = {
    "nnviz": (ours, {}),
    "nnviz, evaluated": (ours, {"evaluated": True}),
    "keras fit": (peers.keras_fit, {}),
    "fit, 32 at once": (peers.keras_fit, {"at_once": 32}),
    "fit, jit": (peers.keras_fit, {"jit": True}),
    "PyTorch": (peers.torch_loop, {}),
    "torch.compile": (peers.torch_loop, {"compiled": True}),
    "JAX scan": (peers.jax_scan, {}),
    "scikit-learn": (peers.sklearn_mlp, {}),
}


def serve(name: str, work: Work, line: Connection) -> None:
    """Builds one way and then measures whenever a number of seconds comes."""
    try:
        way, options = WAYS[name]
        measure = way(work, **options)
    except Exception as error:
        line.send(f"{type(error).__name__}: {str(error).splitlines()[0][:90] if str(error) else ''}")
        return
    line.send(None)
    while (seconds := line.recv()) is not None:
        line.send(measure(seconds))


def measured(work: Work, *, rounds: int, seconds: float) -> dict[str, float]:
    """The median steps a second of every way that runs here."""
    context = multiprocessing.get_context("spawn")
    ready: dict[str, Connection] = {}
    for name in WAYS:
        here, there = context.Pipe()
        context.Process(target=serve, args=(name, work, there), daemon=True).start()
        error = here.recv()
        if error is None:
            ready[name] = here
        else:
            print(f"  {name}: left out ({error})", flush=True)
    rates: dict[str, list[float]] = {name: [] for name in ready}
    for _ in range(rounds):
        for name, line in ready.items():
            line.send(seconds)
            rates[name].append(line.recv())
    for line in ready.values():
        line.send(None)
    return {name: statistics.median(values) for name, values in rates.items()}


def by_command_line(work: Work, *, rounds: int, seconds: float) -> None:
    """Prints medians of steps a second by the clock, and how many times keras.fit's they are, a round each."""
    trained: list[trained_by_command.Trained] = []
    fitted: list[float] = []
    for _ in range(rounds):
        trained.append(trained_by_command.ours(work, epochs=trained_by_command.epochs(work, seconds, ours=True)))
        fitted.append(trained_by_command.fit(work, epochs=trained_by_command.epochs(work, seconds, ours=False)))
    ratios = [one.measured / other for one, other in zip(trained, fitted, strict=True)]
    print(
        f"  by the command line {statistics.median(one.measured for one in trained):12,.1f} steps/s   "
        f"told {statistics.median(one.reported for one in trained):12,.1f}"
    )
    print(
        f"  keras fit           {statistics.median(fitted):12,.1f} steps/s   nnviz / this: {statistics.median(ratios):7.2f} "
        f"({min(ratios):.2f} to {max(ratios):.2f})",
        flush=True,
    )


def draw(results: dict[str, dict[str, float]]) -> None:
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(1, len(results), figsize=(4 * len(results), 3.4))
    for axis, (name, rates) in zip([axes] if len(results) == 1 else axes, results.items(), strict=True):
        axis.barh(list(rates)[::-1], list(rates.values())[::-1], color=["#9aa4b2"] * (len(rates) - 1) + ["#2563eb"])
        axis.set_title(name, fontsize=9)
        axis.set_xlabel("steps a second", fontsize=8)
        axis.tick_params(labelsize=7)
    figure.tight_layout()
    figure.savefig(PICTURE, dpi=110)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--rounds", type=int, help="5, with --command-line 3")
    options.add_argument("--seconds", type=float, help="2, with --command-line 10")
    options.add_argument("--command-line", action="store_true", help="whole runs beside keras.fit")
    options.add_argument("--only", default="", help="a part of a net's name")
    args = options.parse_args()
    if args.command_line:
        for work in (work for work in WORKS if args.only in work.name and not work.filters):
            print(work.name, flush=True)
            by_command_line(work, rounds=args.rounds or 3, seconds=args.seconds or 10.0)
        return
    results: dict[str, dict[str, Any]] = {}
    for work in (work for work in WORKS if args.only in work.name):
        print(work.name, flush=True)
        rates = results[work.name] = measured(work, rounds=args.rounds or 5, seconds=args.seconds or 2.0)
        for name, rate in rates.items():
            print(f"  {name:18} {rate:12,.1f} steps/s   nnviz / this: {rates['nnviz'] / rate:7.2f}", flush=True)
    if not args.only:
        draw(results)


if __name__ == "__main__":
    main()
