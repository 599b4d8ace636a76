"""Cross-sections: all that was said of all stocks at one moment, read and written by column.

A reader asks for keys (`total`, `signal`, `roe.value`) and gets a column each, in the order of the
stocks' ids, or None where the cross-section has no such key. So a method with other metrics needs
no other layout: what was said under an older one stays readable.
"""

from __future__ import annotations

import hashlib
import threading
from array import array
from bisect import bisect_left
from collections import OrderedDict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, RowMapping, delete, event, func, insert, select, tuple_
from sqlalchemy.orm import Session, SessionTransaction

from stockscore.extensions import db
from stockscore.store import columns
from stockscore.store.models import CrossSection, CrossSectionColumn
from stockscore.store.portions import portions

EDITION, SNAPSHOT, MOVES = "edition", "snapshot", "moves"

PUBLISHED = CrossSection.kind == SNAPSHOT, CrossSection.published.is_(True)
"""What is asked of a cross-section to be the snapshot of a published method."""

_TEXTS = "t"
"""Type of a column of texts."""

SESSIONS_OF_ONE_BASE = 20
"""So many snapshots are kept as differences from one that is whole."""

REMEMBERED_BYTES = 16 * 2**20
"""What the columns that a process remembers may take; those of an edition of 10,000 stocks take
seven million bytes."""

REMEMBERED_SECTIONS = 500
"""Cross-sections that a process remembers without their columns."""

if TYPE_CHECKING:
    Column = array[Any]
else:
    # An array takes no type argument before Python 3.12.
    Column = array


@dataclass(slots=True)
class Section:
    """A cross-section as it is read. `stock_ids` are in rising order, and every column has one
    value for each of them; `labels` gives the words of columns that hold codes. The columns are
    shared among threads: nobody may change them."""

    id: int
    kind: str
    edition_id: int | None
    exchange: str | None
    session: date | None
    method: str
    published: bool
    known_at: datetime
    stock_ids: array[int]
    labels: Mapping[str, Sequence[str]]
    base_id: int | None
    receipt_rule: str
    day_receipt: str
    _columns: dict[str, Column | None] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.stock_ids)

    def index_of(self, stock_id: int) -> int | None:
        """The place of a stock in every column, None where it was not in the market."""
        index = bisect_left(self.stock_ids, stock_id)
        found = index < len(self.stock_ids) and self.stock_ids[index] == stock_id
        return index if found else None

    def columns(self, keys: Iterable[str]) -> dict[str, Column | None]:
        """These columns by key, None for a key that the cross-section lacks. One statement for
        those that nobody has asked for yet."""
        keys = list(keys)
        lacking = [key for key in keys if key not in self._columns]
        if lacking:
            # Two threads may read the same column at once, and one of them wins: they are equal.
            self._columns.update(_read_columns(self, lacking))
            _remembered.trim()
        return {key: self._columns[key] for key in keys}

    @property
    def bytes_read(self) -> int:
        """What the columns that were read take in memory."""
        columns = list(self._columns.values())
        return sum(len(column) * column.itemsize for column in columns if column is not None)

    def column(self, key: str) -> Column | None:
        """One column."""
        return self.columns([key])[key]

    def all_columns(self) -> dict[str, Column]:
        """Every column that there is."""
        query = select(CrossSectionColumn.key).filter_by(cross_section_id=self.id)
        keys = list(db.session.scalars(query))
        return {key: column for key, column in self.columns(keys).items() if column is not None}

    def values_of(self, index: int, keys: Iterable[str]) -> dict[str, float | None]:
        """The values of one stock by key, None where they are missing."""
        return {
            key: None if column is None else columns.known(column[index], column.typecode)
            for key, column in self.columns(keys).items()
        }

    def words(self, key: str) -> list[str | None]:
        """A column of codes as what the codes stand for, None where they are missing."""
        codes, labels = self.column(key), self.labels.get(key, ())
        if codes is None:
            return [None] * len(self)
        return [labels[code] if code >= 0 else None for code in codes]


_HEADER = tuple(
    getattr(CrossSection, name) for name in Section.__dataclass_fields__ if name != "_columns"
)


def _section(header: RowMapping) -> Section:
    return Section(**{**header, "stock_ids": _stock_ids(header["stock_ids"])})


@lru_cache(maxsize=16)
def _stock_ids(kept: bytes) -> array[int]:
    """The ids of a market; sessions in a row have the same ones, and share them."""
    return columns.unpack(kept, "i")


