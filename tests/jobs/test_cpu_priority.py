import os
import subprocess
import sys
from pathlib import Path

import pytest

from nnviz.jobs.worker import cpu_priority

PROGRAM = """
from nnviz.jobs.worker import cpu_priority
from pathlib import Path
values = []
for step in (lambda: None, cpu_priority.begin, cpu_priority.end):
    step()
    values.append(Path("/proc/self/autogroup").read_text().split()[-1])
print(*values)
"""


@pytest.mark.skipif(not cpu_priority.SESSION.exists(), reason="this kernel does not share the cores out between sessions")
@pytest.mark.parametrize(("is_own", "wanted"), [(True, "0 5 0"), (False, "0 0 0")])
def test_the_session_of_a_worker_steps_back_while_it_loads_and_nobody_elses(is_own, wanted):
    # the bystander's session is one that this test starts, whatever the nice value of the one that runs the tests
    starter = [] if is_own else [sys.executable, "-c", "import subprocess, sys; subprocess.run(sys.argv[1:], check=True)"]
    completed = subprocess.run(
        [*starter, sys.executable, "-c", PROGRAM],
        start_new_session=True,
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])},
    )

    assert completed.stdout.split() == wanted.split()


def test_without_such_sessions_nothing_happens(monkeypatch, tmp_path):
    monkeypatch.setattr(cpu_priority, "SESSION", tmp_path / "none" / "autogroup")
    monkeypatch.setattr(os, "getsid", lambda pid: os.getpid())

    cpu_priority.begin()
    cpu_priority.end()
