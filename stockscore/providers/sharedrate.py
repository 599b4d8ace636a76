"""The rate limit of a source for all processes together, kept in Redis.

Redis carries the clock and the arithmetic (one script a call), so that machines whose clocks differ
share one rate and one cool-down. Where Redis does not answer, a process keeps to the rate by
itself, which is more than its share and less than a flood.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

from redis import Redis, RedisError

from stockscore.providers.base import CoolingDown
from stockscore.providers.ratelimit import (
    CALM_AFTER,
    COOLDOWN_CAP,
    COOLDOWN_GROWTH,
    RateLimiter,
)

logger = logging.getLogger(__name__)

FORGET_SECONDS = 24 * 3600
"""A source that nobody has asked for so long starts afresh."""

# Milliseconds until there may be a place; 0: it is taken. ARGV: milliseconds between two calls, and
# how many of them may come early.
_RESERVE = """
local t = redis.call('TIME')
local now = t[1] * 1000 + t[2] / 1000
local kept = redis.call('HMGET', KEYS[1], 'free_at', 'open_at')
local free = tonumber(kept[1]) or (now - ARGV[2])
local ready = math.max(free, tonumber(kept[2]) or 0)
if ready > now then return math.ceil(ready - now) end
free = math.max(free, now - ARGV[2]) + ARGV[1]
redis.call('HSET', KEYS[1], 'free_at', string.format('%.3f', free))
redis.call('EXPIRE', KEYS[1], ARGV[3])
return 0
"""

# Opens a cool-down, or makes one that is open longer; its milliseconds from now on. Answers that
# were under way when it opened count as one refusal. ARGV: milliseconds of the first one, growth,
# cap, those that the source asked for.
_REFUSED = """
local t = redis.call('TIME')
local now = t[1] * 1000 + t[2] / 1000
local kept = redis.call('HMGET', KEYS[1], 'open_at', 'refusals')
local open, refusals = tonumber(kept[1]) or 0, tonumber(kept[2]) or 0
local pause = tonumber(ARGV[4])
if open <= now then
  pause = math.max(pause, ARGV[1] * ARGV[2] ^ refusals)
  redis.call('HSET', KEYS[1], 'refusals', math.min(refusals + 1, 30))
end
pause = math.min(pause, tonumber(ARGV[3]))
open = math.max(open, now + pause)
redis.call('HSET', KEYS[1], 'open_at', string.format('%.3f', open), 'calm', 0)
redis.call('EXPIRE', KEYS[1], ARGV[5])
return math.ceil(open - now)
"""

# Counts a good answer; enough of them in a row and past refusals are forgotten.
_ANSWERED = """
if redis.call('HINCRBY', KEYS[1], 'calm', 1) >= tonumber(ARGV[1]) then
  redis.call('HSET', KEYS[1], 'refusals', 0)
end
return 0
"""


class SharedRateLimiter:
    """As `RateLimiter`, for all processes that name the same `source` in the same Redis."""

    def __init__(
        self,
        connection: Redis,
        source: str,
        rate_per_second: float,
        cooldown_seconds: float = 60.0,
        *,
        patience: float | None = None,
        sleep: Callable[[float], object] = time.sleep,
    ) -> None:
        self._alone = RateLimiter(rate_per_second, cooldown_seconds, patience=patience, sleep=sleep)
        self._key = f"stockscore:rate:{source}"
        self._interval = 1000.0 / rate_per_second
        self._burst = max(0.0, 1000.0 - self._interval)
        self._cooldown = cooldown_seconds * 1000.0
        self._patience = patience
        self._sleep = sleep
        self._reserve = connection.register_script(_RESERVE)
        self._refuse = connection.register_script(_REFUSED)
        self._answer = connection.register_script(_ANSWERED)
        self._is_gone = False

    def acquire(self) -> None:
        """Waits until one more call may be made. Raises `CoolingDown` where that would take longer
        than the patience."""
        arguments = [self._interval, self._burst, FORGET_SECONDS]
        while True:
            pause = self._ask(lambda: self._reserve(keys=[self._key], args=arguments))
            if pause is None:
                self._alone.acquire()
                return
            if pause == 0:
                return
            seconds = pause / 1000.0
            if self._patience is not None and seconds > self._patience:
                raise CoolingDown(
                    f"The source asked for a pause of {seconds:.0f} seconds.", seconds
                )
            self._sleep(seconds)

    def refused(self, retry_after: float | None = None) -> float:
        """Opens a cool-down for everybody after "too many requests"; its seconds from now on."""
        own_pause = self._alone.refused(retry_after)
        arguments = [
            self._cooldown,
            COOLDOWN_GROWTH,
            self._cooldown * COOLDOWN_CAP,
            (retry_after or 0.0) * 1000.0,
            FORGET_SECONDS,
        ]
        pause = self._ask(lambda: self._refuse(keys=[self._key], args=arguments))
        return own_pause if pause is None else pause / 1000.0

    def answered(self) -> None:
        """Notes a good answer."""
        self._alone.answered()
        self._ask(lambda: self._answer(keys=[self._key], args=[CALM_AFTER]))

    def _ask(self, question: Callable[[], int]) -> int | None:
        """What Redis says; None where it does not answer, which is logged once."""
        try:
            answer = question()
        except RedisError as error:
            if not self._is_gone:
                logger.warning(
                    "The shared rate limit cannot be read (%s); this process keeps to the rate "
                    "alone until it can.",
                    type(error).__name__,
                )
            self._is_gone = True
            return None
        self._is_gone = False
        return int(answer)
