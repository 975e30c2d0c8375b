"""What was read of a data set, in the words of the Data page, for the command line."""

from collections.abc import Mapping
from typing import Any

SEPARATORS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar", " ": "blanks"}


def reading(about: Mapping[str, Any]) -> str:
    """`150 rows, 3 of them left out; 8 columns + target, 18 inputs; CSV, separator comma, decimal point, encoding utf-8, with a
    header; 5 rows are copies of others, 2 of validation stand in training too`. `about`: see `about_data.about`."""
    parts = [f"{about['rows']:,} row" + ("" if about["rows"] == 1 else "s")]
    if about.get("rows_dropped"):
        parts[0] += f", {about['rows_dropped']:,} of them left out"
    if "columns" in about:
        parts.append(read_columns_words(about))
    read = about.get("read") or {}
    how = [str(read["format"])] if read.get("format") else []
    if "separator" in read:
        how += [
            f"separator {read.get('separator_name') or SEPARATORS.get(read['separator'], read['separator'])}",
            f"decimal {'comma' if read.get('decimal') == ',' else 'point'}",
        ]
    if read.get("encoding"):
        how.append(f"encoding {read.get('encoding_name') or read['encoding']}")
    if "header" in read:
        how.append("with a header" if read["header"] else "no header")
    return "; ".join([*parts, *([", ".join(how)] if how else []), *_copies(about.get("copies") or {})])


def read_columns_words(about: Mapping[str, Any]) -> str:
    """`columns_words` of a table, from what was read of it: see `about_data.about`."""
    columns = about["columns"]
    inputs = about.get("inputs", columns)
    return columns_words(columns, inputs, of=about.get("all_columns"), targets=about.get("targets", 1))


def columns_words(columns: int, inputs: int, *, of: int | None = None, targets: int = 1) -> str:
    """`3 of 5 columns + target, 8 inputs`: how many columns of a table are used besides the targets, of how many that the file
    has, targets included, where some are left out; and how many numbers the network gets of them, where that is another number.
    `of`: None where nothing is left out, or that is not known."""
    some = f"{columns:,} of {of:,}" if of is not None and of > columns + targets else f"{columns:,}"
    text = f"{some} column{'' if some == '1' else 's'} + {'target' if targets == 1 else f'{targets:,} targets'}"
    return text if inputs == columns else f"{text}, {inputs:,} input{'' if inputs == 1 else 's'}"


def _copies(copies: Mapping[str, Any]) -> list[str]:
    if not copies:
        return []
    if not copies["counted"]:
        return ["copies are not counted in data of this size, unless they are to be kept together"]
    if not copies["rows"]:
        return []
    count = copies["rows"]
    sentence = f"{count:,} row is a copy of another" if count == 1 else f"{count:,} rows are copies of others"
    return [
        ", ".join(
            [
                sentence,
                *(
                    f"{rows:,} of {part} {'stands' if rows == 1 else 'stand'} in training too"
                    for part, rows in copies["crossing"].items()
                    if rows
                ),
            ]
        )
    ]
