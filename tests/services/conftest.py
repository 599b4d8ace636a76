"""Fixtures for services."""

import pytest


@pytest.fixture
def app_context(app):
    """The test runs inside the application's context."""
    with app.app_context():
        yield app
