"""What the editor is given, and what becomes of an edit that comes back."""

import json
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from nnviz.catalog import ACTIVATIONS, COSTS, LAYERS
from nnviz.catalog.param import Param
from nnviz.errors import SpecError
from nnviz.spec import parse_cost, parse_layers
from nnviz.stack import plan
from nnviz.ui.common.i18n import _, counted, for_script, language
from nnviz.ui.common.param_fields import number_format, number_step
from nnviz.ui.common.problem import in_short, in_words
from nnviz.ui.train import stack_catalog, stack_editor as editor

START_LAYERS = [
    {"kind": "Dense", "units": 16, "activation": "tanh"},
    {"kind": "Repeat", "times": 2, "layers": [{"kind": "Dense", "units": 16}, {"kind": "Dropout", "rate": 0.05}]},
]
COST = {"kind": "CrossEntropy"}
START = (START_LAYERS, COST)


def state(base: int, edit: int, layers: Any, cost: Any = COST) -> dict[str, Any]:
    return {"edit": {"base": base, "edit": edit, "layers": layers, "cost": cost}}


def data(layers: list[dict[str, Any]], shape: tuple[int, ...] = (2,), outputs: int = 2) -> dict[str, Any]:
    record = editor._next(None, (layers, COST), None)
    planned = plan(parse_layers(layers), shape, outputs=outputs, cost=parse_cost(COST))
    sent = editor._data(record, planned, shape=shape, task="classification", columns=("x1", "x2"))
    return json.loads(json.dumps(sent))  # type: ignore[no-any-return]


def test_each_card_has_its_shape_and_parameters() -> None:
    rows = data(START_LAYERS)["rows"]
    assert rows["layers[0]"] == {"shape": "16", "params": f"{2 * 16 + 16} params", "error": None}
    assert rows["layers[1]"]["params"] == f"{2 * (16 * 16 + 16)} params"
    assert rows["layers[1].layers[0]"]["params"] == f"{16 * 16 + 16} each"
    assert rows["layers[1].layers[1]"]["params"] == "–"
    assert rows["cost"] == {"shape": "2", "params": f"{16 * 2 + 2} params", "error": None}


def test_copies_that_differ_are_counted_together() -> None:
    layers = [{"kind": "Repeat", "times": 2, "layers": [{"kind": "Dense", "units": {"each": [8, 4]}}]}]
    assert data(layers)["rows"]["layers[0].layers[0]"]["params"] == f"{2 * 8 + 8 + 8 * 4 + 4} params"


def test_a_layer_that_does_not_fit_names_the_fix_and_its_place() -> None:
    sent = data([{"kind": "Conv2D", "filters": 4, "kernel_size": 3}, {"kind": "Dense", "units": 3}], shape=(8, 8, 1))
    error = sent["rows"]["layers[1]"]["error"]
    assert (error["fix"], error["at"]) == ("Flatten", "layers[1]")
    assert "6x6x4" in error["what"]
    assert sent["total"]["trouble"] == "Dense does not fit"
    assert sent["rows"]["layers[0]"]["shape"] == "6×6×4"


def test_what_can_be_picked_suits_the_task_and_the_input() -> None:
    catalog = stack_catalog.catalog("regression", (4,))
    assert set(catalog["costs"]) == {kind for kind, entry in COSTS.items() if "regression" in entry.tasks}
    assert "CrossEntropy" not in catalog["costs"]
    assert "CrossEntropy" in stack_catalog.catalog("regression", (4,), "CrossEntropy")["costs"], "what is chosen stays visible"
    assert set(catalog["layers"]) == set(LAYERS)
    assert set(catalog["activations"]) == set(ACTIVATIONS)
    assert {entry["group"] for entry in catalog["layers"].values()} <= {group for group, _title in catalog["groups"]}
    image = stack_catalog.catalog("classification", (8, 8, 1))["presets"]
    assert "Small CNN" in {preset["title"] for preset in image} - {preset["title"] for preset in catalog["presets"]}


def test_every_layer_and_cost_starts_as_a_valid_spec() -> None:
    for task in ("classification", "regression"):
        catalog = stack_catalog.catalog(task, (4,))
        for kind, entry in catalog["layers"].items():
            inner = {
                "Repeat": {"layers": [{"kind": "Flatten"}]},
                "Residual": {"layers": [{"kind": "Flatten"}]},
                "Parallel": {"branches": [[{"kind": "Flatten"}], []]},
            }.get(kind, {})
            assert parse_layers([{"kind": kind, **entry["start"], **inner}])[0].kind == kind
        for kind, entry in catalog["costs"].items():
            assert parse_cost({"kind": kind, **entry["start"]}).kind == kind
        for preset in catalog["presets"]:
            parse_layers(preset["layers"])


