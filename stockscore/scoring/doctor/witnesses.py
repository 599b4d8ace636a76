"""Several witnesses of one number: which figures contradict the others of their company.

Where two of three witnesses agree, the third is doubted. Where nobody can tell which is wrong, none
of them is believed.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from math import inf

from stockscore.scoring.doctor.identities import (
    ALIKE,
    BY_KEY,
    CLAIMS,
    CLOSE,
    EARNINGS,
    FRACTIONS,
    IDENTITIES,
    NET_VALUE,
    Identity,
)

_CONDITIONS = {key for identity in IDENTITIES for key in identity.where}
_VOTING = [
    identity
    for identity in IDENTITIES
    if identity.low > 0
    and not identity.where
    and identity.key not in _CONDITIONS
    and identity is not EARNINGS
]
"""By what a figure is judged: the agreement of earnings within a narrow bound, not a wide one."""

LABEL_STEP = 3.0
"""A conversion that puts two readings of the earnings this far apart, where they agree without it,
was not needed: the accounts are in the currency of the price already."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """Figures that are not believed (or `identities.ACCOUNTS`, `identities.CLOSE`), the rule, and
    the reason, in sentences."""

    names: tuple[str, ...]
    rule: str
    reason: str


def doubts(values: Mapping[str, float], as_given: Mapping[str, float] | None = None) -> list[Doubt]:
    """What is doubted of the figures of one company at one moment.

    All money is in one currency and its major unit; names are those of `statements.FIGURES`,
    `identities.CLOSE`, and `eps` on the quoted share. Reasons quote the figures `as_given`, which
    may be in several units.
    """
    values = _with_sums(values)
    broken = [identity for identity in IDENTITIES if _is_broken(identity, values)]
    found = []
    while broken:
        blamed = _blamed(broken, values)
        of_blamed = [identity for identity in broken if identity.suspects & blamed]
        found.append(_doubt(blamed, of_blamed[0], values, {**values, **(as_given or {})}))
        broken = [identity for identity in broken if not identity.suspects & blamed]
    return found + _odd_fractions(values)


def _with_sums(values: Mapping[str, float]) -> dict[str, float]:
    """The values with liabilities plus equity, and with market value plus debt less cash where both
    are smaller than the market value and leave half of it: the difference of two large figures, as
    banks have them, bears witness of nothing."""
    found = dict(values)
    liabilities, equity = values.get("total_liabilities"), values.get("total_equity")
    if liabilities is not None and equity is not None:
        found[CLAIMS] = liabilities + equity
    cap, debt, cash = (values.get(name) for name in ("market_cap", "total_debt", "cash"))
    if cap and debt is not None and cash is not None and max(debt, cash) < cap:
        net_value = cap + debt - cash
        if net_value > cap / 2:
            found[NET_VALUE] = net_value
    return found


def _is_broken(identity: Identity, values: Mapping[str, float]) -> bool:
    if not identity.binding or identity.holds(values) is not False:
        return False
    if not all(BY_KEY[key].holds(values) for key in identity.where):
        return False
    if not identity.excused_by:
        return True
    return not BY_KEY[identity.excused_by].holds(values)


def _blamed(broken: list[Identity], values: Mapping[str, float]) -> frozenset[str]:
    """What explains most of what is broken; of several, what most other witnesses speak against."""
    suspects = {name for identity in broken for name in identity.suspects}
    most = max(_named(name, broken) for name in suspects)
    left = {name for name in suspects if _named(name, broken) == most}
    standing = {name: _standing(name, values) for name in left}
    least = min(standing.values())
    left = {name for name in left if standing[name] == least}
    # A quote and a close of which nobody else tells: the bars were vetted, the quote was not.
    return frozenset(left - {CLOSE} if "price" in left else left)


def _named(name: str, broken: Collection[Identity]) -> int:
    return sum(name in identity.suspects for identity in broken)


def _standing(name: str, values: Mapping[str, float]) -> int:
    """Witnesses for a figure less those against it. What holds without bounds on both sides speaks
    for nothing."""
    standing = 0
    for identity in _VOTING:
        if name in identity.suspects:
            holds = identity.holds(values)
            standing += (holds is True and identity.high < inf) - (holds is False)
    return standing


def _doubt(
    blamed: frozenset[str],
    identity: Identity,
    values: Mapping[str, float],
    as_given: Mapping[str, float],
) -> Doubt:
    shown = {name: f"{as_given[name]:.6g}" for name in identity.names}
    reason = identity.text.format(ratio=f"{identity.ratio(values):.3g}", **shown)
    if len(blamed) > 1:
        reason += " Which of them is wrong cannot be told, so none is used."
    return Doubt(tuple(sorted(blamed)), identity.rule, reason)


def _odd_fractions(values: Mapping[str, float]) -> list[Doubt]:
    found = []
    for name, (low, high) in FRACTIONS.items():
        value = values.get(name)
        if value is not None and not low <= value <= high:
            words = {"eps_growth": "Growth of earnings per share", "tax_rate": "A tax rate"}
            reason = (
                f"{words.get(name, 'Growth of revenue')} of {value:g} would be "
                f"{100 * value:,.0f} %, which looks like per cent where a fraction belongs."
            )
            found.append(Doubt((name,), "fraction", reason))
    return found


def is_mislabelled(net_income: float | None, earnings: float | None, rate: float | None) -> bool:
    """Whether the accounts are in the currency of the price, although they are said to be in
    another one.

    `net_income` is of the accounts; `earnings` are earnings per share times shares in the currency
    of the price, and `rate` is how many of the accounts' currency one of it is (None: unknown). The
    two are one figure after conversion. Where they are one figure without it, the label is wrong;
    without a rate nobody can say that it is right.
    """
    if not net_income or not earnings or net_income * earnings < 0:
        return False
    quotient = net_income / earnings
    if not 1 / ALIKE <= quotient <= ALIKE:
        return False
    return rate is None or not 1 / LABEL_STEP < quotient / rate < LABEL_STEP
