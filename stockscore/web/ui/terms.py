"""Every term of the site in plain words. What the method defines (metrics, factors, signals, kinds
of company) is taken from the method itself, so that both always say the same."""

from __future__ import annotations

import re
from dataclasses import dataclass

from stockscore.scoring import method
from stockscore.scoring.altman_zones import DISTRESS, SAFE
from stockscore.scoring.horizons import HORIZONS
from stockscore.scoring.method import FACTOR_LABELS, FACTOR_POINTS
from stockscore.scoring.methods import every_metric
from stockscore.scoring.signals import THRESHOLDS
from stockscore.scoring.strategies import STRATEGIES

SCORE, SIGNALS, KINDS = "The score", "Signals", "Kinds of company"
METRIC, CHECKS, SCREENS = "Metrics of the score", "Checks beside the score", "Screens and horizons"
PRICE, TRADING = "What a share costs", "Prices and trading"
INCOME, BALANCE, CASH = "Income statement", "Balance sheet", "Cash and its uses"
TREND, STATISTICS, DATA = "Trends and events", "Statistics and evidence", "Data and time"

GROUPS = (
    SCORE, SIGNALS, KINDS, METRIC, CHECKS, SCREENS, PRICE, INCOME, BALANCE, CASH, TREND, TRADING,
    STATISTICS, DATA,
)  # fmt: skip
"""In the order of the page."""


@dataclass(frozen=True, slots=True)
class Term:
    """`key` is its anchor; `formula` is empty where there is none; `url` is where it is used."""

    key: str
    name: str
    group: str
    text: str
    formula: str = ""
    url: str = ""


def key_of(name: str) -> str:
    """The anchor of a name: "P/E" is "p-e", "Altman Z″" is "altman-z2"."""
    plain = name.lower().replace("″", "2").replace("±", "plus-minus")
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")


def _terms(group: str, *entries: tuple[str, str]) -> tuple[Term, ...]:
    return tuple(Term(key_of(name), name, group, text) for name, text in entries)


_SCORE = _terms(
    SCORE,
    (
        "Score",
        (
            "A number from 0 to 100 that says how a stock compares with its market today: the sum "
            "of four factors of 25 points. It is not a forecast and not a price target."
        ),
    ),
    (
        "Factor",
        (
            "One of the four sides from which a score looks at a stock: value, quality, momentum "
            "and health. Each can earn 25 points."
        ),
    ),
    (
        "Metric",
        (
            "A single figure that earns points for a factor, such as the return on equity. Every "
            "metric of a score is listed on the page of the stock."
        ),
    ),
    (
        "Sub-score",
        (
            "How well a metric does, from 0 (worst) to 1 (best). Times the points of the metric "
            "it gives what the metric earns."
        ),
    ),
    (
        "Points",
        (
            "The unit of scores. They are kept in whole hundredths, so that metrics add up "
            "exactly to factors and factors to the total."
        ),
    ),
    (
        "Total",
        (
            "The whole score: the four factors added up. With three rated factors it is four "
            "thirds of their sum."
        ),
    ),
    (
        "±",
        (
            "How far the score could move if the metrics that are missing became known. A wide "
            "band means that we know less, not that the stock is riskier."
        ),
    ),
    (
        "Coverage",
        (
            "The share of a factor’s points for which data are known. Below half the factor is "
            "not rated."
        ),
    ),
    (
        "Not rated",
        (
            "A stock with fewer than three rated factors has no total, no signal and no rank. "
            "That is a statement about our data and not about the company."
        ),
    ),
    (
        "Rank",
        (
            "The place of a stock when all rated ones are ordered by total. Equal totals are "
            "ordered by ticker."
        ),
    ),
    ("Sector rank", "The place of a stock among the rated ones of its own sector."),
    (
        "Percentile",
        "The share of a group that does worse. A percentile of 83 means better than 83 in 100.",
    ),
    (
        "Sector percentile",
        (
            "A percentile among companies of the same sector, mixed with that of the whole market "
            "so that tiny sectors do not exaggerate."
        ),
    ),
    (
        "Curve",
        (
            "A fixed line from values to sub-scores, used where good and bad do not depend on "
            "what others do, such as debt."
        ),
    ),
    (
        "Sector median",
        "The middle value of a sector: half of its companies lie above it and half below.",
    ),
    (
        "Receipt",
        (
            "Twelve characters computed from everything that went into a score. Anybody who "
            "scores the same inputs again gets the same receipt."
        ),
    ),
    (
        "Edition",
        (
            "One complete, numbered scoring of the whole market. Every page shows one edition, "
            "never a mixture of two."
        ),
    ),
    (
        "Method version",
        (
            "The number of the rules that made a score. Scores of different versions are not "
            "compared without saying so."
        ),
    ),
    (
        "Rule (scale)",
        (
            "The line from 0 to 100 on which a score is drawn: a long mark for the score, a band "
            "for ±, and small marks where signals change."
        ),
    ),
    (
        "Change",
        (
            "The score today less the score of the last daily snapshot at least so many days old. "
            "It is unknown where there is no snapshot that old."
        ),
    ),
)

