"""The parameter `as_of`: a page as it was recorded on a past day."""

from __future__ import annotations

from werkzeug.routing import RequestRedirect

from stockscore import clock
from stockscore.services.past_days import RecordedDay, recorded_day
from stockscore.web.http import params
from stockscore.web.http.params import Query

AS_OF = params.day("as_of")


class OtherDay(RequestRedirect):
    """Sends the reader on to the session that is meant by a day without one."""

    code = 303


def asked_day(query: Query, path: str) -> RecordedDay | None:
    """The session that `as_of` asks for, None where it asks for none. A day without a session leads
    to the page at `path` of the one before.

    Raises `InFutureError` or `BeforeRecordError`."""
    if query["as_of"] is None:
        return None
    found = recorded_day(query["as_of"], clock.now().date())
    if found.session != query["as_of"]:
        raise OtherDay(query.url(path, as_of=found.session))
    return found
