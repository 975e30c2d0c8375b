"""A folder of images by class, packed into a zip as a person would: so that there is one way to read either."""

import os
import stat
import zipfile
from pathlib import Path

from nnviz.data.images.image import ENDINGS
from nnviz.data.images.label_table import ENDINGS as TABLES
from nnviz.data.images.zip_members import MAX_FILES
from nnviz.data.limits import check_size
from nnviz.data.readers.open_file import read_regular
from nnviz.errors import DataError

_DATE = (1980, 1, 1, 0, 0, 0)


def pack(folder: Path, target: Path) -> None:
    """Writes the images under `folder`, and tables that may hold their labels, to the zip `target`: the same bytes for the same
    files. Hidden ones, links and what is no regular file are left out. Raises DataError for a folder without images or larger
    than a file may be."""
    paths: list[Path] = []
    total = 0
    try:
        for place, folders, files in os.walk(folder):
            folders[:] = sorted(name for name in folders if not name.startswith(".") and name != "__MACOSX")
            for name in sorted(files):
                path = Path(place, name)
                if name.startswith(".") or not name.lower().endswith((*ENDINGS, *TABLES)) or path.is_symlink():
                    continue
                known = path.stat()
                if not stat.S_ISREG(known.st_mode):
                    continue
                total += known.st_size
                check_size(total, name=str(folder))
                paths.append(path)
                if len(paths) > MAX_FILES:
                    raise DataError(f"holds more than {MAX_FILES:,} images", where=str(folder), remedy="Give fewer images.")
        if not any(path.name.lower().endswith(ENDINGS) for path in paths):
            raise DataError(
                "this folder holds no PNG, JPEG, BMP or GIF image",
                where=str(folder),
                remedy="Give a folder that holds one folder of images for each class.",
            )
        with zipfile.ZipFile(target, "w") as archive:
            for path in paths:
                info = zipfile.ZipInfo(path.relative_to(folder).as_posix(), _DATE)
                archive.writestr(info, read_regular(path))
    except OSError as error:
        raise DataError(
            f"cannot read this folder ({error.strerror or error})",
            where=str(error.filename or folder),
            remedy="Check the path and the permissions.",
        ) from error
