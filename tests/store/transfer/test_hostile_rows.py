"""Packed runs from strangers whose rows no page could show: refused in words before anything of them is written."""

import msgpack
import numpy as np
import pytest

from tests.store.packed_runs import PackedParts, binary


@pytest.mark.parametrize(
    ("column", "value", "says"),
    [
        ("created", 1e300, "created"),
        ("created", -1, "created"),
        ("started", 1e15, "started"),
        ("ended", 0, "ended"),
        ("spec", "{}", "spec data"),
        ("spec", '{"version": 1}', "spec"),
        ("spec", "[" * 50_000, "deeply"),
        ("spec", '{"data": {}, "cost": {}, "optimizer": {}, "layers": []}', "settings"),
        ("info", '{"shape": "x", "rows": 3}', "info shape"),
        ("info", '{"task": "classification", "task": "regression"}', "twice"),
        ("info", '{"a": NaN}', "no number"),
        ("info", '{"a": 1e999}', "no number"),
        ("info", '{"a": %s}' % ("9" * 400), "digits"),
        ("info", '{"a": "\\ud83d"}', "half a letter"),
        ("info", '{"a": ' * 100 + "1" + "}" * 100, "deeply"),
        ("info", '{"shape": [2]}', "without outputs"),
        ("metrics", '{"loss": null}', "loss"),
        ("metrics", "[]", "metrics"),
        ("best", '{"epoch": "x"}', "epoch"),
        ("control", '{"pace": "sideways"}', "pace"),
        ("control", '{"more": 1}', "more"),
        ("control", '{"stop": 1}', "stop"),
        ("tags", '["%s"]' % ("x" * 61), "tags"),
        ("tags", "{}", "tags"),
        ("error", '{"what": 3}', "error"),
        ("error", "[]", "error"),
        ("encoder", "{}", "encoder target"),
        ("encoder", '{"target": {"names": ["y"], "task": "x"}}', "target.task"),
        ("name", "a\x1b[2J", "control"),
        ("name", "x" * 3000, "letters"),
        ("name", "a\0b", "control"),
        ("label", "a\nb", "control"),
        ("note", "x" * 20_000, "letters"),
        ("status", "running", "not one that has ended"),
        ("status", "dancing", "status"),
        ("step", -1, "step"),
        ("epoch", -1.0, "epoch"),
        ("seconds", 1e200, "seconds"),
        ("attempt", -3, "attempt"),
        ("weights", "x" * 64, "weights"),
        ("id", "../../x", "id"),
        ("revision", -1, "revision"),
        ("pinned", 1e300, "pinned"),
    ],
)
def test_a_run_that_pages_could_not_show(packed, refused, tmp_path, column, value, says):
    packed.change("runs", **{column: value})
    refused(packed.write(tmp_path / "bad.nnviz"), says)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("columns", [{"name": "x", "type": "number"}]),
        ("columns", [{"name": "x", "type": "dance"}]),
        ("columns", "x"),
        ("columns", [{"name": 3, "type": "number"}]),
        ("columns", [{"name": "x", "type": "category", "categories": [1]}]),
        ("shape", "x"),
        ("shape", [-1]),
        ("divide", "x"),
        ("target", []),
        ("target", {"names": ["y"], "task": "classification", "classes": []}),
        ("target", {"names": [], "task": "regression"}),
    ],
)
def test_an_encoder_that_predict_could_not_use(packed, refused, tmp_path, key, value):
    packed.change_document("encoder", **{key: value})
    refused(packed.write(tmp_path / "bad.nnviz"), "encoder")


