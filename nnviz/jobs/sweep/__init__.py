"""Sweeps: which trials a spec with `sweep` begins, ends early and is judged by. No TensorFlow; Optuna is loaded when it is asked.

Start reading in `driver.py`, one step of a sweep; `control.py` is what pages and the command line call, `results.py` what they
show. May be imported by whoever may import `nnviz.jobs`.
"""
