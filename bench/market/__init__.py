"""Whole markets measured: scoring, snapshots, writes of prices, every page, memory and disk.

`python -m bench.market --help`. Each size is a market of its own, made by `flask demo load`; each
step runs in a fresh process, beside what a naive program would do in the same run. The table goes
into docs/benchmarks.md.
"""
