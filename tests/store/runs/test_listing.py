import pytest
from sqlalchemy import update

from nnviz.store import SORTS
from nnviz.store.schema import runs as table
from tests.pages.example_runs import Worker, gallery, spec


@pytest.fixture
def ids(store):
    return gallery(store)


def listed(store, **options):
    return [run.id for run in store.listing.page(**options).runs]


@pytest.mark.parametrize(("text", "matching"), [
    ("adam", True), ("ADAM baseline", True), ("lesson", True), ("learning_rate=0.001", True), ("digits 64-32", True),
    ("beat", True), ("sgd", False), ("adam sgd", False), ("", True), ("100%", False), ("kind=adam", True), ("b_seline", False),
    ("units=64", True)])  # fmt: skip
def test_search_needs_every_word(store, ids, text, matching):
    assert (ids["adam"] in listed(store, text=text)) is matching


def test_letters_beyond_ascii_are_searched_in_any_case(store, ids):
    store.runs.edit(ids["wine"], name="Größe Ümlaut", tags=["Übung"], note="schön")
    for word in ("größe", "ümlaut", "übung", "Übung", "SCHÖN"):
        assert listed(store, text=word) == [ids["wine"]], word


def test_pages_hold_every_run_once_and_say_how_many_there_are(store):
    made = [store.runs.create(spec(), name=f"run {number}") for number in range(7)]
    store.runs.delete([made[3]])
    pages = [store.listing.page(first=first, most=2) for first in (0, 2, 4)]
    assert [run.id for page in pages for run in page.runs] == [run.id for run in store.runs.list_runs()]
    assert {(page.matching, page.total) for page in pages} == {(6, 6)}
    beyond = store.listing.page(first=100, most=4)
    assert (beyond.first, len(beyond.runs)) == (4, 2)
    nothing = store.listing.page(text="nowhere", first=4, most=4)
    assert (nothing.first, nothing.runs, nothing.matching, nothing.total) == (0, [], 0, 6)


def test_statuses(store, ids):
    assert set(listed(store, statuses=("failed", "diverged"))) == {ids["failed"]}
    assert listed(store, statuses=("finished",), text="wine") == [ids["wine"]]
    assert store.listing.has_open()
    assert not store.listing.has_open(ids=[ids["wine"], ids["adam"]])


def test_orders(store, ids):
    measured = {run.id: run.best for run in store.runs.list_runs()}
    by_accuracy = [run_id for run_id in listed(store, sort="accuracy") if "val_accuracy" in measured[run_id]]
    assert by_accuracy == sorted(by_accuracy, key=lambda run_id: -measured[run_id]["val_accuracy"])
    assert listed(store, sort="accuracy")[-1] == ids["diabetes"]
    by_loss = listed(store, sort="loss")
    assert by_loss == sorted(by_loss, key=lambda run_id: measured[run_id]["val_loss"])
    assert listed(store, sort="oldest") == listed(store)[::-1]
    names = [run.name.lower() for run in store.listing.page(sort="name").runs]
    assert names == sorted(names)
    for sort in SORTS:
        assert set(listed(store, sort=sort)) == set(ids.values())


def test_a_row_of_another_program_breaks_no_order(store, ids):
    with store.db.write() as connection:
        connection.execute(update(table).where(table.c.id == ids["wine"]).values(best="{broken", tags="[1", spec="?"))
    for sort in SORTS:
        assert set(listed(store, sort=sort)) == set(ids.values())
    assert listed(store, sort="loss")[-1] == ids["wine"]
    assert store.listing.tags() == ["baseline", "lesson 3"]
    assert store.listing.branches() == []


def test_branches_come_with_their_parents(store, ids):
    child = store.runs.create(type(spec()).parse(spec().to_json() | {"from": {"run": ids["adam"], "step": 45}}))
    assert {run.id for run in store.listing.branches()} == {ids["adam"], child}


def test_runs_with_an_event(store, ids):
    store.runs.add_event(ids["adam"], "revealed", "looked at")
    assert store.listing.with_event(list(ids.values()), "revealed") == {ids["adam"]}
    assert store.listing.with_event([ids["wine"]], "revealed") == frozenset()


def test_thin_curves_keep_both_ends_and_take_every_value_of_a_short_run(store):
    long = Worker(store, spec(epochs=300), name="long", rate=60).train(300).id
    short = Worker(store, spec(), name="short").train(3).id
    fresh = store.runs.create(spec(), name="waits")
    curves = store.thin_curves.of_runs([long, short, fresh], "val_loss", points=60)
    whole = {run_id: [row for row in store.series.epoch_rows(run_id) if row.name == "val_loss"] for run_id in (long, short)}
    assert set(curves) == {long, short}
    assert curves[short].value.tolist() == [row.value for row in whole[short]]
    assert len(curves[long].value) == 60
    for name in ("value", "step", "epoch", "time"):
        column = [getattr(row, name) for row in whole[long]]
        assert getattr(curves[long], name)[[0, -1]].tolist() == [column[0], column[-1]]
        assert set(getattr(curves[long], name)) <= set(column)
    assert store.thin_curves.of_runs([long], "val_r2", points=60) == {}
    assert store.thin_curves.of_runs([], "loss", points=60) == {}


@pytest.mark.parametrize("text", ["%" * 100_000, "é " * 5000, "a=b " * 5000, "\\_" * 60_000, "1" * 100_000])
def test_a_search_of_any_length_is_answered(store, ids, text):
    assert listed(store, text=text) == []
    assert listed(store, text="adam " * 5000) == listed(store, text="adam")


def test_a_group_is_one_entry_however_many_runs_it_has(store):
    alone = [store.runs.create(spec(), name=f"run {number}") for number in range(3)]
    group = store.runs.create_group(spec(split={"folds": 50, "repeats": 4}), name="folds")
    last = store.runs.create(spec(), name="last")
    first = store.runs.group_runs(group)[0].id
    pages = [store.listing.page(first=place, most=2) for place in (0, 2, 4)]
    assert [run.id for page in pages for run in page.runs] == [last, first, *reversed(alone)]
    assert {(page.matching, page.total, page.all_runs) for page in pages} == {(5, 5, 204)}
    members = pages[0].groups[first].members
    assert [member.id for member in members] == [run.id for run in store.runs.group_runs(group)]
    # one that matches brings its group, with all runs; one that is left alone is a run
    assert listed(store, text=members[60].id) == listed(store, text="2/4 7/50") == [first]
    store.runs.delete([member.id for member in members[:-1]])
    assert listed(store) == [last, members[-1].id, *reversed(alone)]
    assert store.listing.page().groups == {}


def test_groups_are_in_order_by_the_mean_of_their_runs(store):
    worse, better = (store.runs.create_group(spec(split={"folds": 2}), name=name) for name in ("worse", "better"))
    for group, values in ((worse, (0.99, 0.5)), (better, (0.8, 0.9))):
        for run, accuracy in zip(store.runs.group_runs(group), values, strict=True):
            rows = [(1.0, 1, 0.1, {"val_accuracy": accuracy, "val_loss": 1 - accuracy})]
            store.series.append(run.id, store.runs.claim(run.id, pid=1), step=1, epoch=1.0, seconds=0.1, epochs_=rows)
    for sort in ("accuracy", "loss"):
        page = store.listing.page(sort=sort)
        assert [page.groups[run.id].group.name for run in page.runs] == ["better", "worse"]
