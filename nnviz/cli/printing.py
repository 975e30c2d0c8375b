"""What the command line prints: results on stdout, all that is said about them on stderr."""

import sys
from collections.abc import Iterable, Mapping
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from nnviz.border import plain
from nnviz.jobs.data_words import reading
from nnviz.store import Run

screen = Console(stderr=True)
_SHOWN = ("loss", "val_loss", "accuracy", "val_accuracy", "val_r2")


def progress_bar() -> Progress:
    return Progress(TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[numbers]}"),
                    TimeRemainingColumn(), console=screen, transient=True)


def numbers(run: Run) -> str:
    """The metrics that are watched while a run trains."""
    return "  ".join(f"{name} {value:.4g}" for name, value in run.metrics.items() if name in _SHOWN)


def visible_metrics(metrics: Mapping[str, float]) -> dict[str, float]:
    """What may be shown unasked: the test result is asked for where runs are compared."""
    return {name: value for name, value in metrics.items() if not name.startswith("test_")}


def number(value: float | None) -> str:
    return "" if value is None else f"{value:.4g}"


def print_table(rows: Iterable[tuple[str, str]]) -> None:
    """Two columns, the first as wide as its longest name."""
    rows = list(rows)
    width = max((len(name) for name, _ in rows), default=0)
    for name, text in rows:
        print(f"  {name:<{width}}  {text}")


def print_metrics(metrics: Mapping[str, float]) -> None:
    print_table((name, f"{value:.6g}") for name, value in metrics.items())


def say_data(about: Mapping[str, Any], *, quiet: bool) -> None:
    """How a data set was read, and its warnings."""
    if not quiet and about:
        print(plain(f"data: {reading(about)}"), file=sys.stderr)
    say_warnings(about.get("warnings", ()), quiet=quiet)


def say_warnings(warnings: Iterable[str], *, quiet: bool) -> None:
    for warning in () if quiet else warnings:
        print(plain(f"warning: {warning}"), file=sys.stderr)