_CHECKS = _terms(
    CHECKS,
    (
        "Piotroski F-score",
        (
            "Nine yes-or-no tests of a company’s year: is it profitable, is it getting safer, is "
            "it getting more efficient? Eight or nine passed is strong, two or fewer weak."
        ),
    ),
    (
        "Positive return on assets",
        "Piotroski test: net income over the assets at the start of the year is above zero.",
    ),
    (
        "Positive operating cash flow",
        "Piotroski test: the business brought in more cash than it used.",
    ),
    ("Rising return on assets", "Piotroski test: assets earn more than they did the year before."),
    (
        "Accruals",
        (
            "The part of profit that has not arrived as cash. Piotroski’s test asks that "
            "operating cash flow exceeds net income."
        ),
    ),
    (
        "Falling leverage",
        "Piotroski test: long-term debt weighs less on the assets than a year ago.",
    ),
    ("Rising liquidity", "Piotroski test: the current ratio is higher than a year ago."),
    (
        "No new shares",
        (
            "Piotroski test: the company has not issued shares, which would thin out those who "
            "own it already."
        ),
    ),
    (
        "Rising gross margin",
        "Piotroski test: more is left of sales after the cost of making the goods.",
    ),
    (
        "Rising asset turnover",
        "Piotroski test: each unit of assets brings in more sales than a year ago.",
    ),
    (
        "Altman zones",
        (
            f"What Altman’s Z″ says in words: below {DISTRESS} distress, above {SAFE} safe, "
            "and grey between "
            "them."
        ),
    ),
    (
        "Greenblatt earnings yield",
        (
            "EBIT over enterprise value: what the whole business earns before interest and tax "
            "for each unit it costs."
        ),
    ),
    (
        "Greenblatt return on capital",
        (
            "EBIT over working capital and fixed assets: what the business earns on what it needs "
            "to run."
        ),
    ),
)

_PRICE = _terms(
    PRICE,
    (
        "Market value",
        (
            "What all shares together cost: the price times the number of shares. Also called "
            "market capitalisation."
        ),
    ),
    (
        "Enterprise value",
        (
            "What it would cost to buy the whole business: market value plus debt, less the cash "
            "that comes with it."
        ),
    ),
    (
        "P/E",
        (
            "Price to earnings: how many years of today’s profit the price pays for. A company "
            "with a loss has none, and is not cheap for it."
        ),
    ),
    ("P/B", "Price to book: market value over equity. With negative equity there is none."),
    ("P/S", "Price to sales: market value over a year’s revenue. It says nothing about profit."),
    (
        "EV/EBITDA",
        (
            "Enterprise value over EBITDA: years of operating profit before depreciation that the "
            "whole business costs."
        ),
    ),
    (
        "Dividend yield",
        "A year’s dividends over the price. A very high yield often means that a cut is expected.",
    ),
    (
        "Payout",
        (
            "The share of profit that is paid out as dividends. Above 100 % more is paid than was "
            "earned."
        ),
    ),
    (
        "Book value",
        (
            "Another word for equity: what would be left for owners if assets and debts were "
            "worth what the books say."
        ),
    ),
    ("Share", "A part of a company’s ownership, with a part of its profit and usually a vote."),
    (
        "Class of shares",
        (
            "Some companies have several kinds of share with different votes, told apart by a "
            "letter: BRK.A and BRK.B."
        ),
    ),
    (
        "Ticker",
        (
            "The short code under which a stock is traded. The same letters may mean different "
            "companies on different exchanges."
        ),
    ),
    ("ISIN", "A code of twelve characters that names one security all over the world."),
)

