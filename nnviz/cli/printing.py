"""What the command line prints: results on stdout, everything else on stderr."""

import sys
from collections.abc import Iterable, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any, Self

from nnviz.border import plain
from nnviz.errors import RequestError
from nnviz.jobs.data_words import read_columns_words, reading
from nnviz.store import Run, Store

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress, TaskID

_WATCHED = ("loss", "val_loss", "accuracy", "val_accuracy", "val_r2")


@cache
def screen() -> "Console":
    """The console on stderr. Rich is loaded when it is first needed: by then a worker is at work."""
    from rich.console import Console

    return Console(stderr=True)


class Bars:
    """Lines of progress, which vanish at the end. Nothing is there before `begin`."""

    def __init__(self) -> None:
        self._bars: Progress | None = None
        self._lines: list[TaskID] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._bars is not None:
            self._bars.stop()

    def begin(self, **totals: float) -> None:
        """One bar for each total, labelled at first by its name."""
        from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

        self._bars = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.fields[numbers]}"),
            TimeRemainingColumn(),
            console=screen(),
            transient=True,
        )
        self._bars.start()
        self._lines = [self._bars.add_task(name, total=total, numbers="") for name, total in totals.items()]

    def update(self, line: int, *, completed: float, description: str, numbers: str = "") -> None:
        if self._bars is not None:
            self._bars.update(self._lines[line], completed=completed, description=description, numbers=numbers)


def numbers(run: Run) -> str:
    """The metrics that are watched while a run trains."""
    return "  ".join(f"{name} {value:.4g}" for name, value in run.metrics.items() if name in _WATCHED)


def visible_metrics(metrics: Mapping[str, float]) -> dict[str, float]:
    """All but the metrics of the test part, which the comparison of runs shows on request only."""
    return {name: value for name, value in metrics.items() if not name.startswith("test_")}


def number(value: float | None) -> str:
    return "" if value is None else f"{value:.4g}"


def seconds_text(seconds: float) -> str:
    """`12.3 s`; below a second with two significant digits: `0.041 s`."""
    if 0 < seconds < 0.001:
        return "< 0.001 s"
    return f"{seconds:.1f} s" if seconds >= 1 else f"{float(f'{seconds:.2g}')} s"


def print_table(rows: Iterable[tuple[str, str]]) -> None:
    """Two columns, the first as wide as its longest name."""
    rows = list(rows)
    width = max((len(name) for name, _ in rows), default=0)
    for name, text in rows:
        print(f"  {name:<{width}}  {text}")


def print_metrics(metrics: Mapping[str, float]) -> None:
    print_table((name, f"{value:.6g}") for name, value in metrics.items())


def print_data(about: Mapping[str, Any], *, quiet: bool) -> None:
    """How a data set was read, and its warnings."""
    if not quiet and about:
        print(plain(f"data: {reading(about)}"), file=sys.stderr)
    print_warnings(about.get("warnings", ()), quiet=quiet)


def print_warnings(warnings: Iterable[str], *, quiet: bool) -> None:
    for warning in () if quiet else warnings:
        print(plain(f"warning: {warning}"), file=sys.stderr)


def print_columns(store: Store, run: Run) -> None:
    """How many columns of a table a run uses, and how many inputs they become; nothing where it is not known."""
    try:
        encoder = store.runs.encoder(run.id) or {}
    except RequestError:
        return
    if encoder.get("columns") and len(run.info.get("shape", ())) == 1:
        counts = {"columns": len(encoder["columns"]), "inputs": run.info["shape"][0]}
        print(f"data: {read_columns_words((run.info.get('about_data') or {}) | counts)}")
