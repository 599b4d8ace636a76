"""Types of numpy arrays: what an array holds, and not how many dimensions it has."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]
Codes = NDArray[np.uint16]
"""Codes of `scoring.reasons`."""
