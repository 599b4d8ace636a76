"""What every page says of the market and its data: the strip under the masthead, and the menu.

It is read once a request, and with the edition and the URL it is all that a page depends on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from flask import Flask, current_app, g
from sqlalchemy.exc import SQLAlchemyError

from stockscore import clock
from stockscore.caching.pages import holds_until
from stockscore.extensions import db
from stockscore.market.exchanges import EXCHANGES, Exchange
from stockscore.market.hours import MarketStatus, Session, StatusReason, status
from stockscore.services import methods
from stockscore.services.exchanges import HOME
from stockscore.services.past_market import PastMarket
from stockscore.store.pages import editions, market
from stockscore.store.pages.editions import EditionRow
from stockscore.web.http.as_of import current_past
from stockscore.web.http.page import PageDeclaration
from stockscore.web.ui import format as fmt
from stockscore.web.ui.components import ExchangeState, NavItem, Strip


@dataclass(frozen=True, slots=True)
class Moment:
    """What a request sees: the time, the newest edition, and the sessions around now.

    `home` is the exchange whose clock the site shows."""

    now: datetime
    edition: EditionRow | None
    sessions: Mapping[str, Sequence[Session]]
    home: Exchange
    exchanges: tuple[str, ...] = field(default=())

    @property
    def zone(self) -> str:
        """The IANA name of the home exchange's zone."""
        return self.home.timezone

    def status_of(self, mic: str) -> MarketStatus:
        """Whether an exchange is open now."""
        return status(self.sessions.get(mic, ()), self.now, mic)

    def clock_of(self, moment: datetime | None, mic: str) -> str:
        """A moment by the clock of an exchange, which is named where it is not the home's."""
        exchange = EXCHANGES.get(mic, self.home)
        written = fmt.moment_near(moment, self.now, exchange.timezone)
        same = exchange.timezone == self.zone
        return written if same else f"{written} {exchange.city} time"

    def clock(self, moment: datetime | None) -> str:
        """A moment in home time: the time alone for one of today."""
        return fmt.moment_near(moment, self.now, self.zone)


def moment() -> Moment:
    """This request's moment. Two statements at the first call, none after it."""
    if "moment" not in g:
        now = clock.now()
        edition = editions.current()
        mics = _exchanges(edition)
        g.moment = Moment(now, edition, market.sessions_around(now), EXCHANGES[mics[0]], mics)
        holds_until(_next_change(g.moment))
    return g.moment


def _next_change(moment: Moment) -> datetime:
    """When the strip will say something else: an exchange opens or closes, or the day ends."""
    home = ZoneInfo(moment.zone)
    tomorrow = moment.now.astimezone(home).date() + timedelta(days=1)
    changes = [datetime.combine(tomorrow, time(), home)]
    for mic in moment.exchanges:
        status_now = moment.status_of(mic)
        changes += [change for change in (status_now.next_open, status_now.next_close) if change]
    return min(changes)


def _exchanges(edition: EditionRow | None) -> tuple[str, ...]:
    """The exchanges of the market, home first: the first configured one that has stocks, else the
    one with most; without stocks those configured, else one."""
    configured = tuple(current_app.config["EXCHANGES"])
    counted = edition.summary.exchanges if edition else {}
    listed = {mic: exchange.stocks for mic, exchange in counted.items() if mic in EXCHANGES}
    if not listed:
        return configured or (HOME,)

    def place(mic: str) -> tuple[int, int, str]:
        known = configured.index(mic) if mic in configured else len(configured)
        return known, -listed[mic], mic

    return tuple(sorted(listed, key=place))


def exchange_state(moment: Moment, mic: str) -> ExchangeState:
    """Whether an exchange is open, and until or from when by its own clock."""
    exchange = EXCHANGES[mic]
    now = moment.status_of(mic)
    if now.reason is StatusReason.UNKNOWN:
        return ExchangeState(exchange.city, "unknown")
    if now.is_open:
        return ExchangeState(
            exchange.city, "open", f"until {fmt.clock(now.next_close, exchange.timezone)}"
        )
    detail = opening(now, moment.now, exchange.timezone)
    return ExchangeState(exchange.city, "closed", f"opens {detail}" if detail else "")


def opening(market: MarketStatus, now: datetime, zone: str) -> str:
    """When an exchange opens next: "15:30" today, "Wed 09:30" this week, else with the date."""
    if market.next_open is None:
        return ""
    local = market.next_open.astimezone(ZoneInfo(zone))
    today = now.astimezone(ZoneInfo(zone)).date()
    if local.date() == today:
        return f"{local:%H:%M}"
    if local.date() - today < timedelta(days=7):
        return f"{local:%a %H:%M}"
    return f"{fmt.short_day(local.date())}, {local:%H:%M}"


def strip_of(moment: Moment) -> Strip:
    """The strip of a moment."""
    edition = moment.edition
    local = moment.now.astimezone(ZoneInfo(moment.zone))
    today = f"{fmt.weekday(local.date())}, {moment.home.city} time"
    states = tuple(exchange_state(moment, mic) for mic in moment.exchanges)
    if edition is None:
        return Strip(
            simulated=False, today=today, exchanges=states, method=methods.published().version
        )
    return Strip(
        simulated=edition.simulated,
        today=today,
        exchanges=states,
        prices=moment.clock(edition.as_of),
        edition=edition.id,
        published=moment.clock(edition.published_at),
        method=edition.method,
        base_currency=edition.summary.base_currency,
    )


def past_strip(market: PastMarket) -> Strip:
    """The strip of a page that shows a past day."""
    return Strip(
        simulated=market.simulated,
        today="",
        method=market.section.method,
        base_currency=current_app.config["BASE_CURRENCY"],
        past=fmt.day(market.day.session),
    )


def menu_of(pages: Sequence[PageDeclaration]) -> tuple[NavItem, ...]:
    """The menu of these pages."""
    return tuple(
        NavItem(page.title, page.path, page.menu.group, page.menu.priority)
        for page in pages
        if page.menu
    )


def _strip() -> Strip | None:
    """The strip of this request; without a database there is none."""
    if g.get("without_strip"):
        return None
    if asked := current_past():
        return past_strip(asked.market)
    try:
        return strip_of(moment())
    except SQLAlchemyError:
        db.session.rollback()
        return None


def init_app(app: Flask) -> None:
    """Gives every template `nav` and `strip`."""
    menu = menu_of(app.extensions["declared_pages"])
    app.context_processor(lambda: {"nav": menu, "strip": _strip()})
