"""Which encoding a text is in, by evidence: under the right one its letters make words of one script, in the usual cases and
with the letters of one language. Lines in another encoding than the rest of the file are read one by one, and named."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from nnviz.data.readers.encoding_evidence import (
    DOUBLE,
    HIGH,
    LANGUAGES,
    PRIORS,
    codec_name,
    decoded,
    is_odd,
    rank,
    usual_name,
    words_of,
)

SAMPLE_LINES = 400
SAMPLE_BYTES = 24 * 1024
LONGEST_LINE = 4000
MOST_QUOTED = 3
"""Doubtful lines that are quoted."""
TITLES = {
    "utf-8": "UTF-8",
    "utf-8-sig": "UTF-8 with BOM",
    "utf-16": "UTF-16",
    "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16",
    "utf-32": "UTF-32",
    "cp1252": "Latin-1 (Windows-1252)",
    "latin-1": "Latin-1",
    "cp1250": "Windows-1250 (Central European)",
    "iso8859_2": "ISO 8859-2 (Central European)",
    "cp1254": "Windows-1254 (Turkish)",
    "cp1257": "Windows-1257 (Baltic)",
    "cp1251": "Windows-1251 (Cyrillic)",
    "koi8_r": "KOI8-R",
    "koi8_u": "KOI8-U",
    "iso8859_5": "ISO 8859-5 (Cyrillic)",
    "cp866": "DOS 866 (Cyrillic)",
    "cp1253": "Windows-1253 (Greek)",
    "iso8859_7": "ISO 8859-7 (Greek)",
    "cp1255": "Windows-1255 (Hebrew)",
    "gb18030": "GBK",
    "gbk": "GBK",
    "big5": "Big5",
    "cp950": "Big5",
    "cp932": "Shift JIS",
    "shift_jis": "Shift JIS",
    "euc_jp": "EUC-JP",
    "cp949": "EUC-KR",
    "euc_kr": "EUC-KR",
    "iso2022_jp": "ISO 2022-JP",
    "mac_roman": "Mac Roman",
    "cp850": "DOS 850",
}
_UTF8_LETTER = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}")


@dataclass(frozen=True)
class Text:
    """A text with the codec it was read with. `sure`: certain (the bytes prove it), likely, or guess. `notes`: in words,
    what of it is doubtful. `is_fallback`: not in the encoding that was expected."""

    text: str
    encoding: str
    sure: str = "certain"
    notes: tuple[str, ...] = ()
    is_fallback: bool = False

    @property
    def title(self) -> str:
        return title(self.encoding)


def title(encoding: str) -> str:
    """What people call an encoding: "Windows-1251 (Cyrillic)" for cp1251."""
    return TITLES.get(encoding, TITLES.get(codec_name(encoding), encoding))


def read(content: bytes, *, expected: str | None = None) -> Text:
    """The text of bytes that hold no mark (BOM) and no UTF-16. `expected`: the encoding that files of this kind had so far;
    another one is chosen only where that cannot be right."""
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        return _mixed(content, error.start, expected) or _other(content, error.start, expected)
    if b"\x1b$" in content and (japanese := decoded(content, "iso2022_jp")) is not None:
        return Text(japanese, "iso2022_jp", "likely")
    differs = expected is not None and codec_name(expected) not in ("utf_8", "utf_8_sig", "ascii") and not content.isascii()
    return Text(text, "utf-8", is_fallback=differs)


def lines_of(content: bytes, start: int = 0) -> Iterator[tuple[int, bytes]]:
    """The lines with bytes above 127, each with the place where it starts; cut where they are very long."""
    while match := HIGH.search(content, start):
        place = content.rfind(b"\n", 0, match.start()) + 1
        end = content.find(b"\n", match.start())
        end = len(content) if end < 0 else end
        # what comes before is ASCII, and no letter of two bytes ends with a separator
        line = content[max(place, match.start() - LONGEST_LINE) : min(end, match.start() + LONGEST_LINE)]
        if end > match.start() + LONGEST_LINE:
            line = line[: max(map(line.rfind, (b",", b";", b"\t", b" ", b'"'))) + 1] or line
        yield place, line
        start = end + 1


def _sample(content: bytes, first_wrong: int) -> list[bytes]:
    """Lines from the beginning and from where it ceases to be UTF-8."""
    lines: dict[int, bytes] = {}
    for start in (0, content.rfind(b"\n", 0, first_wrong) + 1):
        size = 0
        for count, (place, line) in enumerate(lines_of(content, start)):
            if size > SAMPLE_BYTES // 2 or count >= SAMPLE_LINES // 2:
                break
            size += len(line)
            lines[place] = line
    return list(lines.values())


def _mixed(content: bytes, first_wrong: int, expected: str | None) -> Text | None:
    """A UTF-8 file with some lines in another encoding; None where it is none."""
    sample = _sample(content, first_wrong)
    valid = [line for line in sample if decoded(line, "utf-8") is not None]
    if not valid or len(valid) < len(sample) - len(valid):
        return None
    words = {word for line in valid for word in words_of(line.decode("utf-8"))}
    if sum(map(is_odd, words)) > 0.3 * len(words):
        return None
    wrong = [line for line in sample if decoded(line, "utf-8") is None]
    ranked = rank(wrong, known=words, expected=expected)
    other = ranked[0][1] if ranked and ranked[0][0] > -0.2 else "cp1252"
    pieces, doubtful, place = [], [], 0
    view = memoryview(content)
    while place < len(content):
        try:
            pieces.append(str(view[place:], "utf-8"))
            break
        except UnicodeDecodeError as error:
            begin = content.rfind(b"\n", 0, place + error.start) + 1
            end = content.find(b"\n", place + error.start) + 1 or len(content)
            pieces.append(str(view[place:begin], "utf-8"))
            pieces.append(_patched(content[begin:end], other))
            doubtful.append((begin, pieces[-1]))
            place = end
    few = _quoted(content, doubtful)
    note = (
        f"1 line is not in UTF-8 like the rest of the file: it was read as {title(other)} ({few})"
        if len(doubtful) == 1
        else f"{len(doubtful):,} lines are not in UTF-8 like the rest of the file: they were read as {title(other)} ({few})"
    )
    return Text("".join(pieces), "utf-8", "likely", (note,))


def _patched(line: bytes, other: str) -> str:
    """A line that is not UTF-8 in `other`; what is UTF-8 in it stays, and the rest of a cut character becomes U+FFFD."""
    whole = decoded(line, other) if other in DOUBLE else None
    if whole is not None:
        return whole
    text, place, strays = "", 0, 0
    while True:
        try:
            text += line[place:].decode("utf-8")
            is_all_other = other not in LANGUAGES and other not in DOUBLE and 2 * strays >= sum(not c.isascii() for c in text)
            return (decoded(line, other) if is_all_other else None) or text
        except UnicodeDecodeError as error:
            start, end = place + error.start, place + error.end
            wrong = line[start:end]
            text += line[place:start].decode("utf-8")
            if len(wrong) > 1 or other in DOUBLE:
                text += "\ufffd"
            else:
                text += decoded(wrong, other) or wrong.decode("latin-1")
                strays += 1
            place = end


def _other(content: bytes, first_wrong: int, expected: str | None) -> Text:
    """The text in the encoding that its words speak for most."""
    if expected is not None and usual_name(expected) not in (*map(codec_name, PRIORS), "utf_8", "utf_8_sig"):
        text = decoded(content, expected)
        if text is not None:
            return Text(text, expected, "likely")
    sample = [line for line in _sample(content, first_wrong) if decoded(line, "utf-8") is None]
    ranked = rank(sample, expected=expected)
    place = 0
    while place < len(ranked) - 1 and _too_broken(content, ranked[place][1]):
        place += 1
    score, encoding = ranked[place]
    joined = b"\n".join(sample)
    read_as = joined.decode(encoding, "replace")
    rivals = [(rival, other) for rival, other in ranked[place + 1 :] if joined.decode(other, "replace") != read_as]
    margin = min((score - rival for rival, _ in rivals[:3]), default=1.0)
    sure = "likely" if score > 0.4 and margin > 0.15 else "guess"
    text = decoded(content, encoding)
    notes: list[str] = []
    if text is None:
        if encoding == "cp1252" and b"\n".join(sample).decode("latin-1").isprintable():
            text, encoding = content.decode("latin-1"), "latin-1"
        else:
            text, notes = _by_lines(content, encoding)
    elif encoding in LANGUAGES:
        text, notes = _stray_utf8(content, text, encoding)
    is_usual = expected is not None and usual_name(expected) == codec_name(encoding)
    if is_usual or (encoding == "latin-1" and expected is not None and codec_name(expected) in ("cp1252", "iso8859_1")):
        return Text(text, encoding, "likely", tuple(notes))
    if sure == "guess":
        notes.insert(
            0,
            f"the encoding is a guess: {title(encoding)}{_example(joined, encoding, rivals)}; if words look wrong, "
            "save the file as UTF-8 or set data.read.encoding",
        )
    return Text(text, encoding, sure, tuple(notes), expected is not None)


def _too_broken(content: bytes, encoding: str) -> bool:
    """Whether more than a few lines cannot be read; of single bytes the undefined ones can be kept as they are."""
    if decoded(content, encoding) is not None:
        return False
    wrong = total = 0
    for total, (_, line) in enumerate(lines_of(content), start=1):
        wrong += decoded(line, encoding) is None
        if total >= 20_000:
            break
    return wrong > max(1, total // 20)


def _by_lines(content: bytes, encoding: str) -> tuple[str, list[str]]:
    """Lines with bytes that the encoding does not have: U+FFFD for each, and a note."""
    doubtful = [(place, line.decode(encoding, "replace")) for place, line in lines_of(content) if decoded(line, encoding) is None]
    note = f"{_lines(len(doubtful))} with bytes that {title(encoding)} does not have ({_quoted(content, doubtful)})"
    return content.decode(encoding, "replace"), [note]


def _stray_utf8(content: bytes, text: str, encoding: str) -> tuple[str, list[str]]:
    """The opposite of `_mixed`: lines that are UTF-8 in a file that is not."""
    doubtful, start = [], 0
    while match := _UTF8_LETTER.search(content, start):
        place = content.rfind(b"\n", 0, match.start()) + 1
        start = content.find(b"\n", match.start()) + 1 or len(content)
        line = decoded(content[place:start], "utf-8")
        if line is not None and not any(map(is_odd, words_of(line))):
            doubtful.append((place, line))
    if not doubtful:
        return text, []
    pieces, start = [], 0
    for place, _ in doubtful:
        end = content.find(b"\n", place) + 1 or len(content)
        pieces += [content[start:place].decode(encoding), content[place:end].decode("utf-8")]
        start = end
    pieces.append(content[start:].decode(encoding))
    return "".join(pieces), [
        f"{_lines(len(doubtful))} in UTF-8, unlike the rest of the file, read as such ({_quoted(content, doubtful)})"
    ]


def _lines(count: int) -> str:
    return "1 line is" if count == 1 else f"{count:,} lines are"


def _quoted(content: bytes, lines: Sequence[tuple[int, str]]) -> str:
    quoted = []
    for place, text in lines[:MOST_QUOTED]:
        text = text.strip()
        quoted.append(f"line {content.count(bytes([10]), 0, place) + 1:,}: {text if len(text) <= 60 else text[:57] + '...'!r}")
    return "; ".join(quoted) + (f" and {len(lines) - MOST_QUOTED:,} more" if len(lines) > MOST_QUOTED else "")


def _example(sample: bytes, encoding: str, rivals: Sequence[tuple[float, str]]) -> str:
    """A word as it reads now, and as it would under the next best encoding."""
    for line in sample.split(b"\n"):
        words = list(words_of(line.decode(encoding, "replace")))
        others = list(words_of(line.decode(rivals[0][1], "replace"))) if rivals else []
        if words and "\ufffd" in words[0]:
            continue
        if words and others and words[0] != others[0]:
            return f" (as in {words[0][:30]!r}; {title(rivals[0][1])} would give {others[0][:30]!r})"
        if words and not rivals:
            return f" (as in {words[0][:30]!r})"
    return ""
