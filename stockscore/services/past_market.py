"""The market as it was recorded on a past day: what was said then, by the method of then, with the
prices of then. Nothing that became known later is in it."""

from __future__ import annotations

import math
import threading
from array import array
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import cached_property, partial
from statistics import median

from flask import current_app

from stockscore.extensions import db
from stockscore.scoring.currency import major_unit
from stockscore.scoring.explain import not_rated_sentence
from stockscore.scoring.method import CHANGE_DAYS, FACTORS, KINDS
from stockscore.scoring.methods import METHODS
from stockscore.scoring.signals import SIGNALS
from stockscore.scoring.stored_score import VALUE, StoredScore, key_of
from stockscore.services import ranks
from stockscore.services.market_columns import MarketColumns
from stockscore.services.past_days import BeforeRecordError, RecordedDay
from stockscore.services.score_inputs import values_in
from stockscore.services.stock_lists import Order, StockLists
from stockscore.store import cross_sections, fx, past_sections, stored_scores
from stockscore.store.columns import MISSING, known
from stockscore.store.cross_sections import Column, Section
from stockscore.store.pages import past, search
from stockscore.store.pages.lists import Filter, NamedStock, StockLine
from stockscore.store.pages.past import Listed
from stockscore.store.past_sections import PastSection

LAST_DAYS = timedelta(days=14)
"""What an exchange said longer ago than its longest holidays is not what it says of a day."""


