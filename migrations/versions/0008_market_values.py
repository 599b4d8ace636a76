"""market values in one currency

A market value is kept in the currency of the company's reports; to order and to screen by it, it is
kept in the base currency too, which the scoring names.
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("scores", sa.Column("market_cap_base", sa.Float()))
    op.add_column("scores", sa.Column("base_currency", sa.String(8)))


def downgrade() -> None:
    op.drop_column("scores", "base_currency")
    op.drop_column("scores", "market_cap_base")
