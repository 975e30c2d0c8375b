"""The Compare page's parts: the list of runs, the curves with their settings, and the tables below."""

from collections.abc import Mapping, Sequence
from typing import Any, cast

import plotly.graph_objects as go
import streamlit as st

from nnviz.catalog.metrics import TASK_METRICS
from nnviz.charts.mean_curves import mean_curves_figure
from nnviz.plain_text import markdown, visible
from nnviz.store import Run, Store
from nnviz.ui.common.custom_components import is_readable
from nnviz.ui.common.i18n import _, counted
from nnviz.ui.common.live import Axis, live_curves
from nnviz.ui.common.query_params import choice_in_address
from nnviz.ui.common.run_format import failure_text, metric_title, short_title
from nnviz.ui.common.run_names import names_beside, run_names
from nnviz.ui.common.theme import heading
from nnviz.ui.compare.cards import entry_cards, entry_columns
from nnviz.ui.compare.differences import LONGEST, settings_of_runs
from nnviz.ui.compare.entries import Entry, entries_of, entry_rows
from nnviz.ui.compare.many import MANY, POINTS, entry_curves, many_curves
from nnviz.ui.compare.report import COLOURS, Report, report_menu
from nnviz.ui.compare.results import Row, notes_on, result_rows, reveal, revealed_ids
from nnviz.ui.compare.selection import (
    OFFERED,
    PICKED_FROM,
    change,
    chosen_ids,
    colours_of,
    hidden_ids,
    load,
    picker,
    set_chosen,
    unfolded_ids,
)
from nnviz.ui.compare.two_networks import two_networks
from nnviz.ui.compare.verdict import verdict_of
from nnviz.ui.compare.verdict_view import how_lines, verdict_view
from nnviz.verdict.entrants import task_of

REFRESH_SECONDS = 2
CURVES_HEIGHT = 340


def is_live(store: Store) -> bool:
    """Whether a chosen run may still change."""
    return store.listing.has_open(ids=chosen_ids())


def compare_view(store: Store) -> None:
    """Draw the page for the runs that the address names."""
    runs, unreadable, missing = load(store)
    if missing:
        st.text(
            counted(
                "{n} run of this address is not here any more.", "{n} runs of this address are not here any more.", len(missing)
            )
        )
    for run in unreadable:
        st.text(f"{run.name or run.id}: {failure_text(run)}")
    if not runs:
        offer(store)
        return
    names = run_names(runs)
    entries = entries_of(runs, names)
    colours = colours_of([entry.id for entry in entries])
    left, right = st.columns([1, 3.45], gap="medium")
    with left:
        chosen_list(runs, entries, names, colours, store)
    with right:
        curves(runs, entries, colours, store)
        tables(runs, entries, colours, store)


def offer(store: Store) -> None:
    """None chosen: the last five to start from."""
    last = [run for run in store.runs.list_runs(limit=PICKED_FROM) if not run.broken]
    if not last:
        st.text(_("Nothing to compare yet: train a run, then another with one thing changed."))
        if st.button(_("Go to Train"), type="primary", icon=":material/play_circle:", key="compare.first"):
            st.switch_page("pages/train.py")
        return
    with st.container(width=580):
        st.text(_("Lay the curves, results and settings of several runs side by side. The last ones:"))
        names = names_beside(run_names(last[:OFFERED]), last[:OFFERED], last)
        offered = [Entry(run.id, visible(names[run.id]), (run,)) for run in last[:OFFERED]]
        what, run_id = entry_cards(offered, key="compare.offer")
        if what:
            change(what, run_id, [run_id])
            st.rerun()
        if len(last) > 1 and st.button(
            _("Compare the last {n}").format(n=min(OFFERED, len(last))),
            type="primary",
            icon=":material/compare:",
            key="compare.last",
        ):
            set_chosen(run.id for run in last[:OFFERED])
            st.rerun()
        picker(last, [], names)


def chosen_list(
    runs: Sequence[Run], entries: Sequence[Entry], names: Mapping[str, str], colours: dict[str, int], store: Store
) -> None:
    """The cards on the left, and the picker that adds another run."""
    heading(_("Runs"), "runs")
    what, asked = entry_cards(entries, colours=colours, hidden=hidden_ids(), unfolded=unfolded_ids(), key="compare.cards")
    if what:
        change(what, asked, [run.id for entry in entries if entry.id == asked for run in entry.runs])
        st.rerun()
    others = store.runs.list_runs(limit=PICKED_FROM)
    picker(others, chosen_ids(), names_beside(names, runs, others))
    if len(runs) == 1:
        st.caption(
            _("One run alone: add another above and their curves, results and settings stand side by side.")
            if len(others) > 1
            else _("This is the only run so far. Train another with one thing changed, then add it here.")
        )


