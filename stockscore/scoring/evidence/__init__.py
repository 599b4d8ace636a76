"""What may be said of the score's own record, forward only: arrays in, arrays out.

`interval` and `verdict` are standard library only, because pages need them; the others use numpy.
"""
