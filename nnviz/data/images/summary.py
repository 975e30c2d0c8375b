"""What was found in a zip of images, in plain words."""

from collections import Counter
from typing import Any

from numpy.typing import NDArray

from nnviz.data.column_names import count_of, listed
from nnviz.data.images.class_folders import LeftOut


def of_labels(labels: NDArray[Any], why: str) -> str:
    """The classes, or between what the numbers lie, in plain words."""
    if labels.dtype != object:
        return f"Numbers from {labels.min():g} to {labels.max():g} by {why}"
    counts = Counter(labels.tolist())
    classes = listed(f"{label} ({count:,})" for label, count in sorted(counts.items()))
    return f"{count_of(len(counts), 'class').replace('classs', 'classes')} by {why}: {classes}"


def of_sizes(sizes: Counter[tuple[int, int]], shape: tuple[int, ...], *, chosen: bool) -> list[str]:
    """What was found, in plain words."""
    (height, width), most = sizes.most_common(1)[0]
    target = f"{shape[0]} x {shape[1]}"
    if len(sizes) == 1:
        sentence = f"Every image is {height} x {width} (height x width)"
    else:
        sentence = f"Images of {len(sizes)} sizes, {most:,} of {sizes.total():,} are {height} x {width} (height x width)"
    if len(sizes) > 1 or (height, width) != shape[:2]:
        sentence += f"; they are stretched to {target}" + (", as you chose" if chosen else "")
    colour = "Grey: no image has colour" if shape[2] == 1 else "In colour: red, green and blue are three channels"
    return [f"{sentence}.", f"{colour}."]


def left_out_clause(left: LeftOut) -> str:
    """What was left out, in parentheses to be put after an error; empty where nothing was."""
    return f" ({'; '.join(left.words())})" if left.count else ""
