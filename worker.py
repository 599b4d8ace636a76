"""Does background jobs until it is asked to end: `python worker.py`, as often as wanted."""

import sys

from stockscore import create_app
from stockscore.jobs import worker
from stockscore.services.errors import ServiceError

if __name__ == "__main__":
    try:
        worker.run(create_app())
    except ServiceError as error:
        sys.exit(str(error))
