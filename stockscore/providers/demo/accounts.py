"""The books of every company, quarter after quarter: a ledger whose lines fit together.

All companies move at once, one row of the ledger per fiscal quarter. What is reported is rounded
to whole thousands *before* it is carried on, so that the identities hold exactly:
assets = liabilities + equity, cash moves with cash flows, retained earnings with the profit kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from stockscore.providers.demo.companies import Company
from stockscore.providers.demo.draws import normals, reverting, stream
from stockscore.providers.demo.events import Events
from stockscore.providers.demo.industries import INDUSTRIES
from stockscore.providers.demo.traits import Traits

THOUSAND = 1e3


@dataclass(frozen=True, slots=True)
class Ledger:
    """Arrays of shape (quarters, companies), money in the currency of the accounts.

    `lines` has the reported figures by their names in `scoring.statements`, and
    `dividends_paid`, `shares_issued` (money; negative for shares bought back) and
    `debt_raised`. `dividend` is money per share going ex in the quarter, in shares of that
    quarter; `split` the new shares for one old at its beginning; `worth` the fair value of a
    share at its end; `surprise` how far the quarter went beyond expectations, of unit variance.
    """

    lines: dict[str, np.ndarray]
    dividend: np.ndarray
    split: np.ndarray
    worth: np.ndarray
    surprise: np.ndarray


@dataclass(slots=True)
class _LedgerState:
    """What is carried from quarter to quarter, one number per company."""

    run: np.ndarray  # annual revenue at the present pace
    margin: np.ndarray
    growth: np.ndarray
    receivables: np.ndarray
    plant: np.ndarray
    payables: np.ndarray
    pensions: np.ndarray
    debt: np.ndarray
    cash: np.ndarray
    retained: np.ndarray
    paid_in: np.ndarray
    shares: np.ndarray
    dividend: np.ndarray
    earnings: np.ndarray  # a smoothed quarter's distributable profit


def keep_books(
    companies: Sequence[Company], traits: Traits, events: Events, quarters: int, seed: int
) -> Ledger:
    """The ledger of the first `quarters` quarters. More quarters only append."""
    shocks = normals(seed, [c.key for c in companies], "accounts", quarters, 6)
    cycle = _business_cycle(companies, quarters, seed)
    london = np.array([c.exchange == "XLON" for c in companies])
    raises = np.array([len(c.key) % 4 for c in companies])
    state = _opening(traits)
    rows = []
    for quarter in range(quarters):
        split = _split(state, traits, events.split[quarter])
        # London pays twice a year, New York every quarter.
        due = np.where(london, 2.0 if quarter % 2 == 0 else 0.0, 1.0)
        row = _trade(state, traits, shocks[quarter], cycle[quarter], quarter)
        reviewed = (quarter + raises) % 4 == 0
        row |= _declare(state, traits, row, events.cut[quarter], reviewed, due)
        row |= _finance(state, traits, row)
        row |= _close(state, row)
        rows.append(row | {"split": split, "worth": _worth(state, traits)})
    lines = {name: np.stack([row[name] for row in rows]) for name in rows[0]}
    return Ledger(
        dividend=lines.pop("dividend"),
        split=lines.pop("split"),
        worth=lines.pop("worth"),
        lines=lines,
        surprise=(shocks[:, :, 2] + shocks[:, :, 4]) / np.sqrt(2),
    )


def _business_cycle(companies: Sequence[Company], quarters: int, seed: int) -> np.ndarray:
    """How good the times are for each company (quarters, companies): a common wave and one of its
    sector, of about unit variance each."""
    sectors = sorted({industry.sector for industry in INDUSTRIES})
    waves = {
        name: reverting(stream(seed, "cycle", name).standard_normal(quarters) * 0.4, 8, 0.0)
        for name in ("market", *sectors)
    }
    common = np.stack([waves["market"] for _ in companies], axis=1)
    own = np.stack([waves[c.industry.sector] for c in companies], axis=1)
    return 0.7 * common + 0.7 * own


def _opening(traits: Traits) -> _LedgerState:
    run = traits.revenue
    assets = run / traits.turnover
    receivables = _money(np.minimum(traits.receivables * run, 0.95 * assets))
    plant = _money(assets - receivables)
    cash = _money(traits.cash * assets)
    debt = _money(traits.debt * assets)
    payables = _money(traits.payables * run)
    pensions = _money(traits.pensions * assets)
    equity = cash + receivables + plant - debt - payables - pensions
    retained = _money(traits.retained_share * np.abs(equity))
    state = _LedgerState(
        run=run.copy(),
        margin=traits.operating.copy(),
        growth=traits.growth.copy(),
        receivables=receivables,
        plant=plant,
        payables=payables,
        pensions=pensions,
        debt=debt,
        cash=cash,
        retained=retained,
        paid_in=equity - retained,
        shares=np.ones_like(run),
        dividend=np.zeros_like(run),
        earnings=np.zeros_like(run),
    )
    state.shares = np.maximum(np.round(_worth(state, traits) / traits.price, -5), 1e6)
    profit = (run * state.margin - debt * traits.rate) * (1 - traits.tax)
    state.earnings = _distributable(traits, profit / 4, traits.depreciation * run / 4)
    state.dividend = np.maximum(traits.payout * state.earnings, 0.0) / state.shares
    return state


def _worth(state: _LedgerState, traits: Traits) -> np.ndarray:
    """A fair price of a share: a multiple of a normal year's net income, and never less than a
    floor of its revenue (the root of the sum of squares joins the two without an edge)."""
    normal = 0.5 * traits.operating + 0.5 * state.margin
    pretax = state.run * normal - state.debt * traits.rate
    income = np.where(pretax > 0, pretax * (1 - traits.tax), pretax)
    value = np.hypot(np.maximum(traits.multiple * income, 0.0), traits.floor * state.run)
    return value / state.shares


def _split(state: _LedgerState, traits: Traits, due: np.ndarray) -> np.ndarray:
    """New shares for one old. Due splits always happen, in the direction that the price asks for;
    others only where the price is far out."""
    price = _worth(state, traits) / np.where(traits.price > 1000, 140.0, 1.0)
    forward = np.select([price > 400, price > 120, price > 40, price > 15], [10, 4, 3, 2], 1.5)
    usual = np.where(price < 4, 0.1, forward)
    needed = np.where(price > 700, 10.0, np.where(price < 1.2, 0.1, 1.0))
    ratio = np.where(due, usual, needed)
    state.shares = np.round(state.shares * ratio)
    state.dividend = state.dividend / ratio
    return ratio


def _trade(
    state: _LedgerState, traits: Traits, shock: np.ndarray, cycle: np.ndarray, quarter: int
) -> dict[str, np.ndarray]:
    """A quarter's income statement and cash flow."""
    steady = np.maximum(np.abs(traits.operating), 0.04)
    state.growth = traits.growth + 0.93 * (state.growth - traits.growth) + 0.012 * shock[:, 0]
    state.run = state.run * np.exp(state.growth / 4 + 0.014 * shock[:, 1] + 0.004 * cycle)
    drift = 0.05 * shock[:, 2] * steady
    state.margin = traits.operating + 0.94 * (state.margin - traits.operating) + drift
    margin = state.margin + steady * (0.035 * shock[:, 4] + 0.03 * cycle)
    revenue = _money(state.run / 4 * traits.seasons[quarter % 4] * np.exp(0.01 * shock[:, 3]))
    gross = np.clip(traits.gross + 0.6 * (margin - traits.operating), margin + 0.02, 0.97)
    depreciation = _money(traits.depreciation * state.run / 4)
    ebit = _money(revenue * margin)
    interest = _money(state.debt * traits.rate / 4)
    pretax = ebit - interest
    tax = _money(np.where(pretax > 0, traits.tax * pretax, 0.0))
    profit = pretax - tax
    cfo, capex = _operate(state, traits, profit, depreciation, shock[:, 5])
    return {
        "revenue": revenue,
        "gross_profit": np.maximum(_money(revenue * gross), ebit),
        "ebit": ebit,
        "ebitda": ebit + depreciation,
        "interest_expense": interest,
        "pretax_income": pretax,
        "tax_provision": tax,
        "net_income": profit,
        "cfo": cfo,
        "fcf": cfo - capex,
    }


