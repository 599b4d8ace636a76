"""Feeds of signal changes (RFC 4287)."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from stockscore.scoring.signals import DISCLAIMER, went_up
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
    newest = max((change.recorded_at for change in changes), default=empty_since)
    return Feed(
        id=_urn(path),
        title=title,
        own_url=path,
        page_url=page,
        updated=exports.moment(newest) or "",
        entries=tuple(map(_entry, changes)),
    )


def _entry(change: SignalChange) -> FeedEntry:
    way = "up" if went_up(change.before, change.after) else "down"
    gained = change.total - change.total_before
    return FeedEntry(
        id=_urn(f"{change.exchange}/{change.ticker}/{change.session}"),
        title=f"{change.ticker}: {change.before} to {change.after}",
        url=fmt.stock_url(change.ticker),
        updated=exports.moment(change.recorded_at) or "",
        text=(
            f"{change.name} went {way} from {change.before} to {change.after} at the close of "
            f"{fmt.day(change.session)}: its score is {fmt.points(change.total)}, "
            f"{fmt.signed(gained)} since the snapshot before. {DISCLAIMER}"
        ),
    )


def _urn(name: str) -> str:
    return f"urn:uuid:{uuid.uuid5(SPACE, name)}"
