"""What the store says is new, as messages: {"event": finding, ended or failed, "run", "group", "name", "status", "text",
"finding"}. Of a group there is one when all of its runs have ended."""

from collections import Counter
from typing import Any

from nnviz.jobs.endings import end_words, outcome_words
from nnviz.plain_text import LINE, visible, without_folders
from nnviz.store import Run, Store

FAILURES = ("failed", "diverged")
_SCORES = {"val_accuracy": "validation accuracy", "val_loss": "validation loss", "loss": "training loss"}

Message = dict[str, Any]


def take_news(store: Store) -> list[Message]:
    """Of all that has happened since it was last taken. Whatever becomes of the messages, it is not given out again."""
    messages: list[Message] = []
    over: set[str] = set()
    with store.transaction():
        for news in store.notices.take():
            run = next(iter(store.runs.list_runs(ids=[news.run])), None)
            if run is None:
                continue
            if news.kind == "finding":
                messages.append(_finding(run, news.data))
                continue
            about = run.group or run.id
            members = store.runs.group_runs(run.group) if run.group else [run]
            if about not in over and all(member.is_ended for member in members):
                over.add(about)
                messages.append(_group_end(store.runs.group(run.group).name, members) if run.group else _end(run))
    return messages


def _message(event: str, run: Run, *, name: str, status: str, words: str, finding: dict[str, Any] | None = None) -> Message:
    # the first word is never a run's name, which a command might take for an option
    text = visible(without_folders(f"nnviz: {name}: {words}"), limit=4 * LINE)
    return {
        "event": event,
        "run": run.id,
        "group": run.group or None,
        "name": name,
        "status": status,
        "text": text,
        "finding": finding,
    }


def _finding(run: Run, finding: dict[str, Any]) -> Message:
    words = f"{finding.get('title', '')}. {finding.get('text', '')} {finding.get('what_to_do', '')}"
    return _message("finding", run, name=run.name, status=run.status, words=words, finding=finding)


def _end(run: Run) -> Message:
    event = "failed" if run.status in FAILURES else "ended"
    score = next((f"; {words} {run.metrics[name]:.3g}" for name, words in _SCORES.items() if name in run.metrics), "")
    words = end_words(run) + ("" if event == "failed" else score)
    return _message(event, run, name=run.name, status=run.status, words=words)


def _group_end(name: str, members: list[Run]) -> Message:
    counts = Counter(outcome_words(member) for member in members)
    statuses = {member.status for member in members}
    failures = [status for status in FAILURES if status in statuses]
    status = (failures or [status for status in ("stopped", "finished") if status in statuses])[0]
    words = f"all {len(members)} runs have ended: " + ", ".join(f"{count} {outcome}" for outcome, count in counts.items())
    return _message("failed" if failures else "ended", members[0], name=name, status=status, words=words)
