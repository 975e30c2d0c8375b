"""Data: read a file or make a set, find out what its columns are, clean, split, encode.

    prepared = data.load(spec)                  arrays to train on, the fitted encoder, a report
    report = data.inspect(content, name=...)    what a file holds, in plain words
    frame = data.read_rows(content, ...)        new rows for a trained network
    x, y = data.synthetic.make("spirals", ...)  NumPy only: pages draw it as it will be trained on

Everything but `synthetic` needs pandas and pyarrow, so it is loaded at its first use.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from nnviz.data.sources import synthetic

if TYPE_CHECKING:
    from nnviz.data.columns.encode import Encoder
    from nnviz.data.columns.report import Report
    from nnviz.data.new_rows import read_rows
    from nnviz.data.prepare import inspect, load
    from nnviz.data.prepared import Part, Prepared

_PLACES = {
    "Encoder": "columns.encode",
    "Part": "prepared",
    "Prepared": "prepared",
    "Report": "columns.report",
    "inspect": "prepare",
    "load": "prepare",
    "read_rows": "new_rows",
}

__all__ = ["Encoder", "Part", "Prepared", "Report", "inspect", "load", "read_rows", "synthetic"]


def __getattr__(name: str) -> Any:
    if name not in _PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_PLACES[name]}"), name)
