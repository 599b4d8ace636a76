"""Rules for values: which figures of a source are believed. Pure: values in, findings out.

Sources mistake units, currencies, periods and splits now and then. A value that cannot follow from
the last good one, or that other figures of the same answer contradict, is rejected with a reason,
and the last good one stays in use until a later answer is plausible again, has repeated the value
for long enough, or a person has decided. Each rule stands once in `rules.RULES`.
"""
