"""Every view of the catalog by name: a function of network, data and the spec's layers that gives the body of a frame."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from nnviz.engine.network.network import Network
from nnviz.engine.records import PreparedLike
from nnviz.engine.views.network_picture import network_picture
from nnviz.spec import Placed

VIEWS: Mapping[str, Callable[[Network, PreparedLike, Sequence[Placed]], dict[str, Any]]] = {"network": network_picture}
