"""The view `map`: the answer over two columns of a table with more. For `views.py` beside this folder alone;
start at `map_view.py`."""
