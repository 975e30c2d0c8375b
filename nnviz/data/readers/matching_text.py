"""Text tables that must have the columns of another one: new rows for a network, rows that validate or test. They are read as
that file was written; where this cannot be right, they are read as they are, and it is said."""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from nnviz.data.column_names import listed, mended, short
from nnviz.data.columns import cells, numbers
from nnviz.data.columns.number_formats import NumberFormat
from nnviz.data.columns.reading_rules import Rules
from nnviz.data.readers import dialect
from nnviz.data.readers.encodings import title
from nnviz.data.readers.file_format import FileForm
from nnviz.data.readers.malformed import Dialect, ragged
from nnviz.data.readers.text import normalized, table_of
from nnviz.data.readers.text_layout import find_dialect
from nnviz.data.tables import Table
from nnviz.errors import DataError
from nnviz.spec import FileData, ReadSpec

CELLS = 20_000
"""Cells that are looked at for the decimal mark."""
_ONLY_COMMA = re.compile(r"[+-]?(\d{4,},\d+|\d+,(\d{1,2}|\d{4,})|0\d*,\d+|,\d+)")
_ONLY_POINT = re.compile(r"[+-]?(\d{4,}\.\d+|\d+\.(\d{1,2}|\d{4,})|0\d*\.\d+|\.\d+)")
"""Numbers whose mark cannot group thousands."""
_NUMBER = re.compile(r"[+-]?[\d.,\s]*\d[\d.,]*([eE][+-]?\d+)?")


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What a table must bring: `columns` by name, those of `numbers` as numbers; those of `plain`, the targets' among them, were
    written without groups and units. `targets` may be absent. `form`: how the file that taught these names was written;
    `options`: the spec's data block; `remedy`: what helps where a column is missing."""

    columns: tuple[str, ...]
    numbers: Collection[str] = ()
    targets: tuple[str, ...] = ()
    form: FileForm | None = None
    options: FileData
    plain: Collection[str] = ()
    remedy: str = "The network was trained with them: add them, with blanks where the value is not known."

    @property
    def expected(self) -> FileForm:
        """What is known beforehand; what the spec says goes before what was found out."""
        form, read = self.form or FileForm(), self.options.read
        header = form.header if self.options.header is None else self.options.header
        return replace(
            form,
            separator=read.separator or form.separator,
            decimal=read.decimal or form.decimal,
            encoding=read.encoding or form.encoding,
            header=header,
        )

    def in_order(self, width: int) -> tuple[str, ...] | None:
        """The names of so many columns that have none: all of the other file, or all but the targets, or the inputs."""
        every = self.expected.columns
        for names in (every, tuple(name for name in every if name not in self.targets), self.columns):
            if names and len(names) == width and set(self.columns) <= set(names):
                return names
        return None


@dataclass(frozen=True, kw_only=True)
class Plan:
    """How a file of new rows is read: for its further pieces. `names`: of the columns, in its order; `plain`: as in Wanted."""

    encoding: str
    separator: str
    decimal: str
    names: tuple[str, ...]
    plain: frozenset[str]


def read_new(content: bytes, *, name: str, wanted: Wanted) -> tuple[Table, Plan]:
    """The table, its columns under the names that are wanted, and how it was read. `Table.notes` begins with what differs from
    the other file. Raises DataError that names the columns it misses."""
    expected, rules = wanted.expected, Rules.of(wanted.options)
    text = normalized(dialect.text_of(content, None, name=name, expected=expected.encoding))
    notes = []
    if text.is_fallback and expected.encoding is not None:
        notes.append(f"read as {text.title}: this is not {title(expected.encoding)} as the rows of the training")
    layout, names = _chosen(text.text, name, wanted, notes)
    decimal = _decimal(layout, names, wanted, notes)
    table = table_of(replace(text, notes=()), replace(layout, decimal=decimal), name, rules)
    table.frame.columns = pd.Index(names, dtype="str")
    plan = Plan(encoding=text.encoding, separator=layout.separator, decimal=decimal, names=names, plain=frozenset(wanted.plain))
    return replace(table, frame=_with_points(table.frame, plan, rules), notes=(*notes, *text.notes)), plan


