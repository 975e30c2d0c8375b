"""The command `sweep`, and how a sweep goes on."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from nnviz.cli.options import HereOption, JsonOption, QuietOption, StoreOption, app, with_changes
from nnviz.cli.printing import Bars, number, print_data, print_table, screen
from nnviz.errors import RunError
from nnviz.jobs import command_line
from nnviz.jobs.foreground import adopt, check_here
from nnviz.jobs.sweep.control import create_sweep, resume_sweep, start_sweep, sweep_state
from nnviz.jobs.sweep.here import follow_sweep, sweep_here
from nnviz.jobs.sweep.results import importances, sweep_json, trials_of
from nnviz.jobs.sweep.trials import Trial, best_of
from nnviz.spec import RunSpec, base_spec, sweep_of
from nnviz.store import Store


@app.command()
def sweep(
    spec: Annotated[Path, typer.Argument(help='A spec file (JSON) that says what varies: {"sweep": {"vary": {...}}, ...}.')],
    set_: Annotated[list[str] | None, typer.Option("--set", help="Change a field: sweep.trials=40")] = None,
    quiet: QuietOption = False,
    as_json: JsonOption = False,
    here: HereOption = None,
    store: StoreOption = None,
) -> None:
    """Try values of the fields that vary, each in a run of its own, and say which are the best. Ctrl+C stops it and keeps its
    trials; `resume` goes on."""
    parsed = with_changes(RunSpec.parse(spec), set_ or [])
    sweep_of(parsed)
    opened = Store(store)
    parsed = adopt(opened, parsed, base=spec.parent)
    command_line.check(opened, parsed, here=here)
    # one look at the data first, lest every trial end with the same mistake
    print_data(check_here(opened, base_spec(parsed), base=spec.parent), quiet=quiet)
    if command_line.asks(opened, parsed, here=here):
        _follow(opened, start_sweep(opened, parsed), as_json=as_json, by_workers=True)
    else:
        _follow(opened, create_sweep(opened, parsed, here=True), as_json=as_json, by_workers=False)


def resume(store: Store, group_id: str, *, more: int, as_json: bool, here: bool | None) -> None:
    """A sweep goes on, with `more` trials than were wanted. Raises RequestError where there is nothing left to do."""
    spec = store.runs.group(group_id).spec
    command_line.check(store, spec, here=here)
    by_workers = command_line.asks(store, spec, here=here)
    resume_sweep(store, group_id, more=more, here=not by_workers)
    _follow(store, group_id, as_json=as_json, by_workers=by_workers)


def _follow(store: Store, group_id: str, *, as_json: bool, by_workers: bool) -> None:
    spec = store.runs.group(group_id).spec
    goals = sweep_of(spec).goals
    wanted = store.sweeps.state(group_id).trials
    with Bars() as bars:
        bars.begin(trials=wanted)

        def show(trials: Sequence[Trial], _: int) -> None:
            best = best_of(trials, goals)
            words = f"best {goals[0]} {number(best.score(goals))}" if best else ""
            done = sum(trial.is_ended for trial in trials)
            bars.update(0, completed=done, numbers=words, description=f"trial {len(trials)} of {wanted}")

        (follow_sweep if by_workers else sweep_here)(store, group_id, on_change=show)
    state = sweep_state(store, group_id)
    if as_json:
        print(json.dumps(sweep_json(store, group_id)))
    else:
        _print(trials_of(store, group_id), spec, group_id)
    if state.status == "failed":
        raise RunError(state.reason, where=group_id)
    if state.reason:
        screen().print(state.reason, highlight=False, markup=False)
    if state.status == "stopped":
        screen().print(f"python -m nnviz resume {group_id} goes on", highlight=False, markup=False)


def _print(trials: Sequence[Trial], spec: RunSpec, group_id: str) -> None:
    goals = sweep_of(spec).goals
    for trial in trials:
        values = "  ".join(f"{path}={_short(value)}" for path, value in trial.values.items())
        score = f"{goals[0]} {number(trial.score(goals))}" if trial.score(goals) is not None else ""
        print(f"trial {trial.number:<4} {trial.status:<9} run {trial.run}  {score}  {values}  {trial.reason}".rstrip())
    best = best_of(trials, goals)
    print(f"sweep {group_id}, {sum(trial.status == 'finished' for trial in trials)} of {len(trials)} trials finished")
    if best is not None:
        print(f"best: trial {best.number}, run {best.run}")
        print_table([(goal, f"{best.scores[goal]:.6g}") for goal in goals])
        print_table([(path, _short(value)) for path, value in best.values.items()])
        shares = importances(spec, trials)
        if shares:
            print("how much of the differences each field accounts for:")
            print_table([(path, f"{share:.0%}") for path, share in shares.items()])


def _short(value: object) -> str:
    return f"{value:.4g}" if isinstance(value, float) else value if isinstance(value, str) else json.dumps(value)
