"""Random changes of images while training, so that a network learns what does not matter."""

from collections.abc import Callable, Mapping
from typing import Any

from nnviz.catalog.entry import LayerEntry, Shape
from nnviz.catalog.layers.building import Built, need_image, same
from nnviz.catalog.param import Param


def _image(kind: str) -> Callable[[Shape, Mapping[str, Any]], Built]:
    def build(shape: Shape, params: Mapping[str, Any]) -> Built:
        need_image(shape, kind)
        return same(shape, params)

    return build


def _share(name: str, default: float, help: str, *, maximum: float = 1.0) -> Param:
    return Param(
        name=name,
        type="float",
        required=True,
        default=default,
        minimum=0,
        maximum=maximum,
        step=0.05,
        tunable="compiled",
        help=help,
    )


_FILL = Param(
    name="fill_mode",
    type="choice",
    default="reflect",
    choices=("reflect", "nearest", "wrap", "constant"),
    help="What lies beyond the border: the image mirrored, its last pixel, the other side, or zeros.",
)

_UNIT = {"value_range": (0, 1)}
"""Keras assumes image values from 0 to 255 unless set otherwise; ours are from 0 to 1."""

ENTRIES = (
    LayerEntry(
        kind="RandomFlip",
        group="augmentation",
        is_random=True,
        build=_image("RandomFlip"),
        help="Mirrors half of the images while training.",
        params=(
            Param(
                name="mode",
                type="choice",
                default="horizontal",
                choices=("horizontal", "vertical", "horizontal_and_vertical"),
                help="horizontal: left and right; vertical: above and below.",
            ),
        ),
    ),
    LayerEntry(
        kind="RandomTranslation",
        group="augmentation",
        is_random=True,
        build=_image("RandomTranslation"),
        help="Moves each image a little while training.",
        params=(
            _share("height_factor", 0.1, "How far up or down at most, as a share of the height."),
            _share("width_factor", 0.1, "How far left or right at most, as a share of the width."),
            _FILL,
        ),
    ),
    LayerEntry(
        kind="RandomRotation",
        group="augmentation",
        is_random=True,
        build=_image("RandomRotation"),
        help="Turns each image a little while training.",
        params=(_share("factor", 0.05, "How far at most to either side, as a share of a full turn."), _FILL),
    ),
    LayerEntry(
        kind="RandomZoom",
        group="augmentation",
        is_random=True,
        build=_image("RandomZoom"),
        help="Makes each image a little larger or smaller while training.",
        params=(_share("height_factor", 0.1, "How much at most; the width follows.", maximum=0.9), _FILL),
    ),
    LayerEntry(
        kind="RandomContrast",
        group="augmentation",
        is_random=True,
        build=_image("RandomContrast"),
        fixed=_UNIT,
        help="Strengthens or weakens each image's contrast while training.",
        params=(_share("factor", 0.2, "How much at most, as a share."),),
    ),
    LayerEntry(
        kind="RandomBrightness",
        group="augmentation",
        is_random=True,
        build=_image("RandomBrightness"),
        fixed=_UNIT,
        help="Makes each image brighter or darker while training.",
        params=(_share("factor", 0.1, "How much at most, as a share of the full scale, which is 1."),),
    ),
)
