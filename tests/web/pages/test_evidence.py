"""/evidence: the verdict first, in the words of its protocol, and nothing it must never say."""

from __future__ import annotations

import math
import re
from datetime import date, timedelta

import numpy as np
import pytest
from sqlalchemy import event

from stockscore.extensions import db
from stockscore.scoring.evidence.record import Record
from stockscore.scoring.evidence.series import HORIZONS
from stockscore.store import cross_sections, evidence
from stockscore.store.transactions import transaction
from stockscore.web.pages.evidence import export
from tests.support.scored_market import markets, scored_market

FIRST = date(2026, 1, 1)


def rows(dates, method="1.1", charged=(), **market):
    """What the record of a made-up market has shown."""
    record = Record(markets(60))
    return [
        {
            "method": method,
            "session": FIRST + timedelta(days=day.session),
            "figures": {str(horizon): own for horizon, own in record.add(day).values.items()},
            "charged": list(charged) if day.session == dates else [],
        }
        for day in scored_market(7, dates, 60, **market)
    ]


@pytest.fixture(scope="module")
def noise():
    return rows(200)


@pytest.fixture
def shows(copied_market, monkeypatch):
    """`shows(rows)`: a browser of a market whose record has shown this."""

    def make(*kept, methods=("1.1",), simulated=False):
        span = (FIRST, FIRST + timedelta(days=200), 200)
        monkeypatch.setattr(
            cross_sections, "recorded_by_method", lambda: dict.fromkeys(methods, span)
        )
        app = copied_market(CACHE_ENABLED="false")
        with app.app_context(), transaction():
            evidence.clear()
            evidence.save([row for some in kept for row in some])
            if simulated:
                db.session.execute(db.text("UPDATE editions SET simulated = :yes"), {"yes": True})
        return app.test_client()

    return make


def with_main(rows, values):
    """The rows with other values of the main line, one for each that has one."""
    left = iter(values)
    return [
        row
        | {
            "figures": row["figures"]
            | (
                {"63": row["figures"]["63"] | {"ic.total.neutral.all": next(left)}}
                if "63" in row["figures"]
                else {}
            )
        }
        for row in rows
    ]


def text_of(page):
    main = page.text[page.text.index("<main") : page.text.index("</main>")]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", main)).replace("\u00a0", " ")


def test_a_site_without_a_record_says_so(browser):
    said = text_of(browser.get("/evidence"))
    assert "Too early to tell" in said
    assert "There is no date yet on which a whole cohort of 63 snapshots met its returns." in said


def test_a_simulated_market_says_first_that_it_proves_nothing(shows, noise):
    said = text_of(shows(noise, simulated=True).get("/evidence"))
    first = said.index("This market is simulated: nothing here says anything about real stocks.")
    assert first < said.index("Too early to tell")
    assert "Research, not advice" in said


def test_while_zero_is_covered_it_is_too_early_with_what_could_be_seen_and_when(shows, noise):
    page = shows(noise).get("/evidence")
    said = text_of(page)
    assert "This market is simulated" not in said
    assert re.search(
        r"After 136 dates the interval .* covers zero: it reaches from −0\.\d+ to", said
    )
    assert re.search(r"The smallest mean IC that could be seen today is 0\.\d{3}\.", said)
    assert re.search(r"one of 0\.04 (is seen in another|would have been seen)", said)
    assert page.text.index('id="verdict"') < page.text.index('id="record"')


@pytest.mark.parametrize(("mean", "word"), [(0.2, "higher"), (-0.2, "lower")])
def test_what_excludes_zero_is_said_with_interval_and_costs(shows, noise, mean, word):
    values = [mean + 0.01 * math.sin(place) for place in range(200)]
    said = text_of(shows(with_main(noise, values)).get("/evidence"))
    assert f"So far higher scores have come with {word} returns" in said
    assert "Over 136 dates the mean IC over 63 sessions is" in said
    assert "After costs the highest fifth less the lowest made" in said


def test_a_failed_placebo_takes_the_verdict_away(shows, noise):
    broken = [
        row
        | {"figures": {h: own | {"placebo.look_ahead": 0.0} for h, own in row["figures"].items()}}
        for row in with_main(noise, [0.2 + 0.01 * math.sin(place) for place in range(200)])
    ]
    said = text_of(shows(broken).get("/evidence"))
    assert "The evidence is out of order: no verdict" in said
    assert "So far" not in said
    assert "failed: not found" in said


def test_a_record_shorter_than_63_dates_has_no_interval(shows):
    page = shows(rows(100)).get("/evidence")
    said = text_of(page)
    assert "There are 36 dates with a value; an interval is shown from 63 on" in said
    assert 'id="mean-chart-t"' not in page.text
    assert "±" not in said[said.index("By factor") : said.index("Placebos")]


def test_every_method_is_listed_and_shares_the_level(shows, noise):
    client = shows(noise, rows(30, "1.0"), methods=("1.0", "1.1"))
    data = client.get("/evidence.json").json
    assert [tried["method"] for tried in data["methods"]] == ["1.0", "1.1"]
    assert data["level"] == 0.025
    assert data["method_shown"] == "1.1"
    assert client.get("/evidence.json?method=1.0&horizon=21").json["main"] is None
    assert "Two methods were ever recorded" in text_of(client.get("/evidence"))
    assert client.get("/evidence?method=9.9").status_code == 400
    assert client.get("/evidence?horizon=5").status_code == 400


def test_stocks_that_vanished_are_counted_and_named(shows):
    charged = rows(90, charged=[1, 2])
    said = text_of(shows(charged).get("/evidence?horizon=21"))
    assert re.search(r"Stocks that vanished 2 a last return of −30 % was assumed of each", said)
    assert "Company" in said[said.index("Assumed on") :]


def test_the_files_have_the_same_figures(shows, noise):
    client = shows(noise)
    data = client.get("/evidence.json?horizon=21").json
    lines = client.get("/evidence.csv?horizon=21").text.splitlines()
    assert lines[0].split(",") == list(export.CSV_HEADER)
    place = export.CSV_HEADER.index("ic_total_neutral_all")
    values = [float(line.split(",")[place]) for line in lines[1:]]
    assert data["horizon"]["lines"]["ic.total.neutral.all"]["mean"] == pytest.approx(
        np.mean(values), abs=1e-12
    )
    assert data["record"]["dates"] == {"21": len(values), "63": 136, "252": 0}
    assert set(map(str, HORIZONS)) == data["record"]["dates"].keys()


def test_it_never_says_what_it_must_not(shows, noise):
    proven = with_main(noise, [0.2 + 0.01 * math.sin(place) for place in range(200)])
    for record in (noise, proven):
        said = text_of(shows(record).get("/evidence")).casefold()
        for words in (
            "beats the market",
            "beat the market",
            "sharpe",
            "annualised",
            "per year",
            "p.a.",
        ):
            assert words not in said
        assert "backtest" not in said.replace("no backtest", "")


def test_it_asks_at_most_six_statements(shows, noise):
    client = shows(noise, rows(90, "1.0", charged=[1]), methods=("1.0", "1.1"))
    client.get("/evidence?method=1.0")
    asked = []
    with client.application.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
    assert client.get("/evidence?method=1.0").status_code == 200
    # One more reads which methods were recorded, which this test gives.
    assert len(asked) + 1 <= 6
