"""cross-sections by column

What 0.1 said of each stock was packed into one run of bytes a stock and session, to be read by the
method table of the day. Here it becomes columns with names; totals, receipts and every value stay
as they were, so that a receipt of 0.1 is still verified by 0.1's rule.
"""

import hashlib
import struct
from array import array
from collections.abc import Iterator, Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from stockscore.store.columns import floats, pack, whole

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
MOMENT = sa.DateTime(timezone=True)

# The layout of 0.1's records, which never changed: a 16-bit layout number, these inputs as float64,
# then of each metric value and sub-score as float64, points as int16 and reason as uint16.
INPUTS = (
    *("price", "market_cap", "enterprise_value", "eps_ttm", "eps_growth", "revenue_ttm"),
    *("gross_profit_ttm", "ebit_ttm", "ebitda_ttm", "net_income_ttm", "cfo_ttm", "fcf_ttm"),
    *("interest_expense_ttm", "tax_rate", "total_assets", "total_liabilities", "total_debt"),
    *("cash", "total_equity", "retained_earnings", "current_assets", "current_liabilities"),
    *("dividend_per_share_ttm", "revenue_growth"),
)
METRICS = (
    *("earnings_yield", "ebitda_to_ev", "fcf_yield", "book_to_price", "peg"),
    *("roic", "gross_profitability", "roe", "net_margin", "cash_conversion", "return_on_assets"),
    *("return_12_1", "return_6_1", "price_vs_sma200", "price_vs_sma50", "rsi_14", "volume_trend"),
    *("debt_to_equity", "net_debt_to_ebitda", "interest_coverage", "current_ratio", "altman_z2"),
    "equity_to_assets",
)
RECORD = struct.Struct(f"<H{len(INPUTS)}d" + "ddhH" * len(METRICS))

SIGNALS = ("STRONG BUY", "BUY", "HOLD", "SELL", "STRONG SELL")
KINDS = ("financial", "real_estate", "utility", "general")
POINTS = ("total", "uncertainty", "value", "quality", "momentum", "health")
RANKS = ("rank", "sector_rank")
FRACTIONS = ("coverage", "percentile", "sector_percentile")


ONLY_IN_SECTIONS = (
    *("kind", "coverage", "percentile", "sector", "sector_percentile", "record"),
    *("known_at", "edition_id"),
)
"""Columns of 0.1's snapshots that only the cross-sections keep."""

ONLY_IN_0_1 = (
    ("kind", sa.String(16), "general"),
    ("coverage", sa.Float(), "0"),
    ("percentile", sa.Float(), None),
    ("sector", sa.String(80), None),
    ("sector_percentile", sa.Float(), None),
    ("record", sa.LargeBinary(), ""),
    ("known_at", MOMENT, "2000-01-01 00:00:00+00"),
    ("edition_id", ID, None),
)
"""The same columns: name, type and what stands in for a value that must be there."""


def upgrade() -> None:
    _create_tables()
    connection = op.get_bind()
    _move_snapshots(connection)
    _move_scores(connection)
    del connection.info["cross_sections"]
    with op.batch_alter_table(
        "snapshots", table_kwargs={"sqlite_with_rowid": False}
    ) as batch:
        batch.drop_constraint("fk_snapshots_edition_id_editions", type_="foreignkey")
        for name in ONLY_IN_SECTIONS:
            batch.drop_column(name)
    with op.batch_alter_table("scores") as batch:
        batch.drop_column("record")


def downgrade() -> None:
    """Back to the tables of 0.1, which cannot read what newer versions recorded: of each snapshot
    the points, ranks and receipt stay, and its record is empty."""
    with op.batch_alter_table("scores") as batch:
        batch.add_column(sa.Column("record", sa.LargeBinary(), nullable=False, server_default=""))
    with op.batch_alter_table(
        "snapshots", table_kwargs={"sqlite_with_rowid": False}
    ) as batch:
        for name, kind, empty in ONLY_IN_0_1:
            batch.add_column(sa.Column(name, kind, nullable=empty is None, server_default=empty))
        batch.create_foreign_key(
            "fk_snapshots_edition_id_editions", "editions", ["edition_id"], ["id"]
        )
    for table in ("reported_figures", "price_windows", "cross_section_columns", "cross_sections"):
        op.drop_table(table)


