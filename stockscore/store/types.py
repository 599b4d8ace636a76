"""Column types that behave alike on SQLite and PostgreSQL."""

from datetime import UTC, datetime

from sqlalchemy import DateTime, String, Text
from sqlalchemy.types import TypeDecorator

from stockscore.store.text import clean


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment, UTC. SQLite knows no zones, so the zone is dropped there on the way in and
    put back on the way out; a naive value is refused, because nobody could say what it means."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value, dialect):
        if value is None:
            return None
        if not isinstance(value, datetime) or value.tzinfo is None:
            raise ValueError(f"a moment needs a time zone: {value!r}")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value, dialect):  # noqa: ARG002 - the signature is SQLAlchemy's
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Line(TypeDecorator[str]):
    """One line of text without control characters, in what is stored and in what is looked for:
    PostgreSQL answers a NUL byte with an error, SQLite does not."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value, dialect):  # noqa: ARG002 - the signature is SQLAlchemy's
        return None if value is None else clean(value)


class Lines(TypeDecorator[str]):
    """Text of any length, cleaned as in `Line`; new lines and tabs stay."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value, dialect):  # noqa: ARG002 - the signature is SQLAlchemy's
        return None if value is None else clean(value, lines=True)
