from nnviz.jobs.worker.loop import main

main()
