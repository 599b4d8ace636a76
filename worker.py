"""Does background jobs until it is asked to end: `python worker.py`, as often as wanted."""

from stockscore import create_app
from stockscore.jobs import process, worker

if __name__ == "__main__":
    process.main(create_app, worker.run)