def _read_columns(section: Section, keys: Sequence[str]) -> dict[str, Column | None]:
    query = select(
        CrossSectionColumn.key, CrossSectionColumn.typecode, CrossSectionColumn.data
    ).where(CrossSectionColumn.cross_section_id == section.id, CrossSectionColumn.key.in_(keys))
    rows = db.session.execute(query).all()
    base = read(section.base_id) if section.base_id is not None and rows else None
    bases = base.columns([row.key for row in rows]) if base else {}
    found: dict[str, Column | None] = dict.fromkeys(keys)
    for key, typecode, data in rows:
        older = bases.get(key)
        same_type = older is not None and older.typecode == typecode
        found[key] = columns.unpack(data, typecode, older if same_type else None)
    return found


_Identity = tuple[str, int, datetime, str]
"""Database, number, moment and day receipt: a number alone may come again in another database."""


class _Remembered:
    """The cross-sections that a process has read last; one that is written never changes."""

    def __init__(self) -> None:
        self._sections: OrderedDict[_Identity, Section] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, identity: _Identity) -> Section | None:
        with self._lock:
            found = self._sections.get(identity)
            if found is not None:
                self._sections.move_to_end(identity)
            return found

    def put(self, identity: _Identity, section: Section) -> None:
        with self._lock:
            self._sections[identity] = section
            while len(self._sections) > REMEMBERED_SECTIONS:
                self._sections.popitem(last=False)

    def trim(self) -> None:
        """Forgets those that were not asked for longest, until the others fit into the memory."""
        with self._lock:
            taken = {key: section.bytes_read for key, section in self._sections.items()}
            over = sum(taken.values()) - REMEMBERED_BYTES
            for identity in list(self._sections)[:-1]:
                if over <= 0:
                    break
                if taken[identity]:
                    over -= taken[identity]
                    del self._sections[identity]

    def clear(self) -> None:
        with self._lock:
            self._sections.clear()


_remembered = _Remembered()

_WRITES = "stockscore_writes_cross_sections"


@event.listens_for(Session, "after_soft_rollback")
def _forget(session: Session, _rolled_back: SessionTransaction) -> None:
    """A transaction that wrote a cross-section may have read it too, and the next one may give its
    number to another."""
    if session.info.pop(_WRITES, False):
        _remembered.clear()


def _found(*conditions: ColumnElement[bool]) -> list[Section]:
    """The cross-sections that fit, by their numbers; those that this process knows are not read
    again."""
    url = str(db.engine.url)
    query = select(CrossSection.id, CrossSection.known_at, CrossSection.day_receipt)
    identities: dict[int, _Identity] = {
        row.id: (url, *row)
        for row in db.session.execute(query.where(*conditions).order_by(CrossSection.id))
    }
    known = {key: _remembered.get(identity) for key, identity in identities.items()}
    new = [key for key, section in known.items() if section is None]
    for some in portions(new):
        headers = select(*_HEADER).where(CrossSection.id.in_(some))
        for header in db.session.execute(headers).mappings():
            section = known[header["id"]] = _section(header)
            _remembered.put(identities[section.id], section)
    return [section for section in known.values() if section is not None]


def _first(*conditions: ColumnElement[bool]) -> Section | None:
    found = _found(*conditions)
    return found[0] if found else None


def _by(method: str | None) -> ColumnElement[bool]:
    """What was published, or what the shadow `method` said."""
    return CrossSection.published.is_(True) if method is None else CrossSection.method == method


def read(section_id: int) -> Section | None:
    """A cross-section by its number."""
    return _first(CrossSection.id == section_id)


def of_edition(edition_id: int, method: str | None = None) -> Section | None:
    """What an edition says: what was published, or what the shadow `method` says; None where it was
    put away because newer ones are published."""
    return _first(CrossSection.edition_id == edition_id, CrossSection.kind == EDITION, _by(method))


def shadows_of_edition(edition_id: int) -> list[Section]:
    """What shadow methods say of the market of an edition."""
    return _found(
        CrossSection.edition_id == edition_id,
        CrossSection.kind == EDITION,
        CrossSection.published.is_(False),
    )


def key_of_move(days: int, what: str) -> str:
    """The key of a column of the reasons of an edition's moves over so many days: "since" (the
    number of the cross-section that a stock is compared with), a cause (its part of the change in
    hundredths, as it is) or "sentence"."""
    return f"why_{days}.{what}"


def moves_of(edition_id: int) -> Section | None:
    """Why the scores of an edition moved; None where that is not kept (yet, or any more)."""
    return _first(CrossSection.edition_id == edition_id, CrossSection.kind == MOVES)


def texts(section: Section, key: str) -> list[str]:
    """A column of texts, empty ones where there is none."""
    query = select(CrossSectionColumn.data).filter_by(
        cross_section_id=section.id, key=key, typecode=_TEXTS
    )
    kept = db.session.scalar(query)
    return [""] * len(section) if kept is None else columns.unpack_texts(kept)


