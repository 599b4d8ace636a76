"""The connection that a hit from Redis waits for."""

import socket

import pytest
from redis import ConnectionError, ConnectionPool, Redis, SSLConnection  # noqa: A004

from stockscore.caching.direct import DirectConnection, connection_of


def ask(connection, *command):
    connection.send_command(*command)
    return connection.read_response()


def test_it_has_the_pools_server_and_database_and_answers_of_any_length(redis_server):
    long = bytes(range(256)) * 4_000
    Redis.from_url(f"{redis_server.url.rsplit('/', 1)[0]}/3").set("page", long)
    pool = ConnectionPool.from_url(f"{redis_server.url.rsplit('/', 1)[0]}/3", socket_timeout=5)
    connection = connection_of(pool)
    assert isinstance(connection, DirectConnection)
    assert ask(connection, "GET", "page") == long
    assert ask(connection, "GET", "nothing") is None
    connection.disconnect()


def test_a_server_that_never_answers_is_given_up():
    with socket.create_server(("127.0.0.1", 0)) as silent:
        host, port = silent.getsockname()
        options = {"socket_timeout": 0.05, "protocol": 2}
        connection = connection_of(ConnectionPool(host=host, port=port, **options))
        with pytest.raises(ConnectionError):
            ask(connection, "GET", "page")


def test_a_server_behind_tls_gets_the_pools_own_kind():
    assert isinstance(connection_of(ConnectionPool.from_url("rediss://there/0")), SSLConnection)
