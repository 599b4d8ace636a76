"""Every page in a real browser: its layout on phones and desks, the policy, WCAG 2.2 AA."""

from __future__ import annotations

import pytest

from tests.web.chromium import WIDTHS, ZOOMED, faults_of_layout, violations

PAGES = (
    "/",
    "/stocks",
    "/stocks?q=nothing-is-called-so",
    "/stocks/T11",
    "/stocks/T05?range=5y",
    "/stocks/BRK.B",
    "/stocks/FAIL",
    "/stocks/T06?range=1m",
    "/leaderboard",
    "/leaderboard?by=signal",
    "/leaderboard?by=sector",
    "/top-picks?horizon=long",
    "/screener?strategy=value-gems",
    "/screener?roe_min=0.06&pe_max=40&show=near",
    "/screener?roe_min=0.06&show=count",
    "/movers?days=7",
    "/compare?t=T01&t=T11",
    "/methodology",
    "/glossary",
    "/status",
    "/watchlists",
    "/portfolio",
)


DIFFERENT = [path for path in PAGES if "range=" not in path]
"""Without pages that have the parts of another one and only show another time."""

ERRORS = ("/no-such-page", "/stocks/T1", "/screener?pe_max=cheap")


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("width", [ZOOMED, *WIDTHS])
def test_a_page_fits_its_width_and_keeps_the_policy(chromium, site, path, width):
    assert faults_of_layout(chromium, site + path, width) == {}


@pytest.mark.parametrize("path", [*DIFFERENT, *ERRORS])
def test_axe_finds_no_violation_on_a_page(chromium, site, path):
    assert violations(chromium, site + path) == []
