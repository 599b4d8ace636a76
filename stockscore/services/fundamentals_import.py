"""Fundamentals from CSV files into the store: the whole file in one transaction, or nothing of it.

They are vetted like the answers of any other source: what is doubtful is held back, and the rest
of the file is taken.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from stockscore.providers.base import Fundamentals, Listing
from stockscore.providers.csvfile import FundamentalsTable, Progress, read_fundamentals
from stockscore.scoring.doctor.answers import ANSWER_FIELDS
from stockscore.scoring.doctor.findings import RejectedValue
from stockscore.scoring.statements import Statement
from stockscore.services import report_vetting
from stockscore.services.imports import SOURCE, ImportCounts, finish, refused_as_input, tomorrow
from stockscore.services.ingest import QUARANTINED
from stockscore.services.listings import listing_of, unknown_names
from stockscore.store import fetches, quarantine, runs, statements, stocks
from stockscore.store.transactions import transaction

BY_IMPORT = "import"
"""Who has accepted what `--accept-doubtful` takes."""


def import_fundamentals(
    path: str | Path,
    now: datetime,
    on_progress: Progress | None = None,
    *,
    accept_doubtful: bool = False,
) -> ImportCounts:
    """Imports a fundamentals file (`providers.csvfile.fundamentals`) as statements that became
    known now. A stock that the universe does not have is added.

    Doubtful figures are held back, or with `accept_doubtful` taken and recorded as accepted. Raises
    `InputError` with all that is wrong with the file; then nothing was changed.
    """
    known = {stock.ticker_key: listing_of(stock) for stock in stocks.active()}
    with refused_as_input():
        table = read_fundamentals(
            Path(path),
            tomorrow(now),
            stocks.ticker_key,
            lambda text: known.get(stocks.ticker_key(text)),
            on_progress,
        )
    with transaction():
        run = runs.start("import-fundamentals", None, now, expected=len(table.listings))
        changed = [
            listing
            for listing in table.listings
            if listing != known.get(stocks.ticker_key(listing.ticker))
        ]
        new_stocks, _ = stocks.save_listings(changed, SOURCE, now)
        saving = _Saving(now, accept_doubtful)
        saving.save(table, on_progress)
        counts = ImportCounts(
            rows=len(table),
            stocks=len(table.listings),
            new_stocks=new_stocks,
            added=saving.added,
            updated=0,
            unchanged=len(table) - saving.added - saving.left_out,
            held_back=saving.held_back,
            doubts=tuple(saving.doubts),
            notes=unknown_names(table.listings),
        )
        finish(run, now, path, counts)
    return counts


@dataclass(slots=True)
class _Saving:
    """Saves the statements of a file and counts. `held_back` are rows of which something was,
    `left_out` those of which all was."""

    now: datetime
    accept_doubtful: bool
    added: int = 0
    held_back: int = 0
    left_out: int = 0
    doubts: list[str] = field(default_factory=list)
    attempts: list[fetches.Attempt] = field(default_factory=list)

    def save(self, table: FundamentalsTable, on_progress: Progress | None) -> None:
        """Saves stock after stock."""
        ids = {stock.ticker_key: stock.id for stock in stocks.active()}
        in_doubt = {case.stock_id for case in quarantine.open_items()}
        for done, (listing, reported) in enumerate(table.by_stock(self.now), 1):
            stock_id = ids[stocks.ticker_key(listing.ticker)]
            if reported:
                self._save(stock_id, listing, reported, stock_id in in_doubt)
            if on_progress:
                on_progress(done, len(table.listings), "saving")
        fetches.record_many(self.attempts, SOURCE, self.now)

    def _save(
        self, stock_id: int, listing: Listing, reported: Sequence[Statement], in_doubt: bool
    ) -> None:
        answer = Fundamentals(listing.ticker, None, reported, SOURCE, self.now)
        known = statements.known(stock_id)
        accepted, doubtful = report_vetting.vet(
            stock_id, listing.currency, answer, known, dated=True
        )
        if self.accept_doubtful:
            accepted = list(reported)
        self.added += statements.save(stock_id, accepted)
        self._record(stock_id, listing, doubtful)
        held = [] if self.accept_doubtful else doubtful
        if held:
            self.held_back += len({value.session for value in held})
            self.left_out += len(reported) - len(accepted)
        elif in_doubt:
            quarantine.resolve_all(stock_id, ANSWER_FIELDS, self.now)
        state = QUARANTINED if held else fetches.OK
        message = " ".join(dict.fromkeys(value.reason for value in held)) or None
        self.attempts.append(fetches.Attempt(stock_id, "fundamentals", state, message))

    def _record(self, stock_id: int, listing: Listing, doubtful: Sequence[RejectedValue]) -> None:
        for value in doubtful:
            if self.accept_doubtful:
                quarantine.add_accepted(stock_id, value, SOURCE, self.now, BY_IMPORT)
            else:
                quarantine.add(stock_id, value, SOURCE, self.now)
            name = value.field.replace("_", " ")
            day = f", {value.session}" if value.session else ""
            self.doubts.append(f"{listing.ticker}{day}, {name} {value.value}: {value.reason}")
