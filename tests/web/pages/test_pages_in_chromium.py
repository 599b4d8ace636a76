"""Every page in a real browser: its layout on phones and desks, the policy, WCAG 2.2 AA."""

from __future__ import annotations

import pytest

from tests.support import small_market
from tests.support.chromium import faults_of_layout, served, violations
from tests.support.forms import log_in
from tests.support.pages import DIFFERENT, ERRORS, PAGES


@pytest.mark.parametrize("path", PAGES)
def test_a_page_fits_every_width_and_keeps_the_policy(chromium, site, path):
    assert faults_of_layout(chromium, site + path) == {}


@pytest.mark.parametrize("path", [*DIFFERENT, *ERRORS])
def test_axe_finds_no_violation_on_a_page(chromium, site, path):
    assert violations(chromium, site + path) == []


KEY = "a long and secret token"


@pytest.fixture
def admin_site(app_on, market_database):
    """The site on a server, and the cookie of somebody who is logged in."""
    app = app_on(market_database, ADMIN_TOKEN=KEY, CLOCK=lambda: small_market.NOW)
    client = app.test_client()
    log_in(client, KEY)
    name = app.config["SESSION_COOKIE_NAME"]
    with served(app) as url:
        yield url, {"name": name, "value": client.get_cookie(name).value, "url": url}


@pytest.mark.parametrize("name", ["login", "cache", "runs", "schedule", "quarantine"])
def test_pages_of_the_admin_fit_and_break_no_rule_of_axe(admin_site, chromium, name):
    url, cookie = admin_site
    if name == "login":
        # Who is logged in already is sent on.
        cookie = None
    assert faults_of_layout(chromium, f"{url}/admin/{name}", cookie=cookie) == {}
    assert violations(chromium, f"{url}/admin/{name}", cookie) == []


def test_what_is_pale_or_nameless_is_found(chromium):
    page = (
        "<html lang=en><title>t</title><main><h1>h</h1><p>dark</p><p class=pale>pale</p>"
        "<style>.pale {color: silver}</style><button></button></main>"
    )
    found = {(width, rule) for width, _, rule, _ in violations(chromium, f"data:text/html,{page}")}
    assert found == {
        *((width, "button-name") for width in (390, 768, 1440)),
        *((width, "color-contrast") for width in (390, 1440)),
    }
