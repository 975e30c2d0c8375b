"""The buttons, keys and marks of the live strip in a real browser; the worker's part is played by hand."""

from collections.abc import Iterator
from typing import Any

import pytest
from filelock import FileLock

from nnviz.jobs.launcher import lock_path
from nnviz.stream.commands import command
from tests.stream.conftest import Site
from tests.stream.runs import Worker
from tests.stream.test_live import until

pytestmark = pytest.mark.e2e

LAYERS = [{"kind": "Dense", "units": 8, "kernel_regularizer": {"kind": "L2", "l2": 0.01}}, {"kind": "Dropout", "rate": 0.25}]


@pytest.fixture
def tab(chromium: Any) -> Iterator[Any]:
    context = chromium.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    page.set_default_timeout(30_000)
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    context.close()
    assert errors == []


@pytest.fixture
def unattended(site: Site) -> Iterator[None]:
    """What is queued stays so: the place of the supervisor is taken."""
    with FileLock(lock_path(site.store.url), timeout=20):
        yield


def opened(site: Site, tab: Any, worker: Worker) -> Any:
    tab.goto(f"{site.url}/?run={worker.run}")
    strip = tab.locator(".nv-status")
    strip.locator(".nv-state", has_text="epoch").wait_for()
    return strip


def started(site: Site, **more: Any) -> Worker:
    worker = Worker(site.store, **more)
    worker.epochs(3)
    return worker


def button(strip: Any, name: str) -> Any:
    return strip.get_by_role("button", name=name, exact=True)


def paused(site: Site, worker: Worker) -> None:
    command(site.store, {"run": worker.run, "command": "pause"})
    site.store.run_control.set_paused(worker.run, worker.attempt)


def words(strip: Any, text: str) -> None:
    strip.locator(".nv-words", has_text=text).wait_for()


def test_pause_step_epoch_and_play_at_the_pace_from_before(site: Site, tab: Any) -> None:
    worker = started(site)
    strip = opened(site, tab, worker)

    def control() -> Any:
        return site.store.runs.control(worker.run)

    assert not button(strip, "Step").is_visible()  # it is for a run that waits
    button(strip, "Watch").click()
    until(lambda: control().pace == "watch")
    button(strip, "Pause").click()
    words(strip, "pausing")  # the page says so before the store knows
    until(lambda: control().steps_allowed == 0)
    site.store.run_control.set_paused(worker.run, worker.attempt)
    words(strip, "paused")
    assert control().pace == "step"
    for wanted in (31, 32, 33):
        button(strip, "Step").click()
        until(lambda wanted=wanted: control().steps_allowed == wanted)
        with site.store.db.write() as connection:
            connection.exec_driver_sql(
                "UPDATE runs SET step = ?, epoch = ?, revision = revision + 1 WHERE id = ?", (wanted, wanted / 10, worker.run)
            )
        words(strip, "paused")
    button(strip, "Epoch").click()
    until(lambda: control().steps_allowed == 40)
    words(strip, "going on")
    button(strip, "Pause").click()
    button(strip, "Play").click()
    until(lambda: control().pace == "watch")
    assert control().steps_allowed is None
    tab.locator(".nv-events", has_text="Paused").wait_for()


def test_of_two_who_steer_one_wins_and_the_other_is_told(site: Site, tab: Any) -> None:
    worker = started(site)
    strip = opened(site, tab, worker)
    tab.evaluate("""() => { const send = WebSocket.prototype.send; window.held = [];
        WebSocket.prototype.send = function (text) { window.held.push(() => send.call(this, text)); }; }""")
    button(strip, "Pause").click()
    words(strip, "pausing")  # before anybody has answered
    site.store.runs.set_control(worker.run, pace="watch")
    tab.evaluate("window.held.forEach((go) => go())")
    strip.locator(".nv-notice", has_text="Somebody else has steered").wait_for()
    words(strip, "training")
    assert site.store.runs.control(worker.run).pace == "watch"
    strip.locator("[data-pace=watch][aria-pressed=true]").wait_for()


