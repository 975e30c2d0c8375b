"""`python -m nnviz ...`: the same specs, without a browser.

Exit codes: 0 done, 1 the run failed, 2 the request was wrong, 130 stopped by Ctrl+C (a message, never a traceback).
"""

import csv
import json
import sys
import time
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from nnviz.border import check_arguments, existing, guarded, plain
from nnviz.catalog import OWN
from nnviz.errors import RequestError
from nnviz.jobs import go_on, rooted
from nnviz.jobs.csv_text import safe_row
from nnviz.jobs.foreground import adopt, check_here, do_here, raise_error, train_group_here, train_here
from nnviz.spec import RunSpec, is_group
from nnviz.store import Run, Store, is_whole, spreads
from nnviz.store.newfile import check_place, new_file

app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False,
                  help="Train, evaluate and compare neural networks from specs.")
kept = typer.Typer(no_args_is_help=True, help="The store itself: everything that was recorded.")
app.add_typer(kept, name="store")
screen = Console(stderr=True)
_LONGEST_PATH = 1_000

ExactOption = Annotated[bool, typer.Option("--exact", help=(
    "Write every text into the CSV file as it is; without it an apostrophe stands before those that a spreadsheet would run as "
    "formulas, like =1+1."))]
StoreOption = Annotated[str | None, typer.Option("--store", help="The store's URL; default: NNVIZ_STORE, else NNVIZ_HOME.")]
JsonOption = Annotated[bool, typer.Option("--json", help="One JSON document as the last line.")]
RunArgument = Annotated[str, typer.Argument(help="A run's id, or a unique beginning of it.")]


@app.command()
def train(
    spec: Annotated[Path, typer.Argument(help="A spec file (JSON).")],
    set_: Annotated[list[str] | None, typer.Option("--set", help="Change a field: training.epochs=5")] = None,
    as_json: JsonOption = False, store: StoreOption = None,
) -> None:
    """Train in the foreground; with folds or repeats every run of the group. Ctrl+C stops and keeps what was learned."""
    parsed = _with_changes(RunSpec.parse(spec), set_ or [])
    opened = Store(store)
    parsed = rooted(opened, adopt(opened, parsed, base=spec.parent))
    if is_group(parsed):
        _train_group(opened, parsed, base=spec.parent, as_json=as_json)
        return
    _train_run(opened, opened.create_run(parsed), epochs=parsed.training.epochs, as_json=as_json)


def _train_run(store: Store, run_id: str, *, epochs: int, as_json: bool) -> None:
    with _progress() as bar:
        task = bar.add_task("starting", total=epochs, numbers="")

        def show(run: Run) -> None:
            bar.update(task, completed=run.epoch, numbers=_numbers(run),
                       description=f"epoch {run.epoch:.0f}/{epochs}" if run.step else run.phase or run.status)

        run = train_here(store, run_id, on_change=show)
    if run.error:
        screen.print(f"log: python -m nnviz show {run.id}", highlight=False)
        raise_error(run)
    record = {"run": run.id, "status": run.status, "metrics": run.metrics, "steps": run.step, "seconds": round(run.seconds, 3),
              "steps_per_second": run.info.get("steps_per_second")}
    if as_json:
        print(json.dumps(record))
        return
    print(f"{run.status}: run {run.id}, {run.step} steps in {run.seconds:.1f} s")
    _print_metrics(run.metrics)


def _train_group(store: Store, spec: RunSpec, *, base: Path, as_json: bool) -> None:
    """Folds and repeats: a line of progress for a run that trains, another for the whole."""
    # one look at the data first, lest every fold end with the same mistake
    check_here(store, spec, base=base)
    group_id = store.create_group(spec)
    count = len(store.group_runs(group_id))
    with _progress() as bar:
        whole = bar.add_task("starting", total=count * spec.training.epochs, numbers="")
        task = bar.add_task("", total=spec.training.epochs, numbers="")

        epochs: dict[int, float] = {}

        def show(run: Run) -> None:
            epochs[run.member] = spec.training.epochs if run.is_ended else run.epoch
            bar.update(whole, completed=sum(epochs.values()), description=f"run {run.member} of {count}")
            bar.update(task, completed=run.epoch, numbers=_numbers(run), description=run.label)

        found = train_group_here(store, group_id, on_change=show)
    together = spreads(run.metrics for run in found if is_whole(run))
    if as_json:
        print(json.dumps({"group": group_id, "runs": [run.id for run in found],
                          "statuses": [run.status for run in found],
                          "metrics": {name: asdict(spread) for name, spread in together.items()}}))
    else:
        for run in found:
            print(f"{run.label:<30} {run.status:<10} run {run.id}  {_numbers(run)}")
        print(f"group {group_id}, {sum(map(is_whole, found))} of {count} runs finished")
        for name, spread in together.items():
            print(f"  {name:<16}{spread.mean:.6g} ± {spread.std:.3g}")
    for run in found:
        raise_error(run)


def _progress() -> Progress:
    return Progress(TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[numbers]}"),
                    TimeRemainingColumn(), console=screen, transient=True)


