"""The views `way` and `landscape`: the objective over two weights or over the plane of the whole way, and where optimizers go
there. Start at `weight_way.py`."""
