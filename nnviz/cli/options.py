"""The application of the command line, and the options that several commands take."""

import json
from typing import Annotated

import typer

from nnviz.errors import RequestError
from nnviz.spec import RunSpec

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Train, evaluate and compare neural networks from specs.",
)
_LONGEST_PATH = 1_000

ExactOption = Annotated[
    bool,
    typer.Option(
        "--exact",
        help=(
            "Write every text into the CSV file as it is; without it an apostrophe stands before those that a spreadsheet would "
            "run as formulas, like =1+1."
        ),
    ),
]
StoreOption = Annotated[str | None, typer.Option("--store", help="The store's URL; default: NNVIZ_STORE, else NNVIZ_HOME.")]
JsonOption = Annotated[bool, typer.Option("--json", help="One JSON document as the last line.")]
QuietOption = Annotated[
    bool,
    typer.Option(
        "--quiet",
        "-q",
        help=("Say nothing of how the data was read, and no warnings; with --json they still stand in the document."),
    ),
]
HereOption = Annotated[
    bool | None,
    typer.Option(
        "--here/--worker",
        envvar="NNVIZ_HERE",
        show_default=False,
        help=(
            "Work in this process, or have a worker of the dashboard do it when its turn comes; default: a worker where a warm "
            "one is free and gives the same, else here."
        ),
    ),
]
RunArgument = Annotated[str, typer.Argument(help="A run's id, or a unique beginning of it.")]


def with_changes(spec: RunSpec, changes: list[str]) -> RunSpec:
    """The spec with fields changed as `--set` says. Raises RequestError, SpecError."""
    for change in changes:
        path, equals, text = change.partition("=")
        if len(path) > _LONGEST_PATH:
            raise RequestError(
                f"the field {path[:40]!r}... has too long a name", where="--set", remedy="Write it as training.epochs=5."
            )
        if not equals:
            raise RequestError(f"{change!r} has no value", where="--set", remedy="Write it as training.epochs=5.")
        try:
            value = json.loads(text)
        except RecursionError as error:
            raise RequestError(
                f"the value of {path} is nested too deeply", where="--set", remedy="Write it into the spec's file."
            ) from error
        except ValueError:
            value = text
        spec = spec.with_(path.strip(), value)
    return spec
