"""`python -m stockscore.dashboard`."""

from stockscore.dashboard.standalone import main

main()
