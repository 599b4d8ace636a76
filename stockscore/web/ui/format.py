"""How numbers, dates and ages are written on every page; each function is also a Jinja filter.

Half rounds away from zero, minus is U+2212, a no-break space stands between a number and its unit,
and a missing value (None, NaN, infinite) is the word "unknown", never 0. Points are integers in
hundredths (7223 = 72.23); fractions are plain (0.05 = 5 %); moments are aware.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import TypeGuard
from urllib.parse import quote
from zoneinfo import ZoneInfo

from stockscore.scoring import numerals

UNKNOWN = "unknown"
MINUS = "\u2212"
SPACE = "\u00a0"

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
WORDS = (
    *("no", "one", "two", "three", "four", "five", "six"),
    *("seven", "eight", "nine", "ten", "eleven", "twelve"),
)


def known(value: float | None) -> TypeGuard[float]:
    """Whether a number is there to be written."""
    return value is not None and math.isfinite(value)


def rounded(value: float | Decimal, places: int) -> Decimal:
    """`value` to `places` decimals, half away from zero, as it is written in decimal: 0.285 gives
    0.29 although its binary neighbour lies below."""
    exact = value if isinstance(value, Decimal) else Decimal(repr(value))
    return _WIDE.quantize(exact, Decimal(1).scaleb(-places))


_WIDE = Context(prec=400, rounding=ROUND_HALF_UP)
"""With room for the widest float, so that `quantize` never overflows."""


def in_units(value: float, places: int) -> int:
    """A number as `rounded` gives it, in units of its last decimal: 10.01 with two places is 1001.

    Charts ask this of thousands of numbers, and the decimal digits are needed only near a half."""
    scaled = value * 10**places
    nearest = math.floor(scaled + 0.5)
    if abs(scaled) < 1e12 and abs(scaled - nearest) < 0.499:
        return nearest
    return int(rounded(value, places).scaleb(places))


def _written(value: Decimal, places: int, *, plus: bool = False) -> str:
    result = rounded(value, places)
    digits = f"{abs(result):,.{places}f}"
    if result == 0:
        return digits
    if result < 0:
        return MINUS + digits
    return "+" + digits if plus else digits


def decimal(value: float | None, places: int = 2) -> str:
    """1234.5 -> "1,234.50"."""
    return _written(Decimal(repr(value)), places) if known(value) else UNKNOWN


def signed_decimal(value: float | None, places: int = 2) -> str:
    """2.5 -> "+2.50"; what rounds to zero has no sign."""
    return _written(Decimal(repr(value)), places, plus=True) if known(value) else UNKNOWN


def count(value: int | None) -> str:
    """10000 -> "10,000"."""
    return decimal(value, 0)


def points(hundredths: int | None, places: int = 1) -> str:
    """7223 -> "72.2"; 0 places in a headline, 1 in lists, 2 where points are added up."""
    return UNKNOWN if hundredths is None else _written(Decimal(hundredths).scaleb(-2), places)


def signed(hundredths: int | None, places: int = 1) -> str:
    """-61 -> "−0.6"."""
    if hundredths is None:
        return UNKNOWN
    return _written(Decimal(hundredths).scaleb(-2), places, plus=True)


def plus_minus(hundredths: int | None, places: int = 1) -> str:
    """600 -> "± 6.0"; exactly 0 is "± 0"."""
    if hundredths is None:
        return f"±{SPACE}{UNKNOWN}"
    return f"±{SPACE}{'0' if hundredths == 0 else points(hundredths, places)}"


def direction(hundredths: int | None, places: int = 1) -> str:
    """ "up", "down" or "flat" as the written change reads: +0.04 written as 0.0 is flat."""
    if hundredths is None:
        return "flat"
    shown = rounded(Decimal(hundredths).scaleb(-2), places)
    return "up" if shown > 0 else "down" if shown < 0 else "flat"


def percent(fraction: float | None, places: int = 1) -> str:
    """0.0596 -> "6.0 %"."""
    if not known(fraction):
        return UNKNOWN
    return _written(Decimal(repr(fraction)).scaleb(2), places) + SPACE + "%"


def signed_percent(fraction: float | None, places: int = 1) -> str:
    """0.184 -> "+18.4 %"."""
    if not known(fraction):
        return UNKNOWN
    return _written(Decimal(repr(fraction)).scaleb(2), places, plus=True) + SPACE + "%"


def percent_direction(fraction: float | None, places: int = 1) -> str:
    """As `direction`, of a fraction written as a percentage."""
    if not known(fraction):
        return "flat"
    shown = rounded(Decimal(repr(fraction)).scaleb(2), places)
    return "up" if shown > 0 else "down" if shown < 0 else "flat"


def by_unit(value: float | None, unit: str) -> str:
    """A metric's value in the unit of the method table: "percent", "signed_percent", "ratio",
    "multiple" or "index". Three figures carry the meaning, so large values drop decimals."""
    if not known(value):
        return UNKNOWN
    size = abs(value)
    if unit == "percent":
        return percent(value, 2 if size < 0.1 else 1 if size < 10 else 0)
    if unit == "signed_percent":
        return signed_percent(value, 1 if size < 10 else 0)
    if unit == "index":
        return decimal(value, 1)
    return decimal(value, 3 if size < 0.1 else 2 if size < 10 else 1 if size < 100 else 0)


def price_places(prices: Sequence[float | None]) -> int:
    """Decimals that suit all of these prices, so that a column of them aligns."""
    sizes = [abs(price) for price in prices if known(price)]
    largest = max(sizes, default=1.0)
    if largest >= 10_000:
        return 0
    if largest >= 1 or largest == 0:
        return 2
    return min(max(4, 2 - math.floor(math.log10(largest))), 12)


def price(value: float | None) -> str:
    """84.12, 12,345 (pence), 0.0123."""
    return decimal(value, price_places([value]))


def millions(value: float | None) -> str:
    """Money of statements, all in one unit so that a column compares: "11,945 m", "8.4 m"."""
    if not known(value):
        return UNKNOWN
    places = 0 if abs(value) >= 100e6 or value == 0 else 1 if abs(value) >= 1e6 else 2
    return _written(Decimal(repr(value)).scaleb(-6), places) + SPACE + "m"


def _scaled(value: float, places: int) -> str:
    exact = Decimal(repr(value))
    for power, unit in ((6, "m"), (9, "bn"), (12, "tn")):
        shown = exact.scaleb(-power)
        decimals = places if abs(shown) < 100 else 0
        # 999.96 m is written "1.0 bn": the unit follows the rounded number.
        if abs(rounded(shown, decimals)) < 1000 or unit == "tn":
            return _written(shown, decimals) + SPACE + unit
    raise AssertionError("the last unit takes every number")


def money(value: float | None) -> str:
    """Money in running text: "11.9 bn", "842 m", "12,345"."""
    if not known(value):
        return UNKNOWN
    return _scaled(value, 1) if abs(rounded(value, 0)) >= 1_000_000 else decimal(value, 0)


def volume(value: float | None) -> str:
    """Shares traded: "2.22 m", "845,300"."""
    if not known(value):
        return UNKNOWN
    return _scaled(value, 2) if abs(rounded(value, 0)) >= 1_000_000 else decimal(value, 0)


def day(value: date | None) -> str:
    """24 Nov 2026."""
    if value is None:
        return UNKNOWN
    return numerals.day(value)


def short_day(value: date | None) -> str:
    """24 Nov."""
    return UNKNOWN if value is None else numerals.short_day(value)


def weekday(value: date | None) -> str:
    """Tue 24 Nov 2026."""
    return UNKNOWN if value is None else f"{WEEKDAYS[value.weekday()]}{SPACE}{day(value)}"


def clock(value: datetime | None, zone: str = "UTC") -> str:
    """12:35, in the named zone."""
    return UNKNOWN if value is None else f"{value.astimezone(ZoneInfo(zone)):%H:%M}"


def moment(value: datetime | None, zone: str = "UTC", city: str | None = None) -> str:
    """24 Nov 2026, 12:35 New York time; without a city the zone is UTC's name or left out."""
    if value is None:
        return UNKNOWN
    local = value.astimezone(ZoneInfo(zone))
    named = f" {city} time" if city else " UTC" if zone == "UTC" else ""
    return f"{day(local)}, {local:%H:%M}{named}"