def _create_tables() -> None:
    op.create_table(
        "cross_sections",
        sa.Column("id", ID, primary_key=True),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("edition_id", ID, sa.ForeignKey("editions.id"), index=True),
        sa.Column("exchange", sa.String(8)),
        sa.Column("session", sa.Date()),
        sa.Column("method", sa.String(16), nullable=False),
        sa.Column("published", sa.Boolean(), nullable=False),
        sa.Column("known_at", MOMENT, nullable=False),
        sa.Column("stocks", sa.Integer(), nullable=False),
        sa.Column("stock_ids", sa.LargeBinary(), nullable=False),
        sa.Column("labels", JSON, nullable=False),
        sa.Column("base_id", ID, sa.ForeignKey("cross_sections.id")),
        sa.Column("receipt_rule", sa.String(8), nullable=False),
        sa.Column("day_receipt", sa.String(64), nullable=False),
        sa.UniqueConstraint("exchange", "session", "method"),
        sa.Index(None, "kind", "session"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "cross_section_columns",
        sa.Column(
            "cross_section_id",
            ID,
            sa.ForeignKey("cross_sections.id", ondelete="CASCADE"),
            primary_key=True,
        ),
        sa.Column("key", sa.String(48), primary_key=True),
        sa.Column("typecode", sa.String(1), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "price_windows",
        sa.Column("stock_id", ID, sa.ForeignKey("stocks.id"), primary_key=True),
        sa.Column("data", sa.LargeBinary(), nullable=False),
    )
    op.create_table(
        "reported_figures",
        sa.Column("stock_id", ID, sa.ForeignKey("stocks.id"), primary_key=True),
        sa.Column("known_at", MOMENT, nullable=False),
        sa.Column("split_on", sa.Date()),
        sa.Column("currency", sa.String(8)),
        sa.Column("reported_shares", sa.Float()),
        sa.Column("newest_end", sa.Date()),
        sa.Column("classified", sa.Boolean()),
        sa.Column("figures", sa.Text(), nullable=False),
        sa.Column("quoted_growth", sa.Text(), nullable=False),
        sa.Column("yearly_growth", sa.Text(), nullable=False),
    )


def _tables(connection: sa.Connection, *names: str) -> list[sa.Table]:
    """The tables as they are now, so that dates and moments are read as such; read once."""
    metadata = connection.info.setdefault("cross_sections", sa.MetaData())
    return [sa.Table(name, metadata, autoload_with=connection) for name in names]


def _move_snapshots(connection: sa.Connection) -> None:
    """A cross-section for each exchange, session and method of the snapshots."""
    snapshots, stocks = _tables(connection, "snapshots", "stocks")
    joined = snapshots.join(stocks, stocks.c.id == snapshots.c.stock_id)
    group = (snapshots.c.session, stocks.c.exchange, snapshots.c.method)
    groups = connection.execute(
        sa.select(*group, sa.func.max(snapshots.c.known_at))
        .select_from(joined)
        .group_by(*group)
        .order_by(*group)
    ).all()
    for session, exchange, method, known_at in groups:
        query = (
            sa.select(snapshots, stocks.c.ticker)
            .select_from(joined)
            .where(snapshots.c.session == session, snapshots.c.method == method)
            .where(stocks.c.exchange == exchange)
            .order_by(snapshots.c.stock_id)
        )
        rows = connection.execute(query).mappings().all()
        which = {"session": session, "exchange": exchange, "method": method}
        _insert(connection, {"kind": "snapshot", **which, "known_at": known_at}, rows, {})


def _move_scores(connection: sa.Connection) -> None:
    """The cross-section of the newest edition."""
    scores, stocks, editions = _tables(connection, "scores", "stocks", "editions")
    newest = connection.execute(sa.select(editions).order_by(editions.c.id.desc()).limit(1)).first()
    if newest is None:
        return
    query = (
        sa.select(scores, stocks.c.ticker, stocks.c.name, stocks.c.exchange)
        .select_from(scores.join(stocks, stocks.c.id == scores.c.stock_id))
        .order_by(scores.c.stock_id)
    )
    rows = connection.execute(query).mappings().all()
    header = {
        "kind": "edition",
        "edition_id": newest.id,
        "method": newest.method,
        "known_at": newest.known_at,
    }
    changes = ("change_1", "change_7", "change_30", "change_90", "price_change")
    exchanges = sorted({row["exchange"] for row in rows})
    more = {name: floats(row[name] for row in rows) for name in changes}
    more |= {
        "previous_rank": whole((row["previous_rank"] for row in rows), "i"),
        "previous_signal": whole(_codes(rows, "previous_signal", SIGNALS)),
        "exchange": whole(_codes(rows, "exchange", exchanges)),
        "ticker_order": _order(rows, "ticker"),
        "name_order": _order(rows, "name"),
    }
    for name in ("price_session", "statements_end"):
        more[name] = whole((row[name].toordinal() if row[name] else None for row in rows), "i")
    _insert(connection, header, rows, more, {"exchange": exchanges})


def _order(rows: list, name: str) -> array:
    """The place of each row in the order of a text."""
    places = array("i", [0] * len(rows))
    for place, index in enumerate(sorted(range(len(rows)), key=lambda index: rows[index][name])):
        places[index] = place
    return places


def _columns_of(rows: list) -> dict[str, array]:
    """The columns of some rows of 0.1, by key."""
    columns = {name: floats(row[name] for row in rows) for name in FRACTIONS}
    columns |= {name: whole(row[name] for row in rows) for name in POINTS}
    columns |= {name: whole((row[name] for row in rows), "i") for name in RANKS}
    columns["quoted_price"] = floats(row["price"] for row in rows)
    columns["signal"] = whole(_codes(rows, "signal", SIGNALS))
    columns["kind"] = whole(_codes(rows, "kind", KINDS))
    columns["sector"] = whole(_codes(rows, "sector", _sectors(rows)))
    values = list(zip(*(RECORD.unpack(row["record"]) for row in rows), strict=True))
    if not values:
        return columns
    # The first of each is the layout's number.
    for place, name in enumerate(INPUTS, start=1):
        columns[name] = array("d", values[place])
    place = 1 + len(INPUTS)
    for metric in METRICS:
        columns[f"{metric}.value"] = array("d", values[place])
        columns[f"{metric}.sub_score"] = array("d", values[place + 1])
        columns[f"{metric}.points"] = array("h", values[place + 2])
        columns[f"{metric}.reason"] = array("h", values[place + 3])
        place += 4
    return columns


def _sectors(rows: list) -> tuple[str, ...]:
    return tuple(sorted({row["sector"] for row in rows if row["sector"]}))


def _codes(rows: list, name: str, words: Sequence[str]) -> Iterator[int | None]:
    places = {word: place for place, word in enumerate(words)}
    return (places.get(row[name]) for row in rows)


def _insert(
    connection: sa.Connection, header: dict, rows: list, more: dict, labels: dict | None = None
) -> None:
    """One cross-section of some rows of 0.1, with `more` columns beside those that all have."""
    sections, kept = _tables(connection, "cross_sections", "cross_section_columns")
    lines = sorted(f"{row['ticker']} {row['receipt']}" for row in rows)
    values = {
        **header,
        "published": True,
        "stocks": len(rows),
        "stock_ids": pack(array("i", (row["stock_id"] for row in rows))),
        "labels": {"signal": SIGNALS, "kind": KINDS, "sector": _sectors(rows), **(labels or {})},
        "receipt_rule": "0.1",
        "day_receipt": hashlib.sha256("\n".join(lines).encode()).hexdigest(),
    }
    section_id = connection.execute(sections.insert().values(values)).inserted_primary_key[0]
    columns = {**_columns_of(rows), **more}
    connection.execute(
        kept.insert(),
        [
            {
                "cross_section_id": section_id,
                "key": key,
                "typecode": column.typecode,
                "data": pack(column),
            }
            for key, column in columns.items()
        ],
    )
