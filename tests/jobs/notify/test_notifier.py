"""Real servers and commands are told, once each, and nothing waits for those that fail."""

import json
import logging
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import ModuleType

import pytest

from nnviz.errors import RunError
from nnviz.jobs.notify import send, webhook
from nnviz.jobs.notify.notifier import Notifier, notifying
from nnviz.jobs.notify.targets import NOTIFY, targets
from nnviz.store import Store
from tests.pages.example_runs import spec

FINDING = {"rule": "overfitting", "title": "Overfitting", "text": "It rises.", "what_to_do": "Stop early."}


@pytest.fixture
def store(tmp_path):
    store = Store(f"sqlite:///{tmp_path}/nnviz.db")
    store.notices.begin()
    yield store
    store.close()


class Hook(ThreadingHTTPServer):
    """Keeps what it is sent; `answer` is the status that it gives, after `seconds`."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.received, self.paths, self.answer, self.seconds = [], [], 200, 0.0
        self.url = f"http://127.0.0.1:{self.server_port}/hook"


class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        self.server.paths.append(self.path)
        assert self.headers["Content-Type"] == "application/json"
        self.server.received.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        time.sleep(self.server.seconds)
        self.send_response(self.server.answer)
        self.send_header("Location", "/elsewhere")
        self.end_headers()

    def log_message(self, *_):
        pass


@pytest.fixture
def hook():
    server = Hook()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


def ended(store, status="finished", **more):
    run_id = store.runs.create(spec(), name="My run")
    store.runs.claim(run_id, pid=1)
    store.runs.finish(run_id, 1, status, **more)
    return run_id


def notifier(store, *lines):
    return Notifier(store, targets({NOTIFY: "\n".join(lines)}))


def test_a_hook_is_told_of_a_finding_an_end_and_a_failure(store, hook):
    run_id = ended(store, metrics={"val_accuracy": 0.912})
    store.findings.replace(run_id, [FINDING], step=1)
    failed = ended(store, "failed", error=RunError("the data is gone"))
    notifier(store, hook.url).look()
    end, finding, failure = hook.received
    assert (end["event"], end["run"], end["name"], end["status"], end["finding"]) == ("ended", run_id, "My run", "finished", None)
    assert end["text"] == "nnviz: My run: Finished: all 60 epochs; validation accuracy 0.912"
    assert (finding["event"], finding["finding"]) == ("finding", FINDING)
    assert finding["text"] == "nnviz: My run: Overfitting. It rises. Stop early."
    assert (failure["event"], failure["run"], failure["status"]) == ("failed", failed, "failed")
    assert failure["text"] == "nnviz: My run: Failed: the data is gone"


def test_a_command_gets_json_and_text_and_no_shell(store, tmp_path):
    script = tmp_path / "keep.py"
    script.write_text(
        "import json, sys, pathlib\npathlib.Path(sys.argv[1]).write_text(json.dumps([sys.argv[2:], json.load(sys.stdin)]))"
    )
    (tmp_path / "a b").mkdir()
    run_id = store.runs.create(spec(), name="--help; touch $HOME/x `id`")
    store.runs.claim(run_id, pid=1)
    store.runs.finish(run_id, 1, "finished")
    notifier(store, f"{sys.executable} {script} '{tmp_path}/a b/out' '$HOME'").look()
    (literal, text), message = json.loads((tmp_path / "a b" / "out").read_text())
    assert literal == "$HOME"
    assert text == message["text"]
    assert text.startswith("nnviz: --help; touch $HOME/x `id`: Finished"), "a name is no option of the command"


def test_of_a_group_one_notice_when_all_have_ended(store, hook):
    group = store.runs.create_group(spec().with_("split.folds", 3), name="Folds")
    members = store.runs.group_runs(group)
    teller = notifier(store, hook.url)
    for number, run in enumerate(members):
        store.runs.claim(run.id, pid=1)
        store.runs.finish(run.id, 1, "failed" if number == 1 else "finished", error=RunError("no") if number == 1 else None)
        teller.look()
        assert len(hook.received) == (number == len(members) - 1)
    (message,) = hook.received
    assert (message["event"], message["group"], message["status"]) == ("failed", group, "failed")
    assert message["text"] == "nnviz: Folds: all 3 runs have ended: 2 finished, 1 failed"


def test_several_processes_and_a_restart_tell_of_it_once(store, hook, monkeypatch):
    monkeypatch.setenv(NOTIFY, hook.url)
    with notifying(store), notifying(Store(store.url)):
        runs = [ended(store) for _ in range(5)]
    with notifying(Store(store.url)):
        pass
    assert sorted(message["run"] for message in hook.received) == sorted(runs)


def test_what_fails_is_logged_once_and_keeps_nobody_else_from_being_told(store, hook, monkeypatch, caplog):
    monkeypatch.setattr(webhook, "SECONDS", 0.2)
    slow = Hook()  # which nobody serves: it takes the connection and says nothing
    teller = notifier(store, slow.url, "false", hook.url)
    with caplog.at_level(logging.WARNING, "nnviz.notify"):
        for _ in range(2):
            ended(store)
            teller.look()
    slow.server_close()
    assert len(hook.received) == 2
    lines = sorted(record.getMessage() for record in caplog.records)
    assert lines == [
        "NNVIZ_NOTIFY: false was not told of an event: it ended with the code 1",
        "NNVIZ_NOTIFY: http://127.0.0.1 was not told of an event: no answer within 0.2 s",
    ]


@pytest.mark.parametrize(("answer", "words"), [(302, "it sends elsewhere"), (308, "it sends elsewhere"), (500, "the error 500")])
def test_redirects_are_not_followed(hook, answer, words):
    hook.answer = answer
    with pytest.raises(RunError, match=words):
        webhook.post(hook.url, b"{}")
    assert hook.paths == ["/hook"]


def test_a_command_that_hangs_is_ended_with_all_that_it_started(monkeypatch, tmp_path):
    monkeypatch.setattr(send, "COMMAND_SECONDS", 0.3)
    (target,) = targets({NOTIFY: f"sh -c '(sleep 1; touch {tmp_path}/late) & wait'"})
    with pytest.raises(RunError, match="it took more than"):
        send.send(target, {"text": "nnviz: x"})
    time.sleep(1.2)
    assert not (tmp_path / "late").exists()


def test_apprise_gets_title_and_text(monkeypatch):
    sent = []

    class Box:
        def add(self, url):
            self.url = url
            return True

        def notify(self, *, title, body):
            sent.append((self.url, title, body))
            return "gone" not in self.url

    stub = ModuleType("apprise")
    stub.Apprise = Box
    monkeypatch.setitem(sys.modules, "apprise", stub)
    works, fails = targets({NOTIFY: "slack://token\nmailto://gone"})
    send.send(works, {"text": "nnviz: My run: Finished"})
    assert sent == [("slack://token", "nnviz", "nnviz: My run: Finished")]
    with pytest.raises(RunError, match="apprise could not deliver it"):
        send.send(fails, {"text": "x"})


def test_a_setting_that_is_wrong_stops_no_work(store, monkeypatch, caplog):
    monkeypatch.setenv(NOTIFY, "no-such-program-here")
    with notifying(store):
        pass
    assert "there is no command" in caplog.text
