"""Names of columns: none blank, none twice, nothing else changed."""

from collections.abc import Sequence


def mended(names: Sequence[str], *, named: bool = True) -> tuple[list[str], list[str]]:
    """The names to use, and in words what was changed. Without a header (`named=False`) the columns are numbered from 1."""
    if not named:
        return [f"column {index + 1}" for index in range(len(names))], []
    taken = set(names)
    used: set[str] = set()
    found, notes = [], []
    for index, name in enumerate(names):
        new = name
        if not name.strip():
            new = _free(f"column {index + 1}", taken | used)
            notes.append(f"column {index + 1} has no name: it is called {new!r}")
        elif name in used:
            new = _free(name, taken | used)
            notes.append(
                f"the name {_short(name)!r} occurs more than once: column {index + 1} is called {_short(new)!r}"
            )
        used.add(new)
        found.append(new)
    if len(notes) > 6:
        notes = [*notes[:5], f"{len(notes) - 5} more columns were renamed in the same way"]
    return found, notes


def _free(name: str, taken: set[str]) -> str:
    if name not in taken:
        return name
    number = 2
    while f"{name} ({number})" in taken:
        number += 1
    return f"{name} ({number})"


def _short(name: str) -> str:
    return name if len(name) <= 60 else name[:57] + "..."
