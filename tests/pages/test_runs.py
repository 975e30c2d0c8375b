import math
from dataclasses import replace

import numpy as np
import pytest

from nnviz.store import Run
from nnviz.ui.common.run_format import age_text, duration_text, failure_text, measure, metric_title
from nnviz.ui.runs.actions import set_tags
from nnviz.ui.runs.columns import column_config, table_frame
from nnviz.ui.runs.rows import CURVE_POINTS, loss_curves, row_of, tasks_of
from nnviz.ui.runs.table import new_edits
from tests.pages.example_runs import Worker, gallery, spec

NASTY = "<b>bold</b> **stars** $x$ :red[no] [link](http://example.com)"


def choose(page, store, *names):
    """Ticks the boxes of these runs, as the browser would report it."""
    order = [run.id for run in store.runs.list_runs()]
    edits = {order.index(name): {"chosen": True} for name in names}
    page.session_state["runs.table.0"] = {"edited_rows": edits, "added_rows": [], "deleted_rows": []}
    page.run()
    assert not page.exception
    return page


def asked(page):
    """The runs in the address."""
    ids = page.query_params["runs"]
    return (ids if isinstance(ids, str) else ids[0]).split(",")


def texts(page):
    return [element.value for element in page.text]


def test_an_empty_store_invites(open_page):
    page = open_page("runs")
    assert any("No runs yet" in element.value for element in page.subheader)
    page.button(key="runs.first").click().run()
    assert texts(page) == ["train - -"]


def test_a_failed_run_says_why_and_keeps_its_log_at_hand(open_page, store):
    gallery(store)
    page = open_page("runs")
    assert "memory ran out. Use a smaller batch, fewer units or fewer rows." in texts(page)
    assert any("MemoryError" in element.value for element in page.code)


def test_buttons_wait_for_a_choice(open_page, store):
    gallery(store)
    page = open_page("runs")
    assert all(page.button(key=f"runs.{name}").disabled for name in ("compare", "open", "again", "stop", "delete"))


def test_chosen_runs_are_compared_by_their_address(open_page, store):
    ids = gallery(store)
    page = choose(open_page("runs"), store, ids["adam"], ids["sgd"])
    assert page.button(key="runs.open").disabled
    page.button(key="runs.compare").click().run()
    assert not page.exception
    assert set(asked(page)) == {ids["adam"], ids["sgd"]}
    assert any(element.value == "Results" for element in page.subheader)


def test_one_run_is_opened_and_trained_again(open_page, store):
    ids = gallery(store)
    page = choose(open_page("runs"), store, ids["wine"])
    page.button(key="runs.open").click().run()
    assert texts(page) == [f"train {ids['wine']} -"]
    page = choose(open_page("runs"), store, ids["wine"])
    page.button(key="runs.again").click().run()
    assert texts(page) == [f"train - {ids['wine']}"]


def test_delete_is_undone(open_page, store):
    ids = gallery(store)
    page = choose(open_page("runs"), store, ids["wine"], ids["adam"])
    page.button(key="runs.delete").click().run()
    assert {run.id for run in store.runs.list_runs()}.isdisjoint({ids["wine"], ids["adam"]})
    assert "2 runs deleted." in texts(page)
    page.button(key="runs.undo").click().run()
    assert {ids["wine"], ids["adam"]} <= {run.id for run in store.runs.list_runs()}
    assert "2 runs deleted." not in texts(page)


def test_a_running_run_is_stopped(open_page, store):
    ids = gallery(store)
    page = choose(open_page("runs"), store, ids["cnn"])
    page.button(key="runs.stop").click().run()
    assert store.runs.control(ids["cnn"]).stop


def test_cells_are_written_to_the_store_once(open_page, store):
    ids = gallery(store)
    page = open_page("runs")
    place = [run.id for run in store.runs.list_runs()].index(ids["wine"])
    page.session_state["runs.table.0"] = {
        "edited_rows": {place: {"name": NASTY, "tags": ["b", "a"], "note": "mine"}},
        "added_rows": [],
        "deleted_rows": [],
    }
    page.run()
    run = store.runs.get(ids["wine"])
    assert (run.name, run.tags, run.note) == (NASTY, ("a", "b"), "mine")
    store.runs.edit(ids["wine"], name="renamed elsewhere")
    page.run()
    assert store.runs.get(ids["wine"]).name == "renamed elsewhere"


