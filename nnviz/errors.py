"""Everything that can go wrong here, as one tree. Each error says what is wrong, where, and what to do.

NnvizError
+-- RequestError            the request was wrong: nothing was started (command line: exit code 2)
|   +-- SpecError           a field of a spec; `where` is its path, as in layers[1].layers[0].units
|   |   +-- StackError      a layer that does not fit its input; `fix` names the layer kind that would mend it,
|   |                       `fix_with` the parameters it would need
|   +-- ExpressionError     a typed expression; `position` is the first wrong character (0-based)
|   +-- ComponentError      a file of a custom component under NNVIZ_HOME/components; `where` is its path
|   +-- DataError           a file or its contents; `where` names the file, row or column
|   +-- NotFound            no such run, job or file
|   +-- NotYet              a part of the contract that this version does not do
|   +-- Conflict            somebody else changed the same thing first
+-- RunError                the run was right to start and failed (command line: exit code 1)
    +-- Diverged            the loss became infinite or not a number
    +-- WorkerLost          the process that trained it is gone
    +-- StaleAttempt        a worker that was given up tried to write
    +-- DamagedSnapshot     the bytes of a snapshot are not those that were written
    +-- StoreFull           the disk that the store is on has no room
    +-- Unexpected          nothing of the above; the trace stands in the log under a number, and only there
"""

import logging
import secrets
from collections.abc import Mapping
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Any

_LOG = logging.getLogger("nnviz.unexpected")


class NnvizError(Exception):
    """`what` is wrong, `where`, and the `remedy`; `str(error)` joins them into one line a user can act on."""

    def __init__(self, what: str, *, where: str = "", remedy: str = "") -> None:
        self.what = what
        self.where = where
        self.remedy = remedy
        super().__init__(self.message)

    @property
    def message(self) -> str:
        """`where`, `what` and `remedy` in one line."""
        head = f"{self.where}: {self.what}" if self.where else self.what
        if not self.remedy:
            return head
        return f"{head}{'' if head.endswith(('.', '!', '?')) else '.'} {self.remedy}"

    def to_json(self) -> dict[str, str]:
        """The error as `from_json` reads it; `error` is the name of its class."""
        return {"error": type(self).__name__, "what": self.what, "where": self.where, "remedy": self.remedy}


class RequestError(NnvizError):
    """The request was wrong, and nothing was started."""


class SpecError(RequestError):
    """A field of a spec is wrong; `where` is its path, as in layers[1].layers[0].units."""


class StackError(SpecError):
    """A layer does not fit its input. `fix` names the kind of layer that would mend it, `fix_with` the parameters it would need;
    both are empty where no single layer does."""

    def __init__(
        self, what: str, *, where: str = "", remedy: str = "", fix: str = "", fix_with: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__(what, where=where, remedy=remedy)
        self.fix = fix
        self.fix_with = dict(fix_with or {})


class ExpressionError(RequestError):
    """A typed expression is wrong; `position` is the first wrong character (0-based)."""

    def __init__(self, what: str, *, where: str = "", remedy: str = "", position: int = 0) -> None:
        super().__init__(what, where=where, remedy=remedy)
        self.position = position


class ComponentError(RequestError):
    """A file of a custom component is wrong; `where` is its path."""


class DataError(RequestError):
    """A data file or its contents are wrong; `where` names the file, row or column."""


class NotFound(RequestError):
    """There is no such run, job or file."""


class NotYet(RequestError):
    """The request is valid, and this version of nnviz does not implement it."""


class Conflict(RequestError):
    """Somebody else changed the same thing first."""


class RunError(NnvizError):
    """The run was right to start and failed."""


class Diverged(RunError):
    """The loss became infinite or NaN."""


class WorkerLost(RunError):
    """The process that trained the run is gone."""


class StaleAttempt(RunError):
    """A worker whose attempt was replaced tried to write."""


class DamagedSnapshot(RunError):
    """The bytes of a snapshot are not those that were written."""


class StoreFull(RunError):
    """The disk that the store is on has no space left."""

    @classmethod
    def at(cls, place: str) -> "StoreFull":
        """`place`: the folder or store that has no room."""
        return cls(
            "the disk is full",
            where=place,
            remedy="Make room on it (delete runs, or files that are not nnviz's), then "
            "let the run go on: what was recorded until then is kept, and it resumes from its last snapshot.",
        )


class Unexpected(RunError):
    """An exception that nothing handled. Users see only a number, under which the log has it: tracebacks and the messages of
    libraries contain paths and data of the server."""

    @classmethod
    def logged(cls, error: BaseException, *, where: str = "") -> "Unexpected":
        """Writes the trace into the log. `where`: what was being done, in words for the user."""
        number = secrets.token_hex(4)
        _LOG.error("%s %s", number, where, exc_info=error)
        return cls(
            f"an unexpected error ({number})",
            where=where,
            remedy=f"This is a fault of nnviz. The log has it under {number}: logs/errors.log in the folder of the store.",
        )


def log_unexpected_to(path: Path) -> None:
    """Makes this process log unexpected errors to that file, too (at most 5 MB, and one older file). Where the file cannot be
    written they go to the process's other logs only."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handler = RotatingFileHandler(path, maxBytes=5_000_000, backupCount=1, delay=True)
    except OSError:
        return
    handler.setFormatter(logging.Formatter("%(asctime)s pid %(process)d %(message)s"))
    for old in [known for known in _LOG.handlers if isinstance(known, RotatingFileHandler)]:
        _LOG.removeHandler(old)
    _LOG.addHandler(handler)
    # not to the process's own log as well: its last lines are shown with a run whose worker was lost
    _LOG.propagate = False


def from_json(record: dict[str, str]) -> NnvizError:
    """Rebuilds an error that another process sent as `to_json()`; an unknown name becomes a RunError."""
    kinds = {kind.__name__: kind for kind in _descendants(NnvizError)}
    kind = kinds.get(record.get("error", ""), RunError)
    return kind(record.get("what", ""), where=record.get("where", ""), remedy=record.get("remedy", ""))


def _descendants(kind: type[NnvizError]) -> list[type[NnvizError]]:
    children = kind.__subclasses__()
    return children + [leaf for child in children for leaf in _descendants(child)]
