"""Rows that a broken tool left in the store: each list marks that one run, shows all the others, and can delete it."""

import json

import pytest
from sqlalchemy import text

from nnviz.store import Store
from nnviz.stream import messages
from nnviz.stream.backlog import backlog
from nnviz.stream.progress import Progress
from tests.pages.all_pages import opener
from tests.pages.example_runs import Worker, spec
from tests.pages.test_predict import ENCODER

DEEP = "[" * 5000 + "]" * 5000
NO_JSON = ["", "{", "x", DEEP, "\0", b"\xff\xfe"]
NO_OBJECT = [*NO_JSON, "[]", "null", "3", '"x"']
ODD = ['{"a": %s}' % ("9" * 400), '{"a": "\\ud83d"}', '{"\\udc00": 1}', '{"a": ' * 90 + "1" + "}" * 90]
TIMES = [1e300, -1e300, 1e15, "now", b"\0"]
DAMAGE = {
    "spec": [
        *NO_OBJECT,
        *ODD,
        "{}",
        '{"data": 3, "cost": {}, "optimizer": {}, "layers": []}',
        '{"data": {}, "cost": {}, "optimizer": {}, "layers": [3]}',
        '{"data": {}, "cost": {}, "optimizer": {}, "layers": [], "training": {"epochs": "x"}}',
    ],
    "info": [
        *NO_OBJECT,
        *ODD,
        '{"shape": "x", "rows": 3}',
        '{"task": "dance"}',
        '{"calendar": [[1]]}',
        '{"own": []}',
        '{"shape": [2], "outputs": 2}',
        '{"classes": [1]}',
    ],
    "metrics": [*NO_OBJECT, *ODD, '{"loss": "<b>"}', '{"loss": null}', '{"val_loss": [1]}', '{"loss": true}'],
    "best": [*NO_OBJECT, '{"epoch": "x"}', '{"val_loss": {}}'],
    "control": [*NO_OBJECT, *ODD, '{"pace": "sideways"}', '{"live": 3}', '{"epochs": 1e300}', '{"more": 1}'],
    "tags": [*NO_JSON, "{}", "null", "[3]", '["\\ud800"]'],
    "error": ["{", "[]", "3", '{"what": 3}'],
    "created": TIMES,
    "started": TIMES,
    "ended": TIMES,
    "epoch": [1e300 * 1e10, "x", -1.0],
    "step": ["x", 2**62, -5, 1.5],
    "seconds": ["x", -1.0],
    "status": ["", "dancing", b"\xff", 7],
    "name": [b"\xff\xfe", 7],
    "note": [b"\0\xff", 7.5],
    "label": [b"\xff\0"],
    "log": [b"\xff\0"],
    "phase": [b"\0"],
    "pid": ["x"],
    "attempt": ["x"],
    "revision": ["x"],
    "member": ["x"],
    "weights": [b"\0", "short"],
    "pinned": ["x"],
}
CASES = [(column, value) for column, values in DAMAGE.items() for value in values]


def whole(store, name="whole"):
    worker = Worker(store, spec(), name=name).train(4)
    store.runs.set_phase(worker.id, worker.attempt, "training", info={"task": "classification"}, encoder=ENCODER)
    worker.finish()
    change(store, "runs", worker.id, weights="0" * 64)
    return worker.id


def change(store, table, run_id, **columns):
    key = "id" if table in ("runs", "groups") else "run"
    with store.db.write() as connection:
        for name, value in columns.items():
            connection.execute(text(f'UPDATE {table} SET "{name}" = :value WHERE {key} = :id'), {"value": value, "id": run_id})


@pytest.fixture(scope="module")
def broken(tmp_path_factory):
    """A store with one whole run and a broken one for each case; gives its URL and the ids by case."""
    url = f"sqlite:///{tmp_path_factory.mktemp('broken')}/nnviz.db"
    store = Store(url)
    ids = []
    with store.transaction():
        first = whole(store)
        for number, (column, value) in enumerate(CASES):
            run_id = whole(store, f"case {number}: {column}")
            change(store, "runs", run_id, **{column: value})
            ids.append(run_id)
    yield url, first, ids
    store.close()


