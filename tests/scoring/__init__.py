"""Specification of the scoring method: scoring.md, sections 1 to 7, in hand-worked numbers."""
