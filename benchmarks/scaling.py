"""How the time of a step grows with width, depth and batch size, beside the floor that its arithmetic sets on this machine.

    python -m benchmarks.scaling [--seconds 1] [--only CNN]

The floor (a roofline of one kind: arithmetic) is the multiplications and additions of forward and backward pass, divided by
the rate that TensorFlow's product of two large matrices reaches here, measured before and after. Small nets are far from it:
what a step costs there is the number of its kernels; large ones come near.
"""

import argparse
import math
import time
from collections.abc import Iterator
from itertools import pairwise

from benchmarks.nets import WORKS, Work
from benchmarks.training import ours

SIDE = 2048


def peak(seconds: float = 1.0) -> float:
    """The best float32 operations a second of a matrix product in that time."""
    import tensorflow as tf

    product = tf.function(tf.linalg.matmul)
    one, other = tf.random.normal((SIDE, SIDE)), tf.random.normal((SIDE, SIDE))
    product(one, other).numpy()
    best, began = math.inf, time.perf_counter()
    while time.perf_counter() - began < seconds:
        start = time.perf_counter()
        product(one, other).numpy()
        best = min(best, time.perf_counter() - start)
    return 2 * SIDE**3 / best


def operations(work: Work) -> float:
    """Multiplications and additions of one step: each weight is used once forward, once for its own gradient and, but in the
    first layer, once for its input's gradient; that of a convolution at every place of its output."""
    uses: list[float] = []
    size, channels = (work.shape[0], work.shape[-1]) if work.filters else (0, work.shape[0])
    for place, filters in enumerate(work.filters):
        size //= 2 if place else 1
        uses.append(size * size * 9 * channels * filters)
        channels = filters
    width = size * size * channels if work.filters else work.shape[0]
    uses += [before * after for before, after in pairwise((width, *work.dense, work.classes))]
    return 2.0 * work.batch * (3 * sum(uses) - uses[0])


def works() -> Iterator[Work]:
    rows = 8192
    for width in (8, 32, 128, 512, 2048):
        yield Work(f"width {width} (2 layers, batch 128)", rows, (100,), 128, dense=(width, width))
    for depth in (1, 2, 4, 8, 16):
        yield Work(f"depth {depth} (width 128, batch 128)", rows, (100,), 128, dense=(128,) * depth)
    for batch in (8, 32, 128, 512, 2048):
        yield Work(f"batch {batch} (2 layers of 256)", rows, (100,), batch, dense=(256, 256))
    yield WORKS[-1]


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--seconds", type=float, default=1.0)
    options.add_argument("--only", default="", help="a part of a net's name")
    args = options.parse_args()
    rates = [peak()]
    measured = []
    for work in works():
        if args.only in work.name:
            measure = ours(work)
            measured.append((work, sorted(measure(args.seconds) for _ in range(3))[1]))
    rates.append(peak())
    print(f"peak: {rates[0] / 1e9:.0f} and {rates[1] / 1e9:.0f} billion operations a second\n")
    print("| net | steps/s | a step, us | floor, us | floor / step |\n|---|---|---|---|---|")
    for work, rate in measured:
        floor = operations(work) / max(rates)
        print(f"| {work.name} | {rate:,.0f} | {1e6 / rate:,.1f} | {1e6 * floor:,.2f} | {floor * rate:.2f} |")


if __name__ == "__main__":
    main()
