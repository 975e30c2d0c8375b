"""Mutates small good files, packed runs, specs, socket messages and HTTP requests, and looks what nnviz makes of them.

    python -m benchmarks.hostile [CASES] [--seed 0] [--only tables,images,packed,specs,wire]

Each case ends in one of: accepted, refused (in our words), cut off (by a limit, in our words), or failed: a trace instead of
words, no answer within 10 s, more than 1 GB, a page that breaks, code that ran, a file written elsewhere, or a table whose
cells differ from the good file's without a word although a reader could notice it. Start reading at `__main__.py`.
"""
