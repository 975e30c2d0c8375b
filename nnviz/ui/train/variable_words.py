"""A network's arrays of weights in words."""

import re

from nnviz.plain_text import visible
from nnviz.ui.common.i18n import _

_PLACE = re.compile(r"(layers\[\d+\](?:\[\d+\]|\.(?:layers|branches)(?=\[))*|cost)\.(.+)", re.DOTALL)


def variable_words(name: str) -> str:
    """`layers[0].layers[1].kernel` -> "layer 1.2: kernel"; another name as it stands."""
    match = _PLACE.fullmatch(name)
    if match is None:
        return visible(name)
    place, rest = match.groups()
    numbers = ".".join(str(int(number) + 1) for number in re.findall(r"\d+", place))
    where = _("layer {n}").format(n=numbers) if numbers else _("cost")
    return f"{where}: {visible(rest.replace('_', ' '))}"
