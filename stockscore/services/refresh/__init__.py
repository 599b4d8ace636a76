"""Brings prices and statements of the stocks up to date from a source.

One ticker after the other in a process: yfinance keeps its session in one object, and the rate
limit leaves nothing to gain from threads. Each ticker is one transaction, so that a run may be
stopped at any time and the next one goes on where it stopped: what is fresh is passed over, what
was never tried or tried longest ago comes first.

Inline (`inline.refresh`, the command) one process does it all. In the background a slot is planned
(`plan`), cut into chunks that all workers share (`chunk`), and closed by whoever ends the last one
(`finish`). What is due (`due`) and what is done about one stock (`stock`) is the same for both.
"""

from stockscore.services.refresh.inline import refresh
from stockscore.services.refresh.stock import RefreshCounts

__all__ = ["RefreshCounts", "refresh"]
