"""Hostile text where it is shown: what is left of it means nothing, hides nothing and fits."""

import pytest

from nnviz.plain_text import distinct, html, log_lines, markdown, plotly, size_text, visible, within, without_folders

HIDDEN = [
    "\u202e",
    "\u202a",
    "\u2066",
    "\u200b",
    "\u200f",
    "\ufeff",
    "\xad",
    "\x00",
    "\x1b",
    "\x7f",
    "\x85",
    "\ud800",
    "\u2028",
    "\u3164",
    "\U000e0041",
]


@pytest.mark.parametrize("sign", HIDDEN, ids=ascii)
def test_what_is_not_seen_is_written_out(sign: str) -> None:
    text = visible(f"a{sign}b")
    assert sign not in text
    assert len(text) >= 3
    text.encode("utf-8")  # can be sent


def test_it_is_one_line_and_fits() -> None:
    assert visible("a\nb\tc\rd") == "a⏎b⇥c␍d"
    assert visible("a\nb\u202e", lines=True) == "a\nb\\u202e"
    long = visible("start" + "x" * 10_000 + "end", limit=50)
    assert len(long) == 50
    assert long.startswith("start")
    assert long.endswith("end")
    assert visible("   ") == "␠␠␠"
    assert len(visible("z" + "\u0301" * 500)) < 40


def test_ordinary_text_stays_as_it_is() -> None:
    for text in ("Zürich 3°", "体重 (kg)", "👩\u200d💻", "می\u200cخواهم", "سلام", "e\u0301", "a & b <c>", "\\u202e", "100 %"):
        assert visible(text) == text


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("see http://evil.example/x", "http://"),
        ("HTTPS://evil.example", "HTTPS://"),
        ("www.evil.example", "www."),
        ("WWW.evil.example", "WWW."),
        ("me@evil.example", "@evil"),
        (":smile:", ":smile:"),
        (":material/home:", ":material/"),
        (":red[a]", ":red["),
        ("a -> b", "->"),
        ("<!-- x -->", "<!--"),
    ],
)
def test_streamlit_makes_nothing_of_it(text: str, made: str) -> None:
    """Escapes alone are not enough: links, emoji and arrows are made of what is left once Markdown has been read."""
    unescaped = markdown(text).replace("\\", "")
    assert made not in unescaped
    assert unescaped.replace("\u2060", "") == text


@pytest.mark.parametrize("sign", list("\\`*_{}[]()<>#+-.!|~:$&^=\"'"))
def test_every_sign_of_markdown_is_escaped(sign: str) -> None:
    assert markdown(f"a{sign}").startswith(f"a\\{sign}")


def test_in_markup_and_figures() -> None:
    assert html("<img src=x onerror='a'>\u202e") == "&lt;img src=x onerror=&#x27;a&#x27;&gt;\\u202e"
    assert plotly("<a href='x'>%{y} $x$") == "&lt;a href='x'&gt;%&#123;y} &#36;x&#36;"


def test_names_that_would_look_alike_are_told_apart() -> None:
    names = ["x" * 500 + "a" + "x" * 500, "x" * 500 + "b" + "x" * 500, "a\u200b", "a\\u200b", "plain", "plain"]
    texts = distinct(names)
    assert len(set(texts.values())) == 5
    assert texts["plain"] == "plain"
    assert distinct(["a", "b"], lambda _: "same") == {"a": "same", "b": "same (2)"}


def test_folders_of_the_server_are_left_out() -> None:
    assert without_folders("/home/me/nnviz/x.csv: cannot read") == "x.csv: cannot read"
    assert without_folders("at sqlite:////srv/nnviz/nnviz.db") == "at sqlite://nnviz.db"
    assert without_folders("[Errno 2] No such file: '/etc/secret/key.pem'") == "[Errno 2] No such file: 'key.pem'"
    for text in ("a/b/c", "1/2", "https://docs.example/a/b", "m/s/s"):
        assert without_folders(text) == text


def test_a_log_has_no_frames() -> None:
    log = (
        'reading rows\nTraceback (most recent call last):\n  File "/srv/nnviz/engine/x.py", line 3, in f\n    g()\n    ~^^\n'
        "MemoryError: /srv/data/big.csv\n\nDuring handling of the above exception, another exception occurred:\nend\u202e"
    )
    assert log_lines(log) == "reading rows\nMemoryError: big.csv\n\nend\\u202e"


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (0, "0 B"),
        (999, "999 B"),
        (1000, "1.0 kB"),
        (2504, "2.5 kB"),
        (99_400, "99.4 kB"),
        (120_000, "120 kB"),
        (999_600, "1.0 MB"),
        (2_200_000_000, "2.2 GB"),
        (5e12, "5.0 TB"),
        (1.2e15, "1.2 PB"),
        (5e18, "5000 PB"),
    ],
)
def test_bytes_in_words(count: float, text: str) -> None:
    assert size_text(count) == text


@pytest.mark.parametrize(
    ("title", "words"),
    [("Accuracy", "accuracy"), ("MAE", "MAE"), ("R²", "R²"), ("L2", "L2"), ("Lowest loss", "lowest loss"), ("", "")],
)
def test_a_title_within_a_sentence(title: str, words: str) -> None:
    assert within(title) == words
