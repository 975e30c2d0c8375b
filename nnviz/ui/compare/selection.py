"""The runs that the Compare page shows: their ids stand in the address, their colours stay theirs for the session."""

from collections.abc import Collection, Iterable, Mapping, Sequence

import streamlit as st

from nnviz.plain_text import distinct, visible
from nnviz.store import Run, Store
from nnviz.ui.common.i18n import _
from nnviz.ui.common.query_params import MAX_ID
from nnviz.ui.common.run_format import data_name, minute_text, optimizer_name, outcome_of, status_word

MAX_RUNS = 100
OFFERED = 5
PICKED_FROM = 200
"""The newest runs, of which one can be added here; all are on the Runs page."""
_PARAM = "runs"
_COLOURS = "compare.colours"
_HIDDEN = "compare.hidden"
_UNFOLDED = "compare.unfolded"
_PICK = "compare.pick"


def chosen_ids() -> list[str]:
    """The ids in the address, each once."""
    ids = st.query_params.get(_PARAM, "").split(",")
    return list(dict.fromkeys(part for part in ids if 0 < len(part) <= MAX_ID))[:MAX_RUNS]


def set_chosen(run_ids: Iterable[str]) -> None:
    """Puts these ids into the address."""
    ids = ",".join(list(dict.fromkeys(run_ids))[:MAX_RUNS])
    if ids:
        st.query_params[_PARAM] = ids
    elif _PARAM in st.query_params:
        del st.query_params[_PARAM]


def hidden_ids() -> set[str]:
    """The runs and groups whose curves are switched off in this session."""
    hidden: set[str] = st.session_state.setdefault(_HIDDEN, set())
    return hidden


def unfolded_ids() -> set[str]:
    """The groups whose single runs are drawn."""
    unfolded: set[str] = st.session_state.setdefault(_UNFOLDED, set())
    return unfolded


def change(what: str, entry_id: str, run_ids: Collection[str]) -> None:
    """What the button of a card asks for, which stands for a run or a group of these runs: `add`, `remove`, `toggle` or
    `unfold`."""
    if what == "add":
        set_chosen([*chosen_ids(), *run_ids])
    elif what == "remove":
        set_chosen(other for other in chosen_ids() if other not in run_ids)
        hidden_ids().discard(entry_id)
    elif what == "toggle":
        st.session_state[_HIDDEN] = hidden_ids() ^ {entry_id}
    elif what == "unfold":
        st.session_state[_UNFOLDED] = unfolded_ids() ^ {entry_id}


def colours_of(run_ids: Sequence[str]) -> dict[str, int]:
    """The place of each run in the scale of colours: by the order of the address at first, and its own from then on,
    whoever leaves."""
    places = place_colours(run_ids, st.session_state.get(_COLOURS, {}))
    st.session_state[_COLOURS] = places
    return places


def place_colours(run_ids: Sequence[str], before: Mapping[str, int]) -> dict[str, int]:
    """Runs that had a place keep it; the others get the first free ones."""
    taken = {run_id: before[run_id] for run_id in run_ids if run_id in before}
    free = (place for place in range(len(run_ids) + len(before) + 1) if place not in taken.values())
    return {run_id: taken[run_id] if run_id in taken else next(free) for run_id in run_ids}


def picker(runs: Sequence[Run], chosen: Sequence[str], names: Mapping[str, str]) -> None:
    """Draw "Add runs": finds runs by name (of `names`), data, setting or tag as one types; a pick joins the comparison."""
    others = {run.id: run for run in runs if run.id not in chosen and not run.broken}
    words = distinct(others, lambda run_id: describe(others[run_id], names[run_id]))

    is_cut = len(runs) >= PICKED_FROM

    def add() -> None:
        picked = st.session_state[_PICK]
        if picked:
            change("add", picked, [picked])
        st.session_state[_PICK] = None

    st.selectbox(
        _("Add runs"),
        list(others),
        index=None,
        key=_PICK,
        on_change=add,
        label_visibility="collapsed",
        placeholder=_("+ Add runs: name, tag or setting"),
        help=_("The newest {n}: older ones are chosen on the Runs page.").format(n=PICKED_FROM) if is_cut else None,
        format_func=lambda run_id: words.get(run_id, ""),
        disabled=not others or len(chosen) >= MAX_RUNS,
    )


def describe(run: Run, name: str) -> str:
    """A run in one line: its name, and what else it may be found by that the name does not say."""
    tags = " ".join(f"#{visible(tag)}" for tag in run.tags)
    title = visible(name)
    parts = (
        title,
        data_name(run.spec_json),
        visible(run.info.get("network", "")),
        optimizer_name(run.spec_json),
        status_word(outcome_of(run)),
        minute_text(run.created),
        tags,
    )
    return " · ".join(part for place, part in enumerate(parts) if part and (place == 0 or part not in title))


def load(store: Store) -> tuple[list[Run], list[Run], list[str]]:
    """The chosen runs as they are now, in the address's order: those that can be read, those that cannot, and the ids that the
    store does not have."""
    ids = chosen_ids()
    runs = store.runs.list_runs(ids=ids)
    here = {run.id for run in runs}
    readable = [run for run in runs if not run.broken]
    return readable, [run for run in runs if run.broken], [run_id for run_id in ids if run_id not in here]
