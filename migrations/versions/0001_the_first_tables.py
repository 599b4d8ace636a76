"""the first tables"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

# The types as the database sees them; names of constraints follow `extensions.Base`.
ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "stocks",
        sa.Column("id", ID, primary_key=True),
        sa.Column("ticker", sa.String(32), unique=True, nullable=False),
        sa.Column("ticker_key", sa.String(32), unique=True, nullable=False),
        sa.Column("symbol", sa.String(32), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("search_text", sa.String(300), nullable=False),
        sa.Column("exchange", sa.String(8), index=True, nullable=False),
        sa.Column("currency", sa.String(8), nullable=False),
        sa.Column("financial_currency", sa.String(8)),
        sa.Column("sector", sa.String(80), index=True),
        sa.Column("industry", sa.String(120)),
        sa.Column("isin", sa.String(12), index=True),
        sa.Column("source", sa.String(16), nullable=False),
        sa.Column("listed_on", sa.Date()),
        sa.Column("delisted_on", sa.Date()),
        sa.Column("added_at", MOMENT, nullable=False),
        sa.Column("removed_at", MOMENT),
    )
    op.create_table(
        "bars",
        sa.Column("stock_id", ID, sa.ForeignKey("stocks.id"), primary_key=True),
        sa.Column("session", sa.Date(), primary_key=True),
        sa.Column("open", sa.Float()),
        sa.Column("high", sa.Float()),
        sa.Column("low", sa.Float()),
        sa.Column("close", sa.Float(), nullable=False),
        sa.Column("volume", sa.Float()),
        sa.Column("dividend", sa.Float(), server_default="0", nullable=False),
        sa.Column("split", sa.Float(), server_default="1", nullable=False),
        sa.Column("adjustment", sa.Float(), server_default="1", nullable=False),
        sa.Column("source", sa.String(16), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "statements",
        sa.Column("id", ID, primary_key=True),
        sa.Column("stock_id", ID, sa.ForeignKey("stocks.id"), nullable=False),
        sa.Column("period", sa.String(8), nullable=False),
        sa.Column("period_end", sa.Date(), nullable=False),
        sa.Column("known_at", MOMENT, nullable=False),
        sa.Column("currency", sa.String(8), nullable=False),
        sa.Column("source", sa.String(16), nullable=False),
        sa.Column("figures", JSON, nullable=False),
        sa.UniqueConstraint("stock_id", "period", "period_end", "known_at"),
    )
    op.create_table(
        "fx_rates",
        sa.Column("base", sa.String(8), primary_key=True),
        sa.Column("quote", sa.String(8), primary_key=True),
        sa.Column("day", sa.Date(), primary_key=True),
        sa.Column("rate", sa.Float(), nullable=False),
        sa.Column("source", sa.String(16), nullable=False),
    )
    op.create_table(
        "fetches",
        sa.Column("stock_id", ID, sa.ForeignKey("stocks.id"), primary_key=True),
        sa.Column("what", sa.String(16), primary_key=True),
        sa.Column("attempted_at", MOMENT, nullable=False),
        sa.Column("succeeded_at", MOMENT),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("message", sa.Text()),
        sa.Column("source", sa.String(16), nullable=False),
    )
    op.create_table(
        "quarantine",
        sa.Column("id", ID, primary_key=True),
        sa.Column("stock_id", ID, sa.ForeignKey("stocks.id"), nullable=False),
        sa.Column("field", sa.String(40), nullable=False),
        sa.Column("value", sa.Text()),
        sa.Column("last_good", sa.Text()),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("source", sa.String(16), nullable=False),
        sa.Column("session", sa.Date()),
        sa.Column("seen_at", MOMENT, nullable=False),
        sa.Column("resolved_at", MOMENT),
        sa.Index(None, "stock_id", "field"),
    )
    op.create_table(
        "exchange_sessions",
        sa.Column("exchange", sa.String(8), primary_key=True),
        sa.Column("session", sa.Date(), primary_key=True),
        sa.Column("opens_at", MOMENT, nullable=False),
        sa.Column("closes_at", MOMENT, nullable=False),
        sa.Column("break_starts_at", MOMENT),
        sa.Column("break_ends_at", MOMENT),
    )
    op.create_table(
        "editions",
        sa.Column("id", ID, primary_key=True),
        sa.Column("published_at", MOMENT, nullable=False),
        sa.Column("as_of", MOMENT),
        sa.Column("known_at", MOMENT, nullable=False),
        sa.Column("method", sa.String(16), nullable=False),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("simulated", sa.Boolean(), nullable=False),
        sa.Column("stocks", sa.Integer(), nullable=False),
        sa.Column("rated", sa.Integer(), nullable=False),
        sa.Column("summary", JSON, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "cache_epochs",
        sa.Column("id", ID, primary_key=True),
        sa.Column("cleared_at", MOMENT, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "scores",
        sa.Column("stock_id", ID, sa.ForeignKey("stocks.id"), primary_key=True),
        sa.Column("edition_id", ID, sa.ForeignKey("editions.id"), nullable=False),
        sa.Column("price_session", sa.Date()),
        sa.Column("price_change", sa.Float()),
        sa.Column("market_cap", sa.Float()),
        sa.Column("statements_end", sa.Date()),
        sa.Column("reason", sa.Text()),
        sa.Column("change_1", sa.Integer(), index=True),
        sa.Column("change_7", sa.Integer(), index=True),
        sa.Column("change_30", sa.Integer(), index=True),
        sa.Column("change_90", sa.Integer(), index=True),
        sa.Column("previous_signal", sa.String(16)),
        sa.Column("previous_rank", sa.Integer()),
        *score_columns(),
        sa.Index(None, "rank"),
        sa.Index(None, "sector", "rank"),
        sa.Index(None, "signal", "rank"),
        sa.Index(None, "value"),
        sa.Index(None, "quality"),
        sa.Index(None, "momentum"),
        sa.Index(None, "health"),
    )
    op.create_table(
        "snapshots",
        sa.Column("stock_id", ID, sa.ForeignKey("stocks.id"), primary_key=True),
        sa.Column("session", sa.Date(), primary_key=True, index=True),
        sa.Column("known_at", MOMENT, nullable=False),
        sa.Column("edition_id", ID, sa.ForeignKey("editions.id")),
        *score_columns(),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "snapshot_days",
        sa.Column("exchange", sa.String(8), primary_key=True),
        sa.Column("session", sa.Date(), primary_key=True),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("stocks", sa.Integer(), nullable=False),
        sa.Column("recorded_at", MOMENT, nullable=False),
        sa.Column("reason", sa.Text()),
    )
    op.create_table(
        "job_runs",
        sa.Column("id", ID, primary_key=True),
        sa.Column("job", sa.String(32), nullable=False),
        sa.Column("slot", sa.String(64), unique=True),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("started_at", MOMENT, index=True, nullable=False),
        sa.Column("ended_at", MOMENT),
        sa.Column("expected", sa.Integer(), nullable=False),
        sa.Column("updated", sa.Integer(), nullable=False),
        sa.Column("unchanged", sa.Integer(), nullable=False),
        sa.Column("failed", sa.Integer(), nullable=False),
        sa.Column("quarantined", sa.Integer(), nullable=False),
        sa.Column("message", sa.Text()),
        sa.Column("error", sa.Text()),
    )


def score_columns() -> list[sa.Column]:
    """What a score and a snapshot of it have in common."""
    return [
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("total", sa.Integer()),
        sa.Column("uncertainty", sa.Integer()),
        sa.Column("coverage", sa.Float(), nullable=False),
        sa.Column("signal", sa.String(16)),
        sa.Column("value", sa.Integer()),
        sa.Column("quality", sa.Integer()),
        sa.Column("momentum", sa.Integer()),
        sa.Column("health", sa.Integer()),
        sa.Column("rank", sa.Integer()),
        sa.Column("percentile", sa.Float()),
        sa.Column("sector", sa.String(80)),
        sa.Column("sector_rank", sa.Integer()),
        sa.Column("sector_percentile", sa.Float()),
        sa.Column("price", sa.Float()),
        sa.Column("method", sa.String(16), nullable=False),
        sa.Column("receipt", sa.String(16), nullable=False),
        sa.Column("record", sa.LargeBinary(), nullable=False),
    ]


def downgrade() -> None:
    for table in (
        "job_runs",
        "snapshot_days",
        "snapshots",
        "scores",
        "cache_epochs",
        "editions",
        "exchange_sessions",
        "quarantine",
        "fetches",
        "fx_rates",
        "statements",
        "bars",
        "stocks",
    ):
        op.drop_table(table)