class PastMarket(MarketColumns):
    """What was recorded of every stock on a day. `day` is that session; of each exchange its last
    session on or before it counts (`sessions`)."""

    def __init__(self, day: RecordedDay, sections: Sequence[Section]) -> None:
        super().__init__(past_sections.joined(sections, self._made))
        self.day = day
        self.parts = self.past.parts
        self._medians: dict[str | None, dict[str, float | None]] = {}

    @property
    def past(self) -> PastSection:
        """The cross-sections as one."""
        if not isinstance(self.section, PastSection):
            raise TypeError("a past market is made of past sections")
        return self.section

    @property
    def sessions(self) -> dict[str, date]:
        """The session that counts of each exchange."""
        return {
            part.exchange: part.session for part in self.parts if part.exchange and part.session
        }

    @property
    def methods(self) -> list[str]:
        """The versions of the method that were in use."""
        return sorted({part.method for part in self.parts})

    @cached_property
    def listed(self) -> dict[int, Listed]:
        """What is known of these stocks for all time."""
        return past.listed(self.section.stock_ids)

    @property
    def simulated(self) -> bool:
        """Whether any of it is of the simulated market."""
        return any(stock.source == "demo" for stock in self.listed.values())

    @property
    def rated(self) -> int:
        """How many stocks were rated."""
        return len(self.by_rank)

    def medians(self, sector: str | None) -> dict[str, float | None]:
        """The medians of the metrics in a sector (None: of the whole market), as far as any stock
        has them."""
        if sector not in self._medians:
            places = self._in(sector)
            found: dict[str, float | None] = {}
            for method in (METHODS[name] for name in self.methods if name in METHODS):
                for metric in method.metrics:
                    column = self.section.column(key_of(metric.key, VALUE)) or ()
                    values = [column[place] for place in places if column]
                    kept = [value for value in values if value == value]
                    found[metric.key] = median(kept) if kept else None
            self._medians[sector] = found
        return self._medians[sector]

    def factor_medians(self, sector: str | None) -> dict[str, int | None]:
        """The medians of the factors in a sector (None: of the whole market), in hundredths."""
        return {factor: self.factor_median(factor, sector) for factor in FACTORS}

    def factor_median(self, key: str, sector: str | None) -> int | None:
        """The median of a factor, or of the total, in hundredths."""
        column = self.whole(key)
        kept = [column[place] for place in self._in(sector) if column[place] >= 0]
        return round(median(kept)) if kept else None

    def _in(self, sector: str | None) -> Sequence[int]:
        """The places of the stocks of a sector, of all where it is None."""
        words = self.section.words("sector")
        return [place for place, word in enumerate(words) if sector in (None, word)]

    def choices(self) -> dict[str, tuple[str, ...]]:
        """The sectors and exchanges that stocks had, in alphabetical order."""
        return {"sectors": self._used("sector"), "exchanges": self._used("exchange")}

    def _used(self, key: str) -> tuple[str, ...]:
        codes, words = set(self.whole(key)), self.section.labels.get(key, ())
        return tuple(word for code, word in enumerate(words) if code in codes)

    def scores(self, ids: Sequence[int]) -> dict[int, StoredScore]:
        """What was said of these stocks, each by the method that said it."""
        found: dict[int, StoredScore] = {}
        for part in reversed(self.parts):
            found |= stored_scores.of(part, ids)
        return found

    def _made(self, _section: PastSection) -> Mapping[str, Callable[[], Column]]:
        made: dict[str, Callable[[], Column]] = {
            "ticker_order": lambda: self._order(lambda stock: stock.ticker),
            "name_order": lambda: self._order(lambda stock: stock.name),
            "rank": self._ranks,
            "market_cap_base": self._market_values,
            **{f"change_{days}": partial(self._changes, days) for days in CHANGE_DAYS},
        }
        keys = {metric.key for method in METHODS.values() for metric in method.metrics}
        return made | {key_of(key, VALUE): partial(self._values, key) for key in keys}

    def _order(self, text: Callable[[Listed], str]) -> Column:
        texts = [text(self.listed[stock_id]) for stock_id in self.section.stock_ids]
        places = {found: place for place, found in enumerate(sorted(set(texts)))}
        return array("i", [places[found] for found in texts])

    def _ranks(self) -> Column:
        """As recorded; counted anew where exchanges were last recorded on different days."""
        recorded = self._joined("rank")
        if ranks.are_of_one_day(self.sessions.values()):
            return recorded
        total, by_ticker = self.whole("total"), self.by_ticker
        anew = ranks.counted({place: total[place] for place in by_ticker if total[place] >= 0})
        return array("i", [anew.get(place, MISSING) for place in range(len(self.section))])

    def _joined(self, key: str) -> Column:
        columns = [part.column(key) for part in self.parts]
        return array(
            "i",
            [
                MISSING if (column := columns[part]) is None else column[index]
                for part, index in self.past.places
            ],
        )

    def _values(self, key: str) -> Column:
        """The ratio of a metric, which is not kept where it follows from the inputs."""
        of_parts = []
        for part in self.parts:
            method = METHODS.get(part.method)
            metric = method.by_key.get(key) if method else None
            of_parts.append(values_in(part, metric) if metric else [None] * len(part))
        found = (of_parts[part][index] for part, index in self.past.places)
        return array("d", [math.nan if value is None else value for value in found])

    def _changes(self, days: int) -> Column:
        """What the total had changed by since the last session so many days before."""
        before: dict[int, int] = {}
        sections = cross_sections.newest_on_or_before(self.day.session - timedelta(days=days))
        for section in sorted(sections, key=lambda found: found.session or date.min):
            total = section.column("total")
            if total is not None:
                before |= dict(zip(section.stock_ids, total, strict=True))
        now = self.whole("total")
        then = (before.get(stock_id, MISSING) for stock_id in self.section.stock_ids)
        pairs = zip(now, then, strict=True)
        return array("d", [a - b if a >= 0 and b >= 0 else math.nan for a, b in pairs])

    def _market_values(self) -> Column:
        """Market values in the base currency, at the rate of the session."""
        base, rates = current_app.config["BASE_CURRENCY"], {}
        known_on, values = self.section.known_at.date(), self.section.column("market_cap")
        found = []
        for place, stock_id in enumerate(self.section.stock_ids):
            stock = self.listed[stock_id]
            code = major_unit(stock.financial_currency or stock.currency)[0]
            if code not in rates:
                rates[code] = fx.rate(code, base, self.day.session, known_on)
            rate = rates[code]
            found.append(math.nan if rate is None or values is None else values[place] * rate)
        return array("d", found)

    def lines(self, ids: Sequence[int]) -> list[StockLine]:
        """What lists show of these stocks, in the order of the ids."""
        places = [
            place for stock_id in ids if (place := self.section.index_of(stock_id)) is not None
        ]
        priced = self.whole("price_session")
        days = {place: date.fromordinal(priced[place]) for place in places if priced[place] > 0}
        exchanges = self.section.words("exchange")
        closed = past.closes_at((exchanges[place] or "", day) for place, day in days.items())
        unrated = [self.id_at(place) for place in places if self.whole("total")[place] < 0]
        scores = self.scores(unrated)
        return [self._line(place, days.get(place), closed, scores) for place in places]

    def _line(
        self,
        place: int,
        priced: date | None,
        closed: Mapping[tuple[str, date], datetime],
        scores: Mapping[int, StoredScore],
    ) -> StockLine:
        stock = self.listed[self.id_at(place)]
        keys = (*_LINE, *FACTORS, *(f"change_{days}" for days in CHANGE_DAYS))
        values = self._figures_at(place, keys)
        exchange = self.section.words("exchange")[place] or stock.exchange
        kind, signal = _whole(values["kind"]), _whole(values["signal"])
        score = scores.get(stock.id)
        return StockLine(
            id=stock.id,
            ticker=stock.ticker,
            name=stock.name,
            exchange=exchange,
            currency=stock.currency,
            sector=self.section.words("sector")[place],
            industry=stock.industry,
            source=stock.source,
            kind=None if kind is None else KINDS[kind],
            price=values["quoted_price"],
            price_session=priced,
            price_as_of=closed.get((exchange, priced)) if priced else None,
            price_change=None,
            market_cap=values["market_cap"],
            market_cap_currency=stock.financial_currency,
            market_cap_base=values["market_cap_base"],
            base_currency=current_app.config["BASE_CURRENCY"],
            total=_whole(values["total"]),
            uncertainty=_whole(values["uncertainty"]),
            coverage=values["coverage"],
            signal=None if signal is None else SIGNALS[signal],
            rank=_whole(values["rank"]),
            percentile=values["percentile"],
            sector_rank=_whole(values["sector_rank"]),
            factors={factor: _whole(values[factor]) for factor in FACTORS},
            changes={days: _whole(values[f"change_{days}"]) for days in CHANGE_DAYS},
            previous_signal=None,
            reason=not_rated_sentence(score, score.kind) if score else None,
        )

    def _figures_at(self, place: int, keys: Sequence[str]) -> dict[str, float | None]:
        found = self.section.columns(keys)
        return {
            key: None if column is None else known(column[place], column.typecode)
            for key, column in found.items()
        }


