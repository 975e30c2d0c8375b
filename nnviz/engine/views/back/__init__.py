"""The view `back`: one step from the rows of its batch back to one weight, and on to what the optimizer makes of it. Start at
`step_back.py`."""