def _numbers(run: Run) -> str:
    return "  ".join(f"{name} {value:.4g}" for name, value in run.metrics.items()
                     if name in ("loss", "val_loss", "accuracy", "val_accuracy", "val_r2"))


@app.command()
def evaluate(
    run: RunArgument, input_: Annotated[Path, typer.Argument(metavar="INPUT", help="Labelled rows.")],
    cost: Annotated[str | None, typer.Option("--cost", help="Another cost to calculate: MeanSquaredError, ...")] = None,
    as_json: JsonOption = False, store: StoreOption = None,
) -> None:
    """Accuracy and loss (by `calculate`) of a run on labelled rows."""
    opened = Store(store)
    payload = {"path": str(existing(input_))} | ({"cost": cost} if cost else {})
    found = do_here(opened, "evaluate", opened.run(run).id, payload)
    if as_json:
        print(json.dumps({"run": opened.run(run).id, "rows": found["rows"], "metrics": found["metrics"]}))
        return
    print(f"{found['rows']} rows")
    _print_metrics(found["metrics"])


@app.command()
def check(spec: Annotated[Path, typer.Argument(help="A spec file (JSON).")], store: StoreOption = None) -> None:
    """Say what is wrong with a spec, and where."""
    check_here(Store(store), RunSpec.parse(spec), base=spec.parent)
    print(f"{spec}: fine")


@app.command()
def runs(as_json: JsonOption = False, store: StoreOption = None) -> None:
    """One row a run, newest first."""
    found = Store(store).list_runs()
    if as_json:
        print(json.dumps([{
            "run": run.id, "name": run.name, "status": run.status, "epoch": run.epoch, "step": run.step,
            "created": run.created, "seconds": run.seconds, "metrics": _shown(run.metrics), "tags": list(run.tags),
        } | ({"group": run.group, "label": run.label} if run.group else {})
            | ({"broken": run.broken} if run.broken else {}) for run in found]))
        return
    if not found:
        print("No runs yet: python -m nnviz train SPEC.json")
        return
    table = Table(box=None)
    for head in ("run", "name", "status", "epoch", "val_loss", "val_accuracy / val_r2", "age"):
        table.add_column(head, no_wrap=True)
    for run in found:
        quality = run.metrics.get("val_accuracy", run.metrics.get("val_r2"))
        status = "unreadable" if run.broken else run.status
        table.add_row(run.id, plain(run.name[:40]), status, f"{run.epoch:.0f}", _number(run.metrics.get("val_loss")),
                      _number(quality), f"{(time.time() - run.created) / 60:.0f} min")
    Console(highlight=False, markup=False).print(table)
    for run in found:
        if run.broken:
            print(f"run {run.id} cannot be read: {plain(run.broken)}")


@app.command()
def show(run: RunArgument, as_json: JsonOption = False, store: StoreOption = None) -> None:
    """Spec, status, events and history of a run."""
    opened = Store(store)
    found = opened.run(run)
    events = [{"step": event.step, "epoch": event.epoch, "kind": event.kind, "text": event.text, "time": event.time}
              for event in opened.events(found.id)]
    if as_json:
        print(json.dumps({
            "run": found.id, "name": found.name, "status": found.status, "epoch": found.epoch, "step": found.step,
            "pid": found.pid if not found.is_ended else None, "spec": found.spec_json, "metrics": _shown(found.metrics),
            "error": found.error, "events": events, "history": opened.history(found.id)}
            | ({"broken": found.broken} if found.broken else {})))
        return
    if found.broken:
        print(f"This run cannot be read: {plain(found.broken)}. What can be is below.")
    print(f"{found.id}  {plain(found.name)}")
    print(f"status {found.status}, epoch {found.epoch:g}, step {found.step}, {found.seconds:.1f} s")
    if found.error:
        print(plain(f"{found.error['what']}\n{found.log or ''}"))
    _print_metrics(_shown(found.metrics))
    for event in events:
        print(f"  epoch {event['epoch']:<8g} {plain(str(event['text']))}")
    print(json.dumps(found.spec_json, indent=2))


@app.command()
def predict(
    run: RunArgument, input_: Annotated[Path, typer.Argument(metavar="INPUT", help="Rows; labels may be missing.")],
    out: Annotated[Path, typer.Option("-o", "--out", help="The CSV file to write.")],
    exact: ExactOption = False, store: StoreOption = None,
) -> None:
    """Predictions with probabilities, in batches of constant memory."""
    opened = Store(store)
    rows = existing(input_)
    with new_file(out) as draft:
        found = do_here(opened, "predict", opened.run(run).id, {"path": str(rows), "out": str(draft), "safe": not exact})
    print(f"{found['rows']} rows written to {out}")


