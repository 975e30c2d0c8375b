"""Files of users are read in processes of their own, with limits of time and memory: a file that costs minutes or gigabytes,
or crashes a library, ends such a process and nothing else.

`server.py` is a process that has pandas and Arrow loaded and no TensorFlow; for each file it forks a child, which has them
loaded, too. `client.py` asks for a child and watches over it, `work.py` is what a child can do, `transfer.py` brings arrays and
open files across without copying them through a pipe, `limits.py` says how much a file of a size may cost. Only the worker
imports this package; start reading at `client.Reader.run`.
"""

from nnviz.jobs.worker.reader.client import Cancelled, Reader, limits_for, reader, start_forked, use_limits, within_limits
from nnviz.jobs.worker.reader.limits import Limits, for_command_line, for_dashboard

__all__ = [
    "Cancelled",
    "Limits",
    "Reader",
    "for_command_line",
    "for_dashboard",
    "limits_for",
    "reader",
    "start_forked",
    "use_limits",
    "within_limits",
]
