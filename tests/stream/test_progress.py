"""Steps and epochs of a run whose batch size was changed: what a page is told, and steps by whole epochs."""

from dataclasses import replace

from nnviz.store import Store
from nnviz.store.documents import STATUSES
from nnviz.stream.commands import command
from nnviz.stream.progress import Progress
from tests.stream.runs import PER_EPOCH, Worker, make_store


def test_a_page_is_told_which_steps_make_an_epoch(tmp_path):
    store: Store = make_store(tmp_path)
    worker = Worker(store)
    assert Progress().status(store.runs.get(worker.run))["calendar"] == []
    worker.epochs(3)
    status = Progress().status(store.runs.get(worker.run))
    assert (status["calendar"], status["per_epoch"]) == ([[0, 0, PER_EPOCH]], PER_EPOCH)
    store.runs.set_phase(worker.run, worker.attempt, "training", info={"calendar": [[0, 0, PER_EPOCH], [30, 3, 4]]})
    store.series.append(worker.run, worker.attempt, step=36, epoch=4.5, seconds=9.0)
    status = Progress().status(store.runs.get(worker.run))
    assert (status["calendar"], status["per_epoch"]) == ([[0, 0, PER_EPOCH], [30, 3, 4]], 4)
    # two epochs on from within the second one of 4 steps: up to the end of its third
    command(store, {"run": worker.run, "command": "step", "epochs": 2})
    assert store.runs.get(worker.run).control.steps_allowed == 30 + 3 * 4
    store.close()


def test_a_page_is_told_whether_a_run_is_over(tmp_path):
    store = make_store(tmp_path)
    run = store.runs.get(Worker(store).run)
    over = {status for status in STATUSES if Progress().status(replace(run, status=status))["ended"]}
    assert over == {"finished", "stopped", "failed", "diverged"}
    store.close()


def test_an_ended_run_shows_its_own_figure_and_a_sample_is_said(tmp_path):
    store: Store = make_store(tmp_path)
    worker = Worker(store)
    worker.epochs(4, seconds=100.0)
    progress = Progress()
    assert progress.status(store.runs.get(worker.run))["sample"] == ""
    store.runs.set_phase(worker.run, worker.attempt, "training", info={"sample": [4096, 60_000]})
    assert progress.status(store.runs.get(worker.run))["sample"] == "a fixed sample of 4,096 of 60,000 training rows"
    # 100 seconds passed, most of them in a pause
    store.runs.finish(worker.run, worker.attempt, "stopped", info={"steps_per_second": 25.0})
    assert Progress().status(store.runs.get(worker.run))["speed"] == 25.0 / PER_EPOCH
    store.close()