def test_keys_steer_unless_a_field_has_the_focus(site: Site, tab: Any) -> None:
    worker = started(site)
    strip = opened(site, tab, worker)
    tab.keyboard.press("Space")
    until(lambda: site.store.runs.control(worker.run).pace == "step")
    site.store.run_control.set_paused(worker.run, worker.attempt)
    words(strip, "paused")
    tab.keyboard.press(".")
    until(lambda: site.store.runs.control(worker.run).steps_allowed == 31)
    button(strip, "Change").click()
    field = strip.get_by_label("learning rate")
    field.focus()
    tab.keyboard.press("s")
    field.blur()
    number = site.store.runs.control(worker.run).number
    tab.keyboard.press("Space")
    until(lambda: site.store.runs.control(worker.run).number == number + 1)
    assert not site.store.runs.control(worker.run).stop
    tab.keyboard.press("s")
    until(lambda: site.store.runs.control(worker.run).stop)


def test_numbers_are_changed_and_marked_on_every_chart(site: Site, tab: Any) -> None:
    worker = started(site, layers=LAYERS)
    strip = opened(site, tab, worker)
    button(strip, "Change").click()
    fields = strip.locator(".nv-settings input")
    assert [field.get_attribute("aria-label") for field in fields.all()] == [
        "learning rate",
        "beta 1",
        "beta 2",
        "kernel L2 of layer 1",
        "dropout of layer 2",
        "batch size",
    ]
    assert [float(field.input_value()) for field in fields.all()] == [0.01, 0.9, 0.999, 0.01, 0.25, 10]
    strip.get_by_role("button", name="×2").click()
    strip.get_by_label("dropout of layer 2").fill("0.5")
    strip.get_by_label("dropout of layer 2").press("Enter")
    until(lambda: site.store.runs.control(worker.run).live == {"optimizer.learning_rate": 0.02, "layers[1].rate": 0.5})
    strip.get_by_label("dropout of layer 2").fill("1.5")
    strip.get_by_label("dropout of layer 2").press("Enter")
    strip.locator(".nv-notice", has_text="dropout of layer 2").wait_for()
    assert site.store.runs.control(worker.run).live["layers[1].rate"] == 0.5
    site.store.runs.add_event(
        worker.run,
        "changed",
        "optimizer.learning_rate: 0.01 → 0.02",
        data={"name": "optimizer.learning_rate", "before": 0.01, "after": 0.02},
    )
    worker.epochs(3)
    tab.locator(".nv-events", has_text="learning rate 0.01 → 0.02").wait_for()
    tab.wait_for_function("() => [...document.querySelectorAll('.nv-plot')].every((node) => node.layout?.shapes?.length === 1)")
    for plot in tab.locator(".nv-plot").all():
        assert plot.evaluate("node => node.layout.shapes[0].x0") == 3
        place = plot.evaluate("""node => { const { xaxis, yaxis2, _size } = node._fullLayout;
            return [xaxis._offset + xaxis.l2p(3), yaxis2._offset + 40]; }""")
        box = plot.bounding_box()
        tab.mouse.move(box["x"] + place[0], box["y"] + place[1])
        plot.locator(".hoverlayer", has_text="learning rate 0.01 → 0.02").wait_for()


@pytest.mark.usefixtures("unattended")
def test_an_ended_run_goes_on_from_another_browser(site: Site, tab: Any) -> None:
    worker = started(site, epochs=3)
    site.store.snapshots.add(worker.run, worker.attempt, [(worker.step, 3.0, 1.0, b"a state")])
    worker.finish()
    strip = opened(site, tab, worker)
    words(strip, "finished")
    assert strip.get_by_label("More epochs").input_value() == "1"
    strip.get_by_label("More epochs").fill("7")
    button(strip, "Go on").click()
    until(lambda: site.store.runs.control(worker.run).epochs == 10)
    words(strip, "waiting for a worker")
    assert site.store.runs.get(worker.run).status == "queued"
    tab.locator(".nv-events", has_text="Goes on, until epoch 10").wait_for()
    button(strip, "Stop").click()
    words(strip, "stopped")
    button(strip, "Go on").click()
    words(strip, "waiting for a worker")


@pytest.mark.usefixtures("unattended")
def test_a_run_without_a_worker_goes_on_with_play(site: Site, tab: Any) -> None:
    worker = started(site)
    site.store.snapshots.add(worker.run, worker.attempt, [(worker.step, 3.0, 1.0, b"a state")])
    paused(site, worker)
    site.store.run_control.park(worker.run, worker.attempt)
    strip = opened(site, tab, worker)
    words(strip, "paused")
    button(strip, "Play").click()
    until(lambda: site.store.runs.get(worker.run).status == "queued")
    assert (site.store.runs.control(worker.run).pace, site.store.runs.control(worker.run).stop) == ("full", False)
