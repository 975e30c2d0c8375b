"""A small application for the browser tests: the status strip and the live parts of the run named in the address."""

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

if get_script_run_ctx(suppress_warning=True):
    from nnviz.ui.common.live import live_curves, live_run, status_bar

    st.set_page_config(layout="wide")
    asked = st.query_params.get("run", "")
    if "compare" in st.query_params:
        left, right = st.columns([1, 3])
        with left:
            metric = st.segmented_control("Metric", ["loss", "accuracy"], default="loss")
            axis = st.segmented_control("Axis", ["epoch", "step", "time"], default="epoch")
            log = st.toggle("Log axis")
            smoothing = st.slider("Smoothing", 0.0, 0.95, 0.0)
        with right:
            live_curves(
                [{"id": run, "name": f"run {run[-4:]}"} for run in asked.split(",")],
                key="compare",
                metric=metric or "loss",
                x=axis or "epoch",
                log=log,
                smoothing=smoothing,
            )
    else:
        import numpy as np

        generator = np.random.default_rng(0)
        turn = np.sqrt(generator.random(280)) * 2 * np.pi * 1.3
        side = generator.integers(0, 2, 280)
        points = [
            {"x": float(r * np.cos(a)), "y": float(r * np.sin(a)), "label": int(s), "part": "train" if i % 4 else "validation"}
            for i, (r, a, s) in enumerate(zip(turn / 8 * 5, turn + np.pi * side, side, strict=True))
        ]
        status_bar(asked or None, key="status")
        left, right = st.columns([1, 1.6])
        with left:
            st.button("Rerun the page")
            st.slider("Anything", 0, 10)
        with right:
            live_run(
                asked or None,
                key="live",
                points=points if "plane" in st.query_params else None,
                extent=(-6, 6, -6, 6),
                axes=("x1", "x2"),
                task=st.query_params.get("task", "classification"),
            )
else:
    from nnviz.stream import routes
    from nnviz.stream.guard import guards

    app = st.App(__file__, routes=routes(), middleware=guards())
