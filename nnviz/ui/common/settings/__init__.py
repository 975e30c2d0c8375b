"""What settings are called (`labels.py`), and which of them were changed while a run trained (`live_changes.py`). For all pages;
`setting_words.py` beside this folder compares specs in these words."""
