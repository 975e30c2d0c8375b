"""Rows: too few to tell, the same ones twice, other ones than those that were learned from."""

import math

import numpy as np

from nnviz.doctor.evidence import DataFacts, Evidence
from nnviz.doctor.finding import Mark, Verdict
from nnviz.doctor.learned import best
from nnviz.doctor.rules.rule import Rule
from nnviz.doctor.words import percent

FEW = 20
"""Validation rows: one more mistake among them is five points of accuracy."""
TWICE = 0.1
"""Of the validation rows, that stand among the training rows too, beyond what chance makes."""
SHIFTED = 8.0
"""Standard errors between the means of a column: of a thousand columns split by chance the largest has about four."""
RARE = 0.85
"""The commonest class's share from which accuracy says little."""
NO_MORE = 0.02
"""Of the accuracy of the commonest class alone."""
OFTEN = 8
"""Training rows of a class: with so many a random split gives some to validation."""
LITTLE = 0.35
"""Of the baseline's loss removed: less than that says that rare classes are not told apart."""


def validation_too_small(evidence: Evidence) -> Verdict | None:
    """So few validation rows that their metrics are mostly chance."""
    rows = evidence.data.rows.get("validation", 0) if evidence.data is not None else 0
    train = evidence.data.rows.get("train", 0) if evidence.data is not None else 0
    if evidence.data is None or not 0 < rows < FEW or train < 2 * rows:
        return None
    share = min(0.5, max(0.2, 1.5 * FEW / (rows + train)))
    text = f"There are only {rows} validation rows, so a single unusual one changes the validation loss a lot."
    if evidence.data.task == "classification":
        text = (
            f"There are {rows} validation rows: one more right answer moves the accuracy by {100 / rows:.0f} percentage points."
        )
    return Verdict(
        since=0,
        confidence=0.9 if rows < 0.75 * FEW else 0.75,
        text=text,
        what_to_do="Use more rows for validation, or train with folds: several runs, each with another part for validation.",
        change={"split.validation": round(share, 2)},
        marks=(Mark("val_loss", 0, evidence.step, None, f"of {rows} rows"),) if evidence.step else (),
    )


def overlapping_parts(evidence: Evidence) -> Verdict | None:
    """Validation rows that are training rows as well."""
    share = evidence.data.copies.get("validation", 0.0) if evidence.data is not None else 0.0
    if share < TWICE or evidence.spec.split.duplicates == "together":
        return None
    return Verdict(
        since=0,
        confidence=min(0.95, 0.7 + share / 2),
        text=f"{percent(share)} of the validation rows also stand among the training rows, so the network looks better than it "
        "is.",
        what_to_do="Remove copies, or keep them together in one part.",
        change={"split.duplicates": "together"},
    )


def shifted_parts(evidence: Evidence) -> Verdict | None:
    """Validation rows of another kind than the training rows."""
    shift = np.abs(evidence.data.shift) if evidence.data is not None else np.empty(0)
    if not len(shift) or shift.max() < SHIFTED:
        return None
    count = int((shift >= SHIFTED).sum())
    return Verdict(
        since=0,
        confidence=0.85,
        text=f"{count} of {len(shift)} inputs have clearly different values in the validation rows than in the training rows.",
        what_to_do="Split the rows at random, unless the difference is what you want to test.",
        change={"split.by": None} if evidence.spec.split.by is not None else {},
    )


def missing_class(evidence: Evidence) -> Verdict | None:
    """A class of which a part has no rows; of a draft one with too few rows for all parts."""
    data = evidence.data
    if data is None or not data.class_shares:
        return None
    if evidence.status == "draft":
        return _too_rare(evidence, data)
    train, others = data.class_shares["train"], [shares for part, shares in data.class_shares.items() if part != "train"]
    seen_elsewhere = np.sum(others, axis=0) > 0 if others else np.zeros(len(train), bool)
    if never := int(((train == 0) & seen_elsewhere).sum()):
        return Verdict(
            since=0,
            confidence=0.9,
            where="split",
            text=f"{_classes(never)} no training rows, so the network cannot learn {'it' if never == 1 else 'them'}.",
            what_to_do="Split the rows at random, or give more rows of that class.",
        )
    held_out = data.class_shares.get("validation")
    if held_out is None or not (absent := int(((held_out == 0) & (train * data.rows["train"] >= OFTEN)).sum())):
        return None
    return Verdict(
        since=0,
        confidence=0.7,
        where="split",
        text=f"{_classes(absent)} no validation rows, so nothing tells how well the network knows "
        f"{'it' if absent == 1 else 'them'}.",
        what_to_do="Split the rows at random, or use more rows for validation.",
    )


def _too_rare(evidence: Evidence, data: DataFacts) -> Verdict | None:
    split = evidence.spec.split
    total = sum(data.rows.values())
    parts = sum(rows > 0 for rows in data.rows.values())
    counts = np.round(data.class_shares["train"] * total)
    rare = int(((counts > 0) & (counts < parts)).sum())
    if split.column is not None or split.by is not None or split.folds is not None or not rare or total < FEW:
        return None
    return Verdict(
        since=0,
        confidence=0.7,
        where="split",
        text=f"{_classes(rare)} fewer rows than there are parts (training, validation, test), so a part will have none of "
        f"{'it' if rare == 1 else 'them'}.",
        what_to_do="Give more rows of that class, or leave it out.",
    )


