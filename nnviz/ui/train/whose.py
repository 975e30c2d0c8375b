"""Whose results the Train page shows: the run, its network in short, and what was changed of the draft since."""

from collections.abc import Sequence

import streamlit as st

from nnviz.errors import NnvizError
from nnviz.plain_text import LINE, html
from nnviz.spec import RunSpec, alone, differences as fields_that_differ, is_group
from nnviz.store import Run
from nnviz.store.runs.run_rows import default_name
from nnviz.ui.common import session
from nnviz.ui.common.i18n import _, counted
from nnviz.ui.common.run_format import data_name
from nnviz.ui.common.setting_words import differences, summary
from nnviz.ui.common.settings.live_changes import in_effect
from nnviz.ui.train import branch

MOST_CHANGES = 3
_PRESSED = "nnviz.train_again"
_UNSEEN = {"data.sha256"}
_LINES, _PICTURES = ".nv-plot .scatterlayer", ".nv-stage canvas, .nv-example canvas, .nv-matrix td, .nv-scale-bar i"


def changes_since(run: Run, spec: RunSpec | None) -> list[str]:
    """How the draft differs from what the run is trained by, with what was changed while it trained, a phrase each; empty
    where it does not. `spec`: the draft's, None while it is not valid."""
    trained = _spec_of(run)
    if spec is None or trained is None:
        return [_("settings")]
    if run.group and not is_group(spec) and spec.sweep is None:
        # the menu beside Train has made it a group
        trained = alone(trained)
    if not set(fields_that_differ([trained, spec])) - _UNSEEN:
        return []
    start = f"{_('start')} "
    phrases = [_("where it starts") if phrase.startswith(start) else phrase for phrase in differences(trained, spec)]
    return phrases or [_("settings")]


def is_pressed() -> bool:
    """Whether the button in the line was pressed in this rerun: the draft is to be trained."""
    return bool(st.session_state.pop(_PRESSED, False))


def line(run: Run | None, changes: Sequence[str], *, can_train: bool) -> None:
    """One line over the results, as high with changes as without: nothing moves when the first one is made."""
    with st.container(key="whose", horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.html(_markup(run, changes))
        if run is not None and changes:
            st.button(_("Train to see"), key="train_again", on_click=_press, disabled=not can_train, width="content")


def style(*, run: Run | None, is_changed: bool) -> str:
    """The rules of the page that depend on the run: its pictures are pale beside another draft, its words stay as they are to
    read; on a phone results come before network and data; and where the run trains, Train is not seen in the moment before the
    strip has taken its place."""
    rules = []
    if run is not None:
        order = ".st-key-workbench > div > .stHorizontalBlock { flex-direction: column-reverse; flex-wrap: nowrap; }"
        rules.append(f"@media (max-width: 640px) {{ {order} }}")
    if is_changed:
        dashes = "1.5px dashed color-mix(in srgb, currentColor 35%, transparent)"
        rules.append(f".st-key-results {{ outline: {dashes}; outline-offset: 6px; }}")
        pale = ".st-key-results:not(:hover, :focus-within) :is({})"
        rules.append(f"{pale.format(_LINES)} {{ opacity: .5; }} {pale.format(_PICTURES)} {{ filter: saturate(.2); }}")
    elif run is not None and not run.is_ended:
        rules.append(".st-key-strip:not([data-shows]) :is(.st-key-train, .st-key-several) { visibility: hidden; }")
    return f"<style>{' '.join(rules)}</style>"


def start_words() -> str:
    """What a press of Train does with the draft."""
    origin = session.draft().branch
    where = branch.place(origin) if origin is not None else None
    if where is None:
        return _("Train starts a new run with fresh weights")
    return _("Train starts a new run from {place} of {name}").format(place=where[1], name=where[0])


def _press() -> None:
    st.session_state[_PRESSED] = True


def _spec_of(run: Run) -> RunSpec | None:
    try:
        return session.trained_spec(run)
    except NnvizError:
        return None


def _asked(run: Run) -> RunSpec | None:
    """What the draft that started it asked for: of a group's run the group's."""
    try:
        return session.store().runs.group(run.group).spec if run.group else run.spec
    except NnvizError:
        return None


def _name(run: Run, asked: RunSpec | None) -> str:
    """What it is called; of a name that nobody gave it only what the line does not say anyway: the data."""
    made = default_name(asked) if asked is not None else ""
    return data_name(run.spec_json) + run.name.removeprefix(made) if made and run.name.startswith(made) else run.name or run.id


def _markup(run: Run | None, changes: Sequence[str]) -> str:
    if run is None:
        return f"<div class='nv-whose'><div><b>{html(_('Results'))}</b></div></div>"
    asked = _asked(run)
    network = run.spec if asked is not None and asked.race is not None else asked
    words = f": {html(summary(network, in_effect(session.store(), run)))}" if network is not None else ""
    name = html(_name(run, asked))
    lines = [f"<div><b>{html(_('Results'))}</b> {html(_('of {run}')).replace('{run}', name)}{words}</div>"]
    if changes:
        text = _("You have changed {what} since.").format(what=_joined(changes[:MOST_CHANGES], len(changes) - MOST_CHANGES))
        whole = _("You have changed {what} since.").format(what=_joined(changes, 0))
        lines.append(f"<div class='nv-since' title='{html(whole, limit=4 * LINE)}'>{html(text, limit=LINE)}</div>")
    else:
        # seen once the run has ended and can go on
        is_branch = session.draft().branch is not None
        begin = _("Train starts the branch again") if is_branch else _("Train starts a new run with fresh weights")
        text = _("{train}; Go on trains these weights further.").format(train=begin)
        lines.append(f"<div class='nv-again'>{html(text, limit=LINE)}</div>")
    state = "changed" if changes else "same"
    return f"<div class='nv-whose' role='status' data-draft='{state}'>{''.join(lines)}</div>"


def _joined(phrases: Sequence[str], more: int) -> str:
    listed = ", ".join(phrases)
    return f"{listed} {counted('and {n} more', 'and {n} more', more)}" if more > 0 else listed
