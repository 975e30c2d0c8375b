"""The gallery "Good and broken" on the Train page: its menu (`menu.py`), the case that is begun (`start.py`), and over the
results what is asked of it and what was right (`question.py`). What is known of a run stands in its events (`record.py`)."""
