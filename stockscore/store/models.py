"""The tables. Units: money is plain money of the stated currency, ratios are fractions, points are
integers in hundredths (7223 = 72.23), moments are aware UTC, a session is its exchange's date."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Date,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from stockscore.extensions import Model
from stockscore.store.summary import EditionSummary
from stockscore.store.types import Json, Line, Lines, Summary, UtcDateTime

Id = BigInteger().with_variant(Integer(), "sqlite")
"""SQLite counts up by itself only in a column that is exactly INTEGER PRIMARY KEY."""


class Stock(Model):
    """A company's listing. `ticker_key` is the spelling-free form that look-ups use. A removed
    stock keeps its history, and is neither refreshed, scored nor ranked."""

    __tablename__ = "stocks"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    ticker: Mapped[str] = mapped_column(Line(32), unique=True)
    ticker_key: Mapped[str] = mapped_column(Line(32), unique=True)
    symbol: Mapped[str] = mapped_column(Line(32))
    name: Mapped[str] = mapped_column(Line(200))
    search_text: Mapped[str] = mapped_column(Line(300))
    exchange: Mapped[str] = mapped_column(Line(8), index=True)
    currency: Mapped[str] = mapped_column(Line(8))
    financial_currency: Mapped[str | None] = mapped_column(Line(8))
    sector: Mapped[str | None] = mapped_column(Line(80), index=True)
    industry: Mapped[str | None] = mapped_column(Line(120))
    isin: Mapped[str | None] = mapped_column(Line(12), index=True)
    source: Mapped[str] = mapped_column(Line(16))
    listed_on: Mapped[date | None] = mapped_column(Date)
    delisted_on: Mapped[date | None] = mapped_column(Date)
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)
    removed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reports_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class FormerTicker(Model):
    """What a stock was called until a moment."""

    __tablename__ = "former_tickers"
    __table_args__ = ({"sqlite_with_rowid": False},)

    stock_id: Mapped[int] = mapped_column(ForeignKey("stocks.id"), primary_key=True)
    renamed_at: Mapped[datetime] = mapped_column(UtcDateTime, primary_key=True)
    ticker_key: Mapped[str] = mapped_column(Line(32), index=True)
    ticker: Mapped[str] = mapped_column(Line(32))


class FormerSpan(Model):
    """When a stock was followed before it was removed and came back."""

    __tablename__ = "former_spans"
    __table_args__ = ({"sqlite_with_rowid": False},)

    stock_id: Mapped[int] = mapped_column(ForeignKey("stocks.id"), primary_key=True)
    added_at: Mapped[datetime] = mapped_column(UtcDateTime, primary_key=True)
    removed_at: Mapped[datetime] = mapped_column(UtcDateTime)


class IndexMember(Model):
    """A stock that was on the list of an index when that was last asked for."""

    __tablename__ = "index_members"
    __table_args__ = ({"sqlite_with_rowid": False},)

    index_key: Mapped[str] = mapped_column(Line(64), primary_key=True)
    stock_id: Mapped[int] = mapped_column(ForeignKey("stocks.id"), primary_key=True)
    since: Mapped[datetime] = mapped_column(UtcDateTime)


class StoredBar(Model):
    """One session of one stock, raw, with its actions (see `providers.base.StoredBar`)."""

    __tablename__ = "bars"
    __table_args__ = ({"sqlite_with_rowid": False},)

    stock_id: Mapped[int] = mapped_column(ForeignKey("stocks.id"), primary_key=True)
    session: Mapped[date] = mapped_column(Date, primary_key=True)
    open: Mapped[float | None] = mapped_column(Float)
    high: Mapped[float | None] = mapped_column(Float)
    low: Mapped[float | None] = mapped_column(Float)
    close: Mapped[float] = mapped_column(Float)
    volume: Mapped[float | None] = mapped_column(Float)
    dividend: Mapped[float] = mapped_column(Float, default=0.0, server_default="0")
    split: Mapped[float] = mapped_column(Float, default=1.0, server_default="1")
    adjustment: Mapped[float] = mapped_column(Float, default=1.0, server_default="1")
    source: Mapped[str] = mapped_column(Line(16))


class StoredStatement(Model):
    """A report of one period, kept with the moment it became known to us. Rows are never changed: a
    restatement is a new row with a later `known_at`."""

    __tablename__ = "statements"
    __table_args__ = (UniqueConstraint("stock_id", "period", "period_end", "known_at"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    stock_id: Mapped[int] = mapped_column(ForeignKey("stocks.id"))
    period: Mapped[str] = mapped_column(Line(8))
    period_end: Mapped[date] = mapped_column(Date)
    known_at: Mapped[datetime] = mapped_column(UtcDateTime)
    currency: Mapped[str] = mapped_column(Line(8))
    source: Mapped[str] = mapped_column(Line(16))
    figures: Mapped[dict[str, Any]] = mapped_column(Json)
    covers_to: Mapped[date | None] = mapped_column(Date)
    withdrawn: Mapped[str | None] = mapped_column(Text)


class FxRate(Model):
    """Units of `quote` for one `base` on a day."""

    __tablename__ = "fx_rates"

    base: Mapped[str] = mapped_column(Line(8), primary_key=True)
    quote: Mapped[str] = mapped_column(Line(8), primary_key=True)
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    rate: Mapped[float] = mapped_column(Float)
    source: Mapped[str] = mapped_column(Line(16))


class Fetch(Model):
    """The last attempt to get `what` ("prices", "fundamentals") of a stock, and the last success.

    `state` is "ok", "partial", "quarantined" or the `state` of a provider error; `message` is the
    sentence that pages show."""

    __tablename__ = "fetches"

    stock_id: Mapped[int] = mapped_column(ForeignKey("stocks.id"), primary_key=True)
    what: Mapped[str] = mapped_column(Line(16), primary_key=True)
    attempted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    succeeded_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    state: Mapped[str] = mapped_column(Line(16))
    message: Mapped[str | None] = mapped_column(Lines)
    source: Mapped[str] = mapped_column(Line(16))


class Edition(Model):
    """One published scoring of the whole universe; the id only grows.

    `as_of` is the newest moment of the prices in it, `known_at` the moment up to which reports
    counted, `fingerprint` a digest of all inputs (an unchanged one publishes nothing), `summary`
    what lists and the front page show of the whole market."""

    __tablename__ = "editions"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    published_at: Mapped[datetime] = mapped_column(UtcDateTime)
    as_of: Mapped[datetime | None] = mapped_column(UtcDateTime)
    known_at: Mapped[datetime] = mapped_column(UtcDateTime)
    method: Mapped[str] = mapped_column(Line(16))
    fingerprint: Mapped[str] = mapped_column(Line(64))
    simulated: Mapped[bool]
    stocks: Mapped[int]
    rated: Mapped[int]
    summary: Mapped[EditionSummary] = mapped_column(Summary)


class CacheEpoch(Model):
    """One clear of the page cache; the id only grows (see `store.epochs`)."""

    __tablename__ = "cache_epochs"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    cleared_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ScoreColumns:
    """What a score and a snapshot of it have in common, in this order."""

    total: Mapped[int | None]
    uncertainty: Mapped[int | None]
    signal: Mapped[str | None] = mapped_column(Line(16))
    value: Mapped[int | None]
    quality: Mapped[int | None]
    momentum: Mapped[int | None]
    health: Mapped[int | None]
    rank: Mapped[int | None]
    sector_rank: Mapped[int | None]
    price: Mapped[float | None] = mapped_column(Float)
    method: Mapped[str] = mapped_column(Line(16))
    receipt: Mapped[str] = mapped_column(Line(16))


class Score(ScoreColumns, Model):
    """The current score of a stock, with all that lists sort and filter by, precomputed.

    `price_session` is the session of `price`; `change_N` is against the last snapshot on or before
    N calendar days ago; `previous_*` is the last daily snapshot's. All changes are hundredths.
    `market_cap` is in the currency of the reports, `market_cap_base` in `base_currency`."""

    __tablename__ = "scores"
    __table_args__ = (
        Index(None, "rank"),
        Index(None, "sector", "rank"),
        Index(None, "signal", "rank"),
        Index(None, "change_1"),
        Index(None, "change_7"),
        Index(None, "change_30"),
        Index(None, "change_90"),
        Index(None, "value"),
        Index(None, "quality"),
        Index(None, "momentum"),
        Index(None, "health"),
    )

    stock_id: Mapped[int] = mapped_column(ForeignKey("stocks.id"), primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"))
    kind: Mapped[str] = mapped_column(Line(16))
    coverage: Mapped[float] = mapped_column(Float)
    percentile: Mapped[float | None] = mapped_column(Float)
    sector: Mapped[str | None] = mapped_column(Line(80))
    sector_percentile: Mapped[float | None] = mapped_column(Float)
    price_session: Mapped[date | None] = mapped_column(Date)
    price_change: Mapped[float | None] = mapped_column(Float)
    market_cap: Mapped[float | None] = mapped_column(Float)
    market_cap_base: Mapped[float | None] = mapped_column(Float)
    base_currency: Mapped[str | None] = mapped_column(Line(8))
    statements_end: Mapped[date | None] = mapped_column(Date)
    reason: Mapped[str | None] = mapped_column(Lines)
    change_1: Mapped[int | None]
    change_7: Mapped[int | None]
    change_30: Mapped[int | None]
    change_90: Mapped[int | None]
    previous_signal: Mapped[str | None] = mapped_column(Line(16))
    previous_rank: Mapped[int | None]


class Snapshot(ScoreColumns, Model):
    """The score of a stock at the end of a session: appended, never changed."""

    __tablename__ = "snapshots"
    __table_args__ = ({"sqlite_with_rowid": False},)

    stock_id: Mapped[int] = mapped_column(ForeignKey("stocks.id"), primary_key=True)
    session: Mapped[date] = mapped_column(Date, primary_key=True)


class ScoreStep(Model):
    """Why the score of a stock moved from its snapshot of the session `since` to that of `session`:
    derived from the record for the larger steps, so that its page need not read so much of it. The
    parts are in hundredths."""

    __tablename__ = "score_steps"
    __table_args__ = ({"sqlite_with_rowid": False},)

    stock_id: Mapped[int] = mapped_column(ForeignKey("stocks.id"), primary_key=True)
    session: Mapped[date] = mapped_column(Date, primary_key=True)
    since: Mapped[date] = mapped_column(Date)
    price: Mapped[int]
    statements: Mapped[int]
    peers: Mapped[int]
    method: Mapped[int]
    sentence: Mapped[str] = mapped_column(Lines)
    short: Mapped[str] = mapped_column(Line(64))


class CrossSection(Model):
    """All that was said of all stocks at one moment, by column (see `store.cross_sections`).

    `kind` is "edition" (of all exchanges), "snapshot" (of one `exchange` at one `session`) or
    "moves" (why the scores of an edition changed, of all exchanges).
    `published` is False for what a shadow method said. `stock_ids` is a packed column of ids in
    rising order; `labels` maps the keys of columns that hold codes to what the codes stand for.
    `base_id` is the cross-section from which this one's columns are kept as differences.
    `receipt_rule` says how the receipts of its stocks are made ("0.1", or "1" with keys),
    `day_receipt` is the digest over all of them, or over the columns where there are none."""

    __tablename__ = "cross_sections"
    __table_args__ = (
        UniqueConstraint("exchange", "session", "method"),
        Index(None, "kind", "session"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    kind: Mapped[str] = mapped_column(Line(8))
    edition_id: Mapped[int | None] = mapped_column(ForeignKey("editions.id"), index=True)
    exchange: Mapped[str | None] = mapped_column(Line(8))
    session: Mapped[date | None] = mapped_column(Date)
    method: Mapped[str] = mapped_column(Line(16))
    published: Mapped[bool]
    known_at: Mapped[datetime] = mapped_column(UtcDateTime)
    stocks: Mapped[int]
    stock_ids: Mapped[bytes] = mapped_column(LargeBinary)
    labels: Mapped[dict[str, Any]] = mapped_column(Json)
    base_id: Mapped[int | None] = mapped_column(ForeignKey("cross_sections.id"))
    receipt_rule: Mapped[str] = mapped_column(Line(8))
    day_receipt: Mapped[str] = mapped_column(Line(64))


class CrossSectionColumn(Model):
    """One column of a cross-section: `typecode` is that of `array.array` and `data` what
    `store.columns.pack` gave, or "t" and what `pack_texts` gave."""

    __tablename__ = "cross_section_columns"
    __table_args__ = ({"sqlite_with_rowid": False},)

    cross_section_id: Mapped[int] = mapped_column(
        ForeignKey("cross_sections.id", ondelete="CASCADE"), primary_key=True
    )
    key: Mapped[str] = mapped_column(Line(48), primary_key=True)
    typecode: Mapped[str] = mapped_column(Line(1))
    data: Mapped[bytes] = mapped_column(LargeBinary)


class EvidenceDay(Model):
    """What a session has shown of the record of a method, derived from snapshots and bars:
    `figures` by horizon and series (`scoring.evidence.series`), `charged` the ids of stocks whose
    end was assumed at it."""

    __tablename__ = "evidence_days"
    __table_args__ = ({"sqlite_with_rowid": False},)

    method: Mapped[str] = mapped_column(Line(16), primary_key=True)
    session: Mapped[date] = mapped_column(Date, primary_key=True)
    figures: Mapped[dict[str, Any]] = mapped_column(Json)
    charged: Mapped[list[Any]] = mapped_column(Json)


class EvidenceReturns(Model):
    """The total returns of a session, of the last sessions only: those that the evidence of the
    next one needs. `stock_ids` and `returns` are little-endian int32 and float64; the id of a stock
    whose return was assumed is below zero."""

    __tablename__ = "evidence_returns"

    session: Mapped[date] = mapped_column(Date, primary_key=True)
    stock_ids: Mapped[bytes] = mapped_column(LargeBinary)
    returns: Mapped[bytes] = mapped_column(LargeBinary)


class PriceWindow(Model):
    """The last sessions of a stock as scoring reads them; derived from its bars (see
    `store.price_windows`)."""

    __tablename__ = "price_windows"

    stock_id: Mapped[int] = mapped_column(ForeignKey("stocks.id"), primary_key=True)
    data: Mapped[bytes] = mapped_column(LargeBinary)


class ReportedFigures(Model):
    """The assembled figures of a stock's reports; derived from its statements and splits (see
    `store.reported_figures`). `known_at` is the moment of the newest statement in them, `split_on`
    the session of the newest split, `ends` the ends of the periods that the figures are of."""

    __tablename__ = "reported_figures"

    stock_id: Mapped[int] = mapped_column(ForeignKey("stocks.id"), primary_key=True)
    known_at: Mapped[datetime] = mapped_column(UtcDateTime)
    split_on: Mapped[date | None] = mapped_column(Date)
    currency: Mapped[str | None] = mapped_column(Line(8))
    reported_shares: Mapped[float | None] = mapped_column(Float)
    newest_end: Mapped[date | None] = mapped_column(Date)
    classified: Mapped[bool | None]
    figures: Mapped[str] = mapped_column(Text)
    quoted_growth: Mapped[str] = mapped_column(Text)
    yearly_growth: Mapped[str] = mapped_column(Text)
    ends: Mapped[str] = mapped_column(Text)


class SnapshotDay(Model):
    """Whether a session's snapshot was taken ("taken") or is a gap ("gap", with its reason)."""

    __tablename__ = "snapshot_days"

    exchange: Mapped[str] = mapped_column(Line(8), primary_key=True)
    session: Mapped[date] = mapped_column(Date, primary_key=True)
    state: Mapped[str] = mapped_column(Line(8))
    stocks: Mapped[int]
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    reason: Mapped[str | None] = mapped_column(Lines)


