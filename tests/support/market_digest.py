"""A digest of everything the simulated market says at a moment, for comparing processes:
`python digest.py 2026-11-23T22:00:00+00:00`."""

import hashlib
import sys
from datetime import date, datetime

from stockscore.providers.demo import DemoProvider


def digest(provider: DemoProvider, now: datetime, since: date) -> str:
    """SHA-256 of all listings, all bars since a day and all statements known at `now`."""
    seen = hashlib.sha256()
    for listing, prices, fundamentals in provider.market(now, since):
        seen.update(repr((listing, prices.bars, fundamentals.statements)).encode())
    return seen.hexdigest()


if __name__ == "__main__":
    moment = datetime.fromisoformat(sys.argv[1])
    sys.stdout.write(digest(DemoProvider(), moment, date.fromisoformat(sys.argv[2])))
