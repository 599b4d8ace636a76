"""What each page shows: one frozen dataclass a page, made from what `store.pages` reads.

Builders take rows and give values; they ask no database and no clock.
"""
