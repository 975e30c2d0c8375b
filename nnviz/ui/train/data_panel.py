"""The Train page's first column: which data, how it looks, how much of it is kept for validation and test."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from nnviz.catalog import DATASETS
from nnviz.charts.scatter import scatter, scatter_figure
from nnviz.data.sources import synthetic
from nnviz.plain_text import LINE, markdown, visible
from nnviz.ui.common import worker_job
from nnviz.ui.common.data_summary import columns_text, images
from nnviz.ui.common.i18n import _, counted
from nnviz.ui.common.session import Draft, change_draft, dataset_facts, draft, store, with_data
from nnviz.ui.common.settings.labels import page_words
from nnviz.ui.common.split_form import choices, copies_text, scheme_of, split_fields, split_text
from nnviz.ui.common.theme import heading
from nnviz.ui.train.gallery import menu

_OWN = "own"
MOST_POINTS = 1000
PICTURE = (180, 132)
"""Pixels: a thumbnail, since the large picture stands under the curves; as large before a run as beside one, so that nothing
moves when it starts."""
EXAMPLES, SIDE, IMAGES_HEIGHT = 10, 40, 132
"""How many images are shown, how large, and the room that they have, while they are awaited too; in pixels."""
LARGEST_FILE = 4_000_000
"""Bytes of a file of images that is read anew for them."""


@st.cache_data(max_entries=32, show_spinner=False)
def _points(name: str, samples: int, noise: float, seed: int) -> tuple[np.ndarray, np.ndarray]:
    return synthetic.make(name, samples=samples, noise=noise, seed=seed)


def data_column() -> tuple[Draft, DeltaGenerator]:
    """Draws the column; gives the draft with what was picked there, and the place for its `picture`."""
    heading(_("Data"), "data")
    _choose()
    current = draft()
    place = st.container()
    if current.data["kind"] == "synthetic":
        _synthetic(current)
    for warning in (current.report or {}).get("warnings", ())[:2]:
        # plain text: column names and labels may hold anything
        st.text("⚠ " + visible(page_words(warning), limit=LINE))
    _split()
    if st.button(
        _("Data report") if current.data["kind"] == "file" else _("Use your own data"),
        icon=":material/upload:",
        width="stretch",
        key="own_data",
    ):
        st.switch_page("pages/data.py")
    menu.button(key="gallery")
    return draft(), place


def picture(place: DeltaGenerator) -> None:
    """What the data is: as points where it lies in a plane, as some of its images with their classes; and in words."""
    current = draft()
    rows = plane_rows(current.data, current.report)
    with place:
        if rows is not None and current.facts.plane is not None:
            with st.container(width=PICTURE[0]):
                _draw(*rows, current, height=PICTURE[1], key="data_picture")
        elif len(current.facts.shape) == 3:
            _images(current)
        st.caption(_facts_text(current))


def _images(current: Draft) -> None:
    samples = (current.report or {}).get("images")
    if samples is None and not _is_soon_read(current.data):
        return
    with st.container(height=IMAGES_HEIGHT, border=False):
        if samples is None:
            answer = worker_job.ask(
                "read", {"data": dict(current.data)}, key="train.images", saying=_("Reading the data"), soon=0
            )
            # what is wrong with the data is said where it is to be trained on
            samples = (answer.result or {}).get("images") if answer is not None else None
        images((samples or ())[:EXAMPLES], side=SIDE)


def _is_soon_read(data: Mapping[str, Any]) -> bool:
    if data["kind"] != "file":
        return True
    size = store().blobs.size(data["sha256"]) if data.get("sha256") else None
    return size is not None and size <= LARGEST_FILE


def plane_rows(data: Mapping[str, Any], report: Mapping[str, Any] | None) -> tuple[np.ndarray, np.ndarray] | None:
    """Rows of data with two inputs and their targets, (n, 2) and (n,): made anew, or those of a file's report; None where
    neither is to be had."""
    if data["kind"] == "synthetic":
        return _points(data["name"], int(data.get("samples", 500)), float(data.get("noise", 0.2)), int(data.get("seed", 0)))
    points = (report or {}).get("points")
    if not points:
        return None
    return np.array([point[:2] for point in points]), np.array([point[2] for point in points])


def _choose() -> None:
    before = draft()
    current = before.data["name"] if before.data["kind"] != "file" else _OWN
    options = [*DATASETS, *([_OWN] if current == _OWN else [])]
    chosen = st.selectbox(
        _("Data set"),
        options,
        index=options.index(current),
        key=f"dataset:{current}",
        label_visibility="collapsed",
        format_func=lambda name: visible(before.data["path"]) if name == _OWN else _(DATASETS[name].title),
    )
    if chosen != current:
        entry = DATASETS[chosen]
        data: dict[str, Any] = {"kind": entry.kind, "name": chosen} | {param.name: param.default for param in entry.params}
        st.session_state["nnviz.draft"] = with_data(before, data, dataset_facts(chosen), preset=entry.preset)
        st.rerun()


def _synthetic(current: Draft) -> None:
    data = dict(current.data)
    name = data["name"]
    drawn, spread = int(data.get("samples", 500)), float(data.get("noise", 0.2))
    samples = st.slider(_("Samples"), min(50, drawn), max(2000, drawn), drawn, 10, key=f"samples:{name}")
    noise = st.slider(_("Noise"), 0.0, max(2.0, spread), spread, 0.05, key=f"noise:{name}")
    seed = int(data.get("seed", 0))
    if st.button(
        _("New points"),
        icon=":material/casino:",
        key="new_points",
        type="tertiary",
        help=_("Draw the same pattern with other random points."),
    ):
        seed += 1
    if (samples, noise, seed) != (data.get("samples"), data.get("noise"), data.get("seed")):
        facts = current.facts.__class__(**(vars(current.facts) | {"rows": samples}))
        change_draft(data=data | {"samples": samples, "noise": noise, "seed": seed}, facts=facts)


def _draw(x: np.ndarray, y: np.ndarray, current: Draft, *, height: int, key: str) -> None:
    assert current.facts.plane is not None
    st.plotly_chart(
        scatter_figure(
            scatter(
                x[:MOST_POINTS],
                y[:MOST_POINTS],
                task=current.facts.task,
                names=current.facts.plane,
                classes=current.facts.classes,
            ),
            height=height,
        ),
        width="stretch",
        config={"displayModeBar": False, "scrollZoom": False},
        key=key,
    )


def _split() -> None:
    current = draft()
    split, training = current.split, current.training
    # no help on it: the words would lie over the fields that a press opens, which explain themselves
    with st.popover(
        _("Split: {words}").format(words=markdown(split_text(split, training))), width="stretch", key="split_popover"
    ):
        st.caption(
            _(
                "The network learns from training rows. Validation rows show, while it learns, how well it does on "
                "rows it has not seen; test rows are held back until the end."
            )
        )
        new_split, new_training = split_fields(split, training, choices(current.report), key="split:")
        if copies := copies_text(current.report):
            st.caption(copies)
    if new_split != split or new_training != training:
        change_draft(split=new_split, training=new_training)
        # other fields are wanted; a changed number needs no rerun, which would lose a press of Train that came with it
        if scheme_of(new_split, new_training) != scheme_of(split, training):
            st.rerun()


def _facts_text(current: Draft) -> str:
    facts = current.facts
    shape = " x ".join(str(side) for side in facts.shape)
    is_table = len(facts.shape) == 1
    inputs = (
        columns_text(current.report, facts.shape[0], about=facts.about)
        if is_table
        else _("images of {shape}").format(shape=shape)
    )
    goal = counted("{n} class", "{n} classes", facts.outputs) if facts.task == "classification" else _("a number to predict")
    return " · ".join([counted("{n} row", "{n} rows", facts.rows), inputs, goal])
