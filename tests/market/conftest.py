"""The sessions these tests read: a year and more of four exchanges, loaded once."""

from datetime import date

import pytest

from stockscore.market import calendars


@pytest.fixture(scope="session")
def sessions_of():
    """MIC -> its sessions from November 2025 to the end of 2026."""

    def load(mic):
        return calendars.sessions(mic, date(2025, 11, 24), date(2026, 12, 31))

    return load
