"""Commands that look at what is in the store, and take runs out of it and in: runs, show, export, pack, unpack, store backup."""

import csv
import json
import sys
import time
from pathlib import Path
from typing import Annotated

import typer

from nnviz.border import existing, plain
from nnviz.cli.options import ExactOption, JsonOption, RunArgument, StoreOption, app
from nnviz.cli.printing import number, print_columns, print_metrics, seconds_text, visible_metrics
from nnviz.errors import RequestError
from nnviz.jobs.csv_text import safe_row
from nnviz.jobs.endings import early_words, outcome_words, weights_epoch, weights_words
from nnviz.jobs.foreground import do_here
from nnviz.jobs.lost import end_lost
from nnviz.jobs.sampling import sample_words
from nnviz.store import Store
from nnviz.store.transfer.new_file import check_place, new_file

WIDE = 250
"""Letters of a line of the table of runs, where it does not go to a terminal."""
store_commands = typer.Typer(no_args_is_help=True, help="The store itself: everything that was recorded.")
app.add_typer(store_commands, name="store")


@app.command()
def runs(as_json: JsonOption = False, store: StoreOption = None) -> None:
    """One row a run, newest first."""
    opened = Store(store)
    end_lost(opened)
    records = opened.runs.list_runs()
    if as_json:
        print(
            json.dumps(
                [
                    {
                        "run": run.id,
                        "name": run.name,
                        "status": run.status,
                        "epoch": run.epoch,
                        "step": run.step,
                        "weights_epoch": weights_epoch(run),
                        "created": run.created,
                        "seconds": run.seconds,
                        "metrics": visible_metrics(run.metrics),
                        "tags": list(run.tags),
                    }
                    | ({"group": run.group, "label": run.label} if run.group else {})
                    | ({"broken": run.broken} if run.broken else {})
                    for run in records
                ]
            )
        )
        return
    if not records:
        print("No runs yet: python -m nnviz train SPEC.json")
        return
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None)
    for head in ("run", "name", "status", "epoch", "weights", "val_loss", "val_accuracy / val_r2", "age"):
        table.add_column(head, no_wrap=True)
    for run in records:
        quality = run.metrics.get("val_accuracy", run.metrics.get("val_r2"))
        weights = weights_epoch(run)
        table.add_row(
            run.id,
            plain(run.name[:40]),
            outcome_words(run),
            f"{run.epoch:.0f}",
            "" if weights is None else f"epoch {weights:.0f}",
            number(run.metrics.get("val_loss")),
            number(quality),
            f"{(time.time() - run.created) / 60:.0f} min",
        )
    # to a file or another program every line goes whole
    Console(highlight=False, markup=False, width=None if sys.stdout.isatty() else WIDE).print(table)
    for run in records:
        if run.broken:
            print(f"run {run.id} cannot be read: {plain(run.broken)}")


@app.command()
def show(run: RunArgument, as_json: JsonOption = False, store: StoreOption = None) -> None:
    """Spec, status, events and history of a run."""
    opened = Store(store)
    end_lost(opened)
    record = opened.runs.get(run)
    events = [
        {"step": event.step, "epoch": event.epoch, "kind": event.kind, "text": event.text, "time": event.time}
        for event in opened.runs.events(record.id)
    ]
    if as_json:
        print(
            json.dumps(
                {
                    "run": record.id,
                    "name": record.name,
                    "status": record.status,
                    "epoch": record.epoch,
                    "step": record.step,
                    "pid": record.pid if not record.is_ended else None,
                    "spec": record.spec_json,
                    "metrics": visible_metrics(record.metrics),
                    "weights_epoch": weights_epoch(record),
                    "sample": record.info.get("sample"),
                    "error": record.error,
                    "events": events,
                    "findings": record.findings,
                    "history": opened.series.history(record.id),
                }
                | ({"broken": record.broken} if record.broken else {})
            )
        )
        return
    if record.broken:
        print(f"This run cannot be read: {plain(record.broken)}. What can be is below.")
    print(f"{record.id}  {plain(record.name)}")
    weights = weights_words(record)
    print(
        f"status {outcome_words(record)}, epoch {record.epoch:g}, step {record.step}, {seconds_text(record.seconds)}"
        + (f", {weights}" if weights else "")
    )
    if early_words(record):
        print(early_words(record))
    print_columns(opened, record)
    if sample_words(record):
        print(f"training metrics after each epoch: of {sample_words(record)}; at the end of all")
    if record.error:
        print(plain(f"{record.error['what']}\n{record.log or ''}"))
    print_metrics(visible_metrics(record.metrics))
    for event in events:
        print(f"  epoch {event['epoch']:<8g} {plain(str(event['text']))}")
    print(json.dumps(record.spec_json, indent=2))