def of_session(exchange: str, session: date, method: str | None = None) -> Section | None:
    """What was recorded at a session of an exchange, or what the shadow `method` said then."""
    return _first(CrossSection.exchange == exchange, CrossSection.session == session, _by(method))


def of_sessions(wanted: Collection[tuple[str, date]]) -> dict[tuple[str, date], Section]:
    """What was published at sessions, by exchange and session; without those that have none."""
    if not wanted:
        return {}
    found = _found(
        tuple_(CrossSection.exchange, CrossSection.session).in_(sorted(wanted)),
        CrossSection.published.is_(True),
    )
    return {
        (section.exchange, section.session): section
        for section in found
        if section.exchange is not None and section.session is not None
    }


def _values(
    kept: bytes, typecode: str, indices: Sequence[int] | None, base: Column | None = None
) -> Column:
    if indices is None:
        return columns.unpack(kept, typecode, base)
    return columns.pick(kept, typecode, indices, base)


@dataclass(frozen=True, slots=True)
class Excerpt:
    """The columns of some `keys` of a cross-section, at some `indices` (None: at all)."""

    section: Section
    indices: Sequence[int] | None
    keys: Collection[str]


def excerpts(wanted: Sequence[Excerpt]) -> list[dict[str, Column]]:
    """The values of each excerpt by key, in the order of its indices; without keys that its
    cross-section lacks. One statement for all of them, and nothing is remembered: this is for a few
    stocks or columns of many cross-sections."""
    owners = {excerpt.section.base_id or excerpt.section.id for excerpt in wanted}
    owners |= {excerpt.section.id for excerpt in wanted}
    keys = {key for excerpt in wanted for key in excerpt.keys}
    if not keys:
        return [{} for _ in wanted]
    query = select(CrossSectionColumn.__table__).where(
        CrossSectionColumn.cross_section_id.in_(owners), CrossSectionColumn.key.in_(keys)
    )
    kept: dict[int, dict[str, tuple[str, bytes]]] = {owner: {} for owner in owners}
    for owner, key, typecode, data in db.session.execute(query):
        kept[owner][key] = typecode, data
    older: dict[tuple[int, str, tuple[int, ...] | None], Column] = {}

    def base_of(excerpt: Excerpt, key: str, typecode: str) -> Column | None:
        base_id = excerpt.section.base_id
        if base_id is None or kept[base_id].get(key, ("",))[0] != typecode:
            return None
        # Cross-sections in a row have one base, so that its values are needed again and again.
        asked = base_id, key, None if excerpt.indices is None else tuple(excerpt.indices)
        if asked not in older:
            older[asked] = _values(kept[base_id][key][1], typecode, excerpt.indices)
        return older[asked]

    return [
        {
            key: _values(data, typecode, excerpt.indices, base_of(excerpt, key, typecode))
            for key in excerpt.keys
            if key in kept[excerpt.section.id]
            for typecode, data in (kept[excerpt.section.id][key],)
        }
        for excerpt in wanted
    ]


def newest_on_or_before(day: date) -> list[Section]:
    """Of each exchange what was published at its last session on or before a day."""
    newest = (
        select(CrossSection.exchange, func.max(CrossSection.session))
        .where(*PUBLISHED, CrossSection.session <= day)
        .group_by(CrossSection.exchange)
    )
    return _found(tuple_(CrossSection.exchange, CrossSection.session).in_(newest), *PUBLISHED)


def published_on(session: date) -> list[Section]:
    """What was published at a session, of each exchange, in the order of their codes."""
    found = _found(*PUBLISHED, CrossSection.session == session)
    return sorted(found, key=lambda section: section.exchange or "")


def published_since(day: date, exchange: str = "") -> list[Section]:
    """What was published at the sessions from a day on, of all exchanges or of one."""
    conditions = [*PUBLISHED, CrossSection.session >= day]
    if exchange:
        conditions.append(CrossSection.exchange == exchange)
    return _found(*conditions)


def recorded_between(method: str, first: date, last: date) -> list[Section]:
    """What a version of the method said at the sessions from one date to another, published or as
    a shadow, of all exchanges."""
    return _found(
        CrossSection.kind == SNAPSHOT,
        CrossSection.method == method,
        CrossSection.session.between(first, last),
    )


def published_sessions() -> list[date]:
    """All sessions of any exchange of which anything was published, oldest first."""
    query = select(CrossSection.session).where(*PUBLISHED)
    return sorted(day for day in db.session.scalars(query.distinct()) if day is not None)


def last_sessions() -> dict[str, date]:
    """The last session of each exchange of which anything was published."""
    query = (
        select(CrossSection.exchange, func.max(CrossSection.session))
        .where(*PUBLISHED)
        .group_by(CrossSection.exchange)
    )
    return {exchange: last for exchange, last in db.session.execute(query) if exchange and last}


