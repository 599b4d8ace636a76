"""The connection that a hit from Redis waits for."""

import socket
import threading
from contextlib import suppress

import pytest
from redis import ConnectionError, ConnectionPool, Redis, ResponseError, SSLConnection  # noqa: A004
from redis import TimeoutError as RedisTimeoutError

from stockscore.caching.direct import DirectConnection, connection_of
from tests.support.waiting import PATIENCE_SECONDS, wait_until


@pytest.fixture
def pool(redis_url):
    """Connections to another database than the first."""
    url = f"{redis_url.rsplit('/', 1)[0]}/3"
    pool = ConnectionPool.from_url(url, socket_timeout=PATIENCE_SECONDS, protocol=2)
    yield pool
    pool.disconnect()


@pytest.fixture
def connection(pool):
    made = connection_of(pool)
    yield made
    made.disconnect()


def silent(answer):
    """Where somebody listens who agrees to all that a connection begins with, answers a `GET` with
    so much (None: with the end), and falls silent; to one after the other."""
    server = socket.create_server(("127.0.0.1", 0))

    def listen():
        # Whoever waited for us in vain has left, and the test closes the door at its end.
        while True:
            with suppress(ConnectionError):
                try:
                    taken, _ = server.accept()
                except OSError:
                    return
                with taken:
                    talk(taken)

    def talk(taken):
        while said := taken.recv(4096):
            if b"GET" not in said:
                taken.sendall(b"+OK\r\n" * said.count(b"*"))
            elif answer is None:
                return
            else:
                taken.sendall(answer)

    threading.Thread(target=listen, daemon=True).start()
    return server


@pytest.mark.parametrize("length", [0, 1, 65_520, 65_536, 1_000_000])
def test_it_has_the_pools_server_and_database_and_answers_of_any_length(pool, connection, length):
    kept = (bytes(range(256)) * (length // 256 + 1))[:length]
    Redis(connection_pool=pool).set("page", kept)
    assert isinstance(connection, DirectConnection)
    assert connection.get(b"page") == kept
    assert connection.get(b"nothing") is None
    assert connection.get(b"page") == kept


def test_what_redis_objects_to_leaves_the_connection_as_it_is(pool, connection):
    Redis(connection_pool=pool).lpush("list", "x")
    with pytest.raises(ResponseError, match="WRONGTYPE"):
        connection.get(b"list")
    assert connection.get(b"nothing") is None


def connects(connection):
    """Whether the first words are exchanged in time."""
    try:
        connection.connect()
    except RedisTimeoutError:
        return False
    return True


@pytest.mark.parametrize("answer", [b"", b"$", b"$5\r\n", b"$5\r\nabc", None])
def test_a_server_that_stops_halfway_is_given_up(answer):
    with silent(answer) as server:
        host, port = server.getsockname()
        pool = ConnectionPool(host=host, port=port, socket_timeout=0.1, protocol=2)
        connection = connection_of(pool)
        wait_until(lambda: connects(connection))
        with pytest.raises(ConnectionError):
            connection.get(b"page")
        assert not connection.is_connected


def test_a_connection_that_was_killed_says_so(pool, connection):
    connection.get(b"page")
    client = Redis(connection_pool=pool)
    client.client_kill_filter(_type="normal", skipme=True)
    with pytest.raises(ConnectionError):
        connection.get(b"page")
    assert connection.get(b"page") is None


def test_a_server_behind_tls_gets_the_pools_own_kind():
    assert isinstance(connection_of(ConnectionPool.from_url("rediss://there/0")), SSLConnection)
