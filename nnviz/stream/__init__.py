"""Live updates to browsers: the hub, the socket's messages and routes, and the browser's own files."""

from nnviz.stream.hub import Hub, Viewer
from nnviz.stream.routes import routes

__all__ = ["Hub", "Viewer", "routes"]
