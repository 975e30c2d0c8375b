"""Views into a network: what each shows of a state, computed from the network and rows. Start at `views.py`."""
