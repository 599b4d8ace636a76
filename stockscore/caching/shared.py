"""The pages that all processes share in Redis, and the locks of those who render them.

Nothing here raises or waits for long: with Redis down, hung or full the answer is "not available"
at once, from the first failure on (see `breaker`).
"""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from time import monotonic, time
from typing import Any, TypeVar
from uuid import uuid4

from flask_caching.backends.rediscache import RedisCache
from redis import ConnectionError, RedisError, ResponseError  # noqa: A004  Redis's own
from redis.backoff import NoBackoff
from redis.connection import ConnectionInterface
from redis.retry import Retry

from stockscore.caching.breaker import Breaker
from stockscore.caching.direct import DirectConnection, connection_of
from stockscore.caching.entries import EDITION_OFFSET
from stockscore.caching.keys import PREFIX
from stockscore.caching.memory import Verbatim

Answer = TypeVar("Answer")
Otherwise = TypeVar("Otherwise")

TIMEOUT_SECONDS = 0.2
"""The longest that one command may take, and the longest that a connection may."""

BUDGET_SECONDS = 0.15
"""How much of a request's time Redis may take before the request goes on without it."""

LOCK_SECONDS = 10.0
"""A lock's end: whoever has not rendered by then has died or is as good as dead."""

CLIENT_OPTIONS = {
    "socket_timeout": TIMEOUT_SECONDS,
    "socket_connect_timeout": TIMEOUT_SECONDS,
    "retry": Retry(NoBackoff(), 0),
    "protocol": 2,
}

# Keeps entries unless ones of a newer edition are there. ARGV: edition, milliseconds, force, and
# the entries.
_PUT = f"""
local kept = 1
for index, key in ipairs(KEYS) do
  local old = redis.pcall('GETRANGE', key, {EDITION_OFFSET}, {EDITION_OFFSET + 7})
  if ARGV[3] == '0' and type(old) == 'string' and #old == 8
     and struct.unpack('>I8', old) > tonumber(ARGV[1]) then kept = 0
  else redis.call('SET', key, ARGV[index + 3], 'PX', ARGV[2]) end
end
return kept
"""

# Gives a lock back, if it is still the caller's.
_UNLOCK = """
if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end
return 0
"""


class RedisPages(RedisCache):
    """Flask-Caching's Redis backend for bytes, without pickle."""

    serializer: Any = Verbatim()

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._prefix = str(self.key_prefix)
        self.client = self._write_client
        self._put = self.client.register_script(_PUT)
        self._unlock = self.client.register_script(_UNLOCK)
        self._own = threading.local()

    def get(self, key: str) -> bytes | None:
        """The bytes under a key. As the client's own `get` in half its time, over a connection that
        each thread keeps: it is what a hit from Redis waits for."""
        connection = getattr(self._own, "connection", None)
        if connection is None:
            connection = self._own.connection = connection_of(self.client.connection_pool)
        was_connected, began = connection.is_connected, monotonic()
        try:
            return _ask_for(connection, self._prefix + key)
        except ConnectionError:
            # One that was closed, because Redis has been started anew, says so at once.
            if not was_connected or monotonic() - began > TIMEOUT_SECONDS / 2:
                raise
            return _ask_for(connection, self._prefix + key)

    def put(self, entries: Mapping[str, bytes], edition: int, seconds: float, force: bool) -> bool:
        """Keeps entries by key; False where one of a newer edition is there already."""
        names = [self._prefix + key for key in entries]
        arguments = (edition, int(seconds * 1000), int(force), *entries.values())
        return bool(self._put(keys=names, args=arguments))

    def lock(self, key: str, token: bytes, seconds: float) -> bytes | None:
        """Takes a lock; None where it is now the caller's, else the token of its owner."""
        name = self._prefix + key
        while not self.client.set(name, token, nx=True, px=int(seconds * 1000)):
            owner: bytes | None = self.client.get(name)
            if owner is not None:
                return owner
        return None

    def unlock(self, key: str, token: bytes) -> None:
        """Gives a lock back that may have ended meanwhile."""
        self._unlock(keys=[self._prefix + key], args=[token])

    def clear(self) -> bool:
        """Refused: it would walk over every key. `services.cache.clear` begins a new epoch."""
        raise NotImplementedError("clear the cache with services.cache.clear")


def _ask_for(connection: ConnectionInterface, name: str) -> bytes | None:
    if isinstance(connection, DirectConnection):
        return connection.get(name.encode())
    try:
        connection.send_command("GET", name)
        answer: bytes | None = connection.read_response()
        return answer
    except ResponseError:
        raise
    except BaseException:
        # An answer that is still under way must not become the next command's.
        connection.disconnect()
        raise


class WriteResult(Enum):
    """What became of an entry that was to be kept."""

    YES = "yes"
    NEWER = "one of a newer edition is there"
    UNAVAILABLE = "Redis is not available"


