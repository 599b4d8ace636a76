"""One process of a kind at a time, without Redis: a lock on a file."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import blake2b
from pathlib import Path

from filelock import FileLock, Timeout
from sqlalchemy.engine import make_url

from stockscore.services.errors import ServiceError


@contextmanager
def exclusive(work: str, database_url: str, folder: Path) -> Iterator[None]:
    """Holds the lock of a kind of `work` on a database while the block runs, on this machine; the
    system frees the lock of a process that was killed.

    Raises `ServiceError`, with a sentence, where another process holds it.
    """
    url = make_url(database_url)
    # Without the password, which changes nothing about which database it is.
    name = blake2b(repr(url.set(password=None)).encode(), digest_size=6).hexdigest()
    folder.mkdir(parents=True, exist_ok=True)
    lock = FileLock(folder / f"{work}-{name}.lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise ServiceError(
            f"`flask {work}` is at work on this database already, in another process; when that "
            "one has ended, run it again if there is need."
        ) from None
    try:
        yield
    finally:
        lock.release()
