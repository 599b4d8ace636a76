"""when a company reports"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("stocks", sa.Column("reports_at", sa.DateTime(timezone=True)))


def downgrade() -> None:
    op.drop_column("stocks", "reports_at")