@dataclass(frozen=True, slots=True)
class Lock:
    """A lock on the rendering of a page. `mine` is None where Redis is not available; `since` is
    the Unix time when its owner took it; `orphaned` says that the owner is known to be dead."""

    mine: bool | None
    token: bytes = b""
    since: float = 0.0
    orphaned: bool = False


class SharedPages:
    """What the cache does with Redis. `backend` None means that Redis is disabled."""

    def __init__(
        self,
        backend: RedisPages | None,
        clock: Callable[[], float] = monotonic,
        wall: Callable[[], float] = time,
    ) -> None:
        self.backend = backend
        self._clock = clock
        self._wall = wall
        self.breaker = Breaker("Redis", self._try_again, clock)
        self.writes = Breaker("Writing to Redis", self._try_to_write, clock)
        self._me = uuid4().hex
        self._spent = threading.local()
        self._doubtful: list[tuple[str, bytes]] = []

    def begin_request(self) -> None:
        """Gives what this thread does from now on a budget of its own."""
        self._spent.seconds = 0.0

    def _spent_seconds(self) -> float:
        return getattr(self._spent, "seconds", 0.0)

    @property
    def is_on(self) -> bool:
        """Whether Redis is enabled, answering or not."""
        return self.backend is not None

    def get(self, key: str) -> bytes | None:
        """The bytes under a key; None where there are none or Redis is not available."""
        return self.ask(lambda backend: backend.get(key), None)

    def put(
        self, entries: Mapping[str, bytes], edition: int, seconds: float, force: bool = False
    ) -> WriteResult:
        """Keeps entries for some seconds; `force` also over ones of a newer edition."""
        kept = self.write(lambda backend: backend.put(entries, edition, seconds, force), None)
        return (
            WriteResult.UNAVAILABLE
            if kept is None
            else WriteResult.YES
            if kept
            else WriteResult.NEWER
        )

    def lock(self, key: str) -> Lock:
        """Tries to take a lock."""
        since = self._wall()
        token = f"{THIS_MACHINE}|{os.getpid()}|{since:.3f}|{self._me}|{uuid4().hex}".encode()
        other = self.write(lambda backend: backend.lock(key, token, LOCK_SECONDS), False)
        if isinstance(other, bool):
            # A Redis that hung may still carry the command out, long after we stopped waiting.
            self._doubtful.append((key, token))
            return Lock(None)
        if other is None:
            return Lock(True, token, since)
        return self._lock_of_other(other, since)

    def unlock(self, key: str, lock: Lock) -> None:
        """Frees a lock, unless it has ended and is somebody else's by now."""
        self.begin_request()
        self.ask(lambda backend: backend.unlock(key, lock.token), None)

    def _lock_of_other(self, token: bytes, now: float) -> Lock:
        """The lock as its token tells it; one that cannot be read ends by itself."""
        try:
            place, pid, taken, owner, _ = token.decode().split("|")
            since = float(taken)
            dead = (place == THIS_MACHINE and not _lives(int(pid))) or owner == self._me
            return Lock(False, token, since, dead or now - since > LOCK_SECONDS)
        except ValueError:
            return Lock(False, token)

    def ask(
        self, question: Callable[[RedisPages], Answer], otherwise: Otherwise
    ) -> Answer | Otherwise:
        """What Redis answers; `otherwise` where it is not available, or has taken the request's
        time already."""
        if self.backend is None or not self.breaker.lets_through():
            return otherwise
        if self._spent_seconds() > BUDGET_SECONDS:
            return otherwise
        began = self._clock()
        try:
            return question(self.backend)
        except ResponseError as error:
            # Redis works, but does not take this: it is full, or read-only. A key of another type
            # than ours is a stranger's, and no trouble.
            if "WRONGTYPE" not in str(error):
                self.writes.failed(error)
            return otherwise
        except (RedisError, OSError) as error:
            self.breaker.failed(error)
            return otherwise
        finally:
            self._spent.seconds = self._spent_seconds() + self._clock() - began

    def write(
        self, question: Callable[[RedisPages], Answer], otherwise: Otherwise
    ) -> Answer | Otherwise:
        """As `ask`, for what a full Redis refuses."""
        if self.backend is None or not self.writes.lets_through():
            return otherwise
        return self.ask(question, otherwise)

    def _try_again(self) -> None:
        """Raises while Redis does not answer."""
        if self.backend is None:
            return
        self.backend.client.connection_pool.disconnect(inuse_connections=False)
        self.backend.client.ping()
        while self._doubtful:
            self.backend.unlock(*self._doubtful[-1])
            self._doubtful.pop()

    def _try_to_write(self) -> None:
        """Raises while Redis takes nothing."""
        if self.backend is not None:
            self.backend.client.set(f"{PREFIX}room", b"", px=1)


def _name_of_machine() -> str:
    """Names the machine, or container, in which a process number means something."""
    try:
        namespace = os.readlink("/proc/self/ns/pid")  # noqa: PTH115  it is no file
    except OSError:
        namespace = ""
    return f"{socket.gethostname()}{namespace}".replace("|", "_")


THIS_MACHINE = _name_of_machine()


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
