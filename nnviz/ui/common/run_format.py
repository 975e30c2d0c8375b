"""A run in words and numbers, as its row, card or column shows them. Plain text, never markup."""

import math
import time
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from nnviz.catalog import METRICS
from nnviz.jobs.endings import OUTCOMES
from nnviz.plain_text import LINE, visible, within, without_folders
from nnviz.store import Run, Spread, is_whole, spreads
from nnviz.ui.common.i18n import _, counted
from nnviz.ui.common.settings.labels import label_for, page_words
from nnviz.verdict.entrants import kept_metrics

ABSENT = "–"
UNREADABLE = "unreadable"
"""Shown as the status of a run whose row cannot be read."""


def outcome_of(run: Run) -> str:
    """What `status_word` says in words: the run's outcome, or that its row cannot be read."""
    return UNREADABLE if run.broken else run.outcome


def status_word(status: str) -> str:
    """A status or outcome in the user's language, by the words that the Train page begins its sentences of the end with; one that
    is not known as it stands."""
    return {
        "queued": _("queued"),
        "running": _("running"),
        "paused": _("paused"),
        "finished": _("finished"),
        **{outcome: _(words) for outcome, words in OUTCOMES.items()},
        "failed": _("failed"),
        "diverged": _("diverged"),
        UNREADABLE: _("unreadable"),
    }.get(status, visible(status))


def data_name(spec: Mapping[str, Any]) -> str:
    """What the data is called, from the JSON of a spec: `iris`, `penguins.csv`."""
    data = spec.get("data", {})
    return visible(data.get("name") or str(data.get("path", "")).rsplit("/", 1)[-1])


def optimizer_name(spec: Mapping[str, Any]) -> str:
    """`Adam 0.01`, the rate only where it was written."""
    optimizer = spec.get("optimizer", {})
    rate = optimizer.get("learning_rate")
    kind = visible(optimizer.get("kind", ""))
    return f"{kind} {rate:g}" if isinstance(rate, int | float) else kind


def short_title(name: str) -> str:
    """`loss` -> "Loss", `mae` -> "MAE"."""
    entry = METRICS.get(name)
    return _(entry.short or entry.title) if entry else visible(name.replace("_", " "))


def best_title(name: str) -> str:
    """`accuracy` -> "Accuracy at the lowest loss": of the epoch with the lowest validation loss."""
    return _("Lowest loss") if name == "loss" else _("{metric} at the lowest loss").format(metric=short_title(name))


def metric_title(name: str) -> str:
    """`val_accuracy` -> "Validation accuracy"."""
    part, _sep, bare = name.partition("_") if name.startswith(("val_", "test_")) else ("", "", name)
    title = short_title(bare)
    words = within(title)
    if part == "val":
        return _("Validation {metric}").format(metric=words)
    return _("Test {metric}").format(metric=words) if part == "test" else title


def measure(name: str, value: float | None) -> str:
    """A metric's value, rounded to what it means: `97.4 %`, `0.0912`."""
    if value is None or math.isnan(value):
        return ABSENT
    bare = name.removeprefix("val_").removeprefix("test_")
    if bare in METRICS and METRICS[bare].percent:
        return f"{100 * value:.1f}\N{NO-BREAK SPACE}%"
    if math.isinf(value):
        return "\N{INFINITY}" if value > 0 else "-\N{INFINITY}"
    size = abs(value)
    if size and (size < 0.0005 or size >= 1e15):
        return f"{value:.1e}"
    return f"{value:.3f}" if size < 10 else f"{value:.2f}" if size < 100 else f"{value:,.1f}" if size < 1e5 else f"{value:,.0f}"


def best_epoch_words(run: Run, name: str) -> str:
    """A metric at the best epoch, which need not be where that metric is best: `At epoch 83, with the lowest validation loss:
    97.4 %`. Empty where it is not known."""
    epoch, value = run.best.get("epoch"), run.best.get(name)
    if epoch is None or value is None:
        return ""
    return _("At epoch {n}, with the lowest validation loss: {value}").format(n=epoch_text(epoch), value=measure(name, value))


