"""Prints what was measured beside what was promised."""

from __future__ import annotations


class Table:
    """Rows of name, figure, promise and whether it was kept."""

    def __init__(self) -> None:
        self.broken = 0

    def heading(self, text: str) -> None:
        """A part of the table."""
        print(f"\n{text}", flush=True)

    def row(self, name: str, figure: str, promise: str = "", kept: bool | None = None) -> None:
        """A line; `kept` None where nothing was promised."""
        word = "" if kept is None else "met" if kept else "NOT MET"
        self.broken += kept is False
        print(f"  {name:<58} {figure:>24}  {promise:<26} {word}", flush=True)
