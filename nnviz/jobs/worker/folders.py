"""A folder of images in the store: as one zip, by its sha256."""

import tempfile
from pathlib import Path

from nnviz.data.images.image_folder import pack
from nnviz.store import Store


def keep_folder(store: Store, folder: Path) -> str:
    """The sha256 of the zip that now stands in the store's blobs. Raises DataError for a folder without images."""
    with tempfile.TemporaryDirectory(prefix="nnviz-") as place:
        packed = Path(place) / "images.zip"
        pack(folder, packed)
        return store.blobs.put_file(packed)
