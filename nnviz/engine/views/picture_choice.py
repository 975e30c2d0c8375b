"""What a viewer has chosen in the picture of a network, checked."""

from collections.abc import Mapping
from typing import Any

from nnviz.errors import RequestError


def pages_of(choice: Mapping[str, Any]) -> dict[str, int]:
    """Which 16 units of a layer are drawn, by its key, from 0. Raises RequestError for anything else."""
    pages = choice.get("pages", {})
    if not isinstance(pages, Mapping):
        raise RequestError(f"pages are whole numbers by the key of a layer; got {pages!r:.40}", where="pages")
    return {str(key): _whole(page, "pages") for key, page in pages.items()}


def picture_of(choice: Mapping[str, Any]) -> int:
    """Which row's picture, from 0. Raises RequestError for anything else."""
    return _whole(choice.get("picture", 0), "picture")


def unit_of(choice: Mapping[str, Any]) -> tuple[str, int] | None:
    """The unit that is left out to see what it is worth: the key of its layer, and its index; None without one. Raises
    RequestError for anything else."""
    unit = choice.get("unit")
    if unit is None:
        return None
    if not isinstance(unit, Mapping) or not isinstance(unit.get("key"), str):
        raise RequestError(f"a unit is named by the key of its layer and its index; got {unit!r:.40}", where="unit")
    return unit["key"], _whole(unit.get("index"), "unit")


def _whole(value: Any, name: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise RequestError(f"{name}: a whole number from 0 on; got {value!r:.40}", where=name)
    return value
