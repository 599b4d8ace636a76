"""A stored answer: what it is, and how it becomes bytes and back.

An entry is bytes through and through, so that nothing that Redis holds is ever executed:

    magic (4) | edition, big-endian (8) | digest (16) | length of the description (4)
    | the description, JSON | the body in one encoding

Each compressed encoding has an entry of its own, so that nobody fetches what is not sent. The
digest is keyed with the site's secret and covers the key too: damaged bytes, bytes planted by
somebody else, and an entry put under another one's key are all no entry at all.
"""

from __future__ import annotations

import hmac
import json
import struct
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import blake2b

from stockscore.caching.encodings import NAMES

MAGIC = b"SSP1"
HEAD = struct.Struct(">4sQ16sI")
CHUNK = 2_047
"""The most bytes that Python's digests take without letting other threads run."""

EDITION_OFFSET = 4
"""At which byte the edition begins, for the script that compares it inside Redis (see `shared`)."""

Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class CacheEntry:
    """A complete answer with status 200.

    `headers` are those of its content alone (no length, encoding, age or cache header); `bodies`
    are in the order of `encodings.NAMES`, None for one that has not been fetched; `size` is about
    how many bytes it takes with all of them; `created` is Unix time; `ttl` is how many seconds it
    is fresh within its edition, or in any where it is `lasting`; `note_at` is where in the plain
    body a line can be put, 0 for none.
    """

    edition: int
    created: float
    ttl: float
    etag: str
    headers: Headers
    bodies: tuple[bytes | None, ...]
    size: int
    note_at: int = 0
    lasting: bool = False


def size_of(bodies: Iterable[bytes]) -> int:
    """What an entry with these bodies takes, headers and all."""
    return sum(map(len, bodies)) + 2_000


def etag_of(headers: Headers, body: bytes) -> str:
    """A weak validator: equal for equal content, whatever the encoding."""
    digest = blake2b(body, digest_size=12)
    digest.update(repr(headers).encode())
    return f'W/"{digest.hexdigest()}"'


def key_of(key: str, encoding: int) -> str:
    """Where the entry of one encoding of a page is stored."""
    return f"{key}:{encoding}"


def pack(entry: CacheEntry, encoding: int, key: str, secret: bytes) -> bytes:
    """The entry with one of its bodies as bytes, to be stored under `key_of(key, encoding)`."""
    description = json.dumps(
        {
            "created": entry.created,
            "ttl": entry.ttl,
            "etag": entry.etag,
            "headers": entry.headers,
            "size": entry.size,
            "note_at": entry.note_at,
            "lasting": entry.lasting,
        },
        separators=(",", ":"),
    ).encode()
    content = description + (entry.bodies[encoding] or b"")
    digest = _digest(entry.edition, key_of(key, encoding), secret, memoryview(content))
    return HEAD.pack(MAGIC, entry.edition, digest, len(description)) + content


def unpack(data: object, encoding: int, key: str, secret: bytes) -> CacheEntry | None:
    """The entry stored under `key_of(key, encoding)`, with that one body; None for anything that
    `pack` did not make for it."""
    if not isinstance(data, bytes) or len(data) < HEAD.size:
        return None
    magic, edition, digest, length = HEAD.unpack_from(data)
    content = memoryview(data)[HEAD.size :]
    if magic != MAGIC or not hmac.compare_digest(
        digest, _digest(edition, key_of(key, encoding), secret, content)
    ):
        return None
    # From here on the bytes are our own, made by this or an earlier version of `pack`.
    bodies: list[bytes | None] = [None] * len(NAMES)
    bodies[encoding] = bytes(content[length:])
    try:
        description = json.loads(bytes(content[:length]))
        return CacheEntry(
            edition=edition,
            created=description["created"],
            ttl=description["ttl"],
            etag=description["etag"],
            headers=tuple((name, value) for name, value in description["headers"]),
            bodies=tuple(bodies),
            size=description["size"],
            note_at=description["note_at"],
            lasting=description["lasting"],
        )
    except (ValueError, KeyError, TypeError):
        return None


def _digest(edition: int, key: str, secret: bytes, content: memoryview) -> bytes:
    # SHA-256, because processors do it in hardware; and a little at a time, because for more than
    # that Python would let other threads run, and getting back in line behind them takes longer
    # than the sum itself.
    digest = hmac.new(secret, f"{edition}\n{key}\n".encode(), "sha256")
    for start in range(0, len(content), CHUNK):
        digest.update(content[start : start + CHUNK])
    return digest.digest()[:16]
