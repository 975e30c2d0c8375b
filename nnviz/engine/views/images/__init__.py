"""What a network sees in one picture: its answer, Grad-CAM, feature maps and the arithmetic behind them. For `views.py` beside
this folder alone; start at `images.py`."""
