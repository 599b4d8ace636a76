"""Yahoo Finance through the real, unpatched yfinance. Importing this imports pandas."""

from stockscore.providers.yahoo.provider import YahooProvider

__all__ = ["YahooProvider"]
