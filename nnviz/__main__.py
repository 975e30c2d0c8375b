import sys

try:
    from nnviz.cli import main

    main()
except KeyboardInterrupt:  # before anything had begun
    sys.exit(130)
