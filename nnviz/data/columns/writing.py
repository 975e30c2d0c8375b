"""Notes on how the numbers or dates of a column are written and read: units, grouped thousands, an ambiguous order."""

from dataclasses import dataclass

from nnviz.data.columns import cells, dates, numbers

LONGEST = 40


@dataclass(frozen=True)
class Marks:
    """The decimal mark of a file, and whether it is certain (set by the user, or evident from other columns)."""

    decimal: str = "."
    is_sure: bool = False


PLAIN = Marks()


def of_numbers(seen: numbers.Detected, marks: Marks) -> tuple[str, ...]:
    """Sentences about the format, cells without the unit, and ambiguity; none for numbers written like the rest of the file."""
    notes, value = [], cells.written(seen.value)
    if seen.has_more or (not seen.is_plain and seen.way.decimal != marks.decimal):
        note = " (per cent, not a share of 1)" if seen.way.unit == "%" else ""
        notes.append(f'numbers written like "{short(seen.example)}" are read as {value}{note}')
    if seen.bare:
        notes.append(f"{seen.bare} without {seen.way.unit!r} are read as if they had it")
    if seen.other is not None and not marks.is_sure and (seen.has_more or seen.has_whole):
        other = "," if seen.way.decimal == "." else "."
        notes.append(
            f'"{short(seen.example)}" could be {value} or {cells.written(seen.other)}: it is read as {value}; '
            f'for the other, set data.read.decimal to "{other}"'
        )
    return tuple(notes)


def of_dates(seen: dates.Detected, *, is_declared: bool) -> tuple[str, ...]:
    """Sentences about an ambiguous order of day and month, different offsets from UTC, and days of eight digits."""
    notes = []
    if seen.ambiguous:
        notes.append(
            f'"{short(seen.ambiguous)}" could have the day or the month first: it is read month first; write dates as '
            "2024-12-31 to be sure"
        )
    if seen.offsets > 1:
        notes.append(
            f"{seen.offsets} different offsets from UTC: rows are ordered by the instant, the parts (hour, weekday) are "
            "those of the local clock as written"
        )
    if "+digits" in seen.way and not is_declared:
        notes.append("its eight digits are read as dates (20171201: 1 December 2017)")
    return tuple(notes)


def short(value: str) -> str:
    return value if len(value) <= LONGEST else value[: LONGEST - 3] + "..."
