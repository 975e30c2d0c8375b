from nnviz.jobs.worker import cpu_priority

cpu_priority.begin()

from nnviz.jobs.worker import reader  # noqa: E402 - loading is what the others go before

# before TensorFlow: a process without it, and with one thread, can be forked
reader.start_forked()

from nnviz.jobs.worker.loop import main  # noqa: E402

main()
