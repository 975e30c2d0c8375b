"""Every view of the catalog by name: a function that gives the body of a frame."""

from collections.abc import Callable, Mapping
from typing import Any

from nnviz.engine.views.back.step_back import step_back
from nnviz.engine.views.class_results import class_results
from nnviz.engine.views.columns.columns_view import columns_view
from nnviz.engine.views.cost_picture import cost_picture
from nnviz.engine.views.images.images import images
from nnviz.engine.views.layer_learning import layer_learning
from nnviz.engine.views.map.map_view import map_view
from nnviz.engine.views.mistakes import mistakes
from nnviz.engine.views.network_picture import network_picture
from nnviz.engine.views.residuals import residuals
from nnviz.engine.views.sequence.sequence_view import sequence_view
from nnviz.engine.views.space.space_view import space_view
from nnviz.engine.views.view_request import ViewRequest
from nnviz.engine.views.way.landscape import landscape
from nnviz.engine.views.way.weight_way import weight_way

VIEWS: Mapping[str, Callable[[ViewRequest], dict[str, Any]]] = {
    "network": lambda asked: network_picture(asked.network, asked.prepared, asked.layers, asked.choice),
    "cost": cost_picture,
    "layers": lambda asked: layer_learning(asked.training(), asked.state.step),
    "images": images,
    "way": weight_way,
    "back": step_back,
    "results": lambda asked: class_results(asked.network, asked.prepared),
    "mistakes": mistakes,
    "residuals": residuals,
    "landscape": landscape,
    "columns": columns_view,
    "map": map_view,
    "space": space_view,
    "sequence": sequence_view,
}
