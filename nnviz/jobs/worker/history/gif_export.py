"""The job `film`: a run's history as an animated GIF, drawn with Pillow: what the network answered, and the loss below."""

import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from nnviz import engine
from nnviz.colours import LIGHT, rgb
from nnviz.engine.training import live_views
from nnviz.errors import NnvizError, RequestError
from nnviz.jobs.worker.history import gif_text
from nnviz.jobs.worker.history.recorded import Net, Past, spread
from nnviz.store import Job

MOST_MOMENTS = 120
FRAME_MS = 80
LAST_MS = 2500
WIDTH, STAGE, CHART, HEAD, GAP = 440, 400, 130, 42, 20
PAPER, INK, MUTED, GRID = (255, 255, 255), (26, 32, 48), (118, 125, 140), (228, 231, 237)
CLASSES = tuple(map(rgb, LIGHT.classes))
POLES = (rgb(LIGHT.low), rgb(LIGHT.high))
MIDDLE, EDGE, WRONG = rgb(LIGHT.middle), rgb(LIGHT.edge), rgb(LIGHT.wrong)
LINES = (("val_loss", rgb(LIGHT.validation), True), ("loss", rgb(LIGHT.training), False))
"""Series, colour, and whether it is dashed."""
MOST_NAMED = 14
WHEN = 100
"""Room for the epoch in the head."""
Pen = ImageDraw.ImageDraw
Box = tuple[float, float, float, float]


class Filmer:
    """Payload: `moments`, how many at most (2 to 120, evenly spread over the steps). The answer: `sha256` and `name` of the
    GIF among the blobs, `frames`. Raises RequestError for a run of which there are no two moments."""

    def __init__(self, past: Past) -> None:
        self.past = past

    def film(self, job: Job) -> dict[str, Any]:
        run, store = self.past.store.runs.get(job.run or ""), self.past.store
        wanted = job.payload.get("moments", MOST_MOMENTS)
        if not isinstance(wanted, int) or not 2 <= wanted <= MOST_MOMENTS:
            raise RequestError(f"a film has 2 to {MOST_MOMENTS} moments", where="moments")
        snapshots = [moment for moment in store.snapshots.of_run(run.id) if not moment.damaged]
        steps = spread([*([0] if snapshots and snapshots[0].step == 1 else []), *(moment.step for moment in snapshots)], wanted)
        if len(steps) < 2:
            raise RequestError("no two moments of this run are recorded", where=run.id, remedy="Let it train for a while.")
        net = self.past.net(run.id)
        curves = _curves(store.series.history(run.id))
        title = run.name or _name(net)
        pictures = []
        for step in steps:
            try:
                state = self.past.state(net, step)
                frame = net.frame(state)
            except NnvizError:
                continue  # a damaged moment: the film goes on without it
            pictures.append(picture(frame, net, curves, epoch=net.epochs(state), end=steps[-1], title=title))
        with tempfile.TemporaryDirectory(prefix="nnviz-") as folder:
            path = Path(folder) / "film.gif"
            _save(pictures, path)
            return {"sha256": store.blobs.put_file(path), "name": f"{_plain(title)}.gif", "frames": len(pictures)}


def picture(
    frame: engine.Frame, net: Net, curves: Mapping[str, NDArray[np.float64]], *, epoch: float, end: int, title: str
) -> Image.Image:
    """One frame of the film, 440 pixels wide."""
    image = Image.new("RGB", (WIDTH, HEAD + STAGE + GAP + CHART + GAP), PAPER)
    pen = ImageDraw.Draw(image)
    pen.text((GAP, 12), gif_text.fitted(gif_text.in_one_line(title), WIDTH - 2 * GAP - WHEN, 16), INK, font=gif_text.font(16))
    when = f"epoch {epoch:,.0f}" if epoch >= 10 else f"epoch {epoch:.1f}"
    pen.text((WIDTH - GAP, 13), when, MUTED, font=gif_text.font(15), anchor="ra")
    box = (GAP, HEAD, GAP + STAGE, HEAD + STAGE)
    {"plane": _plane, "confusion": _confusion, "agreement": _agreement}[frame.view](image, pen, box, frame.body, net)
    _chart(pen, (GAP + 34, HEAD + STAGE + GAP, WIDTH - GAP, HEAD + STAGE + GAP + CHART), curves, frame.step, end)
    return image


def _plane(image: Image.Image, pen: Pen, box: Box, body: Mapping[str, Any], net: Net) -> None:
    rows, columns = body["shape"]
    values = np.frombuffer(body["values"], np.uint8).reshape(rows, columns)[::-1]
    if body["kind"] == "classes":
        sure = np.frombuffer(body["sure"], np.uint8).reshape(rows, columns)[::-1] / 255
        cells = _mixed(np.array(CLASSES)[values % len(CLASSES)], 0.58 * sure**0.75)
    else:
        low, high = body["range"]
        cells = _mixed(_diverging(low + (high - low) * values / 255, *_scale(net)), np.full(values.shape, 0.75))
    grown = Image.fromarray(cells).resize((STAGE, STAGE), Image.Resampling.BICUBIC)
    image.paste(grown, (int(box[0]), int(box[1])))
    wrong = _rows(pen, box, body, net)
    for colour, width in ((PAPER, 3), (INK, 1)):
        for left, top in wrong:
            pen.line((left - 4, top - 4, left + 4, top + 4), colour, width)
            pen.line((left - 4, top + 4, left + 4, top - 4), colour, width)


