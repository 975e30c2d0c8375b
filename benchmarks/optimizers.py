"""What each optimizer reaches at its defaults: `python -m benchmarks.optimizers [KIND ...]` trains the default page (the two
spirals, 300 epochs) and the small CNN on the digits (20 epochs) with split and training seeds 0 to 4, and prints the median
validation accuracy of each beside Adam's: the table of docs/optimizers.md.

`--set learning_rate=0.3,momentum=0.5` tries other values than the defaults, `--nets spirals` one of the two.
"""

import argparse
import json
import statistics
from typing import Any

from nnviz.catalog import OPTIMIZERS

NETS = {"spirals": "spirals", "digits": "small_cnn"}
SEEDS = range(5)


def accuracies(net: str, kind: str, values: dict[str, Any]) -> list[float]:
    """The validation accuracy by seed; 0 where training diverged."""
    from nnviz import engine
    from nnviz.data import load
    from nnviz.errors import Diverged
    from nnviz.spec import RunSpec
    from nnviz.ui.common.session import fresh

    reached = []
    draft = fresh(net)
    assert draft.preset == NETS[net]
    session = None
    for seed in SEEDS:
        spec = draft.spec().to_json()
        spec["split"] = spec.get("split", {}) | {"seed": seed}
        spec["training"] |= {"seed": seed}
        spec["optimizer"] = {"kind": kind, **values}
        run = RunSpec.parse(spec)
        prepared = load(run)
        session = session or engine.prepare(run, prepared)
        try:
            result = engine.train(run, prepared, on_progress=lambda progress: None, session=session, frames=False)
            reached.append(result.metrics["val_accuracy"])
        except Diverged:
            reached.append(0.0)
    return reached


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("kinds", nargs="*", default=[])
    parser.add_argument("--set", default="", help="name=value,...")
    parser.add_argument("--nets", default=",".join(NETS))
    options = parser.parse_args()
    values = {name: json.loads(value) for name, value in (pair.split("=") for pair in options.set.split(",") if pair)}
    kinds = options.kinds or list(OPTIMIZERS)
    print("| net | optimizer | median | minimum | of Adam's |")
    print("|---|---|---|---|---|")
    for net in options.nets.split(","):
        adam = 0.0
        for kind in sorted(kinds, key=lambda kind: kind != "Adam"):
            reached = accuracies(net, kind, values)
            median = statistics.median(reached)
            adam = median if kind == "Adam" else adam
            share = f"{median / adam:.2f}" if adam else "-"
            print(f"| {net} | {kind} | {median:.3f} | {min(reached):.3f} | {share} |", flush=True)


if __name__ == "__main__":
    main()
