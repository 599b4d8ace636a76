"""A method that changes: recorded beside the published one, then published, and again with other
metrics. Every page answers, every score verifies, and every change says what the method moved."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask

from stockscore.providers.base import Listing
from stockscore.scoring.methods import METHODS
from stockscore.scoring.statements import Period, Statement
from stockscore.services import cache, scores, snapshots, verification
from stockscore.services.errors import InputError
from stockscore.store import bars, cross_sections, editions, sessions, statements, stocks
from stockscore.store.cross_sections import Section
from stockscore.store.transactions import transaction
from tests.support import pages, small_market
from tests.support.made_up_method import VERSION, made_up

DAYS = small_market.weekdays(small_market.TODAY, 12)
"""The sessions of this story, each with an edition and a snapshot."""

LENDERS = ("LEND", "LOAN")
"""Two companies that 1.1 takes for financial ones and 1.0 does not, because their balance sheets
tell no current assets apart; a source quotes a growth of theirs that 1.1 does not believe."""

NAMED = (
    *("earnings_yield", "roic", "net_margin", "cash_conversion"),
    *("return_12_1", "volume_trend", "debt_to_equity", "altman_z2"),
)
"""Metrics that pages name beside the table of the method."""

_AT_TIMES = pages.QUESTIONS | {
    "/stocks/<path:ticker>": tuple(f"/stocks/{ticker}" for ticker in ("T11", "T05", "LEND")),
    "/methodology": ("/methodology", "/methodology?version=1.0", "/methodology?version=1.1"),
    "/compare": ("/compare?t=T01&t=LEND", "/compare?t=T05&t=T11"),
}
QUESTIONS = {
    path: tuple(question.replace("as_of=2026-11-19", f"as_of={DAYS[0]}") for question in questions)
    for path, questions in _AT_TIMES.items()
}
"""What is asked of each page; past days are the first of this story."""


class Story:
    """A market that lives from session to session under changing settings.

    Services run in an application's context of their own, and readers in none: two requests in one
    context would share what a request remembers.
    """

    def __init__(self, app: Flask) -> None:
        self.app = app
        app.config["METHOD"] = "1.0"
        self.browser = app.test_client()
        self.sessions: list = []
        with app.app_context():
            self.ids = small_market.save(last=DAYS[0])
            with transaction():
                sessions.save(small_market.trading_days(small_market.TODAY + timedelta(days=7)))
                self._lend(*LENDERS)

    def _lend(self, *tickers: str) -> None:
        """Lenders: the companies of two others, without what their sheets do not tell."""
        long_ago = small_market.NOW - timedelta(days=900)
        for number, ticker in enumerate(tickers, start=4):
            listing = Listing(
                ticker, f"{ticker} Corp", "XNYS", "USD", "Financial Services", "Credit Services"
            )
            stocks.save_listings([listing], "test", long_ago)
            self.ids[ticker] = stock_id = stocks.find(ticker).id
            for quarter in small_market.quarters(number, count=6):
                known = {k: v for k, v in quarter.figures.items() if not k.startswith("current_")}
                statements.save(stock_id, [_with(quarter, known)])
            quoted = {"eps_growth": 0.4, "revenue_growth": 0.3}
            asked = datetime(DAYS[0].year, DAYS[0].month, 1, tzinfo=UTC)
            statements.save(
                stock_id,
                [Statement(Period.TRAILING, asked.date(), asked, "USD", "test", quoted)],
            )
            days = [day.session for day in small_market.trading_days(DAYS[0])]
            bars.save(stock_id, small_market.price_bars(number, days), "test")

    def live(self, days: int, **settings: str) -> None:
        """The next sessions under these settings: new prices, an edition, and its snapshot."""
        self.app.config.update(settings)
        with self.app.app_context():
            self._live(days)

    def _live(self, days: int) -> None:
        for _ in range(days):
            day = DAYS[len(self.sessions)]
            now = datetime(day.year, day.month, day.day, 22, tzinfo=UTC)
            before = small_market.weekdays(day, small_market.SESSIONS + len(self.sessions))
            with transaction():
                for number, stock_id in enumerate(self.ids.values()):
                    newest = small_market.price_bars(number % 12, before)[-1]
                    bars.save(stock_id, [newest], "test")
            self.app.config["CLOCK"] = lambda now=now: now
            assert scores.publish(now).edition
            assert snapshots.take("XNYS", now, day).stocks == len(self.ids)
            self.sessions.append(day)

    @property
    def method(self) -> str:
        """The version by which the newest edition is published."""
        with self.app.app_context():
            return editions.latest().method

    def recorded(self, session: date | None = None, version: str | None = None) -> Section | None:
        """What was recorded at a session (None: what the newest edition says), or what another
        version said then."""
        with self.app.app_context():
            if session is None:
                section = cross_sections.of_edition(editions.latest().id, version)
            else:
                section = cross_sections.of_session("XNYS", session, version)
            if section is not None:
                section.column("total")
            return section

    def keys(self, session: date, version: str) -> set[str]:
        """The columns of what a version said at a session."""
        with self.app.app_context():
            return set(cross_sections.of_session("XNYS", session, version).all_columns())

    def total(self, ticker: str, version: str) -> int:
        """What the newest edition says of a stock by a version, in hundredths."""
        section = self.recorded(version=version)
        return section.column("total")[section.index_of(self.ids[ticker])]

    def get(self, address: str):
        answer = self.browser.get(address)
        assert answer.status_code == 200, f"{address}: {answer.text[:2000]}"
        return answer


def _with(statement: Statement, figures: dict) -> Statement:
    return Statement(
        statement.period,
        statement.period_end,
        statement.known_at,
        statement.currency,
        statement.source,
        figures,
    )


pytestmark = pytest.mark.slow


@pytest.fixture
def story(app) -> Story:
    return Story(app)


def every_page_answers(story: Story) -> None:
    """Each declared page of the market in each of its formats, under questions that show its
    states."""
    for page in pages.DECLARED:
        if not page.family or "patterns" in page.path:
            continue
        for question in QUESTIONS.get(page.path, (page.path,)):
            path, _, query = question.partition("?")
            for suffix in page.formats:
                ending = "" if suffix == "html" else f".{suffix}"
                story.get(f"{path}{ending}" + (f"?{query}" if query else ""))


def every_score_verifies(story: Story, first: int = 0) -> None:
    """Now and at each session from the `first` on, by the method that made it."""
    with story.app.app_context():
        for session in (None, *story.sessions[first:]):
            method = story.recorded(session).method
            found = verification.verify_all(session)
            assert {score.ticker for score in found} == story.ids.keys()
            for score in found:
                assert score.agrees, (session, score)
                assert score.method == method


def moves(story: Story, days: int) -> dict[str, dict]:
    """All movers over so many days, by ticker."""
    answer = story.get(f"/movers.json?days={days}").json
    return {item["ticker"]: item for item in answer["gainers"] + answer["losers"]}


def parts_sum_to_changes(story: Story) -> None:
    for days in (1, 7):
        for item in moves(story, days).values():
            assert item["why"], item
            assert round(sum(item["parts"].values()), 2) == pytest.approx(item["change"])


def steps_are_explained(story: Story) -> None:
    for ticker in story.ids:
        for step in story.get(f"/stocks/{ticker}.json").json["steps"]:
            assert step["why"], (ticker, step)
            assert round(sum(step["parts"].values()), 2) == pytest.approx(step["change"])


def all_is_well(story: Story) -> None:
    every_page_answers(story)
    every_score_verifies(story, first=len(story.sessions) - 1)
    parts_sum_to_changes(story)
    steps_are_explained(story)


def what_the_method_moved(story: Story, days: int) -> dict[str, float]:
    return {ticker: item["parts"]["method"] for ticker, item in moves(story, days).items()}


def test_a_method_is_recorded_published_and_changed_and_all_stays_explained(
    story, monkeypatch
) -> None:
    story.live(3)
    assert (story.method, story.recorded(version="1.1")) == ("1.0", None)
    all_is_well(story)

    story.live(2, METHOD_SHADOW="1.1")
    for session in (None, *story.sessions[3:]):
        published, shadow = story.recorded(session), story.recorded(session, "1.1")
        assert (published.method, published.published) == ("1.0", True)
        assert (shadow.method, shadow.published) == ("1.1", False)
    assert not any(what_the_method_moved(story, 1).values()), "a shadow moves nothing"
    assert story.get("/stocks/LEND.json").json["kind"] == "general"
    all_is_well(story)

    story.live(1, METHOD="1.1", METHOD_SHADOW="")
    assert story.method == "1.1"
    assert story.get("/stocks/LEND.json").json["kind"] == "financial"
    moved = what_the_method_moved(story, 1)
    for ticker in LENDERS:
        by_method = story.total(ticker, "1.1") - story.total(ticker, "1.0")
        assert moved[ticker] == by_method / 100 != 0
    all_is_well(story)

    monkeypatch.setitem(METHODS, VERSION, made_up())
    story.live(2, METHOD_SHADOW=VERSION)
    keys = story.keys(story.sessions[-1], VERSION)
    assert {"cash_and_earnings_yield.points", "return_3_1.value"} <= keys
    assert "volume_trend.points" not in keys
    all_is_well(story)

    story.live(2, METHOD=VERSION, METHOD_SHADOW="")
    assert story.method == VERSION
    shown = story.get("/stocks/T11.json").json["score"]["factors"]
    keys = {metric["key"] for factor in shown.values() for metric in factor["metrics"]}
    assert {"cash_and_earnings_yield", "return_3_1"} <= keys
    assert "volume_trend" not in keys
    assert not any(what_the_method_moved(story, 1).values()), "both days are of one method"
    for ticker, part in what_the_method_moved(story, 7).items():
        by_method = story.total(ticker, VERSION) - story.total(ticker, "1.0")
        assert part == by_method / 100, ticker
    all_is_well(story)
    every_score_verifies(story)


def test_pages_do_without_any_metric_that_the_method_lacks(story, monkeypatch) -> None:
    story.live(1)
    monkeypatch.setitem(METHODS, VERSION, made_up(without=NAMED))
    story.live(2, METHOD=VERSION)
    every_page_answers(story)
    for key in NAMED:
        found = story.get(f"/screener.json?{key}_min=-0.9&sort={key}").json
        assert found["total"] == 0, "what is unknown meets no bound"
    compared = story.get("/compare?t=T01&t=T11").text
    assert "Net margin" not in compared
    assert "Return on equity" in compared


def test_what_a_newer_program_recorded_is_shown_without_being_explained(story, monkeypatch) -> None:
    with monkeypatch.context() as newer:
        newer.setitem(METHODS, VERSION, made_up())
        story.live(2, METHOD=VERSION)
        told = story.get("/movers.json").json["gainers"]
        assert all(item["why"] for item in told)
    story.app.config["METHOD"] = "1.1"
    with story.app.app_context(), pytest.raises(InputError, match=r"made by method 1\.2, which"):
        verification.verify("T05")
    with story.app.app_context():
        cache.clear(story.app.config["CLOCK"]())
    every_page_answers(story)
    story.live(1)
    every_page_answers(story)
    assert story.method == "1.1"
