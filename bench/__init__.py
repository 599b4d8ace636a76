"""Benchmarks, run by hand and never by the tests: `make bench`, or `python -m bench.NAME`."""
