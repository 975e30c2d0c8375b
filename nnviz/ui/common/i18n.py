"""The one lookup that every string of the interface goes through: English in the source, other languages in
`locale/<language>/LC_MESSAGES/nnviz.mo` (gettext). The language comes from NNVIZ_LANG ("zh" or "zh_CN"); without it,
or without a file for it, the source strings are shown.
"""

import gettext
import os
import re
from functools import cache
from pathlib import Path

LOCALE = Path(__file__).parents[1] / "locale"
_CALL = re.compile(r"""\bt\(\s*(?:"((?:[^"\\\n]|\\.)*)"|'((?:[^'\\\n]|\\.)*)')""")


@cache
def _catalogue(chosen: str) -> gettext.NullTranslations:
    return gettext.translation("nnviz", LOCALE, languages=[chosen] if chosen else ["en"], fallback=True)


@cache
def language() -> str:
    """The language that was asked for; empty for English."""
    return os.environ.get("NNVIZ_LANG", "")


def _(message: str) -> str:
    """`message` in the user's language. Put values in afterwards: `_("{n} rows").format(n=5)`."""
    return _catalogue(language()).gettext(message) if message else ""


def counted(one: str, many: str, n: int) -> str:
    """`one` or `many`, as the language counts, with `{n}` filled in."""
    return _catalogue(language()).ngettext(one, many, n).format(n=f"{n:,}")


def for_script(source: str) -> dict[str, str]:
    """What a browser script needs to speak the language: each literal `t("...")` in its source, looked up. The script
    itself falls back to the English it was written with, so nothing is listed twice."""
    return _for_script(source, language())


@cache
def _for_script(source: str, chosen: str) -> dict[str, str]:
    messages = ((double or single).replace('\\"', '"').replace("\\'", "'") for double, single in _CALL.findall(source))
    return {message: _catalogue(chosen).gettext(message) for message in dict.fromkeys(messages)}
