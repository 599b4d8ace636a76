"""Load from this machine: `wrk` where it is installed, else a few processes of Python."""

from __future__ import annotations

import http.client
import multiprocessing
import re
import shutil
import subprocess
import time
from dataclasses import dataclass

UNITS = {"us": 1e-6, "ms": 1e-3, "s": 1.0}


@dataclass(frozen=True, slots=True)
class Measured:
    """Requests a second, the 99th percentile of their seconds, and answers other than 2xx/3xx."""

    rate: float
    p99: float
    errors: int


def measure(
    port: int, path: str, connections: int, seconds: int, headers: dict[str, str] | None = None
) -> Measured:
    """Reads one page over some connections for some seconds."""
    if shutil.which("wrk"):
        return _with_wrk(f"http://127.0.0.1:{port}{path}", connections, seconds, headers or {})
    return _with_python(port, path, connections, seconds, headers or {})


def _with_wrk(url: str, connections: int, seconds: int, headers: dict[str, str]) -> Measured:
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--latency"]
    for name, value in headers.items():
        command += ["-H", f"{name}: {value}"]
    said = subprocess.run([*command, url], capture_output=True, text=True, check=True).stdout
    rate = re.search(r"Requests/sec:\s+([\d.]+)", said)
    p99 = re.search(r"99%\s+([\d.]+)(us|ms|s)", said)
    wrong = re.search(r"Non-2xx or 3xx responses: (\d+)", said)
    broken = re.search(
        r"Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)", said
    )
    if not (rate and p99):
        raise RuntimeError(said)
    errors = int(wrong[1]) if wrong else 0
    errors += sum(map(int, broken.groups())) if broken else 0
    return Measured(float(rate[1]), float(p99[1]) * UNITS[p99[2]], errors)


def _with_python(
    port: int, path: str, connections: int, seconds: int, headers: dict[str, str]
) -> Measured:
    with multiprocessing.Pool(connections) as pool:
        parts = pool.starmap(_read, [(port, path, seconds, headers)] * connections)
    times = sorted(seconds for part, _ in parts for seconds in part)
    return Measured(
        len(times) / seconds, times[int(len(times) * 0.99)], sum(wrong for _, wrong in parts)
    )


def _read(port: int, path: str, seconds: int, headers: dict[str, str]) -> tuple[list[float], int]:
    connection = http.client.HTTPConnection("127.0.0.1", port)
    times, errors, last = [], 0, time.monotonic() + seconds
    while (began := time.monotonic()) < last:
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        answer.read()
        errors += answer.status >= 400
        times.append(time.monotonic() - began)
    return times, errors
