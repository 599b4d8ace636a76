"""What is derived from bars and statements: brought up to date in the transaction that changes its
source, completed where it is lacking, and made anew from nothing by `rebuild`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import exists, select

from stockscore.extensions import db
from stockscore.store import price_windows, reported_figures, statements
from stockscore.store.models import PriceWindow, Stock, StoredBar
from stockscore.store.portions import portions


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """How many price windows and how many sets of figures were made."""

    windows: int
    figures: int

    @property
    def sentence(self) -> str:
        """What commands and pages say of it."""
        return (
            f"Made anew: the price windows of {self.windows} stocks, "
            f"the figures of {self.figures} that have reported."
        )


def follow_bars(rows: Sequence[Sequence[Any]]) -> None:
    """Brings price windows and figures up to bars that were saved (rows of `bars.save_many`, a
    session as a date or as ISO text)."""
    saved: dict[int, list[price_windows.NewBar]] = {}
    splitting: set[int] = set()
    for stock_id, session, _, _, _, close, volume, dividend, split, adjustment, _ in rows:
        saved.setdefault(stock_id, []).append((session, close, volume, dividend, split, adjustment))
        if split != 1:
            splitting.add(stock_id)
    price_windows.follow(saved)
    first = min((_day(bars[0][0]) for bars in saved.values()), default=date.max)
    for some in portions(saved):
        # A bar of a day that had a split may no longer have one.
        splitting.update(reported_figures.restated_since(some, first))
    for stock_id in sorted(splitting):
        statements.derive_figures(stock_id)


def complete() -> None:
    """Derives what is lacking: a database of 0.1 has nothing of it."""
    has_bars = exists().where(StoredBar.stock_id == Stock.id)
    lacking = select(Stock.id).where(Stock.id.not_in(select(PriceWindow.stock_id)), has_bars)
    price_windows.rewrite(list(db.session.scalars(lacking)))
    for stock_id in reported_figures.lacking():
        statements.derive_figures(stock_id)


def rebuild(on_progress: Callable[[int, int, str], None] = lambda *_: None) -> Rebuilt:
    """Makes everything anew from bars and statements, within the open transaction; `on_progress`
    hears how many are made, of how many, and what they are."""
    with_bars = price_windows.clear()
    reported_figures.clear()
    reporting = reported_figures.lacking()
    all_of_them = len(with_bars) + len(reporting)
    done = 0
    for some in portions(with_bars):
        price_windows.rewrite(some)
        done += len(some)
        on_progress(done, all_of_them, "price windows")
    for some in portions(reporting):
        for stock_id in some:
            statements.derive_figures(stock_id)
        done += len(some)
        on_progress(done, all_of_them, "figures")
    return Rebuilt(len(with_bars), len(reporting))


def _day(session: date | str) -> date:
    return session if isinstance(session, date) else date.fromisoformat(session)