_LINE = (
    *("kind", "quoted_price", "market_cap", "market_cap_base", "total", "uncertainty", "coverage"),
    *("signal", "rank", "percentile", "sector_rank"),
)


def _whole(value: float | None) -> int | None:
    return None if value is None else int(value)


class PastLists(StockLists):
    """Lists of the stocks of a past day: those that were recorded, whatever became of them."""

    def __init__(self, market: PastMarket) -> None:
        super().__init__(market)
        self.past = market

    @cached_property
    def _changes(self) -> tuple[Sequence[NamedStock], frozenset[int]]:
        return (), frozenset()

    def _matching(self, wanted: Filter, order: Order) -> dict[int, bool]:
        return search.matching(wanted.text, order.first, of_listed=False)

    def lines(self, ids: Sequence[int]) -> list[StockLine]:
        """What was recorded of these stocks, in their order."""
        return self.past.lines(ids)


_kept: dict[tuple[object, ...], PastMarket] = {}
_lock = threading.Lock()

MOST_KEPT = 4
"""Past days that a process remembers."""


def of_day(day: RecordedDay) -> PastMarket:
    """The market of a recorded day. Raises `BeforeRecordError` where nothing is recorded of it."""
    sections = [
        section
        for section in cross_sections.newest_on_or_before(day.session)
        if section.session is not None and section.session > day.session - LAST_DAYS
    ]
    if not sections:
        raise BeforeRecordError(f"Nothing is recorded of {day.session}.")
    identity = str(db.engine.url), day, *((section.id, section.day_receipt) for section in sections)
    with _lock:
        found = _kept.get(identity)
    if found is not None:
        return found
    market = PastMarket(day, sections)
    with _lock:
        while len(_kept) >= MOST_KEPT:
            _kept.pop(next(iter(_kept)))
        return _kept.setdefault(identity, market)
