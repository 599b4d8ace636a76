"""Runs every benchmark, each in a process of its own so that none inherits another's memory."""

import subprocess
import sys

BENCHMARKS = ("scoring", "refresh", "imports", "start", "search", "jobs", "evidence", "market")

for name in BENCHMARKS:
    print(f"== {name}", flush=True)
    subprocess.run([sys.executable, "-m", f"bench.{name}"], check=True)
