"""What Altman's Z″ says in words (Altman, Hartzell and Peck 1995)."""

from __future__ import annotations

DISTRESS, SAFE = 1.1, 2.6


def altman_zone(z: float) -> str:
    """ "distress" below 1.1, "safe" above 2.6, "grey" between (both ends included)."""
    return "distress" if z < DISTRESS else "safe" if z > SAFE else "grey"
