"""what readers keep"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "readers",
        sa.Column("id", ID, primary_key=True),
        sa.Column("key_digest", sa.String(64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("key_digest", name="uq_readers_key_digest"),
    )
    op.create_table(
        "watchlists",
        sa.Column("id", ID, primary_key=True),
        sa.Column("reader_id", ID, sa.ForeignKey("readers.id"), nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("feed_key", sa.String(32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("reader_id", "name", name="uq_watchlists_reader_id_name"),
        sa.UniqueConstraint("feed_key", name="uq_watchlists_feed_key"),
    )
    op.create_table(
        "watchlist_entries",
        sa.Column("watchlist_id", ID, sa.ForeignKey("watchlists.id"), primary_key=True),
        sa.Column("stock_id", ID, sa.ForeignKey("stocks.id"), primary_key=True),
        sa.Column("note", sa.Text()),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_table(
        "positions",
        sa.Column("reader_id", ID, sa.ForeignKey("readers.id"), primary_key=True),
        sa.Column("stock_id", ID, sa.ForeignKey("stocks.id"), primary_key=True),
        sa.Column("shares", sa.Float(), nullable=False),
        sa.Column("average_price", sa.Float()),
        sa.Column("note", sa.Text()),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
    )


def downgrade() -> None:
    for table in ("positions", "watchlist_entries", "watchlists", "readers"):
        op.drop_table(table)
