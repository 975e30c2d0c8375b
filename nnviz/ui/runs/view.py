"""The Runs page's parts: the table, why runs failed, and the empty room's invitation."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial

import streamlit as st

from nnviz.plain_text import LINE, log_lines, markdown, visible
from nnviz.store import Run, RunPage, Store
from nnviz.ui.common.i18n import _, counted
from nnviz.ui.common.run_format import age_text, exact_time, failure_text, outcome_of, status_word
from nnviz.ui.common.run_names import NamesBeside, name_help, names_beside, run_names
from nnviz.ui.common.theme import heading
from nnviz.ui.runs.actions import Wanted, action_bar, undo_bar
from nnviz.ui.runs.disk import usage_of
from nnviz.ui.runs.files import files_bar, import_run
from nnviz.ui.runs.group_rows import group_names, group_row
from nnviz.ui.runs.lineage import family_view
from nnviz.ui.runs.pages import GROUPS, ids_of, listed, paging
from nnviz.ui.runs.queue import queue_view
from nnviz.ui.runs.rows import RunRow, loss_curves, row_of, tasks_of
from nnviz.ui.runs.table import choose, chosen_ids, run_table, table_state

REFRESH_SECONDS = 2
SHOWN_FAILURES = 4


def runs_view(*, store: Store) -> Wanted:
    """Draw the page and give what the user wants of another page."""
    queue = st.container()
    undo_bar(store)
    page = listed(store)
    actions = st.container()
    inner = _unfolded(page, store)
    runs = [*page.runs, *(run for members in inner.values() for run in members)]
    names = run_names([*(run for run in page.runs if run.id not in page.groups), *(run for one in inner.values() for run in one)])
    beside = partial(names_beside, names, [run for run in runs if run.id in names])
    with queue:
        queue_view(store, beside)
    if page.runs:
        run_table(_rows(page, inner, names, store), tasks_of(page.runs), store=store)
        paging(page)
    else:
        st.text(_("No run matches. Clear the search or the status filter to see all {n}.").format(n=f"{page.total:,}"))
    chosen = _chosen(page, store)
    with actions:
        elsewhere = len(chosen_ids() - set(ids_of(page)))
        wanted = action_bar(chosen, store=store, known_tags=store.listing.tags(), elsewhere=elsewhere)
    files_bar(chosen, store=store)
    if len(chosen) == 1:
        family_view(store.listing.branches(), chosen[0], beside)
    failures(page, store, beside, first=[run.id for run in chosen])
    return wanted


def _unfolded(page: RunPage, store: Store) -> dict[str, list[Run]]:
    """The runs that stand below the row of their group, by its first run's id."""
    unfolded = table_state().unfolded
    return {run.id: store.runs.group_runs(run.group) for run in page.runs if run.id in page.groups and run.group in unfolded}


def _rows(page: RunPage, inner: Mapping[str, Sequence[Run]], names: Mapping[str, str], store: Store) -> list[RunRow]:
    usage = usage_of(store)
    sizes = usage.runs if usage else None
    members = [run for one in inner.values() for run in one]
    curves = loss_curves(store, [*(run for run in page.runs if run.id not in page.groups), *members])
    whole = group_names(page.runs, page.groups)

    def row(run: Run, *, is_inner: bool = False) -> RunRow:
        size = sizes.get(run.id, 0) if sizes is not None else None
        return row_of(run, curves.get(run.id, ()), size=size, name=names[run.id], is_inner=is_inner)

    rows: list[RunRow] = []
    for run in page.runs:
        if run.id not in page.groups:
            rows.append(row(run))
            continue
        one = group_row(page.groups[run.id], run, names=whole, is_open=run.id in inner, sizes=sizes)
        # the first run's own row stands below it, under that run's id
        rows += [replace(one, id=run.group), *(row(member, is_inner=True) for member in inner.get(run.id, ()))]
    return rows


def _chosen(page: RunPage, store: Store) -> list[Run]:
    """The chosen runs, those of this page first; those that were deleted elsewhere are chosen no more."""
    here = [run for run in page.runs if run.id in chosen_ids()]
    others = chosen_ids() - {run.id for run in here}
    runs = [*here, *(store.runs.list_runs(ids=sorted(others, reverse=True)) if others else [])]
    if len(runs) < len(chosen_ids()):
        choose([run.id for run in runs])
    return runs


def failures(page: RunPage, store: Store, beside: NamesBeside, *, first: Sequence[str] = ()) -> None:
    """Why runs failed, in words, each with its log behind one click: the chosen ones first, then the newest of this page."""
    failed = [run for run in page.runs if run.status in GROUPS["failed"] or run.broken]
    failed += [
        run
        for run in store.runs.list_runs(ids=[i for i in first if i not in {one.id for one in page.runs}])
        if run.status in GROUPS["failed"] or run.broken
    ]
    failed.sort(key=lambda run: run.id not in first)
    if not failed:
        return
    heading(_("What went wrong"), "what-went-wrong")
    names = beside(failed[:SHOWN_FAILURES])
    for run in failed[:SHOWN_FAILURES]:
        with st.container(border=True, horizontal=True, vertical_alignment="center", gap="small"):
            with st.container(gap="xxsmall"):
                st.text(
                    f"{visible(names[run.id])} · {status_word(outcome_of(run))} {age_text(run.ended or run.created)}",
                    help=f"{markdown(name_help(run), limit=2 * LINE)} · {exact_time(run.ended or run.created)}",
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
