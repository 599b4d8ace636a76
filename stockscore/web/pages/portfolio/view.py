"""A portfolio: what it is worth, how it scores, what to look at, and what if."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from stockscore.scoring.currency import major_unit
from stockscore.scoring.signals import SIGNALS
from stockscore.services.personal import valuation
from stockscore.services.personal.valuation import NOT_RATED, Account, Valued
from stockscore.store.pages.editions import EditionRow
from stockscore.store.pages.lists import StockLine
from stockscore.web.ui import exports
from stockscore.web.ui import format as fmt
from stockscore.web.ui import stock_rows as stock_lines
from stockscore.web.ui.components import Fact, StockLink, StockRow
from stockscore.web.ui.empty import Empty

PATH = "/portfolio"

GOOD = SIGNALS[:2]
"""BUY or better."""


@dataclass(frozen=True, slots=True)
class PositionRow:
    """A position. `form` are the shares and the average price as an input takes them."""

    row: StockRow
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
    """A part of the value: its name, a fraction as written, and hundredths of a percent."""

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
    """All positions in one currency."""

    currency: str
    facts: tuple[Fact, ...]
    score: int | None
    scored_note: str
    rows: tuple[PositionRow, ...]
    signals: tuple[Share, ...]
    sectors: tuple[Share, ...]
    reviews: tuple[Review, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """A what-if: the ticker and number as typed, a problem, or the rows of (what, before, after)
    under a heading."""

    ticker: str
    shares: str
    problem: str | None
    heading: str
    rows: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class PortfolioView:
    """/portfolio. `typed` is what the form had, to be shown again after a problem."""

    subtitle: str
    problem: str | None
    done: str | None
    empty: Empty | None
    accounts: tuple[AccountView, ...]
    asked: Asked | None
    typed: Mapping[str, str]


def portfolio_view(
    found: Sequence[Account],
    asked_for: Asked | None,
    problem: str | None,
    parameters: Mapping[str, str],
    nothing: Empty | None,
) -> PortfolioView:
    """The page; `said` are the values of the request."""
    return PortfolioView(
        subtitle=_subtitle(found),
        problem=problem,
        done=_done(parameters) if problem is None else None,
        empty=nothing,
        accounts=tuple(_account(account) for account in found),
        asked=asked_for,
        typed={
            name: parameters.get(name, "")[:64] for name in ("t", "shares", "average_price", "note")
        },
    )


def asked(
    line: StockLine,
    number: float,
    typed: str,
    before: Sequence[Account],
    after: Sequence[Account],
) -> Asked:
    """What buying or selling would make of the account in the stock's currency; `typed` is the
    number as the reader wrote it."""
    currency = major_unit(line.currency)[0]
    account_before = next((account for account in before if account.currency == currency), None)
    later = next((account for account in after if account.currency == currency), None)
    verb = "Buying" if number >= 0 else "Selling"
    shares = _number(abs(number))
    heading = (
        f"{verb} {shares} {line.ticker} at {fmt.price(line.price)} {line.currency}, "
        f"{fmt.money(abs(number) * (line.price or 0) * major_unit(line.currency)[1])} {currency}"
    )
    rows = [
        (what, *(_of(account, function) for account in (account_before, later)))
        for what, function in COMPARED
    ]
    rows.append(
        (f"Weight of {line.ticker}", _weight_of(account_before, line), _weight_of(later, line))
    )
    sector = line.sector or valuation.UNKNOWN
    rows.append(
        (f"Weight of {sector}", _sector_of(account_before, sector), _sector_of(later, sector))
    )
    return Asked(line.ticker, typed, None, heading, tuple(rows))


COMPARED = (
    ("Value", lambda account: f"{fmt.money(account.value)} {account.currency}"),
    ("Positions", lambda account: fmt.count(len(account.positions))),
    (
        "Weighted score",
        lambda account: fmt.points(account.score) if account.score is not None else "not rated",
    ),
    ("In BUY or better", lambda account: fmt.percent(_good(account), 0)),
)


def _of(account: Account | None, function) -> str:
    return "nothing" if account is None else function(account)


def _good(account: Account) -> float:
    return sum(account.signals.get(name, 0.0) for name in GOOD)


def _weight_of(account: Account | None, line: StockLine) -> str:
    positions = account.positions if account else ()
    found = next((position.weight for position in positions if position.line.id == line.id), 0.0)
    return fmt.percent(found or 0.0)


def _sector_of(account: Account | None, sector: str) -> str:
    return fmt.percent(account.sectors.get(sector, 0.0) if account else 0.0)


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
        rows=tuple(_position(position) for position in account.positions),
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
    facts = [
        Fact("Value", f"{fmt.money(account.value)} {account.currency}", strong=True, note=note)
    ]
    if account.profit is None:
        facts.append(Fact("Profit", "unknown", note="no average price is known"))
    else:
        share = fmt.signed_percent(account.profit / account.cost) if account.cost else ""
        with_cost = sum(position.profit is not None for position in account.positions)
        of = f"of {with_cost} of {len(account.positions)} positions"
        part = "" if with_cost == len(account.positions) else f", {of}"
        facts.append(
            Fact(
                "Profit before tax and fees",
                f"{_signed_money(account.profit)} {account.currency}",
                note=f"{share} on {fmt.money(account.cost)} paid{part}",
            )
        )
    facts.append(Fact("In BUY or better", fmt.percent(_good(account), 0)))
    return tuple(facts)


def _scored_note(account: Account) -> str:
    if account.score is None:
        return "No position is rated."
    if account.scored > 0.9995:
        return "Weighted by value."
    return f"Weighted by value, over the {fmt.percent(account.scored, 0)} of it that is rated."


def _position(position: Valued) -> PositionRow:
    holding, line = position.holding, position.line
    share = (
        position.profit / position.cost if position.profit is not None and position.cost else None
    )
    return PositionRow(
        row=stock_lines.row(line),
        shares=_number(holding.shares),
        average=fmt.price(holding.average_price) if holding.average_price is not None else "–",
        value=fmt.UNKNOWN if position.value is None else _money(position.value),
        weight=fmt.percent(position.weight),
        profit="–" if position.profit is None else _signed_money(position.profit),
        profit_share=share,
        note=holding.note or "",
        form=(
            repr(holding.shares).removesuffix(".0"),
            "" if holding.average_price is None else repr(holding.average_price).removesuffix(".0"),
        ),
    )


def _share(name: str, part: float, signal: str | None = None) -> Share:
    return Share(name, fmt.percent(part), round(part * 10_000), signal)


def _money(value: float) -> str:
    """Money of a private investor: to the unit, with separators; cents below a thousand."""
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:,.2f}"


def _signed_money(value: float) -> str:
    sign = "+" if value > 0 else "−" if value < 0 else ""
    return f"{sign}{_money(abs(value))}"


def _number(value: float) -> str:
    return f"{value:,.10g}"


def _done(parameters: Mapping[str, str]) -> str | None:
    kept, imported = parameters.get("kept", ""), parameters.get("imported", "")
    if kept and len(kept) <= 32:
        return f"{kept} is in the portfolio."
    if imported.isdecimal() and len(imported) < 7:
        return f"{fmt.plural(int(imported), 'position')} imported."
    return None


CSV_HEADER = (
    *("ticker", "shares", "average_price", "note", "name", "price", "currency"),
    *("value", "value_currency", "weight", "profit", "score", "signal", "sector"),
)


def csv_rows(found: Sequence[Account]) -> Iterator[tuple[Any, ...]]:
    """One line a position, under `CSV_HEADER`; an import reads the first four columns."""
    for account in found:
        for position in account.positions:
            yield (
                position.line.ticker,
                position.holding.shares,
                position.holding.average_price,
                position.holding.note,
                position.line.name,
                position.line.price,
                position.line.currency,
                position.value,
                account.currency,
                position.weight,
                position.profit,
                exports.points(position.line.total),
                position.line.signal,
                position.line.sector,
            )


def as_data(found: Sequence[Account], edition: EditionRow | None) -> dict[str, Any]:
    """The portfolio as JSON."""
    return {
        "accounts": [
            {
                "currency": account.currency,
                "value": account.value,
                "cost": account.cost,
                "profit": account.profit,
                "score": exports.points(account.score),
                "scored": account.scored,
                "signals": dict(account.signals),
                "sectors": dict(account.sectors),
                "positions": [_position_data(position) for position in account.positions],
            }
            for account in found
        ],
        **exports.edition(edition),
    }


def _position_data(position: Valued) -> dict[str, Any]:
    return {
        "ticker": position.line.ticker,
        "shares": position.holding.shares,
        "average_price": position.holding.average_price,
        "note": position.holding.note,
        "price": exports.number(position.line.price),
        "currency": position.line.currency,
        "value": position.value,
        "weight": position.weight,
        "profit": position.profit,
        "score": exports.points(position.line.total),
        "signal": position.line.signal,
    }
