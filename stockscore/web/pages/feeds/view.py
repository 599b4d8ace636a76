"""Feeds of signal changes (RFC 4287)."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from stockscore.scoring.signals import DISCLAIMER, SIGNALS
from stockscore.store.pages.signals import SignalChange
from stockscore.web.ui import exports
from stockscore.web.ui import format as fmt

SPACE = uuid.uuid5(uuid.NAMESPACE_URL, "https://github.com/stockscore/signals")
"""Ids of entries are made from this and what they tell, so that an entry keeps its id wherever the
site stands."""


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """One change."""

    id: str
    title: str
    url: str
    updated: str
    text: str


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed; `updated` is that of its newest entry."""

    id: str
    title: str
    own_url: str
    page_url: str
    updated: str
    entries: tuple[FeedEntry, ...]


def feed(
    title: str, path: str, page: str, changes: Sequence[SignalChange], empty_since: datetime
) -> Feed:
    """The feed of these changes."""
    newest = max((one.recorded_at for one in changes), default=empty_since)
    return Feed(
        id=_urn(path),
        title=title,
        own_url=path,
        page_url=page,
        updated=exports.moment(newest) or "",
        entries=tuple(map(_entry, changes)),
    )


def _entry(one: SignalChange) -> FeedEntry:
    rose = SIGNALS.index(one.after) < SIGNALS.index(one.before)
    way = "up" if rose else "down"
    return FeedEntry(
        id=_urn(f"{one.exchange}/{one.ticker}/{one.session}"),
        title=f"{one.ticker}: {one.before} to {one.after}",
        url=fmt.stock_url(one.ticker),
        updated=exports.moment(one.recorded_at) or "",
        text=(
            f"{one.name} went {way} from {one.before} to {one.after} at the close of "
            f"{fmt.day(one.session)}: its score is {fmt.points(one.total)}, "
            f"{fmt.signed(one.total - one.total_before)} since the snapshot before. {DISCLAIMER}"
        ),
    )


def _urn(name: str) -> str:
    return f"urn:uuid:{uuid.uuid5(SPACE, name)}"
