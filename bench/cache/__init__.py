"""The page cache under load: throughput, latency, clearing, storms and accidents.

`make bench-cache`, or `python -m bench.cache [ROW…]` for some of the parts. Ratios are of one run,
because machines differ; a row says whether what it promises was met.
"""