def curves(runs: Sequence[Run], entries: Sequence[Entry], colours: dict[str, int], store: Store) -> None:
    """The large picture and what it shows; all of it stands in the address."""
    metrics = shown_metrics(runs)
    titles = {name: short_title(name) for name in metrics}
    axes = {"epoch": _("Epoch"), "step": _("Step"), "time": _("Time")}
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        metric = choice_in_address(
            "metric",
            metrics,
            key="compare.metric",
            draw=lambda key, start: st.segmented_control(
                _("Metric"),
                metrics,
                default=start,
                required=True,
                key=key,
                format_func=titles.__getitem__,
                label_visibility="collapsed",
            ),
        )
        axis = choice_in_address(
            "x",
            list(axes),
            key="compare.x",
            draw=lambda key, start: st.segmented_control(
                _("Along"),
                list(axes),
                default=start,
                required=True,
                key=key,
                format_func=axes.__getitem__,
                label_visibility="collapsed",
            ),
        )
        log = st.toggle(_("Log axis"), key="log", bind="query-params")
        smoothing = st.slider(_("Smoothing"), 0.0, 0.95, 0.0, 0.05, key="smoothing", bind="query-params", width=190)
    away = hidden_ids()
    drawn = [entry for entry in entries if entry.id not in away]
    has_groups = any(entry.is_group for entry in entries)
    if has_groups or len(entries) > MANY:
        many_curves(
            entries,
            colours,
            hidden=away,
            unfolded=unfolded_ids(),
            metric=metric,
            x=cast(Axis, axis),
            log=log,
            smoothing=smoothing,
            height=CURVES_HEIGHT,
            store=store,
        )
        st.caption(
            _(
                "Validation rows (training, dotted, where nothing validates), at most {n} points a run. Point at a curve or a "
                "card to pick a run out, click to hold it. Drag to zoom, double-click to see all."
            ).format(n=POINTS)
            + (" " + _("Of a group: the mean, with a band of one standard deviation.") if has_groups else "")
        )
    elif drawn:
        seen: list[dict[str, Any]] = [{"id": entry.id, "name": entry.name, "colour": colours[entry.id]} for entry in drawn]
        live_curves(seen, key="compare", metric=metric, x=cast(Axis, axis), log=log, smoothing=smoothing, height=CURVES_HEIGHT)
        st.caption(_("Solid: training rows. Dashed: validation rows. Drag to zoom, double-click to see all."))
    else:
        st.text(_("All curves are switched off: the eye on a card brings one back."))


def tables(runs: Sequence[Run], entries: Sequence[Entry], colours: dict[str, int], store: Store) -> None:
    """The verdict; results, and what differs, side by side while the columns are few."""
    # the members of a group differ in their folds and seeds: one stands for all
    ones = [entry.runs[0] for entry in entries]
    # filled later: its statistics take a second to load, and what differs need not wait for that
    above = st.container()
    beside = len(entries) <= 3
    left, right = st.columns(2, gap="medium") if beside else (st.container(), st.container())
    with right:
        differing = what_differs(entries, ones, colours, store)
    answer = verdict_of(entries, url=store.url)
    if answer is not None:
        with above:
            verdict_view(answer)
            two_networks(entries)
    best, best_by = ("", "") if answer is None else (answer.best, answer.metric)
    with left:
        heading(_("Results"), "results")
        for note in notes_on(ones):
            st.caption(f":material/info: {note}")
        if best:
            st.caption(_("Bold: better than each of the others, by the verdict."))
        rows = entry_rows(entries, result_rows(runs, revealed=revealed_ids(runs, store=store)), runs, best=best, best_by=best_by)
        asked = entry_columns(entries, rows, colours=colours, key="compare.results")
        if asked:
            for run in (run for entry in entries if entry.id == asked for run in entry.runs):
                reveal(run, store=store)
            st.rerun()
        report_menu(
            Report(
                names=tuple(entry.name for entry in entries),
                verdict="" if answer is None else answer.text,
                lines=() if answer is None or answer.matched is None else tuple(how_lines(answer)),
                results=tuple(rows),
                differing=tuple(differing),
                figures=lambda: figures(entries, colours, store),
            )
        )


def figures(entries: Sequence[Entry], colours: Mapping[str, int], store: Store) -> dict[str, go.Figure]:
    """The curves of a report, by their metric's name."""
    runs = [run for entry in entries for run in entry.runs]
    drawn = {}
    for metric in shown_metrics(runs)[:2]:
        curves = entry_curves(entries, colours, metric, store=store)
        if curves:
            title = metric_title(f"val_{metric}")
            drawn[title] = mean_curves_figure(curves, x=_("epoch"), y=title, colours=COLOURS)
    return drawn


def what_differs(entries: Sequence[Entry], ones: Sequence[Run], colours: dict[str, int], store: Store) -> list[Row]:
    """Draws the settings in which the entries differ, each told by one of its runs, and gives them."""
    heading(_("What differs"), "what-differs")
    if len(entries) < 2:
        st.caption(_("Settings in which runs differ are listed here once there are two."))
        return []
    if not all(map(is_readable, ones)):
        st.caption(_("A run that uses a missing component of your own cannot be compared by its settings."))
        return []
    differing, common = settings_of_runs(ones, store.url, tuple(run.id for run in ones))
    if common:
        st.caption(_("All of them: {common}.").format(common=markdown(common, limit=LONGEST)))
    if differing:
        st.caption(_("Tinted: other than in most of these runs.") if len(ones) > 2 else _("Tinted: other than in the first run."))
        entry_columns(entries, differing, colours=colours, key="compare.differences")
    else:
        st.caption(_("Nothing: these runs have the same settings, so their curves should be the same."))
    return differing


def shown_metrics(runs: Sequence[Run]) -> list[str]:
    """The metrics that can be drawn, those of the first run's task first: what it is ranked by, then the loss."""
    names: dict[str, None] = {}
    for run in runs:
        task = task_of(run)
        for name in ["accuracy", "loss"] if task == "classification" else ["loss", *TASK_METRICS[task][1:]]:
            names[name] = None
    return list(names)
