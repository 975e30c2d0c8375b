"""Why the draft cannot be trained, for the strip over the page: in short where a card of the stack says it whole, and never
with a path of the spec."""

import re

from nnviz.errors import NnvizError, RequestError
from nnviz.ui.common.i18n import _
from nnviz.ui.common.settings.labels import page_words

_LAYER = re.compile(r"layers\[(\d{1,6})\]")


def in_short(error: NnvizError) -> NnvizError:
    """That a card needs attention, where the error is one that stands on a card; else the error in words."""
    layer = _LAYER.match(error.where)
    if layer:
        return RequestError(_("Layer {n} needs attention.").format(n=int(layer[1]) + 1))
    if _head(error.where) == "cost":
        return RequestError(_("The cost needs attention."))
    return in_words(error)


def in_words(error: NnvizError) -> NnvizError:
    """The error whose place is words: `optimizer.schedule.decay_steps` is "Optimizer, decay steps"."""
    place = _place(error.where)
    name = error.where.rpartition(".")[2].partition("[")[0]
    # the place names the field already
    what = page_words(error.what.removeprefix(f"{name} ") if place else error.what)
    return RequestError(f"{place}: {what}" if place else what, remedy=page_words(error.remedy))


def _head(where: str) -> str:
    return where.partition(".")[0].partition("[")[0]


def _place(where: str) -> str:
    layer = _LAYER.match(where)
    titles = {
        "cost": _("Cost"),
        "data": _("Data"),
        "from": _("Branch"),
        "optimizer": _("Optimizer"),
        "split": _("Split"),
        "training": _("Training"),
    }
    title = _("Layer {n}").format(n=int(layer[1]) + 1) if layer else titles.get(_head(where), "")
    field = where.rpartition(".")[2].partition("[")[0].replace("_", " ") if "." in where else ""
    return ", ".join(part for part in (title, field) if part)
