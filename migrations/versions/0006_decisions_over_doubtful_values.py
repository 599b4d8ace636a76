"""decisions over doubtful values

A quarantined value says which rule caught it, and what a person decided about it.
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

COLUMNS = (
    ("rule", sa.String(40)),
    ("decision", sa.String(8)),
    ("decided_by", sa.String(80)),
    ("decided_at", sa.DateTime(timezone=True)),
)


def upgrade() -> None:
    for name, kind in COLUMNS:
        op.add_column("quarantine", sa.Column(name, kind))


def downgrade() -> None:
    for name, _ in reversed(COLUMNS):
        op.drop_column("quarantine", name)
