"""The benchmark of markets works: every step, the naive programs beside them, and the tables."""

from __future__ import annotations

from bench.market import process, report
from bench.market.__main__ import SHORT, measure
from stockscore.services import calendars, scores
from tests.support import small_market


def test_every_step_runs_and_every_line_has_a_figure(app_on, database_url) -> None:
    app = app_on(database_url, CACHE_ENABLED=False)

    def run(module, function, _url, **arguments):
        with app.app_context():
            return process.measure(module, function, **arguments)

    with app.app_context():
        small_market.save()
        calendars.sync(["XNYS"], small_market.NOW)
        scores.publish(small_market.NOW)
    found = measure(database_url, SHORT, run) | {"disk_mb": 1.0}
    assert found["stocks"] == len(small_market.TICKERS)
    assert found["steps"]["snapshot"][0]["result"]["stocks"] == len(small_market.TICKERS)
    for line in report.LINES:
        assert line.figure(found) or line.label.startswith("loading"), line.label
    for address in ("/", "/movers.csv", "/stocks/T00.json", "/screener?strategy=value-gems"):
        assert found["pages"][address]["median_ms"] > 0


def results(stocks: int, cpu: float, milliseconds: float) -> report.Results:
    """Made-up figures of one size."""
    step = {"cpu": cpu, "seconds": cpu, "megabytes": 300.0, "result": {}}
    page = dict.fromkeys(("first_ms", "median_ms", "p95_ms", "cpu_ms"), milliseconds)
    page |= {"bytes": 50_000, "queries": 5}
    steps = {"score": [step | {"cpu": cpu * factor} for factor in (1, 2, 3)]}
    return {"stocks": stocks, "steps": steps, "pages": {"/a": page}, "disk_mb": 1, "load": None}


def test_a_table_has_a_column_a_size_with_the_spread() -> None:
    text = report.tables("SQLite", "A machine.", [results(500, 0.5, 5), results(10_000, 1.2, 40)])
    assert "| stocks | 500 | 10,000 | promised at 10,000 |" in text
    assert "| 1.00 (0.50–1.50) | 2.40 (1.20–3.60) | at most 3.00 |" in text
    assert "| `/a` | 5 (5, 5) | 40 (40, 40) | 40 | 50 | 5 |" in text


def test_only_the_market_of_ten_thousand_can_break_a_promise() -> None:
    assert report.broken([results(500, 9, 900)]) == []
    assert report.broken([results(10_000, 1, 40)]) == []
    score, page = report.broken([results(10_000, 9, 900)])
    assert "18.0 s, 3 promised" in score
    assert page == "/a: p95 900 ms, 50 promised"


def test_a_section_replaces_the_one_before_and_nothing_else(tmp_path) -> None:
    document = tmp_path / "benchmarks.md"
    document.write_text("# Benchmarks\n\nBy hand.\n")
    report.write(document, "SQLite", "first\n")
    report.write(document, "PostgreSQL", "other\n")
    report.write(document, "SQLite", "second\n")
    text = document.read_text()
    assert text.startswith("# Benchmarks\n\nBy hand.\n")
    assert "first" not in text
    assert text.index("second") < text.index("other")
