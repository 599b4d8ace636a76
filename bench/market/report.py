"""The measured figures as tables of docs/benchmarks.md, between marks that are found again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

Results = dict[str, Any]
"""Of one size: `stocks`, `steps` (by name a list of `Measured` as data, one a round), `pages` (by
address), `disk_mb` and `load` (`Measured` as data, or None)."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the table of jobs: which figure of which step, and the most that is promised at
    10,000 stocks (None: nothing)."""

    label: str
    figure: Callable[[Results], Sequence[float]]
    unit: str
    most: float | None = None
    least: float | None = None


def of_steps(step: str, field: str) -> Callable[[Results], list[float]]:
    """A figure of each round of a step."""
    return lambda found: [one[field] for one in found["steps"].get(step, [])]


def of_results(step: str, field: str) -> Callable[[Results], list[float]]:
    """A figure that the step itself returned, of each round."""
    return lambda found: [one["result"][field] for one in found["steps"].get(step, [])]


def rate(step: str, field: str) -> Callable[[Results], list[float]]:
    """How many of what a step returned it did in a second of CPU, in each round."""
    return lambda found: [
        one["result"][field] / one["cpu"] for one in found["steps"].get(step, []) if one["cpu"]
    ]


def each(step: str, field: str) -> Callable[[Results], list[float]]:
    """Milliseconds of CPU for each of what a step returned, in each round."""
    return lambda found: [
        1e3 * one["cpu"] / one["result"][field]
        for one in found["steps"].get(step, [])
        if one["result"][field]
    ]


LINES = (
    Line("`flask score`, read to published: CPU", of_steps("score", "cpu"), "s", most=3),
    Line("… peak memory", of_steps("score", "megabytes"), "MB", most=400),
    Line("… nothing has changed: CPU", of_steps("score again", "cpu"), "s", most=1),
    Line("… peak memory", of_steps("score again", "megabytes"), "MB"),
    Line("memory of a process that has only started", of_steps("start", "megabytes"), "MB"),
    Line("*naive: bars as objects: CPU*", of_results("naive score", "read_cpu"), "s"),
    Line("*naive: stock by stock: CPU*", of_results("naive score", "score_cpu"), "s"),
    Line("*naive: peak memory*", of_steps("naive score", "megabytes"), "MB"),
    Line("snapshot of a session: CPU", of_steps("snapshot", "cpu"), "s"),
    Line("*naive: an object a score: CPU*", of_steps("naive snapshot", "cpu"), "s"),
    Line("a day's refresh of prices: CPU of a stock", each("refresh", "stocks"), "ms"),
    Line("first refresh, stock by stock", rate("first refresh", "bars"), "bars/s", least=50_000),
    Line("*naive: an object a bar*", rate("naive write", "bars"), "bars/s"),
    Line(
        "a process that answers pages: memory", of_results("pages", "resident_mb"), "MB", most=110
    ),
    Line("disk, loaded", lambda found: [found["disk_mb"]], "MB"),
    Line("loading it: CPU", lambda found: [found["load"]["cpu"]] if found["load"] else [], "s"),
)
PROMISED_STOCKS = 10_000

P95_MS, PAGE_KB, STREAMED_MS, QUERIES = 50.0, 120.0, 300.0, 6
STREAMED = ("/stocks.csv", "/screener.csv", "/movers.csv")


def broken(results: Sequence[Results]) -> list[str]:
    """The promises that the market of 10,000 stocks did not keep, as sentences."""
    found = next((size for size in results if size["stocks"] == PROMISED_STOCKS), None)
    if found is None:
        return []
    sentences = []
    for line in LINES:
        values = line.figure(found)
        value = median(values) if values else None
        if value is None:
            continue
        if line.most is not None and value > line.most:
            sentences.append(f"{line.label}: {_number(value)} {line.unit}, {line.most} promised")
        if line.least is not None and value < line.least:
            sentences.append(f"{line.label}: {_number(value)} {line.unit}, {line.least} promised")
    for address, page in found["pages"].items():
        most = STREAMED_MS if address.startswith(STREAMED) else P95_MS
        if page["p95_ms"] > most:
            sentences.append(f"{address}: p95 {page['p95_ms']:.0f} ms, {most:.0f} promised")
        if page["bytes"] / 1e3 > PAGE_KB and "." not in address.partition("?")[0]:
            sentences.append(f"{address}: {page['bytes'] / 1e3:.0f} kB, {PAGE_KB:.0f} promised")
        if page["queries"] > QUERIES:
            sentences.append(f"{address}: {page['queries']} queries, {QUERIES} promised")
    return sentences


def tables(kind: str, machine: str, results: Sequence[Results]) -> str:
    """The whole section of one kind of database, as Markdown."""
    results = sorted(results, key=lambda found: found["stocks"])
    sizes = [f"{found['stocks']:,}" for found in results]
    rounds = max((len(steps) for found in results for steps in found["steps"].values()), default=0)
    text = [
        f"### Markets on {kind}",
        "",
        machine,
        f"Medians of {rounds} rounds, with the lowest and the highest; CPU without the start of a",
        "process. Lines in italics are what a naive program takes in the same run; it scores no",
        "market above 2,000 stocks, where it takes minutes and gigabytes.",
        "",
        *_table(["stocks", *sizes, "promised at 10,000"], (_job(line, results) for line in LINES)),
        "",
        "Pages, the page cache off: milliseconds of CPU (of the server: median, p95).",
        "",
        *_table(["page", *sizes, "first", "kB", "queries"], _pages(results)),
    ]
    return "\n".join(text) + "\n"


def _job(line: Line, results: Sequence[Results]) -> list[str]:
    promise = ""
    if line.most is not None:
        promise = f"at most {_number(line.most)}"
    elif line.least is not None:
        promise = f"at least {_number(line.least)}"
    cells = (_spread(line.figure(found)) for found in results)
    return [f"{line.label} ({line.unit})", *cells, promise]


def _pages(results: Sequence[Results]) -> Iterable[list[str]]:
    largest = results[-1]["pages"]
    shown: dict[str, list[str]] = {}
    for address, page in largest.items():
        name = f"`{address.replace('|', '%7C')}`"
        cells = [_times(found["pages"].get(address)) for found in results]
        rest = [page["first_ms"], page["bytes"] / 1e3, page["queries"]]
        shown[address] = [name, *cells, *(f"{figure:.0f}" for figure in rest)]
    return shown.values()


def _times(page: dict[str, float] | None) -> str:
    if page is None:
        return ""
    return f"{page['cpu_ms']:.0f} ({page['median_ms']:.0f}, {page['p95_ms']:.0f})"


def _spread(values: Sequence[float]) -> str:
    if not values:
        return ""
    if len(values) == 1:
        return _number(values[0])
    return f"{_number(median(values))} ({_number(min(values))}–{_number(max(values))})"


def _number(value: float) -> str:
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"


def _table(heads: Sequence[str], lines: Iterable[Sequence[str]]) -> list[str]:
    rule = ["---"] + ["---:"] * (len(heads) - 1)
    return ["| " + " | ".join(cells) + " |" for cells in (heads, rule, *lines)]


def write(path: Path, kind: str, section: str) -> None:
    """Puts a section between its marks in a document, which it makes where there is none."""
    begin, end = f"<!-- market on {kind}: begin -->", f"<!-- market on {kind}: end -->"
    text = path.read_text("utf-8") if path.exists() else "# Benchmarks\n"
    block = f"{begin}\n{section}{end}\n"
    if begin in text and end in text:
        before, rest = text.split(begin, 1)
        text = before + block + rest.split(end, 1)[1].lstrip("\n")
    else:
        text = text.rstrip("\n") + "\n\n" + block
    path.write_text(text, "utf-8")