def _classes(count: int) -> str:
    return "One class has" if count == 1 else f"{count:,} classes have"


def leakage(evidence: Evidence) -> Verdict | None:
    """A column in use that alone gives the target away."""
    leaks = evidence.data.leaks if evidence.data is not None else ()
    # of sets that were made or chosen to be learned, one column may well tell a class
    if not leaks or evidence.spec.data.kind != "file":
        return None
    names = " and ".join(f"“{name}”" for name in leaks[:3])
    dropped = evidence.spec.data.drop
    return Verdict(
        since=0,
        confidence=0.9,
        where="data.drop",
        text=f"{names} alone {'gives' if len(leaks) == 1 else 'give'} nearly all of the target away.",
        what_to_do="Leave it out, unless you will really know it before you predict.",
        change={"data.drop": [*dropped, *leaks]},
    )


def class_imbalance(evidence: Evidence) -> Verdict | None:
    """An accuracy that is high because one class is common, and no higher than that."""
    shares = evidence.data.class_shares.get("train", np.empty(0)) if evidence.data is not None else np.empty(0)
    prefix = evidence.held_out
    score = evidence.points(f"{prefix}accuracy")
    common = float(shares.max()) if len(shares) else 0.0
    removed = best(evidence, prefix)
    if common < RARE or score is None or removed is None or removed > LITTLE:
        return None
    reached = float(np.median(score.value[-3:]))
    if reached > common + NO_MORE or not math.isfinite(reached):
        return None
    return Verdict(
        since=0,
        confidence=0.85,
        where="cost.class_weight",
        text=f"{percent(reached)} right looks good, but {percent(common)} of the rows are of one class; most others are missed.",
        what_to_do="Give rare classes more weight in the cost, and look at the balanced accuracy.",
        change={"cost.class_weight": "balanced"},
        marks=(Mark(f"{prefix}accuracy", 0, evidence.step, common, "the commonest class"),),
    )


ENTRIES = (
    Rule(
        name="leakage",
        title="The target is given away",
        is_early=True,
        why="A column that is made from the target, or known only after it, holds the answer. The network then learns to "
        "copy it, and fails where it is not known yet.",
        what_is_this="Leakage: a training uses what is not known yet when one predicts. Results look wonderful and mean nothing. "
        "Ask of each column whether you will have it before you need the answer.",
        judge=leakage,
    ),
    Rule(
        name="class_imbalance",
        title="Rare classes are missed",
        explains=("underfitting",),
        why="Where nearly all rows are of one class, answering that class is right nearly always. Rare rows weigh little in "
        "the loss, so the network gains hardly anything by telling them apart.",
        what_is_this="Accuracy counts rows, not classes. With 95 rows of one class in 100, knowing nothing gives 95 %. Balanced "
        "accuracy is the mean of each class's share of right answers: with two classes, knowing nothing gives 50 %.",
        judge=class_imbalance,
    ),
    Rule(
        name="missing_class",
        title="A part without a class",
        is_early=True,
        why="Where rows are divided by a column or in the order of the file, or a class is rare, all its rows can fall into "
        "one part. A network cannot learn a class that training lacks, nor be tested on one that validation lacks.",
        what_is_this="Rows are divided into parts: training to learn from, validation and test to see how well that went. Each "
        "part should have rows of every class. A class that is missing in training is not learned; one that is missing in "
        "validation is not checked.",
        judge=missing_class,
    ),
    Rule(
        name="validation_too_small",
        title="Too few validation rows",
        is_early=True,
        explains=("shifted_parts", "missing_class", "trained_too_long"),
        why="With few rows each one moves the accuracy by whole percentage points. What looks like a better or worse training "
        "is then mostly which rows happened to be drawn.",
        what_is_this="Validation rows show how well a network does on rows it has not learned from. The fewer there are, the "
        "more that number is chance. With folds the rows are cut into parts, and in each of several runs another part "
        "validates, so that every row does once.",
        judge=validation_too_small,
    ),
    Rule(
        name="overlapping_parts",
        title="The same rows in training and validation",
        is_early=True,
        why="Rows that stand more than once in a file can fall into training and validation both. The network has then seen "
        "the answer.",
        what_is_this="Validation only means something with rows that training has not seen. Copies of a row in both parts make "
        "the network look better than it is. Remove copies, or keep them in one part.",
        judge=overlapping_parts,
    ),
    Rule(
        name="shifted_parts",
        title="Validation rows differ from training rows",
        is_early=True,
        explains=("overfitting", "too_large"),
        why="A network answers well for rows like those that it learned from. If the parts were cut by time, place or order, "
        "validation rows may be different.",
        what_is_this="Training and validation rows should be drawn at random from the same data. If they differ, a bad "
        "validation loss says little about overfitting. Sometimes that is what one wants to know, as when predicting the "
        "future.",
        judge=shifted_parts,
    ),
)
