from pathlib import Path

from nnviz.ui.compare.cards import _value_help
from nnviz.ui.compare.differences import common_words, differing_rows
from nnviz.ui.compare.results import notes_on, result_rows, reveal, revealed_ids
from nnviz.ui.compare.selection import describe, place_colours
from tests.pages.example_runs import CNN, Worker, gallery, spec

ROOT = Path(__file__).parents[2]


def row(rows, label):
    return next(candidate for candidate in rows if candidate.label == label)


def asked(page):
    """The runs in the address."""
    ids = page.query_params["runs"]
    return (ids if isinstance(ids, str) else ids[0]).split(",")


def shown_choices(page):
    return {group.key.rpartition(".")[0]: group.value for group in page.get("button_group")}


def texts(page):
    return [element.value for element in [*page.text, *page.caption]]


def runs_of(store, ids, *names):
    return store.runs.list_runs(ids=[ids[name] for name in names])


def test_without_runs_the_page_invites_to_train(open_page):
    page = open_page("compare")
    assert any("Nothing to compare yet" in text for text in texts(page))


def test_without_a_choice_the_last_five_are_offered(open_page, store):
    gallery(store)
    page = open_page("compare")
    page.button(key="compare.last").click().run()
    assert not page.exception
    assert asked(page) == [run.id for run in store.runs.list_runs()[:5]]


def test_one_run_says_how_to_add_another_and_the_picker_adds_it(open_page, store):
    ids = gallery(store)
    page = open_page("compare", runs=ids["adam"])
    assert any(text.startswith("One run alone: add another") for text in texts(page))
    page.selectbox(key="compare.pick").set_value(ids["sgd"]).run()
    assert not page.exception
    assert asked(page) == [ids["adam"], ids["sgd"]]
    assert page.selectbox(key="compare.pick").value is None
    assert not any("One run alone" in text for text in texts(page))


def test_a_run_that_is_gone_is_said(open_page, store):
    ids = gallery(store)
    store.runs.delete([ids["sgd"]])
    page = open_page("compare", runs=f"{ids['adam']},{ids['sgd']},nonsense")
    assert "2 runs of this address are not here any more." in texts(page)


def test_the_address_sets_metric_and_axis(open_page, store):
    ids = gallery(store)
    page = open_page("compare", runs=f"{ids['adam']},{ids['sgd']}", metric="loss", x="time")
    values = shown_choices(page)
    assert values == {"compare.metric": "loss", "compare.x": "time"}


def test_a_metric_that_no_run_has_gives_way(open_page, store):
    ids = gallery(store)
    page = open_page("compare", runs=f"{ids['diabetes']},{ids['adam']}", metric="r2")
    page.query_params["runs"] = ids["adam"]
    page.run()
    assert not page.exception
    assert shown_choices(page)["compare.metric"] == "accuracy"


def test_runs_are_found_by_all_that_describes_them(store):
    run = store.runs.get(gallery(store)["adam"])
    line = describe(run, "as it is called here")
    assert line.startswith("as it is called here · ")
    assert all(part in line for part in ("digits", "Adam 0.001", "64-32-CE", "finished", "#baseline"))
    said_once = describe(run, "Adam 0.001, 64-32, digits")
    assert (said_once.count("digits"), said_once.count("Adam 0.001")) == (1, 1)


def test_no_run_is_called_best(store):
    """One run each says nothing about which is better."""
    ids = gallery(store)
    runs = runs_of(store, ids, "adam", "sgd", "cnn", "failed")
    rows = result_rows(runs)
    assert [cell.so_far for cell in row(rows, "Validation accuracy").cells] == [False, False, True, False]
    assert not any(cell.is_best for other in rows for cell in other.cells)


