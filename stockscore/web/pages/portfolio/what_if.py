"""What buying or selling would make of a portfolio, as its page shows it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from stockscore.scoring.currency import major_unit
from stockscore.services.personal import valuation
from stockscore.services.personal.holdings import WhatIf
from stockscore.services.personal.valuation import Account
from stockscore.store.pages.lists import StockLine
from stockscore.web.pages.portfolio.amounts import good_share, number
from stockscore.web.ui import format as fmt

LONGEST = 64
"""Characters of what was typed that are shown again."""


@dataclass(frozen=True, slots=True)
class WhatIfView:
    """An answered question: the ticker, the number as typed, and under a heading the lines (what,
    before, after); or the problem with it."""

    ticker: str
    shares: str
    problem: str | None
    heading: str
    lines: tuple[tuple[str, str, str], ...]


def refused(ticker: str, shares: str, problem: str) -> WhatIfView:
    """A question that has no answer, as it was typed."""
    return WhatIfView(ticker[:LONGEST], shares[:LONGEST], problem, "", ())


def what_if_view(answer: WhatIf, typed: str) -> WhatIfView:
    """The answer; `typed` is the number of shares as the reader wrote it."""
    line = answer.line
    lines = [
        (what, _of(answer.before, written), _of(answer.after, written))
        for what, written in COMPARED
    ]
    lines.append(
        (
            f"Weight of {line.ticker}",
            _weight_of(answer.before, line),
            _weight_of(answer.after, line),
        )
    )
    sector = line.sector or valuation.UNKNOWN
    lines.append(
        (
            f"Weight of {sector}",
            _sector_of(answer.before, sector),
            _sector_of(answer.after, sector),
        )
    )
    return WhatIfView(line.ticker, typed[:LONGEST], None, _heading(answer), tuple(lines))


def _heading(answer: WhatIf) -> str:
    line, shares = answer.line, abs(answer.shares)
    verb = "Buying" if answer.shares >= 0 else "Selling"
    money = shares * (line.price or 0) * major_unit(line.currency)[1]
    return (
        f"{verb} {number(shares)} {line.ticker} at {fmt.price(line.price)} {line.currency}, "
        f"{fmt.money(money)} {answer.currency}"
    )


COMPARED: tuple[tuple[str, Callable[[Account], str]], ...] = (
    ("Value", lambda account: f"{fmt.money(account.value)} {account.currency}"),
    ("Positions", lambda account: fmt.count(len(account.positions))),
    (
        "Weighted score",
        lambda account: fmt.points(account.score) if account.score is not None else "not rated",
    ),
    ("In BUY or better", lambda account: fmt.percent(good_share(account), 0)),
)


def _of(account: Account | None, written: Callable[[Account], str]) -> str:
    return "nothing" if account is None else written(account)


def _weight_of(account: Account | None, line: StockLine) -> str:
    positions = account.positions if account else ()
    found = next((position.weight for position in positions if position.line.id == line.id), 0.0)
    return fmt.percent(found or 0.0)


def _sector_of(account: Account | None, sector: str) -> str:
    return fmt.percent(account.sectors.get(sector, 0.0) if account else 0.0)
