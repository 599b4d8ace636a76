"""How each company differs from the average of its industry, for all companies at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from stockscore.providers.demo.companies import Company
from stockscore.providers.demo.draws import normals, roll


@dataclass(frozen=True, slots=True)
class Traits:
    """One number per company in every array (annual fractions, see `industries.Industry`).

    `revenue` is the first annual revenue, `price` the first price of a share, both in the money
    of the accounts; `rate` the interest on debt; `pensions` long-term liabilities but debt, of
    operating assets; `swing` how much the quarters of a year differ; `floor` the value of the
    company, in years of revenue, below which no loss pushes it; `noise` how unsteady its
    receivables are; `seasons` is (4, companies).
    """

    gross: np.ndarray
    operating: np.ndarray
    turnover: np.ndarray
    depreciation: np.ndarray
    debt: np.ndarray
    cash: np.ndarray
    receivables: np.ndarray
    payables: np.ndarray
    pensions: np.ndarray
    growth: np.ndarray
    multiple: np.ndarray
    payout: np.ndarray
    depreciation_payout: np.ndarray
    tax: np.ndarray
    rate: np.ndarray
    revenue: np.ndarray
    price: np.ndarray
    floor: np.ndarray
    seasons: np.ndarray
    volatility: np.ndarray
    beta: np.ndarray
    noise: np.ndarray
    buys_back: np.ndarray
    retained_share: np.ndarray


_AVERAGES = (
    *("gross", "operating", "turnover", "depreciation", "debt", "cash", "receivables"),
    *("payables", "growth", "multiple", "payout", "volatility", "beta"),
)


def traits_of(companies: Sequence[Company], seed: int) -> Traits:
    z = normals(seed, [c.key for c in companies], "traits", 1, 20)[0].T
    average = {name: np.array([getattr(c.industry, name) for c in companies]) for name in _AVERAGES}
    # Good management shows in margins, and the market pays a higher multiple for it.
    skill = z[0]
    operating = _operating(companies, average["operating"], skill)
    turnover = average["turnover"] * np.exp(0.22 * z[2] + 0.03 * skill)
    balance = _balance(companies, average, turnover, skill, z)
    growth = average["growth"] + 0.022 * z[7] + 0.010 * skill
    multiple = average["multiple"] * np.exp(
        0.20 * z[8] + 0.15 * skill + 2.0 * (growth - average["growth"])
    )
    return Traits(
        gross=_gross(average, operating, z[1]),
        operating=operating,
        turnover=turnover,
        depreciation=average["depreciation"] * np.exp(0.2 * z[9]),
        growth=growth,
        multiple=multiple,
        payout=_payout(companies, average["payout"], z[11]),
        depreciation_payout=np.array([0.55 if c.industry.is_reit else 0.0 for c in companies]),
        tax=np.clip(0.235 + 0.025 * z[12], 0.15, 0.30),
        rate=0.042 + 0.008 * np.abs(z[13]) + 0.03 * np.clip(balance["debt"] - 0.3, 0.0, 0.3),
        revenue=_first_revenue(companies, z[14]),
        price=_first_price(companies, z[15]),
        floor=multiple * np.abs(average["operating"]) * np.where(operating > 0, 0.16, 0.55),
        seasons=_seasons(companies, z[16]),
        volatility=average["volatility"] * np.exp(0.18 * z[17] - 0.05 * skill),
        beta=np.clip(average["beta"] + 0.15 * z[18], 0.2, 2.0),
        buys_back=np.array([roll(c.key, "buys back", 10) < 7 for c in companies]),
        retained_share=np.where(operating > 0, np.clip(0.4 + 0.25 * z[19], -0.2, 1.0), -1.2),
        **balance,
    )


def _balance(
    companies: Sequence[Company],
    average: dict[str, np.ndarray],
    turnover: np.ndarray,
    skill: np.ndarray,
    z: np.ndarray,
) -> dict[str, np.ndarray]:
    """The traits of the balance sheet. Those who work with their customers' money owe all of it but
    an industry's share of equity; only those meant to owe more than they own begin like that."""
    banks = np.array([c.industry.is_unclassified or c.industry.receivables > 1 for c in companies])
    beyond = np.array([c.negative_equity for c in companies])
    debt = _debt(companies, average["debt"], z[3], skill)
    cash = average["cash"] * np.exp(0.45 * z[4])
    deposits = _deposits(average, turnover, cash, debt, z[6])
    payables = np.where(banks, deposits, average["payables"] * np.exp(0.18 * z[6]))
    pensions = np.where(banks, 0.0, 0.05 * np.exp(0.6 * z[10]))
    most = np.maximum(0.82 + cash - payables * turnover - pensions, 0.0)
    return {
        "debt": np.where(beyond, 1.15, np.where(banks, debt, np.minimum(debt, most))),
        "cash": cash,
        "receivables": average["receivables"] * np.exp(np.where(banks, 0.0, 0.20 * z[5])),
        "payables": payables,
        "pensions": pensions,
        "noise": np.where(banks, 0.001, 0.03),
    }


