"""A connection to Redis for hits: its time limits are the kernel's, and it says one thing only.

Python keeps the limits of a socket by asking, before each read and write, whether the socket is
ready: one more system call, and one more handing over of the interpreter's lock, for each of them.
A hit that comes from Redis is little more than one write and one read, so that this is felt. Here
the socket blocks, and the kernel ends a read or a write that takes too long.
"""

from __future__ import annotations

import socket
import struct
from collections.abc import Callable
from typing import Any

from redis import ConnectionError, ResponseError  # noqa: A004  Redis's own
from redis.connection import Connection, ConnectionInterface, ConnectionPool

READ_AT_ONCE = 65_536
"""Bytes; nearly every compressed page arrives in one read."""

_TIMEVAL = struct.Struct("@ll")
"""Seconds and microseconds, as the kernel takes them (socket(7))."""


class DirectConnection(Connection):
    """As redis-py's own over TCP, with a `get` in a fraction of its time."""

    def get(self, key: bytes) -> bytes | None:
        """The string under a key, None where there is none. Raises `ResponseError` for what Redis
        objects to; `ConnectionError` where it breaks the connection or takes too long, after which
        the connection is closed."""
        if self._sock is None:
            self.connect()
        connected: Any = self._sock  # redis-py declares it as None
        try:
            connected.sendall(b"*2\r\n$3\r\nGET\r\n$%d\r\n%b\r\n" % (len(key), key))
            return self._read_string(connected.recv)
        except ResponseError:
            raise
        except BaseException as error:
            # An answer that is still under way must not become the next command's.
            self.disconnect()
            if isinstance(error, OSError):
                raise ConnectionError(f"Error while asking Redis: {error}") from error
            raise

    @staticmethod
    def _read_string(recv: Callable[[int], bytes]) -> bytes | None:
        """A bulk string of RESP2: `$`, its length (-1 for none), and so many bytes."""
        read = _more(b"", recv)
        while (line_end := read.find(b"\r\n")) < 0:
            read = _more(read, recv)
        if read[:1] != b"$":
            raise ResponseError(read[1:line_end].decode("utf-8", "replace"))
        length = int(read[1:line_end])
        if length < 0:
            return None
        start, end = line_end + 2, line_end + 2 + length
        while len(read) < end + 2:
            read = _more(read, recv)
        return read[start:end]

    def _connect(self) -> socket.socket:
        connected: socket.socket = super()._connect()
        if self.socket_timeout:
            whole = int(self.socket_timeout)
            limit = _TIMEVAL.pack(whole, int((self.socket_timeout - whole) * 1e6))
            connected.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, limit)
            connected.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, limit)
            connected.settimeout(None)
        return connected


def _more(read: bytes, recv: Callable[[int], bytes]) -> bytes:
    piece = recv(READ_AT_ONCE)
    if not piece:
        raise ConnectionError("Connection closed by server.")
    return read + piece if read else piece


def connection_of(pool: ConnectionPool) -> ConnectionInterface:
    """A connection of its own to what a pool connects to; one of the pool's kind where that is no
    plain TCP (TLS reads through buffers that the kernel knows nothing of), or speaks the newer
    protocol, whose answers have more shapes than `get` knows."""
    if pool.connection_class is Connection and pool.connection_kwargs.get("protocol") == 2:
        return DirectConnection(**pool.connection_kwargs)
    return pool.make_connection()
