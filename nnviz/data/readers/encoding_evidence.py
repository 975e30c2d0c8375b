"""What speaks for an encoding: under the right one letters make words of one script, in the usual cases, with frequent letters
and those of one language; under a wrong one they mix scripts, swap cases, and stand beside characters of no script."""

import codecs
import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence

from nnviz.data.readers.letters import CYRILLIC, GREEK, HEBREW, JAPANESE, KOREAN, LATIN, SIMPLIFIED, TRADITIONAL, frequent, rhythm

PRIORS = {
    "cp1252": 0.12,
    "cp1250": 0.0,
    "cp1254": -0.02,
    "cp1257": -0.04,
    "iso8859_2": -0.05,
    "mac_roman": -0.15,
    "cp850": -0.15,
    "cp1251": 0.05,
    "koi8_r": 0.0,
    "koi8_u": -0.02,
    "iso8859_5": -0.05,
    "cp866": -0.05,
    "cp1253": 0.02,
    "iso8859_7": -0.02,
    "cp1255": -0.2,
    "gb18030": 0.05,
    "cp950": 0.0,
    "cp932": 0.03,
    "euc_jp": 0.0,
    "cp949": 0.0,
}
"""What is chosen from, and how much more often it is met than the others."""
ALIKE = {"iso8859_1": "cp1252", "shift_jis": "cp932", "gbk": "gb18030", "gb2312": "gb18030", "big5": "cp950", "euc_kr": "cp949"}
"""Encodings that are chosen as a part of a larger one."""
LANGUAGES = {
    "cp1252": ("German", "French", "Spanish", "Portuguese", "Italian", "Nordic", "Icelandic", "Dutch", "Catalan", "Albanian"),
    "cp1250": ("Polish", "Czech", "Slovak", "Hungarian", "Romanian", "Croatian", "German", "Albanian"),
    "cp1254": ("Turkish", "German", "French", "Spanish"),
    "cp1257": ("Lithuanian", "Latvian", "Estonian", "Polish", "German"),
}
LANGUAGES |= {"iso8859_2": LANGUAGES["cp1250"], "mac_roman": LANGUAGES["cp1252"], "cp850": LANGUAGES["cp1252"]}
DOUBLE = {"gb18030": SIMPLIFIED, "cp950": TRADITIONAL, "cp932": JAPANESE, "euc_jp": JAPANESE, "cp949": frozenset[str]()}
_SHARES = {"Cyrillic": CYRILLIC, "Greek": GREEK, "Hebrew": HEBREW}
_EAST = frozenset({"Han", "kana", "Hangul"})
_BLOCKS = (
    ("Latin", 0xC0, 0x24F),
    ("Latin", 0x1E00, 0x1EFF),
    ("Greek", 0x370, 0x3FF),
    ("Cyrillic", 0x400, 0x52F),
    ("Hebrew", 0x590, 0x5FF),
    ("Han", 0x3005, 0x3007),
    ("Han", 0x3400, 0x9FFF),
    ("Han", 0xF900, 0xFAFF),
    ("Hangul", 0xAC00, 0xD7A3),
)
_NEVER_FIRST = frozenset("ьъыςןםךףץ")
_NEVER_LAST = frozenset("σמנכפצ")
_ACCENTED = frozenset("άέήίόύώΐΰΆΈΉΊΌΎΏ")
_BESIDE_WORDS = frozenset("\u00a0«»“”‘’„‚…–—•·¿¡°²³µ½¼¾€£¥©®™ªº№§\u3000")
_APOSTROPHES = frozenset("’·-")

_WORD = re.compile(r"[^\x00-@\[-`{-\x7f]+")
_UNIT = re.compile(r"[°½¼¾€£¥§±×№]|°[CFKNSEWO]|[kcdmµ]?m[²³]|[µ][mglsAVFWSH]|[ªº]")
HIGH = re.compile(rb"[\x80-\xff]")


def rank(
    lines: Sequence[bytes], *, known: "set[str] | frozenset[str]" = frozenset(), expected: str | None = None
) -> list[tuple[float, str]]:
    """The encodings with their scores (about -2 to 1.5), the best first. `known`: words that speak for an encoding under
    which they come."""
    usual = usual_name(expected) if expected else ""
    scores = [
        (prior + (0.3 if codec_name(name) == usual else 0.0) + _score(lines, name, known), name) for name, prior in PRIORS.items()
    ]
    return sorted(scores, key=lambda item: -item[0])


