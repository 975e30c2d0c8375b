"""The Runs page's parts: find and filter, the table, why runs failed, and the empty room's invitation."""

from collections.abc import Sequence

import streamlit as st

from nnviz.plain_text import log_lines, visible
from nnviz.store import Run, Store
from nnviz.ui.common.i18n import _, counted
from nnviz.ui.common.query_params import choices_in_address
from nnviz.ui.common.run_format import UNREADABLE, age_text, exact_time, failure_text, status_word
from nnviz.ui.common.theme import heading
from nnviz.ui.runs.actions import Wanted, action_bar, undo_bar
from nnviz.ui.runs.files import files_bar, import_run, usage_of
from nnviz.ui.runs.lineage import family_view
from nnviz.ui.runs.rows import loss_curve, matches, row_of, tasks_of
from nnviz.ui.runs.table import run_table

REFRESH_SECONDS = 2
SHOWN_FAILURES = 4
GROUPS = {
    "open": ("queued", "running", "paused"),
    "finished": ("finished",),
    "stopped": ("stopped",),
    "failed": ("failed", "diverged"),
}


def is_live(runs: Sequence[Run]) -> bool:
    """Whether something may change by itself."""
    return any(not run.is_ended for run in runs)


def filters(runs: Sequence[Run]) -> list[Run]:
    """Draw the search box and the status filter; give the runs they leave. Both stand in the address."""
    words = {"open": _("Running"), "finished": _("Finished"), "stopped": _("Stopped"), "failed": _("Failed")}
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        text = (
            st.text_input(
                _("Find"),
                key="find",
                bind="query-params",
                placeholder=_("Find a name, tag or setting"),
                width=300,
                icon=":material/search:",
                label_visibility="collapsed",
                live=True,
            )
            or ""
        )
        wanted = choices_in_address(
            "status",
            list(GROUPS),
            key="runs.status",
            default=(),
            draw=lambda key, start: st.pills(
                _("Status"),
                list(GROUPS),
                selection_mode="multi",
                default=start,
                key=key,
                format_func=words.__getitem__,
                label_visibility="collapsed",
            ),
        )
    statuses = {status for group in wanted for status in GROUPS[group]}
    return [run for run in runs if (not statuses or run.status in statuses) and matches(run, text)]


def runs_view(runs: Sequence[Run], *, store: Store) -> Wanted:
    """Draw the page for `runs` (newest first) and give what the user wants of another page."""
    undo_bar(store)
    matching = filters(runs)
    actions = st.container()
    if matching:
        sizes = usage_of(store).runs
        rows = [row_of(run, loss_curve(store, run), size=sizes.get(run.id, 0)) for run in matching]
        chosen_ids = run_table(rows, tasks_of(matching), store=store)
        st.caption(_("Double-click a name, tag or note to edit it; click a column's title to sort."))
    else:
        chosen_ids = []
        st.text(_("No run matches. Clear the search or the status filter to see all {n}.").format(n=len(runs)))
    chosen = [run for run in matching if run.id in chosen_ids]
    with actions:
        wanted = action_bar(chosen, store=store, known_tags=sorted({tag for run in runs for tag in run.tags}))
    files_bar(chosen, store=store)
    if len(chosen) == 1:
        family_view(runs, chosen[0])
    failures(matching, first=chosen_ids)
    return wanted


def failures(runs: Sequence[Run], *, first: Sequence[str] = ()) -> None:
    """Why runs failed, in words, each with its log behind one click: the chosen ones first, then the newest."""
    failed = sorted((run for run in runs if run.status in GROUPS["failed"] or run.broken), key=lambda run: run.id not in first)
    if not failed:
        return
    heading(_("What went wrong"), "what-went-wrong")
    for run in failed[:SHOWN_FAILURES]:
        with st.container(border=True, horizontal=True, vertical_alignment="center", gap="small"):
            with st.container(gap="xxsmall"):
                st.text(
                    f"{visible(run.name)} · {status_word(UNREADABLE if run.broken else run.status)}"
                    f" {age_text(run.ended or run.created)}",
                    help=exact_time(run.ended or run.created),
                )
                st.text(failure_text(run) or _("The worker gave no reason."))
            with st.popover(_("Log"), icon=":material/article:", key=f"log.{run.id}", width="content"):
                st.code(
                    log_lines(run.log or "") or _("No log was kept: the reason above is all there is."),
                    language=None,
                    wrap_lines=True,
                )
    if len(failed) > SHOWN_FAILURES:
        st.caption(
            counted(
                "{n} more failed run: choose it in the table to see why.",
                "{n} more failed runs: choose one in the table to see why.",
                len(failed) - SHOWN_FAILURES,
            )
        )


def no_runs(store: Store) -> bool:
    """The invitation where there is nothing yet; whether it was taken."""
    with st.container(horizontal_alignment="center", gap="small"):
        st.space("large")
        heading(_("No runs yet: press Train"), "no-runs-yet-press-train")
        st.text(_("Every training is kept here with its curves, settings and results."))
        taken = st.button(_("Go to Train"), type="primary", icon=":material/play_circle:", key="runs.first")
        import_run(store)
    return taken
