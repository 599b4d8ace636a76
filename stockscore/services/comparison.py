"""Stocks side by side: their figures, and which is the best of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

from stockscore.scoring.fields import Field, values_of
from stockscore.scoring.formulas import Reading, Values
from stockscore.scoring.stored_score import StoredScore
from stockscore.services.market_columns import MarketColumns
from stockscore.store import stored_scores
from stockscore.store.pages import stock as store
from stockscore.store.pages.lists import StockLine


@dataclass(frozen=True)
class Compared:
    """A stock with its record, None for one that no edition has scored."""

    line: StockLine
    record: StoredScore | None

    @cached_property
    def values(self) -> Values:
        """What fields read of it; nothing of a stock that no edition has scored."""
        if self.record is None:
            return {}
        line = self.line
        changes = {f"change_{days}": change for days, change in line.changes.items()}
        points = {"score": line.total, **line.factors, **changes}
        return values_of(self.record, points, line.price, line.market_cap_base)


def find(texts: Sequence[str], market: MarketColumns | None) -> list[Compared | None]:
    """The stocks of tickers in any spelling, or of ISINs, with what the edition says of them; None
    for an unknown one."""
    details = store.by_tickers_or_isins(texts)
    ids = [detail.line.id for detail in details if detail is not None]
    scores = stored_scores.of(market.section, ids) if market else {}
    return [
        Compared(detail.line, scores.get(detail.line.id)) if detail else None for detail in details
    ]


def reading_of(field: Field, stock: Compared) -> Reading:
    """One figure of one stock; nothing is known of a stock that no edition has scored."""
    return field.read(stock.values)


def best_of(
    field: Field, stocks: Sequence[Compared], written: Callable[[Field, Reading], str]
) -> frozenset[int]:
    """The indices of the stocks with the best figure.

    `written` is how readers see a figure: stocks whose figures are written as the best one is are
    best too. Nothing is best where fewer than two figures are known, where all are written the
    same, and where neither high nor low is good. Of a metric whose best lies in the middle it is
    the figure with the highest sub-score."""
    readings = [reading_of(field, stock) for stock in stocks]
    worth = [_worth(field, reading, stock) for reading, stock in zip(readings, stocks, strict=True)]
    known = {index: value for index, value in enumerate(worth) if value is not None}
    if len(known) < 2:
        return frozenset()
    most = max(known.values())
    texts = {index: written(field, readings[index]) for index in known}
    best = {texts[index] for index, value in known.items() if value == most}
    places = frozenset(index for index in known if texts[index] in best)
    return places if len(places) < len(known) else frozenset()


def _worth(field: Field, reading: Reading, stock: Compared) -> float | None:
    """What is better the higher it is; None where a figure cannot be the best."""
    if field.higher_is_better is not None:
        sign = 1 if field.higher_is_better else -1
        return None if reading.compared is None else sign * reading.compared
    if field.metric is None or stock.record is None:
        return None
    result = stock.record.by_key.get(field.metric)
    return result.sub_score if result else None
