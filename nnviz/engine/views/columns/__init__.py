"""The view `columns`: what each column of the file is worth to a network, what it answers along one, and one row with other
values. For `views.py` beside this folder alone; start at `columns_view.py`."""
