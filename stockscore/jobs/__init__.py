"""The background half: queues of RQ, tasks, the schedule, the worker and the scheduler.

Redis only carries work. What is to be done and what has been done stands in the database, so that a
Redis that loses everything costs a minute and no slot.
"""
