"""`assemble.inputs_at` for a whole market at once: the same numbers to the bit, in columns."""

from __future__ import annotations

from collections.abc import Sequence
from operator import attrgetter

import numpy as np

from stockscore.scoring.arrays import Flags, Floats
from stockscore.scoring.assemble import SAME_LINE, Reported, conversion
from stockscore.scoring.currency import major_unit
from stockscore.scoring.inputs import CLASSIFIED, RECORDED
from stockscore.scoring.statements import FLOWS

_FLOW_OF = {f"{name}_ttm": name for name in FLOWS}


def input_columns(
    reported: Sequence[Reported],
    prices: Floats,
    price_currencies: Sequence[str],
    dividends_12m: Floats,
    rates: Floats,
) -> dict[str, Floats]:
    """The inputs of n stocks, (n,) under each name of `inputs.RECORDED` and `inputs.CLASSIFIED`,
    NaN where missing; the arguments are those of `inputs_at`, NaN in place of None."""
    columns = {name: figure_column(reported, _FLOW_OF.get(name, name)) for name in RECORDED}
    columns[CLASSIFIED] = np.array(
        [np.nan if known.classified is None else float(known.classified) for known in reported]
    )
    per_unit = _per_unit(reported, price_currencies, rates)
    with np.errstate(all="ignore"):
        columns["tax_rate"] = _tax_rates(reported, columns["tax_rate"])
        dividends = np.where(
            np.isfinite(dividends_12m), dividends_12m, figure_column(reported, "dividend_per_share")
        )
        columns["dividend_per_share_ttm"] = _finite(dividends * per_unit)
        _add_quotes(columns, reported, prices, price_currencies, per_unit)
    return columns


def figure_column(reported: Sequence[Reported], name: str) -> Floats:
    """A figure of each stock's reports, NaN where it is not known."""
    missing = np.nan
    found = [figures.get(name, missing) for figures in map(_FIGURES, reported)]
    return np.array(found, dtype=np.float64)


_FIGURES = attrgetter("figures")


def _per_unit(
    reported: Sequence[Reported], price_currencies: Sequence[str], rates: Floats
) -> Floats:
    """Units of the reports' currency for one unit of the price currency."""
    found: dict[tuple[str | None, str, float], float] = {}
    per_unit = np.empty(len(reported))
    for index, (known, priced_in, rate) in enumerate(
        zip(reported, price_currencies, rates.tolist(), strict=True)
    ):
        key = known.currency, priced_in, rate
        if key not in found:
            value = conversion(known.currency, priced_in, rate if np.isfinite(rate) else None)
            found[key] = np.nan if value is None else value
        per_unit[index] = found[key]
    return per_unit


def _tax_rates(reported: Sequence[Reported], quoted: Floats) -> Floats:
    pretax = figure_column(reported, "pretax_income")
    tax = figure_column(reported, "tax_provision")
    return np.where((pretax > 0) & _known(tax), _finite(tax / pretax), quoted)


def _add_quotes(
    columns: dict[str, Floats],
    reported: Sequence[Reported],
    prices: Floats,
    price_currencies: Sequence[str],
    per_unit: Floats,
) -> None:
    """Puts price, market value, enterprise value and earnings per quoted share in the place of what
    was quoted earlier; `assemble` says why, step by step."""
    then, cap, enterprise = (columns[name] for name in ("price", "market_cap", "enterprise_value"))
    shares = figure_column(reported, "shares")
    minor = np.array([major_unit(code)[1] for code in price_currencies], dtype=np.float64)
    price = np.where(np.isfinite(prices), prices, then)

    quotient = cap / then
    listed = np.where((cap > 0) & (then > 0) & (quotient != 0), quotient, np.nan)
    in_major = (shares != 0) & (minor != 1) & _near(shares * minor / listed)
    cap, listed, enterprise = (
        np.where(in_major, values / minor, values) for values in (cap, listed, enterprise)
    )
    moved = np.where(_known(listed) & _known(price), _finite(cap * (price / then)), cap)
    same_line = ~_known(listed) | _near(shares / listed)
    withheld = _given(shares) & _given(price) & _given(cap) & ~_given(then)
    same_line = np.where(withheld, _near(shares * price / cap), same_line)
    counted = np.where(same_line, _finite(shares * price), np.nan)
    market_cap = np.where(_known(counted), counted, moved)
    follows = _known(enterprise) & _known(cap)
    enterprise = np.where(
        _known(market_cap),
        np.where(follows, _finite(enterprise + market_cap - cap), np.nan),
        enterprise,
    )

    columns["price"] = _finite(price * per_unit)
    columns["market_cap"] = _finite(market_cap * per_unit)
    with_debt = columns["market_cap"] + columns["total_debt"] - columns["cash"]
    enterprise = _finite(enterprise * per_unit)
    columns["enterprise_value"] = np.where(_known(enterprise), enterprise, _finite(with_debt))
    earned = _finite(columns["eps_ttm"] * _shares_for_one(reported, listed))
    quoted = _finite(figure_column(reported, "quoted_eps") * per_unit)
    columns["eps_ttm"] = np.where(_known(earned), earned, quoted)


def _shares_for_one(reported: Sequence[Reported], listed: Floats) -> Floats:
    """Reported shares in one quoted share."""
    counted = np.array(
        [np.nan if known.reported_shares is None else known.reported_shares for known in reported]
    )
    ratio = counted / listed
    return np.where(_known(ratio) & (counted != 0) & ~_near(ratio), ratio, 1.0)


def _near(ratios: Floats) -> Flags:
    return (ratios >= 1 / SAME_LINE) & (ratios <= SAME_LINE)


def _given(values: Floats) -> Flags:
    given: Flags = _known(values) & (values != 0)
    return given


def _known(values: Floats) -> Flags:
    return ~np.isnan(values)


def _finite(values: Floats) -> Floats:
    return np.where(np.isfinite(values), values, np.nan)