def read_more(content: bytes, *, name: str, plan: Plan, rules: Rules) -> Table:
    """A further piece of such a file: rows without a header."""
    text = normalized(dialect.text_of(content, None, name=name, expected=plan.encoding))
    data = _data(name, plan.separator, plan.decimal, False, rules)
    layout = find_dialect(text.text, name, data)
    if layout.width != len(plan.names):
        raise DataError(
            f"{layout.width} columns instead of {len(plan.names)}", where=name, remedy="Give every row the same number of cells."
        )
    table = table_of(text, layout, name, rules)
    table.frame.columns = pd.Index(plan.names, dtype="str")
    return replace(table, frame=_with_points(table.frame, plan, rules))


def _with_points(frame: pd.DataFrame, plan: Plan, rules: Rules) -> pd.DataFrame:
    """Columns of plain numbers that came as text, since some cells are none or are grouped, with numbers as a program writes
    them: by this file's decimal mark, which is known only here. Other cells stay as they are."""
    changed = {}
    for name in plan.plain:
        if name not in frame.columns or pd.api.types.is_numeric_dtype(frame[name].dtype):
            continue
        known = cells.text(frame[name], rules=rules)
        parsed = numbers.values(known, NumberFormat(",", ".") if plan.decimal == "," else NumberFormat())
        changed[name] = pd.Series(
            [
                cell if value != value else cells.written(value)
                for cell, value in zip(known.to_pylist(), parsed.tolist(), strict=True)
            ],
            index=frame.index,
            dtype="str",
        )
    return frame.assign(**changed) if changed else frame


def typed_number(cell: str, form: FileForm | None) -> str:
    """A number that somebody typed, with a point: where the file had decimal commas, 1,234 is a little more than one."""
    if form is None or form.decimal != "," or "," not in cell or not re.fullmatch(r"\s*[+-]?[\d.]*,\d*([eE][+-]?\d+)?\s*", cell):
        return cell
    return cell.replace(".", "").replace(",", ".")


def _data(name: str, separator: str | None, decimal: str | None, header: bool | None, rules: Rules) -> FileData:
    return FileData(
        kind="file", path=name, header=header, read=ReadSpec(separator=separator, decimal=decimal, **rules.read_fields())
    )


def _chosen(text: str, name: str, wanted: Wanted, notes: list[str]) -> tuple[Dialect, tuple[str, ...]]:
    """The separator and header under which the columns are there, the expected ones first; appends to `notes`."""
    expected, rules = wanted.expected, Rules.of(wanted.options)
    first: tuple[str, ...] = ()
    uneven: Dialect | None = None
    for separator in _separators(text, name, expected, rules):
        layout = _try(text, name, separator, True, rules)
        if layout is None:
            continue
        names = tuple(mended(layout.head)[0])
        first = first or names
        if not set(wanted.columns) <= set(names):
            continue
        if _is_even(layout) and (not layout.has_row_names or _rows_are_named(layout, expected)):
            _say_separator(separator, expected, notes)
            twice = [column for column in wanted.columns if layout.head.count(column) > 1]
            if twice:
                called = listed(repr(short(column)) for column in twice)
                notes.append(f"more than one column is called {called}: the first is read")
            return layout, names
        uneven = uneven or layout
    if uneven is not None:
        # the columns are there, but the rows have more or fewer fields: none is shifted to make them fit
        head = uneven.head[1:] if uneven.has_row_names else uneven.head
        raise ragged(text, replace(uneven, head=head, width=len(head)), name) or DataError(
            f"rows have more fields than the {len(head)} names of the header",
            where=name,
            remedy="Give every row the same number of fields.",
        )
    separators = list(_separators(text, name, expected, rules))
    for separator in separators:
        by_place = _by_place(text, name, separator, wanted)
        if by_place is not None:
            _say_separator(separator, expected, notes)
            if by_place[0].has_header or expected.header is not False:
                why = "the first row holds other names" if by_place[0].has_header else "there is no header"
                notes.append(f"the columns are taken in their order as {listed(by_place[1])}: {why}")
            return by_place
    absent = [column for column in wanted.columns if column not in first]
    few = ", ".join(repr(column) for column in absent[:8]) + (f" and {len(absent) - 8} more" if len(absent) > 8 else "")
    has = f"It has {listed(repr(short(column)) for column in first)}. " if first else ""
    raise DataError(f"missing column{'s' if len(absent) > 1 else ''} {few}", where=name, remedy=f"{wanted.remedy} {has}".strip())