def test_the_address_holds_search_and_status(open_page, store):
    gallery(store)
    page = open_page("runs", find="sgd", status="finished,failed,nonsense")
    assert page.get("button_group")[0].value == ["finished", "failed"]
    assert page.text_input(key="find").value == "sgd"
    page.text_input(key="find").set_value("no such run").run()
    assert any(text.startswith("No run matches.") for text in texts(page))


def test_tags_of_several_runs(open_page, store):
    ids = gallery(store)
    page = choose(open_page("runs"), store, ids["wine"], ids["sgd"])
    page.multiselect(key="runs.new_tags").set_value(["lesson 3"]).run()
    page.button(key="runs.tag_add").click().run()
    assert store.runs.get(ids["wine"]).tags == ("lesson 3",)
    assert set_tags(["a", "b"], ["b", "c"], add=True) == ["a", "b", "c"]
    assert set_tags(["a", "b"], ["b", "c"], add=False) == ["a"]


def test_the_table_never_holds_a_test_result(store):
    ids = gallery(store)
    run = store.runs.get(ids["adam"])
    assert "test_accuracy" in run.metrics
    row = row_of(run, loss_curves(store, [run])[run.id])
    frame = table_frame([row], tasks_of([run]))
    assert not any("test" in name for name in [*row.best, *row.last, *frame])
    assert row.last["accuracy"] == run.metrics["val_accuracy"]
    assert frame["accuracy.best"].iloc[0] == pytest.approx(100 * run.best["val_accuracy"])


def test_a_phone_shows_which_run_how_good_and_whether_it_is_done(store):
    runs = store.runs.list_runs(ids=list(gallery(store).values()))
    rows = [replace(row_of(run, ()), label="fold 1/2", is_pinned=True) for run in runs]
    frame = table_frame(rows, tasks_of(runs))
    assert list(frame)[:6] == ["chosen", "name", "accuracy", "r2", "status", "curve"]
    one = table_frame(rows[:1], tasks_of(runs[:1]))
    config = column_config(one, rows[:1])
    assert sum(config[name]["width"] for name in list(one)[:4]) <= 360
    assert sum(config[name]["width"] for name in list(one)[:5]) <= 1200
    # a longer name has a wider column, up to a limit
    widths = [column_config(one, [replace(rows[0], name=n * "m")])["name"]["width"] for n in (5, 25, 30, 300)]
    assert widths == sorted(set(widths))
    assert widths[-1] == 220
    titles = [column["label"] for column in config.values() if column["label"]]
    assert len(set(titles)) == len(titles)
    assert {"Accuracy", "Accuracy at the lowest loss", "Loss", "Lowest loss"} <= set(titles)


def test_the_best_epoch_is_named_where_other_weights_are_those_of_the_run(store):
    run = store.runs.get(gallery(store)["adam"])
    run = replace(run, weights="abc", best={**run.best, "epoch": 57.0})
    assert row_of(run, ()).weights == "epoch 60 (best 57)"
    assert row_of(replace(run, best={**run.best, "epoch": 60.0}), ()).weights == "epoch 60"


def test_the_types_of_the_columns_do_not_depend_on_the_values(store):
    ids = gallery(store)
    fresh = store.runs.get(store.runs.create(spec(), name="waiting"))
    assert loss_curves(store, [fresh]) == {}
    one = table_frame([row_of(fresh, ())], {fresh.id: "classification"})
    run = store.runs.get(ids["adam"])
    other = table_frame([row_of(run, loss_curves(store, [run])[run.id])], tasks_of([run]))
    assert dict(one.dtypes) == dict(other.dtypes)
    assert math.isnan(one["loss.best"].iloc[0])
    assert set(column_config(one, [])) == set(one)


