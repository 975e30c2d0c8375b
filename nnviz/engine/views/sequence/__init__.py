"""The view `sequence`: what layers that read a row step by step make of it. For `views.py` beside this folder alone; start at
`sequence_view.py`."""
