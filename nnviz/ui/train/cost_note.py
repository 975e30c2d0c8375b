"""What is to be minded of a cost on the draft's data: said on the cost's card, before anything is trained."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import streamlit as st

from nnviz.catalog.domain import outside, target_range
from nnviz.data.sources import synthetic
from nnviz.ui.common.session import draft


def cost_note(cost: Mapping[str, Any]) -> str:
    """How many rows have a target that the cost is not for, and what to do; empty where there are none, or the data's report
    is not there to be asked."""
    current = draft()
    if current.facts.task != "regression":
        return ""
    ranges: Sequence[Mapping[str, Any]] = (current.report or {}).get("target_ranges", ())
    if not ranges and current.data["kind"] == "synthetic":
        data = current.data
        ranges = [_range(data["name"], int(data.get("samples", 500)), float(data.get("noise", 0.2)), int(data.get("seed", 0)))]
    return " ".join(outside(str(cost.get("kind")), ranges))


@st.cache_data(max_entries=32, show_spinner=False)
def _range(name: str, samples: int, noise: float, seed: int) -> dict[str, Any]:
    _x, y = synthetic.make(name, samples=samples, noise=noise, seed=seed)
    return target_range("label", np.asarray(y, np.float64))