def moment_near(value: datetime | None, now: datetime, zone: str = "UTC") -> str:
    """The time alone today, else with its day: "12:35", "20 Nov, 16:00", "3 Dec 2025, 16:00"."""
    if value is None:
        return UNKNOWN
    local, today = value.astimezone(ZoneInfo(zone)), now.astimezone(ZoneInfo(zone)).date()
    if local.date() == today:
        return f"{local:%H:%M}"
    written = short_day(local) if local.year == today.year else day(local)
    return f"{written}, {local:%H:%M}"


def span(seconds: float | timedelta | None) -> str:
    """A length of time in its largest sensible unit: "3 min", "5 h", "26 days"."""
    if isinstance(seconds, timedelta):
        seconds = seconds.total_seconds()
    if not known(seconds):
        return UNKNOWN
    length = max(0.0, seconds)
    if length < 90:
        return f"{int(length)}{SPACE}s"
    if length < 90 * 60:
        return f"{int(length // 60)}{SPACE}min"
    if length < 36 * 3600:
        return f"{int(length // 3600)}{SPACE}h"
    return plural(int(length // 86400), "day")


def age(value: datetime | date | None, now: datetime) -> str:
    """How old something is: "3 min old", "26 days old". A date counts whole days, and what a
    skewed clock puts into the future is new."""
    if value is None:
        return f"age{SPACE}{UNKNOWN}"
    if not isinstance(value, datetime):
        days = max(0, (now.date() - value).days)
        return "of today" if days == 0 else f"{plural(days, 'day')} old"
    seconds = (now - value).total_seconds()
    return "just now" if seconds < 60 else f"{span(seconds)} old"


def iso(value: datetime | date | time | None) -> str:
    """For the `datetime` attribute of <time>."""
    return "" if value is None else value.isoformat()


def plural(number: int, singular: str, many: str | None = None) -> str:
    """1 stock, 12 stocks."""
    return f"{count(number)}{SPACE}{singular if number == 1 else many or singular + 's'}"


def words(number: int) -> str:
    """Small numbers in words, as a sentence wants them: 7 -> "seven", 13 -> "13"."""
    return WORDS[number] if 0 <= number < len(WORDS) else count(number)


def ordinal(number: int | None) -> str:
    """1st, 2nd, 3rd, 4th, 11th, 21st."""
    if number is None:
        return UNKNOWN
    teens = 10 < abs(number) % 100 < 14
    ending = "th" if teens else {1: "st", 2: "nd", 3: "rd"}.get(abs(number) % 10, "th")
    return count(number) + ending


def stock_url(ticker: str) -> str:
    """The address of a stock's page. A slash cannot be part of one path segment; the page finds
    "BRK-B" under any spelling."""
    return "/stocks/" + quote(ticker.replace("/", "-"), safe="")


FILTERS = (
    decimal, signed_decimal, count, points, signed, plus_minus, direction, percent, signed_percent,
    percent_direction, by_unit, price, millions, money, volume, day, short_day, weekday, clock,
    moment, moment_near, span, age, iso, plural, words, ordinal, stock_url,
)  # fmt: skip
