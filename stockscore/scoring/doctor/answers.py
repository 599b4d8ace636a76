"""Which statements of an answer are believed beside one another, and beside the price: the rules of
`witnesses` asked of an answer, and what follows for its statements."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from stockscore.scoring.assemble import assemble, conversion
from stockscore.scoring.currency import major_unit
from stockscore.scoring.doctor.decisions import NOTHING_DECIDED, Decisions
from stockscore.scoring.doctor.findings import RejectedValue
from stockscore.scoring.doctor.identities import ACCOUNTS, ALIKE, CLOSE, MONEY
from stockscore.scoring.doctor.statements import last_trailing
from stockscore.scoring.doctor.witnesses import Doubt, doubts, is_mislabelled
from stockscore.scoring.inputs import clean
from stockscore.scoring.statements import BALANCES, FIGURES, FLOWS, Period, Statement

QUOTE = ("price", "market_cap", "enterprise_value")
"""Figures that were quoted at one moment, and are of use only together."""
PER_SHARE = ("price", "eps", "dividend_per_share", "shares")
PRICE_MONEY = (*QUOTE, "dividend_per_share")
"""Money in the currency of the price."""

ANSWER_FIELDS = ("fundamentals", "financial_currency", *FIGURES)
"""The fields under which the values of an answer are quarantined."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What is known beside the statements. `price_currency` may be a minor unit; `close_at` gives
    the last good close on or before a day, in that unit; `rate_to(currency)` how many of a currency
    one major unit of the price's is. `quoted_eps` are trailing earnings per share in the major unit
    of the price's currency, which some sources give whatever the accounts are in. A doubt about a
    summary that is not `dated` by the source is one case, however many days it is repeated."""

    price_currency: str
    close_at: Callable[[date], float | None] = lambda _: None
    rate_to: Callable[[str], float | None] = lambda _: None
    quoted_eps: float | None = None
    decisions: Decisions = NOTHING_DECIDED
    dated: bool = True

    def conversion_to(self, currency: str) -> float | None:
        """Units of `currency` for one unit of the price, None where no rate is known."""
        return conversion(currency, self.price_currency, clean(self.rate_to(currency)))


def vet_answer(
    answered: Sequence[Statement], known: Sequence[Statement], around: Surroundings
) -> tuple[list[Statement], list[RejectedValue]]:
    """The statements without the figures that are doubted, and the rejected values.

    `known` are the statements that are stored already: a trailing figure that is doubted is
    replaced by the last good one. Where the accounts as a whole are doubted (their currency, their
    unit) no statement is accepted. Of several trailing statements each is vetted.
    """
    reports = [one for one in answered if one.period is not Period.TRAILING]
    summaries = [one for one in answered if one.period is Period.TRAILING]
    accepted = list(reports)
    rejected: list[RejectedValue] = []
    for summary in sorted(summaries, key=lambda one: (one.period_end, one.known_at)):
        believed = [*known, *accepted]
        until = summary.period_end
        earlier = last_trailing(one for one in believed if one.period_end <= until)
        of_summary, of_sums = _rejected_of(summary, reports, earlier, around)
        rejected += [*of_summary, *of_sums]
        fields, of_reports = ({value.field for value in some} for some in (of_summary, of_sums))
        if (fields | of_reports) & {"fundamentals", "financial_currency"}:
            if reports:
                return [], [_as_kept(value) for value in rejected]
            continue
        per_share = CLOSE in fields | of_reports
        left_out = fields | set(PER_SHARE) if per_share else fields
        of_reports |= left_out if per_share else fields - set(summary.figures)
        accepted = [
            one if one.period is Period.TRAILING else one.without(of_reports) for one in accepted
        ]
        accepted.append(_instead(summary, left_out, None if per_share else earlier))
    return accepted, [_as_kept(value) for value in rejected]


def _rejected_of(
    summary: Statement,
    reports: Sequence[Statement],
    earlier: Statement | None,
    around: Surroundings,
) -> tuple[list[RejectedValue], list[RejectedValue]]:
    """What is rejected of a summary, and what of the sums of the reports that came with it; nothing
    that a person has accepted."""
    summed = assemble([*reports, summary]).figures
    quoted = {**summed, **_known(summary)}
    of_summary = _doubts_of(summary, quoted, around)
    of_sums = _doubts_of_sums(of_summary, summary, summed, around) if reports else []
    session = summary.period_end if around.dated else None

    def values(doubted: Sequence[Doubt], figures: Mapping[str, float]) -> list[RejectedValue]:
        found = (
            value
            for doubt in doubted
            for value in _rejected(doubt, figures, summary.currency, session, earlier)
        )
        return [value for value in found if not is_accepted(_as_kept(value), around.decisions)]

    return values(of_summary, quoted), values(of_sums, summed)


def is_accepted(value: RejectedValue, decisions: Decisions) -> bool:
    """Whether a person has accepted this value."""
    return decisions.accepts(value.field, value.session, value.value)


def _doubts_of_sums(
    known: Sequence[Doubt],
    summary: Statement,
    summed: Mapping[str, float],
    around: Surroundings,
) -> list[Doubt]:
    """The doubts about what the reports add up to that the summary alone does not raise: there the
    source's own figure stands in for the sum."""
    names = {name for doubt in known for name in doubt.names}
    found = _doubts_of(summary, summed, around)
    return [doubt for doubt in found if not names & set(doubt.names)]


