"""Which columns a network relies on: against scikit-learn, NumPy and closed forms."""

from types import SimpleNamespace

import msgpack
import numpy as np
import pytest
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.inspection import partial_dependence, permutation_importance as by_sklearn
from sklearn.metrics import log_loss, make_scorer

from nnviz import engine
from nnviz.data.columns.column_code import ColumnCode
from nnviz.data.columns.encode import Encoder, TargetCode
from nnviz.data.file_columns import file_columns
from nnviz.engine.views.columns import columns_view as module
from nnviz.engine.views.columns.columns_view import MOST_ROWS, columns_view
from nnviz.engine.views.columns.permutation_importance import permutation_importance
from nnviz.engine.views.view_request import Recorded, ViewRequest
from nnviz.errors import RequestError
from tests.engine.support import prepared, spec

NUMBERS = [ColumnCode(name=f"n{i}", type="number", fill=(0.0,), centre=(10.0 * i,), scale=(2.0,)) for i in range(3)]
PLAN = ColumnCode(name="plan", type="category", categories=("a", "b", "c"))


class Answers(ClassifierMixin, BaseEstimator):
    """The network as scikit-learn sees an estimator."""

    def __init__(self, network=None):
        self.network = network
        self.classes_ = np.arange(3)
        self.__sklearn_is_fitted__ = lambda: True

    def fit(self, x, y):
        return self

    def predict_proba(self, x):
        return self.network.predict(np.asarray(x, np.float32))

    def predict(self, x):
        answers = self.predict_proba(x)
        return answers.argmax(axis=1) if self.network.cost.task == "classification" else answers[:, 0]


def table(task="classification", *, codes=NUMBERS, layers=None, cost=None, **more):
    """Data with columns of a file, a network for it, and a question about both."""
    columns = file_columns(Encoder(target=TargetCode(names=("y",), task=task), columns=tuple(codes)))
    data = prepared(task, shape=(columns[-1].end,), **{"validation": 40} | more, targets=("y",), file_columns=columns)
    run_spec = spec(layers, cost=cost)
    network = engine.build(run_spec.layers, run_spec.cost, task=task, shape=data.shape, outputs=data.outputs, seed=3)
    return data, network, run_spec


def body(data, network, run_spec, **choice):
    asked = ViewRequest(network, data, run_spec, SimpleNamespace(step=0), choice)
    return msgpack.unpackb(msgpack.packb(columns_view(asked)))


def test_importance_is_that_of_scikit_learn_with_loss_and_with_accuracy():
    data, network, run_spec = table()
    frame = body(data, network, run_spec)
    part = data.parts["validation"]
    loss = make_scorer(log_loss, greater_is_better=False, response_method="predict_proba", labels=[0, 1, 2])
    theirs = by_sklearn(
        Answers(network), part.x, part.y, scoring={"loss": loss, "score": "accuracy"}, n_repeats=5, random_state=0
    )
    assert (frame["part"], frame["rows"], frame["rows_in_all"], frame["score_name"]) == ("validation", 40, 40, "accuracy")
    for column in frame["columns"]:
        for measure in ("loss", "score"):
            own = theirs[measure]
            assert column[measure] == pytest.approx(own.importances_mean[column["index"]], abs=1e-5)
            assert column[f"{measure}_spread"] == pytest.approx(own.importances_std[column["index"]], abs=1e-5)
    rises = [column["loss"] for column in frame["columns"]]
    assert rises == sorted(rises, reverse=True)
    assert frame["column"] == frame["columns"][0]["index"]


def test_of_numbers_importance_is_that_of_scikit_learn_with_r2():
    data, network, run_spec = table("regression", outputs=1, cost={"kind": "MeanSquaredError"})
    part = data.parts["validation"]
    theirs = by_sklearn(Answers(network), part.x, part.y[:, 0], scoring="r2", n_repeats=5, random_state=0)
    frame = body(data, network, run_spec)
    assert frame["score_name"] == "r2"
    for column in frame["columns"]:
        assert column["score"] == pytest.approx(theirs.importances_mean[column["index"]], abs=1e-4)
        assert column["score_spread"] == pytest.approx(theirs.importances_std[column["index"]], abs=1e-4)


def test_all_inputs_of_a_column_are_shuffled_together_and_an_unused_column_is_worth_nothing():
    data, network, _ = table(codes=[NUMBERS[0], PLAN])
    values = network.values
    values[0][0] = 0  # the number's weights
    network.values = values
    part = data.parts["validation"]
    number, plan = permutation_importance(network, part.x, part.y, data.file_columns, repeats=1).columns
    np.testing.assert_array_equal(number, 0)
    random = np.random.RandomState(np.random.RandomState(0).randint(2**31))
    order = np.arange(40)
    random.shuffle(order)
    shuffled = np.array(part.x)
    shuffled[:, 1:] = part.x[order, 1:]
    losses = [log_loss(part.y, network.predict(x), labels=[0, 1, 2]) for x in (part.x, shuffled)]
    assert plan[0] == pytest.approx(losses[1] - losses[0], abs=1e-5)


def test_partial_dependence_is_that_of_scikit_learn_and_single_rows_come_with_it():
    data, network, run_spec = table(layers=[{"kind": "Dense", "units": 8, "activation": "tanh"}])
    frame = body(data, network, run_spec, column=1, output=2)["dependence"]
    x = data.parts["validation"].x
    scaled = (np.array(frame["at"]) - 10) / 2
    theirs = partial_dependence(Answers(network), x, [1], custom_values={1: scaled}, kind="both")
    np.testing.assert_allclose(frame["mean"], theirs["average"][2], atol=1e-5)
    own = x[:, 1] * 2 + 10
    assert [frame["at"][0], frame["at"][-1]] == pytest.approx([own.min(), own.max()], abs=1e-4)
    drawn = np.frombuffer(frame["curves"], np.uint8).reshape(30, -1) / 255 * (frame["high"] - frame["low"]) + frame["low"]
    np.testing.assert_allclose(drawn, theirs["individual"][2][frame["file_rows"]], atol=0.003)
    assert frame["deciles"][4] == pytest.approx(np.median(own), abs=1e-4)


