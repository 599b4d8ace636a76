"""How the price stands, in words: its trend, its momentum, its place in the year.

It describes; it never advises. All prices are the adjusted closes that the chart shows.
"""

from __future__ import annotations

from dataclasses import dataclass

from stockscore.web.pages.stock import prices
from stockscore.web.pages.stock.prices import Stretch
from stockscore.web.ui import format as fmt
from stockscore.web.ui.charts.rsi import zone


@dataclass(frozen=True, slots=True)
class Outlook:
    """One side of the outlook: its name, one word for it, and the sentence that shows why."""

    name: str
    word: str
    text: str


def outlook(year: Stretch, known: int, currency: str) -> tuple[Outlook, ...]:
    """Trend, momentum and place in the year, from the last year and the number of known bars;
    empty without prices."""
    if not year.closes:
        return ()
    return (_trend(year, known, currency), _momentum(year, known), _place(year, currency))


def _trend(year: Stretch, known: int, currency: str) -> Outlook:
    close, short, long = year.closes[-1], year.sma50[-1], year.sma200[-1]
    places = fmt.price_places(year.closes)
    if short is None:
        text = f"An average of 50 days needs 50 sessions; {fmt.count(known)} are known."
        return Outlook("Trend", "unknown", text)
    text = f"The close of {fmt.decimal(close, places)} {currency} lies {_against(close, short)} "
    text += f"its average of 50 days ({fmt.decimal(short, places)})"
    if long is None:
        word = "up, by the short average" if close > short else "down, by the short average"
        rest = f"; for that of 200 days {fmt.count(known)} of 200 sessions are known."
        return Outlook("Trend", word, text + rest)
    text += f" and {_against(close, long)} that of 200 days ({fmt.decimal(long, places)}); "
    text += f"the short average lies {'above' if short > long else 'at or below'} the long one."
    word = "up" if close > short > long else "down" if close < short < long else "mixed"
    return Outlook("Trend", word, text)


def _against(value: float, other: float) -> str:
    """ "3.1 % above": where a value lies from another."""
    part = value / other - 1
    if fmt.percent_direction(part, 1) == "flat":
        return "level with"
    return f"{fmt.percent(abs(part), 1)} {'above' if part > 0 else 'below'}"


def _momentum(year: Stretch, known: int) -> Outlook:
    value = year.rsi[-1]
    if value is None:
        text = f"An RSI of 14 days needs 15 sessions; {fmt.count(known)} are known."
        return Outlook("Momentum", "unknown", text)
    where = zone(value)
    text = f"The RSI of 14 days is {fmt.decimal(value, 1)}"
    if where == "between":
        side = "gains" if value > 50 else "losses" if value < 50 else "neither gains nor losses"
        return Outlook("Momentum", "neutral", f"{text}, between 30 and 70: {side} prevail.")
    reason = "below 30: losses prevail by far" if where == "oversold" else "above 70: gains"
    reason += "" if where == "oversold" else " prevail by far"
    return Outlook("Momentum", where, f"{text}, {reason}.")


def _place(year: Stretch, currency: str) -> Outlook:
    closes, days = year.closes, year.days
    places = fmt.price_places(closes)
    high, low = max(closes), min(closes)
    whole = len(closes) >= prices.YEAR
    span = "of the last year" if whole else f"of the {fmt.plural(len(closes), 'known session')}"
    if len(closes) < 2 or high == low:
        return Outlook("Place in the year", "unchanged", f"All closes {span} are the same.")
    part = (closes[-1] - low) / (high - low)
    word = "near the high" if part >= 0.8 else "near the low" if part <= 0.2 else "in between"
    return Outlook(
        "Place in the year",
        word,
        f"It lies {_against(closes[-1], high)} the highest close {span} "
        f"({fmt.decimal(high, places)} {currency} on {fmt.day(days[closes.index(high)])}) and "
        f"{_against(closes[-1], low)} the lowest ({fmt.decimal(low, places)} {currency} on "
        f"{fmt.day(days[closes.index(low)])}).",
    )
