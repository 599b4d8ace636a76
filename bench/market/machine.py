"""What the figures were measured on."""

from __future__ import annotations

import os
import platform
from datetime import UTC, datetime
from pathlib import Path

from stockscore import __version__


def described() -> str:
    """A sentence for the table: processor, cores, memory, system, versions, other work, day."""
    return (
        f"{_processor()}, {os.cpu_count()} cores, {_memory_gb():.0f} GB; {platform.system()} "
        f"{platform.release()}, Python {platform.python_version()}, StockScore {__version__}; load "
        f"{os.getloadavg()[2]:.1f} over the quarter of an hour before the table was written; "
        f"{datetime.now(UTC):%Y-%m-%d}."
    )


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text("utf-8").splitlines():
        if line.startswith("model name"):
            return " ".join(line.partition(":")[2].split())
    return platform.machine()


def _memory_gb() -> float:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
