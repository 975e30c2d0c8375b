"""What the folders around images say: each image's class, and the part that it belongs to.

The class is the name of the folder next to the image. Folders named train, validation and test above it say the part. Runs of
before the rules had versions took the class from the first folder below those that hold everything."""

import unicodedata
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from nnviz.data.column_names import count_of, listed, short
from nnviz.data.columns import cells
from nnviz.data.columns.reading_rules import Rules
from nnviz.data.splitting import parts as split

NAMED = 5
_LINK = 0o120000
Path = tuple[str, ...]


@dataclass(frozen=True)
class Member:
    """One image in a zip: `label` the class that its folder names ("": none), `part` where folders say it, `above` the folders
    over that of its class which say nothing."""

    info: zipfile.ZipInfo
    label: str
    part: str = ""
    above: str = ""

    @property
    def name(self) -> str:
        return self.info.filename


@dataclass
class LeftOut:
    """What was left out and why, counted, the first few by name."""

    names: dict[str, list[str]] = field(default_factory=dict)

    def add(self, name: str, why: str) -> None:
        """`why`: in words that fit behind the name in parentheses."""
        self.names.setdefault(why, []).append(name)

    @property
    def count(self) -> int:
        return sum(len(names) for names in self.names.values())

    def words(self) -> list[str]:
        """One sentence for each reason, with the first few names."""
        sentences = []
        for why, names in self.names.items():
            examples = ", ".join(short(name) for name in names[:NAMED])
            more = f" and {len(names) - NAMED:,} more" if len(names) > NAMED else ""
            sentences.append(f"{count_of(len(names), 'file')} left out: {examples}{more} ({why})")
        return sentences


def path_of(info: zipfile.ZipInfo) -> Path:
    """The folders and the name; some systems write backslashes."""
    return PurePosixPath(info.filename.replace("\\", "/")).parts


def is_wanted(info: zipfile.ZipInfo) -> bool:
    """Not a folder, a link, or what systems leave behind."""
    parts = path_of(info)
    hidden = any(part.startswith(".") or part == "__MACOSX" for part in parts)
    is_link = (info.external_attr >> 16) & 0o170000 == _LINK
    return bool(parts) and not (info.is_dir() or hidden or is_link or parts[-1].lower() in ("thumbs.db", "desktop.ini"))


def members(infos: Sequence[zipfile.ZipInfo], rules: Rules) -> list[Member]:
    """Each image with what its folders say."""
    paths = _below_shared([path_of(info)[:-1] for info in infos])
    if rules.is_old:
        return _by_first_folder(infos, paths)
    parts = [next((split.SAYS[folder.casefold()] for folder in path if folder.casefold() in split.SAYS), "") for path in paths]
    say_parts = "train" in parts and all(parts) and any(len(path) > 1 for path in paths)
    images = []
    for info, path, part in zip(infos, paths, parts, strict=True):
        rest = _without_part(path) if say_parts else path
        label = unicodedata.normalize("NFC", rest[-1]).strip() if rest else ""
        images.append(Member(info, label, part if say_parts else "", "/".join(rest[:-1])))
    return images


def labelled(images: Sequence[Member], left: LeftOut) -> list[Member]:
    """Those that lie in a folder which names a class."""
    for member in images:
        if not member.label:
            left.add(member.name, "in no folder that names a class")
    return [member for member in images if member.label]


def without_copies(images: Sequence[Member], left: LeftOut) -> list[Member]:
    """Each file once: one with the name, the bytes (by length and checksum), the class and the part of another is a copy, as
    where a folder holds itself. The one nearest to the top stays."""
    first: dict[tuple[str, str, str, int, int], Member] = {}
    for member in images:
        info = member.info
        key = (member.part, member.label, path_of(info)[-1], info.CRC, info.file_size)
        held = first.setdefault(key, member)
        if len(path_of(info)) < len(path_of(held.info)):
            first[key] = member
    originals = {id(member) for member in first.values()}
    for member in images:
        if id(member) not in originals:
            left.add(member.name, "copies: the same file lies in another folder of this name")
    return [member for member in images if id(member) in originals]


def notes_on_ignored_folders(images: Sequence[Member]) -> list[str]:
    """In words, which folders above those of the classes say nothing."""
    above = sorted({member.above for member in images} - {""})
    if not above:
        return []
    return [f"The folder next to an image is its class; the folders above are not looked at: {listed(above)}."]


def _below_shared(paths: list[Path]) -> list[Path]:
    """Paths without the folders that hold everything."""
    tops = {path[0] for path in paths if path}
    while len(tops) == 1 and any(len(path) > 1 for path in paths):
        paths = [path[1:] for path in paths]
        tops = {path[0] for path in paths if path}
    return paths


def _by_first_folder(infos: Sequence[zipfile.ZipInfo], paths: list[Path]) -> list[Member]:
    tops = {path[0] for path in paths if path}
    parts = {top: split.SAYS.get(top.casefold(), "") for top in tops}
    if "train" in parts.values() and all(parts.values()) and any(len(path) > 1 for path in paths):
        return [
            Member(info, _label(path[1]) if len(path) > 1 else "", parts[path[0]] if path else "")
            for info, path in zip(infos, paths, strict=True)
        ]
    return [Member(info, _label(path[0]) if path else "") for info, path in zip(infos, paths, strict=True)]


def _without_part(path: Path) -> Path:
    """A path without the first folder that names a part."""
    place = next(index for index, folder in enumerate(path) if folder.casefold() in split.SAYS)
    return path[:place] + path[place + 1 :]


def _label(folder: str) -> str:
    """A folder's name as a class of before; one that a table would take for a missing value was made to differ from it."""
    name = folder.strip()
    return f"folder {name}" if name.casefold() in cells.MISSING else name
