"""A real Redis for the jobs, shared by all tests of a process and emptied after each."""

import pytest

from tests.caching.redis_server import RedisServer
from tests.servers import MissingError


@pytest.fixture(scope="session")
def redis_server(tmp_path_factory):
    """A Redis server of this process's own; nothing is kept on disk."""
    try:
        server = RedisServer(tmp_path_factory.mktemp("redis"))
    except MissingError as reason:
        pytest.skip(str(reason))
    yield server
    server.end()


@pytest.fixture
def redis_url(redis_server):
    """The address of an empty Redis database that no other test uses now."""
    yield redis_server.url
    redis_server.client.flushall()


@pytest.fixture
def connection(redis_server, redis_url):
    """A client of it."""
    return redis_server.client