def _score(lines: Sequence[bytes], encoding: str, known: "set[str] | frozenset[str]") -> float:
    """The mean over the bytes of letters that are no ASCII of what speaks for them (1) or against them (-1)."""
    words: Counter[str] = Counter()
    total = points = 0.0
    for line in lines:
        text = decoded(line, encoding)
        if text is None:
            size = 0.5 * len(HIGH.findall(line))
            total, points = total + size, points - 1.5 * size
            continue
        words.update(words_of(text))
    letters: Counter[str] = Counter()
    for word, count in words.items():
        for letter in word:
            if not letter.isascii() and letter.isalpha():
                letters[_small(letter)] += math.ceil(math.sqrt(count))
    language = _language(letters, encoding)
    for word, count in words.items():
        times = math.sqrt(count)
        values = [1.5] * len(word) if word in known else _judged(word, encoding, language)
        for letter, value in zip(word, values, strict=True):
            if not letter.isascii():
                size = times * (2 if encoding in DOUBLE and letter > "\u00ff" and not "\uff61" <= letter <= "\uff9f" else 1)
                total, points = total + size, points + size * value
    return points / total if total else 0.0


def _language(letters: Counter[str], encoding: str) -> str:
    """The letters of the language that holds most of these."""
    held = {
        name: sum(count for letter, count in letters.items() if letter in LATIN[name]) for name in LANGUAGES.get(encoding, ())
    }
    if "Icelandic" in held and 4 * sum(letters[letter] for letter in "áéíóú") < sum(letters[letter] for letter in "ðþý"):
        # so they would stand in no Icelandic text, but in a Turkish one that is read as such
        del held["Icelandic"]
    return LATIN[max(held, key=lambda name: held[name])] if held else ""


def _judged(word: str, encoding: str, language: str) -> list[float]:
    """What each character of a word (no ASCII but letters) says for the encoding; 0 for ASCII."""
    scripts = [_script(letter) for letter in word]
    kinds = {script for script in scripts if script not in ("", "mark")}
    if len(kinds - {*_EAST, "Latin"}) and len(kinds) > 1:
        return [0.0 if letter.isascii() else -1.0 for letter in word]
    values = []
    letters = [letter for letter in word if letter.isalpha()]
    cases = _case_penalty("".join(letters)) if not kinds & {*_EAST, "Hebrew"} else 0.0
    foreign, turns = 0.0, rhythm(word) if kinds in ({"Cyrillic"}, {"Greek"}) else 0.0
    if kinds == {"Greek"} and len(word) > 3 and not word.isupper() and not set(word) & _ACCENTED:
        turns -= 0.3
    if kinds == {"Latin"}:
        share = sum(not letter.isascii() for letter in letters) / len(letters)
        foreign = 1.5 if share == 1 and len(letters) > 1 else 0.5 if share > 0.75 and len(letters) > 2 else 0.0
    elif "Latin" in kinds:
        foreign = 1.0 if scripts[0] == scripts[-1] == "Latin" else 0.3
    for place, (letter, script) in enumerate(zip(word, scripts, strict=True)):
        if letter.isascii():
            values.append(0.0)
            continue
        if script in _SHARES:
            value = turns + frequent(letter.lower(), _SHARES[script])
            value -= 0.8 if place == 0 and letter.lower() in _NEVER_FIRST and len(word) > 1 else 0.0
            is_last = place == len(word) - 1
            value -= 0.8 if (is_last and letter in _NEVER_LAST and len(word) > 1) or (letter == "ς" and not is_last) else 0.0
        elif script == "Latin":
            value = _latin(word, place, encoding, language)
        elif script == "Han":
            value = _han(letter, encoding)
        elif script == "kana":
            value = 1.0 if DOUBLE.get(encoding) is JAPANESE else -0.3
            value = -0.7 if "\uff61" <= letter <= "\uff9f" else value
        elif script == "Hangul":
            value = 1.0 if letter in KOREAN else 0.0
        else:
            value = _beside(word, place, script)
        if len(word) == 1 and script in ("Latin", "Cyrillic", "Greek", "Hebrew"):
            # a letter alone may be any
            value = min(value, 0.3)
        values.append(value - (cases + foreign if script else 0.0))
    return values


