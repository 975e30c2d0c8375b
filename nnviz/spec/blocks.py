"""The blocks of a spec beside its layers, cost and optimizer: data, split and training."""

from typing import Annotated, Any, Literal

from pydantic import Field
from pydantic.functional_validators import PlainValidator
from pydantic.json_schema import WithJsonSchema
from pydantic.types import Strict

from nnviz.catalog import DATASETS
from nnviz.catalog.datasets import SYNTHETIC_PARAMS
from nnviz.catalog.param import Param, quote
from nnviz.catalog.training import EARLY_STOPPING, SPLIT, TRAINING
from nnviz.spec.parts import Checked, Part, choice

TASKS = ("classification", "regression")
COLUMN_TYPES = ("number", "category", "boolean", "date", "text", "identifier")


class ReadSpec(Part):
    """How a file is read; None: found out. `rules`: the version of the rules by which cells become numbers, dates, classes or
    missing; 1 for runs of before there were versions. `missing`: the words that count as missing (the empty cell always
    does), compared without blanks around them and in any case; None: the usual ones."""

    separator: str | None = None
    decimal: Annotated[str | None, choice("decimal", ".", ",")] = None
    encoding: str | None = None
    rules: Literal[1, 2] = 2
    missing: Annotated[tuple[str, ...] | None, Strict(False)] = None


class ColumnSpec(Part):
    """What one column is taken for, against what was inferred. `elapsed`: of dates, whether the days since the earliest training
    row are an input beside the parts."""

    type: Annotated[str | None, choice("type", *COLUMN_TYPES)] = None
    use: bool | None = None
    elapsed: bool = False


_SYNTHETIC = {param.name: param for param in SYNTHETIC_PARAMS}


def _data_name(kind: str) -> Param:
    names = tuple(name for name, entry in DATASETS.items() if entry.kind == kind)
    return Param(name="name", type="choice", required=True, choices=names, help="The name of the data set.")


def _check_target(value: Any) -> Any:
    if value is None or (isinstance(value, str | int) and not isinstance(value, bool)):
        return value
    raise ValueError(f"target must be the name of a column or its place, 0 for the first, -1 for the last; got {quote(value)}")


def _check_dropped(value: Any) -> Any:
    if isinstance(value, str | int) and not isinstance(value, bool):
        return value
    raise ValueError(
        f"a column to leave out must be given by its name or its place, 0 for the first, -1 for the last; got {quote(value)}"
    )


_DROPPED = {"type": ["string", "integer"], "description": "A column's name or place."}
_Dropped = Annotated[str | int, PlainValidator(_check_dropped), WithJsonSchema(_DROPPED)]
_TARGET = {"type": ["string", "integer", "null"], "description": "The column to predict: its name or place; null: found out."}


def _check_image_size(value: Any) -> Any:
    sides = value if isinstance(value, list | tuple) and len(value) == 2 else [value]
    if value is None or all(
        isinstance(side, int) and not isinstance(side, bool) and MIN_SIDE <= side <= MAX_SIDE for side in sides
    ):
        return value
    raise ValueError(
        f"image_size must be a whole number from {MIN_SIDE} to {MAX_SIDE}, or [height, width] of such; got {quote(value)}"
    )


MIN_SIDE, MAX_SIDE = 4, 512
_IMAGE_SIZE = {
    "type": ["integer", "array", "null"],
    "items": {"type": "integer"},
    "description": "Images by folder: the height and width they are stretched to; null: the most common size, at most 64 x 64.",
}


class FileData(Part):
    """A table, arrays or images in the file or folder at `path`.

    `target`: the column to predict, by name or place; `task`: classification or regression; `header`: whether the first line
    names the columns; each is inferred where it is None. `validation_path` and `test_path`: files of rows of their own for
    these parts. `read` and `columns` overrule what is inferred of the file and of single columns. `image_size`: the side, or
    height and width, in pixels that images of a folder are resized to."""

    kind: Literal["file"]
    path: str = Field(min_length=1)
    target: Annotated[str | int | None, PlainValidator(_check_target), WithJsonSchema(_TARGET)] = None
    task: Annotated[str | None, choice("task", *TASKS)] = None
    header: bool | None = None
    drop: Annotated[tuple[_Dropped, ...], Strict(False)] = ()
    """Columns that are left out, each by its name or its place, 0 for the first, -1 for the last."""
    validation_path: str | None = None
    test_path: str | None = None
    read: ReadSpec = ReadSpec()
    columns: dict[str, ColumnSpec] = Field(default_factory=dict)
    image_size: Annotated[int | list[int] | None, PlainValidator(_check_image_size), WithJsonSchema(_IMAGE_SIZE)] = None
    sha256: str | None = None
    """The bytes of the file in the store's blobs, filled in when the run is created; below of the other two files."""
    validation_sha256: str | None = None
    test_sha256: str | None = None

    @property
    def size(self) -> tuple[int, int] | None:
        """Height and width that images are stretched to, where they were chosen."""
        size = self.image_size
        return size if size is None else (size, size) if isinstance(size, int) else (size[0], size[1])


