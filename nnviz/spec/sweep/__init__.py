"""The block `sweep` of a spec: what varies over the runs of a search. Start reading in `block.py`; `fields.py` is how a field is
reached by its path. May be imported by whoever imports `nnviz.spec`, through that.
"""