def test_what_was_reached_at_the_best_epoch_is_told_beside_what_a_run_keeps(store):
    worker = Worker(store, spec(), name="past its best")
    rows = [
        (float(epoch), epoch * 45, 0.1, {"loss": 1.0, "val_loss": loss, "val_accuracy": share})
        for epoch, loss, share in ((1, 2.0, 0.5), (2, 1.0, 0.7), (3, 1.5, 0.8))
    ]
    store.series.append(worker.id, worker.attempt, step=135, epoch=3.0, seconds=0.1, epochs_=rows)
    run = store.runs.get(worker.finish())
    words = "At epoch 2, with the lowest validation loss: 70.0\N{NO-BREAK SPACE}%"
    (cell,) = row(result_rows([run]), "Validation accuracy").cells
    assert (cell.text, cell.help) == ("80.0\N{NO-BREAK SPACE}%", words)
    assert _value_help(run, "val_accuracy") == f"Validation accuracy after epoch 3. {words}"


def test_test_results_wait_until_they_are_asked_for(store):
    ids = gallery(store)
    runs = runs_of(store, ids, "adam", "cnn")
    assert "96.1" not in str(result_rows(runs))
    assert [cell.reveal for cell in row(result_rows(runs), "Test accuracy").cells] == [ids["adam"], ""]
    reveal(runs[0], store=store)
    reveal(runs[0], store=store)
    reveal(runs[1], store=store)
    assert revealed_ids(runs, store=store) == {ids["adam"]}
    assert [event.kind for event in store.runs.events(ids["adam"])].count("revealed") == 1
    rows = result_rows(runs, revealed=revealed_ids(runs, store=store))
    assert row(rows, "Test accuracy").cells[0].text == "96.1\N{NO-BREAK SPACE}%"
    assert row(rows, "Test loss").cells[0].text == "0.134"


def test_losses_of_different_costs_are_not_compared(store):
    one = Worker(store, spec(), name="ce", seed=1).train(20).finish()
    other = Worker(store, spec(cost="MeanSquaredError"), name="mse", seed=2, top=0.9).train(20).finish()
    assert "different costs" in " ".join(notes_on(store.runs.list_runs(ids=[one, other])))


def test_other_data_tasks_and_splits_are_named(store):
    ids = gallery(store)
    other_split = Worker(store, spec(split={"seed": 1}), name="other rows").train(20).finish()
    for runs, words in (
        (runs_of(store, ids, "adam", "wine"), "different data"),
        (runs_of(store, ids, "adam", "diabetes"), "regression"),
        (store.runs.list_runs(ids=[ids["adam"], other_split]), "different rows"),
    ):
        assert words in " ".join(notes_on(runs))
    assert notes_on(runs_of(store, ids, "adam", "sgd")) == []


def test_only_differing_fields_are_shown_and_the_odd_one_is_marked():
    sgd = {"kind": "SGD", "learning_rate": 0.1}
    rows = differing_rows([spec(), spec(optimizer=sgd), spec(epochs=20)])
    assert [line.label for line in rows] == ["Optimizer", "Learning rate", "Epochs"]
    assert [cell.is_odd for cell in row(rows, "Optimizer").cells] == [False, True, False]
    assert [cell.text for cell in row(rows, "Learning rate").cells] == ["0.001", "0.1", "0.001"]
    assert [cell.is_odd for cell in row(rows, "Epochs").cells] == [False, False, True]
    assert differing_rows([spec(), spec()]) == []
    assert common_words([spec(), spec(optimizer=sgd)]) == "digits · 64-32-CE · 60 epochs · batches of 32"


def test_stacks_of_other_kinds_are_one_row_and_of_the_same_kinds_a_row_a_field():
    wide = [
        {"kind": "Flatten"},
        {"kind": "Dense", "units": 128, "activation": "relu"},
        {"kind": "Dense", "units": 32, "activation": "relu"},
    ]
    assert [line.label for line in differing_rows([spec(), spec(layers=wide)])] == ["Hidden layers"]
    rows = differing_rows([spec(), spec(layers=CNN)])
    assert [line.label for line in rows] == ["Layers"]
    assert rows[0].cells[1].text == "Conv2D 16 relu, MaxPooling2D, Conv2D 32 relu, Flatten"


def test_colours_stay_when_others_leave():
    first = place_colours(["a", "b", "c"], {})
    assert first == {"a": 0, "b": 1, "c": 2}
    assert place_colours(["b", "c"], first) == {"b": 1, "c": 2}
    assert place_colours(["b", "c", "d", "e"], {"b": 1, "c": 2}) == {"b": 1, "c": 2, "d": 0, "e": 3}