def _latin(word: str, place: int, encoding: str, language: str) -> float:
    letter = _small(word[place])
    if letter in language:
        value = 0.8
    elif any(letter in LATIN[name] for name in LANGUAGES.get(encoding, ())):
        value = 0.15
    else:
        value = -0.8
    after = word[place + 1 : place + 2].lower()
    if letter in "ñń" and bool(after) and (after in "aeiouáéíóú") == (letter == "ń"):
        # a Spanish n with a tilde stands before a vowel, a Polish one with an accent does not
        value -= 0.5
    if letter == "õ" and language == LATIN["Portuguese"] and after != "e":
        value -= 0.5
    if (letter == "þ" and place and not after) or (letter == "ð" and not place and len(word) > 1):
        value -= 0.5
    return value


def _small(letter: str) -> str:
    return letter if letter == "İ" else letter.lower()


def _han(letter: str, encoding: str) -> float:
    if letter in DOUBLE.get(encoding, ()):
        return 1.0
    if encoding == "cp949":
        return -0.6
    code = letter.encode(encoding, "ignore")
    first = code[0] if code else 0
    usual = {"gb18030": range(0xB0, 0xD8), "cp950": range(0xA4, 0xC7), "cp932": range(0x88, 0x99), "euc_jp": range(0xB0, 0xD0)}
    if len(code) == 2 and first in usual.get(encoding, ()) and not (encoding == "gb18030" and code[1] < 0xA1):
        return 0.05
    return -0.5


def _beside(word: str, place: int, script: str) -> float:
    """A character that is no letter."""
    letter = word[place]
    if script == "wrong":
        return -1.0
    is_inside = 0 < place < len(word) - 1 and word[place - 1].isalpha() and word[place + 1].isalpha()
    if letter in _APOSTROPHES or "\u3000" <= letter <= "\u303f" or "\uff00" <= letter <= "\uff60":
        return 0.2
    if is_inside:
        return -1.0
    if _UNIT.fullmatch(word):
        return 0.8
    if letter in _BESIDE_WORDS:
        return 0.2 if len(word) == 1 or letter in "«»“”„…–—•\u00a0¿¡" else -0.1
    return -0.5


def _case_penalty(letters: str) -> float:
    """0 for Word, word and WORD; more where a large letter follows a small one, as when cases are swapped."""
    if letters.islower():
        return 0.0
    if letters.isupper():
        return 0.1 if len(letters) > 1 else 0.0
    if letters[:1].isupper() and letters[1:].islower():
        return 0.0
    return 0.9


def _script(letter: str) -> str:
    """The script of a letter; "" for other characters, "wrong" for those that no table holds."""
    code = ord(letter)
    if letter.isascii():
        return "Latin" if letter.isalpha() else ""
    kind = unicodedata.category(letter)
    if kind[0] == "C" or 0x2500 <= code <= 0x25FF or letter == "\ufffd":
        return "wrong"
    if letter in "ªºµ":
        return ""
    if 0x3040 <= code <= 0x30FF or 0xFF61 <= code <= 0xFF9F:
        return "kana"
    if kind[0] == "M":
        return "mark"
    if kind[0] != "L" and letter != "々":
        return ""
    return next((name for name, first, last in _BLOCKS if first <= code <= last), "wrong")


def is_odd(word: str) -> bool:
    """Whether a word mixes scripts or holds characters of none."""
    scripts = {"East" if script in _EAST else script for script in map(_script, word)} - {"", "mark"}
    return "wrong" in scripts or len(scripts) > (2 if scripts == {"Latin", "East"} else 1)


def words_of(text: str) -> Iterator[str]:
    """The runs of letters and of characters beyond ASCII that are not ASCII alone."""
    return (word for word in _WORD.findall(text) if not word.isascii())


def decoded(content: bytes, encoding: str) -> str | None:
    """None where the encoding does not fit."""
    try:
        return content.decode(encoding)
    except UnicodeError:
        return None


def codec_name(encoding: str) -> str:
    """The name of the codec as Python normalizes it, with underscores; an unknown one stays as it is."""
    try:
        return codecs.lookup(encoding).name.replace("-", "_")
    except LookupError:
        return encoding


def usual_name(encoding: str) -> str:
    """The codec's name, of the larger one where it is a part of another."""
    name = codec_name(encoding)
    return ALIKE.get(name, name)
