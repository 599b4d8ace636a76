"""Every page in a real browser: its layout on phones and desks, the policy, WCAG 2.2 AA."""

from __future__ import annotations

import pytest

from tests.web.chromium import faults_of_layout, violations

PAGES = (
    "/",
    "/stocks",
    "/stocks?q=nothing-is-called-so",
    "/stocks/T11",
    "/stocks/T05?range=5y",
    "/stocks/BRK.B",
    "/stocks/FAIL",
    "/leaderboard",
    "/leaderboard?by=signal",
    "/leaderboard?by=sector",
    "/top-picks?horizon=long",
    "/screener?strategy=value-gems",
    "/movers?days=7",
    "/compare?t=T01&t=T11",
    "/methodology",
    "/glossary",
    "/status",
)


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("width", [390, 1440])
def test_a_page_fits_its_width_and_keeps_the_policy(chromium, site, path, width):
    assert faults_of_layout(chromium, site + path, width) == {}


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize(("scheme", "width"), [("light", 1440), ("dark", 390)])
def test_axe_finds_no_violation_on_a_page(chromium, site, path, scheme, width):
    assert violations(chromium, site + path, scheme, width) == []
