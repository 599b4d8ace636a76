"""Changes what a cross-section says of a stock: for tests that need figures no market has."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from sqlalchemy import update

from stockscore.extensions import db
from stockscore.store import columns, cross_sections, editions
from stockscore.store.cross_sections import Section
from stockscore.store.models import CrossSection, CrossSectionColumn


def edition() -> Section:
    """What the newest edition says."""
    newest = editions.latest()
    assert newest is not None
    section = cross_sections.of_edition(newest.id)
    assert section is not None
    return section


def rewrite(section: Section, stock_id: int, values: Mapping[str, float | None]) -> None:
    """Gives a stock other values (by key, None for missing) in a cross-section that is whole and
    that no other is kept as a difference from; within the open transaction.

    The day receipt changes too, since processes know by it which columns they have read."""
    assert section.base_id is None
    hanging = db.session.query(CrossSection).filter_by(base_id=section.id)
    assert hanging.first() is None
    current = cross_sections.read(section.id)
    assert current is not None
    index = current.index_of(stock_id)
    assert index is not None
    digest = hashlib.sha256(current.day_receipt.encode())
    for key, value in values.items():
        column = current.column(key)
        assert column is not None, f"the cross-section has no {key}"
        changed = column[:]
        missing = float("nan") if column.typecode == "d" else columns.MISSING
        changed[index] = missing if value is None else value
        of_key = CrossSectionColumn.cross_section_id == section.id, CrossSectionColumn.key == key
        data = columns.pack(changed)
        digest.update(data)
        db.session.execute(update(CrossSectionColumn).where(*of_key).values(data=data))
    receipt = {"day_receipt": digest.hexdigest()}
    db.session.execute(update(CrossSection).where(CrossSection.id == section.id).values(**receipt))