@pytest.fixture
def page(broken, store, tmp_path, monkeypatch):
    """Opens a page on that store, or on the one that NNVIZ_STORE names by then."""
    return opener(tmp_path, monkeypatch, url=broken[0])


def test_every_case_is_marked_or_harmless(broken):
    url, first, ids = broken
    store = Store(url)
    runs = {run.id: run for run in store.runs.list_runs(limit=10_000)}
    assert set(runs) == {first, *ids}
    assert not runs[first].broken
    harmless = [case for case, run_id in zip(CASES, ids, strict=True) if not runs[run_id].broken]
    # a text that was no UTF-8 is read with a sign for what was none, and a pin is a pin whenever it was set
    assert {column for column, _ in harmless} <= {"name", "pinned", "weights", "note", "label", "log"}
    assert {value for _, value in harmless} <= {b"\xff\xfe", "x", "short", 7, 7.5}


def test_a_broken_run_can_be_looked_at_by_the_stream(broken):
    url, _first, ids = broken
    store = Store(url)
    for run_id in ids:
        run = store.runs.get(run_id)
        messages.pack(
            "hello",
            run.id,
            status=Progress().status(run),
            settings=run.settings,
            events=messages.event_maps(store.runs.events(run_id)),
        )
        backlog(store, run)


def run_rows(test):
    """The words of each row of the table of runs; pandas cannot read back its columns of lists."""
    import pyarrow as pa

    body = next(element.proto.arrow_data.data for element in test.dataframe if element.proto.arrow_data.data)
    table = pa.ipc.open_stream(body).read_all()
    return [" ".join(map(str, row.values())) for row in table.select(["status", "name"]).to_pylist()]


def test_the_runs_page_shows_all_and_says_which_are_broken(page, broken):
    test = page("runs")
    texts = " ".join(text.value for text in test.text)
    assert "cannot be read" in texts
    rows = [*run_rows(test), *run_rows(page("runs", page="2"))]
    assert len(rows) == 1 + len(CASES)
    assert sum("unreadable" in row for row in rows) > 0.9 * len(CASES)


def test_compare_leaves_them_out_by_name(page, broken):
    _url, first, ids = broken
    for start in range(0, len(ids), 30):
        test = page("compare", runs=",".join([first, *ids[start : start + 30]]))
        assert any("cannot be read" in line.value for line in test.text)
    page("compare")


def test_predict_offers_the_others(page, broken):
    test = page("predict")
    assert any("whole" in option for option in test.selectbox[0].options)
    assert not any("spec" in option for option in test.selectbox[0].options)


@pytest.mark.parametrize("column", ["spec", "info", "metrics", "control", "created", "error", "tags"])
def test_train_says_why_it_shows_none(page, broken, column):
    run_id = broken[2][next(place for place, case in enumerate(CASES) if case[0] == column)]
    test = page("train", run=run_id)
    assert any("cannot be read" in line.value for line in test.text)


def test_data_is_drawn(page):
    page("data")


def test_the_command_line_lists_shows_and_goes_on(broken, monkeypatch, capsys):
    import sys

    from nnviz import cli

    for arguments in (["runs"], ["runs", "--json"], *(["show", run_id] for run_id in broken[2][::12])):
        monkeypatch.setattr(sys, "argv", ["nnviz", *arguments, "--store", broken[0]])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        assert ended.value.code == 0, (arguments, capsys.readouterr())
    assert "cannot be read" in capsys.readouterr().out


def test_each_can_be_deleted_and_brought_back(broken):
    url, first, ids = broken
    store = Store(url)
    assert store.runs.delete(ids, with_pinned=True) == ids
    assert [run.id for run in store.runs.list_runs()] == [first]
    store.runs.restore(ids)


