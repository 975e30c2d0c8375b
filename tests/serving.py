"""A streamlit server of its own for a test: its own port, store and folder, gone with the test."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil

ROOT = Path(__file__).parent.parent
QUICK_XLA = "--xla_backend_optimization_level=0 --xla_llvm_disable_expensive_passes=true"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Server:
    """`script` is what streamlit runs (default: the dashboard); `home` its NNVIZ_HOME."""

    home: Path
    script: Path = ROOT / "dashboard.py"
    environment: dict[str, str] = field(default_factory=dict)
    port: int = field(default_factory=free_port)
    process: "subprocess.Popen[bytes] | None" = None
    address: str = "127.0.0.1"

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def store_url(self) -> str:
        return f"sqlite:///{self.home / 'nnviz.db'}"

    def _command(self, *arguments: str) -> tuple[list[str], dict[str, str]]:
        self.home.mkdir(parents=True, exist_ok=True)
        environment = os.environ | {"NNVIZ_HOME": str(self.home), "PYTHONPATH": str(ROOT), "NNVIZ_IDLE_SECONDS": "20"}
        environment.pop("NNVIZ_STORE", None)
        if environment.get("XLA_FLAGS") == QUICK_XLA:
            del environment["XLA_FLAGS"]
        return (
            [
                sys.executable,
                "-m",
                "streamlit",
                "run",
                str(self.script),
                "--server.port",
                str(self.port),
                "--server.headless",
                "true",
                "--server.fileWatcherType",
                "none",
                *arguments,
            ],
            environment | self.environment,
        )

    def refused(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        """What becomes of a start that is to be refused; its words are in `stdout`."""
        command, environment = self._command(*arguments)
        return subprocess.run(
            command,
            cwd=ROOT,
            env=environment,
            text=True,
            timeout=60,
            check=False,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )

    def start(self) -> "Server":
        command, environment = self._command("--server.address", self.address)
        with (self.home / "web.log").open("ab") as log:
            self.process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
        end = time.monotonic() + 90
        while True:
            try:
                urllib.request.urlopen(f"{self.url}/_stcore/health", timeout=1)
                return self
            except OSError:
                assert self.process.poll() is None, (self.home / "web.log").read_text()
                assert time.monotonic() < end, "the server did not answer within 90 s"
                time.sleep(0.1)

    def kill(self) -> None:
        """As if the machine had dropped it: no time to say goodbye."""
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(10)

    def stop(self) -> None:
        """Ends the server and every supervisor and worker that its store had."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(10)
            if self.process.poll() is None:
                self.process.kill()
        for process in sorted(jobs_of(self.store_url), key=lambda process: "worker" in " ".join(process.cmdline())):
            with suppress(psutil.Error):
                process.kill()


def jobs_of(store_url: str, kind: str = "nnviz.jobs") -> list[psutil.Process]:
    """The supervisor and workers of a store that run now."""
    processes = []
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            line = process.cmdline()
            if store_url in line and any(part.startswith(kind) for part in line):
                processes.append(process)
    return processes
