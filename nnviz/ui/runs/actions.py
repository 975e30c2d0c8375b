"""What can be done with the chosen runs, and how a deletion is undone."""

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from nnviz.plain_text import visible
from nnviz.store import Run, Store
from nnviz.ui.common.i18n import _, counted
from nnviz.ui.runs.table import choose

MAX_COMPARED = 100
_DELETED = "runs.deleted"
_TAGS = "runs.new_tags"
_ASKING = "runs.asking"


@dataclass(frozen=True)
class Wanted:
    """What the user pressed: `compare` (run ids), `open` and `again` (one run); `is_choosing`: whether runs are chosen."""

    compare: tuple[str, ...] = ()
    open: Run | None = None
    again: Run | None = None
    is_choosing: bool = False


def action_bar(chosen: Sequence[Run], *, store: Store, known_tags: Sequence[str], elsewhere: int = 0) -> Wanted:
    """Draw the buttons for the chosen runs, of which `elsewhere` are not on this page. Tagging, stopping and deleting are done
    here; where another page is wanted,
    that is given back."""
    one = _one(chosen)
    open_ones = [run for run in chosen if not run.is_ended]
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="runs_actions"):
        # without a choice the newest buttons stay in their places, so that nothing jumps when a row is chosen
        compare = st.button(
            _("Compare"),
            icon=":material/compare:",
            type="primary",
            key="runs.compare",
            disabled=not 0 < len(chosen) <= MAX_COMPARED,
            help=_("The curves of the chosen runs, up to {n}, in one picture.").format(n=MAX_COMPARED),
        )
        opened = st.button(
            _("Open"), icon=":material/open_in_new:", key="runs.open", disabled=one is None, help=_("The run on the Train page.")
        )
        again = st.button(
            _("Train again with changes"),
            icon=":material/replay:",
            key="runs.again",
            disabled=one is None,
            help=_("Its data, layers, cost and optimizer on the Train page, to change and train."),
        )
        with st.popover(_("Tag"), icon=":material/sell:", disabled=not chosen, key="runs.tag"):
            _tag(chosen, store, known_tags)
        pinned = bool(chosen) and all(run.is_pinned for run in chosen)
        if st.button(
            _("Unpin") if pinned else _("Pin"),
            icon=":material/keep_off:" if pinned else ":material/keep:",
            key="runs.pin",
            disabled=not chosen,
            help=_("Deleting pinned runs has to be confirmed."),
        ):
            store.runs.pin([run.id for run in chosen], pinned=not pinned)
            choose([run.id for run in chosen])
            st.rerun()
        if st.button(
            _("Stop"),
            icon=":material/stop_circle:",
            key="runs.stop",
            disabled=not open_ones,
            help=_("Ends training; what it has learned so far is kept."),
        ):
            for run in open_ones:
                store.runs.set_control(run.id, stop=True)
            st.rerun()
        if st.button(
            _("Delete"),
            icon=":material/delete:",
            key="runs.delete",
            disabled=not chosen,
            help=_("Can be undone. A run that trains is stopped."),
        ):
            if any(run.is_pinned for run in chosen):
                st.session_state[_ASKING] = True
            else:
                _delete(chosen, store)
        st.caption(_how_many(len(chosen), elsewhere), width="content")
        if elsewhere:
            st.button(_("Choose none"), type="tertiary", key="runs.choose_none", on_click=choose, args=([],))
    _ask_about_pinned(chosen, store)
    if compare:
        return Wanted(compare=tuple(run.id for run in chosen))
    return Wanted(open=one if opened else None, again=one if again else None, is_choosing=bool(chosen))


def _ask_about_pinned(chosen: Sequence[Run], store: Store) -> None:
    """The question whether pinned runs are deleted, too, once somebody pressed Delete with some of them chosen."""
    pinned = [run for run in chosen if run.is_pinned]
    if not st.session_state.get(_ASKING) or not pinned:
        st.session_state[_ASKING] = False
        return
    others = [run for run in chosen if not run.is_pinned]
    with st.container(border=True, horizontal=True, vertical_alignment="center", gap="small"):
        st.text(counted("{n} of the chosen runs is pinned.", "{n} of the chosen runs are pinned.", len(pinned)), width="content")
        if others and st.button(counted("Delete the other one", "Delete the other {n}", len(others)), key="runs.delete_others"):
            _delete(others, store)
        if st.button(_("Delete pinned runs, too"), icon=":material/delete:", key="runs.delete_pinned"):
            _delete(chosen, store)
        if st.button(_("Cancel"), type="tertiary", key="runs.delete_none"):
            st.session_state[_ASKING] = False
            st.rerun()


def _delete(chosen: Sequence[Run], store: Store) -> None:
    ids = [run.id for run in chosen]
    store.runs.delete(ids, with_pinned=True)
    st.session_state[_DELETED] = ids
    st.session_state[_ASKING] = False
    choose([])
    st.rerun()


def _one(chosen: Sequence[Run]) -> Run | None:
    """The run that is meant where the chosen ones are one, or runs of one group."""
    is_one = len(chosen) == 1 or (bool(chosen) and bool(chosen[0].group) and len({run.group for run in chosen}) == 1)
    return min(chosen, key=lambda run: run.member) if is_one else None


def undo_bar(store: Store) -> None:
    """What was deleted last, and the button that brings it back; nothing where nothing was."""
    deleted: list[str] = st.session_state.get(_DELETED, [])
    if not deleted:
        return
    with st.container(border=True, horizontal=True, vertical_alignment="center", gap="small"):
        st.text(counted("{n} run deleted.", "{n} runs deleted.", len(deleted)), width="content")
        if st.button(_("Undo"), icon=":material/undo:", key="runs.undo"):
            store.runs.restore(deleted)
            st.session_state[_DELETED] = []
            choose(deleted)
            st.rerun()
        if st.button(_("Dismiss"), type="tertiary", key="runs.dismiss"):
            st.session_state[_DELETED] = []
            st.rerun()


def _tag(chosen: Sequence[Run], store: Store, known_tags: Sequence[str]) -> None:
    tags = st.multiselect(
        _("Tags for the chosen runs"),
        sorted(known_tags),
        format_func=visible,
        accept_new_options=True,
        key=_TAGS,
        placeholder=_("Pick or type"),
        width=260,
    )
    with st.container(horizontal=True):
        add = st.button(_("Add"), key="runs.tag_add", disabled=not tags)
        remove = st.button(_("Remove"), key="runs.tag_remove", disabled=not tags)
    if add or remove:
        for run in chosen:
            store.runs.edit(run.id, tags=set_tags(run.tags, tags, add=add))
        choose([run.id for run in chosen])
        st.rerun()


def set_tags(had: Sequence[str], tags: Sequence[str], *, add: bool) -> list[str]:
    """The tags of a run with `tags` added or taken away."""
    return sorted({*had, *tags}) if add else [tag for tag in had if tag not in tags]


def _how_many(chosen: int, elsewhere: int) -> str:
    if not chosen:
        return _("Choose runs with the boxes on the left.")
    words = counted("{n} run chosen", "{n} runs chosen", chosen)
    if elsewhere:
        words += ", " + counted("{n} of them not on this page", "{n} of them not on this page", elsewhere)
    return words if chosen <= MAX_COMPARED else f"{words} · " + _("at most {n} are compared").format(n=MAX_COMPARED)
