"""What a report says of how columns were cleaned: how they were read, left out, and which cells count as missing."""

from collections.abc import Sequence

from nnviz.data.column_names import MAX_NAMED, count_of, short
from nnviz.data.columns import missing_words
from nnviz.data.columns.column import BY_CHOICE, Column
from nnviz.data.columns.reading_rules import Rules


def reading_notes(columns: Sequence[Column], targets: Sequence[str], task: str, rules: Rules) -> list[str]:
    """How columns were read, and cells of the target that are no numbers."""
    notes = []
    for column in columns:
        is_target = column.name in targets
        if is_target and task == "classification":
            continue
        notes += [f"column {short(column.name)!r}: {note}" for note in column.notes]
        if is_target and column.odd and not rules.is_old:
            notes.append(
                f"column {short(column.name)!r}: {count_of(column.odd, 'cell')} that are no numbers "
                f"({', '.join(column.odd_examples)}), so their rows have no target"
            )
    if len(notes) > 3 * MAX_NAMED:
        notes = [*notes[: 3 * MAX_NAMED], f"and {len(notes) - 3 * MAX_NAMED} more notes of this kind"]
    return notes


def left_out_notes(columns: Sequence[Column], targets: Sequence[str]) -> list[str]:
    """Which columns are left out and why, and which cells of the others count as missing."""
    left = [column for column in columns if not column.use and column.name not in targets and column.why != BY_CHOICE]
    notes = [f"column {short(column.name)!r} is left out: {column.why}" for column in left[:MAX_NAMED]]
    if len(left) > MAX_NAMED:
        notes.append(f"and {len(left) - MAX_NAMED} more columns are left out")
    for column in columns:
        if column.infinite and column.name not in targets:
            notes.append(f"column {short(column.name)!r}: {count_of(column.infinite, 'infinite value')} counted as missing")
        if column.odd and column.name not in targets:
            noun = "dates" if column.type == "date" else "numbers"
            notes.append(
                f"column {short(column.name)!r}: {count_of(column.odd, 'cell')} that are no {noun} "
                f"({', '.join(column.odd_examples)}) counted as missing"
            )
    return notes


def word_notes(columns: Sequence[Column], targets: Sequence[str]) -> list[str]:
    """Which words counted as missing, which as values, and which cells became one; the target first."""
    ordered = sorted(
        (column for column in columns if column.use or column.name in targets), key=lambda column: column.name not in targets
    )
    notes = [
        note
        for column in ordered
        for note in (
            *missing_words.sentences(column.name, column.missing_words, list(column.value_words.items())),
            *_merged(column),
        )
    ]
    more = len(notes) - MAX_NAMED
    return notes if more <= 0 else [*notes[:MAX_NAMED], f"and {more} more such notes: see the columns"]


def _merged(column: Column) -> list[str]:
    if not column.merged:
        return []
    kind = {"number": "number", "date": "date"}.get(column.type, "truth")
    return [
        f"column {short(column.name)!r}: {count_of(column.merged, 'cell')} written differently became the same {kind} as "
        f"another ({' and '.join(repr(short(text)) for text in column.merged_examples)})"
    ]