@pytest.mark.parametrize(
    ("table", "change"),
    [
        ("events", {"data": "not json"}),
        ("events", {"data": "[]"}),
        ("events", {"data": '{"a": %s}' % ("9" * 400)}),
        ("events", {"time": 1e300}),
        ("events", {"time": -5}),
        ("events", {"text": "x" * 200_000}),
        ("events", {"step": -1}),
        ("events", {"kind": ""}),
        ("events", {"epoch": -1}),
        ("events", {"kind": "a\nb"}),
        ("epochs", {"odd": "what"}),
        ("epochs", {"odd": "nan", "value": 1.0}),
        ("epochs", {"value": None, "odd": None}),
        ("epochs", {"name": ""}),
        ("epochs", {"step": -1}),
        ("epochs", {"time": -1}),
        ("epochs", {"epoch": 1e300}),
        ("steps", {"values": binary(b"abc")}),
        ("steps", {"values": binary(b"")}),
        ("steps", {"blocks": binary(b"abcd")}),
        ("steps", {"start": 5, "stop": 5}),
        ("steps", {"start": 9, "stop": 5}),
        ("steps", {"stop": 2**50}),
        ("steps", {"series": ""}),
        ("steps", {"series": "a\x07"}),
        ("steps", {"time_start": -1}),
        ("steps", {"written": 1e300}),
        ("steps", {"attempt": -1}),
        ("frames", {"body": binary(b"\xc1")}),
        ("frames", {"body": binary(msgpack.packb([1]))}),
        ("frames", {"view": ""}),
        ("frames", {"body": binary(msgpack.packb({"a": 1}) + b"more")}),
        ("frames", {"body": binary(b"\x91" * 3000)}),
        ("frames", {"body": binary(b"\xdf\xff\xff\xff\xff")}),
        ("frames", {"body": binary(msgpack.packb({"a": msgpack.ExtType(4, b"x")}))}),
        ("frames", {"step": -1}),
        ("frames", {"revision": -1}),
        ("snapshots", {"place": 2**40}),
        ("snapshots", {"size": 2**40}),
        ("snapshots", {"file": "../../x.snap"}),
        ("snapshots", {"sha256": "x"}),
        ("snapshots", {"damaged": 7}),
        ("snapshots", {"created": 1e300}),
        ("snapshots", {"place": -1}),
        ("groups", {"spec": "{}"}),
        ("groups", {"spec": "x"}),
        ("groups", {"created": 1e300}),
        ("groups", {"name": "a\x1b"}),
        ("groups", {"id": "../x"}),
    ],
)
def test_rows_that_would_break_what_reads_them(packed, refused, tmp_path, table, change):
    packed.change(table, **change)
    refused(packed.write(tmp_path / "bad.nnviz"))


@pytest.mark.parametrize("table", ["steps", "epochs", "frames", "snapshots", "groups", "runs"])
def test_rows_that_stand_there_twice(packed, refused, tmp_path, table):
    packed.put_rows(table, packed.rows(table) * 2)
    refused(packed.write(tmp_path / "bad.nnviz"))


def test_steps_that_overlap(packed, refused, tmp_path):
    (row,) = packed.rows("steps")
    values = np.ones(10, "<f4")
    packed.put_rows(
        "steps",
        [
            row,
            row
            | {"start": 1495, "stop": 1505, "values": binary(values.tobytes()), "blocks": binary(np.ones(3, "<f4").tobytes())},
        ],
    )
    refused(packed.write(tmp_path / "bad.nnviz"), "twice")


@pytest.mark.parametrize(
    "line",
    [
        b'{"a": 1, "a": 2}',
        b'{"step": NaN}',
        b"[1]",
        b"3",
        b"\xff\xfe",
        b"{" * 2000,
        b"[" + b"[]," * 50_000 + b"1]",
        b'{"id": "\\ud83d"}',
        b'{"step": ' + b"9" * 500 + b"}",
        b'{"step": ' + b"9" * 5000 + b"}",
        b"",
    ],
)
def test_lines_that_are_no_rows(packed, refused, tmp_path, line):
    for table in ("runs", "events"):
        changed = PackedParts(packed.write(tmp_path / "bad.nnviz"))
        changed.put_rows(table, [line, *changed.rows(table)])
        refused(changed.write(tmp_path / "bad.nnviz"))


@pytest.mark.parametrize(("column", "item"), [("info", "{}"), ("encoder", "[]"), ("control", "1"), ("spec", '""')])
def test_small_texts_that_would_take_much_room(packed, refused, tmp_path, column, item):
    packed.change("runs", **{column: '{"a": [' + f"{item}," * 200_000 + "1]}"})
    refused(packed.write(tmp_path / "bad.nnviz"), column)
