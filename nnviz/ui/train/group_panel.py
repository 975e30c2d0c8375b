"""A group on the Train page: how far it is, what its runs come to together, and which of them is looked at."""

from collections import Counter
from collections.abc import Sequence

import streamlit as st

from nnviz import jobs
from nnviz.plain_text import markdown, visible
from nnviz.store import EARLY, ENDED, Run, is_whole
from nnviz.ui.common import session
from nnviz.ui.common.guard import guarded
from nnviz.ui.common.i18n import _, counted
from nnviz.ui.common.live import live_group
from nnviz.ui.common.query_params import show_run
from nnviz.ui.common.run_format import measure, metric_title, outcome_of, spread_text, status_word, summary
from nnviz.verdict.entrants import kept_metrics

REFRESH_SECONDS = 0.7
MAX_CURVES = 32
_FOLLOWED = "nnviz.followed"
_OVER = ("finished", EARLY, *ENDED[1:])


def follow(group_id: str) -> None:
    """From now on the page shows the run of this group that trains, until the user picks one."""
    st.session_state[_FOLLOWED] = group_id


def group_panel(run: Run) -> None:
    """Progress, mean and deviation, the curves of all runs, and a button for each of them."""
    is_open = not all(member.is_ended for member in session.store().runs.group_runs(run.group))
    st.fragment(guarded(_panel), run_every=REFRESH_SECONDS if is_open else None)(run.group, run.id, is_open)


def is_race(group_id: str) -> bool:
    """Whether the runs of a group are rivals, which differ in more than rows and seeds: there is no mean of them."""
    return bool(session.store().runs.group(group_id).spec_json.get("race"))


def rivals(run: Run) -> list[dict[str, str]]:
    """The runs of the race that a run is in, as `live_run` takes them; none where it is in no race."""
    if not run.group or not is_race(run.group):
        return []
    return [{"id": one.id, "name": visible(one.label)} for one in session.store().runs.group_runs(run.group)]


def progress_text(runs: Sequence[Run]) -> str:
    """`fold 3/5 trains`, with how many have ended and how."""
    busy = [run.label for run in runs if run.status == "running"]
    waiting = sum(run.status == "queued" for run in runs)
    outcomes = Counter(run.outcome for run in runs)
    words = [_("{runs} in training").format(runs=visible(", ".join(busy)))] if busy else []
    words += [counted("{n} waits", "{n} wait", waiting)] if waiting else []
    words += [f"{outcomes[outcome]} {status_word(outcome)}" for outcome in _OVER if outcomes[outcome]]
    return _("{n} runs: {words}").format(n=len(runs), words=", ".join(words))


def _panel(group_id: str, current: str, was_open: bool) -> None:
    runs = session.store().runs.group_runs(group_id)
    if not runs:
        return
    is_open = not all(run.is_ended for run in runs)
    busy = next((run.id for run in runs if run.status == "running"), None)
    follows = st.session_state.get(_FOLLOWED) == group_id
    if (follows and busy and busy != current) or is_open != was_open:
        _show(busy if follows and busy else current)
    with st.container(border=True, gap="small", key="group"):
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            st.text(progress_text(runs), width="content")
            if is_open and st.button(_("Stop all"), icon=":material/stop_circle:", key="group.stop"):
                jobs.stop_group(session.store(), group_id)
                st.rerun(scope="fragment")
        if is_open:
            st.progress(sum(_done(run) for run in runs) / len(runs))
        if is_race(group_id):
            return  # the curves of its runs are in one chart below, and each has a tile to be picked by
        _results(runs)
        start = max(
            0, min([run.id for run in runs].index(current) if current in {run.id for run in runs} else 0, len(runs) - MAX_CURVES)
        )
        live_group(
            [{"id": run.id, "name": visible(run.label)} for run in runs[start : start + MAX_CURVES]],
            current=current,
            key="live.group",
        )
        st.caption(_("Validation: the mean with a band of one standard deviation, each run in grey, the chosen one stronger."))
        picked = st.pills(
            _("Look at"),
            [run.id for run in runs],
            default=current if current in {run.id for run in runs} else None,
            key=f"group.pick.{current}",
            format_func=_labels(runs).__getitem__,
        )
    if picked and picked != current:
        st.session_state[_FOLLOWED] = ""
        _show(picked)


def _results(runs: Sequence[Run]) -> None:
    spreads = summary(runs)
    if not spreads:
        return
    count = sum(map(is_whole, runs))
    names = sorted(spreads, key=lambda name: name.endswith("loss"))[:4]
    for start in range(0, len(names), 2):
        for place, name in zip(st.columns(2), names[start : start + 2], strict=False):
            place.metric(
                metric_title(name),
                spread_text(name, spreads[name]),
                help=_("Mean ± standard deviation over {n} finished runs.").format(n=count),
            )


def _labels(runs: Sequence[Run]) -> dict[str, str]:
    """Each run's label with the main number it came to."""
    labels = {}
    for run in runs:
        if run.broken:
            labels[run.id] = f"{run.label or run.id}: {status_word(outcome_of(run))}"
            continue
        metrics = kept_metrics(run)
        name = next((name for name in ("val_accuracy", "val_r2", "val_loss", "accuracy", "loss") if name in metrics), "")
        value = measure(name, metrics[name]) if name and run.is_ended else status_word(run.status)
        labels[run.id] = f"{markdown(run.label)}: {value}"
    return labels


def _done(run: Run) -> float:
    return 1.0 if run.is_ended else min(1.0, run.epoch / max(1, int(run.spec_json.get("training", {}).get("epochs", 30))))


def _show(run_id: str) -> None:
    show_run(run_id)
    st.rerun()
