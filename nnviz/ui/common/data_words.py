"""How much a data set holds, in the same words on every page."""

from collections.abc import Mapping
from typing import Any

from nnviz.ui.common.i18n import counted


def columns_text(columns: int, inputs: int) -> str:
    """`8 columns, 18 inputs`: columns of the file that are used, the target apart, and the numbers that the network gets of
    them; `4 columns` where each is one number."""
    text = counted("{n} column", "{n} columns", columns)
    return text if columns == inputs else f"{text}, {counted('{n} input', '{n} inputs', inputs)}"


def used_columns(report: Mapping[str, Any]) -> int:
    """How many columns of a report (its JSON) are inputs."""
    return sum(column["use"] and column["name"] not in report["target"] for column in report["columns"])