def duration_text(seconds: float | None) -> str:
    """`< 1 ms`, `32 ms`, `0.8 s`, `12 s`, `3 min 20 s`, `2 h 5 min`: as `duration` of browser/common/numbers.js."""
    if seconds is None or seconds < 0:
        return ABSENT
    if seconds < 0.001:
        return _("< 1 ms")
    if seconds < 0.0995:
        return _("{n} ms").format(n=round(1000 * seconds))
    if seconds < 59.5:
        return _("{n} s").format(n=f"{seconds:.1f}" if seconds < 9.95 else round(seconds))
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return _("{m} min {s} s").format(m=minutes, s=rest) if rest else _("{m} min").format(m=minutes)
    return _("{h} h {m} min").format(h=minutes // 60, m=minutes % 60)


def epoch_text(epoch: float) -> str:
    """A count of epochs, parts of one included, as the scripts of the page write it: `20`, `3.25`, `1,040`."""
    if epoch >= 100 or float(epoch).is_integer():
        return f"{epoch:,.0f}"
    return f"{epoch:.2f}" if epoch < 10 else f"{epoch:.1f}"


def age_text(when: float, *, now: float | None = None) -> str:
    """How long ago, in words: `just now`, `2 min ago`, `3 days ago`."""
    seconds = max(0.0, (time.time() if now is None else now) - when)
    if seconds < 45:
        return _("just now")
    if seconds < 3570:
        return _("{n} min ago").format(n=max(1, round(seconds / 60)))
    if seconds < 84_600:
        return _("{n} h ago").format(n=max(1, round(seconds / 3600)))
    return counted("{n} day ago", "{n} days ago", max(1, round(seconds / 86_400)))


def exact_time(when: float) -> str:
    """`2026-03-01 14:05:09`, in the server's time zone, with its offset."""
    return datetime.fromtimestamp(when).astimezone().strftime("%Y-%m-%d %H:%M:%S %z")


def minute_text(when: float) -> str:
    """`2026-03-01 14:05`: for a line that is chosen from a list, which must stay the same while the list is open."""
    return exact_time(when)[:16]


def busy_seconds(run: Run) -> float | None:
    """From its start to its end, or until now; None before it starts."""
    if run.started is None:
        return None
    return (run.ended or time.time()) - run.started


def failure_text(run: Run) -> str:
    """Why a run failed, or cannot be read, in one line; empty where it did not."""
    if run.broken:
        return _("This run cannot be read: {why}. It can be deleted.").format(why=run.broken)
    if run.status not in ("failed", "diverged") or not run.error:
        return ""
    parts = [run.error.get("what", ""), run.error.get("remedy", "")]
    where = run.error.get("where", "")
    head = f"{label_for(where)}: {parts[0]}" if where else parts[0]
    whole = " ".join(part if part.endswith((".", "!", "?")) else f"{part}." for part in (head, parts[1]) if part)
    return visible(without_folders(page_words(whole)), limit=2 * LINE)


def summary(runs: Sequence[Run]) -> dict[str, Spread]:
    """Mean and deviation of the validation metrics over the finished runs; of the training ones where none validates."""
    by_metric = spreads(kept_metrics(run) for run in runs if is_whole(run))
    validation = {name: spread for name, spread in by_metric.items() if name.startswith("val_")}
    return validation or {name: spread for name, spread in by_metric.items() if not name.startswith("test_")}


def spread_text(name: str, spread: Spread) -> str:
    """`96.0 ± 1.3 %`, `0.131 ± 0.020`."""
    if measure(name, 0.0).endswith("%"):
        return f"{100 * spread.mean:.1f} ± {100 * spread.std:.1f}\N{NO-BREAK SPACE}%"
    return f"{measure(name, spread.mean)} ± {measure(name, spread.std)}"


def doctor_words(run: Run) -> str:
    """What the doctor says of a run that has ended, the likeliest first; empty where it was not judged."""
    findings = run.findings if run.is_ended else None
    if findings is None:
        return ""
    titles = [visible(finding["title"], limit=LINE) for finding in findings if isinstance(finding.get("title"), str)]
    if not titles:
        return _("Healthy")
    more = len(titles) - 1
    return f"{titles[0]} {counted('and {n} more', 'and {n} more', more)}" if more else titles[0]