def test_partial_dependence_of_a_linear_network_is_a_line_of_its_slope_in_own_units():
    scale, mean = np.full(1, 3, np.float32), np.full(1, 100.0)
    data, network, run_spec = table(
        "regression", layers=[], outputs=1, cost={"kind": "MeanSquaredError"}, target_scale=scale, target_mean=mean
    )
    weight = float(network.values[0][2, 0])
    frame = body(data, network, run_spec, column=2)["dependence"]
    slopes = np.diff(frame["mean"]) / np.diff(frame["at"])
    np.testing.assert_allclose(slopes, weight * 3 / 2, rtol=1e-2)
    x = np.array(data.parts["validation"].x)
    x[:, 2] = (frame["at"][0] - 20) / 2
    assert frame["mean"][0] == pytest.approx(float(network.predict(x).mean()) * 3 + 100, abs=1e-3)


def test_a_text_column_goes_over_its_categories():
    data, network, run_spec = table(codes=[NUMBERS[0], PLAN])
    frame = body(data, network, run_spec, column=1, output=0)["dependence"]
    assert (frame["texts"], frame["at"], frame["deciles"]) == (["a", "b", "c"], None, [])
    x = np.array(data.parts["validation"].x)
    x[:, 1:] = [0, 1, 0]
    assert frame["mean"][1] == pytest.approx(float(network.predict(x)[:, 0].mean()), abs=1e-6)


def test_one_row_with_other_values_and_a_value_that_cannot_be_read():
    data, network, run_spec = table(codes=[*NUMBERS, PLAN])
    x = np.array(data.parts["validation"].x[7:8])
    frame = body(data, network, run_spec, row=7, values={"1": "14", "2": "tall", "3": "b"})["what_if"]
    fields = {field["index"]: field for field in frame["fields"]}
    assert float(fields[1]["text"]) == pytest.approx(float(x[0, 1]) * 2 + 10, abs=1e-3)
    assert (fields[3]["choices"], fields[1].get("why"), "typed" in fields[0]) == (["a", "b", "c"], None, False)
    assert fields[2]["why"] == "'tall' is no number. Write it as the file does."
    np.testing.assert_allclose(frame["before"], network.predict(x)[0], atol=1e-6)
    x[0, 1], x[0, 3:] = 2.0, [0, 1, 0]
    np.testing.assert_allclose(frame["after"], network.predict(x)[0], atol=1e-6)
    assert (frame["row"], frame["file_row"], frame["truth"]) == (7, 7, data.parts["validation"].y[7])


def test_of_many_rows_a_sample_is_taken_and_of_many_columns_those_that_matter(monkeypatch):
    codes = [ColumnCode(name=f"n{i}", type="number", fill=(0.0,), centre=(0.0,), scale=(1.0,)) for i in range(9)]
    data, network, run_spec = table(codes=codes, validation=900)
    monkeypatch.setattr(module, "MOST_COLUMNS", 4)
    frame = body(data, network, run_spec)
    assert (frame["rows"], frame["rows_in_all"], frame["columns_in_all"], len(frame["columns"])) == (MOST_ROWS, 900, 9, 4)
    assert len(msgpack.packb(frame)) < 16_000


def test_importance_is_computed_once_a_moment_whatever_is_chosen(monkeypatch):
    data, network, run_spec = table()
    state = SimpleNamespace(step=3, weights=network.values, off=())
    moments = {3: Recorded(3, state.weights), 4: Recorded(4, [np.zeros_like(value) for value in state.weights])}
    computed = []

    def importance(*arguments, **more):
        computed.append(arguments)
        return permutation_importance(*arguments, **more)

    monkeypatch.setattr(module, "permutation_importance", importance)

    def frame(state, **choice):
        return columns_view(ViewRequest(network, data, run_spec, state, choice, recorded=moments.get))

    first, second = frame(state), frame(state, column=2, row=5)
    assert (len(computed), second["columns"], second["column"]) == (1, first["columns"], 2)
    frame(SimpleNamespace(**vars(state) | {"off": ("0.3",)}))
    frame(SimpleNamespace(**vars(state) | {"step": 4}))  # what is kept there has other weights
    assert len(computed) == 3


@pytest.mark.parametrize(
    ("choice", "words"),
    [
        ({"column": 3}, "column is one of 3"),
        ({"row": -1}, "row is one of 40"),
        ({"output": "x"}, "output is one of 3"),
        ({"values": [1]}, "values are named by their column"),
        ({"values": {"9": "1"}}, "this row has no column '9'"),
        ({"values": {"1": 5}}, "a value has at most 200 letters"),
    ],
)
def test_a_choice_that_is_none_gets_a_sentence(choice, words):
    data, network, run_spec = table()
    with pytest.raises(RequestError, match=words):
        body(data, network, run_spec, **choice)


def test_what_cannot_be_judged_gets_a_sentence():
    data, network, run_spec = table()
    network.values = [np.full_like(value, np.nan) for value in network.values]
    with pytest.raises(RequestError, match="answers are no numbers at this moment"):
        body(data, network, run_spec)
    with pytest.raises(RequestError, match="no columns of a file"):
        body(prepared(), network, run_spec)
