from nnviz.jobs.worker import courtesy

courtesy.begin()

from nnviz.jobs.worker.loop import main  # noqa: E402 - loading TensorFlow is what the others go before

main()
