"""Looking back at a run: probes and films, from a run trained here."""

import base64
import os
import threading
import time

import msgpack
import numpy as np
import pytest
from PIL import Image

from nnviz import data, engine
from nnviz.engine.training.live_views import FrameRenderer
from nnviz.errors import RequestError
from nnviz.jobs.worker.history import gif_text
from nnviz.jobs.worker.history.gif_export import LINES, picture
from nnviz.jobs.worker.history.recorded import Net, Past, spread
from nnviz.jobs.worker.tasks import Tasks
from nnviz.spec import RunSpec
from nnviz.store import Job, Store
from tests.engine.support import prepared as engine_prepared, spec as engine_spec

SPEC = RunSpec.parse(
    {
        "data": {"kind": "synthetic", "name": "spirals", "samples": 90},
        "layers": [{"kind": "Dense", "units": 6, "activation": "tanh"}, {"kind": "Dropout", "rate": 0.2}],
        "cost": {"kind": "CrossEntropy"},
        "optimizer": {"kind": "Adam", "learning_rate": 0.02},
        "training": {"epochs": 40, "batch_size": 16},
    }
)


class Place:
    """A store with one run that was trained by the worker whose tasks are asked."""

    def __init__(self, folder):
        self.store = Store(f"sqlite:///{folder}/nnviz.db")
        self.tasks = Tasks(self.store)
        self.run = self.store.runs.create(SPEC)
        self.do("train")
        self.steps = [snapshot.step for snapshot in self.store.snapshots.of_run(self.run)]

    def do(self, kind, **payload):
        return self.tasks.do(
            Job(
                id=0,
                kind=kind,
                run=self.run,
                payload=payload,
                key="",
                status="running",
                worker=None,
                result=None,
                created=time.time(),
            )
        )

    def state(self, step):
        return engine.State.from_bytes(self.store.snapshots.get(self.run, step))


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    folder = tmp_path_factory.mktemp("past")
    before = os.environ.get("NNVIZ_HOME")
    os.environ["NNVIZ_HOME"] = str(folder)
    place = Place(folder)
    yield place
    place.store.close()
    os.environ.pop("NNVIZ_HOME") if before is None else os.environ.update(NNVIZ_HOME=before)


@pytest.fixture(scope="module")
def network():
    """The run's network and data, built apart from the code under test."""
    prepared = data.load(SPEC)
    return engine.build(
        SPEC.layers, SPEC.cost, task=prepared.task, shape=prepared.shape, outputs=prepared.outputs, seed=SPEC.training.seed
    ), prepared


