"""What a worker does before it takes its first job."""

import pytest

from nnviz.jobs.worker import loop
from nnviz.store import Store


class EndOfTest(Exception):
    pass


@pytest.mark.parametrize(("tuning", "used"), [("strong", "strong"), ("quick", "quick"), ("", "quick")])
def test_the_flags_are_set_before_anything_is_compiled(tmp_path, monkeypatch, tuning, used):
    said = []

    def warm_up(tasks):
        said.append("warm_up")
        raise EndOfTest

    monkeypatch.setattr(loop.signal, "signal", lambda *_: None)
    monkeypatch.setattr(loop.flags, "use", said.append)
    monkeypatch.setattr(loop.Tasks, "warm_up", warm_up)
    monkeypatch.setattr(loop.WorkerLoop, "_keep_beating", lambda worker: None)
    store = Store(f"sqlite:///{tmp_path}/nnviz.db")
    with pytest.raises(EndOfTest):
        loop.WorkerLoop(store, "w", training_at_once=1, tuning=tuning).run()
    assert said == [used, "warm_up"]
    assert [(worker.state, worker.tuning) for worker in store.list_workers()] == [("warming", tuning)]
    store.close()