@pytest.mark.parametrize(
    ("table", "columns"),
    [
        ("events", {"data": "not json"}),
        ("events", {"data": '{"a": %s}' % ("9" * 400)}),
        ("events", {"data": '["x"]'}),
        ("events", {"time": 1e300}),
        ("events", {"time": "x"}),
        ("events", {"text": b"\xff"}),
        ("events", {"step": "x"}),
        ("events", {"kind": "changed", "data": '{"name": 3, "after": []}'}),
        ("epochs", {"value": "x"}),
        ("epochs", {"odd": "what"}),
        ("epochs", {"epoch": "x"}),
        ("epochs", {"time": b"\0"}),
        ("steps", {"values": b"abc"}),
        ("steps", {"values": "x"}),
        ("steps", {"blocks": b"a"}),
        ("steps", {"stop": 3}),
        ("steps", {"stop": "x"}),
        ("frames", {"body": "x"}),
        ("frames", {"step": "x"}),
        ("frames", {"revision": "x"}),
        ("snapshots", {"place": "x"}),
        ("snapshots", {"size": "x"}),
        ("snapshots", {"epoch": b"\0"}),
        ("snapshots", {"created": "x"}),
    ],
)
def test_what_belongs_to_a_run(store, page, monkeypatch, table, columns):
    import numpy as np

    from nnviz.store import Cursor, FrameRow

    worker = Worker(store, spec(), name="one").train(4)
    store.series.append(
        worker.id,
        worker.attempt,
        step=600,
        epoch=5.0,
        seconds=1.0,
        steps_={"batch_loss": np.ones(600)},
        frame=FrameRow("plane", 5, 1.0, b"\x80"),
    )
    store.snapshots.add(worker.id, worker.attempt, [(5, 1.0, 1.0, b"state")])
    worker.finish()
    change(store, table, worker.id, **columns)
    run = store.runs.get(worker.id)
    backlog(store, run)
    store.series.updates(run.id, Cursor())
    store.series.history(run.id)
    store.series.frames(run.id)
    store.runs.changed(run.id)
    messages.event_maps(store.runs.events(run.id))
    messages.step_columns(store.series.updates(run.id, Cursor()).steps)
    store.snapshots.of_run(run.id)
    store.disk.usage()
    if columns in ({"data": "not json"}, {"value": "x"}, {"values": b"abc"}):
        monkeypatch.setenv("NNVIZ_STORE", store.url)
        for name, address in (("runs", {}), ("compare", {"runs": run.id}), ("train", {"run": run.id})):
            page(name, **address)


def test_a_group_that_cannot_be_read(store, page, monkeypatch):
    group = store.runs.create_group(spec(split={"folds": 3}))
    runs = store.runs.group_runs(group)
    change(store, "groups", group, spec="{")
    change(store, "runs", runs[1].id, info="{")
    monkeypatch.setenv("NNVIZ_STORE", store.url)
    test = page("train", run=runs[0].id)
    assert any("cannot be read" in line.value for line in test.text)
    page("runs")


def test_jobs_and_settings_that_cannot_be_read(store, page, monkeypatch):
    run_id = store.runs.create(spec(), name="waits")
    job = store.jobs.add("train", run_id=run_id)
    with store.db.write() as connection:
        connection.execute(text("UPDATE jobs SET payload = '{', result = '[', rank = 'x'"))
        connection.execute(text("INSERT INTO settings VALUES ('training_at_once', 'many'), ('room', '{')"))
    assert [queued.id for queued in store.queue.in_order()] == [job]
    assert store.jobs.open_jobs()[0].payload == {}
    assert store.queue.training_at_once() is None
    monkeypatch.setenv("NNVIZ_STORE", store.url)
    page("runs")


def test_a_broken_run_is_not_trained_and_ends_in_words(store):
    from nnviz.errors import SpecError

    run_id = store.runs.create(spec(), name="waits")
    change(store, "runs", run_id, spec=json.dumps({"data": {}}))
    with pytest.raises(SpecError, match="cannot be read"):
        _ = store.runs.get(run_id).spec
    attempt = store.runs.claim(run_id, pid=1)
    change(store, "runs", run_id, info="{", metrics="[", best="x", control="{")
    store.series.append(run_id, attempt, step=1, epoch=1.0, seconds=1.0, epochs_=[(1.0, 1, 1.0, {"loss": 1.0})])
    store.runs.set_control(run_id, stop=True)
    store.runs.finish(run_id, attempt, "failed", error=SpecError("broken"))
    assert store.runs.get(run_id).status == "failed"
