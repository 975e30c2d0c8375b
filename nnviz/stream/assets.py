"""The browser's files (nnviz/browser), served under a path that holds a hash of them: cached for good, and never stale.

Scripts are ES modules that import each other by relative paths, so all of them lie under one hash."""

import gzip
import hashlib
import posixpath
import re
from functools import cache
from importlib.resources import files
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

FOLDER = Path(__file__).parent.parent / "browser"
TYPES = {".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8"}
PLOTLY = "plotly.min.js"
_IMPORT = re.compile(r'^(?:import|export) [^;"]*from "(\.[^"]+)";', re.MULTILINE)


@cache
def names() -> frozenset[str]:
    """What can be asked for: paths inside the folder, and plotly's own script."""
    ours = (path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*") if path.suffix in TYPES)
    return frozenset((*ours, PLOTLY))


@cache
def version() -> str:
    """Changes whenever one of our own browser files does."""
    digest = hashlib.sha256()
    for name in sorted(names() - {PLOTLY}):
        digest.update(name.encode() + b"\0" + _read(name))
    return digest.hexdigest()[:16]


@cache
def plotly_version() -> str:
    return hashlib.sha256(_read(PLOTLY)).hexdigest()[:16]


def url(name: str) -> str:
    """Where the browser finds a file, such as "live/live.js": `/nnviz/assets/<hash>/<name>`."""
    return f"/nnviz/assets/{plotly_version() if name == PLOTLY else version()}/{name}"


@cache
def modules(entry: str) -> tuple[str, ...]:
    """A script and all that it imports, itself first. A browser that is told of them at once loads them side by side instead
    of one import after the other."""
    reached = [entry]
    for name in reached:
        for path in _IMPORT.findall(text(name)):
            imported = posixpath.normpath(posixpath.join(posixpath.dirname(name), path))
            if imported not in reached:
                reached.append(imported)
    return tuple(reached)


@cache
def bundle(entry: str) -> tuple[tuple[str, str], ...]:
    """The same scripts as (name, text), each after those that it imports, which it names by `nnviz:<name>`: for a file whose
    modules have no address to import from."""
    ordered: dict[str, str] = {}

    def add(name: str) -> None:
        if name in ordered:
            return
        linked = text(name)
        for path in _IMPORT.findall(linked):
            imported = posixpath.normpath(posixpath.join(posixpath.dirname(name), path))
            add(imported)
            linked = linked.replace(f' from "{path}";', f' from "nnviz:{imported}";')
        ordered[name] = linked

    add(entry)
    return tuple(ordered.items())


@cache
def source(entry: str) -> str:
    """The text of a script and all that it imports, for the look-up of the messages in them."""
    return "\n".join(map(text, modules(entry)))


def text(name: str) -> str:
    """One of our own files."""
    return _read(name).decode("utf-8")


async def serve(request: Request) -> Response:
    """One file, packed if the browser takes that."""
    name, wanted = request.path_params["name"], request.path_params["version"]
    if name not in names():
        return Response("no such file", status_code=404, media_type="text/plain")
    is_current = wanted == (plotly_version() if name == PLOTLY else version())
    headers = {"Cache-Control": "public, max-age=31536000, immutable" if is_current else "no-store", "Vary": "Accept-Encoding"}
    is_packed = "gzip" in request.headers.get("accept-encoding", "")
    if is_packed:
        headers["Content-Encoding"] = "gzip"
    body = _packed(name) if is_packed else _read(name)
    return Response(body, headers=headers, media_type=TYPES[Path(name).suffix])


@cache
def _packed(name: str) -> bytes:
    return gzip.compress(_read(name), 6)


def _read(name: str) -> bytes:
    # Plotly's own script ships inside its Python package: no copy here, no other host.
    place = files("plotly") / "package_data" / PLOTLY if name == PLOTLY else FOLDER / name
    return place.read_bytes()
