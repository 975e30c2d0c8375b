"""What to do, never how: a RunSpec and its parts, frozen pydantic models that are read from and written to JSON.

`RunSpec.parse` turns every mistake into a SpecError with the path of the field, as in `layers[1].layers[0].units`.
"""

from nnviz.spec.blocks import (
    BuiltinData,
    ColumnSpec,
    Data,
    EarlyStopping,
    FileData,
    ReadSpec,
    SplitSpec,
    SyntheticData,
    TrainingSpec,
)
from nnviz.spec.compare import differences, summary
from nnviz.spec.components import TRANSFORMS, Cost, Layer, Optimizer, Repeat, Schedule
from nnviz.spec.expansion import MAX_LAYERS, expand, layer_count, settle
from nnviz.spec.group import MAX_MEMBERS, Member, is_group, members
from nnviz.spec.parts import Checked, Component, Part
from nnviz.spec.run import RunSpec, output_columns, parse_cost, parse_layers

__all__ = [
    "MAX_LAYERS", "MAX_MEMBERS", "TRANSFORMS", "BuiltinData", "Checked", "ColumnSpec", "Component", "Cost", "Data",
    "EarlyStopping", "FileData", "Layer", "Member", "Optimizer", "Part", "ReadSpec", "Repeat", "RunSpec", "Schedule",
    "SplitSpec", "SyntheticData", "TrainingSpec", "differences", "expand", "is_group", "layer_count", "members",
    "output_columns", "parse_cost", "parse_layers", "settle", "summary",
]
