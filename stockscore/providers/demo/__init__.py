"""A simulated market, shipped as code: companies that do not exist, the same for everyone who uses
the same seed."""

from stockscore.providers.demo.provider import DemoProvider

__all__ = ["DemoProvider"]
