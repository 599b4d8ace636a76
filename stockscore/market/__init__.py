"""Sessions and opening hours of exchanges; `now` is always an argument.

`calendars` alone imports exchange_calendars (and with it pandas): pages never do, they read the
sessions that it wrote to the database.
"""
