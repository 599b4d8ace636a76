"""A portfolio: what it is worth, how it scores, what to look at, and what if."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from stockscore.services.personal import valuation
from stockscore.services.personal.valuation import NOT_RATED, Account, Valued
from stockscore.web.pages.portfolio.amounts import good_share, money, number, signed_money
from stockscore.web.pages.portfolio.what_if import WhatIfView
from stockscore.web.ui import format as fmt
from stockscore.web.ui import stock_rows
from stockscore.web.ui.components import Fact, StockLineView, StockLink
from stockscore.web.ui.empty import Empty

PATH = "/portfolio"


@dataclass(frozen=True, slots=True)
class PositionLine:
    """A position. `form` are the shares and the average price as an input takes them."""

    row: StockLineView
    shares: str
    average: str
    value: str
    weight: str
    profit: str
    profit_share: float | None
    note: str
    form: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Share:
    """A part of the value: its name, its fraction as written and in hundredths of a percent, and
    for a part in stocks of one signal that signal."""

    name: str
    written: str
    hundredths: int
    signal: str | None = None


@dataclass(frozen=True, slots=True)
class Review:
    """A position worth a look, and why."""

    stock: StockLink
    reasons: str


@dataclass(frozen=True, slots=True)
class AccountView:
    """All positions in one currency; `score` in hundredths, None where none of them is rated."""

    currency: str
    facts: tuple[Fact, ...]
    score: int | None
    scored_note: str
    positions: tuple[PositionLine, ...]
    signals: tuple[Share, ...]
    sectors: tuple[Share, ...]
    reviews: tuple[Review, ...]


@dataclass(frozen=True, slots=True)
class PortfolioView:
    """/portfolio. `typed` is what the form had, to be shown again after a problem."""

    subtitle: str
    problem: str | None
    done: str | None
    empty: Empty | None
    accounts: tuple[AccountView, ...]
    what_if: WhatIfView | None
    typed: Mapping[str, str]


def portfolio_view(
    found: Sequence[Account],
    what_if: WhatIfView | None,
    problem: str | None,
    parameters: Mapping[str, str],
    nothing: Empty | None,
) -> PortfolioView:
    """The page; `parameters` are those of the request, of its address and its form."""
    return PortfolioView(
        subtitle=_subtitle(found),
        problem=problem,
        done=_done(parameters) if problem is None else None,
        empty=nothing,
        accounts=tuple(_account(account) for account in found),
        what_if=what_if,
        typed={
            name: parameters.get(name, "")[:64] for name in ("t", "shares", "average_price", "note")
        },
    )


def _subtitle(found: Sequence[Account]) -> str:
    if not found:
        return "What you hold, what it is worth, and how it scores."
    count = sum(len(account.positions) for account in found)
    parts = [fmt.plural(count, "position")]
    parts += [f"{fmt.money(account.value)} {account.currency}" for account in found]
    return f"{', '.join(parts)}."


def _account(account: Account) -> AccountView:
    return AccountView(
        currency=account.currency,
        facts=_facts(account),
        score=account.score,
        scored_note=_scored_note(account),
        positions=tuple(_position(position) for position in account.positions),
        signals=tuple(
            _share(name, part, None if name == NOT_RATED else name)
            for name, part in account.signals.items()
        ),
        sectors=tuple(_share(name, part) for name, part in account.sectors.items()),
        reviews=tuple(
            Review(StockLink(position.line.ticker, position.line.name), " ".join(reasons))
            for position, reasons in valuation.to_review(account)
        ),
    )


def _facts(account: Account) -> tuple[Fact, ...]:
    unknown = sum(position.value is None for position in account.positions)
    note = f"{fmt.plural(unknown, 'position')} without a price left out" if unknown else None
    return (
        Fact("Value", f"{fmt.money(account.value)} {account.currency}", strong=True, note=note),
        _profit_fact(account),
        Fact("In BUY or better", fmt.percent(good_share(account), 0)),
    )


def _profit_fact(account: Account) -> Fact:
    if account.profit is None:
        return Fact("Profit", "unknown", note="no average price is known")
    share = fmt.signed_percent(account.profit / account.cost) if account.cost else ""
    positions = len(account.positions)
    with_cost = sum(position.profit is not None for position in account.positions)
    part = "" if with_cost == positions else f", of {with_cost} of {positions} positions"
    return Fact(
        "Profit before tax and fees",
        f"{signed_money(account.profit)} {account.currency}",
        note=f"{share} on {fmt.money(account.cost)} paid{part}",
    )


def _scored_note(account: Account) -> str:
    if account.score is None:
        return "No position is rated."
    if account.scored > 0.9995:
        return "Weighted by value."
    return f"Weighted by value, over the {fmt.percent(account.scored, 0)} of it that is rated."


def _position(position: Valued) -> PositionLine:
    holding, line = position.holding, position.line
    share = (
        position.profit / position.cost if position.profit is not None and position.cost else None
    )
    return PositionLine(
        row=stock_rows.row(line),
        shares=number(holding.shares),
        average=fmt.price(holding.average_price) if holding.average_price is not None else "–",
        value=fmt.UNKNOWN if position.value is None else money(position.value),
        weight=fmt.percent(position.weight),
        profit="–" if position.profit is None else signed_money(position.profit),
        profit_share=share,
        note=holding.note or "",
        form=(
            repr(holding.shares).removesuffix(".0"),
            "" if holding.average_price is None else repr(holding.average_price).removesuffix(".0"),
        ),
    )


def _share(name: str, part: float, signal: str | None = None) -> Share:
    return Share(name, fmt.percent(part), round(part * 10_000), signal)


def _done(parameters: Mapping[str, str]) -> str | None:
    kept, imported = parameters.get("kept", ""), parameters.get("imported", "")
    if kept and len(kept) <= 32:
        return f"{kept} is in the portfolio."
    if imported.isdecimal() and len(imported) < 7:
        return f"{fmt.plural(int(imported), 'position')} imported."
    return None
