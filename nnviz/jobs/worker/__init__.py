"""The process that does the jobs: it alone, with the engine itself, has TensorFlow loaded."""
