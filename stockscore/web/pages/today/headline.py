"""What the front page says in sentences: its headline, and what changes are counted from."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

from stockscore.market.exchanges import EXCHANGES
from stockscore.scoring.signals import SIGNALS
from stockscore.store.pages.editions import EditionRow
from stockscore.web.ui import format as fmt
from stockscore.web.ui.market_strip import Moment

GOOD = SIGNALS[:2]
"""BUY or better."""


def headline(moment: Moment, edition: EditionRow, turned: int) -> str:
    """What the market says, in one sentence from the data; `turned` signals changed."""
    summary, rated = edition.summary, edition.rated
    if not rated:
        return "No stock has the data for a rating yet"
    good = sum(summary.signals.get(signal, 0) for signal in GOOD)
    score = "scores" if good == 1 else "score"
    number = "No" if good == 0 else fmt.count(good)
    stocks = "stock" if rated == 1 else "stocks"
    text = f"{number} of {fmt.count(rated)} rated {stocks} {score} BUY or better"
    before = since(edition)
    if before is None:
        return text
    today = moment.now.astimezone(ZoneInfo(moment.zone)).date()
    when = "today" if summary.day == today else f"since {before}"
    return f"{text}; {fmt.words(turned)} {'signal' if turned == 1 else 'signals'} changed {when}"


def since(edition: EditionRow) -> str | None:
    """What changes are counted from: "Friday’s close", with the date where it is further back;
    "each exchange’s last close" where those are of different days."""
    previous = edition.summary.previous
    if previous is None:
        return None
    if len(set(previous.sessions.values())) > 1:
        return "each exchange’s last close"
    return _close(edition, previous.session)


def since_each(edition: EditionRow) -> str | None:
    """Which close that is of each exchange, a sentence; None where it is the same of all."""
    previous = edition.summary.previous
    if previous is None or len(set(previous.sessions.values())) <= 1:
        return None
    closes = [
        f"{EXCHANGES[mic].city if mic in EXCHANGES else mic} since {_close(edition, session)}"
        for mic, session in sorted(
            previous.sessions.items(), key=lambda item: (item[1], item[0]), reverse=True
        )
    ]
    return f"{'; '.join(closes)}."


def _close(edition: EditionRow, session: date) -> str:
    if (edition.published_at.date() - session).days < 7:
        return f"{session:%A}’s close"
    return f"the close of {fmt.day(session)}"


def subtitle(edition: EditionRow) -> str:
    """The median score against that at the snapshot before, and the sectors at both ends; empty
    where nothing is rated."""
    summary, median = edition.summary, edition.summary.median
    if median is None:
        return ""
    parts = [f"The median score is {fmt.points(median)}{_against(edition)}."]
    sectors = [group for group in summary.sectors if group.median is not None]
    if len(sectors) > 1:
        best, worst = sectors[0].sector, sectors[-1].sector
        parts.append(f"{best} has the highest median, {worst} the lowest.")
    return " ".join(parts)


def _against(edition: EditionRow) -> str:
    median, before = edition.summary.median, edition.summary.previous
    if before is None or before.median is None or median is None:
        return ""
    named = since(edition)
    change = median - before.median
    written = fmt.points(abs(change))
    if written == fmt.points(0):
        return f", as at {named}"
    return f", {written} {'higher' if change > 0 else 'lower'} than at {named}"
