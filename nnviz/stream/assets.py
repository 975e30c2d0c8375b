"""The browser's files, served under a path that holds a hash of them: cached for good, and never stale."""

import gzip
import hashlib
from functools import cache
from importlib.resources import files
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

FOLDER = Path(__file__).parent / "assets"
TYPES = {".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8"}
PLOTLY = "plotly.min.js"


@cache
def version() -> str:
    """Changes whenever one of our own browser files does."""
    digest = hashlib.sha256()
    for path in sorted(FOLDER.iterdir()):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]


@cache
def plotly_version() -> str:
    return hashlib.sha256(_read(PLOTLY)).hexdigest()[:16]


def url(name: str) -> str:
    """Where the browser finds a file: `/nnviz/assets/<hash>/<name>`."""
    return f"/nnviz/assets/{plotly_version() if name == PLOTLY else version()}/{name}"


@cache
def inline(name: str) -> str:
    """A script's functions for one that is sent with its element, where nothing can be imported."""
    return (FOLDER / name).read_text("utf-8").replace("export function", "function")


async def serve(request: Request) -> Response:
    """One file, packed if the browser takes that."""
    name, wanted = request.path_params["name"], request.path_params["version"]
    known = {path.name for path in FOLDER.iterdir() if path.suffix in TYPES} | {PLOTLY}
    if name not in known:
        return Response("no such file", status_code=404, media_type="text/plain")
    is_current = wanted == (plotly_version() if name == PLOTLY else version())
    headers = {
        "Cache-Control": "public, max-age=31536000, immutable" if is_current else "no-store",
        "Vary": "Accept-Encoding",
    }
    body = _read(name)
    if "gzip" in request.headers.get("accept-encoding", ""):
        body = _packed(name)
        headers["Content-Encoding"] = "gzip"
    return Response(body, headers=headers, media_type=TYPES[Path(name).suffix])


@cache
def source() -> str:
    """All of our scripts as one text, for the look-up of the words they say."""
    return "\n".join(path.read_text(encoding="utf-8") for path in sorted(FOLDER.glob("*.js")))


@cache
def _packed(name: str) -> bytes:
    return gzip.compress(_read(name), 6)


def _read(name: str) -> bytes:
    # Plotly's own script ships inside its Python package: no copy here, no other host.
    place = files("plotly") / "package_data" / PLOTLY if name == PLOTLY else FOLDER / name
    return place.read_bytes()
