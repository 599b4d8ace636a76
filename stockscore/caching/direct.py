"""A connection to Redis whose time limits the kernel keeps.

Python keeps the limits of a socket by asking, before each read and write, whether the socket is
ready: one more system call, and one more handing over of the interpreter's lock, for each of them.
A hit that comes from Redis is little more than one write and one read, so that this is felt. Here
the socket blocks, and the kernel ends a read or a write that takes too long.
"""

from __future__ import annotations

import socket
import struct
from typing import Any

from redis.connection import AbstractConnection, Connection, ConnectionPool

READ_AT_ONCE = 65_536
"""Bytes; nearly every compressed page arrives in one read."""

_TIMEVAL = struct.Struct("@ll")
"""Seconds and microseconds, as the kernel takes them (socket(7))."""


class DirectConnection(Connection):
    """As redis-py's own over TCP, but that an answer that takes too long is a `ConnectionError`,
    as a socket that breaks is."""

    def _connect(self) -> socket.socket:
        connected = super()._connect()
        if self.socket_timeout:
            whole = int(self.socket_timeout)
            limit = _TIMEVAL.pack(whole, int((self.socket_timeout - whole) * 1e6))
            connected.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, limit)
            connected.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, limit)
            connected.settimeout(None)
        return connected


def connection_of(pool: ConnectionPool) -> AbstractConnection:
    """A connection of its own to what a pool connects to; one of the pool's kind where that is no
    plain TCP (TLS reads through buffers that the kernel knows nothing of)."""
    if pool.connection_class is not Connection:
        return pool.make_connection()
    options: dict[str, Any] = {**pool.connection_kwargs, "socket_read_size": READ_AT_ONCE}
    return DirectConnection(**options)
