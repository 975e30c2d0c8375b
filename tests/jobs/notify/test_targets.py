"""The setting is read, and what can never work is said at once."""

import sys
from types import ModuleType

import pytest

from nnviz.errors import RequestError
from nnviz.jobs.notify.targets import NOTIFY, fingerprint, targets


def of(setting):
    return targets({NOTIFY: setting})


def test_a_line_is_an_address_or_a_command():
    hook, command = of(f" https://Example.org:8443/hook?key=1 \n\n{sys.executable} -c 'print(1)'\n")
    assert (hook.kind, hook.value) == ("webhook", "https://Example.org:8443/hook?key=1")
    assert hook.label == "https://example.org", "what may be secret is not in logs"
    assert (command.kind, command.arguments) == ("command", (sys.executable, "-c", "print(1)"))
    assert targets({}) == of(" \n ") == ()


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        ("http://", "no whole web address"),
        ("https://example.org:notaport/x", "no whole web address"),
        ("https://[::1/x", "no whole web address"),
        ("https://example.org/a b", "no whole web address"),
        ("https://user:secret@example.org/", "cannot hold a user and a password"),
        ("no-such-program-here --loud", "there is no command 'no-such-program-here'"),
        ("''", "there is no command ''"),
        ("sh -c 'echo", "a quotation mark that is not closed"),
    ],
)
def test_a_bad_one_is_said_in_one_line(setting, words):
    with pytest.raises(RequestError, match=words) as error:
        of(f"true\n{setting}")
    assert str(error.value).startswith(f"{NOTIFY}: ")
    assert "\n" not in str(error.value)
    assert "secret" not in str(error.value)


def test_two_settings_are_told_apart_without_what_they_name():
    one, same, other = (fingerprint({NOTIFY: text}) for text in ("true\n", "true", "https://example.org/secret"))
    assert one == same != other
    assert "secret" not in other
    assert fingerprint({}) == fingerprint({NOTIFY: " "}) == ""


def test_other_addresses_need_apprise(monkeypatch):
    monkeypatch.setitem(sys.modules, "apprise", None)
    with pytest.raises(RequestError, match=r"needs the package apprise.*requirements-notify\.txt"):
        of("mailto://user:secret@example.org")
    stub = ModuleType("apprise")
    stub.Apprise = lambda: type("Box", (), {"add": lambda _, url: url.startswith("mailto://")})()
    monkeypatch.setitem(sys.modules, "apprise", stub)
    (target,) = of("mailto://user:secret@example.org")
    assert (target.kind, target.label) == ("apprise", "mailto://")
    with pytest.raises(RequestError, match=r"apprise does not know this ftp:// address"):
        of("ftp://example.org")
