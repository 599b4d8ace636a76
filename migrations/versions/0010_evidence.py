"""the score's own forward record

What each session has shown of each method, and the total returns of the last sessions.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "evidence_days",
        sa.Column("method", sa.String(16), nullable=False),
        sa.Column("session", sa.Date(), nullable=False),
        sa.Column("figures", JSON, nullable=False),
        sa.Column("charged", JSON, nullable=False),
        sa.PrimaryKeyConstraint("method", "session", name=op.f("pk_evidence_days")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "evidence_returns",
        sa.Column("session", sa.Date(), nullable=False),
        sa.Column("stock_ids", sa.LargeBinary(), nullable=False),
        sa.Column("returns", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("session", name=op.f("pk_evidence_returns")),
    )


def downgrade() -> None:
    op.drop_table("evidence_returns")
    op.drop_table("evidence_days")
