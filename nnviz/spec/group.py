"""A spec that stands for several runs, a group: folds, repeats of the split, repeats of the training, or a race."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from nnviz.errors import SpecError
from nnviz.spec.blocks import FileData, SplitSpec, TrainingSpec
from nnviz.spec.race import check_race, labels, place_of, variant

if TYPE_CHECKING:
    from nnviz.spec.run import RunSpec

MAX_MEMBERS = 200
_SEEDS = 2**31


@dataclass(frozen=True)
class Member:
    """One run of a group: a `spec` that can be trained alone, and its `label` within the group: `fold 2/5`."""

    spec: "RunSpec"
    label: str


def is_group(spec: "RunSpec") -> bool:
    """Whether a spec stands for more than one run."""
    return spec.race is not None or _count(spec.split, spec.training) > 1


def alone(spec: "RunSpec") -> "RunSpec":
    """The one run that a spec asks for where folds, repeats, race and sweep are left out."""
    record = {name: value for name, value in spec.to_json().items() if name not in ("race", "sweep")}
    record["split"] = {name: value for name, value in record.get("split", {}).items() if name not in ("folds", "fold", "repeats")}
    record["training"] = {name: value for name, value in record.get("training", {}).items() if name != "repeats"}
    return type(spec).parse(record)


def members(spec: "RunSpec") -> list[Member]:
    """The runs that a spec stands for, in order: by repeat of the split, fold, repeat of the training.

    Repeat r (from 0) of the split has the seed `split.seed + r` and the test part of the first; repeat t of the training
    has the seed `training.seed + t`. Nothing else differs. Of a race the variants, in their order, with the same seeds."""
    if spec.race is not None:
        return [Member(_variant(spec, place), label) for place, label in enumerate(labels(spec.race))]
    split, training = spec.split, spec.training
    return [
        Member(_member(spec, repeat, fold, seed), _label(spec, repeat, fold, seed))
        for repeat in range(split.repeats)
        for fold in _folds(split)
        for seed in range(training.repeats)
    ]


def check_split(split: SplitSpec, training: TrainingSpec, data: Any) -> None:
    """What the fields of a split say against each other. Raises SpecError."""
    if split.column is not None:
        others = [name for name in ("folds", "by") if getattr(split, name) is not None]
        others += ["repeats"] if split.repeats > 1 else []
        others += ["duplicates"] if split.duplicates == "together" else []
        if others:
            raise SpecError(
                f"the column {split.column!r} says which rows are in which part",
                where=f"split.{others[0]}",
                remedy=f"Leave out split.{others[0]} or split.column.",
            )
    if split.fold is not None and (split.folds is None or split.fold > split.folds):
        raise SpecError(
            f"there is no fold {split.fold} of {split.folds or 'none'}",
            where="split.fold",
            remedy="Give split.folds too, and a fold up to it.",
        )
    has_file = isinstance(data, FileData) and data.validation_path is not None
    if has_file and split.folds is not None:
        raise SpecError(
            "the file data.validation_path holds the validation rows, and the folds would supply others",
            where="split.folds",
            remedy="Leave out one of the two.",
        )
    if split.repeats > 1 and split.folds is None and (has_file or split.validation == 0):
        raise SpecError(
            "every repeat of this split would be the same",
            where="split.repeats",
            remedy="Repeats cut the validation rows anew: give split.validation or split.folds.",
        )
    count = _count(split, training)
    if count > MAX_MEMBERS:
        raise SpecError(f"folds and repeats make {count:,} runs", where="split", remedy=f"At most {MAX_MEMBERS} are allowed.")


def check_group(spec: "RunSpec") -> None:
    """Whether each run of a race can be trained. Raises SpecError at the path in the race."""
    if spec.race is None:
        return
    check_race(spec.to_json(), spec.race, is_repeated=_count(spec.split, spec.training) > 1)
    for place in range(len(spec.race.over)):
        _variant(spec, place)


def check_branch(spec: "RunSpec") -> None:
    """A branch is one run. Raises SpecError."""
    if spec.branch is not None and is_group(spec):
        raise SpecError(
            "a branch is one run, and this spec stands for several",
            where="from",
            remedy="Leave out folds, repeats and race, or name one fold in split.fold.",
        )


def _count(split: SplitSpec, training: TrainingSpec) -> int:
    return split.repeats * len(_folds(split)) * training.repeats


def _variant(spec: "RunSpec", place: int) -> "RunSpec":
    assert spec.race is not None
    record = variant(spec.to_json(), spec.race, place)
    try:
        return type(spec).parse(record)
    except SpecError as error:
        raise place_of(error, spec.race, place) from error


def _folds(split: SplitSpec) -> list[int | None]:
    if split.folds is None or split.fold is not None:
        return [split.fold]
    return list(range(1, split.folds + 1))


def _member(spec: "RunSpec", repeat: int, fold: int | None, seed: int) -> "RunSpec":
    record = spec.to_json()
    split = {name: value for name, value in record.get("split", {}).items() if name != "repeats"}
    training = {name: value for name, value in record.get("training", {}).items() if name != "repeats"}
    if spec.split.repeats > 1:
        first = spec.split.seed if spec.split.test_seed is None else spec.split.test_seed
        split |= {"seed": (spec.split.seed + repeat) % _SEEDS, "test_seed": first}
    if fold is not None:
        split["fold"] = fold
    if spec.training.repeats > 1:
        training["seed"] = (spec.training.seed + seed) % _SEEDS
    return type(spec).parse(record | {"split": split, "training": training})


def _label(spec: "RunSpec", repeat: int, fold: int | None, seed: int) -> str:
    split, training = spec.split, spec.training
    words = [f"repeat {repeat + 1}/{split.repeats}"] if split.repeats > 1 else []
    words += [f"fold {fold}/{split.folds}"] if fold is not None else []
    words += [f"training {seed + 1}/{training.repeats}"] if training.repeats > 1 else []
    return " · ".join(words)
