"""Entries from every module of a package: a new file with one entry is all that a new entry takes."""

import pkgutil
from collections.abc import Iterable, Sequence
from importlib import import_module
from typing import Protocol, TypeVar


class Entry(Protocol):
    @property
    def kind(self) -> str: ...


EntryT = TypeVar("EntryT", bound=Entry)


def collect(
    package: str, path: Iterable[str], entry_class: type[EntryT], *, first: Sequence[str] = (), order: Sequence[str] = ()
) -> dict[str, EntryT]:
    """By kind, what the modules of `package` that lie in `path` have in `ENTRIES`, in the order in which they are offered:
    the kinds in `order`, then the modules named in `first`, then the others by name. Raises ValueError where an entry is none
    of `entry_class`, or two share a kind; KeyError where a kind in `order` has no entry."""
    names = [info.name for info in pkgutil.iter_modules(path)]
    entries: dict[str, EntryT] = {}
    for name in [*first, *sorted(set(names) - set(first))]:
        for entry in getattr(import_module(f"{package}.{name}"), "ENTRIES", ()):
            if not isinstance(entry, entry_class):
                raise ValueError(f"{package}.{name}: {entry!r} is no {entry_class.__name__}")
            if entry.kind in entries:
                raise ValueError(f"{package}.{name}: there is a {entry.kind} already")
            entries[entry.kind] = entry
    return {kind: entries[kind] for kind in dict.fromkeys([*order, *entries])}