_INCOME = _terms(
    INCOME,
    ("Revenue", "What customers paid for goods and services, before any cost. Also called sales."),
    ("Gross profit", "Revenue less what it cost to make the goods or render the services."),
    ("Gross margin", "Gross profit as a share of revenue."),
    (
        "EBIT",
        (
            "Earnings before interest and tax: what the business earns whoever financed it. Also "
            "called operating profit."
        ),
    ),
    (
        "EBITDA",
        (
            "EBIT before depreciation and amortisation: closer to cash, but blind to machines "
            "wearing out."
        ),
    ),
    ("Operating margin", "EBIT as a share of revenue."),
    (
        "Depreciation",
        (
            "The yearly share of a long-lived asset’s cost. It lowers profit, but no cash leaves "
            "in that year."
        ),
    ),
    ("Interest expense", "What a company pays to its lenders in a year."),
    (
        "Tax rate",
        (
            "Tax as a share of profit before tax, kept between 0 and 35 % so that odd years do "
            "not distort."
        ),
    ),
    ("Net income", "Profit after all costs, interest and tax: what belongs to the shareholders."),
    (
        "Earnings per share",
        "Net income for each share, counting those that options could still create. Short: EPS.",
    ),
    (
        "EPS growth",
        (
            "Earnings per share against the twelve months before. From a loss there is no growth "
            "rate that means anything."
        ),
    ),
    ("Revenue growth", "Revenue against the twelve months before."),
    (
        "TTM",
        (
            "Trailing twelve months: the last four quarters together, so that no season is "
            "missing or counted twice."
        ),
    ),
    (
        "Fiscal year",
        "The twelve months that a company reports on; they need not be those of the calendar.",
    ),
    (
        "Restatement",
        (
            "A company’s correction of an earlier report. We keep both, and use each only from "
            "the day it became known."
        ),
    ),
)

_BALANCE = _terms(
    BALANCE,
    ("Total assets", "Everything a company owns or is owed, as its books value it."),
    ("Total liabilities", "Everything a company owes, from unpaid bills to bonds."),
    (
        "Equity",
        (
            "Assets less liabilities: what belongs to the owners. It is below zero where debts "
            "exceed assets."
        ),
    ),
    (
        "Total debt",
        (
            "Loans, bonds and leases on which interest is paid. Bills to suppliers are not debt "
            "in this sense."
        ),
    ),
    (
        "Net debt",
        (
            "Debt less cash. Below zero the company could repay everything at once, which is "
            "called net cash."
        ),
    ),
    ("Cash", "Money at the bank and what can be turned into it within weeks."),
    (
        "Current assets",
        "What turns into cash within a year: cash, unpaid invoices, stocks of goods.",
    ),
    ("Current liabilities", "What must be paid within a year."),
    (
        "Working capital",
        "Current assets less current liabilities: what keeps the business running from day to day.",
    ),
    ("Retained earnings", "Past profits that were kept in the company instead of being paid out."),
    (
        "Invested capital",
        "Debt plus equity less cash: the money that works in the business, whoever gave it.",
    ),
    ("Leverage", "Using borrowed money. It makes good years better and bad years worse."),
    (
        "Solvency",
        (
            "Whether a company can pay what it owes in the long run; liquidity asks the same "
            "about this year."
        ),
    ),
)

_CASH = _terms(
    CASH,
    (
        "Operating cash flow",
        "Cash that the business itself brought in during a year, before investment and financing.",
    ),
    (
        "Capital expenditure",
        "Money spent on buildings, machines and other things that last for years.",
    ),
    (
        "Free cash flow",
        "Operating cash flow less capital expenditure: what is left for owners and lenders.",
    ),
    ("Free cash flow margin", "Free cash flow as a share of revenue."),
    ("Dividend", "Cash that a company pays to its shareholders, usually every quarter or year."),
    (
        "Ex-dividend day",
        (
            "The first day on which a buyer no longer gets the next dividend. The price falls by "
            "about as much."
        ),
    ),
    ("Share buyback", "A company buying its own shares. Those that remain own a larger part each."),
    (
        "Stock split",
        (
            "One share becomes several, each worth less. Nothing is gained or lost; old prices "
            "are restated so that charts do not jump."
        ),
    ),
    (
        "Adjusted price",
        "An old price corrected for later splits and dividends, so that returns come out right.",
    ),
)

_TREND = _terms(
    TREND,
    (
        "Momentum effect",
        (
            "The finding that stocks which rose over the past year tended to go on for some "
            "months. It fails sharply at turning points."
        ),
    ),
    ("Return", "The change of a price over a time, dividends included."),
    (
        "SMA",
        (
            "Simple moving average: the mean of the last so many closing prices. It follows the "
            "price with a delay."
        ),
    ),
    (
        "Golden cross",
        (
            "The 50-day average rises above the 200-day one. Many read it as the start of an "
            "upward trend."
        ),
    ),
    (
        "Death cross",
        "The 50-day average falls below the 200-day one. The opposite of a golden cross.",
    ),
    (
        "RSI",
        (
            "Relative strength index: compares the sizes of recent rises and falls, from 0 (only "
            "falls) to 100 (only rises)."
        ),
    ),
    ("Oversold", "An RSI below 30: sellers have been very one-sided. It may stay so for long."),
    ("Overbought", "An RSI above 70: buyers have been very one-sided."),
    ("Trend", "The direction of prices over weeks and months, once daily noise is averaged out."),
    (
        "Volatility",
        "How much a price swings. It is not the same as loss, and not part of the score.",
    ),
)

