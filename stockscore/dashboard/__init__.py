"""rq-dashboard, made safe to show: queues, workers and jobs, behind a login.

`mount` puts it into an application, `requests` says which of its addresses may be asked for and
how, `answers` repairs what it sends. `python -m stockscore.dashboard` serves it alone.

What is wrong with rq-dashboard 0.9.0 as it comes: it has no login and takes state-changing requests
from any site, some of them by GET; it reads workers' jobs, and requeues, with pickle; descriptions
and tracebacks reach the page as HTML; it crashes on an unknown job and waits for ever for Redis.
"""
