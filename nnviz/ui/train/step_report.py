"""One step, explained: the batch with each row's cost, their mean, and the optimizer's formula with one weight's numbers."""

import math
import re
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

import pandas as pd
import streamlit as st

from nnviz.plain_text import markdown, visible
from nnviz.ui.common.i18n import _
from nnviz.ui.train.variable_words import variable_words

TERMS = 5
"""Costs that are written out in the sum."""
MOST_BELOW = 7
"""Letters of a name that are set below the line; a longer one is written out."""
_NAME = re.compile(r"(?<![\w.])[A-Za-z_]\w*")
_POWER = re.compile(r" \*\* (\w[\w.]*(?=[ ),]|$)|\((?:[^()]|\([^()]*\))*\))")
_TENS = re.compile(r"(\d[\d.]*)e([-+−]?)(\d+)")
_GREEK = {"beta": "β", "epsilon": "ε", "alpha": "α", "rho": "ρ", "mu": "μ", "lr": "η"}
_WORDS = frozenset({"sqrt", "abs", "sign", "maximum", "minimum", "clip", "where", "norm", "rms"})
_STYLE = """
<style>
.nn-step { font-size: .95rem; line-height: 1.5; }
.nn-step .line { padding: .5rem 0 .55rem; border-top: 1px solid color-mix(in srgb, currentColor 14%, transparent); }
.nn-step .sense { opacity: .72; font-size: .85rem; }
.nn-step .sum { font-family: ui-monospace, 'Cascadia Code', Menlo, 'DejaVu Sans Mono', monospace; font-size: .88rem;
  padding-left: 1.6rem; text-indent: -1.1rem; overflow-wrap: anywhere; font-variant-numeric: tabular-nums; }
.nn-step .sum span { opacity: .78; }
.nn-step i { font-family: Georgia, 'DejaVu Serif', serif; }
.nn-step .ends { display: flex; flex-wrap: wrap; gap: .4rem 1.4rem; align-items: baseline; margin: .2rem 0 .6rem; }
.nn-step .ends b { font-size: 1.35rem; font-weight: 650; font-variant-numeric: tabular-nums; }
.nn-step .made { color: #2563eb; color: light-dark(#2563eb, #60a5fa); font-weight: 600; opacity: 1 !important; }
.nn-step .given { display: flex; flex-wrap: wrap; gap: .1rem 1.2rem; margin: .3rem 0 .5rem; font-size: .88rem; }
.nn-step .given span { font-variant-numeric: tabular-nums; white-space: nowrap; }
</style>
"""
Story = Mapping[str, Any]


def draw(story: Story) -> None:
    """A step as `StepStory.to_json()` tells it."""
    st.html(_STYLE)
    st.markdown(
        _("**Step {step}**: batch {batch} of {batches} in epoch {epoch}").format(
            step=story["step"] + 1, batch=story["batch"] + 1, batches=story["batches"], epoch=story["epoch"] + 1
        )
    )
    left, right = st.columns(2, gap="medium")
    with left:
        _batch(story)
    with right:
        _weight(story)


def number(value: float | None, digits: int = 4) -> str:
    """With a real minus sign; null is what no number is."""
    if value is None or not math.isfinite(value):
        return _("not finite")
    return f"{value:.{digits}g}".replace("-", "−")


def _html_number(value: float | None, digits: int = 4) -> str:
    """The same in HTML, with powers of ten."""
    return _tens(escape(number(value, digits)))


def _tens(text: str) -> str:
    def put(match: re.Match[str]) -> str:
        power = f"10<sup>{'−' if match.group(2) in ('-', '−') else ''}{match.group(3).lstrip('0')}</sup>"
        return power if match.group(1) == "1" else f"{match.group(1)}·{power}"

    return _TENS.sub(put, text)


def table(story: Story) -> pd.DataFrame:
    """The rows of the batch: their number, target, what the network answered, their cost, and first inputs."""
    inputs = story["inputs"]
    count = len(inputs[0]) if inputs else 0
    known = story["columns"] if len(story["columns"]) >= count else []
    columns: dict[str, Any] = {
        _("row"): story["rows"],
        _("target"): [_answer(value, story["classes"]) for value in story["targets"]],
        _("answer"): [_answer(value, story["classes"]) for value in story["answers"]],
        _("cost"): story["costs"],
    }
    for place in range(count):
        name = visible(known[place]) if known else f"x{place + 1}"
        columns[name if name not in columns else f"{name} "] = [row[place] for row in inputs]
    return pd.DataFrame(columns)


def mean(story: Story) -> str:
    """The mean of the costs, as a sum: `(0.9 + 1.1 + ... + 0.4) / 8 = 0.76`."""
    costs, count = story["costs"], story["count"]
    terms = [number(cost, 3) for cost in costs]
    if count > TERMS:
        terms = [*terms[: TERMS - 1], "…", *([terms[-1]] if count == len(costs) else [])]
    return f"({' + '.join(terms)}) / {count} = {number(story['loss'])}"


