"""Which of the runs the Runs page lists: search, status, order and page. All of it stands in the address, and the database
does it."""

import streamlit as st

from nnviz.plain_text import within
from nnviz.store import EARLY, PRUNED, SORTS, RunPage, Sort, Store
from nnviz.ui.common.i18n import _, counted
from nnviz.ui.common.query_params import choice_in_address, choices_in_address
from nnviz.ui.common.run_format import best_title, status_word
from nnviz.ui.runs.table import choose, chosen_ids

PAGE = 100
"""Runs of one page, each group counted once."""
GROUPS = {
    "open": ("queued", "running", "paused"),
    "finished": ("finished",),
    EARLY: (EARLY,),
    "stopped": ("stopped", PRUNED),
    "failed": ("failed", "diverged"),
}
_PARAM = "page"
_LAST = "runs.listed"


def listed(store: Store) -> RunPage:
    """Draw the search box, the status filter and the order; give the page of runs that they leave."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        text, statuses, sort = _search(), _statuses(), _sort()
    wanted = (text, statuses, sort)
    if st.session_state.get(_LAST, wanted) != wanted:
        _go(0)
    st.session_state[_LAST] = wanted
    page = store.listing.page(text=text, statuses=statuses, sort=sort, first=PAGE * _number(), most=PAGE)
    _go(page.first // PAGE)
    return page


def paging(page: RunPage) -> None:
    """Draw how many runs there are, which of them are listed, and the buttons that lead to the others."""
    several = page.matching > PAGE
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.caption(
            how_many(page),
            width="content",
            help=_("A click on a column's title sorts the runs of this page; the order above, all runs.") if several else None,
        )
        here = ids_of(page)
        if several:
            number, end = page.first // PAGE, (page.matching - 1) // PAGE
            for name, icon, target, words in (
                ("before", "chevron_left", number - 1, _("The page before")),
                ("after", "chevron_right", number + 1, _("The next page")),
            ):
                is_there = 0 <= target <= end
                key = f"runs.page.{name}"
                st.button("", icon=f":material/{icon}:", key=key, help=words, disabled=not is_there, on_click=_go, args=(target,))
        if len(here) > 1:
            others = chosen_ids() - set(here)
            if set(here) <= chosen_ids():
                st.button(_("Choose none of them"), type="tertiary", key="runs.none", on_click=choose, args=(sorted(others),))
            else:
                words = _("Choose all of this page") if several else _("Choose all")
                st.button(words, type="tertiary", key="runs.all", on_click=choose, args=([*here, *sorted(others)],))


def ids_of(page: RunPage) -> list[str]:
    """The runs of a page, those of its groups among them."""
    groups = {first: [member.id for member in entry.members] for first, entry in page.groups.items()}
    return [run_id for run in page.runs for run_id in groups.get(run.id, [run.id])]


def how_many(page: RunPage) -> str:
    """`101 to 200 of 10,000 runs`, `3 of 120 runs match`, `120 runs`; where there are groups, rows are counted: `7 rows, 120
    runs`."""
    if page.all_runs > page.total:
        return _in_rows(page)
    if len(page.runs) < page.matching:
        place = f"{page.first + 1:,} to {page.first + len(page.runs):,}"
        if page.matching == page.total:
            return _("{place} of {n} runs").format(place=place, n=f"{page.total:,}")
        return _("{place} of {n} runs that match; {all} in all").format(
            place=place, n=f"{page.matching:,}", all=f"{page.total:,}"
        )
    if page.matching < page.total:
        return _("{n} of {all} runs match").format(n=f"{page.matching:,}", all=f"{page.total:,}")
    return counted("{n} run", "{n} runs", page.total)


def _in_rows(page: RunPage) -> str:
    words = counted("{n} run", "{n} runs", page.all_runs)
    if page.matching < page.total:
        rows = _("{n} of {all} rows match").format(n=f"{page.matching:,}", all=f"{page.total:,}")
    else:
        rows = counted("{n} row", "{n} rows", page.total)
    if len(page.runs) < page.matching:
        rows = _("{place} of {rows}").format(place=f"{page.first + 1:,} to {page.first + len(page.runs):,}", rows=rows)
    return _("{rows}, {runs} in all").format(rows=rows, runs=words)


def _search() -> str:
    text: str | None = st.text_input(
        _("Find"),
        key="find",
        bind="query-params",
        placeholder=_("Find a name, tag or setting"),
        width=300,
        icon=":material/search:",
        label_visibility="collapsed",
        live=True,
    )
    return text or ""


def _statuses() -> tuple[str, ...]:
    words = {"open": _("Running"), "failed": _("Failed")}
    words |= {one: status_word(one).capitalize() for one in ("finished", EARLY, "stopped")}
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
    return tuple(outcome for group in wanted for outcome in GROUPS[group])


def _sort() -> Sort:
    words = {
        "newest": _("Newest first"),
        "oldest": _("Oldest first"),
        "name": _("By name"),
        "status": _("By status"),
        **{name: _("By {column}").format(column=within(best_title(name))) for name in ("accuracy", "r2", "loss")},
        "duration": _("Longest first"),
    }
    sort = choice_in_address(
        "sort",
        SORTS,
        key="runs.sort",
        draw=lambda key, start: st.selectbox(
            _("Order"),
            SORTS,
            index=SORTS.index(start),
            key=key,
            format_func=words.__getitem__,
            label_visibility="collapsed",
            width=210,
        ),
    )
    return next(name for name in SORTS if name == sort)


def _number() -> int:
    """The page in the address, from 0; the first where it is none."""
    text = st.query_params.get(_PARAM, "")
    return int(text) - 1 if text.isdecimal() and len(text) < 8 and int(text) > 0 else 0


def _go(number: int) -> None:
    if number > 0:
        if st.query_params.get(_PARAM) != str(number + 1):
            st.query_params[_PARAM] = str(number + 1)
    elif _PARAM in st.query_params:
        del st.query_params[_PARAM]
