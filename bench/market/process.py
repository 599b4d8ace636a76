"""A step in a process of its own: `python -m bench.market.process MODULE FUNCTION URL ARGUMENTS`.

The function prepares and returns what is to be measured, so that preparing costs nothing; neither
do the start of the process and its imports. The peak of memory is of the whole process.
"""

from __future__ import annotations

import json
import logging
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from stockscore import create_app
from stockscore.config import ROOT


@dataclass(frozen=True, slots=True)
class Measured:
    """A step: CPU and wall seconds, the highest resident memory (MB), what the step returned."""

    cpu: float
    seconds: float
    megabytes: float
    result: dict[str, Any]


def run(module: str, function: str, url: str, **arguments: Any) -> Measured:
    """Runs a function of a module of this package in a fresh process. Raises `RuntimeError` with
    what it wrote where it fails."""
    command = [sys.executable, "-m", __name__, module, function, url, json.dumps(arguments)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{module}.{function} failed:\n{done.stderr}")
    return Measured(**json.loads(done.stdout.splitlines()[-1]))


def measure(module: str, function: str, **arguments: Any) -> Measured:
    """Runs a function of a module of this package in this process, in the current application."""
    prepare = getattr(import_module(f"{__package__}.{module}"), function)
    work: Callable[[], dict[str, Any]] = prepare(**arguments)
    cpu, began = time.process_time(), time.perf_counter()
    result = work()
    cpu, seconds = time.process_time() - cpu, time.perf_counter() - began
    return Measured(cpu, seconds, peak_megabytes(), result)


def peak_megabytes() -> float:
    """The highest resident memory of this process, without that of whoever started it."""
    for line in Path("/proc/self/status").read_text("ascii").splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    raise RuntimeError("the kernel does not tell the peak of memory")


def main() -> None:
    """Prints a `Measured` as JSON."""
    module, function, url, arguments = sys.argv[1:]
    logging.disable(logging.WARNING)
    app = create_app({"DATABASE_URL": url, "CACHE_ENABLED": False, "REDIS_ENABLED": False})
    with app.app_context():
        measured = measure(module, function, **json.loads(arguments))
    print(json.dumps(asdict(measured)))


if __name__ == "__main__":
    main()
