"""Every cost: what training minimizes. Each module here gives its costs as `ENTRIES`; a new module is found by itself."""

from nnviz.catalog.collect import collect
from nnviz.catalog.entry import CostEntry

__all__ = ["COSTS"]

COSTS: dict[str, CostEntry] = collect(__name__, __path__, CostEntry, first=("standard",))
