"""What /evidence says of a record, in whole sentences and in the order of its protocol."""

from __future__ import annotations

import math

from stockscore.scoring.evidence.interval import EARLY, ENOUGH, Interval
from stockscore.scoring.evidence.verdict import (
    HIGHER,
    LIKELY_EFFECT,
    LOWER,
    OUT_OF_ORDER,
    SESSIONS_OF_A_YEAR,
    Placebos,
    Verdict,
)
from stockscore.services.evidence_summary import Earned, EvidenceSummary, HorizonSummary
from stockscore.web.ui import format as fmt

SIMULATED = "This market is simulated: nothing here says anything about real stocks."

FAILED = (
    "A placebo has failed, as the table of placebos shows. Whatever the figures below say, nothing "
    "follows from them until that is understood."
)

HEADLINES = {
    HIGHER: "So far higher scores have come with higher returns",
    LOWER: "So far higher scores have come with lower returns",
    OUT_OF_ORDER: "The evidence is out of order: no verdict",
}


def headline(verdict: Verdict) -> str:
    """The verdict in a few words."""
    return HEADLINES.get(verdict.says, "Too early to tell")


def mean(interval: Interval | None) -> str:
    """A mean IC with half its interval: "+0.012 ± 0.017". Before `EARLY` values it has none."""
    if interval is None:
        return "none yet"
    written = fmt.signed_decimal(interval.mean, 3)
    if interval.count < EARLY:
        return written
    return f"{written} ± {fmt.decimal(interval.half, 3)}"


def reasons(found: EvidenceSummary) -> list[str]:
    """Why the verdict is what it is."""
    verdict = found.verdict
    if verdict.says == OUT_OF_ORDER:
        return [FAILED]
    if verdict.says in (HIGHER, LOWER):
        return _proven(found)
    return [_too_early(verdict), _years(verdict)]


def _proven(found: EvidenceSummary) -> list[str]:
    interval = found.verdict.interval
    if interval is None:
        return []
    said = (
        f"Over {fmt.plural(interval.count, 'date')} the mean IC over 63 sessions is "
        f"{fmt.signed_decimal(interval.mean, 3)}, with an interval from "
        f"{fmt.signed_decimal(interval.low, 3)} to {fmt.signed_decimal(interval.high, 3)}, which "
        "excludes zero. Should it cover zero again, this sentence goes."
    )
    if not found.main.portfolios:
        return [said]
    spread = found.main.portfolios[0].spread
    made = f"{together(spread)}, {a_date(spread)}"
    return [said, f"After costs the highest fifth less the lowest made {made}."]


def _too_early(verdict: Verdict) -> str:
    interval = verdict.interval
    if interval is None:
        return "There is no date yet on which a whole cohort of 63 snapshots met its returns."
    if interval.count < EARLY:
        return (
            f"There are {fmt.plural(interval.count, 'date')} with a value; an interval is shown "
            f"from {EARLY} on, and there is no verdict before {ENOUGH}."
        )
    dates = f"{fmt.plural(interval.count, 'date')}"
    covers = "excludes" if interval.excludes_zero else "covers"
    said = (
        f"After {dates} the interval of the mean IC over 63 sessions {covers} zero: it reaches "
        f"from {fmt.signed_decimal(interval.low, 3)} to {fmt.signed_decimal(interval.high, 3)}."
    )
    if interval.count < ENOUGH:
        said += f" It is early, and there is no verdict before {ENOUGH} dates."
    return said


def _years(verdict: Verdict) -> str:
    likely = fmt.decimal(LIKELY_EFFECT, 2)
    if verdict.smallest is None or verdict.years is None:
        return (
            f"How long it takes to see a mean IC of {likely} is not known before {EARLY} dates "
            "have shown the noise."
        )
    seen = f"The smallest mean IC that could be seen today is {fmt.decimal(verdict.smallest, 3)}. "
    if verdict.years == 0:
        return f"{seen}At the noise so far one of {likely} would have been seen by now."
    return f"{seen}At the noise so far one of {likely} is seen in another {span(verdict.years)}."


def span(years: float) -> str:
    """A time still to go, in sessions below a year."""
    if years < 1:
        return fmt.plural(math.ceil(years * SESSIONS_OF_A_YEAR), "session")
    return f"{fmt.decimal(years, 1)}{fmt.SPACE}years"


def together(earned: Earned) -> str:
    """What returns made together, never a rate of a year: "+1.2 % over 111 dates"."""
    dates = fmt.plural(earned.interval.count, "date")
    return f"{fmt.signed_percent(earned.together)} over {dates}"


def a_date(earned: Earned) -> str:
    """The mean of a date with its interval: "a date +0.010 % ± 0.123 %"."""
    interval = earned.interval
    half = f" ± {fmt.percent(interval.half, 3)}" if interval.count >= EARLY else ", no interval yet"
    return f"a date {fmt.signed_percent(interval.mean, 3)}{half}"


def order(shown: HorizonSummary) -> str:
    """Whether the fifths stand in order."""
    words = {
        "rise": "From the lowest fifth to the highest, returns after costs rise throughout.",
        "fall": "From the lowest fifth to the highest, returns after costs fall throughout.",
        "mixed": "From the lowest fifth to the highest, returns after costs are in no order.",
    }
    return words[shown.portfolios[0].order] if shown.portfolios else ""


def placebo_rows(tests: Placebos) -> tuple[tuple[str, str, str, str], ...]:
    """Name, what must be, mean, and what is, of the two placebos."""
    return (
        (
            "Shuffled",
            "the same scores dealt to other stocks: must cover zero",
            mean(tests.shuffled),
            _state(tests.shuffled_is_nothing, "covers zero", "failed: excludes zero"),
        ),
        (
            "Look-ahead",
            f"knows a part of the coming day: must be found by the {ENOUGH}th value",
            mean(tests.look_ahead),
            _state(tests.look_ahead_is_found, "found", "failed: not found"),
        ),
    )


def _state(passed: bool | None, good: str, bad: str) -> str:
    return "too early to tell" if passed is None else good if passed else bad
