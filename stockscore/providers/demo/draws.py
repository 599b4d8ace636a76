"""Random numbers that depend on nothing but a seed and names.

Every purpose has a stream of its own, and a stream is only ever read from its beginning, so the
first n numbers are the same however many are asked for: this is what makes the market stable
when it is asked for later dates. CRC-32 is used because `hash` differs from process to process.
"""

from __future__ import annotations

from collections.abc import Iterable
from zlib import crc32

import numpy as np


def stream(seed: int, *names: str) -> np.random.Generator:
    """The generator of a purpose, e.g. `stream(7, "HALD", "moves")`."""
    keys = [crc32(name.encode()) for name in names]
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence([seed, *keys])))


def roll(key: str, purpose: str, sides: int) -> int:
    """A whole number from 0 to `sides` - 1 that is for ever this key's, whatever the seed."""
    return crc32(f"{purpose}:{key}".encode()) % sides


def normals(seed: int, keys: Iterable[str], purpose: str, steps: int, width: int) -> np.ndarray:
    """Standard normal numbers of shape (steps, keys, width); more steps only append."""
    return np.stack(
        [stream(seed, key, purpose).standard_normal((steps, width)) for key in keys], axis=1
    )


def fat_tailed(seed: int, keys: Iterable[str], purpose: str, steps: int) -> np.ndarray:
    """Numbers of mean 0 and variance 1 from Student's t with 4.5 degrees of freedom, of shape
    (steps, keys); more steps only append."""
    freedom = 4.5
    scale = np.sqrt((freedom - 2) / freedom)
    columns = [stream(seed, key, purpose).standard_t(freedom, steps) for key in keys]
    return np.stack(columns, axis=1) * scale


def reverting(shocks: np.ndarray, half_life: float, start: np.ndarray | float) -> np.ndarray:
    """A first-order autoregression around 0 along the first axis: x[t] = a·x[t-1] + shocks[t],
    with a = 0.5 ** (1 / half_life) in steps."""
    keep = 0.5 ** (1 / half_life)
    path = np.empty_like(shocks)
    state = start
    for step, shock in enumerate(shocks):
        state = keep * state + shock
        path[step] = state
    return path
