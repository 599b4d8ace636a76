"""What readers keep is tested on both kinds of database."""

import pytest


@pytest.fixture
def app(app_on, database_url):
    """Every test that asks for it runs on both, inside the application's context."""
    made = app_on(database_url)
    with made.app_context():
        yield made
