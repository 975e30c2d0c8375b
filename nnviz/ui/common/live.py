"""The live parts of a page: curves, what the network has learned, what happened, and the status strip.

They are drawn and kept up to date in the browser, over a socket of their own (see `nnviz.stream`): no rerun of a page
takes part in an update, and none takes the user's zoom away. Elements that show the same run share its socket.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Literal

from nnviz.catalog import COSTS, METRICS
from nnviz.catalog.views import VIEWS, View
from nnviz.plain_text import visible
from nnviz.stream import assets
from nnviz.ui.common.i18n import _
from nnviz.ui.common.run_format import short_title
from nnviz.ui.common.script import component, messages
from nnviz.ui.common.settings.labels import nouns

_ENTRY = "live/live.js"
REPLAY = "live/replay/replay.js"
"""The script of a replay, which plays a run from a file."""
_mount = component("nnviz_live", _ENTRY, "live/live.css", isolate_styles=False)

Axis = Literal["epoch", "step", "time"]
Offer = Literal["back", "branch", "film", "replay"]
Points = Sequence[Mapping[str, Any]]


def live_run(
    run_id: str | None,
    *,
    key: str,
    points: Points | None = None,
    extent: Sequence[float] | None = None,
    axes: Sequence[str] = (),
    classes: Sequence[str] | None = None,
    task: str = "classification",
    shape: Sequence[int] = (),
    kinds: Collection[str] = (),
    cost: str = "",
    height: int = 190,
    offers: Sequence[Offer] = (),
    behind: Mapping[str, Any] | None = None,
    can_mend: bool = False,
    is_guessed: bool = False,
    examples: Sequence[str] = (),
    loading: Mapping[str, Any] | None = None,
    rivals: Sequence[Mapping[str, Any]] = (),
) -> Mapping[str, Any] | None:
    """The Train page's right side: two panels of curves, the history to look back at, what the network has learned, what
    happened.

    `run_id` None: an invitation. `points`: the rows of data that has a plane, each {"x", "y", "label", "part"}:
    `label` the class's number, or the target's value (a float) for regression; `part` train or validation (test rows
    are not drawn). `extent`: x0, x1, y0, y1 of the plane; `axes`: the names of both inputs; `classes`: names by
    number. `task`: which measure stands beside the loss as long as none has come, and, with the `shape` of one
    row and the `kinds` of the network's layers, which views there are. `cost`: its kind.
    `offers`: what can be asked of the moment that is shown:
    what the next step does (a view), to branch from it, a film or a replay of the history; the answer to the others is that
    question, {"what", "run", "step", "views"}, in the rerun that follows a click; `views`: what is chosen in each open one.
    `behind`: {"id", "name", "behind"} of a run whose curves are drawn in grey behind. `can_mend`: whether the remedy
    of a finding can be asked for, too, as {"what": "mend", "run", "rule"}. `is_guessed`: what the doctor says
    stays hidden, since somebody is to guess it; `examples`: the rules of which the gallery has a case. `loading`: see
    `status_bar`. `rivals`: the runs of a race, {"id", "name"}, that run among them: their curves are in one chart, each has a
    tile with what it has learned, and a press on its name asks for it, as {"what": "look", "rival"}."""
    named = [dict(rival) | {"colour": place} for place, rival in enumerate(rivals)]
    runs = [{"id": run_id}, *([dict(behind)] if behind else [])] if run_id else []
    return _draw(
        sorted(named, key=lambda rival: rival["id"] != run_id) or runs,
        key=key,
        parts=("curves", "scrubber", "race", "lower") if rivals else ("curves", "scrubber", "lower"),
        height=height,
        several=bool(rivals),
        extra=_plane(points, extent, axes)
        | {
            "classes": list(classes) if classes is not None else None,
            "task": task,
            "cost": _cost(cost),
            "offers": list(offers),
            "loading": loading,
            "mend": can_mend,
            "guessed": is_guessed,
            "examples": list(examples),
        }
        | {"views": views(task, shape, kinds), "beside": list(shape) == [2]},
    )


def live_curves(
    runs: Sequence[Mapping[str, Any]],
    *,
    key: str,
    metric: str = "loss",
    x: Axis = "epoch",
    log: bool = False,
    smoothing: float = 0.0,
    height: int = 330,
) -> None:
    """One large panel with the curves of several runs, as on the Compare page; runs that still train go on in it.

    `runs`: each {"id", "name"} and, if the colour shall stay when others leave, "colour" (its place in the scale).
    `smoothing`: weight of the moving average, from 0 to below 1."""
    _draw(
        [dict(run) for run in runs],
        key=key,
        parts=("curves",),
        height=height,
        several=True,
        panels=1,
        controls=False,
        extra={"metrics": [metric], "x": x, "log": log, "smoothing": smoothing},
    )


def live_group(runs: Sequence[Mapping[str, Any]], *, current: str, key: str, height: int = 190) -> None:
    """Two panels of validation curves of the runs of a group, each {"id", "name"}: the mean with a band of one standard
    deviation, every run in grey, `current` in the colour of text."""
    _draw(
        [dict(run) for run in runs],
        key=key,
        parts=("curves",),
        height=height,
        several=True,
        controls=False,
        extra={"group": {"current": current}},
    )


def status_bar(
    run_id: str | None,
    *,
    key: str,
    is_changed: bool = False,
    has_ended: bool = False,
    changes: int = 0,
    start: str = "",
    loading: Mapping[str, Any] | None = None,
) -> None:
    """Pause or play, one step, one epoch, stop, go on, what to change; what the run is doing, epoch, progress, speed, time
    left, and the pace. The buttons speak to the run over the socket, without a rerun; keys press them, too.

    Where it stands in a container with the key `strip`, beside a button with the key `train`: while the run is not over and
    the draft is not `is_changed`, Pause takes the place of that button. `has_ended`: as it was when the page was drawn; so is
    `changes`, how many settings had been changed while it trains: where there are more, the page is run again. `start`: what
    that button does.
    `loading`: for a run that waits for TensorFlow, how many seconds that takes (`expected`) and `since` when."""
    _draw(
        [{"id": run_id}] if run_id else [],
        key=key,
        parts=("status",),
        extra={"changed": is_changed, "ended": has_ended, "changes": changes, "start": start, "loading": loading},
    )


def _draw(
    runs: list[dict[str, Any]],
    *,
    key: str,
    parts: Sequence[str],
    height: int = 190,
    panels: int = 2,
    several: bool = False,
    controls: bool = True,
    extra: Mapping[str, Any] | None = None,
) -> Mapping[str, Any] | None:
    data = _data(runs, key, parts, height, panels, several=several, controls=controls)
    element = _mount(key=key, data=data | dict(extra or {}), on_ask_change=lambda: None)
    asked: Mapping[str, Any] | None = element.ask
    return asked


def replay_data(
    run_id: str, names: Sequence[str], *, task: str, shape: Sequence[int], classes: Sequence[str], cost: str = ""
) -> dict[str, Any]:
    """What the elements of a replay are drawn from, as those of `live_run`, with the views of these `names` open."""
    data = _data([{"id": run_id}], "replay", ("curves", "scrubber", "lower"), entry=REPLAY)
    known = [_entry(VIEWS[name]) for name in names]
    return data | {
        "task": task,
        "classes": list(classes) or None,
        "cost": _cost(cost),
        "views": known,
        "opened": list(names),
        "beside": list(shape) == [2],
    }


def _data(
    runs: list[dict[str, Any]],
    key: str,
    parts: Sequence[str],
    height: int = 190,
    panels: int = 2,
    *,
    several: bool = False,
    controls: bool = True,
    entry: str = _ENTRY,
) -> dict[str, Any]:
    return {
        "key": key,
        "runs": runs,
        "parts": list(parts),
        "panels": panels,
        "several": several,
        "controls": controls,
        "x": "epoch",
        "height": height,
        "plotly": assets.url(assets.PLOTLY),
        "measures": measures(),
        "messages": messages(entry),
        "nouns": nouns(),
    }


def views(task: str, shape: Sequence[int], kinds: Collection[str]) -> list[dict[str, str]]:
    """The catalog's views that exist for a run of this task, one row of which has this shape, with layers of these kinds, in the
    order of the menu."""
    return [_entry(view) for view in VIEWS.values() if view.exists_for(task, shape, kinds)]


def _entry(view: View) -> dict[str, str]:
    return {"name": view.name, "title": _(view.title), "question": _(view.question), "about": _(view.about)}


def measures() -> list[dict[str, Any]]:
    """Every metric of the catalog in its order, for the browser: {"name", "title", "percent", "help"}. On other parts of the
    data a name has `val_` or `test_` before it."""
    return [
        {"name": name, "title": short_title(name), "percent": entry.percent, "help": _(entry.help)}
        for name, entry in METRICS.items()
    ]


def _cost(kind: str) -> dict[str, str] | None:
    entry = COSTS.get(kind)
    return {"name": visible(kind), "help": visible(_(entry.help))} if entry is not None else None


def _plane(points: Points | None, extent: Sequence[float] | None, axes: Sequence[str]) -> dict[str, Any]:
    if not points:
        return {}
    labels = [point["label"] for point in points]
    is_value = any(isinstance(label, float) for label in labels)
    columns: dict[str, Any] = {
        "x": [round(float(point["x"]), 4) for point in points],
        "y": [round(float(point["y"]), 4) for point in points],
        "label": [round(float(label), 4) if is_value else int(label) for label in labels],
        "part": [point.get("part", "train") for point in points],
    }
    return {
        "points": columns,
        "extent": [float(side) for side in extent] if extent is not None else None,
        "axes": list(axes),
        "scale": [min(columns["label"]), max(columns["label"])] if is_value else None,
    }
