"""The queue on the Runs page: what trains and what waits, its order, and how many train at once."""

import streamlit as st

from nnviz.errors import RequestError
from nnviz.plain_text import LINE, markdown, visible
from nnviz.store import Job, Run, Store
from nnviz.store.jobs.queue import Move
from nnviz.ui.common.i18n import _, counted
from nnviz.ui.common.run_format import data_name
from nnviz.ui.common.run_names import NamesBeside, name_help
from nnviz.ui.common.theme import heading

MOST_ROWS = 12
GB = 1e9


def queue_view(store: Store, beside: NamesBeside) -> None:
    """Draw the queue with its buttons, with names from `beside`; nothing where no run trains or waits."""
    jobs = store.queue.in_order()
    runs = {run.id: run for run in store.runs.list_runs(ids=[job.run for job in jobs if job.run])}
    jobs = [job for job in jobs if job.run in runs]
    if not jobs:
        return
    with st.container(border=True, gap="xsmall", key="queue"):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            heading(_("Queue"), "queue")
            _at_once(store)
        if not store.queue.room_for_training():
            st.caption(why(store))
        waiting = [job.id for job in jobs if job.status == "queued"]
        names = beside([runs[job.run or ""] for job in jobs[:MOST_ROWS]])
        for job in jobs[:MOST_ROWS]:
            _row(store, job, runs[job.run or ""], names[job.run or ""], waiting)
        if len(jobs) > MOST_ROWS:
            st.caption(counted("{n} more run waits.", "{n} more runs wait.", len(jobs) - MOST_ROWS))


def progress_of(run: Run) -> float:
    """How much of its planned epochs a run has done, in [0, 1]."""
    planned = run.control.epochs or run.spec_json.get("training", {}).get("epochs", 30)
    return min(1.0, run.epoch / planned) if planned else 0.0


def doing(run: Run, place: int | None) -> str:
    """`2. waits`, `trains, epoch 15 / 60`: what a run does, and how far it is."""
    planned = run.control.epochs or run.spec_json.get("training", {}).get("epochs", 30)
    done = _("epoch {n} / {all}").format(n=f"{int(run.epoch + 1e-6):,}", all=f"{planned:,}")
    if place is not None:
        return (
            _("{place}. waits, goes on at {done}").format(place=place, done=done)
            if run.epoch
            else _("{place}. waits").format(place=place)
        )
    if run.status == "paused":
        return _("paused, {done}").format(done=done)
    if run.control.stop:
        return _("stopping, {done}").format(done=done)
    if run.step:
        return _("trains, {done}").format(done=done)
    return _("trains: {phase}").format(phase=visible(run.phase or _("starting")))


def why(store: Store) -> str:
    """Where the number at once comes from."""
    room = store.queue.room_for_training()
    if not room:
        return _("The workers are starting.")
    suits = counted("{n} at once suits this computer", "{n} at once suit this computer", room["at_once"])
    return _("{suits}: {cores}, {memory} GB of memory free at the start, of which a worker takes about 1 GB.").format(
        suits=suits, cores=counted("{n} core", "{n} cores", room["cores"]), memory=f"{room['free'] / GB:.1f}"
    )


def _at_once(store: Store) -> None:
    number = store.queue.training_at_once() or store.queue.room_for_training().get("at_once", 1)
    st.space("stretch")
    st.text(_("At once: {n}").format(n=number), width="content", help=markdown(why(store), limit=LINE))
    st.button(
        "",
        icon=":material/remove:",
        key="queue.fewer",
        disabled=number <= 1,
        on_click=_set,
        args=(store, number - 1),
        help=_("Fewer at once. What trains already goes on."),
    )
    st.button(
        "",
        icon=":material/add:",
        key="queue.more",
        on_click=_set,
        args=(store, number + 1),
        help=_("More at once: another worker is started, which takes about 1 GB of memory and shares the cores."),
    )


def _row(store: Store, job: Job, run: Run, name: str, waiting: list[int]) -> None:
    place = waiting.index(job.id) + 1 if job.id in waiting else None
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"queue.row.{job.id}"):
        st.text(visible(name), width=280, help=markdown(f"{data_name(run.spec_json)} · {name_help(run)}", limit=2 * LINE))
        st.text(doing(run, place), width=260)
        if place is None or run.epoch:
            st.progress(progress_of(run), width="stretch")
        else:
            st.space("stretch")
        if place is not None:
            moves: list[tuple[Move, str, str, bool]] = [
                ("first", "vertical_align_top", _("To the front of the queue"), place == 1),
                ("before", "arrow_upward", _("One place up"), place == 1),
                ("after", "arrow_downward", _("One place down"), place == len(waiting)),
            ]
            for where, icon, words, still in moves:
                st.button(
                    "",
                    icon=f":material/{icon}:",
                    key=f"queue.{where}.{job.id}",
                    help=words,
                    disabled=still,
                    on_click=_move,
                    args=(store, job.id, where),
                )
        st.button(
            "",
            icon=":material/close:" if place is not None else ":material/stop:",
            key=f"queue.cancel.{job.id}",
            disabled=run.control.stop,
            on_click=_stop,
            args=(store, run.id),
            help=_("Take it out of the queue") if place is not None else _("Stop training; what was learned is kept"),
        )


def _move(store: Store, job_id: int, where: Move) -> None:
    store.queue.move(job_id, where)


def _stop(store: Store, run_id: str) -> None:
    store.runs.set_control(run_id, stop=True)


def _set(store: Store, number: int) -> None:
    try:
        store.queue.set_training_at_once(number)
    except RequestError as error:
        st.toast(markdown(error.message, limit=LINE))