def test_every_field_is_one_that_the_spec_takes() -> None:
    catalog = stack_catalog.catalog("classification", (4,))
    for kind, entry in catalog["layers"].items():
        names = {param["name"]: param["default"] for param in entry["params"] if param["default"] is not None}
        inner = {
            "Repeat": {"layers": [{"kind": "Flatten"}]},
            "Residual": {"layers": [{"kind": "Flatten"}]},
            "Parallel": {"branches": [[{"kind": "Flatten"}], []]},
        }.get(kind, {})
        parse_layers([{"kind": kind, **names, **inner}])


def test_each_parameter_is_sent_once_and_whole() -> None:
    catalog = stack_catalog.catalog("classification", (4,))
    sent = json.loads(json.dumps(stack_catalog.packed(catalog)))
    for group in ("layers", "costs"):
        for kind, entry in catalog[group].items():
            unpacked = [sent["shared"][number] for number in sent[group][kind]["params"]]
            assert [param["name"] for param in unpacked] == [param["name"] for param in entry["params"]]
            for param, whole in zip(unpacked, json.loads(json.dumps(entry["params"])), strict=True):
                assert {name: whole[name] for name in param if name != "parts"} == {
                    name: value for name, value in param.items() if name != "parts"
                }
                assert param.get("default") == whole["default"]
                assert set(param.get("parts", {})) == set(whole["parts"])
    assert len(json.dumps(sent)) < 100_000


def test_the_insertion_that_mends_a_layer_brings_its_shape() -> None:
    error = data([{"kind": "GRU", "units": 3}], shape=(16,))["rows"]["layers[0]"]["error"]
    assert (error["fix"], error["with"]) == ("Reshape", {"target_shape": [16, 1]})


def test_an_edit_is_taken_once_and_in_order() -> None:
    record = editor._next(None, START, None)
    assert (record.base, record.edit, record.layers) == (1, 0, START_LAYERS)
    edited = [{"kind": "Dense", "units": 3}]
    record = editor._next(record, START, state(1, 2, edited, {"kind": "Huber", "delta": 2}))
    assert (record.edit, record.layers, record.cost) == (2, edited, {"kind": "Huber", "delta": 2})
    assert editor._next(record, START, state(1, 1, START_LAYERS)) == record
    returned = editor._next(record, (edited, {"kind": "Huber", "delta": 2}), None)
    assert (returned.base, returned.edit, returned.layers) == (1, 2, edited), "handing back what came out changes nothing"
    assert editor._next(returned, START, None).layers == START_LAYERS, "but the first stack again is a replacement"


def test_another_stack_from_the_page_replaces_the_edited_one() -> None:
    record = editor._next(None, START, None)
    record = editor._next(record, START, state(1, 1, [{"kind": "Dense", "units": 3}]))
    other = [{"kind": "Flatten"}]
    record = editor._next(record, (other, COST), state(1, 1, [{"kind": "Dense", "units": 3}]))
    assert (record.base, record.edit, record.layers) == (2, 0, other)
    late = editor._next(record, (other, COST), state(1, 2, START_LAYERS))
    assert late == record, "an edit of the stack that was replaced must not come back"


@pytest.mark.parametrize(
    ("layers", "where"),
    [
        ([{"kind": "Dense", "units": 0}], "layers[0].units"),
        ([{"kind": "Repeat", "times": 2, "layers": [{"kind": "Dropout", "rate": 2}]}], "layers[0].layers[0].rate"),
        ([{"kind": "Dense", "units": 3, "activation": {"expression": "x.real"}}], "layers[0].activation"),
        ([{"kind": "Nothing"}], "layers[0].kind"),
        ("layers", "layers"),
        (None, "layers"),
        ([None], "layers[0]"),
    ],
)
def test_an_edit_that_cannot_be_read_changes_nothing_and_says_where(layers: Any, where: str) -> None:
    record = editor._next(None, START, None)
    refused = editor._next(record, START, state(1, 1, layers))
    assert (refused.edit, refused.layers, refused.cost) == (1, START_LAYERS, COST)
    assert refused.error is not None
    assert refused.error.where.startswith(where)


def test_a_wrong_stack_from_the_page_is_refused() -> None:
    with pytest.raises(SpecError, match="units"):
        editor._next(None, ([{"kind": "Dense", "units": -1}], COST), None)


def test_the_page_gets_the_stack_and_its_plan() -> None:
    def page() -> None:
        import streamlit as st

        from nnviz.stack import plan
        from nnviz.ui.train.stack_editor import stack_editor

        edit = stack_editor(
            [{"kind": "Dense", "units": 4}], {"kind": "CrossEntropy"}, shape=(2,), outputs=3, task="classification", plan=plan
        )
        assert edit.plan is not None
        st.text(f"{edit.layers} {edit.plan.parameters}")

    app = AppTest.from_function(page).run(timeout=20)
    assert not app.exception
    assert app.text[0].value == f"[{{'kind': 'Dense', 'units': 4}}] {2 * 4 + 4 + 4 * 3 + 3}"


