"""steps of scores

Why the larger steps of each stock's score happened is kept beside the record, and filled by the
next snapshot. Snapshots of a session are found through the stocks of its exchange, so that the
index by session goes.
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "score_steps",
        sa.Column("stock_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("session", sa.Date(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("price", sa.Integer(), nullable=False),
        sa.Column("statements", sa.Integer(), nullable=False),
        sa.Column("peers", sa.Integer(), nullable=False),
        sa.Column("method", sa.Integer(), nullable=False),
        sa.Column("sentence", sa.Text(), nullable=False),
        sa.Column("short", sa.String(64), nullable=False),
        sa.ForeignKeyConstraint(
            ["stock_id"], ["stocks.id"], name=op.f("fk_score_steps_stock_id_stocks")
        ),
        sa.PrimaryKeyConstraint("stock_id", "session", name=op.f("pk_score_steps")),
        sqlite_with_rowid=False,
    )
    op.drop_index("ix_snapshots_session", table_name="snapshots")


def downgrade() -> None:
    op.create_index("ix_snapshots_session", "snapshots", ["session"])
    op.drop_table("score_steps")
