from tests.jobs.conftest import connection, redis_server, redis_url

__all__ = ["connection", "redis_server", "redis_url"]