def _rows(pen: Pen, box: Box, body: Mapping[str, Any], net: Net) -> list[tuple[float, float]]:
    """Draws the rows on a plane; gives where those are that it takes for another class."""
    x0, x1, y0, y1 = body["extent"]
    has_values = body["kind"] == "values"
    scale = _scale(net) if has_values else (0.0, 1.0)
    answers = iter(np.frombuffer(body.get("answers", b""), np.uint8).tolist())
    wrong = []
    for name, places in live_views.drawn_rows(net.prepared).items():
        part = net.prepared.parts[name]
        if name == "test" or part.raw is None:
            continue
        targets: Any = part.y[places]
        if has_values:
            targets = (targets * net.prepared.target_scale + net.prepared.target_mean)[:, 0]
        for (x, y), target in zip(part.raw[places], targets, strict=True):
            colour = _colour(target, *scale) if has_values else CLASSES[int(target) % len(CLASSES)]
            left = box[0] + (x - x0) / (x1 - x0) * STAGE
            top = box[3] - (y - y0) / (y1 - y0) * STAGE
            is_wrong = next(answers, target) != target
            if box[0] + 3 < left < box[2] - 3 and box[1] + 3 < top < box[3] - 3:
                inner, rim = (colour, EDGE if has_values else PAPER) if name == "train" else (PAPER, colour)
                pen.ellipse((left - 3, top - 3, left + 3, top + 3), inner, rim)
                wrong += [(left, top)] if is_wrong else []
    return wrong


def _confusion(image: Image.Image, pen: Pen, box: Box, body: Mapping[str, Any], net: Net) -> None:
    counts = np.array(body["counts"], float)
    size = len(counts)
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    names = [gif_text.in_one_line(name) for name in net.prepared.classes] if size <= MOST_NAMED else []
    left, top = gif_text.name_matrix(image, box, names, ink=MUTED, paper=PAPER)
    wide, high = (box[2] - left) / size, (box[3] - top) / size
    for truth in range(size):
        for guess in range(size):
            share = shares[truth, guess]
            most = 0.28 if truth == guess else 0.5
            colour = _mixed(
                np.array([INK if truth == guess else WRONG]), np.array([0.07 + (most - 0.07) * share if share else 0.03])
            )
            x, y = left + guess * wide, top + truth * high
            pen.rectangle((x, y, x + wide - 2, y + high - 2), tuple(int(part) for part in colour[0]))
            if names and counts[truth, guess]:
                number = f"{counts[truth, guess]:.0f}"
                pen.text((x + wide / 2, y + high / 2), number, INK, font=gif_text.font(12), anchor="mm")


def _agreement(image: Image.Image, pen: Pen, box: Box, body: Mapping[str, Any], net: Net) -> None:
    true, predicted = np.array(body["true"]), np.array(body["predicted"])
    low, high = float(true.min()), float(true.max())
    room = (high - low or 1) * 0.05
    low, high = low - room, high + room
    pen.rectangle(box, outline=GRID)
    pen.line((box[0], box[3], box[2], box[1]), MUTED)
    reach = float(np.quantile(np.abs(predicted - true), 0.95)) if len(true) else 0.0
    for place, (x, y) in enumerate(zip((true - low) / (high - low), (predicted - low) / (high - low), strict=True)):
        if 0 <= y <= 1:
            left, top = box[0] + x * STAGE, box[3] - y * STAGE
            colour = _colour(predicted[place] - true[place], 0.0, reach)
            pen.ellipse((left - 3, top - 3, left + 3, top + 3), colour, EDGE)
    pen.text((box[0] + 8, box[1] + 6), "predicted", MUTED, font=gif_text.font(12))
    pen.text((box[2] - 8, box[3] - 6), "true", MUTED, font=gif_text.font(12), anchor="rd")


