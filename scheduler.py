"""Enqueues what is due until it is asked to end: `python scheduler.py`; several may run."""

from stockscore import create_app
from stockscore.jobs import process, scheduler

if __name__ == "__main__":
    process.main(create_app, scheduler.run)
