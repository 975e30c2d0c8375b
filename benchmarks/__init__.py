"""Measurements that take longer than a test may: each prints its figures, dated ones are kept in docs/benchmarks.md."""