def test_a_probe_shows_what_the_live_view_showed(place, network):
    network, prepared = network
    asked = [place.steps[len(place.steps) // 2], place.steps[-1], place.steps[3]]
    moments = place.do("probe", steps=asked)["moments"]
    assert [moment["step"] for moment in moments] == asked
    for moment in moments:
        network.values = place.state(moment["step"]).weights
        wanted = FrameRenderer(network, prepared).now(moment["step"], 0)
        assert (moment["view"], base64.b64decode(moment["body"])) == ("plane", msgpack.packb(wanted.body))
        part = prepared.parts["validation"]
        shares = network.predict(part.x).astype(np.float64)
        assert moment["metrics"]["val_loss"] == pytest.approx(-np.log(shares[np.arange(len(part.y)), part.y]).mean(), rel=1e-5)
        assert moment["metrics"]["val_accuracy"] == pytest.approx((shares.argmax(axis=1) == part.y).mean())
    # the frame that was made while it trained is the same as the one that is made from the last state
    recorded = next(frame for frame in place.store.series.frames(place.run) if frame.view == "plane")
    assert (recorded.step, recorded.body) == (asked[1], base64.b64decode(moments[1]["body"]))


def test_before_the_first_step_it_shows_the_initial_weights_and_a_loss_that_is_recorded_agrees(place, network):
    network, prepared = network
    (first,) = place.do("probe", steps=[0])["moments"]
    fresh = engine.build(
        SPEC.layers, SPEC.cost, task=prepared.task, shape=prepared.shape, outputs=prepared.outputs, seed=SPEC.training.seed
    )
    assert base64.b64decode(first["body"]) == msgpack.packb(FrameRenderer(fresh, prepared).now(0, 0).body)
    row = next(row for row in place.store.series.history(place.run) if row["step"] in place.steps)
    (moment,) = place.do("probe", steps=[int(row["step"])])["moments"]
    assert moment["metrics"]["loss"] == pytest.approx(row["loss"], rel=1e-5)
    assert moment["metrics"]["val_accuracy"] == pytest.approx(row["val_accuracy"])


def test_runs_of_one_form_share_their_network_and_each_is_shown_its_own_weights(place, network):
    seeded = SPEC.with_("training.seed", 5).with_("optimizer.learning_rate", 0.5)
    other = place.store.runs.create(seeded)
    past = Past(place.store, place.tasks.trainer.stock.data)
    first, second = past.net(place.run), past.net(other)
    assert first.session is second.session
    prepared = network[1]
    for net, spec in ((first, SPEC), (second, seeded), (first, SPEC)):
        built = engine.build(
            spec.layers, spec.cost, task=prepared.task, shape=prepared.shape, outputs=prepared.outputs, seed=spec.training.seed
        )
        assert all(map(np.array_equal, net.start.weights, built.values))
        frame = past.view(net, "results", net.start, {})
        apart = Past(place.store, data.load)
        assert frame == apart.view(apart.net(net.run), "results", apart.net(net.run).start, {})
        assert net.training(net.start).rate == pytest.approx(spec.optimizer.learning_rate)
    unlike = place.store.runs.create(SPEC.with_("layers[0].units", 7))
    assert past.net(unlike).session is not first.session


def test_a_moment_that_is_not_there_says_why_and_nonsense_is_refused(place):
    good, bad = place.do("probe", steps=[place.steps[0], 10**6])["moments"]
    assert good["view"] == "plane"
    assert "not among those recorded" in bad["why"]
    assert place.do("probe", steps=[]) == {"moments": []}
    for steps in ("all", [-1], list(range(41)), [True], None):
        with pytest.raises(RequestError):
            place.do("probe", steps=steps)


def test_a_view_shows_the_weights_of_then(place):
    asked = [place.steps[0], place.steps[-1]]
    for moment in place.do("probe", steps=asked, view="network")["moments"]:
        body = msgpack.unpackb(base64.b64decode(moment["body"]))
        kernel = place.state(moment["step"]).weights[0]
        np.testing.assert_array_equal(np.frombuffer(body["layers"][0]["links"], "<f4").reshape(6, 2), kernel.T)
        assert (moment["view"], moment["metrics"]) == ("network", {})
    (unknown,) = place.do("probe", steps=[place.steps[0]], view="no such view")["moments"]
    assert "no such view" in unknown["why"]


def test_a_view_of_the_layers_is_of_the_next_step(place):
    moments = place.do("probe", steps=[0, place.steps[-1]], view="layers")["moments"]
    first, last = (msgpack.unpackb(base64.b64decode(moment["body"])) for moment in moments)
    assert (first["step"], last["step"], last["rows"], last["optimizer"]) == (0, place.steps[-1], 54, "Adam")
    assert first["layers"][0]["update"]["norm"] == pytest.approx(0.02 * np.sqrt(18), rel=0.02), "Adam begins with the rate"


def test_the_way_to_a_moment_is_the_weights_of_all_moments_before(place):
    past = Past(place.store, data.load)
    net, last = past.net(place.run), place.steps[-1]
    way = past.way(net, past.state(net, last), 7)
    assert [moment.step for moment in way] == spread([0, *place.steps], 7)
    for moment in way[1:]:
        for weights, before in zip(moment.weights, place.state(moment.step).weights, strict=True):
            np.testing.assert_array_equal(weights, before)
    assert [moment.step for moment in past.way(net, net.start, 7)] == [0]
    assert [moment.step for moment in past.way(net, past.state(net, place.steps[2]), 60)] == [0, *place.steps[:3]]


def back(place, step, index):
    """The view of the step after a moment, for a weight of the first kernel."""
    choice = {"weight": {"variable": 0, "index": index}}
    (moment,) = place.do("probe", steps=[step], view="back", choice=choice)["moments"]
    return msgpack.unpackb(base64.b64decode(moment["body"]))


@pytest.mark.parametrize("at", [0, 1, 2])
def test_the_next_step_is_told_as_the_run_then_did_it(place, at):
    """The weight after it is that of the state that was kept after it, bit for bit, and the loss the run's own."""
    step = place.steps[at]
    assert place.steps[at + 1] == step + 1
    body = back(place, step, [1, 2])
    story = body["story"]
    assert (body["step"], body["weight"]) == (step, {"variable": 0, "index": [1, 2]})
    assert np.float32(story["before"]) == place.state(step).weights[0][1, 2]
    assert np.float32(story["after"]) == place.state(step + 1).weights[0][1, 2]
    assert story["loss"] == pytest.approx(float(place.store.series.curve(place.run, "batch_loss").value[step]), rel=1e-6)
    assert sum(row["share"] for row in body["rows"]) + body["penalty"] == pytest.approx(body["gradient"], rel=1e-3, abs=1e-7)


def until(holds):
    end = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.02)


@pytest.fixture(scope="module")
def changed(place):
    """The same run once more, with settings changed on the way: rate and dropout after step 7, the batch size after the
    epoch's end at step 12, the rate there and back after steps 20 and 26."""
    fresh = object.__new__(Place)
    fresh.store, fresh.tasks = place.store, place.tasks
    store = fresh.store
    fresh.run = run = store.runs.create(SPEC)

    def at(step, **wanted):
        store.runs.set_control(run, steps_allowed=step)
        until(lambda: store.runs.get(run).status == "paused" and store.runs.get(run).step == step)
        store.runs.set_control(run, live={name.replace("__", "."): value for name, value in wanted.items()})

    store.runs.set_control(run, pace="step", steps_allowed=0)
    training = threading.Thread(target=lambda: fresh.do("train"))
    training.start()
    at(7, optimizer__learning_rate=0.1, **{"layers[1]__rate": 0.5})
    at(11, training__batch_size=8.0)
    until(lambda: store.runs.get(run).info.get("calendar") or any(event.kind == "changing" for event in store.runs.events(run)))
    at(12)
    until(lambda: any(event.data.get("name") == "training.batch_size" for event in store.runs.changed(run)))
    at(20, optimizer__learning_rate=0.05)
    at(26, optimizer__learning_rate=0.1)
    store.runs.set_control(run, pace="full", steps_allowed=None)
    training.join(60)
    fresh.steps = [snapshot.step for snapshot in store.snapshots.of_run(run)]
    return fresh


@pytest.mark.parametrize("step", [6, 8, 11, 13, 18, 21, 25, 28])
def test_the_next_step_is_told_with_the_settings_of_then(changed, step):
    """Also of what was compiled in: the weight after it is that which the run then had, bit for bit."""
    assert changed.store.runs.get(changed.run).status == "finished"
    body = back(changed, step, [0, 3])
    assert np.float32(body["story"]["after"]) == changed.state(step + 1).weights[0][0, 3]
    assert body["story"]["given"]["lr"]["value"] == pytest.approx(0.02 if step < 7 else 0.05 if 20 < step < 26 else 0.1)
    # 54 rows: 16, 16, 16 and 6, from step 12 on six of 8 and one of 6
    is_last = step % 4 == 3 if step < 12 else (step - 12) % 7 == 6
    assert body["count"] == (6 if is_last else 16 if step < 12 else 8)


def test_looking_back_knows_the_epochs_of_another_batch_size(changed):
    net = Past(changed.store, data.load).net(changed.run)
    state = changed.state(changed.steps[-1])
    assert net.epochs(state) == 40
    assert net.frame(state).epoch == 40


def test_a_film_is_a_gif_of_evenly_spread_moments(place, tmp_path):
    answer = place.do("film", moments=12)
    path = tmp_path / "film.gif"
    path.write_bytes(place.store.blobs.get(answer["sha256"]))
    with Image.open(path) as film:
        assert (film.format, film.n_frames, film.n_frames) == ("GIF", 12, answer["frames"])
        pictures = []
        for number in range(film.n_frames):
            film.seek(number)
            pictures.append(np.asarray(film.convert("RGB"), int))
    # the plane changes from the first moment to the last, and ever more of the loss is drawn
    stage = [picture[60:420, 40:400] for picture in pictures]
    assert np.abs(stage[0] - stage[-1]).mean() > 5
    colour = next(colour for name, colour, _ in LINES if name == "loss")
    line = [np.count_nonzero(np.abs(picture[470:600, 60:] - colour).sum(axis=2) < 30) for picture in pictures]
    assert line[0] == 0
    assert line[2] < line[6] < line[-1]
    with pytest.raises(RequestError, match="2 to 120"):
        place.do("film", moments=1)


def test_moments_of_a_film_are_as_even_as_they_can_be():
    assert spread([1, 2, 5], 120) == [1, 2, 5]
    assert spread([0, *range(1, 100), 200, 300], 4) == [0, 99, 200, 300]


@pytest.mark.parametrize(("cost", "view"), [("CrossEntropy", "confusion"), ("MeanSquaredError", "agreement")])
def test_views_without_a_plane_are_drawn(cost, view):
    prepared = engine_prepared("regression" if view == "agreement" else "classification", shape=(5,))
    spec = engine_spec([], cost={"kind": cost})
    session = engine.Session(spec, prepared)
    start = engine.State(step=0, weights=session.network.values, slots=session.loop.slots)
    net = Net("run", spec, prepared, session, start)
    frame = net.frame(start)
    curves = {"loss": np.array([[3.0, 6.0], [2.0, 1.0]])}
    drawn = np.asarray(picture(frame, net, curves, epoch=1.5, end=6, title="five inputs"), int)
    assert frame.view == view
    if view == "agreement":
        # points in the colours of their errors, which frame and diagonal do not have
        assert np.count_nonzero(np.ptp(drawn[50:440, 25:415], axis=2) > 60) > 20
        return
    counts = np.array(frame.body["counts"])
    left, top = gif_text.name_matrix(Image.new("RGB", (440, 612)), (20, 42, 420, 442), "abc", ink=(0, 0, 0), paper=(9, 9, 9))
    wide, high = (420 - left) / 3, (442 - top) / 3
    for truth in range(3):
        for guess in range(3):
            pixel = drawn[round(top + (truth + 0.15) * high), round(left + (guess + 0.15) * wide)]
            strength = 255 - pixel.min()
            assert (strength > 12) == (counts[truth, guess] / max(counts[truth].sum(), 1) > 0.05)