def _chart(pen: Pen, box: Box, curves: Mapping[str, NDArray[np.float64]], step: int, end: int) -> None:
    """Loss of training and (dashed) validation rows up to a step, over the whole way to `end`."""
    values = np.concatenate([curve[1] for curve in curves.values()] or [np.zeros(1)])
    values = values[np.isfinite(values)]
    # One wild epoch must not press the rest of the curve flat.
    top = float(np.quantile(values, 0.99)) * 1.08 if len(values) else 1.0
    top = top or 1.0
    for share in (0.0, 0.5, 1.0):
        y = box[3] - share * (box[3] - box[1])
        pen.line((box[0], y, box[2], y), GRID)
        pen.text((box[0] - 6, y), f"{share * top:.2g}", MUTED, font=gif_text.font(12), anchor="rm")

    def place(at: float, value: float) -> tuple[float, float]:
        return (box[0] + at / max(end, 1) * (box[2] - box[0]), box[3] - min(value, top) / top * (box[3] - box[1]))

    for name, colour, is_dashed in LINES:
        if name in curves:
            at, height = curves[name]
            points = [place(x, y) for x, y in zip(at, height, strict=True) if x <= step and np.isfinite(y)]
            if len(points) > 1:
                for dash in _dashes(points) if is_dashed else [points]:
                    pen.line(dash, colour, 2, joint="curve")
    pen.line((place(step, 0)[0], box[1], place(step, 0)[0], box[3]), MUTED)
    pen.text((box[2], box[1] - 2), "loss", MUTED, font=gif_text.font(12), anchor="ra")


def _curves(history: Sequence[Mapping[str, float]]) -> dict[str, NDArray[np.float64]]:
    """Steps and values (2, n) of the losses by epoch."""
    curves = {}
    for name in ("loss", "val_loss"):
        rows = [(row["step"], row[name]) for row in history if row.get(name) is not None]
        if rows:
            curves[name] = np.array(rows[:: max(1, len(rows) // 800)], float).T
    return curves


def _mixed(colours: NDArray[Any], share: NDArray[Any]) -> NDArray[np.uint8]:
    """Colours (..., 3) on paper, by share (...)."""
    strength = np.asarray(share, float)[..., None]
    return np.round(np.array(PAPER) + (colours - np.array(PAPER)) * strength).astype(np.uint8)


def _scale(net: Net) -> tuple[float, float]:
    """The mean of the training rows' targets, and how far they reach from it."""
    prepared = net.prepared
    own = prepared.parts["train"].y[:, 0] * float(prepared.target_scale[0]) + float(prepared.target_mean[0])
    return float(own.mean()), float(np.abs(own - own.mean()).max())


def _diverging(values: NDArray[Any], middle: float, reach: float) -> NDArray[np.float64]:
    """Colours (..., 3) of values (...) around a middle."""
    level = np.clip((np.asarray(values, float) - middle) / (reach or 1.0), -1, 1)
    poles = np.array(POLES)[(level > 0).astype(int)]
    colours: NDArray[np.float64] = np.array(MIDDLE) + (poles - np.array(MIDDLE)) * np.abs(level)[..., None]
    return colours


def _colour(value: Any, middle: float, reach: float) -> tuple[int, int, int]:
    red, green, blue = np.round(_diverging(np.asarray(value), middle, reach)).astype(int)
    return int(red), int(green), int(blue)


def _dashes(points: Sequence[tuple[float, float]], length: float = 6.0, gap: float = 3.0) -> list[list[tuple[float, float]]]:
    """A line in pieces of `length` pixels with gaps between them."""
    ends = np.array(points)
    along = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(ends, axis=0).T))])
    dashes = []
    for start in np.arange(0.0, along[-1], length + gap):
        stops = [start, *along[(along > start) & (along < start + length)], min(start + length, along[-1])]
        dashes.append([(float(np.interp(at, along, ends[:, 0])), float(np.interp(at, along, ends[:, 1]))) for at in stops])
    return dashes


def _save(pictures: Sequence[Image.Image], path: Path) -> None:
    # One palette for all, with paper and ink as they are: colours stay where they are from frame to frame.
    colours = _montage(pictures).quantize(240, method=Image.Quantize.MEDIANCUT).getpalette() or []
    palette = Image.new("P", (1, 1))
    palette.putpalette(
        [
            part
            for colour in (PAPER, INK, MUTED, GRID, *CLASSES[:8], *POLES, *(colour for _, colour, _ in LINES))
            for part in colour
        ]
        + colours[: 240 * 3]
    )
    flat = [image.quantize(palette=palette, dither=Image.Dither.NONE) for image in pictures]
    flat[0].save(
        path,
        save_all=True,
        append_images=flat[1:],
        duration=[FRAME_MS] * (len(flat) - 1) + [LAST_MS],
        loop=0,
        optimize=False,
        disposal=1,
    )


def _montage(pictures: Sequence[Image.Image]) -> Image.Image:
    some = [pictures[place] for place in sorted({0, len(pictures) // 2, len(pictures) - 1})]
    whole = Image.new("RGB", (some[0].width * len(some), some[0].height))
    for place, image in enumerate(some):
        whole.paste(image, (place * image.width, 0))
    return whole


def _name(net: Net) -> str:
    block = net.spec.data
    return str(getattr(block, "name", "") or Path(str(getattr(block, "path", "") or "film")).stem)


def _plain(text: str) -> str:
    return "".join(letter if letter.isalnum() else "-" for letter in text).strip("-")[:60] or "film"
