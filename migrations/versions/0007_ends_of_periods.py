"""ends of periods

A summary says to which day its twelve months go, a report which figures of earlier versions it
withdraws (names, with spaces between), and kept figures when their periods ended. Those
that are kept have no ends: they are derived, and made anew when scores are next computed.
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("statements", sa.Column("covers_to", sa.Date()))
    op.add_column("statements", sa.Column("withdrawn", sa.Text()))
    op.execute("DELETE FROM reported_figures")
    op.add_column("reported_figures", sa.Column("ends", sa.Text(), nullable=False, server_default=""))
    with op.batch_alter_table("reported_figures") as batch:
        batch.alter_column("ends", server_default=None)


def downgrade() -> None:
    op.execute("DELETE FROM reported_figures")
    op.drop_column("reported_figures", "ends")
    op.drop_column("statements", "withdrawn")
    op.drop_column("statements", "covers_to")
