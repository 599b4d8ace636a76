"""Loads the replayed S&P 500 (or takes it from a SQLite file that has it), and writes the documents
that tell what the method and the rules for values make of it."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from bench.documents import data_quality, effects, methodology
from bench.documents.sp500 import loaded
from stockscore.config import ROOT


def main() -> None:
    """Writes both documents."""
    with tempfile.TemporaryDirectory() as folder:
        given = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(folder) / "sp500.db"
        app, now = loaded(given.resolve())
        with app.app_context():
            (ROOT / "docs" / "methodology.md").write_text(
                methodology.document(effects.of_the_versions(now)), "utf-8"
            )
            (ROOT / "docs" / "data-quality.md").write_text(data_quality.document(), "utf-8")


if __name__ == "__main__":
    main()
