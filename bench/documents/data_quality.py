"""docs/data-quality.md: each rule for values, and what it caught in the replayed market."""

from __future__ import annotations

from collections import defaultdict

from sqlalchemy import func, select

from stockscore.extensions import db
from stockscore.scoring.doctor.rules import RULES
from stockscore.store.models import Quarantine, Stock, StoredBar, StoredStatement

HEAD = """# Data quality

Made by `python -m bench.documents`; do not edit it by hand. Figures of a source are not believed
as they come. Each rule below looks at every value of every source (Yahoo Finance, CSV files, the
simulated market). What does not pass is held back: the last good value stays in use, or the value
is missing with its reason. `/status` lists what is held back now, `flask quarantine list` too, and
a person may accept or refuse each case.
"""

SHOWN = 12
"""Cases that are named of a rule."""


def document() -> str:
    """The whole document, from the market that is stored."""
    caught: dict[str, list[tuple[str, str, str]]] = defaultdict(list)
    query = select(Quarantine.rule, Stock.ticker, Quarantine.field, Quarantine.reason).join(
        Stock, Stock.id == Quarantine.stock_id
    )
    for rule, ticker, field, reason in db.session.execute(query.order_by(Stock.ticker)):
        caught[rule or ""].append((ticker, field, reason))
    values = _values()
    held = sum(len(cases) for cases in caught.values())
    lines = [HEAD, "## What the rules caught in the replayed S&P 500 and in recorded answers", ""]
    share = f"{100 * held / values:.3f} %"
    lines.append(
        f"Of {values:,} values of the market of 21 August 2026 and of five recorded companies "
        f"{held} are held back ({share})."
    )
    lines += [
        "",
        "| Rule | What it holds back, and why | Caught |",
        "|---|---|---|",
    ]
    lines += [
        f"| {rule.title} (`{key}`) | {rule.text} | {len(caught[key])} |"
        for key, rule in RULES.items()
    ]
    for key, rule in RULES.items():
        if caught[key]:
            lines += ["", f"### {rule.title}", ""]
            lines += [
                f"- {ticker}, {field}: {reason}" for ticker, field, reason in caught[key][:SHOWN]
            ]
            if len(caught[key]) > SHOWN:
                lines.append(f"- … and {len(caught[key]) - SHOWN} more of the same kind")
    return "\n".join(lines) + "\n"


def _values() -> int:
    """How many values are stored: closes, and figures of statements."""
    closes = db.session.scalar(select(func.count()).select_from(StoredBar)) or 0
    figures = sum(len(known) for known in db.session.scalars(select(StoredStatement.figures)))
    return closes + figures
