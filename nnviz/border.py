"""The boundary of the command line: arguments from a shell, files named there, and every error turned into its message and
exit code. Tracebacks go to the log only."""

import contextlib
import errno
import logging
import os
import re
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from nnviz.errors import NnvizError, RequestError, RunError, Unexpected, log_unexpected_to
from nnviz.store import home

STOPPED = 130
"""The exit code after Ctrl+C, as of a shell's other commands."""
_LONGEST_ARGUMENT = 100_000
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def check_arguments(arguments: Sequence[str]) -> None:
    """Raises RequestError for what no path, name or value can be."""
    for argument in arguments:
        if len(argument) > _LONGEST_ARGUMENT or "\0" in argument:
            raise RequestError("this is too long, or holds a letter NUL", where=f"{argument[:40]!r}", remedy="Write it anew.")
        try:
            argument.encode()
        except UnicodeEncodeError as error:
            raise RequestError(
                "this is no text in UTF-8",
                where=ascii(argument[:60]),
                remedy="Give the file a name in UTF-8, for instance with convmv.",
            ) from error


def guarded(call: Callable[[], Any]) -> int:
    """The exit code of what the command line does; messages of errors go to the screen."""
    import click

    try:
        code = call()
    except RequestError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    except NnvizError as error:
        print(f"failed: {error}", file=sys.stderr)
        return 1
    except (click.exceptions.Abort, KeyboardInterrupt):
        code = STOPPED
    except click.ClickException as error:
        error.show()
        return 2
    except BrokenPipeError:
        # the reader of the pipe has closed it, as `head` does: no error, and nothing more can be written
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except SQLAlchemyError as error:
        reason = " ".join(str(getattr(error, "orig", None) or type(error).__name__).split())[:300]
        failed = RunError(
            f"the store cannot be used ({reason})",
            where="the store",
            remedy=("Check that its file is whole and that no other program holds it, or bring it back from a backup."),
        )
        print(f"failed: {failed}", file=sys.stderr)
        return 1
    except Exception as error:
        print(f"failed: {_unexpected(error)}", file=sys.stderr)
        return 1
    if code == STOPPED:
        print("stopped", file=sys.stderr)
    return code if isinstance(code, int) else 0


def _unexpected(error: Exception) -> NnvizError:
    """The error of ours for an exception that nothing else handles; its traceback goes to the log."""
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        return RunError("the disk is full", where=str(error.filename or ""), remedy="Make room on it, then try again.")
    if isinstance(error, MemoryError):
        return RunError("memory ran out", remedy="Use less data, a smaller network or a smaller batch.")
    # not even a log that cannot be written may print a traceback
    logging.raiseExceptions = False
    log = logging.getLogger("nnviz.unexpected")
    log.addHandler(logging.NullHandler())
    log.propagate = False
    with contextlib.suppress(OSError):
        log_unexpected_to(home() / "logs" / "errors.log")
    return Unexpected.logged(error, where="the command line")


def existing(path: Path) -> Path:
    """The whole path of a file or a folder. Raises RequestError."""
    try:
        if not path.exists():
            raise RequestError("there is no such file", where=str(path), remedy="Check the path.")
        if not path.is_file() and not path.is_dir():
            raise RequestError("this is a device or a pipe, no file", where=str(path), remedy="Write its rows into a file first.")
    except OSError as error:
        raise RequestError(
            f"the file cannot be looked at ({error.strerror})",
            where=str(path)[:200],
            remedy="Check the path, and that you may read its folder.",
        ) from error
    return path.absolute()


def plain(text: str) -> str:
    """Text from a file, made safe for a terminal: control characters could move its cursor."""
    return _CONTROL.sub("\N{REPLACEMENT CHARACTER}", text)
