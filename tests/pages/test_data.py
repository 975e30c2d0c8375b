"""The Data page, with a worker of the test's own that answers the job `read`."""

import json

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from nnviz import jobs
from nnviz.errors import NnvizError
from nnviz.jobs.worker.dataset import report
from nnviz.ui.common.session import store as opened
from tests.pages.conftest import ROOT, TRAIN

NASTY = "<b>cost</b> **in** :red[EUR] $x$"


@pytest.fixture
def app(store, tmp_path, monkeypatch):
    """Opens the page for a data block; jobs are done while they are submitted."""
    folder = tmp_path / "app"
    (folder / "pages").mkdir(parents=True)
    (folder / "pages" / "data.py").symlink_to(ROOT / "pages" / "data.py")
    (folder / "pages" / "train.py").write_text(TRAIN + "st.text(str(dict(draft().data)))\n", encoding="utf-8")
    (folder / "app.py").write_text(
        'import streamlit as st\nst.navigation([st.Page("pages/train.py", default=True), st.Page("pages/data.py")]).run()\n',
        encoding="utf-8",
    )

    def submit(store, kind, *, run_id=None, payload=None):
        assert kind == "read"
        number = store.jobs.add(kind, run_id=run_id, payload=payload)
        try:
            store.jobs.answer(number, result=json.loads(json.dumps(report(store, payload))))
        except NnvizError as error:
            store.jobs.answer(number, error=error)
        return number

    monkeypatch.setattr(jobs, "submit", submit)

    def open_(block=None):
        test = AppTest.from_file(str(folder / "app.py"), default_timeout=30)
        if block is not None:
            test.query_params["data"] = json.dumps(block)
        test.switch_page("pages/data.py").run()
        assert not test.exception
        return test

    return open_


def csv_block(store, text, **more):
    return {"kind": "file", "path": "mine.csv", "sha256": store.blobs.put(text.encode())} | more


def table(rows=60):
    lines = [f"{index};{index % 7},5;{'a' if index % 3 else 'b'}" for index in range(rows)]
    return "\n".join([f"nr;{NASTY};group", *lines])


def html(page):
    return " ".join(element.proto.body for element in page.get("html"))


def block_of(page):
    return json.loads(page.query_params["data"])


def test_it_opens_with_the_drafts_data(app):
    page = app()
    assert "Spirals" in html(page)
    assert not page.button(key="data.use").disabled


def test_a_picked_set_is_in_the_address_and_goes_to_train(app):
    page = app()
    page.button_group(key="data.sets.iris.spirals").set_value("iris").run()
    assert block_of(page) == {"kind": "builtin", "name": "iris"}
    assert "150 rows" in html(page)
    page.button(key="data.use").click().run()
    assert any("'name': 'iris'" in text.value for text in page.text)


def test_a_file_is_described_in_one_line_with_warnings(app, store):
    page = app(csv_block(store, table()))
    text = html(page)
    assert "60 rows" in text
    assert "separator semicolon" in text
    assert "decimal comma" in text
    assert "nr" in text


def test_names_are_shown_as_plain_text(app, store):
    page = app(csv_block(store, table(), target=NASTY))
    assert "<b>cost</b>" not in html(page)
    assert NASTY in page.selectbox[-1].options or any(NASTY in box.options for box in page.selectbox)
    assert not any("<b>" in element.value for element in page.markdown)


def test_another_target_and_task_are_read_anew(app, store):
    page = app(csv_block(store, table()))
    target = next(box for box in page.selectbox if box.label == "Column to predict")
    target.select(NASTY).run()
    assert not page.exception
    assert block_of(page)["target"] == NASTY


def test_columns_can_be_left_out(app, store):
    page = app(csv_block(store, table(), columns={NASTY: {"use": False}, "nr": {"use": True}}))
    page.button(key="data.use").click().run()
    assert any("'use': False" in text.value for text in page.text)


def test_a_bad_file_says_what_is_wrong_and_keeps_what_was_there(app, store):
    page = app(csv_block(store, "%PDF-1.4 nothing"))
    assert "PDF" in html(page)
    assert page.button(key="data.use").disabled
    assert any("Spirals" in caption.value for caption in page.caption)


