"""What pages read: one function a question, each a fixed number of statements whatever the number
of stocks, answered with frozen dataclasses and never with ORM rows.

Units as in `store.models`: points in hundredths, ratios as fractions, moments aware UTC.
"""
