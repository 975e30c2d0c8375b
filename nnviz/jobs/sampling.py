"""On which rows the training curve of a run is measured, in words."""

from nnviz.store import Run


def sample_words(run: Run) -> str:
    """`a fixed sample of 4,096 of 60,000 training rows`; empty where it is on all of them."""
    counts = run.info.get("sample")
    return "a fixed sample of {:,} of {:,} training rows".format(*counts) if counts else ""
