"""What to do, never how: a RunSpec and its parts, frozen pydantic models that are read from and written to JSON.

`RunSpec.parse` turns every mistake into a SpecError with the path of the field, as in `layers[1].layers[0].units`.
"""

from nnviz.spec.blocks import (
    Branch,
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
from nnviz.spec.calls import Call, plain
from nnviz.spec.class_weights import check_class_weight, class_weight_by_position, class_weight_list, weights_spelled_out
from nnviz.spec.compare import changes, differences, summary
from nnviz.spec.components import BLOCKS, Cost, Layer, Optimizer, Parallel, Repeat, Residual, Schedule
from nnviz.spec.custom_components import custom_expressions
from nnviz.spec.expansion import MAX_LAYERS, Placed, expand, inner_lists, layer_count, layer_kinds, settle, unfold
from nnviz.spec.group import MAX_MEMBERS, Member, alone, is_group, members
from nnviz.spec.parts import Checked, Component, Part
from nnviz.spec.race import RaceSpec
from nnviz.spec.run import RunSpec, check_cost, output_columns, parse_component, parse_cost, parse_layers
from nnviz.spec.sweep.block import (
    MAX_TRIALS,
    SweepSpec,
    Vary,
    base_spec,
    choices,
    combinations,
    grid,
    is_better_higher,
    pruning_metric,
    sweep_of,
    trial_spec,
)
from nnviz.spec.sweep.fields import field_type, value_at, variable_fields
from nnviz.spec.tuning import TUNINGS, Tuning, tuning_of

__all__ = [
    "BLOCKS",
    "MAX_LAYERS",
    "MAX_MEMBERS",
    "MAX_TRIALS",
    "TUNINGS",
    "Branch",
    "BuiltinData",
    "Call",
    "Checked",
    "ColumnSpec",
    "Component",
    "Cost",
    "Data",
    "EarlyStopping",
    "FileData",
    "Layer",
    "Member",
    "Optimizer",
    "Parallel",
    "Part",
    "Placed",
    "RaceSpec",
    "ReadSpec",
    "Repeat",
    "Residual",
    "RunSpec",
    "Schedule",
    "SplitSpec",
    "SweepSpec",
    "SyntheticData",
    "TrainingSpec",
    "Tuning",
    "Vary",
    "alone",
    "base_spec",
    "changes",
    "check_class_weight",
    "check_cost",
    "choices",
    "class_weight_by_position",
    "class_weight_list",
    "combinations",
    "custom_expressions",
    "differences",
    "expand",
    "field_type",
    "grid",
    "inner_lists",
    "is_better_higher",
    "is_group",
    "layer_count",
    "layer_kinds",
    "members",
    "output_columns",
    "parse_component",
    "parse_cost",
    "parse_layers",
    "plain",
    "pruning_metric",
    "settle",
    "summary",
    "sweep_of",
    "trial_spec",
    "tuning_of",
    "unfold",
    "value_at",
    "variable_fields",
    "weights_spelled_out",
]
