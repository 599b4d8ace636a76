"""former tickers

What stocks were called before, when they were followed before they came back, and of which indices
they are members: so that a rename, a removal and a return change nothing about the past.
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


MOMENT = sa.DateTime(timezone=True)


def _id() -> sa.types.TypeEngine:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "former_tickers",
        sa.Column("ticker_key", sa.String(32), nullable=False),
        sa.Column("ticker", sa.String(32), nullable=False),
        sa.Column("stock_id", _id(), nullable=False),
        sa.Column("renamed_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["stock_id"], ["stocks.id"], name=op.f("fk_former_tickers_stock_id_stocks")
        ),
        sa.PrimaryKeyConstraint("stock_id", "renamed_at", name=op.f("pk_former_tickers")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_former_tickers_ticker_key", "former_tickers", ["ticker_key"])
    op.create_table(
        "former_spans",
        sa.Column("stock_id", _id(), nullable=False),
        sa.Column("added_at", MOMENT, nullable=False),
        sa.Column("removed_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["stock_id"], ["stocks.id"], name=op.f("fk_former_spans_stock_id_stocks")
        ),
        sa.PrimaryKeyConstraint("stock_id", "added_at", name=op.f("pk_former_spans")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "index_members",
        sa.Column("index_key", sa.String(64), nullable=False),
        sa.Column("stock_id", _id(), nullable=False),
        sa.Column("since", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["stock_id"], ["stocks.id"], name=op.f("fk_index_members_stock_id_stocks")
        ),
        sa.PrimaryKeyConstraint("index_key", "stock_id", name=op.f("pk_index_members")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("index_members")
    op.drop_table("former_spans")
    op.drop_table("former_tickers")
