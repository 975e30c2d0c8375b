"""`nnviz doctor`: its words, its codes."""

import json

from nnviz.jobs import command_line
from tests.cli.answers import refused

FINDING = {
    "title": "Dead units",
    "rule": "dead_relu",
    "since": {"step": 1200, "epoch": 3.0},
    "confidence": 0.93,
    "text": "90 % of the units are 0.",
    "why": "ReLU is flat below 0.",
    "what_to_do": "Use leaky ReLU.",
}


def answering(monkeypatch, findings):
    def doctor(store, run_id, *, here):
        return {"run": run_id, "healthy": not findings, "findings": findings}

    monkeypatch.setattr(command_line, "doctor", doctor)


def test_it_ends_with_3_where_something_is_wrong(call, run_id, monkeypatch):
    answering(monkeypatch, [FINDING])
    code, text = call("doctor", run_id[:8])
    assert code == 3
    assert "Dead units, since step 1,200 (epoch 3), 93 % sure" in text
    assert "What to do: Use leaky ReLU." in text
    code, text = call("doctor", run_id, "--json")
    assert code == 3
    assert json.loads(text) == {"run": run_id, "healthy": False, "findings": [FINDING]}
    code, text = call("doctor", "--all", "--json")
    assert code == 3
    assert [answer["run"] for answer in json.loads(text)["runs"]] == [run_id]


def test_it_ends_with_0_for_a_healthy_run(call, run_id, monkeypatch):
    answering(monkeypatch, [])
    code, text = call("doctor", run_id)
    assert code == 0
    assert "Healthy" in text
    assert call("doctor", "--all")[0] == 0


def test_it_wants_to_know_which(call, run_id):
    refused(call("doctor"), "--all")
    refused(call("doctor", run_id, "--all"), "which run")
    refused(call("doctor", "nobody"), "no run")
