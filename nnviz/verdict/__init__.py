"""Whether a difference between runs is real: statistics over paired results, and the verdict in words.

The command line and the Compare page import it. `paired.py`, `on_rows.py`, `ranks.py` and `needed.py` are numbers only; scipy,
baycomp and scikit-posthocs do the statistics and are loaded inside the functions that need them, since they take a second or two.
`entrants.py` makes what is compared of runs and groups. Start at `judge.py`."""
