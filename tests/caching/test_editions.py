"""What a process knows of the edition: seen within a second, without waiting for the database."""

import threading

import pytest
from sqlalchemy.exc import OperationalError

from stockscore.caching import editions as module
from stockscore.caching.editions import (
    GONE_SECONDS,
    HARD_SECONDS,
    SOFT_SECONDS,
    Editions,
    cleared,
    flipped,
)
from tests.support.waiting import PATIENCE_SECONDS, wait_until


class Database:
    """Answers with edition and epoch, fails, or hangs; look-ups run when the test says so."""

    def __init__(self, clock):
        self.answer = (1, 0)
        self.is_gone = False
        self.asked = 0
        self.queue = []
        self.at_once = True
        self.after_read = lambda: None
        self.editions = Editions(self.read, self.remember, clock, self.spawn)
        self.remembered = None

    def read(self):
        self.asked += 1
        if self.is_gone:
            raise OperationalError("SELECT", {}, Exception("gone"))
        answer, after_read = self.answer, self.after_read
        self.after_read = lambda: None
        after_read()
        return answer

    def remember(self):
        return self.remembered

    def spawn(self, work):
        if self.at_once:
            work()
        else:
            self.queue.append(work)


@pytest.fixture
def database(clock):
    return Database(clock)


def known(database):
    state = database.editions.current()
    return state and (state.edition, state.epoch, state.reachable)


def test_the_first_request_asks_the_database(database):
    assert known(database) == (1, 0, True)


def test_it_is_not_asked_again_for_half_a_second_however_many_ask(database, clock):
    for _ in range(100):
        known(database)
        clock.pass_by(SOFT_SECONDS / 101)
    assert database.asked == 1


def test_a_flip_by_another_process_is_seen_within_a_second(database, clock):
    known(database)
    database.answer = (2, 0)
    clock.pass_by(SOFT_SECONDS)
    assert known(database) == (2, 0, True)


def test_the_same_answer_leaves_the_same_state(database, clock):
    state = database.editions.current()
    clock.pass_by(5)
    assert database.editions.current() is state


def test_a_look_up_that_is_due_does_not_hold_anybody_up(database, clock):
    known(database)
    database.at_once = False
    database.answer = (2, 0)
    clock.pass_by(SOFT_SECONDS)
    assert known(database) == (1, 0, True)
    database.queue.pop()()
    assert known(database) == (2, 0, True)


def test_what_is_nearly_a_second_old_is_waited_for(database, clock, monkeypatch):
    monkeypatch.setattr(module, "WAIT_SECONDS", PATIENCE_SECONDS)
    known(database)
    database.at_once = False
    database.answer = (2, 0)
    clock.pass_by(HARD_SECONDS + 0.05)
    seen = []
    reader = threading.Thread(target=lambda: seen.append(known(database)))
    reader.start()
    wait_until(lambda: database.queue)
    database.queue.pop()()
    reader.join()
    assert seen == [(2, 0, True)]


def test_after_an_hour_without_requests_the_first_one_sees_the_newest(database, clock):
    known(database)
    database.answer = (9, 3)
    clock.pass_by(3600)
    assert known(database) == (9, 3, True)


def test_only_one_look_up_is_under_way_at_a_time(database, clock):
    known(database)
    database.at_once = False
    clock.pass_by(SOFT_SECONDS)
    for _ in range(10):
        known(database)
        clock.pass_by(0.01)
    assert len(database.queue) == 1


def test_the_process_that_publishes_knows_at_once(database):
    known(database)
    flipped(2)
    assert known(database) == (2, 0, True)
    cleared(5)
    assert known(database) == (2, 5, True)


def test_a_look_up_that_began_before_the_flip_does_not_take_it_back(database, clock):
    known(database)
    database.at_once = False
    clock.pass_by(SOFT_SECONDS)
    known(database)

    def commit_meanwhile():
        clock.pass_by(0.01)
        flipped(2)

    database.after_read = commit_meanwhile
    database.queue.pop()()
    assert known(database) == (2, 0, True)


def test_numbers_only_grow_by_hearsay_but_the_database_has_the_last_word(database, clock):
    known(database)
    flipped(7)
    flipped(3)
    assert known(database) == (7, 0, True)
    clock.pass_by(SOFT_SECONDS)
    database.answer = (2, 0)
    assert known(database) == (2, 0, True), "another database was put in place"


def test_without_the_database_what_was_known_stays_and_is_marked(database, clock):
    known(database)
    database.is_gone = True
    clock.pass_by(SOFT_SECONDS)
    assert known(database) == (1, 0, False)
    clock.pass_by(100)
    assert known(database) == (1, 0, False)


def test_it_recovers_by_itself(database, clock):
    known(database)
    database.is_gone = True
    clock.pass_by(1)
    known(database)
    database.is_gone = False
    clock.pass_by(1)
    assert known(database) == (1, 0, True)


def test_the_log_says_once_that_the_database_is_gone(database, clock, caplog):
    known(database)
    database.is_gone = True
    for _ in range(10):
        clock.pass_by(1)
        known(database)
    assert [record.levelname for record in caplog.records if record.levelname != "INFO"] == [
        "WARNING"
    ]


def test_a_database_that_never_answers_is_gone_after_two_seconds(database, clock, monkeypatch):
    monkeypatch.setattr(module, "WAIT_SECONDS", 0.0)
    known(database)
    database.at_once = False
    clock.pass_by(HARD_SECONDS)
    assert known(database) == (1, 0, True)
    clock.pass_by(GONE_SECONDS)
    assert known(database) == (1, 0, False)


def test_a_process_that_starts_without_a_database_knows_nothing(database):
    database.is_gone = True
    assert known(database) is None


def test_unless_others_have_left_what_they_knew(database):
    database.is_gone = True
    database.remembered = (4, 2)
    assert known(database) == (4, 2, False)


def test_when_an_edition_was_superseded_is_remembered(database, clock):
    known(database)
    clock.pass_by(10)
    flipped(2)
    clock.pass_by(10)
    flipped(3)
    assert database.editions.superseded_at(1) == 1010
    assert database.editions.superseded_at(2) == 1020
    assert database.editions.superseded_at(3) == float("inf")


def test_the_last_moment_without_an_edition_is_that_of_the_last_look_before(database, clock):
    known(database)
    clock.pass_by(0.5)
    known(database)
    clock.pass_by(0.7)
    database.answer = (2, 0)
    assert database.editions.current().absent_at == 1000.5


def test_a_new_epoch_does_not_make_the_edition_younger(database, clock):
    known(database)
    before = database.editions.current().absent_at
    clock.pass_by(5)
    database.answer = (1, 1)
    assert database.editions.current().absent_at == before


def test_looking_up_anew_does_not_rely_on_a_look_that_began_before(database, clock, monkeypatch):
    monkeypatch.setattr(module, "WAIT_SECONDS", PATIENCE_SECONDS)
    known(database)
    has_read, go_on = threading.Event(), threading.Event()

    def dawdle():
        has_read.set()
        go_on.wait(PATIENCE_SECONDS)

    database.after_read = dawdle
    clock.pass_by(SOFT_SECONDS)
    slow = threading.Thread(target=database.editions.renew)
    slow.start()
    has_read.wait(PATIENCE_SECONDS)
    database.answer = (2, 0)
    clock.pass_by(0.1)
    seen = []
    reader = threading.Thread(target=lambda: seen.append(database.editions.renew().edition))
    reader.start()
    go_on.set()
    slow.join()
    reader.join()
    assert seen == [2]
