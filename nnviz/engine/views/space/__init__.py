"""Where rows lie in the space of a layer's outputs. For `nnviz.engine.views.views`; start with `space_view.py`."""
