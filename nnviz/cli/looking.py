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
from nnviz.cli.printing import number, print_metrics, visible_metrics
from nnviz.errors import RequestError
from nnviz.jobs.csv_text import safe_row
from nnviz.jobs.endings import early_words, weights_epoch, weights_words
from nnviz.jobs.foreground import do_here
from nnviz.jobs.lost import end_lost
from nnviz.jobs.sampling import sample_words
from nnviz.store import Store
from nnviz.store.transfer.new_file import check_place, new_file

WIDE = 250
"""Letters of a line of the table of runs, where it does not go to a terminal."""
kept = typer.Typer(no_args_is_help=True, help="The store itself: everything that was recorded.")
app.add_typer(kept, name="store")


@app.command()
def runs(as_json: JsonOption = False, store: StoreOption = None) -> None:
    """One row a run, newest first."""
    opened = Store(store)
    end_lost(opened)
    found = opened.runs.list_runs()
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
                    for run in found
                ]
            )
        )
        return
    if not found:
        print("No runs yet: python -m nnviz train SPEC.json")
        return
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None)
    for head in ("run", "name", "status", "epoch", "weights", "val_loss", "val_accuracy / val_r2", "age"):
        table.add_column(head, no_wrap=True)
    for run in found:
        quality = run.metrics.get("val_accuracy", run.metrics.get("val_r2"))
        status = "unreadable" if run.broken else run.status
        weights = weights_epoch(run)
        table.add_row(
            run.id,
            plain(run.name[:40]),
            status,
            f"{run.epoch:.0f}",
            "" if weights is None else f"epoch {weights:.0f}",
            number(run.metrics.get("val_loss")),
            number(quality),
            f"{(time.time() - run.created) / 60:.0f} min",
        )
    # to a file or another program every line goes whole
    Console(highlight=False, markup=False, width=None if sys.stdout.isatty() else WIDE).print(table)
    for run in found:
        if run.broken:
            print(f"run {run.id} cannot be read: {plain(run.broken)}")


@app.command()
def show(run: RunArgument, as_json: JsonOption = False, store: StoreOption = None) -> None:
    """Spec, status, events and history of a run."""
    opened = Store(store)
    end_lost(opened)
    found = opened.runs.get(run)
    events = [
        {"step": event.step, "epoch": event.epoch, "kind": event.kind, "text": event.text, "time": event.time}
        for event in opened.runs.events(found.id)
    ]
    if as_json:
        print(
            json.dumps(
                {
                    "run": found.id,
                    "name": found.name,
                    "status": found.status,
                    "epoch": found.epoch,
                    "step": found.step,
                    "pid": found.pid if not found.is_ended else None,
                    "spec": found.spec_json,
                    "metrics": visible_metrics(found.metrics),
                    "weights_epoch": weights_epoch(found),
                    "sample": found.info.get("sample"),
                    "error": found.error,
                    "events": events,
                    "history": opened.series.history(found.id),
                }
                | ({"broken": found.broken} if found.broken else {})
            )
        )
        return
    if found.broken:
        print(f"This run cannot be read: {plain(found.broken)}. What can be is below.")
    print(f"{found.id}  {plain(found.name)}")
    weights = weights_words(found)
    print(
        f"status {found.status}, epoch {found.epoch:g}, step {found.step}, {found.seconds:.1f} s"
        + (f", {weights}" if weights else "")
    )
    if early_words(found):
        print(early_words(found))
    if sample_words(found):
        print(f"training metrics after each epoch: of {sample_words(found)}; at the end of all")
    if found.error:
        print(plain(f"{found.error['what']}\n{found.log or ''}"))
    print_metrics(visible_metrics(found.metrics))
    for event in events:
        print(f"  epoch {event['epoch']:<8g} {plain(str(event['text']))}")
    print(json.dumps(found.spec_json, indent=2))


@app.command()
def export(
    run: RunArgument,
    to: Annotated[
        str,
        typer.Option(
            "--to",
            help=(
                "script: Keras code that does the run again, its rows and first weights beside it as .npz; "
                "keras: the trained network as a .keras file; csv: every recorded number."
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
        found = do_here(opened, "export", opened.runs.get(run).id, {"to": to, "out": str(out.absolute())})
        print("\n".join([f"written: {', '.join(found['files'])}", *found["notes"]]))
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
    found = opened.runs.get(run)
    check_place(out)
    made = opened.packs.pack(found.id, out)
    print("\n".join([f"run {found.id} packed into {out}, {made.size / 1e6:.2f} MB", *made.notes]))


@app.command()
def unpack(
    file: Annotated[Path, typer.Argument(help="A file that `pack` wrote.")],
    as_json: JsonOption = False,
    store: StoreOption = None,
) -> None:
    """Take a packed run into the store. It keeps its id; where another run has that, it gets a new one."""
    found = Store(store).packs.unpack(existing(file))
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
    made = Store(store).backup.back_up(path)
    print(f"{made.runs} runs, {made.snapshots} files of snapshots written to {path}, {made.size / 1e6:.1f} MB")