_TRADING = _terms(
    TRADING,
    (
        "Exchange",
        "The market place where a stock is traded. Each has its own hours, holidays and currency.",
    ),
    ("MIC", "The four-letter code of an exchange: XNYS is New York, XLON London."),
    ("Session", "One day of trading at one exchange, dated by that exchange’s own calendar."),
    ("Open", "The first price of a session, or the moment it begins."),
    ("Close", "The last price of a session, on which scores are built."),
    ("Half day", "A session that ends early, often before a holiday."),
    ("Volume", "How many shares changed hands in a session."),
    (
        "Liquidity",
        (
            "How easily shares can be bought and sold without moving the price; of a company, "
            "whether it can pay this year’s bills."
        ),
    ),
    ("Listing", "A company’s stock being traded at an exchange. One company may have several."),
    (
        "Delisting",
        (
            "The end of a listing, by takeover, failure or choice. Its history stays in the "
            "record here."
        ),
    ),
    (
        "Sector",
        (
            "The broad field a company works in, such as Energy. Companies are compared mostly "
            "within theirs."
        ),
    ),
    ("Industry", "A narrower field within a sector, such as regional banks."),
    (
        "Peers",
        "Companies of the same sector and of similar size, shown beside a stock for comparison.",
    ),
    (
        "Minor currency unit",
        "Some prices are quoted in hundredths: GBX is a penny, a hundredth of a pound.",
    ),
    (
        "Exchange rate",
        (
            "The price of one currency in another. Without a rate of the day, figures that mix "
            "currencies are missing."
        ),
    ),
)

_STATISTICS = _terms(
    STATISTICS,
    (
        "Median",
        (
            "The middle one when all are put in order. Unlike a mean it does not follow a few "
            "extremes."
        ),
    ),
    ("Mean", "The sum divided by the number; one huge value can carry it far."),
    ("Distribution", "How many stocks score how much, drawn as a row of columns."),
    (
        "Rank correlation (IC)",
        (
            "Whether higher scores were followed by higher returns: 1 means in perfect order, 0 "
            "no relation, −1 reversed."
        ),
    ),
    ("Decile", "A tenth of the market when all stocks are put in order of score."),
    (
        "Survivorship bias",
        (
            "Judging by those that still exist. A test without the failed companies looks better "
            "than any investor did."
        ),
    ),
    (
        "Look-ahead bias",
        (
            "Using in a test what nobody could know at the time, such as a report before it was "
            "published."
        ),
    ),
    (
        "Placebo test",
        "A test on a score that is known to be worthless. If it seems to work, the test is broken.",
    ),
    (
        "Confidence interval",
        (
            "The range in which a true value plausibly lies. As long as it includes zero it is "
            "too early to tell."
        ),
    ),
    ("Turnover", "How much of a portfolio is replaced over time. Each replacement costs money."),
    (
        "Equal-weight market",
        "A portfolio that holds the same amount of every stock: the yardstick for our record.",
    ),
)

_DATA = _terms(
    DATA,
    ("As of", "The moment up to which data were used. Every page says it."),
    ("Snapshot", "The scores of a session, written down once after the close and never changed."),
    (
        "Gap",
        "A session whose snapshot was missed. It is shown as missing and never made up afterwards.",
    ),
    ("Provider", "Where prices and reports come from."),
    ("Fundamentals", "The figures of a company’s reports, as opposed to its price."),
    (
        "Fresh",
        (
            "Prices of the newest session of their exchange; reports whose period ended within "
            "100 days."
        ),
    ),
    (
        "Stale",
        (
            "Older than it should be. A stock whose last price lies far behind its exchange gets "
            "no momentum."
        ),
    ),
    (
        "Quarantine",
        (
            "Where values wait that are too odd to believe. The last good value stays in use "
            "meanwhile."
        ),
    ),
    ("Unknown", "We do not have the figure. It is never shown or counted as 0."),
    (
        "Simulated market",
        "Invented companies, prices and reports for trying the site. Every page of it says so.",
    ),
    (
        "UTC",
        "The world’s common clock, used in files and JSON. Pages show the time of the exchange.",
    ),
)


