"""The scoring method, pure: standard library and numpy, no Flask, no database, no clock.

Whatever depends on the moment is an argument. `engine`, `universe`, `metrics`, `percentiles`
and `indicators` use numpy; every other module is standard library only, because the web
process imports them and must never load numpy.
"""