def test_param_fields_give_what_differs_from_the_defaults() -> None:
    def page() -> None:
        import streamlit as st

        from nnviz.catalog import OPTIMIZERS
        from nnviz.ui.common.param_fields import about, param_fields

        about(OPTIMIZERS["Adam"])
        st.session_state.entered = param_fields(OPTIMIZERS["Adam"].params, {"learning_rate": 0.02}, key="optimizer:Adam")

    app = AppTest.from_function(page).run(timeout=20)
    assert not app.exception
    assert app.session_state.entered == {"learning_rate": 0.02}
    assert "Learning rate" in [field.label for field in app.number_input]
    app.number_input(key="optimizer:Adam:learning_rate").set_value(0.005)
    app.number_input(key="optimizer:Adam:clipnorm").set_value(1.0)
    app.toggle(key="optimizer:Adam:amsgrad").set_value(True).run(timeout=20)
    assert not app.exception
    assert app.session_state.entered == {"learning_rate": 0.005, "clipnorm": 1.0, "amsgrad": True}


@pytest.mark.parametrize("kind", ["SGD", "AdamW", "RMSprop", "Ftrl", "Lion", "Adadelta"])
def test_param_fields_draw_every_optimizer(kind: str) -> None:
    def page(kind: str) -> None:
        import streamlit as st

        from nnviz.catalog import OPTIMIZERS
        from nnviz.ui.common.param_fields import param_fields

        st.session_state.entered = param_fields(OPTIMIZERS[kind].params, {}, key=kind)

    app = AppTest.from_function(page, args=(kind,)).run(timeout=20)
    assert not app.exception
    assert app.session_state.entered == {}


@pytest.mark.parametrize(
    ("value", "text", "step"),
    [
        (0.01, "0.010", 0.001),
        (0.003, "0.003", 0.001),
        (0.1, "0.100", 0.01),
        (1.0, "1.000", 0.1),
        (1e-7, "1e-07", 1e-8),
        (2.5e-5, "2.5e-05", 1e-5),
        (0.0, "0.000", 0.001),
    ],
)
def test_numbers_show_the_digits_they_have(value: float, text: str, step: float) -> None:
    assert number_format(value) % value == text
    assert number_step(Param(name="x", type="float"), value) == pytest.approx(step)


def test_a_share_near_one_moves_in_small_steps() -> None:
    share = Param(name="beta", type="float", below=1, step=0.01)
    assert number_step(share, 0.9) == 0.01
    assert number_step(share, 0.999) == 0.0001


def test_text_is_english_without_a_catalogue(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NNVIZ_LANG", "xx")
    language.cache_clear()
    assert (_("Add layer"), _("")) == ("Add layer", "")
    assert [counted("{n} row", "{n} rows", n) for n in (1, 1200)] == ["1 row", "1,200 rows"]
    assert for_script("""t("one") + t('two "2"') + at("three") + t("one")""") == {"one": "one", 'two "2"': 'two "2"'}
    language.cache_clear()


def test_a_text_that_is_no_value_keeps_the_last_one_and_stops_the_training() -> None:
    record = editor._next(None, START, None)
    layers = [{"kind": "Dense", "units": 3, "activation": "tanh"}]
    trouble = {"at": "layers[0]", "what": "Activation: unknown function sigmod"}
    edit = state(1, 1, layers)
    edit["edit"]["trouble"] = trouble
    record = editor._next(record, START, edit)
    assert (record.layers, record.error) == (layers, None)
    assert record.trouble is not None
    planned = plan(parse_layers(layers), (2,), outputs=2, cost=parse_cost(COST))
    assert editor._data(record, planned, shape=(2,), task="classification", columns=())["trouble"] is True
    problem = editor.StackEdit(layers, COST, None, record.trouble).problem
    assert problem is not None
    assert problem.message == "Layer 1 needs attention."
    mended = editor._next(record, START, state(1, 2, layers))
    assert mended.trouble is None
    for odd in (7, ["a"], {"at": {"a": 1}}, {}):
        edit = state(1, 3, layers)
        edit["edit"]["trouble"] = odd
        assert isinstance(editor._next(mended, START, edit).layers, list)


def test_why_the_draft_cannot_be_trained_is_said_without_a_path() -> None:
    nested = SpecError("too large", where="layers[1].layers[0].units", remedy="Take less.")
    assert in_short(nested).message == "Layer 2 needs attention."
    assert in_words(nested).message == "Layer 2, units: too large. Take less."
    assert in_short(SpecError("no", where="cost.expression")).message == "The cost needs attention."
    assert in_short(SpecError("more than 1 GB")).message == "more than 1 GB"
    schedule = SpecError("they do not fit", where="optimizer.schedule.values")
    assert in_words(schedule).message == "Optimizer, values: they do not fit"
    fitting = plan(parse_layers(START_LAYERS), (2,), outputs=2, cost=parse_cost(COST))
    assert editor.StackEdit(START_LAYERS, COST, fitting).problem is None