def _signals() -> tuple[Term, ...]:
    names = list(THRESHOLDS)
    found = []
    for index, (name, least) in enumerate(THRESHOLDS.items()):
        above = THRESHOLDS[names[index - 1]] // 100 if index else None
        scores = f"at least {least // 100}" if least else f"less than {above}"
        upper = f" and less than {above}" if least and above else ""
        text = (
            f"The label of a score of {scores}{upper}. It changes only once a border is "
            "crossed by a full point, and it is no advice."
        )
        found.append(Term(key_of(name), name, SIGNALS, text, "", "/methodology#signals"))
    signal = "One of five words that a score is put into, from STRONG BUY to STRONG SELL."
    border = (
        "A signal that stands close to a border keeps its word until the score is a full point "
        "past it, so that it does not flicker from day to day. Also called hysteresis."
    )
    return (*found, *_terms(SIGNALS, ("Signal", signal), ("Full-point rule", border)))


def _factors() -> tuple[Term, ...]:
    texts = {
        "value": "What you get for the price: earnings, cash and equity for each unit paid.",
        "quality": "How well the business earns: returns on its capital, margins, profit in cash.",
        "momentum": "How the price has done over the past year and where it stands to its "
        "averages.",
        "health": "Whether the company can carry its debts and pay its bills.",
    }
    return tuple(
        Term(
            f"factor-{name}",
            f"{FACTOR_LABELS[name]} (factor)",
            SCORE,
            f"{texts[name]} Worth {FACTOR_POINTS} points.",
            "",
            f"/methodology#{name}",
        )
        for name in method.FACTORS
    )


def _metrics() -> tuple[Term, ...]:
    return tuple(
        Term(
            metric.key,
            metric.label,
            METRIC,
            metric.meaning,
            metric.definition,
            f"/methodology#{metric.key}",
        )
        for metric in every_metric()
    )


def _kinds() -> tuple[Term, ...]:
    texts = {
        method.FINANCIAL: "Banks and insurers, whose debt is their raw material: they are judged "
        "by returns on assets and by their cushion of equity instead.",
        method.REAL_ESTATE: "Owners of property, which carry more debt than others by their "
        "nature; half of it counts.",
        method.UTILITY: "Suppliers of power, gas and water, whose steady income carries more "
        "debt; half of it counts.",
        method.GENERAL: "Every other company; all metrics but those of banks apply.",
    }
    return tuple(
        Term(
            f"kind-{kind.replace('_', '-')}",
            method.KIND_LABELS[kind].capitalize(),
            KINDS,
            texts[kind],
            "",
            "/methodology#kinds",
        )
        for kind in method.KINDS
    )


def _screens() -> tuple[Term, ...]:
    strategies = (
        Term(
            strategy.key,
            strategy.label,
            SCREENS,
            f"{strategy.description}. One of the ready-made screens.",
            "",
            f"/screener?strategy={strategy.key}",
        )
        for strategy in STRATEGIES
    )
    horizons = (
        Term(
            f"horizon-{horizon.key}",
            f"{horizon.label} horizon",
            SCREENS,
            f"For money that is to stay invested for {horizon.span}: the factors count "
            f"{', '.join(map(str, horizon.weights[:3]))} and {horizon.weights[3]} % "
            "(value, quality, momentum, health).",
            "",
            f"/top-picks?horizon={horizon.key}",
        )
        for horizon in HORIZONS
    )
    return (
        *strategies,
        *horizons,
        *_terms(
            SCREENS,
            (
                "Fit",
                "The score with the four factors weighed for a horizon, or by weights of your own.",
            ),
            (
                "Screen",
                (
                    "A set of conditions that picks stocks out of the market. A stock whose "
                    "figure is unknown does not pass."
                ),
            ),
        ),
    )


TERMS: tuple[Term, ...] = tuple(
    sorted(
        (
            *_SCORE,
            *_factors(),
            *_signals(),
            *_kinds(),
            *_metrics(),
            *_CHECKS,
            *_screens(),
            *_PRICE,
            *_INCOME,
            *_BALANCE,
            *_CASH,
            *_TREND,
            *_TRADING,
            *_STATISTICS,
            *_DATA,
        ),
        key=lambda term: (GROUPS.index(term.group), term.name.casefold()),
    )
)
"""All terms, by group and then by name."""

BY_KEY: dict[str, Term] = {term.key: term for term in TERMS}
