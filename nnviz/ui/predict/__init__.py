"""The Predict page: rows for a trained network and its answers.
Imported by `pages/predict.py` alone. Start at `view`."""
