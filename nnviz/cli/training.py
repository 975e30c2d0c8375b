"""Commands that train: train, resume, and check, which looks whether a spec can be trained."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from nnviz.cli import sweeping
from nnviz.cli.options import HereOption, JsonOption, QuietOption, StoreOption, app, with_changes
from nnviz.cli.printing import Bars, numbers, print_data, print_metrics, print_table, print_warnings, screen, seconds_text
from nnviz.errors import NotFound, RequestError
from nnviz.jobs import command_line, go_on, rooted
from nnviz.jobs.endings import early_words, outcome_words, weights_epoch, weights_words
from nnviz.jobs.foreground import adopt, check_here, raise_error
from nnviz.jobs.lost import end_lost, where_from
from nnviz.jobs.sampling import sample_words
from nnviz.jobs.sweep.control import is_sweep
from nnviz.spec import RunSpec, is_group
from nnviz.store import Run, Store, is_whole, spreads


@app.command()
def train(
    spec: Annotated[Path, typer.Argument(help="A spec file (JSON).")],
    set_: Annotated[list[str] | None, typer.Option("--set", help="Change a field: training.epochs=5")] = None,
    quiet: QuietOption = False,
    as_json: JsonOption = False,
    here: HereOption = None,
    store: StoreOption = None,
) -> None:
    """Train and wait for it, by a dashboard's warm worker or in the foreground; with folds or repeats every run of the group.
    Ctrl+C stops and keeps what was learned."""
    parsed = with_changes(RunSpec.parse(spec), set_ or [])
    if parsed.sweep is not None:
        raise RequestError("this spec is a sweep", where="sweep", remedy="Use `python -m nnviz sweep`.")
    opened = Store(store)
    parsed = rooted(opened, adopt(opened, parsed, base=spec.parent))
    command_line.check(opened, parsed, here=here)
    if is_group(parsed):
        # one look at the data first, lest every fold end with the same mistake
        about = check_here(opened, parsed, base=spec.parent)
        print_data(about, quiet=quiet)
        _train_group(opened, opened.runs.create_group(parsed), warnings=about["warnings"], as_json=as_json, here=here)
        return
    _train_run(opened, opened.runs.create(parsed), epochs=parsed.training.epochs, quiet=quiet, as_json=as_json, here=here)


@app.command()
def check(
    spec: Annotated[Path, typer.Argument(help="A spec file (JSON).")],
    quiet: QuietOption = False,
    as_json: JsonOption = False,
    store: StoreOption = None,
) -> None:
    """Say what is wrong with a spec, and where; and what was read of its data."""
    about = check_here(Store(store), RunSpec.parse(spec), base=spec.parent)
    print_data(about, quiet=quiet)
    print(json.dumps({"spec": str(spec), "fine": True} | about) if as_json else f"{spec}: fine")


@app.command()
def resume(
    run: Annotated[str, typer.Argument(metavar="RUN|GROUP", help="A run's id, or a unique beginning of it; or a group's id.")],
    epochs: Annotated[int | None, typer.Option(min=1, help="Until so many epochs are done; default: as planned.")] = None,
    trials: Annotated[int, typer.Option(min=0, help="Of a sweep: so many more trials than were wanted.")] = 0,
    quiet: QuietOption = False,
    as_json: JsonOption = False,
    here: HereOption = None,
    store: StoreOption = None,
) -> None:
    """Go on from the last snapshot of a run that ended, was paused, or whose process died: with the same numbers as if it
    had never stopped; without a snapshot anew from step 0. A run that waits and nobody trains is trained; of a group all
    that are not finished."""
    opened = Store(store)
    end_lost(opened)
    try:
        record = opened.runs.get(run)
    except NotFound:
        group_id = _group_of(opened, run)
        if group_id is None:
            raise
        if is_sweep(opened, group_id):
            sweeping.resume(opened, group_id, more=trials, as_json=as_json, here=here)
            return
        _resume_group(opened, group_id, epochs=epochs, as_json=as_json, here=here)
        return
    command_line.check(opened, record.spec, here=here)
    _queue_again(opened, record, epochs=epochs)
    _train_run(
        opened,
        record.id,
        epochs=epochs or record.control.epochs or record.spec.training.epochs,
        quiet=quiet,
        as_json=as_json,
        here=here,
    )


def _group_of(store: Store, name: str) -> str | None:
    """The group whose id is, or alone begins with, `name`."""
    groups = {run.group for run in store.runs.list_runs() if run.group}
    alike = [group for group in groups if name and group.startswith(name)]
    return name if name in groups else alike[0] if len(alike) == 1 else None


def _queue_again(store: Store, run: Run, *, epochs: int | None) -> None:
    """Makes a run wait to be trained here. Raises RequestError for one that is finished, or that somebody trains."""
    if run.status != "queued":
        go_on(store, run, epochs=epochs)
    elif any(job.run == run.id for job in store.jobs.open_jobs()):
        raise RequestError(
            "the run waits in the queue of a dashboard",
            where=run.id,
            remedy="It is trained there. Start the dashboard if none runs, or stop the run there first.",
        )
    elif epochs is not None:
        store.runs.set_control(run.id, epochs=epochs)
    screen().print(f"run {run.id} goes on {where_from(store, run)}", highlight=False)


def _resume_group(store: Store, group_id: str, *, epochs: int | None, as_json: bool, here: bool | None) -> None:
    members = store.runs.group_runs(group_id)
    whole = [run for run in members if is_whole(run) and (epochs is None or run.epoch >= epochs)]
    if len(whole) == len(members):
        raise RequestError(
            f"all {len(members)} runs of this group are finished", where=group_id, remedy="Say until which epoch they are to go."
        )
    command_line.check(store, members[0].spec, here=here)
    for run in members:
        if run in whole or run.status == "diverged":
            continue
        try:
            _queue_again(store, run, epochs=epochs)
        except RequestError as error:
            screen().print(f"left as it is: {error}", highlight=False, markup=False)
    _train_group(store, group_id, warnings=[], as_json=as_json, here=here)


def _train_run(store: Store, run_id: str, *, epochs: int, quiet: bool, as_json: bool, here: bool | None) -> None:
    about: dict[str, Any] = {}
    known = len(store.runs.events(run_id))

    def say(run: Run) -> None:
        if not about and run.info.get("about_data"):
            about.update(run.info["about_data"])
            print_data(about, quiet=quiet)

    with Bars() as bars:

        def show(run: Run) -> None:
            say(run)
            bars.update(
                0,
                completed=run.epoch,
                numbers=numbers(run),
                description=f"epoch {run.epoch:.0f}/{epochs}" if run.step else run.phase or run.status,
            )

        run = command_line.train(store, run_id, on_begin=lambda: bars.begin(starting=epochs), on_change=show, here=here)
    say(run)
    # a worker that died on the way, after which another one went on
    lost = [event.text for event in store.runs.events(run.id)[known:] if event.kind == "lost"]
    print_warnings(lost, quiet=quiet)
    if run.error:
        screen().print(f"log: python -m nnviz show {run.id}", highlight=False)
        raise_error(run)
    record = {
        "run": run.id,
        "status": run.status,
        "metrics": run.metrics,
        "steps": run.step,
        "seconds": round(run.seconds, 3),
        "steps_per_second": run.info.get("steps_per_second"),
        "weights_epoch": weights_epoch(run),
        "sample": run.info.get("sample"),
        "ending": early_words(run) or run.status,
        "warnings": [*about.get("warnings", []), *lost],
    }
    if as_json:
        print(json.dumps(record))
        return
    print(f"{outcome_words(run)}: run {run.id}, {run.step} steps in {seconds_text(run.seconds)}{_rate(run)}")
    print(early_words(run) or f"Metrics of the {weights_words(run)}")
    print_metrics(run.metrics)
    if sample_words(run):
        print(f"Of all rows; after each epoch, those of training: of {sample_words(run)}")


def _rate(run: Run) -> str:
    """`, 6,512 steps a second`; empty where none was measured."""
    rate = run.info.get("steps_per_second")
    return f", {rate:,.0f} steps a second" if rate else ""


def _train_group(store: Store, group_id: str, *, warnings: list[str], as_json: bool, here: bool | None) -> None:
    """Folds and repeats: a line of progress for a run that trains, another for the whole."""
    members = store.runs.group_runs(group_id)
    count, planned = len(members), members[0].control.epochs or members[0].spec.training.epochs
    with Bars() as bars:
        epochs: dict[int, float] = {run.member: float(planned) for run in members if run.is_ended}

        def show(run: Run) -> None:
            epochs[run.member] = planned if run.is_ended else run.epoch
            bars.update(0, completed=sum(epochs.values()), description=f"run {run.member} of {count}")
            bars.update(1, completed=run.epoch, numbers=numbers(run), description=run.label)

        trained = command_line.train_group(
            store, group_id, on_begin=lambda: bars.begin(starting=count * planned, run=planned), on_change=show, here=here
        )
    together = spreads(run.metrics for run in trained if is_whole(run))
    if as_json:
        print(
            json.dumps(
                {
                    "group": group_id,
                    "runs": [run.id for run in trained],
                    "statuses": [run.status for run in trained],
                    "metrics": {name: asdict(spread) for name, spread in together.items()},
                    "weights_epochs": [weights_epoch(run) for run in trained],
                    "warnings": warnings,
                }
            )
        )
    else:
        label, outcome = (max(map(len, words)) for words in ((run.label for run in trained), map(outcome_words, trained)))
        for run in trained:
            start = f"{run.label:<{label}}  {outcome_words(run):<{outcome}}  run {run.id}"
            print(f"{start}  {weights_words(run)}  {numbers(run)}".rstrip())
        print(f"group {group_id}, {sum(map(is_whole, trained))} of {count} runs finished")
        print_table((name, f"{spread.mean:.6g} ± {spread.std:.3g}") for name, spread in together.items())
    for run in trained:
        raise_error(run)