class BuiltinData(Part):
    """A data set that comes with nnviz, by its `name` in the catalog (`nnviz.catalog.DATASETS`), such as iris. `task`: the
    data set's own where it is None."""

    kind: Literal["builtin"]
    name: Annotated[str, Checked(_data_name("builtin"))]
    task: Annotated[str | None, choice("task", *TASKS)] = None


class SyntheticData(Part):
    """Points drawn by a rule, by its `name` in the catalog, such as spirals: `samples` rows, with `noise` added, the same
    ones for the same `seed`. `task`: the data set's own where it is None."""

    kind: Literal["synthetic"]
    name: Annotated[str, Checked(_data_name("synthetic"))]
    samples: Annotated[int, Checked(_SYNTHETIC["samples"])] = _SYNTHETIC["samples"].default
    noise: Annotated[float, Checked(_SYNTHETIC["noise"])] = _SYNTHETIC["noise"].default
    seed: Annotated[int, Checked(_SYNTHETIC["seed"])] = _SYNTHETIC["seed"].default
    task: Annotated[str | None, choice("task", *TASKS)] = None


Data = Annotated[FileData | BuiltinData | SyntheticData, Field(discriminator="kind")]


class SplitSpec(Part):
    """Fractions of the rows; 0 leaves a part out. `column` names one that says train, validation or test; `by` one whose
    groups stay together or, where it holds dates, along whose time the rows are cut. With `folds` the test part is cut
    first and the folds of the rest supply the validation rows; `fold` names one of them. `duplicates`: whether rows that
    are equal in every input and in the target may fall into different parts ("apart") or not ("together")."""

    validation: Annotated[float, Checked(SPLIT["validation"])] = SPLIT["validation"].default
    test: Annotated[float, Checked(SPLIT["test"])] = SPLIT["test"].default
    seed: Annotated[int, Checked(SPLIT["seed"])] = SPLIT["seed"].default
    test_seed: Annotated[int | None, Checked(SPLIT["test_seed"])] = None
    column: str | None = None
    by: str | None = None
    folds: Annotated[int | None, Checked(SPLIT["folds"])] = None
    fold: Annotated[int | None, Checked(SPLIT["fold"])] = None
    repeats: Annotated[int, Checked(SPLIT["repeats"])] = 1
    duplicates: Annotated[str, Checked(SPLIT["duplicates"])] = SPLIT["duplicates"].default


class Branch(Part):
    """Where a run begins that goes on from another's snapshot: after `step` steps of the run `run`."""

    run: str = Field(min_length=1, max_length=32)
    step: int = Field(ge=1)


class EarlyStopping(Part):
    """Training ends once the validation loss has not improved for `patience` epochs in a row."""

    patience: Annotated[int, Checked(EARLY_STOPPING["patience"])] = EARLY_STOPPING["patience"].default


class TrainingSpec(Part):
    """How long a network trains: `epochs` times through its rows, `batch_size` rows a step, in an order and with first weights
    that `seed` determines. The losses on all rows are computed every `record_every` epochs. `keep`: whether the weights used
    for test, prediction and export are the last or those of the best epoch by validation. `repeats`: so many runs, with
    seeds that follow one another (see `members`)."""

    epochs: Annotated[int, Checked(TRAINING["epochs"])] = TRAINING["epochs"].default
    batch_size: Annotated[int, Checked(TRAINING["batch_size"])] = TRAINING["batch_size"].default
    seed: Annotated[int, Checked(TRAINING["seed"])] = TRAINING["seed"].default
    record_every: Annotated[int, Checked(TRAINING["record_every"])] = TRAINING["record_every"].default
    early_stopping: EarlyStopping | None = None
    keep: Annotated[str, Checked(TRAINING["keep"])] = TRAINING["keep"].default
    repeats: Annotated[int, Checked(TRAINING["repeats"])] = 1