def test_the_small_curve_is_the_validation_loss_and_keeps_both_ends(store):
    worker = Worker(store, spec(epochs=300), name="long", rate=60).train(300)
    run = store.runs.get(worker.id)
    losses = [row.value for row in store.series.epoch_rows(run.id) if row.name == "val_loss"]
    curve = loss_curves(store, [run])[run.id]
    assert len(curve) == CURVE_POINTS
    assert (curve[0], curve[-1]) == (losses[0], losses[-1])
    assert set(np.round(curve, 9)) <= set(np.round(losses, 9))


def test_edits_are_told_apart_from_what_is_applied():
    edits = {0: {"name": "new", "chosen": True}, 1: {"name": "  "}, 2: {"tags": None, "note": None}}
    assert new_edits(edits, {}, ["a", "b", "c"]) == {"a": {"name": "new"}, "c": {"tags": [], "note": ""}}
    assert new_edits(edits, {0: {"name": "new"}, 2: {"tags": None}}, ["a", "b", "c"]) == {"c": {"note": ""}}


@pytest.mark.parametrize(("seconds", "text"), [
    (None, "–"), (0, "< 1 ms"), (0.0004, "< 1 ms"), (0.0324, "32 ms"), (0.84, "0.8 s"), (9.6, "9.6 s"), (12.4, "12 s"),
    (61, "1 min 1 s"), (120, "2 min"), (200, "3 min 20 s"), (3599.6, "1 h 0 min"), (7500, "2 h 5 min")])  # fmt: skip
def test_durations(seconds, text):
    assert duration_text(seconds) == text


@pytest.mark.parametrize(("seconds", "text"), [
    (3, "just now"), (59, "1 min ago"), (1500, "25 min ago"), (7200, "2 h ago"), (86_400, "1 day ago"),
    (3e5, "3 days ago")])  # fmt: skip
def test_ages(seconds, text):
    assert age_text(1e9 - seconds, now=1e9) == text


@pytest.mark.parametrize(("name", "value", "text"), [
    ("val_accuracy", 0.9741, "97.4\N{NO-BREAK SPACE}%"), ("loss", 0.09123, "0.091"), ("val_loss", math.inf, "\N{INFINITY}"),
    ("loss", math.nan, "–"), ("val_mae", 51.774, "51.77"), ("loss", 1e-5, "1.0e-05"), ("rmse", 1234.5, "1,234.5")])  # fmt: skip
def test_values_are_rounded_to_what_they_mean(name, value, text):
    assert measure(name, value) == text


def test_titles_of_metrics():
    assert metric_title("val_roc_auc") == "Validation ROC AUC"
    assert metric_title("test_balanced_accuracy") == "Test balanced accuracy"
    assert [metric_title(name) for name in ("val_accuracy", "val_r2", "test_mae", "loss")] == [
        "Validation accuracy", "Validation R²", "Test MAE", "Loss"]  # fmt: skip


def test_a_failure_is_one_line_of_sentences(store):
    run: Run = store.runs.get(gallery(store)["failed"])
    assert failure_text(run) == "memory ran out. Use a smaller batch, fewer units or fewer rows."
    assert failure_text(store.runs.get(gallery(store)["wine"])) == ""


def test_hostile_names_are_shown_as_text(open_page, store):
    ids = gallery(store)
    store.runs.edit(ids["wine"], name="\u202eabc\x00", tags=["\u200bb", "http://evil.example"], note="=1\n\u2066")
    store.runs.edit(ids["adam"], name="x" * 300)
    open_page("runs")
    row = table_frame([row_of(store.runs.get(ids["wine"]), ())], {ids["wine"]: "classification"}).iloc[0]
    assert row["name"] == "\\u202eabc␀"
    assert sorted(row["tags"]) == ["\\u200bb", "http://evil.example"]
    assert row["note"] == "=1\n\\u2066"


def test_the_log_on_the_page_has_no_frames(open_page, store):
    gallery(store)
    page = open_page("runs", status="failed")
    assert any("MemoryError" in code.value for code in page.code)
    assert not any("Traceback" in code.value for code in page.code)
