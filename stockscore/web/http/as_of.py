"""The parameters `as_of` and `since`: a page as it was recorded on a past day, and what became of
its stocks since."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from flask import g, request
from werkzeug.routing import RequestRedirect

from stockscore import clock
from stockscore.caching.pages import holds_until, never_changes
from stockscore.services import past_market
from stockscore.services.past_days import RecordedDay, recorded_day
from stockscore.services.past_market import PastMarket
from stockscore.web.http import params
from stockscore.web.http.params import BadParameterError, Query

AS_OF = params.day("as_of")

SINCE = params.choice("since", ("1",))
"""Whether a past page shows what became of its stocks. Without it the page never changes."""

TRUE_FOR = timedelta(minutes=1)
"""How long a page of the last recorded days is kept, to which another exchange may be added."""


class OtherAddress(RequestRedirect):
    """Sends the reader on to the address that is meant: the session before a day without one, the
    ticker that a stock has now."""

    code = 303


@dataclass(slots=True)
class PastRequest:
    """What this request asks of a past day. `found` are the ids of the stocks that it is about,
    once that is known."""

    market: PastMarket
    query: Query
    since: bool
    found: Sequence[int] = field(default_factory=tuple)


def asked_day(query: Query, path: str) -> RecordedDay | None:
    """The session that `as_of` asks for, None where it asks for none. A day without a session leads
    to the page at `path` of the one before.

    Raises `InFutureError` or `BeforeRecordError`."""
    if query["as_of"] is None:
        return None
    now = clock.now()
    found = recorded_day(query["as_of"], now.date())
    if found.session != query["as_of"]:
        raise OtherAddress(query.url(path, as_of=found.session))
    if not found.final:
        holds_until(now + TRUE_FOR)
    return found


def ask_past(query: Query) -> PastRequest | None:
    """What this request asks of a past day, None where it asks of today. What is asked for stands
    from now on for everything that makes the answer (`current_past`).

    Raises `InFutureError`, `BeforeRecordError` or `BadParameterError`."""
    if "as_of" not in query.values:
        return None
    if query["as_of"] is None:
        if query["since"]:
            raise BadParameterError(
                "The parameter “since” is “1”, and “as_of” is not given; since when is not said."
            )
        return None
    day = asked_day(query, request.path)
    if day is None:
        return None
    market = past_market.of_day(day)
    if day.final and not query["since"]:
        never_changes()
    g.past = PastRequest(market, query, bool(query["since"]))
    return current_past()


def current_past() -> PastRequest | None:
    """What this request asks of a past day, once `ask_past` has found that it does."""
    found: PastRequest | None = g.get("past")
    return found
