"""What the page of a stock is made from: reads all of it in one place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from stockscore.scoring import method
from stockscore.scoring.assemble import Reported, assemble
from stockscore.scoring.methods import default_method, method_of
from stockscore.scoring.statements import Statement
from stockscore.scoring.stored_score import StoredScore
from stockscore.scoring.why import Why
from stockscore.services import market_columns, score_moves, score_steps
from stockscore.services.sector_comparison import SectorComparison, standing
from stockscore.store import statements, stored_scores
from stockscore.store.cross_sections import Section
from stockscore.store.pages import market
from stockscore.store.pages import stock as store
from stockscore.store.pages.lists import StockLine
from stockscore.store.pages.market import QuarantinedValue
from stockscore.store.pages.stock import (
    Action,
    Attempt,
    BarRow,
    HistoryScore,
    StockDetail,
    Traded,
)
from stockscore.web.pages.stock import checks, prices
from stockscore.web.pages.stock.edition_figures import day_of
from stockscore.web.ui.market_strip import Moment

PEERS = 5

QUARANTINED_SHOWN = 5


@dataclass(frozen=True, slots=True)
class LastPrice:
    """A price with its change against the close before (a fraction), its session, and the moment
    that it is of where that is known."""

    price: float | None
    change: float | None
    session: date | None
    as_of: datetime | None


@dataclass(frozen=True, slots=True)
class StockData:
    """Everything that the page of one stock is made from.

    `record` is None for a stock that is not scored yet. `span` is the range of the chart (a key of
    `prices.RANGES`), `history` holds the daily snapshots, oldest first, and `whys` say by day why
    the larger steps of it happened. `splits` are (session, new shares for one old)."""

    detail: StockDetail
    record: StoredScore | None
    bars: Sequence[BarRow]
    splits: Sequence[tuple[date, float]]
    history: Sequence[HistoryScore]
    whys: Mapping[date, Why]
    statements: Sequence[Statement]
    reported: Reported
    attempts: Sequence[Attempt]
    quarantined: Sequence[QuarantinedValue]
    peers: Sequence[tuple[StockLine, StoredScore]]
    standing: SectorComparison | None
    actions: Sequence[Action]
    years: Sequence[Traded]
    span: str

    @property
    def price(self) -> LastPrice:
        """The price that the score was made from; of a stock without a score its last bar's."""
        line = self.detail.line
        if self.record is not None or not self.bars:
            return LastPrice(line.price, line.price_change, line.price_session, line.price_as_of)
        newest = prices.stretch(self.bars)
        return LastPrice(newest.raw[-1], prices.last_change(newest), newest.days[-1], None)

    @property
    def price_source(self) -> str:
        """Where the last price comes from."""
        return self.bars[-1].source if self.bars else self.detail.line.source

    def checks(self) -> checks.Computed:
        """The published checks, on the inputs that the score was made from."""
        inputs = self.record.inputs if self.record else {}
        kind = self.detail.line.kind or method.GENERAL
        return checks.compute(self.statements, self.splits, inputs, self.reported, kind)


def read(detail: StockDetail, moment: Moment, span: str) -> StockData:
    """Reads the page of a stock, with the chart over `span`."""
    stock_id, edition = detail.line.id, moment.edition
    record_of_prices = store.prices(stock_id, prices.bars_to_read(span))
    splits = record_of_prices.splits
    # What the edition was made from, and not what came in since.
    known = statements.known(stock_id, edition.known_at if edition else None)
    since = (edition.published_at if edition else moment.now).date() - score_moves.SPAN
    history = store.history(stock_id, since)
    market_of_edition = market_columns.of_edition(edition) if detail.edition_id else None
    section = market_of_edition.section if market_of_edition else None
    record = stored_scores.of(section, [stock_id]).get(stock_id) if section else None
    points = score_moves.score_points(history, detail.line, day_of(moment))
    larger = score_moves.largest_steps(points)
    return StockData(
        detail=detail,
        record=record,
        bars=record_of_prices.bars,
        splits=splits,
        history=history,
        whys=score_steps.whys(history, detail.line, record, edition, larger, splits, known)
        if history
        else {},
        statements=known,
        reported=_reported(known, splits, record, day_of(moment)),
        attempts=store.attempts(stock_id),
        quarantined=market.quarantined(QUARANTINED_SHOWN, stock_id)[0],
        peers=_peers(detail.line, section) if section and record else [],
        standing=standing(detail.line, market_of_edition) if market_of_edition else None,
        actions=record_of_prices.actions,
        years=record_of_prices.years,
        span=span,
    )


def _reported(
    known: Sequence[Statement],
    splits: Sequence[tuple[date, float]],
    record: StoredScore | None,
    day: date,
) -> Reported:
    """What is reported, as the method saw it that made the score, on the day of its prices."""
    method_then = method_of(record.method) if record else default_method()
    return assemble(known, splits).on(day).with_growth(quoted=method_then.quoted_growth)


def _peers(line: StockLine, section: Section) -> list[tuple[StockLine, StoredScore]]:
    """The peers of a stock with what the edition says of them."""
    found = store.peers(line, PEERS)
    records = stored_scores.of(section, [peer.id for peer in found])
    return [(peer, records[peer.id]) for peer in found if peer.id in records]
