"""A run as one HTML file that plays without nnviz and offline: its scripts, what a server would begin with, and what a worker has
computed of its moments (the job `replay`), all of it packed, so that no text of a user is ever markup."""

import base64
import gzip
import json
import re
from collections.abc import Mapping
from typing import Any

import msgpack
import streamlit as st

from nnviz.catalog.views import VIEWS
from nnviz.jobs.endings import end_words
from nnviz.plain_text import LINE, html, size_text, visible, within
from nnviz.store import Run, Store
from nnviz.stream import assets, moments, opening
from nnviz.ui.common import live
from nnviz.ui.common.i18n import _, counted
from nnviz.ui.common.run_format import measure, metric_title
from nnviz.ui.common.run_names import whole_name
from nnviz.ui.common.setting_words import optimizer_words, stack_words
from nnviz.ui.common.spec_settings import data_words
from nnviz.verdict.entrants import kept_metrics, main_metric, task_of

_FILE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'unsafe-inline' blob:; \
style-src 'unsafe-inline'; img-src data: blob:; media-src blob:">
<title>{title}</title>
<style>{style}</style>
</head>
<body>
<div id="replay">{sorry}</div>
<script type="text/plain" id="scripts">{scripts}</script>
<script type="text/plain" id="page">{page}</script>
<script type="text/plain" id="shows">{shows}</script>
<script type="module">{start}</script>
</body>
</html>
"""
_COLOURS = ("primary", "background", "secondaryBackground", "text", "border", "link", "orange", "green", "red")
_FONTS = ("font", "codeFont", "baseRadius", "buttonRadius")
_STYLES = ("live/live.css", "live/replay/replay.css")


def stored(store: Store, run: Run, made: Mapping[str, Any]) -> dict[str, Any]:
    """The file, among the blobs: {"sha256", "name", "bytes"}. `made`: what the job answered."""
    body = replay_file(store, run, made).encode()
    stem = re.sub(r"\W+", "-", _title(run)).strip("-")[:60] or "run"
    return {"sha256": store.blobs.put(body), "name": f"{stem}.html", "bytes": len(body)}


def replay_file(store: Store, run: Run, made: Mapping[str, Any]) -> str:
    """The file's text."""
    task, shape = task_of(run), run.info.get("shape") or ()
    classes, cost = [visible(name) for name in made["classes"]], run.spec.cost.kind
    data = live.replay_data(run.id, made["views"], task=task, shape=shape, classes=classes, cost=cost)
    page = {
        "data": data,
        "title": visible(_title(run), limit=LINE),
        "lines": [*run_lines(run), " ".join(extent_lines(made))],
        "opening": [*opening.recorded(store, run), moments.listed(store, run.id, made["steps"])],
    }
    return _FILE.format(
        title=html(_title(run)),
        style="".join(map(assets.text, _STYLES)) + _theme(),
        sorry=html(_("This replay needs scripts to be allowed, and a browser of 2023 or later."), limit=LINE),
        scripts=_packed(json.dumps(assets.bundle(live.REPLAY)).encode()),
        page=_packed(msgpack.packb(page)),
        shows=base64.b64encode(store.blobs.get(made["sha256"])).decode(),
        start=assets.text("live/replay/start.js"),
    )


def run_lines(run: Run) -> list[str]:
    """What the run is, and what came of it: a sentence each or two."""
    spec = run.spec
    what = _("Data: {data}. Layers: {layers}. Cost: {cost}. Optimizer: {optimizer}, batches of {n} rows.").format(
        data=data_words(spec.data),
        layers=visible(stack_words(spec.layers), limit=LINE),
        cost=spec.cost.kind,
        optimizer=optimizer_words(spec),
        n=spec.training.batch_size,
    )
    end = end_words(run) or _("Saved at epoch {n}, while it trained").format(n=f"{run.epoch:,.0f}")
    metrics, names = kept_metrics(run), ("val_loss", f"val_{main_metric(task_of(run))}")
    values = [f"{metric_title(name)} {measure(name, metrics[name])}" for name in names if name in metrics]
    scores = ", ".join((*values[:1], *map(within, values[1:])))
    result = " ".join(f"{part}." for part in (end, scores) if part)
    return [visible(what, limit=4 * LINE), visible(result, limit=2 * LINE)]


def extent_lines(made: Mapping[str, Any]) -> list[str]:
    """How much of the history it holds, and why not all."""
    count, of = len(made["steps"]), made["of"]
    lines = [_("Showing {n} of {of} recorded moments.").format(n=f"{count:,}", of=f"{of:,}")] if count < of else []
    limit = size_text(made["limit"])
    if made["whole"]:
        lines.append(
            _("All open views at up to 60 moments would take about {size}, more than the {limit} that a replay may have.").format(
                size=size_text(made["whole"]), limit=limit
            )
        )
    if made["left_out"]:
        titles = ", ".join(_(VIEWS[name].title) for name in made["left_out"])
        lines.append(_("Left out for that: {views}.").format(views=titles))
    return lines or [counted("It holds the one recorded moment.", "It holds all {n} recorded moments.", of)]


def _title(run: Run) -> str:
    return run.name or whole_name(run)


def _packed(body: bytes) -> str:
    return base64.b64encode(gzip.compress(body, 9, mtime=0)).decode()


def _theme() -> str:
    """The page's colours and fonts as the variables that its styles stand on, for a light and a dark screen."""
    fonts = {name: st.get_option(f"theme.{name}") for name in _FONTS}
    looks = {
        look: {f"{name}Color": st.get_option(f"theme.{look}.{name}Color") for name in _COLOURS} for look in ("light", "dark")
    }
    dark = f"@media (prefers-color-scheme: dark) {{ :root {{ {_variables(looks['dark'])} }} }}"
    return f":root {{ {_variables(fonts)} {_variables(looks['light'])} }}\n{dark}\n"


def _variables(values: Mapping[str, Any]) -> str:
    """As `--st-background-color: #fff;`, without what would end the style sheet."""
    dashed = {re.sub(r"([A-Z])", r"-\1", name).lower(): value for name, value in values.items() if value}
    return " ".join(f"--st-{name}: {re.sub(r'[<>{};]', '', str(value))};" for name, value in dashed.items())
