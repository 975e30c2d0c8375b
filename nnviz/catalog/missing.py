"""What to say of a name that the catalog lacks: it may be one's own, with its file gone or not usable."""

from pathlib import Path

from nnviz.catalog import OWN, own


def own_hint(name: str) -> str:
    """One sentence for somebody who knows `name` as an activation or cost of their own."""
    for trouble in OWN.troubles:
        if Path(trouble.where).stem.lower() == name.lower():
            return f"Its file cannot be used: {trouble.message}"
    return f"If it is one of your own, its file is missing from {own.folder()}."
