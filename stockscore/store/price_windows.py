"""Price windows: of each stock the last sessions as scoring reads them, derived from its bars.

A window is rewritten in the transaction that changes the bars (`bars.save_many` does it), and
`derived.rebuild` makes all of them anew; both give the same bits. Reading the bars of 10,000
stocks instead takes a hundred times as long.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

import numpy as np
from sqlalchemy import delete, exists, select

from stockscore.extensions import db
from stockscore.store import panels
from stockscore.store.models import PriceWindow, Stock, StoredBar
from stockscore.store.panels import WINDOWS, Panel
from stockscore.store.portions import portions
from stockscore.store.upserts import upsert

NewBar = tuple[date | str, float, float | None, float, float, float]
"""Of a bar that was saved: its session (a date, or ISO text), close, volume, dividend, split and
adjustment."""


def _nothing() -> np.ndarray:
    window = np.zeros(1, dtype=WINDOWS)
    for name in ("last_close", "closes", "volumes"):
        window[name] = np.nan
    return window


_NOTHING = _nothing().tobytes()
"""The window of a stock without bars."""


def follow(saved: Mapping[int, Sequence[NewBar]]) -> None:
    """Brings the windows up to the bars that were saved in the open transaction, by stock id.

    Bars that only come after those of a window are appended to it; after anything else (a split, a
    correction of the past) the window is derived from the bars anew.
    """
    rows: dict[int, bytes] = {}
    for some in portions(sorted(saved)):
        kept = _raw(some)
        for stock_id in some:
            window = _appended(kept.get(stock_id), saved[stock_id])
            if window is not None:
                rows[stock_id] = window
    _save(rows)
    rewrite(set(saved) - set(rows))


def _appended(kept: bytes | None, bars: Sequence[NewBar]) -> bytes | None:
    """The window with these bars after its own (or in place of its last one); None where more than
    that changed."""
    if kept is None or any(split != 1 or adjustment != 1 for *_, split, adjustment in bars):
        return None
    window = np.frombuffer(kept, dtype=WINDOWS)[0].copy()
    for session, close, volume, dividend, _, _ in sorted(bars):
        day = session if isinstance(session, date) else date.fromisoformat(session)
        if day.toordinal() <= window["sessions"][-1]:
            return None
        for name, value in (
            ("sessions", day.toordinal()),
            ("closes", close),
            ("volumes", np.nan if volume is None else volume),
            ("dividends", dividend),
        ):
            window[name][:-1] = window[name][1:]
            window[name][-1] = value
        window["last_close"] = close
    return bytes(window.tobytes())


def rewrite(stock_ids: Iterable[int]) -> None:
    """Derives the windows of these stocks from their bars, within the open transaction."""
    for some in portions(sorted(set(stock_ids))):
        windows = panels.newest_windows(some)
        _save({stock_id: windows[place].tobytes() for place, stock_id in enumerate(some)})


def _save(rows: Mapping[int, bytes]) -> None:
    upsert(
        PriceWindow,
        [{"stock_id": stock_id, "data": data} for stock_id, data in rows.items()],
        keys=("stock_id",),
    )


def clear() -> list[int]:
    """Deletes all windows, before they are made anew; the stocks that have bars, in order of their
    ids."""
    db.session.execute(delete(PriceWindow))
    has_bars = exists().where(StoredBar.stock_id == Stock.id)
    return list(db.session.scalars(select(Stock.id).where(has_bars).order_by(Stock.id)))


def raw() -> dict[int, bytes]:
    """The kept bytes of all windows, by stock id."""
    rows = db.session.execute(select(PriceWindow.stock_id, PriceWindow.data))
    return {row.stock_id: row.data for row in rows}


def of(stock_ids: Sequence[int]) -> bytearray:
    """The kept bytes of the windows of these stocks, one after another."""
    size = len(_NOTHING)
    places = {stock_id: place for place, stock_id in enumerate(stock_ids)}
    joined = bytearray(_NOTHING * len(stock_ids))
    query = select(PriceWindow.stock_id, PriceWindow.data).execution_options(yield_per=500)
    for stock_id, data in db.session.execute(query):
        if stock_id in places:
            first = places[stock_id] * size
            joined[first : first + size] = data
    return joined


def _raw(stock_ids: Sequence[int]) -> dict[int, bytes]:
    query = select(PriceWindow.stock_id, PriceWindow.data)
    rows = db.session.execute(query.where(PriceWindow.stock_id.in_(stock_ids)))
    return {row.stock_id: row.data for row in rows}


def panel(stock_ids: Sequence[int], kept: bytes | bytearray, day: date) -> Panel:
    """The panel of these stocks on a day, from what `of` gave: the same bits as
    `panels.panel(stock_ids, day)`. Only stocks whose bars go on after that day are read from their
    bars."""
    windows = np.frombuffer(kept, dtype=WINDOWS)
    later = np.flatnonzero(windows["sessions"][:, -1] > day.toordinal()).tolist()
    if later:
        windows = windows.copy()
        older = [stock_ids[place] for place in later]
        windows[later] = panels.history(older, day, day).windows(day)
    return Panel.of_windows(stock_ids, panels.since(windows, panels.oldest(day)))
