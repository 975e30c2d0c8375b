"""What to say of a name that the catalog lacks: it may be that of a custom component whose file is gone or not usable."""

from pathlib import Path

from nnviz.catalog import OWN, own


def own_hint(name: str) -> str:
    """One sentence for somebody who knows `name` as an activation or cost of their own."""
    for error in OWN.troubles:
        if Path(error.where).stem.lower() == name.lower():
            return f"Its file cannot be used: {error.message}"
    return f"If it is one of your own, its file is missing from {own.folder()}."
