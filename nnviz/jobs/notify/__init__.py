"""Who is told of findings, ends and failures of runs, as `NNVIZ_NOTIFY` says: `targets.py` reads that setting, `news.py` makes
messages of what the store says is new, `send.py` sends one, `notifier.py` does all of it for a process. Used by the
supervisor and the command line; the web process only reads the setting when it starts, to say what is wrong with it."""
