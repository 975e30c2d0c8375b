"""Whether a dashboard's worker gives what this process would give, so that the command line may have it do the work.

`why_not` compares, for every worker that lives and could take the job:

- the store's URL, the host, a supervisor that holds its lock (none is ever started from here), a worker that is idle or prepares
  a network, which takes a moment;
- the tuning of XLA that the run's bits follow from; a single worker compiles everything as `quick`, so none but such a run;
- who it runs as (user, group) and which files it sees (the system's mount namespace): paths mean and allow the same;
- `home()`, with it the folder of custom components, and NNVIZ_DATA_DIR. A worker that has read other components than lie
  there now takes no job (see `worker/loop.py`), so equal folders are equal components;
- the variables of `SAME` and those that begin with one of `PREFIXES`, as the processes were started: bounds and ways of reading,
  flags and threads of TensorFlow, XLA, Keras, CUDA and BLAS, the time zone. TF_CPP_MIN_LOG_LEVEL is one of them: who wants
  TensorFlow's messages gets them in his own terminal;
- the Python and the checkout or installation of nnviz, no file of which (nor TensorFlow, Keras, NumPy, pandas or Arrow) may be
  newer than the worker.

Not compared: what is different without another result, such as the priority of the process or the umask. What the caller is to
own (the file of predictions) the caller writes. The limits of reading are the command line's, see `data_files.is_owners`.
"""

import os
import socket
import sys
from pathlib import Path

import psutil

import nnviz
from nnviz.jobs.launcher import has_supervisor
from nnviz.spec import Tuning
from nnviz.store import Store, Worker, home

ALIVE_SECONDS = 10.0
SAME = ("NNVIZ_LARGE_MB", "NNVIZ_MAX_UPLOAD_MB", "NNVIZ_READ_MB", "NNVIZ_READ_SECONDS", "TZ", "LD_PRELOAD")
PREFIXES = ("TF_", "XLA_", "KERAS_", "CUDA_", "NVIDIA_", "OMP_", "KMP_", "MKL_", "OPENBLAS_", "ONEDNN_", "DNNL_")
_BY_LIBRARIES = {"TF_CPP_MIN_LOG_LEVEL": "3", "KMP_DUPLICATE_LIB_OK": "True", "KMP_INIT_AT_FORK": "FALSE"}
"""What our engine and scikit-learn set where nothing is set: workers may have it from whoever started their supervisor."""
_LIBRARIES = ("tensorflow", "keras", "numpy", "pandas", "pyarrow")


def why_not(store: Store, needs: Tuning, *, idle: bool = True) -> str:
    """Why no worker can be asked for a job that needs this tuning, in words; empty where one can. `idle`: whether one must be
    free now."""
    if store.db.is_read_only:
        return "the store can only be read here"
    known = [worker for worker in store.workers.list_workers() if worker.age < ALIVE_SECONDS]
    if not known or not has_supervisor(store.url):
        return "no dashboard runs with this store and folder"
    able = [worker for worker in known if not needs or worker.tuning in ("", needs)]
    if not able or (idle and not any(worker.state == "idle" or is_preparing(store, worker) for worker in able)):
        return "its workers are busy, or still starting"
    if needs == "strong" and any(not worker.tuning for worker in able):
        return "its one worker compiles such a network in another way"
    return next(filter(None, map(_other, able)), "")


def is_preparing(store: Store, worker: Worker) -> bool:
    """Whether a worker prepares a network or looks at a run that has ended: it is free in a moment."""
    job = store.jobs.get(worker.job) if worker.job is not None else None
    return job is not None and job.kind in ("prepare", "doctor") and job.status == "running"


def _other(worker: Worker) -> str:
    """What makes a worker give other results than this process, in words; empty where nothing does, or it is no more."""
    if worker.host != socket.gethostname():
        return "a worker of another computer could take it"
    try:
        process = psutil.Process(worker.pid)
        with process.oneshot():
            theirs, folder, command, born = process.environ(), Path(process.cwd()), process.cmdline(), process.create_time()
            who = process.uids().effective, process.gids().effective
    except psutil.NoSuchProcess:
        return ""
    except (psutil.Error, OSError):
        return "its workers cannot be looked at from here"
    if who != (os.geteuid(), os.getegid()) or _sees(worker.pid) != _sees(os.getpid()):
        return "its workers run as somebody else, or see other files"
    if _place(folder, theirs.get("NNVIZ_HOME") or ".nnviz") != home().resolve():
        return "its workers have another NNVIZ_HOME"
    ours = started_with()
    shared = [_place(start, named.get("NNVIZ_DATA_DIR")) for start, named in ((folder, theirs), (Path.cwd(), ours))]
    if shared[0] != shared[1]:
        return "its workers have another NNVIZ_DATA_DIR"
    for name in sorted({*theirs, *ours}):
        usual = _BY_LIBRARIES.get(name, "")
        if (name in SAME or name.startswith(PREFIXES)) and theirs.get(name, usual) != ours.get(name, usual):
            return f"its workers have another {name}"
    root = Path(nnviz.__file__).resolve().parent.parent
    if Path(command[0]).parent.absolute() != Path(sys.executable).parent.absolute() or _root(folder, theirs) != root:
        return "its workers are of another installation of nnviz"
    if _newest(root) > born:
        return "nnviz has changed since its workers started: start the dashboard again"
    return ""


def started_with() -> dict[str, str]:
    """This process's environment as it was at its start, as the workers' is looked at: libraries that are loaded add to it."""
    return psutil.Process().environ()


def _sees(pid: int) -> str:
    try:
        return os.readlink(f"/proc/{pid}/ns/mnt")
    except OSError:
        return ""


def _place(start: Path, named: str | None) -> Path | None:
    return (start / named).resolve() if named else None


def _root(folder: Path, environment: dict[str, str]) -> Path:
    """Where `python -m nnviz...`, started in a folder, has nnviz from; as this process where it is installed."""
    paths = environment.get("PYTHONPATH", "").split(os.pathsep)
    candidates = (folder / path for path in ("", *filter(None, paths)) if (folder / path / "nnviz" / "__init__.py").is_file())
    return next((path.resolve() for path in candidates), Path(nnviz.__file__).resolve().parent.parent)


def _newest(root: Path) -> float:
    """When the youngest of the files that work is done with was changed, in seconds since 1970."""
    libraries = Path(psutil.__file__).parent.parent
    files = [*(root / "nnviz").rglob("*.py"), *(libraries / name / "__init__.py" for name in _LIBRARIES)]
    return max(file.stat().st_mtime for file in files if file.exists())
