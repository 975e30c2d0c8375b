"""A network's arrays of weights in words."""

from nnviz.plain_text import visible
from nnviz.ui.common.settings.labels import label_for


def variable_words(name: str) -> str:
    """`layers[0].layers[1].kernel` -> "kernel of layer 1.2"; another name as it stands."""
    return visible(label_for(name))