def _operate(
    state: _LedgerState,
    traits: Traits,
    profit: np.ndarray,
    depreciation: np.ndarray,
    shock: np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:
    """Operating cash flow and capital expenditure: receivables and payables follow revenue, and
    the plant grows slowly towards what the revenue needs."""
    receivables = traits.receivables * state.run * (1 + traits.noise * shock)
    receivables = _money(np.minimum(receivables, 0.95 * state.run / traits.turnover))
    payables = _money(traits.payables * state.run)
    cfo = profit + depreciation - (receivables - state.receivables) + (payables - state.payables)
    wanted = state.run * np.maximum(1 / traits.turnover - traits.receivables, 0.02)
    capex = np.maximum(depreciation + 0.15 * (wanted - state.plant), 0.3 * depreciation)
    capex = _money(capex)
    state.receivables, state.payables = receivables, payables
    state.plant = state.plant + capex - depreciation
    return cfo, capex


def _distributable(traits: Traits, profit: np.ndarray, depreciation: np.ndarray) -> np.ndarray:
    """What dividends are measured against: net income, and for REITs part of depreciation."""
    return profit + traits.depreciation_payout * depreciation


def _declare(
    state: _LedgerState,
    traits: Traits,
    row: dict[str, np.ndarray],
    cut: np.ndarray,
    reviewed: np.ndarray,
    due: np.ndarray,
) -> dict[str, np.ndarray]:
    """The dividend per share: reviewed once a year, raised by a tenth at most, cut where earnings
    no longer carry it or where the calendar of events says so. `due` is how many quarterly
    dividends go ex this quarter."""
    depreciation = row["ebitda"] - row["ebit"]
    now = _distributable(traits, row["net_income"], depreciation)
    state.earnings = 0.8 * state.earnings + 0.2 * now
    target = np.maximum(traits.payout * state.earnings, 0.0) / state.shares
    raised = np.clip(target, state.dividend, 1.10 * state.dividend + 0.02 * target)
    reviewed_dividend = np.where(target < 0.5 * state.dividend, 0.8 * target, raised)
    state.dividend = np.where(reviewed, reviewed_dividend, state.dividend)
    state.dividend = np.where(cut, 0.45 * state.dividend, state.dividend)
    dividend = np.round(state.dividend * due, 3)
    return {"dividend": dividend, "dividends_paid": _money(dividend * state.shares)}


def _finance(
    state: _LedgerState, traits: Traits, row: dict[str, np.ndarray]
) -> dict[str, np.ndarray]:
    """Debt drifts to its usual share of assets; too little cash is borrowed, or raised from owners
    where there is too much debt already or no profit; too much repays debt or buys shares."""
    assets = state.receivables + state.plant
    usual_debt = traits.debt * assets
    raised = 0.12 * (usual_debt - state.debt)
    cash = state.cash + row["fcf"] - row["dividends_paid"] + raised
    short = np.maximum(0.5 * traits.cash * assets - cash, 0.0)
    spare = np.maximum(cash - 1.4 * traits.cash * assets, 0.0)
    from_owners = (state.earnings <= 0) | (state.debt > 1.25 * usual_debt)
    issued = np.where(from_owners, 1.6 * short, 0.0)
    raised = raised + np.where(from_owners, 0.0, short)
    price = _worth(state, traits)
    bought = np.where(traits.buys_back, np.minimum(0.5 * spare, 0.02 * price * state.shares), 0.0)
    repaid = np.where(traits.buys_back, 0.0, 0.15 * spare)
    raised = _money(np.maximum(raised - repaid, -state.debt))
    change = np.round((issued - bought) / price, -3)
    change = np.maximum(change, -0.02 * state.shares)
    money = _money(np.where(change == 0, 0.0, change * price))
    state.shares = np.round(state.shares + np.where(money == 0, 0.0, change))
    state.debt = state.debt + raised
    state.cash = state.cash + row["fcf"] - row["dividends_paid"] + raised + money
    state.paid_in = state.paid_in + money
    return {"debt_raised": raised, "shares_issued": money}


def _close(state: _LedgerState, row: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """The balance sheet at the end of the quarter."""
    state.retained = state.retained + row["net_income"] - row["dividends_paid"]
    # Debts due within a year count among the short-term liabilities.
    due_soon = _money(0.08 * state.debt)
    return {
        "total_assets": state.cash + state.receivables + state.plant,
        "total_liabilities": state.debt + state.payables + state.pensions,
        "total_debt": state.debt,
        "long_term_debt": state.debt - due_soon,
        "cash": state.cash,
        "total_equity": state.retained + state.paid_in,
        "retained_earnings": state.retained,
        "current_assets": state.cash + state.receivables,
        "current_liabilities": state.payables + due_soon,
        "shares": state.shares,
        "eps": np.round(row["net_income"] / state.shares, 4),
    }


def _money(amount: np.ndarray) -> np.ndarray:
    return np.round(amount / THOUSAND) * THOUSAND