def _separators(text: str, name: str, expected: FileForm, rules: Rules) -> Iterator[str]:
    """The expected one, the one that seems right, and the others."""
    usual = _mark(expected.separator)
    if usual is not None:
        yield usual
    # a single row of words is no header where none is expected
    header = False if expected.header is False else None
    likely = find_dialect(text, name, _data(name, None, None, header, rules)).separator
    yield from (mark for mark in dict.fromkeys((likely, *dialect.SEPARATORS, dialect.BLANKS)) if mark != usual)


def _mark(separator: str | None) -> str | None:
    words = {word: mark for mark, word in dialect.NAMES.items()} | {"\\t": "\t"}
    return separator if separator is None else words.get(separator.lower(), separator)


def _try(text: str, name: str, separator: str, header: bool, rules: Rules) -> Dialect | None:
    """None where there is no header, or no rows."""
    try:
        # which decimal mark is looked at once the columns are known
        return find_dialect(text, name, _data(name, separator, ".", header, rules))
    except DataError:
        return None


def _is_even(layout: Dialect) -> bool:
    return all(len(row) == layout.width for row in layout.body)


def _rows_are_named(layout: Dialect, expected: FileForm) -> bool:
    """Whether the field too many in each row is its name, and no half of a number with a comma."""
    if expected.row_names:
        return True
    return not any(_NUMBER.fullmatch(row[0].strip()) for row in layout.body if row)


def _by_place(text: str, name: str, separator: str, wanted: Wanted) -> tuple[Dialect, tuple[str, ...]] | None:
    """Columns without known names, where there are exactly as many as the other file had (or as the network needs), and
    where numbers are wanted there are some."""
    rules = Rules.of(wanted.options)
    bare = _try(text, name, separator, False, rules)
    if bare is None or not _is_even(bare):
        return None
    names = wanted.in_order(bare.width)
    if names is None:
        return None
    numeric = [place for place, column in enumerate(names) if column in wanted.numbers]
    if not numeric and wanted.expected.header is not False:
        return None
    has_names = bool(numeric) and not any(_is_cell(bare.body[0][place]) for place in numeric)
    if has_names and wanted.expected.header is not False:
        # it has a header, with names that are not those that are wanted
        return None
    rows = bare.body[1:] if has_names else bare.body
    known = [row[place] for row in rows for place in numeric]
    if known and sum(map(_is_cell, known)) < 0.5 * len(known):
        return None
    if not has_names:
        return bare, names
    headed = _try(text, name, separator, True, rules)
    return None if headed is None or not _is_even(headed) else (headed, names)


def _is_cell(cell: str) -> bool:
    """Whether it may stand in a column of numbers."""
    cell = cell.strip()
    return cell.lower() in cells.MISSING or bool(_NUMBER.fullmatch(cell))


def _say_separator(separator: str, expected: FileForm, notes: list[str]) -> None:
    usual = _mark(expected.separator)
    if usual is not None and usual != separator:
        words = [dialect.NAMES.get(mark, mark) for mark in (separator, usual)]
        notes.append(f"the columns are separated by {words[0]}, not by {words[1]} as in the rows of the training")


def _decimal(layout: Dialect, names: Sequence[str], wanted: Wanted, notes: list[str]) -> str:
    """The decimal mark: that of the other file, unless the numbers say that it is the other one."""
    usual = wanted.expected.decimal
    places = [place for place, name in enumerate(names) if not wanted.numbers or name in wanted.numbers or name in wanted.targets]
    rows = layout.body[: max(20, CELLS // max(1, len(places)))]
    numerals = [row[place].strip() for row in rows for place in places if place < len(row)]
    commas = sum(bool(_ONLY_COMMA.fullmatch(cell)) for cell in numerals)
    points = sum(bool(_ONLY_POINT.fullmatch(cell)) for cell in numerals)
    if usual is None:
        return numbers.file_decimal(layout.body, layout.separator)[0]
    other = "," if usual == "." else "."
    if (points, commas)[other == ","] and not (points, commas)[usual == ","]:
        example = next(cell for cell in numerals if (_ONLY_COMMA if other == "," else _ONLY_POINT).fullmatch(cell))
        words = {",": "comma", ".": "point"}
        notes.append(f"numbers have a decimal {words[other]} ({example}), not a {words[usual]} as in the rows of the training")
        return other
    return usual
