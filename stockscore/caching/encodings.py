"""Content encodings: which one a reader takes, and the bodies made ready in each.

The index of an encoding is its place in `NAMES`; entries keep their bodies in that order.
"""

from __future__ import annotations

import gzip
from collections.abc import Sequence

from zlib_ng import zlib_ng

try:
    import brotli
except ImportError:
    brotli = None

NAMES = ("identity", "gzip", "br") if brotli else ("identity", "gzip")
"""The encodings kept ready; brotli only where its package is installed."""

IDENTITY, GZIP, BROTLI = 0, 1, 2

STORED = range(GZIP, len(NAMES))
"""The encodings that Redis keeps. A plain body is several times as long, and moving it takes longer
than making it of a compressed one."""

NONE = -1
"""No encoding that we have is acceptable."""

GZIP_LEVEL = 6
BROTLI_QUALITY = 5
"""As fast as gzip at level 6 on our pages, and an eighth smaller."""

_GZIP_HEAD, _GZIP_TAIL = 10, 8


def _unzip(body: bytes) -> bytes:
    """What `compress` made with gzip, without adding its checksum up again: what comes from Redis
    has a digest that covers it. zlib-ng takes half as long as zlib, which with four threads makes
    answers twice as fast: each waits for the interpreter's lock when it comes back from here."""
    size = int.from_bytes(body[-4:], "little")
    return zlib_ng.decompress(body[_GZIP_HEAD:-_GZIP_TAIL], -zlib_ng.MAX_WBITS, size or 1)


_DECOMPRESS = (bytes, _unzip, brotli.decompress if brotli else bytes)

_LONGEST = 1_000
"""A longer Accept-Encoding is taken as absent."""


def compress(body: bytes, encoding: int) -> bytes:
    """The body in one encoding; the same body always gives the same bytes."""
    if encoding == GZIP:
        return gzip.compress(body, GZIP_LEVEL, mtime=0)
    if encoding == BROTLI:
        smaller: bytes = brotli.compress(body, quality=BROTLI_QUALITY, mode=brotli.MODE_TEXT)
        return smaller
    return body


def bodies(body: bytes) -> tuple[bytes, ...]:
    """The body in every encoding."""
    return tuple(compress(body, encoding) for encoding in range(len(NAMES)))


def stored_as(encoding: int) -> int:
    """The encoding in which Redis has what will be sent in another."""
    return GZIP if encoding == IDENTITY else encoding


def recode(known: Sequence[bytes | None], encoding: int) -> bytes:
    """The body in one encoding, from whichever encodings it is known in."""
    found = known[encoding]
    if found is not None:
        return found
    return compress(_plain(known), encoding)


def _plain(known: Sequence[bytes | None]) -> bytes:
    for encoding, body in enumerate(known):
        if body is not None:
            return _DECOMPRESS[encoding](body)
    raise ValueError("a body must be known in one encoding")


def choose(accept: str | None) -> int:
    """The encoding to send for an `Accept-Encoding` header (RFC 9110, 12.5.3), `NONE` where the
    reader takes none of ours.

    The highest weight wins, and among equals the smallest body; an encoding that is not named has
    the weight of `*`, and plain is acceptable unless it is refused.
    """
    if accept is None or len(accept) > _LONGEST:
        return IDENTITY
    weights = _weights(accept)
    others = weights.get("*")
    best, best_weight = NONE, 0.0
    for encoding in range(len(NAMES) - 1, -1, -1):
        name = NAMES[encoding]
        weight = weights.get(name, weights.get("x-gzip") if name == "gzip" else None)
        if weight is None:
            weight = others
        if weight is None:
            # Plain needs no mention, but is only for readers who named nothing that we have.
            weight = 0.0001 if name == "identity" else 0.0
        if weight > best_weight:
            best, best_weight = encoding, weight
    return best


def _weights(accept: str) -> dict[str, float]:
    weights: dict[str, float] = {}
    for part in accept.lower().split(","):
        name, *parameters = (piece.strip() for piece in part.split(";"))
        if name:
            weights[name] = _weight(parameters)
    return weights


def _weight(parameters: list[str]) -> float:
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "q":
            try:
                weight = float(value)
            except ValueError:
                return 0.0
            return weight if 0.0 <= weight <= 1.0 else 0.0
    return 1.0