class ExchangeSession(Model):
    """One session of an exchange's calendar, kept by commands and the scheduler for the pages."""

    __tablename__ = "exchange_sessions"

    exchange: Mapped[str] = mapped_column(Line(8), primary_key=True)
    session: Mapped[date] = mapped_column(Date, primary_key=True)
    opens_at: Mapped[datetime] = mapped_column(UtcDateTime)
    closes_at: Mapped[datetime] = mapped_column(UtcDateTime)
    break_starts_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    break_ends_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class JobRun(Model):
    """One run of a job or a command: "running", then "done", "failed" or "skipped".

    `exchange` is the one that a refresh is of, None where it is of all."""

    __tablename__ = "job_runs"
    __table_args__ = (Index(None, "started_at"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    job: Mapped[str] = mapped_column(Line(32))
    slot: Mapped[str | None] = mapped_column(Line(64), unique=True)
    exchange: Mapped[str | None] = mapped_column(Line(8))
    state: Mapped[str] = mapped_column(Line(8))
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    expected: Mapped[int] = mapped_column(default=0)
    updated: Mapped[int] = mapped_column(default=0)
    unchanged: Mapped[int] = mapped_column(default=0)
    failed: Mapped[int] = mapped_column(default=0)
    quarantined: Mapped[int] = mapped_column(default=0)
    message: Mapped[str | None] = mapped_column(Lines)
    error: Mapped[str | None] = mapped_column(Lines)


class RefreshChunk(Model):
    """A part of a refresh that one worker does at a time, stock by stock.

    `tasks` are `[stock id, [what to fetch, …]]`, `size` their number, the first `done` of them have
    been dealt with. `state` is "waiting", "running", then "done" or "failed" (given up; `message`
    says why). `job_id` is the job that is to do it, `holder` the execution that does, until
    `lease_until` at least. `attempts` counts the executions since the last stock."""

    __tablename__ = "refresh_chunks"

    run_id: Mapped[int] = mapped_column(ForeignKey("job_runs.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    tasks: Mapped[list[Any]] = mapped_column(Json)
    size: Mapped[int]
    state: Mapped[str] = mapped_column(Line(8))
    done: Mapped[int] = mapped_column(default=0)
    attempts: Mapped[int] = mapped_column(default=0)
    job_id: Mapped[str] = mapped_column(Line(96))
    holder: Mapped[str | None] = mapped_column(Line(40))
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    updated: Mapped[int] = mapped_column(default=0)
    unchanged: Mapped[int] = mapped_column(default=0)
    failed: Mapped[int] = mapped_column(default=0)
    quarantined: Mapped[int] = mapped_column(default=0)
    message: Mapped[str | None] = mapped_column(Lines)

    @property
    def is_open(self) -> bool:
        """Whether something is left to be done."""
        return self.state in ("waiting", "running")

    def is_held(self, now: datetime) -> bool:
        """Whether an execution has it that may be alive."""
        return self.state == "running" and self.lease_until is not None and self.lease_until > now


class Quarantine(Model):
    """A quarantined value; the last good one stays in use. `rule` is a key of
    `scoring.doctor.rules`. `resolved_at` is set once a later answer was accepted, or once a person
    has decided: then `decision` is "accepted" or "refused", by whom and when. "mended" is what the
    program has put right by itself."""

    __tablename__ = "quarantine"
    __table_args__ = (Index(None, "stock_id", "field"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    stock_id: Mapped[int] = mapped_column(ForeignKey("stocks.id"))
    field: Mapped[str] = mapped_column(Line(40))
    value: Mapped[str | None] = mapped_column(Lines)
    last_good: Mapped[str | None] = mapped_column(Lines)
    reason: Mapped[str] = mapped_column(Lines)
    source: Mapped[str] = mapped_column(Line(16))
    session: Mapped[date | None] = mapped_column(Date)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    resolved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    rule: Mapped[str | None] = mapped_column(Line(40))
    decision: Mapped[str | None] = mapped_column(Line(8))
    decided_by: Mapped[str | None] = mapped_column(Line(80))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Reader(Model):
    """A browser that keeps something here. Its key is in its cookie alone; this is the SHA-256."""

    __tablename__ = "readers"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    key_digest: Mapped[str] = mapped_column(Line(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Watchlist(Model):
    """A named list of a reader. `feed_key` opens its feed to programs without the cookie."""

    __tablename__ = "watchlists"
    __table_args__ = (UniqueConstraint("reader_id", "name"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    reader_id: Mapped[int] = mapped_column(ForeignKey("readers.id"))
    name: Mapped[str] = mapped_column(Line(60))
    feed_key: Mapped[str] = mapped_column(Line(32), unique=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class WatchlistEntry(Model):
    """A stock on a watchlist, with what its reader noted."""

    __tablename__ = "watchlist_entries"

    watchlist_id: Mapped[int] = mapped_column(ForeignKey("watchlists.id"), primary_key=True)
    stock_id: Mapped[int] = mapped_column(ForeignKey("stocks.id"), primary_key=True)
    note: Mapped[str | None] = mapped_column(Lines)
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Position(Model):
    """Shares that a reader says to hold. `average_price` is what one cost, in the currency in which
    the stock is quoted; None where the reader did not say."""

    __tablename__ = "positions"

    reader_id: Mapped[int] = mapped_column(ForeignKey("readers.id"), primary_key=True)
    stock_id: Mapped[int] = mapped_column(ForeignKey("stocks.id"), primary_key=True)
    shares: Mapped[float] = mapped_column(Float)
    average_price: Mapped[float | None] = mapped_column(Float)
    note: Mapped[str | None] = mapped_column(Lines)
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)