def _batch(story: Story) -> None:
    st.markdown(_("**The batch** and what each row costs"))
    frame = table(story)
    places = {name: st.column_config.NumberColumn(format="%.3f") for name in frame.columns[frame.dtypes == "float64"]}
    st.dataframe(frame, hide_index=True, width="stretch", height="content" if len(frame) <= 12 else 460, column_config=places)
    notes = []
    if story["count"] > len(story["rows"]):
        notes.append(_("the first {n} of {all} rows").format(n=len(story["rows"]), all=story["count"]))
    if story["inputs"] and story["width"] > len(story["inputs"][0]):
        notes.append(_("the first {n} of {all} inputs").format(n=len(story["inputs"][0]), all=story["width"]))
    caption = [_("Inputs as the network sees them, after preprocessing.")] if story["inputs"] and story["inputs"][0] else []
    if notes:
        caption.append(_("Shown: {what}.").format(what=", ".join(notes)))
    if story["weighted"]:
        caption.append(_("Each cost is multiplied by the weight of the row's class."))
    st.caption(" ".join(caption))
    loss = [
        f"<div>{escape(_('The loss is the mean of the costs ({cost}):').format(cost=visible(story['cost'])))}</div>",
        f"<div class='sum' style='margin:.25rem 0 .4rem'>{escape(mean(story))}</div>",
    ]
    if story["penalty"]:
        loss.append(
            f"<div class='sense'>{escape(_('Training adds the penalty of the regularizers'))}: "
            f"{_html_number(story['penalty'])}</div>"
        )
    if story["accuracy"] is not None:
        right = round(story["accuracy"] * story["count"])
        words = _("{right} of {all} answers were right.").format(right=right, all=story["count"])
        loss.append(f"<div class='sense'>{escape(words)}</div>")
    st.html(f"<div class='nn-step'>{''.join(loss)}</div>")


def _weight(story: Story) -> None:
    where = ", ".join(str(place) for place in story["index"])
    st.markdown(
        _("**One weight** under {optimizer}: {name} \\[{where}\\]").format(
            optimizer=markdown(story["optimizer"]), name=markdown(variable_words(story["variable"])), where=where
        )
    )
    parts = [
        f"<div class='ends'><span>{escape(_('before'))} <b>{_html_number(story['before'], 6)}</b></span><span>→</span>"
        f"<span>{escape(_('after'))} <b class='made'>{_html_number(story['after'], 6)}</b></span>"
        f"<span class='sense'>{escape(_('moved by'))} {_html_number(_moved(story))}</span></div>"
    ]
    quantities = [
        ("g", story["gradient"], _("the slope of the loss at this weight")),
        *((name, quantity["value"], quantity["sense"]) for name, quantity in story["given"].items()),
        *((name, pair[0], _("from the step before")) for name, pair in story["slots"].items()),
    ]
    parts.append(
        "<div class='given'>"
        + "".join(
            f"<span title='{escape(_(sense), quote=True)}'>{symbol(name)} = {_html_number(value)}</span>"
            for name, value, sense in quantities
        )
        + "</div>"
    )
    parts += [_line(line) for line in story["lines"]]
    if story["average"]:
        parts.append(f"<div class='line sense'>{escape(_('Moving average of the weight'))}:</div>")
        parts += [_line(line) for line in story["average"]]
    st.html(f"<div class='nn-step'>{''.join(parts)}</div>")


def _line(line: Mapping[str, Any]) -> str:
    numbers, digits = line["numbers"], 6 if line["symbol"] == "w" else 4
    # A line that only hands on another quantity needs no numbers of its own.
    put = f"<span>= {formula(numbers)}</span> " if numbers and numbers != line["formula"] else ""
    return (
        f"<div class='line'><div>{symbol(line['symbol'])} = {formula(line['formula'])}"
        f" <span class='sense'>&ensp;{escape(_(line['sense']))}</span></div>"
        f"<div class='sum'>{put}<span class='made'>= {_html_number(line['value'], digits)}</span></div></div>"
    )


def symbol(name: str) -> str:
    """A quantity's name as mathematics has it, in HTML: `beta_1` is β with a 1 below."""
    if name.startswith("adam_beta"):
        # Of Muon's AdamW; no other beta stands beside it.
        name = name.removeprefix("adam_")
    head, _cut, below = name.partition("_")
    small = len(head) <= 2 or head in ("norm", "rms", *_GREEK)
    if not small or len(below) > MOST_BELOW:
        return f"<i>{escape(name.replace('_', ' '))}</i>"
    if below == "hat":
        return f"<i>{escape(_GREEK.get(head, head))}̂</i>"
    under = f"<sub>{escape(below.replace('_', ' '))}</sub>" if below else ""
    return f"<i>{escape(_GREEK.get(head, head))}</i>{under}"


def formula(text: str) -> str:
    """A formula or its numbers in HTML: powers above, times as a dot, names as `symbol` has them."""

    def put(match: re.Match[str]) -> str:
        name = match.group()
        words = {"row_mean": _("row mean"), "column_mean": _("column mean")}
        if name in words:
            return escape(words[name])
        return name if name in _WORDS or name in ("constraint", "orthogonal") else symbol(name)

    # Tags come last, for names and signs are looked for in the text.
    marked = _POWER.sub(lambda match: f"\x01{match.group(1).removeprefix('(').removesuffix(')')}\x02", text)
    parts = re.split(r"([A-Za-z_]\w*|\d[\w.]*(?:[-+]\d+)?)", marked)
    made = "".join(
        _NAME.sub(put, part) if _NAME.fullmatch(part) else _tens(escape(part).replace(" * ", " · ").replace("-", "−"))
        for part in parts
    )
    return made.replace("\x01", "<sup>").replace("\x02", "</sup>")


def _moved(story: Story) -> float | None:
    return None if story["after"] is None or story["before"] is None else story["after"] - story["before"]


def _answer(value: Any, classes: Sequence[str]) -> Any:
    """A class by its name, numbers by themselves."""
    if isinstance(value, list):
        return value[0] if len(value) == 1 else ", ".join(number(one) for one in value)
    return visible(classes[value]) if isinstance(value, int) and value < len(classes) else value
