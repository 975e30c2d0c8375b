"""What the skip of a Residual and the join of a Parallel make of shapes, without TensorFlow."""

import math
from collections.abc import Sequence

from nnviz.catalog.entry import Shape
from nnviz.catalog.layers.building import shape_text
from nnviz.errors import StackError


def residual_weights(before: Shape, after: Shape, *, project: bool) -> int:
    """How many weights the skip of a Residual has: none where its inner layers keep the shape, else those of a projection
    without bias. Raises StackError where the input cannot be added."""
    if before == after:
        return 0
    change = f"the inner layers turn {shape_text(before)} into {shape_text(after)}, which cannot be added to the input"
    if projection_strides(before, after) is None:
        raise StackError(
            change,
            remedy="Let them end in the shape they are given: only the channels may be projected, "
            "and an image be made smaller by whole steps.",
        )
    if not project:
        kind = {1: "units", 3: "filters"}.get(len(before), "channels")
        raise StackError(
            change,
            remedy=f"End the inner layers in {before[-1]} {kind}, or set project to true."
            if before[:-1] == after[:-1]
            else "Keep the size of the image inside, or set project to true.",
        )
    return before[-1] * after[-1]


def projection_strides(before: Shape, after: Shape) -> Shape | None:
    """The steps at which a 1x1 convolution brings one shape to the other, () for a vector; None where none does."""
    if len(before) != len(after):
        return None
    steps = tuple(math.ceil(wide / small) for wide, small in zip(before[:-1], after[:-1], strict=True))
    fits = all((wide - 1) // step + 1 == small for wide, small, step in zip(before[:-1], after[:-1], steps, strict=True))
    return steps if fits and (len(before) == 3 or set(steps) <= {1}) else None


def joined_shape(shapes: Sequence[Shape], join: str) -> Shape:
    """The shape of joined branches. Raises StackError where they do not fit together."""
    words = " and ".join(dict.fromkeys(shape_text(shape) for shape in shapes))
    if join == "concatenate":
        if len({shape[:-1] for shape in shapes}) > 1:
            raise StackError(
                f"branches of {words} cannot be concatenated", remedy="Only their last sizes (units, channels) may differ."
            )
        return (*shapes[0][:-1], sum(shape[-1] for shape in shapes))
    if len(set(shapes)) > 1:
        verb = {"add": "added", "average": "averaged"}[join]
        raise StackError(f"branches of {words} cannot be {verb}", remedy='Give them equal sizes, or join by "concatenate".')
    return shapes[0]