def _operating(companies: Sequence[Company], average: np.ndarray, skill: np.ndarray) -> np.ndarray:
    usual = average + np.abs(average) * 0.30 * skill
    failing = np.array([roll(c.key, "failing", 100) < 2 for c in companies])
    earning = np.array([not c.industry.keeps_no_gross_profit for c in companies])
    strong = np.array([c.negative_equity for c in companies])
    operating = np.where(failing & earning & (average > 0), -0.35 * average, usual)
    return np.where(strong, np.maximum(operating, 1.2 * average), operating)


def _gross(average: dict[str, np.ndarray], operating: np.ndarray, z: np.ndarray) -> np.ndarray:
    usual = average["gross"] * (1 + 0.10 * z) + 0.7 * (operating - average["operating"])
    return np.clip(usual, operating + 0.03, 0.95)


def _debt(
    companies: Sequence[Company], average: np.ndarray, z: np.ndarray, skill: np.ndarray
) -> np.ndarray:
    """Those who earn more can carry more."""
    usual = np.clip(average * np.exp(0.28 * z + 0.16 * skill), 0.01, 0.62)
    free = np.array(
        [roll(c.key, "free of debt", 100) < 7 and c.industry.debt < 0.35 for c in companies]
    )
    return np.where(free, 0.0, usual)


def _deposits(
    average: dict[str, np.ndarray],
    turnover: np.ndarray,
    cash: np.ndarray,
    debt: np.ndarray,
    z: np.ndarray,
) -> np.ndarray:
    """What a bank, insurer or trust owes its customers, so that its equity is the industry's
    share of its assets, give or take a fifth."""
    assets = 1 / average["turnover"]
    equity = 1 + average["cash"] - average["debt"] - average["payables"] / assets
    liabilities = 1 + cash - debt - equity * np.exp(0.2 * z)
    return np.maximum(liabilities, 0.02) / turnover


def _payout(companies: Sequence[Company], average: np.ndarray, z: np.ndarray) -> np.ndarray:
    pays = np.array([c.industry.payout >= 0.3 or roll(c.key, "pays", 10) < 6 for c in companies])
    return np.where(pays, np.clip(average * np.exp(0.25 * z), 0.0, 0.85), 0.0)


def _first_revenue(companies: Sequence[Company], z: np.ndarray) -> np.ndarray:
    """Log-normal, smaller in London and smaller where little revenue carries a high price."""
    usual = np.array([2.2e9 if c.exchange == "XLON" else 4e9 for c in companies])
    worth = np.array([c.industry.multiple * abs(c.industry.operating) for c in companies])
    money = np.array([{"JPY": 140.0, "ISK": 130.0}.get(c.accounts, 1.0) for c in companies])
    return usual * money * np.exp(1.2 * z) * (2.5 / worth) ** 0.6


def _first_price(companies: Sequence[Company], z: np.ndarray) -> np.ndarray:
    usual = np.array(
        [
            {"JPY": 6000.0, "ISK": 7000.0}.get(c.accounts, 6.0 if c.exchange == "XLON" else 52.0)
            for c in companies
        ]
    )
    return usual * np.exp(0.7 * z)


def _seasons(companies: Sequence[Company], z: np.ndarray) -> np.ndarray:
    """Factors of the four quarters of a fiscal year, which average to 1."""
    strength = np.array(
        [
            0.10 if c.industry.name in ("Specialty Retail", "Leisure", "Lodging") else 0.025
            for c in companies
        ]
    )
    wave = np.array([-1.0, -0.2, 0.2, 1.0])[:, None]
    return 1 + wave * strength * np.clip(1 + 0.4 * z, 0.2, 2.0)
