"""Market data from CSV files: three readers, which refuse a file as a whole or take all of it, and
the provider of a site that is fed by them."""

from stockscore.providers.csvfile.fundamentals import FundamentalsTable, read_fundamentals
from stockscore.providers.csvfile.lines import Progress
from stockscore.providers.csvfile.prices import PriceTable, read_prices
from stockscore.providers.csvfile.problems import BadFile
from stockscore.providers.csvfile.provider import CsvProvider
from stockscore.providers.csvfile.universe import read_universe

__all__ = [
    "BadFile",
    "CsvProvider",
    "FundamentalsTable",
    "PriceTable",
    "Progress",
    "read_fundamentals",
    "read_prices",
    "read_universe",
]
