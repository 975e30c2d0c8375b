"""Packed runs with a byte, a field or a document changed, by a seed: each is refused in words, or comes in and every page shows
it."""

import json
import random

import pytest

from nnviz.errors import NnvizError
from nnviz.store import Cursor, Store
from nnviz.stream import messages
from nnviz.stream.backlog import backlog
from nnviz.stream.progress import Progress
from tests.pages.all_pages import opener
from tests.store.packed_runs import PackedParts
from tests.store.transfer.test_pack import trained

SEED, TRIES, DRAWN = 11, 60, 10
ODD = [
    None,
    True,
    0,
    1,
    -1,
    7,
    2**31,
    2**53,
    2**62,
    10**30,
    0.5,
    -0.0,
    1e300,
    -1e-300,
    "",
    "x",
    "nan",
    "inf",
    "1e9",
    "\u202eevil",
    "<img src=x onerror=alert(1)>",
    "x" * 5000,
    "a\0b",
    "=1+1",
    [],
    {},
    [1],
    {"a": 1},
    [[[]]],
    "{}",
    "[]",
    "null",
]
TABLES = ("runs", "runs", "runs", "groups", "events", "epochs", "steps", "frames", "snapshots")


def mutated(parts, chance):
    """Changes one thing."""
    table = chance.choice(TABLES)
    rows = parts.rows(table)
    row = chance.choice(rows)
    column = chance.choice(list(row))
    try:
        document = json.loads(row[column]) if isinstance(row[column], str) and row[column][:1] in "{[" else None
    except ValueError:
        document = None
    match chance.randint(0, 5):
        case 0:
            row[column] = chance.choice(ODD)
        case 1:
            del row[column]
        case 2 if isinstance(row[column], int | float):
            row[column] = row[column] * chance.choice([0.5, 2, -1, 1 + 1e-9, 1e9])
        case 3 if isinstance(row[column], str) and row[column]:
            place = chance.randrange(len(row[column]))
            row[column] = row[column][:place] + chance.choice(["", "0", "\x01", '"', "}", "9" * 400]) + row[column][place + 1 :]
        case _ if document:
            _change(document, chance)
            row[column] = json.dumps(document)
        case _:
            rows.append(dict(row))
    parts.put_rows(table, rows)
    return f"{table}.{column}"


def _change(document, chance):
    """Replaces or removes something anywhere in a document."""
    place = document
    while True:
        keys = list(place) if isinstance(place, dict) else list(range(len(place)))
        key = chance.choice(keys)
        if isinstance(place[key], dict | list) and place[key] and chance.random() < 0.7:
            place = place[key]
            continue
        if chance.random() < 0.2:
            del place[key]
        else:
            place[key] = chance.choice(ODD)
        return


@pytest.fixture(scope="module")
def accepted(tmp_path_factory):
    """The store into which all that was accepted came, each under an id of its own; gives its URL and the changes."""
    folder = tmp_path_factory.mktemp("fuzz")
    here, there = (Store(f"sqlite:///{folder}/{name}.db") for name in ("here", "there"))
    here.packs.pack(trained(here, group=True), folder / "good.nnviz")
    whole = (folder / "good.nnviz").read_bytes()
    chance, imported, refused = random.Random(SEED), {}, 0
    for number in range(TRIES):
        path = folder / "changed.nnviz"
        if number % 4 == 0:
            body = bytearray(whole)
            for _ in range(chance.randint(1, 4)):
                body[chance.randrange(len(body))] = chance.randrange(256)
            path.write_bytes(body if chance.random() < 0.7 else body[: chance.randrange(len(body))])
            what = "bytes"
        else:
            parts = PackedParts(folder / "good.nnviz")
            parts.change("runs", id=f"fuzz-{number}")
            what = mutated(parts, chance)
            parts.write(path, run=f"fuzz-{number}")
        try:
            run_id = there.packs.unpack(path).run_id
        except NnvizError:
            refused += 1
        else:
            imported[run_id] = what
    yield f"sqlite:///{folder}/there.db", imported, refused
    here.close()
    there.close()


def test_most_are_refused_and_some_come_in(accepted):
    _url, imported, refused = accepted
    assert refused > TRIES / 3
    assert len(imported) >= DRAWN


def test_what_came_in_is_whole_for_the_stream(accepted):
    url, imported, _refused = accepted
    store = Store(url)
    for run_id in imported:
        run = store.runs.get(run_id)
        assert not run.broken
        assert run.spec is not None
        messages.pack(
            "hello",
            run_id,
            status=Progress().status(run),
            settings=run.settings,
            events=messages.event_maps(store.runs.events(run_id)),
        )
        backlog(store, run)
        store.series.updates(run_id, Cursor())
        store.runs.encoder(run_id)
        store.snapshots.of_run(run_id)


def test_pages_draw_what_came_in(accepted, tmp_path, monkeypatch):
    url, imported, _refused = accepted
    page = opener(tmp_path, monkeypatch, url=url)
    drawn = list(imported)[:DRAWN]
    page("runs")
    page("compare", runs=",".join(drawn))
    for run_id in drawn[::4]:
        page("predict", run=run_id)
    for run_id in drawn[1::6]:
        page("train", run=run_id)
