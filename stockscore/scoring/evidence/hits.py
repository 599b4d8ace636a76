"""Whether what was called BUY or better beat all rated stocks of the day, after some sessions."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from stockscore.scoring.evidence.cohorts import LOG_UNIT, ExchangeCohorts
from stockscore.scoring.evidence.ranks import LEAST_STOCKS
from stockscore.scoring.evidence.series import BEAT, BOUGHT
from stockscore.scoring.signals import SIGNALS

BUY = SIGNALS.index("BUY")


def matured(trades: Sequence[ExchangeCohorts], horizon: int) -> dict[str, float]:
    """Of the snapshots whose signals have been followed for `horizon` sessions on the open date,
    from the close of the session after: how many stocks were BUY or better, and how many of these
    earned more than the equal-weight mean of all rated ones. Nothing where too few were rated."""
    signals, gains = [], []
    for part in trades:
        past, bought = part.back(horizon + 1), part.back(horizon)
        if past is None or past.said is None or bought is None:
            continue
        rated = past.said.signals >= 0
        signals.append(past.said.signals[rated])
        gains.append(np.expm1((part.growth - bought.growth)[rated] / LOG_UNIT))
    if not signals:
        return {}
    codes, earned = np.concatenate(signals), np.concatenate(gains)
    if len(codes) < LEAST_STOCKS:
        return {}
    chosen = earned[codes <= BUY]
    return {BOUGHT: float(len(chosen)), BEAT: float(np.count_nonzero(chosen > earned.mean()))}
