"""Text that comes from users, files, imports or the address, made fit to be shown: nothing in it means anything to the page,
nothing in it is invisible or turns what stands beside it around, and nothing is longer than its place.

`visible` for places that take text as it is, `markdown` where Streamlit reads Markdown (labels of fields, captions, options
of pills), `html` inside of markup, `plotly` in a figure. The browser's scripts do the same (browser/common/visible.js).
"""

import re
from collections.abc import Callable, Iterable
from html import escape

LINE = 300
"""Characters of a sentence or a cell."""
NAME = 80
"""Characters of a name: of a run, column, class, tag or file."""
_CONTROLS = "\x00-\x1f\x7f-\x9f"
# What is not seen, or turns the direction of what follows: soft hyphen, zero-width and bidirectional marks, line and
# paragraph separators, fillers, halves of surrogate pairs, tags.
_UNSEEN = (
    "\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u2800\u3164"
    "\ud800-\udfff\ufeff\uffa0\ufff9-\ufffb\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
_ODD = re.compile(f"[{_CONTROLS}{_UNSEEN}]")
_ODD_BUT_LINES = re.compile(f"(?!\n)[{_CONTROLS}{_UNSEEN}]")
_MARKS = "\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
_TOWER = re.compile(f"([{_MARKS}]{{4}})[{_MARKS}]+")
_PICTURES = {"\n": "⏎", "\t": "⇥", "\x7f": "␡"}
_SIGNS = "\\`*_{}[]()<>#+-.!|~:$&^=\"'%@/"
_JOINER = "\N{WORD JOINER}"
# Streamlit makes links, emoji, icons and arrows of these even where their signs are escaped, so they are taken apart.
_MADE = re.compile(r"www(?=\.)|[:@](?=.)|[-<>~=](?=[-<>=])", re.IGNORECASE)


def visible(text: object, *, limit: int = NAME, lines: bool = False) -> str:
    """The text in one line (`lines`: with its line ends) of at most `limit` characters, the middle left out where it is
    longer. A control or invisible character is written out, as \\u202e; tab and line end are signs of their own."""
    whole = str(text)
    if len(whole) > limit:
        tail = max(1, limit // 3)
        whole = f"{whole[: limit - tail - 1]}…{whole[-tail:]}"
    escaped = (_ODD_BUT_LINES if lines else _ODD).sub(_written, whole)
    escaped = _TOWER.sub(r"\1…", escaped)
    if escaped and escaped.isspace():
        return "␠" * len(escaped)
    return escaped


def distinct(options: Iterable[str], display: Callable[[str], str] | None = None) -> dict[str, str]:
    """Each option as it is shown (by default `visible`). A number makes those differ that would look alike, since what is
    picked comes back from the browser by what is shown."""
    texts: dict[str, str] = {}
    taken: set[str] = set()
    for option in dict.fromkeys(options):
        text = looks = (display or visible)(option)
        number = 1
        while text in taken:
            number += 1
            text = f"{looks} ({number})"
        taken.add(text)
        texts[option] = text
    return texts


def within(words: str) -> str:
    """Words that begin a sentence or are a title, for a place within a sentence; an abbreviation such as `L2`, `MAE` or `R²`
    stays."""
    return words if words[1:2].isupper() or words[1:2].isdigit() else words[:1].lower() + words[1:]


def markdown(text: object, *, limit: int = NAME) -> str:
    """The same where Streamlit reads Markdown."""
    # An escape does not keep Streamlit from making links and emoji: these are looked for once the escapes are gone.
    apart = _MADE.sub(lambda match: match.group() + _JOINER, visible(text, limit=limit))
    return "".join(f"\\{sign}" if sign in _SIGNS else sign for sign in apart)


def html(text: object, *, limit: int = NAME) -> str:
    """The same inside of markup, in an element or an attribute in quotes."""
    return escape(visible(text, limit=limit), quote=True)


def plotly(text: object, *, limit: int = NAME) -> str:
    """The same in a figure: plotly reads a little HTML, formulas between dollar signs, and places for numbers in braces."""
    return escape(visible(text, limit=limit), quote=False).replace("$", "&#36;").replace("{", "&#123;")


def log_lines(log: str, *, limit: int = 20_000) -> str:
    """A run's log for a page: without the frames of tracebacks and the server's folders, which are for the log alone."""
    lines = [line for line in log.splitlines() if line[:1] not in (" ", "\t") and not line.startswith(_FRAMES)]
    return visible("\n".join(without_folders(line) for line in lines), limit=limit, lines=True)


def size_text(count: float) -> str:
    """Bytes in words: `512 B`, `3.4 kB`, `120 MB`; of 1,000 each, as disks and the memory of a machine are sold."""
    value, unit = float(count), "B"
    for unit in ("B", "kB", "MB", "GB", "TB", "PB"):
        if value < 999.5 or unit == "PB":
            break
        value /= 1000
    return f"{value:.0f} {unit}" if unit == "B" or value >= 99.5 else f"{value:.1f} {unit}"


def without_folders(text: str) -> str:
    """Absolute paths in a text cut to their last part."""
    return _PATH.sub(lambda match: match.group(1) or match.group(), text)


_FRAMES = (
    "Traceback (most recent call last)",
    'File "',
    "During handling of the above exception",
    "The above exception was the direct cause",
    "Thread 0x",
    "Current thread 0x",
)
# At least two parts, not within a word or after another sign of an address (https://host/path stays).
_PATH = re.compile(r"(?:(?<![\w:/.\-])|(?<=\w:/{2})|(?<=\w:/{3}))/+(?:[^\s/'\"<>:,;]+/+)+([^\s/'\"<>:,;]*)")


def _written(match: re.Match[str]) -> str:
    sign = match.group()
    if sign in _PICTURES:
        return _PICTURES[sign]
    code = ord(sign)
    if code < 0x20:
        return chr(0x2400 + code)
    if sign in "\u200c\u200d" and _joins(match.string, match.start()):
        return sign
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _joins(text: str, place: int) -> bool:
    """Whether a joiner stands within an emoji or a word of a script that needs it."""
    around = (text[place - 1 : place], text[place + 1 : place + 2])
    return all(sign and (sign >= "\u0590") and not _ODD.match(sign) for sign in around)
