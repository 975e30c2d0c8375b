"""What a data set holds, in the same words and pictures on every page."""

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from nnviz.jobs.data_words import columns_words, read_columns_words
from nnviz.plain_text import LINE, html

DRAWN = ("points", "extent", "images")


def report_of(contents: Mapping[str, Any]) -> dict[str, Any]:
    """The report that a draft keeps of what the job `read` gave: with what is drawn of the data."""
    return {**contents["report"], **{name: contents[name] for name in DRAWN if name in contents}}


def images(samples: Sequence[Mapping[str, str]], *, side: int = 64) -> None:
    """Some images with their labels: `png` in base64 and `label`, each drawn in a square of `side` pixels."""
    label = f"font-size:.8rem;opacity:.8;max-width:{side}px;overflow:hidden;text-overflow:ellipsis;white-space:nowrap"
    cells = "".join(
        f"<figure style='margin:0;text-align:center'><img alt='' style='width:{side}px;height:{side}px;object-fit:contain;"
        f"image-rendering:pixelated;border-radius:4px' src='data:image/png;base64,{html(image['png'], limit=1_000_000)}'>"
        f"<figcaption title='{html(image['label'], limit=LINE)}' style='{label}'>{html(image['label'])}</figcaption></figure>"
        for image in samples
    )
    st.html(f"<div style='display:flex;flex-wrap:wrap;gap:.6rem'>{cells}</div>")


def columns_text(report: Mapping[str, Any] | None, inputs: int, *, about: Mapping[str, Any] | None = None) -> str:
    """`columns_words` of a report (its JSON); without one of what a run is known to have read (`about_data.about`), else of a set
    whose columns all are inputs."""
    if report is None:
        return read_columns_words({"columns": inputs, "inputs": inputs} | dict(about or {}))
    used = sum(column["use"] and column["name"] not in report["target"] for column in report["columns"])
    return columns_words(used, inputs, of=len(report["columns"]), targets=len(report["target"]))
