"""Which training rows an epoch is measured on: a function of numbers of rows, and what training and resuming make of it."""

import numpy as np
import pytest
from sklearn.metrics import r2_score

from nnviz import engine
from nnviz.engine.loop import metric_sample, session as sessions
from nnviz.engine.loop.state import State
from nnviz.engine.metrics import streaming
from tests.engine.support import Prepared, Rows, prepared, same, spec

ROWS, PICKED = 3000, 2048
LAYERS = [{"kind": "Dense", "units": 5, "activation": "tanh"}]


@pytest.mark.parametrize(
    ("rows", "validation", "wanted"),
    [
        (1, 0, 1),
        (2048, 500, 2048),
        (2049, 0, 2048),
        (6000, 1500, 2048),
        (10_000, 0, 3000),
        (10_000, 500, 2500),
        (60_000, 0, 4096),
        (60_000, 12_000, 4096),
        (60_000, 30_000, 2048),
        (10**9, 10**6, 4096),
    ],
)
def test_how_many_rows(rows, validation, wanted):
    assert metric_sample.size(rows, validation) == wanted


@pytest.mark.parametrize(("rows", "count"), [(2049, 2048), (60_000, 4096), (2**31 - 1, 4096), (7, 7)])
def test_one_row_of_each_stretch_by_the_raw_numbers_of_philox(rows, count):
    draws = np.random.Philox(key=[metric_sample.SEED, rows]).random_raw(count).tolist()
    edges = [place * rows // count for place in range(count + 1)]
    wanted = [edges[place] + draws[place] % (edges[place + 1] - edges[place]) for place in range(count)]
    picked = metric_sample.picked(rows, count)
    assert picked.tolist() == wanted
    assert len(set(wanted)) == count
    assert picked.min() >= 0
    assert picked.max() < rows


def test_what_decides_by_the_training_loss_sees_all_rows():
    plateau = {"kind": "SGD", "schedule": {"kind": "ReduceOnPlateau"}}
    deciding = [spec(keep="best"), spec(early_stopping={"patience": 2}), spec(optimizer=plateau)]
    alone, validated = prepared(train=ROWS, validation=0), prepared(train=ROWS)
    for run_spec in deciding:
        assert metric_sample.rows_of(run_spec, alone) is None
        assert metric_sample.counts(run_spec, validated) == [PICKED, ROWS]
    assert metric_sample.counts(spec(), alone) == [PICKED, ROWS]
    assert metric_sample.counts(spec(), prepared(train=2048)) is None


def mapped(data: Prepared, folder) -> Prepared:
    np.save(folder / "x.npy", data.parts["train"].x)
    part = data.parts["train"]
    return Prepared(
        data.task,
        data.shape,
        data.outputs,
        {**data.parts, "train": Rows(np.load(folder / "x.npy", mmap_mode="r"), part.y, part.rows)},
        data.classes,
        data.target_mean,
        data.target_scale,
    )


def train(run_spec, data, state=None, session=None):
    seen = []
    result = engine.train(run_spec, data, on_progress=seen.append, frames=False, keep="all", state=state, session=session)
    states = {state.step: State.from_bytes(state.to_bytes()) for item in seen for state in item.states}
    return result, [record for item in seen for record in item.epochs], states


def by_hand(weights, x, y, scale=None):
    """Loss, and accuracy or mae, rmse and r2, in float64."""
    first, bias, last, shift = (value.astype(np.float64) for value in weights)
    raw = np.tanh(x.astype(np.float64) @ first + bias) @ last + shift
    if scale is None:
        logs = raw - raw.max(axis=1, keepdims=True)
        logs -= np.log(np.exp(logs).sum(axis=1, keepdims=True))
        return {"loss": -logs[np.arange(len(y)), y].mean(), "accuracy": (raw.argmax(axis=1) == y).mean()}
    miss = raw - y
    return {
        "loss": (miss**2).mean(axis=1).mean(),
        "mae": np.abs(miss * scale).mean(),
        "rmse": np.sqrt(((miss * scale) ** 2).mean()),
        "r2": r2_score(y, raw),
    }


def check(record, weights, data, rows):
    train, other = data.parts["train"], data.parts["validation"]
    scale = None if data.task == "classification" else data.target_scale.astype(np.float64)
    picked = np.arange(len(train.y)) if rows is None else rows
    for name, value in by_hand(weights, train.x[picked], train.y[picked], scale).items():
        assert record.metrics[name] == pytest.approx(value, rel=1e-5, abs=2e-6), name
    for name, value in by_hand(weights, other.x, other.y, scale).items():
        assert record.metrics[f"val_{name}"] == pytest.approx(value, rel=1e-5, abs=2e-6), name


@pytest.mark.parametrize("task", ["classification", "regression"])
@pytest.mark.parametrize("way", ["xla", "graph", "outside memory"])
def test_epochs_are_measured_on_the_sample_in_blocks_and_the_last_on_all_rows(tmp_path, monkeypatch, task, way):
    monkeypatch.setattr(streaming, "MOST_BLOCK", 300)
    if way == "graph":
        monkeypatch.setattr("nnviz.engine.loop.compile_mode.mode", lambda kinds: "graph")
    outputs = 3 if task == "classification" else 2
    data = prepared(task, train=ROWS, validation=70, outputs=outputs, target_scale=np.array([4, 0.5], np.float32))
    rows = metric_sample.picked(ROWS, PICKED)
    run_spec = spec(
        LAYERS, cost={"kind": "CrossEntropy" if task == "classification" else "MeanSquaredError"}, batch_size=1500, epochs=3
    )
    data_there = mapped(data, tmp_path) if way == "outside memory" else data
    session = engine.prepare(run_spec, data_there)
    shorter = [
        engine.train(
            run_spec.with_("training.epochs", epochs),
            data_there,
            session=session,
            frames=False,
            on_progress=lambda progress: None,
        )
        for epochs in (1, 2)
    ]
    result, records, _ = train(run_spec, data_there, session=session)
    assert result.info["sample"] == [PICKED, ROWS]
    assert [record.step for record in records] == [2, 4, 6]
    for record, trained in zip(records, [*shorter, result], strict=True):
        check(record, trained.weights, data, None if trained is result else rows)
        check(engine.EpochRecord(0, 0, 0.0, trained.metrics), trained.weights, data, None)
    assert {name: result.metrics[name] for name in records[-1].metrics} == records[-1].metrics


def test_the_best_weights_metrics_are_of_all_rows_too():
    data = prepared(train=ROWS, validation=70)
    run_spec = spec(
        LAYERS,
        optimizer={"kind": "SGD", "learning_rate": 30.0},
        batch_size=1500,
        epochs=8,
        keep="best",
        early_stopping={"patience": 3},
    )
    result, records, _ = train(run_spec, data)
    best_epoch = result.info["kept_epoch"]
    assert best_epoch < records[-1].epoch
    check(records[best_epoch - 1], result.weights, data, metric_sample.picked(ROWS, PICKED))
    check(engine.EpochRecord(best_epoch, 0, 0.0, result.metrics), result.weights, data, None)


def test_a_run_that_goes_on_has_the_curve_of_one_that_never_stopped():
    data, run_spec = prepared(train=ROWS, validation=70), spec(LAYERS, batch_size=1500, epochs=4)
    whole, records, states = train(run_spec, data)
    again, later, _ = train(run_spec, data, states[3])
    assert same(again.weights, whole.weights)
    assert [(record.epoch, record.metrics) for record in later] == [(record.epoch, record.metrics) for record in records[1:]]
    assert again.metrics == whole.metrics


@pytest.mark.parametrize("work", [0, 2e7])
def test_a_run_that_began_on_all_rows_goes_on_so_and_with_the_same_weights(monkeypatch, work):
    monkeypatch.setattr(sessions, "AT_ONCE_WORK", work)
    data, run_spec = prepared(train=ROWS, validation=70), spec(LAYERS, batch_size=1500, epochs=4)
    whole, _, states = train(run_spec, data)
    before = states[1]
    old = State(
        step=1,
        weights=before.weights,
        slots=before.slots,
        notes={name: value for name, value in before.notes.items() if name not in ("evaluation", "clock")},
    )
    again, records, later = train(run_spec, data, old)
    assert same(again.weights, whole.weights)
    assert again.info["sample"] is None
    check(records[0], later[2].weights, data, None)
    assert all("evaluation" not in state.notes for state in later.values())