def recorded_by_method() -> dict[str, tuple[date, date, int]]:
    """By version of the method the first and the last session that has a snapshot made by it, and
    the number of such sessions."""
    query = (
        select(
            CrossSection.method,
            func.min(CrossSection.session),
            func.max(CrossSection.session),
            func.count(CrossSection.session.distinct()),
        )
        .where(CrossSection.kind == SNAPSHOT)
        .group_by(CrossSection.method)
    )
    found = {}
    for method, first, last, count in db.session.execute(query):
        if first is not None and last is not None:
            found[method] = (first, last, count)
    return found


def write(
    stock_ids: array[int],
    values: Mapping[str, Column],
    *,
    kind: str,
    method: str,
    known_at: datetime,
    labels: Mapping[str, Sequence[str]],
    receipt_rule: str,
    day_receipt: str | None = None,
    published: bool = True,
    edition_id: int | None = None,
    exchange: str | None = None,
    session: date | None = None,
    texts_of: Mapping[str, Sequence[str]] = {},
) -> int:
    """Writes a cross-section into the open transaction; its number. `stock_ids` rise, and every
    column of `values` and of `texts_of` has as many. Without a receipt of the day it gets a digest
    of its columns in the place of one."""
    db.session().info[_WRITES] = True
    base = _base(exchange, session, method, stock_ids) if kind == SNAPSHOT else None
    older = base.columns(values) if base else {}
    packed: list[tuple[str, str, bytes]] = [
        (key, column.typecode, columns.pack(column, _of_same_type(older.get(key), column)))
        for key, column in values.items()
    ]
    packed += [(key, _TEXTS, columns.pack_texts(own)) for key, own in texts_of.items()]
    if day_receipt is None:
        said = (f"{kind} {method}".encode(), *(data for _, _, data in packed))
        day_receipt = hashlib.sha256(b"".join(said)).hexdigest()
    header = {
        "kind": kind,
        "edition_id": edition_id,
        "exchange": exchange,
        "session": session,
        "method": method,
        "published": published,
        "known_at": known_at,
        "stocks": len(stock_ids),
        "stock_ids": columns.pack(stock_ids),
        "labels": {key: list(words) for key, words in labels.items()},
        "base_id": base.id if base else None,
        "receipt_rule": receipt_rule,
        "day_receipt": day_receipt,
    }
    inserted = db.session.execute(insert(CrossSection).returning(CrossSection.id), header)
    section_id: int = inserted.scalar_one()
    db.session.execute(
        insert(CrossSectionColumn.__table__),
        [
            {"cross_section_id": section_id, "key": key, "typecode": typecode, "data": data}
            for key, typecode, data in packed
        ],
    )
    return section_id


def write_moves(
    edition_id: int,
    edition: Section,
    values: Mapping[str, Column],
    texts_of: Mapping[str, Sequence[str]],
) -> None:
    """Writes why the scores of an edition moved into the open transaction: columns of its stocks
    under `key_of_move`."""
    write(
        edition.stock_ids,
        values,
        kind=MOVES,
        method=edition.method,
        known_at=edition.known_at,
        labels={},
        receipt_rule=edition.receipt_rule,
        published=False,
        edition_id=edition_id,
        texts_of=texts_of,
    )


def _of_same_type(base: Column | None, column: Column) -> Column | None:
    return base if base is not None and base.typecode == column.typecode else None


def _base(
    exchange: str | None, session: date | None, method: str, stock_ids: array[int]
) -> Section | None:
    """The whole cross-section from which a snapshot is kept as differences: the last whole one of
    the same stocks and the same method, unless so many hang on it already. None: it is to be whole
    itself."""
    whole = (
        select(CrossSection.id)
        .filter_by(kind=SNAPSHOT, exchange=exchange, method=method, base_id=None)
        .where(CrossSection.session < session)
        .order_by(CrossSection.session.desc())
        .limit(1)
    )
    section_id = db.session.scalar(whole)
    if section_id is None:
        return None
    hanging = select(func.count()).select_from(CrossSection).filter_by(base_id=section_id)
    if (db.session.scalar(hanging) or 0) >= SESSIONS_OF_ONE_BASE:
        return None
    base = read(section_id)
    return base if base is not None and base.stock_ids == stock_ids else None


def put_away_editions(before: int) -> None:
    """Deletes the cross-sections of editions older than `before`, and why they moved. The one
    before the newest stays: a page of it may be on its way."""
    put_away = CrossSection.kind.in_((EDITION, MOVES)), CrossSection.edition_id < before
    old = select(CrossSection.id).where(*put_away)
    db.session.execute(
        delete(CrossSectionColumn).where(CrossSectionColumn.cross_section_id.in_(old))
    )
    db.session.execute(delete(CrossSection).where(*put_away))