def test_a_file_that_cannot_be_used_as_asked_offers_its_columns(app, store):
    page = app(csv_block(store, table(), target="nothing"))
    assert "nothing" in html(page)
    target = next(box for box in page.selectbox if box.label == "Column to predict")
    target.select("group").run()
    assert block_of(page)["target"] == "group"
    assert not page.button(key="data.use").disabled


def test_a_split_that_leaves_no_rows_is_shown_not_raised(app):
    page = app({"kind": "builtin", "name": "iris"})
    page.slider(key="data.validation").set_value(0.1).run()
    assert not page.exception
    assert any("15 to validate" in caption.value for caption in page.caption)


@pytest.mark.parametrize(("way", "key", "value"), [("folds", "folds", 1), ("repeated", "repeats", 0), ("hold_out", "seed", -1)])
def test_a_number_out_of_range_in_the_split_is_refused_at_its_field_and_can_be_mended(app, way, key, value):
    page = app({"kind": "builtin", "name": "iris"})
    next(box for box in page.selectbox if box.label == "Validate on").set_value(way).run()
    right = page.number_input(key=f"data.{key}").value
    page.number_input(key=f"data.{key}").set_value(value).run()
    assert any("Must be a whole number from" in element.value for element in page.markdown)
    assert page.number_input(key=f"data.{key}").value == value
    page.number_input(key=f"data.{key}").set_value(right).run()
    assert not page.exception
    assert not any("Must be a whole number from" in element.value for element in page.markdown)
    assert not page.button(key="data.use").disabled


def test_an_address_that_is_no_data_is_ignored(app):
    page = app({"kind": "builtin", "name": "no such set"})
    assert "Spirals" in html(page)
    assert opened() is not None
    st.cache_resource.clear()


@pytest.mark.parametrize("place", ["/etc/passwd", "/nothing/is/here", "/dev/zero", "../../../etc/hostname"])
def test_an_address_shows_no_file_of_the_server(app, place):
    page = app({"kind": "file", "path": place})
    assert "cannot be opened by its path" in html(page)
    assert "root:" not in html(page)
    assert not page.get("dataframe")


def leaking(rows=60):
    """`copy` follows from the target `price`; `size` and `noise` do not."""
    return "\n".join(
        [
            "size,noise,copy,price",
            *(
                f"{(index * 37) % 60},{(index * 17) % 23},{2 * ((index * 29) % 61) + 1},{(index * 29) % 61}.5"
                for index in range(rows)
            ),
        ]
    )


def test_a_column_that_gives_the_target_away_is_unticked_until_it_is_kept(app, store):
    page = app(csv_block(store, leaking(), target="price"))
    assert block_of(page)["columns"] == {"copy": {"use": False}}
    assert any("Left out: column 'copy' is the target" in text.value for text in page.text)
    next(button for button in page.button if button.label == "Keep copy").click().run()
    assert block_of(page)["columns"] == {"copy": {"use": True}}
    assert "Column 'copy' is the target 'price' in another unit" in html(page).replace("&#x27;", "'")
    assert not any(button.label == "Keep copy" for button in page.button)
    page.button(key="data.use").click().run()
    assert any("'copy': {'use': True}" in text.value for text in page.text)


def dated(rows=60):
    return "\n".join(
        [
            "day,size,price",
            *(f"2024-{1 + index % 12:02}-{1 + index % 27:02},{(index * 37) % 60},{index % 7}.5" for index in range(rows)),
        ]
    )


def test_elapsed_time_is_an_input_where_it_is_picked(app, store):
    page = app(csv_block(store, dated(), target="price", read={"missing": ["-9"]}))
    assert "2 columns + target, " in html(page)
    page.multiselect[0].select("day").run()
    assert block_of(page)["columns"] == {"day": {"elapsed": True}}
    assert block_of(page)["read"] == {"missing": ["-9"]}
    assert page.multiselect[0].value == ["day"]
    page.multiselect[0].unselect("day").run()
    assert "columns" not in block_of(page)
    assert not app(csv_block(store, table())).multiselect


def test_what_is_unticked_comes_back_with_another_target(app, store):
    page = app(csv_block(store, leaking(), target="price"))
    next(box for box in page.selectbox if box.label == "Column to predict").select("noise").run()
    assert "columns" not in block_of(page)
    assert block_of(page)["target"] == "noise"
