"""Forms of the site, sent as a browser sends them."""

from __future__ import annotations

import re

from flask.testing import FlaskClient
from werkzeug.test import TestResponse


def csrf_token(page: TestResponse) -> str:
    """What a page's forms prove by that they are the site's own."""
    return re.search(r'name="csrf_token" value="([^"]+)"', page.text)[1]


def log_in(browser: FlaskClient, token: str, **more: str) -> TestResponse:
    """The answer to the form of /admin/login."""
    form = browser.get("/admin/login")
    data = {"csrf_token": csrf_token(form), "token": token, **more}
    return browser.post("/admin/login", data=data)
