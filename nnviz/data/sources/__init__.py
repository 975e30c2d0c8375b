"""Where data comes from: what a spec's `data` block names, the sets of installed packages, and synthetic ones.
`synthetic` needs NumPy only, so pages import it, too. Start at `named`."""
