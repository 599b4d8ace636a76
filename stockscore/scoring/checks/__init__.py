"""Three published checks shown beside the score, with the arithmetic of each; none enters it."""

from stockscore.scoring.altman_zones import altman_zone
from stockscore.scoring.checks.altman import Altman, altman
from stockscore.scoring.checks.greenblatt import Greenblatt, greenblatt
from stockscore.scoring.checks.piotroski import Criterion, Piotroski, piotroski
from stockscore.scoring.checks.ratios import Ratio

__all__ = [
    "Altman",
    "Criterion",
    "Greenblatt",
    "Piotroski",
    "Ratio",
    "altman",
    "altman_zone",
    "greenblatt",
    "piotroski",
]
