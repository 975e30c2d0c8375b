"""`NNVIZ_NOTIFY`: who is told, a line each: a web address, a command, or an address of apprise. Only the environment sets it:
what it names is run, or learns of every run."""

import hashlib
import os
import re
import shlex
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from types import ModuleType
from typing import Literal
from urllib.parse import urlsplit

from nnviz.errors import RequestError
from nnviz.plain_text import visible

NOTIFY = "NNVIZ_NOTIFY"
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*)://", re.IGNORECASE)


@dataclass(frozen=True)
class Target:
    """Who is told: `value` is the address, or empty for the command `arguments`. `label`: without what may be secret."""

    kind: Literal["webhook", "command", "apprise"]
    label: str
    value: str = ""
    arguments: tuple[str, ...] = ()


def targets(environment: Mapping[str, str] = os.environ) -> tuple[Target, ...]:
    """Of each line of the setting, none where it is not set. Raises RequestError for one that can never be told anything."""
    return tuple(_target(line.strip()) for line in environment.get(NOTIFY, "").splitlines() if line.strip())


def fingerprint(environment: Mapping[str, str] = os.environ) -> str:
    """Of the setting, to compare that of two processes without giving away what it names; empty where it is not set."""
    text = environment.get(NOTIFY, "").strip()
    return hashlib.sha256(text.encode(errors="surrogateescape")).hexdigest()[:16] if text else ""


def _target(line: str) -> Target:
    match = _SCHEME.match(line)
    if match is None:
        return _command(line)
    return _webhook(line) if match[1].lower() in ("http", "https") else _apprise(line, match[1].lower())


def _webhook(line: str) -> Target:
    try:
        parts = urlsplit(line)
        is_whole = bool(parts.hostname) and parts.port != 0 and not re.search(r"[\s\x00-\x1f\x7f]", line)
    except ValueError:
        is_whole = False
    if not is_whole:
        raise RequestError("this is no whole web address", where=NOTIFY, remedy="Give one such as https://example.org/hook.")
    if parts.username is not None:
        raise RequestError(
            "a web address cannot hold a user and a password here",
            where=NOTIFY,
            remedy="Use apprise's form of it, json://user:password@host, which needs requirements-notify.txt.",
        )
    return Target("webhook", f"{parts.scheme.lower()}://{parts.hostname}", value=line)


def _command(line: str) -> Target:
    try:
        arguments = tuple(shlex.split(line))
    except ValueError as error:
        raise RequestError(
            "a command has a quotation mark that is not closed", where=NOTIFY, remedy="Close it, or put a \\ before it."
        ) from error
    name = visible(arguments[0] if arguments else "")
    if not arguments or shutil.which(arguments[0]) is None:
        raise RequestError(
            f"there is no command {name!r}",
            where=NOTIFY,
            remedy="Give the name of a program, or its whole path; or an address that begins with https://.",
        )
    return Target("command", name, arguments=arguments)


def _apprise(line: str, scheme: str) -> Target:
    if not apprise().Apprise().add(line):
        raise RequestError(f"apprise does not know this {scheme}:// address", where=NOTIFY, remedy="See its list of services.")
    return Target("apprise", f"{scheme}://", value=line)


def apprise() -> ModuleType:
    """The package. Raises RequestError where it is not installed."""
    try:
        return import_module("apprise")
    except ImportError as error:
        raise RequestError(
            "an address that is neither http:// nor https:// needs the package apprise",
            where=NOTIFY,
            remedy="Run: python -m pip install -r requirements-notify.txt",
        ) from error
