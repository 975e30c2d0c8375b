"""The command that has the doctor look at runs."""

import json
from typing import Annotated, Any

import typer

from nnviz.border import plain
from nnviz.cli.options import HereOption, JsonOption, StoreOption, app
from nnviz.errors import NnvizError, RequestError
from nnviz.jobs import command_line
from nnviz.jobs.lost import end_lost
from nnviz.store import Run, Store

SOMETHING = 3
"""The exit code where something is wrong with a run."""


@app.command()
def doctor(
    run: Annotated[str | None, typer.Argument(help="A run's id, or a unique beginning of it.")] = None,
    every: Annotated[bool, typer.Option("--all", help="All runs of the store that have ended.")] = False,
    as_json: JsonOption = False,
    here: HereOption = None,
    store: StoreOption = None,
) -> None:
    """Say what went wrong in a training, why, and what to do. Exit code 3 where there is something, 0 for a healthy run."""
    if (run is None) != every:
        raise RequestError("say which run, or --all for every one", where="RUN", remedy="python -m nnviz doctor RUN")
    opened = Store(store)
    end_lost(opened)
    if run is not None:
        record = opened.runs.get(run)
        answer = command_line.doctor(opened, record.id, here=here)
        print(json.dumps(answer) if as_json else _words(record, answer))
        raise typer.Exit(0 if answer["healthy"] else SOMETHING)
    answers = []
    for record in opened.runs.list_runs():
        if record.is_ended and record.status != "failed" and not record.broken:
            answers.append(_answer(opened, record, here))
            if not as_json:
                print(_words(record, answers[-1]))
    if as_json:
        print(json.dumps({"runs": answers}))
    raise typer.Exit(SOMETHING if any(answer.get("findings") for answer in answers) else 0)


def _answer(store: Store, run: Run, here: bool | None) -> dict[str, Any]:
    """Of one of many runs: what keeps the doctor from judging it is part of the answer and ends nothing."""
    try:
        return command_line.doctor(store, run.id, here=here)
    except NnvizError as error:
        return {"run": run.id, "healthy": None, "findings": [], "why": error.message}


def finding_lines(findings: list[dict[str, Any]]) -> list[str]:
    """Findings in words, the likeliest cause first."""
    lines = []
    for finding in findings:
        since = finding["since"]
        # what is seen in the layers is seen at recorded moments only
        began = "first seen at" if any(mark["series"] == "layers" for mark in finding.get("evidence", ())) else "since"
        place = f"{began} step {since['step']:,} (epoch {since['epoch']:.0f})" if since["step"] else "from the start"
        lines += [
            f"{finding['title']}, {place}, {100 * finding['confidence']:.0f} % sure",
            f"  {plain(finding['text'])}",
            f"  Why: {finding['why']}",
            f"  What to do: {finding['what_to_do']}",
        ]
    return lines


def _words(run: Run, answer: dict[str, Any]) -> str:
    head = f"{run.id}  {plain(run.name)}"
    if answer["healthy"] is None:
        return f"{head}\nCannot be judged: {plain(answer['why'])}"
    return "\n".join([head, *(finding_lines(answer["findings"]) or ["Healthy: nothing to complain of."])])
