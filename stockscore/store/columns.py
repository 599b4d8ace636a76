"""How a column of numbers is kept: little-endian, its bytes sorted by their place, compressed.

Numbers of one column resemble each other in their high bytes, so those are brought together before
they are compressed. A column may be kept as its difference from an older one (an exclusive or of
the bytes): most figures of a company stay as they are from one session to the next.

Only the standard library and zlib are needed to read, as the web process loads no numeric library.
"""

from __future__ import annotations

import sys
from array import array
from collections.abc import Iterable, Sequence
from typing import Any

from zlib_ng import zlib_ng

MISSING = -1
"""What stands for "unknown" in columns of whole numbers, which count and are never below zero; in
those of floats NaN does."""

_LEVEL = 4
_TURNED = sys.byteorder == "big"


def pack(column: array[Any], base: array[Any] | None = None) -> bytes:
    """The bytes of a column: of type "d", "i" or "h". `base` is a column of the same type and
    length from which only the difference is kept."""
    raw = _little_endian(column)
    if base is not None:
        raw = _difference(raw, _little_endian(base))
    size = column.itemsize
    return zlib_ng.compress(b"".join(raw[place::size] for place in range(size)), _LEVEL)


def unpack(kept: bytes, typecode: str, base: array[Any] | None = None) -> array[Any]:
    """The column of some bytes that `pack` gave, with the same `base`."""
    sorted_bytes = zlib_ng.decompress(kept)
    column: array[Any] = array(typecode)
    size = column.itemsize
    count = len(sorted_bytes) // size
    raw = bytearray(len(sorted_bytes))
    for place in range(size):
        raw[place::size] = sorted_bytes[place * count : (place + 1) * count]
    column.frombytes(raw if base is None else _difference(raw, _little_endian(base)))
    if _TURNED:
        column.byteswap()
    return column


def pick(
    kept: bytes, typecode: str, indices: Sequence[int], base: array[Any] | None = None
) -> array[Any]:
    """The values at some indices of the column of some bytes that `pack` gave, without making all
    of it; `base` is what the column that it was packed with has at the same indices."""
    sorted_bytes = zlib_ng.decompress(kept)
    column: array[Any] = array(typecode)
    count = len(sorted_bytes) // column.itemsize
    # The bytes of one value lie as far apart as there are values.
    raw = b"".join([sorted_bytes[index::count] for index in indices])
    column.frombytes(raw if base is None else _difference(raw, _little_endian(base)))
    if _TURNED:
        column.byteswap()
    return column


def pack_texts(texts: Iterable[str]) -> bytes:
    """The bytes of a column of texts, in none of which there is a line feed."""
    return zlib_ng.compress("\n".join(texts).encode(), _LEVEL)


def unpack_texts(kept: bytes) -> list[str]:
    """The texts of some bytes that `pack_texts` gave."""
    return zlib_ng.decompress(kept).decode().split("\n")


def floats(values: Iterable[float | None]) -> array[float]:
    """A column of floats, NaN where a value is None."""
    return array("d", (float("nan") if value is None else value for value in values))


def whole(values: Iterable[int | None], typecode: str = "h") -> array[int]:
    """A column of whole numbers, `MISSING` where a value is None."""
    return array(typecode, (MISSING if value is None else value for value in values))


def known(value: float, typecode: str) -> float | None:
    """A value of a column of that type, None where it is missing."""
    if typecode == "d":
        return None if value != value else value
    return None if value == MISSING else value


def _little_endian(column: array[Any]) -> bytes:
    if not _TURNED:
        return column.tobytes()
    turned = column[:]
    turned.byteswap()
    return turned.tobytes()


def _difference(raw: bytes | bytearray, base: bytes) -> bytes:
    """The exclusive or of two runs of bytes; done twice with the same base it gives them back."""
    whole_number = int.from_bytes(raw, "little") ^ int.from_bytes(base, "little")
    return whole_number.to_bytes(len(raw), "little")