@app.command()
def export(
    run: RunArgument, to: Annotated[str, typer.Option("--to", help=(
        "script: Keras code that does the run again, its rows and first weights beside it as .npz; "
        "keras: the trained network as a .keras file; csv: every recorded number."))],
    out: Annotated[Path, typer.Option("-o", "--out", help="The file to write.")], exact: ExactOption = False,
    store: StoreOption = None,
) -> None:
    """A run for use elsewhere, without nnviz: as a Keras script, a Keras model, or its numbers."""
    if to not in ("csv", "keras", "script"):
        raise RequestError(f"cannot export to {to!r}", where="--to", remedy="Allowed: script, keras, csv.")
    opened = Store(store)
    if to != "csv":
        check_place(out)
        found = do_here(opened, "export", opened.run(run).id, {"to": to, "out": str(out.absolute())})
        print("\n".join([f"written: {', '.join(found['files'])}", *found["notes"]]))
        return
    history = opened.history(opened.run(run).id)
    names = list(dict.fromkeys(name for row in history for name in row))
    with new_file(out) as draft, draft.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(names if exact else safe_row(names))
        writer.writerows([row.get(name, "") for name in names] for row in history)
    print(f"{len(history)} epochs written to {out}")


@app.command()
def resume(
    run: RunArgument,
    epochs: Annotated[int | None, typer.Option(min=1, help="Until so many epochs are done; default: as planned.")] = None,
    as_json: JsonOption = False, store: StoreOption = None,
) -> None:
    """Go on from the last snapshot of a run that ended, was paused, or whose process died: with the same numbers as if it
    had never stopped."""
    opened = Store(store)
    found = opened.run(run)
    go_on(opened, found, epochs=epochs)
    _train_run(opened, found.id, epochs=epochs or found.control.epochs or found.spec.training.epochs, as_json=as_json)


@app.command()
def pack(
    run: RunArgument, out: Annotated[Path, typer.Option("-o", "--out", help="The file to write: FILE.nnviz")],
    store: StoreOption = None,
) -> None:
    """A whole run as one file, for `unpack` in another store: settings, numbers, weights and its data file."""
    opened = Store(store)
    found = opened.run(run)
    check_place(out)
    made = opened.pack(found.id, out)
    print("\n".join([f"run {found.id} packed into {out}, {made.size / 1e6:.2f} MB", *made.notes]))


@app.command()
def unpack(
    file: Annotated[Path, typer.Argument(help="A file that `pack` wrote.")], as_json: JsonOption = False,
    store: StoreOption = None,
) -> None:
    """Take a packed run into the store. It keeps its id; where another run has that, it gets a new one."""
    found = Store(store).unpack(existing(file))
    if as_json:
        print(json.dumps({"run": found.run_id, "was": found.packed_id, "name": found.name, "new": found.is_new}))
    elif not found.is_new:
        print(f"run {found.run_id} is here already: {plain(found.name)}")
    else:
        changed = "" if found.run_id == found.packed_id else f" (it was {found.packed_id}, which another run here is called)"
        print(f"run {found.run_id}{changed}: {plain(found.name)}")


@kept.command()
def backup(
    path: Annotated[Path, typer.Argument(help="A folder that is not there yet; it can be used as NNVIZ_HOME.")],
    store: StoreOption = None,
) -> None:
    """The whole store as it is now, also while runs train: PATH/nnviz.db and PATH/snapshots. Copying the file of a store that is
    in use would lose its newest runs."""
    made = Store(store).back_up(path)
    print(f"{made.runs} runs, {made.snapshots} files of snapshots written to {path}, {made.size / 1e6:.1f} MB")


def main() -> NoReturn:
    """Runs the command line and turns every error into its message and exit code; a trace goes into the log alone."""
    for trouble in OWN.troubles:
        print(f"left out: {trouble}", file=sys.stderr)
    sys.exit(guarded(lambda: _call(sys.argv[1:])))


def _call(arguments: list[str]) -> Any:
    check_arguments(arguments)
    code = app(arguments, standalone_mode=False)
    # what still waits to be written goes out here, where it is known what to do when nobody reads it
    sys.stdout.flush()
    return code


def _with_changes(spec: RunSpec, changes: list[str]) -> RunSpec:
    for change in changes:
        path, equals, text = change.partition("=")
        if len(path) > _LONGEST_PATH:
            raise RequestError(f"the field {path[:40]!r}... has too long a name", where="--set",
                               remedy="Write it as training.epochs=5.")
        if not equals:
            raise RequestError(f"{change!r} has no value", where="--set", remedy="Write it as training.epochs=5.")
        try:
            value = json.loads(text)
        except RecursionError as error:
            raise RequestError(f"the value of {path} is nested too deeply", where="--set",
                               remedy="Write it into the spec's file.") from error
        except ValueError:
            value = text
        spec = spec.with_(path.strip(), value)
    return spec


def _shown(metrics: dict[str, float]) -> dict[str, float]:
    """What may be shown unasked: the test result is asked for where runs are compared."""
    return {name: value for name, value in metrics.items() if not name.startswith("test_")}


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.4g}"


def _print_metrics(metrics: dict[str, float]) -> None:
    for name, value in metrics.items():
        print(f"  {name:<16}{value:.6g}")


if __name__ == "__main__":
    main()
