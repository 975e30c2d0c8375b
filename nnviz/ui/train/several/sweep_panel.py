"""A sweep on the Train page: how far it is, the best trial, all trials, and what the values have to do with the scores."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

import pandas as pd
import streamlit as st

from nnviz.catalog import METRICS
from nnviz.charts.parallel import parallel, parallel_figure
from nnviz.charts.trials import best_so_far, best_so_far_figure, front_figure, importance_figure, slice_figure, slice_of, words
from nnviz.jobs.sweep.control import resume_sweep, stop_sweep, sweep_state
from nnviz.jobs.sweep.results import LEAST_TRIALS, importances, trials_of
from nnviz.jobs.sweep.trials import Trial, TrialStatus, best_of, front_of
from nnviz.plain_text import LINE, visible
from nnviz.spec import MAX_TRIALS, RunSpec, is_better_higher, sweep_of
from nnviz.store import Run, SweepState
from nnviz.ui.common import session
from nnviz.ui.common.guard import guarded
from nnviz.ui.common.i18n import _, counted
from nnviz.ui.common.query_params import show_run
from nnviz.ui.common.run_format import ABSENT, epoch_text, measure, metric_title
from nnviz.ui.common.settings.labels import label_for
from nnviz.ui.common.theme import show
from nnviz.ui.train import draft_fields

REFRESH_SECONDS = 1.0
MORE = 20
_BEST = "nnviz.sweep_best"
_FOLLOWED = "nnviz.followed"
Goals = tuple[str, ...]


def sweep_panel(run: Run) -> None:
    """The panel of the sweep that a run is a trial of."""
    state = sweep_state(session.store(), run.group)
    is_open = state.status == "running" or any(not member.is_ended for member in session.store().runs.group_runs(run.group))
    st.fragment(guarded(_panel), run_every=REFRESH_SECONDS if is_open else None)(run.group, run.id, is_open)


def take_best() -> None:
    """Takes the settings of the best trial into the draft where that was asked for. Called before any field of the page is
    drawn: these show the draft then."""
    run_id = st.session_state.pop(_BEST, None)
    if run_id is None:
        return
    run = session.store().runs.get(run_id)
    best = session.draft_from(run, spec=run.spec)
    st.session_state["nnviz.draft"] = best
    draft_fields.show(best)


def status_words(status: str) -> str:
    """A trial's status in the user's language."""
    return {
        "waiting": _("waits"),
        "running": _("trains"),
        "finished": _("finished"),
        "pruned": _("stopped early"),
        "stopped": _("stopped by hand"),
        "failed": _("failed"),
    }[status]


def progress_text(trials: Sequence[Trial], state: SweepState) -> str:
    """`12 of 20 trials: 9 finished, 2 stopped early, 1 trains`."""
    counts = Counter(trial.status for trial in trials)
    order: tuple[TrialStatus, ...] = ("finished", "pruned", "stopped", "failed", "running", "waiting")
    parts = [f"{counts[status]} {status_words(status)}" for status in order if counts[status]]
    done = sum(trial.is_ended for trial in trials)
    title = _("{done} of {n} trials").format(done=done, n=state.trials)
    return f"{title}: {', '.join(parts)}" if parts else title


def _panel(group_id: str, current: str, was_open: bool) -> None:
    store = session.store()
    spec, state, trials = store.runs.group(group_id).spec, sweep_state(store, group_id), trials_of(store, group_id)
    goals = sweep_of(spec).goals
    is_open = state.status == "running" or not all(trial.is_ended for trial in trials)
    newest = next((trial.run for trial in reversed(trials) if trial.status == "running"), None)
    follows = st.session_state.get(_FOLLOWED) == group_id
    if (follows and newest and newest != current) or is_open != was_open:
        _go(newest if follows and newest else current)
    with st.container(border=True, gap="small", key="sweep"):
        _head(group_id, state, trials)
        if state.reason:
            st.text(visible(state.reason, limit=3 * LINE))
        _best(trials, goals)
        _views(spec, trials, goals, current)


def _head(group_id: str, state: SweepState, trials: Sequence[Trial]) -> None:
    store = session.store()
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.text(progress_text(trials, state), width="content")
        if state.status == "running":
            if st.button(_("Stop the sweep"), icon=":material/stop_circle:", key="sweep.stop"):
                stop_sweep(store, group_id)
                st.rerun(scope="fragment")
        else:
            is_cut = state.status == "stopped" and len(trials) < state.trials
            if is_cut and st.button(_("Go on"), icon=":material/play_arrow:", key="sweep.go_on"):
                resume_sweep(store, group_id)
                st.rerun()
            _more(group_id, state)
    if state.status == "running":
        st.progress(min(1.0, sum(trial.is_ended for trial in trials) / max(1, state.trials)))


def _more(group_id: str, state: SweepState) -> None:
    room = MAX_TRIALS - state.trials
    if room < 1:
        return
    with st.popover(_("More trials"), icon=":material/add:"):
        more = st.number_input(_("How many more"), 1, room, min(MORE, room), key="sweep.more")
        if st.button(_("Start"), type="primary", key="sweep.extend"):
            resume_sweep(session.store(), group_id, more=int(more))
            st.rerun()


def _best(trials: Sequence[Trial], goals: Goals) -> None:
    best = best_of(trials, goals)
    if best is None:
        return
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        score = measure(goals[0], best.score(goals))
        title = _("Best {metric}: {value}").format(metric=_small(metric_title(goals[0])), value=score)
        values = "; ".join(f"{label_for(path)}: {words(value)}" for path, value in best.values.items())
        st.text(visible(f"{title}, trial {best.number}; {values}", limit=3 * LINE), width="content")
        help_words = _("Puts its settings into the draft")
        if st.button(_("Use the best"), icon=":material/check:", key="sweep.use", help=help_words):
            st.session_state[_BEST] = best.run
            st.session_state[_FOLLOWED] = ""
            st.rerun()  # of the whole page: its fields show the draft
    st.caption(_("It was chosen for this number, which therefore flatters it a little; the test rows had no say."))


def _views(spec: RunSpec, trials: Sequence[Trial], goals: Goals, current: str) -> None:
    titles = {"best": _("Best so far"), "trials": _("Trials"), "lines": _("All values"), "fields": _("What matters")}
    if len(goals) > 1:
        titles["front"] = _("Trade-off")
    view = st.segmented_control(
        _("Shown"), list(titles), default="best", required=True, key="sweep.view", format_func=titles.__getitem__,
        label_visibility="collapsed",
    )  # fmt: skip
    finished = [trial for trial in trials if trial.status == "finished"]
    if view == "trials":
        _table(trials, goals, current)
    elif len(finished) < 2:
        st.caption(_("There is something to see once two trials have finished."))
    elif view == "best":
        curve = best_so_far(
            [trial.number for trial in finished], _scores(finished, goals[0]), is_higher=is_better_higher(goals[0])
        )
        show(best_so_far_figure(curve, title=_title(goals[0])), key="sweep.best")
    elif view == "lines":
        st.caption(_("A line for each finished trial: the better, the stronger; the best one thick."))
        show(parallel_figure(_parallel(spec, finished, goals)), key="sweep.parallel")
    elif view == "fields":
        _fields(spec, finished, goals)
    else:
        _front(finished, goals)


def _table(trials: Sequence[Trial], goals: Goals, current: str) -> None:
    rows = [
        {
            _("Trial"): trial.number,
            _("Status"): status_words(trial.status),
            **{metric_title(goal): measure(goal, trial.scores.get(goal)) for goal in goals},
            **{label_for(path).capitalize(): words(value) for path, value in trial.values.items()},
            _("Epochs"): epoch_text(trial.epoch) if trial.epoch else ABSENT,
            _("Why"): visible(trial.reason, limit=LINE),
        }
        for trial in trials
    ]
    picked = st.dataframe(
        pd.DataFrame(rows),
        hide_index=True,
        height=min(420, 38 + 35 * max(1, len(rows))),
        on_select="rerun",
        selection_mode="single-row",
        key=f"sweep.table.{current}",
    )
    chosen = picked["selection"]["rows"]
    st.caption(_("Tick a trial to see its curves and its network below."))
    if chosen and chosen[0] < len(trials) and trials[chosen[0]].run != current:
        st.session_state[_FOLLOWED] = ""
        _go(trials[chosen[0]].run)


def _parallel(spec: RunSpec, finished: Sequence[Trial], goals: Goals) -> Any:
    fields = [
        (label_for(path).capitalize(), [trial.values[path] for trial in finished], vary.log is not None)
        for path, vary in sweep_of(spec).vary.items()
    ]
    return parallel(fields, _scores(finished, goals[0]), goal=_title(goals[0]), is_higher=is_better_higher(goals[0]))


def _fields(spec: RunSpec, finished: Sequence[Trial], goals: Goals) -> None:
    """How much each field matters, and the score against each of them, the one that matters most first."""
    shares = _importances(spec, tuple(trial.run for trial in finished), finished)
    paths = list(dict.fromkeys([*shares, *sweep_of(spec).vary]))
    if shares and len(paths) > 1:
        st.caption(_("How much of the differences between the trials each setting accounts for."))
        show(importance_figure({label_for(path).capitalize(): shares[path] for path in shares}), key="sweep.importance")
    elif len(paths) > 1:
        st.caption(_("Which setting matters can be said once {n} trials have finished.").format(n=LEAST_TRIALS))
    scores, numbers = _scores(finished, goals[0]), [trial.number for trial in finished]
    for start in range(0, len(paths), 2):
        for place, path in zip(st.columns(2), paths[start : start + 2], strict=False):
            vary = sweep_of(spec).vary[path]
            points = slice_of([trial.values[path] for trial in finished], scores, numbers, is_log=vary.log is not None)
            with place:
                figure = slice_figure(points, title=label_for(path), goal=_title(goals[0]))
                show(figure, key=f"sweep.slice.{path}")


@st.cache_data(max_entries=20, show_spinner=False)
def _importances(_spec: RunSpec, runs: tuple[str, ...], _finished: Sequence[Trial]) -> dict[str, float]:
    """Of the same trials once: it takes about a second."""
    return importances(_spec, _finished)


def _front(finished: Sequence[Trial], goals: Goals) -> None:
    front = {trial.run for trial in front_of(finished, goals)}
    first, second = goals[0], goals[1]
    if len(goals) > 2:
        with st.container(horizontal=True):
            first = st.selectbox(_("Across"), goals, index=0, key="sweep.across", format_func=metric_title)
            second = st.selectbox(_("Up"), goals, index=1, key="sweep.up", format_func=metric_title)
    st.caption(counted("{n} trial is beaten by none in all goals.", "{n} trials are beaten by none in all goals.", len(front)))
    figure = front_figure(
        _scores(finished, first),
        _scores(finished, second),
        [trial.number for trial in finished],
        [trial.run in front for trial in finished],
        titles=(_title(first), _title(second)),
    )
    show(figure, key="sweep.front")


def _scores(finished: Sequence[Trial], goal: str) -> list[float]:
    return [trial.scores[goal] * (100 if _is_percent(goal) else 1) for trial in finished]


def _title(goal: str) -> str:
    """Of an axis with `_scores`."""
    return f"{metric_title(goal)}, %" if _is_percent(goal) else metric_title(goal)


def _is_percent(goal: str) -> bool:
    return METRICS[goal.removeprefix("val_")].percent


def _small(title: str) -> str:
    return title[:1].lower() + title[1:]


def _go(run_id: str) -> None:
    show_run(run_id)
    st.rerun()
