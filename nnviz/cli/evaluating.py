"""Commands that ask a trained network: evaluate and predict."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from nnviz.border import existing
from nnviz.cli.options import ExactOption, HereOption, JsonOption, QuietOption, RunArgument, StoreOption, app
from nnviz.cli.printing import print_metrics, print_warnings
from nnviz.jobs import command_line
from nnviz.jobs.endings import weights_epoch, weights_words
from nnviz.store import Store
from nnviz.store.transfer.new_file import new_file


@app.command()
def evaluate(
    run: RunArgument,
    input_: Annotated[Path, typer.Argument(metavar="INPUT", help="Labelled rows.")],
    cost: Annotated[str | None, typer.Option("--cost", help="Another cost to calculate: MeanSquaredError, ...")] = None,
    quiet: QuietOption = False,
    as_json: JsonOption = False,
    here: HereOption = None,
    store: StoreOption = None,
) -> None:
    """Accuracy and loss (by `calculate`) of a run on labelled rows."""
    opened = Store(store)
    rows = existing(input_)
    trained = opened.runs.get(run)
    answer = command_line.evaluate(opened, trained.id, rows, cost=cost, here=here)
    warnings = _warnings(answer)
    print_warnings(warnings, quiet=quiet)
    if as_json:
        print(
            json.dumps(
                {
                    "run": trained.id,
                    "rows": answer["rows"],
                    "metrics": answer["metrics"],
                    "weights_epoch": weights_epoch(trained),
                    "warnings": warnings,
                }
            )
        )
        return
    print(f"{answer['rows']} rows, {weights_words(trained)}")
    print_metrics(answer["metrics"])


@app.command()
def predict(
    run: RunArgument,
    input_: Annotated[Path, typer.Argument(metavar="INPUT", help="Rows; labels may be missing.")],
    out: Annotated[Path, typer.Option("-o", "--out", help="The CSV file to write.")],
    exact: ExactOption = False,
    quiet: QuietOption = False,
    as_json: JsonOption = False,
    here: HereOption = None,
    store: StoreOption = None,
) -> None:
    """Predictions with probabilities, in batches of constant memory."""
    opened = Store(store)
    rows = existing(input_)
    trained = opened.runs.get(run)
    with new_file(out) as draft:
        answer = command_line.predict(opened, trained.id, rows, out=draft, exact=exact, here=here)
    warnings = _warnings(answer)
    print_warnings(warnings, quiet=quiet)
    if as_json:
        print(
            json.dumps(
                {
                    "run": trained.id,
                    "rows": answer["rows"],
                    "out": str(out),
                    "metrics": answer.get("metrics"),
                    "weights_epoch": weights_epoch(trained),
                    "warnings": warnings,
                }
            )
        )
        return
    print(f"{answer['rows']} rows written to {out}, {weights_words(trained)}")


def _warnings(answer: Mapping[str, Any]) -> list[str]:
    """What had to be taken for missing or unknown, and rows that count in no metric."""
    without = answer.get("unlabelled", 0)
    left = [f"{without:,} row{'' if without == 1 else 's'} without a label that the network knows, left out of the metrics"]
    return [*answer.get("notes", []), *(left if without else [])]