def _doubts_of(
    summary: Statement, figures: Mapping[str, float], around: Surroundings
) -> list[Doubt]:
    """The doubts about a trailing statement; `figures` are its own, and of the reports that came
    with it what it does not give."""
    per_unit = around.conversion_to(summary.currency)
    same = major_unit(summary.currency)[0] == major_unit(around.price_currency)[0]
    if not same:
        mislabelled = _label_doubt(figures, summary.currency, around)
        if mislabelled is not None:
            return [mislabelled]
    if per_unit is None:
        # Nothing that is quoted can be held against the accounts, only against itself.
        quoted = doubts(_quoted_alone(figures, summary, around))
        return quoted + doubts({n: v for n, v in figures.items() if n in MONEY})
    values = {
        name: value * per_unit if name in PRICE_MONEY else value for name, value in figures.items()
    }
    close = clean(around.close_at(summary.period_end)) if "price" in values else None
    if close:
        values[CLOSE] = close * per_unit
    if not same:
        # Reports count earnings per share of theirs, which a receipt may be several of.
        values.pop("eps", None)
        rate = clean(around.rate_to(summary.currency))
        if around.quoted_eps and rate:
            values["eps"] = around.quoted_eps * rate
    elif around.quoted_eps and "eps" not in summary.figures:
        values["eps"] = around.quoted_eps
    as_given = {**figures, CLOSE: close} if close else figures
    found = doubts(values, as_given)
    blamed = {name for doubt in found for name in doubt.names}
    if "price" in blamed and close and "price" in values:
        agree = 1 / ALIKE <= values[CLOSE] / values["price"] <= ALIKE
        if agree:
            # The stored closes are on the level that the accounts contradict.
            found.append(Doubt((CLOSE,), found[0].rule, found[0].reason))
    return found


def _quoted_alone(
    figures: Mapping[str, float], summary: Statement, around: Surroundings
) -> dict[str, float]:
    """What is quoted, in the unit of the price."""
    names = (*PRICE_MONEY, "shares")
    values = {name: figures[name] for name in names if name in figures}
    close = clean(around.close_at(summary.period_end))
    if close:
        values[CLOSE] = close
    if around.quoted_eps:
        values["eps"] = around.quoted_eps / major_unit(around.price_currency)[1]
    return values


def _label_doubt(figures: Mapping[str, float], currency: str, around: Surroundings) -> Doubt | None:
    price, cap = figures.get("price"), figures.get("market_cap")
    shares = cap / price if cap and price else figures.get("shares")
    if not shares or around.quoted_eps is None:
        return None
    net_income, rate = figures.get("net_income"), clean(around.rate_to(currency))
    earnings = around.quoted_eps * shares
    if not is_mislabelled(net_income, earnings, rate):
        return None
    paid_in = major_unit(around.price_currency)[0]
    reason = (
        f"The accounts are said to be in {currency}, but net income ({net_income:.6g}) is earnings "
        f"per share times shares in {paid_in} ({earnings:.6g}) without any conversion."
    )
    return Doubt(("financial_currency",), "accounts-label", reason)


def _rejected(
    doubt: Doubt,
    figures: Mapping[str, float],
    currency: str,
    session: date | None,
    earlier: Statement | None,
) -> list[RejectedValue]:
    """The values of a doubt as they are kept."""
    found = []
    for name in doubt.names:
        field, value, last = name, f"{figures.get(name, 0.0):.6g}", None
        if name == ACCOUNTS:
            field, value = "fundamentals", _accounts_in_short(figures)
            last = "those of before" if earlier else None
        elif name == "financial_currency":
            value = currency
        elif earlier is not None and earlier.figures.get(name) is not None:
            last = f"{earlier.figures[name]:.6g}"
        reason = f"{doubt.reason} What was known before stays: {last}." if last else doubt.reason
        found.append(RejectedValue(doubt.rule, field, value, last, reason, session))
    return found


def _accounts_in_short(figures: Mapping[str, float]) -> str:
    """The accounts by the first figure that they give."""
    name = next((name for name in (*FLOWS, *BALANCES) if name in MONEY and name in figures), None)
    return f"{name.replace('_', ' ')} {figures[name]:.6g}" if name else "accounts"


def _as_kept(value: RejectedValue) -> RejectedValue:
    """A close is no figure of a statement: what is held back is all that is per share."""
    if value.field != CLOSE:
        return value
    reason = f"{value.reason} So nothing that is counted per share is used."
    return replace(value, field="fundamentals", value="figures per share", reason=reason)


def _instead(summary: Statement, fields: Collection[str], earlier: Statement | None) -> Statement:
    """The statement without doubted figures; the last good ones stand in for them. What was quoted
    at one moment stays together."""
    if not fields:
        return summary
    left_out = set(fields)
    last = dict(earlier.figures) if earlier and earlier.currency == summary.currency else {}
    if left_out & {"price", "market_cap"} and last.get("price") and last.get("market_cap"):
        left_out |= set(QUOTE)
    kept = {name: value for name, value in summary.figures.items() if name not in left_out}
    stand_in = {name: last[name] for name in left_out & set(summary.figures) if name in last}
    return replace(summary, figures=kept | stand_in)


def _known(statement: Statement) -> dict[str, float]:
    found = ((name, clean(value)) for name, value in statement.figures.items())
    return {name: value for name, value in found if value is not None}
