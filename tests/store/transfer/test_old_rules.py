"""Specs of before reading rules had versions."""

import json
import sqlite3

import pytest

from nnviz.store import Store
from nnviz.store.transfer.old_rules import with_payload_of_old, with_rules_of_old

FILE = {"data": {"kind": "file", "path": "a.csv"}}
BROKEN = [
    "",
    "no JSON",
    "[1, 2]",
    "null",
    '{"data": 7}',
    '{"data": {"kind": "file", "read": 7}}',
    '{"data": {"kind": "synthetic"}}',
    '{"a": 1, "a": 2, "data": {"kind": "file"}}',
    "[" * 100_000,
    None,
]


def test_a_file_gets_the_first_rules():
    assert json.loads(with_rules_of_old(json.dumps(FILE))) == {"data": FILE["data"] | {"read": {"rules": 1}}}
    spec = {"data": FILE["data"] | {"read": {"decimal": ","}}}
    assert json.loads(with_rules_of_old(json.dumps(spec)))["data"]["read"] == {"decimal": ",", "rules": 1}


def test_an_optimizer_keeps_the_defaults_it_had():
    spec = {"data": {"kind": "synthetic"}, "optimizer": {"kind": "Adafactor", "epsilon_1": 1e-16}}
    assert json.loads(with_rules_of_old(json.dumps(spec)))["optimizer"] == spec["optimizer"] | {"learning_rate": 0.1}
    for same in ({"kind": "Adam"}, {"kind": "SGD", "learning_rate": 1}, {"kind": 7}, {}, 7):
        text = json.dumps({"data": {"kind": "synthetic"}, "optimizer": same})
        assert with_rules_of_old(text) is text


def test_what_says_its_rules_stays():
    spec = json.dumps({"data": FILE["data"] | {"read": {"rules": 2}}})
    assert with_rules_of_old(spec) == spec


@pytest.mark.parametrize("text", BROKEN, ids=lambda text: str(text)[:20])
def test_what_is_no_spec_of_a_file_stays_as_it_is(text):
    assert with_rules_of_old(text) is text
    assert with_payload_of_old(text) is text


def test_a_job_that_waits_gets_them_too():
    payload = json.dumps({"spec": FILE, "more": 1})
    assert json.loads(with_payload_of_old(payload)) == {"spec": {"data": FILE["data"] | {"read": {"rules": 1}}}, "more": 1}


def test_a_store_is_rewritten_where_it_can_be_read(tmp_path):
    url = f"sqlite:///{tmp_path}/nnviz.db"
    Store(url)
    with sqlite3.connect(tmp_path / "nnviz.db") as connection:
        for number, text in enumerate([json.dumps(FILE), "broken", json.dumps({"data": {"kind": "synthetic"}})]):
            connection.execute(
                "INSERT INTO runs (id, name, spec, status, phase, attempt, revision, created, step, epoch, "
                "seconds, control, info, metrics, best, tags, note) VALUES "
                "(?, '', ?, 'queued', '', 0, 0, 1e9, 0, 0, 0, '{}', '{}', '{}', '{}', '[]', '')",
                (f"r{number}", text),
            )
            connection.execute("INSERT INTO groups (id, name, spec, created) VALUES (?, '', ?, 1e9)", (f"g{number}", text))
            connection.execute(
                "INSERT INTO jobs (kind, payload, key, status, prefers, created) VALUES ('prepare', ?, '', 'queued', '', 1e9)",
                (f'{{"spec": {text}}}',),
            )
        connection.execute("UPDATE alembic_version SET version_num = '0003'")
    Store(url)
    with sqlite3.connect(tmp_path / "nnviz.db") as connection:
        for table, column in (("runs", "spec"), ("groups", "spec"), ("jobs", "payload")):
            texts = [text for (text,) in connection.execute(f"SELECT {column} FROM {table} ORDER BY id")]
            assert ['"rules": 1' in text for text in texts] == [True, False, False]
        assert connection.execute("SELECT version_num FROM alembic_version").fetchone() == ("0004",)