@app.command()
def export(
    run: RunArgument,
    to: Annotated[
        str,
        typer.Option(
            "--to",
            help=(
                "script: Keras code that does the run again, its rows and first weights beside it as .npz; "
                "keras: the trained network as a .keras file, and of a table an encoder beside it; csv: every recorded number."
            ),
        ),
    ],
    out: Annotated[Path, typer.Option("-o", "--out", help="The file to write.")],
    exact: ExactOption = False,
    store: StoreOption = None,
) -> None:
    """A run for use elsewhere, without nnviz: as a Keras script, a Keras model, or its numbers."""
    if to not in ("csv", "keras", "script"):
        raise RequestError(f"cannot export to {to!r}", where="--to", remedy="Allowed: script, keras, csv.")
    opened = Store(store)
    if to != "csv":
        check_place(out)
        answer = do_here(opened, "export", opened.runs.get(run).id, {"to": to, "out": str(out.absolute())})
        print("\n".join([f"written: {', '.join(answer['files'])}", *answer["notes"]]))
        return
    history = opened.series.history(opened.runs.get(run).id)
    names = list(dict.fromkeys(name for row in history for name in row))
    with new_file(out) as draft, draft.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(names if exact else safe_row(names))
        writer.writerows([row.get(name, "") for name in names] for row in history)
    print(f"{len(history)} epochs written to {out}")


@app.command()
def pack(
    run: RunArgument,
    out: Annotated[Path, typer.Option("-o", "--out", help="The file to write: FILE.nnviz")],
    store: StoreOption = None,
) -> None:
    """A whole run as one file, for `unpack` in another store: settings, numbers, weights and its data file."""
    opened = Store(store)
    record = opened.runs.get(run)
    check_place(out)
    made = opened.packs.pack(record.id, out)
    print("\n".join([f"run {record.id} packed into {out}, {made.size / 1e6:.2f} MB", *made.notes]))


@app.command()
def unpack(
    file: Annotated[Path, typer.Argument(help="A file that `pack` wrote.")],
    as_json: JsonOption = False,
    store: StoreOption = None,
) -> None:
    """Take a packed run into the store. It keeps its id; where another run has that, it gets a new one."""
    unpacked = Store(store).packs.unpack(existing(file))
    if as_json:
        print(json.dumps({"run": unpacked.run_id, "was": unpacked.packed_id, "name": unpacked.name, "new": unpacked.is_new}))
    elif not unpacked.is_new:
        print(f"run {unpacked.run_id} is here already: {plain(unpacked.name)}")
    else:
        changed = (
            "" if unpacked.run_id == unpacked.packed_id else f" (it was {unpacked.packed_id}, which another run here is called)"
        )
        print(f"run {unpacked.run_id}{changed}: {plain(unpacked.name)}")


@store_commands.command()
def backup(
    path: Annotated[Path, typer.Argument(help="A folder that is not there yet; it can be used as NNVIZ_HOME.")],
    store: StoreOption = None,
) -> None:
    """The whole store as it is now, also while runs train: PATH/nnviz.db and PATH/snapshots. Copying the file of a store that is
    in use would lose its newest runs."""
    made = Store(store).backup.back_up(path)
    print(f"{made.runs} runs, {made.snapshots} files of snapshots written to {path}, {made.size / 1e6:.1f} MB")
