"""What a process knows of the current edition and epoch, and since when.

The database is asked in the background, at most about twice a second and only while there are
requests; an answer never waits for it unless what is known is nearly a second old.
"""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from math import inf
from time import monotonic
from weakref import WeakSet

from sqlalchemy.exc import SQLAlchemyError

from stockscore.caching.breaker import in_background

log = logging.getLogger(__name__)

SOFT_SECONDS = 0.5
"""What is known is looked up again, in the background, once it is this old."""

HARD_SECONDS = 0.9
"""A request waits for the look-up once what is known is this old: within a second every process
knows what any process has published."""

WAIT_SECONDS = 0.2
"""How long it waits at most."""

GONE_SECONDS = 2.0
"""A database that has not answered for so long is gone."""


@dataclass(frozen=True, slots=True, eq=False)
class State:
    """The newest edition and epoch; one object for as long as nothing changes.

    `absent_at` is the last moment (monotonic) when the edition was known not to exist: nobody can
    have seen it before. `reachable` is False while the database does not answer."""

    edition: int
    epoch: int
    absent_at: float = -inf
    reachable: bool = True


_watching: WeakSet[Editions] = WeakSet()


def flipped(edition: int) -> None:
    """Says that this process has published an edition (call it after the commit)."""
    for editions in list(_watching):
        editions.learn(edition=edition)


def cleared(epoch: int) -> None:
    """Says that this process has begun an epoch (call it after the commit)."""
    for editions in list(_watching):
        editions.learn(epoch=epoch)


class Editions:
    """The knowledge of one application in one process; threads share it.

    `state` and `due` (the monotonic moment of the next look-up) may be read at any time.
    """

    def __init__(
        self,
        read: Callable[[], tuple[int, int]],
        remembered: Callable[[], tuple[int, int] | None] = lambda: None,
        clock: Callable[[], float] = monotonic,
        spawn: Callable[[Callable[[], None]], None] = in_background,
    ) -> None:
        """`read` gives edition and epoch from the database, or raises `SQLAlchemyError`;
        `remembered` gives what others knew last, for a process that starts without a database."""
        self.state: State | None = None
        self.due = -inf
        self._read = read
        self._remembered = remembered
        self._clock = clock
        self._spawn = spawn
        self._changed = threading.Condition()
        self._hurry = False
        self._looked_up_at = -inf
        self._read_at = -inf
        self._told_at = -inf
        self._reading_since: float | None = None
        self._first_seen: deque[tuple[int, float]] = deque(maxlen=64)
        _watching.add(self)

    def current(self) -> State | None:
        """The state, looked up again where it is due; None if nothing is known at all."""
        now = self._clock()
        if now < self.due and self.state is not None:
            return self.state
        with self._changed:
            if self._reading_since is None and now >= self.due:
                self._reading_since = now
                self.due = now + SOFT_SECONDS
                self._spawn(self._look_up)
            is_old = self._hurry or now - self._read_at >= HARD_SECONDS
            if is_old and self._reading_since is not None:
                self._wait(now)
        return self.state

    def renew(self) -> State | None:
        """The state as looked up from now on; a look-up that began before does not count."""
        called = self._clock()
        for _ in range(2):
            self._hurry = True
            self.due = -inf
            self.current()
            if self._looked_up_at >= called:
                break
        return self.state

    def _wait(self, now: float) -> None:
        if self.state is not None and not self.state.reachable and not self._hurry:
            return
        # A look-up that has been under way for long is not worth waiting for, unless nothing at
        # all is known yet.
        longest = WAIT_SECONDS if self.state else GONE_SECONDS
        left = longest - (now - (self._reading_since or now))
        if left > 0:
            self._changed.wait_for(lambda: self._reading_since is None, left)
        since = self._reading_since
        if since is not None and self._clock() - since >= GONE_SECONDS:
            self._lost("it does not answer")

    def _look_up(self) -> None:
        began = self._clock()
        try:
            edition, epoch = self._read()
        except SQLAlchemyError as error:
            with self._changed:
                self._lost(type(error).__name__)
        else:
            with self._changed:
                self._found(edition, epoch, began)
        finally:
            with self._changed:
                self._looked_up_at = began
                self._reading_since = None
                self._hurry = False
                self._changed.notify_all()

    def _found(self, edition: int, epoch: int, began: float) -> None:
        if began < self._told_at:
            # The database was asked before this process itself published something newer.
            return
        before, self._read_at = self._read_at, began
        self.due = began + SOFT_SECONDS
        state = self.state
        if state is None or not state.reachable:
            log.info("edition %d, cache epoch %d", edition, epoch)
        if state is None or (state.edition, state.epoch) != (edition, epoch):
            self._enter(edition, epoch, before)
        elif not state.reachable:
            self.state = replace(state, reachable=True)

    def _enter(self, edition: int, epoch: int, absent_at: float) -> None:
        """Begins a new state; `absent_at` as in `State`, for a new edition."""
        old = self.state
        if old is not None and old.edition == edition:
            absent_at = old.absent_at
        else:
            if old is not None and edition < old.edition:
                # Another database: what was seen of the old one's numbers says nothing any more.
                self._first_seen.clear()
                absent_at = -inf
            self._first_seen.append((edition, self._clock()))
        self.state = State(edition, epoch, absent_at)

    def _lost(self, reason: str) -> None:
        """Goes on with what was known, and says so."""
        state = self.state
        if state is None:
            known = self._remembered()
            if known is None:
                return
            state = State(*known)
            self._first_seen.append((state.edition, self._clock()))
        elif not state.reachable:
            return
        log.warning("the database cannot be asked for the edition (%s)", reason)
        self.state = replace(state, reachable=False)

    def learn(self, edition: int = 0, epoch: int = 0) -> None:
        """Takes note of an edition or epoch that is known to be committed."""
        with self._changed:
            state = self.state or State(0, 0)
            edition, epoch = max(edition, state.edition), max(epoch, state.epoch)
            if (edition, epoch) != (state.edition, state.epoch):
                self._told_at = self._clock()
                self._enter(edition, epoch, self._read_at)

    def superseded_at(self, edition: int) -> float:
        """When (monotonic) this process first knew of a newer edition than `edition`; -inf where it
        never knew an older one."""
        for newer, first_seen in self._first_seen:
            if newer > edition:
                return first_seen
        return inf
