"""The same data as a page, as JSON or CSV.

Numbers are JSON numbers, points in units (72.23), absent ones null, moments ISO 8601 UTC with Z.
CSV has text cells that no spreadsheet takes for a formula.
"""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any

from flask import Response, render_template

from stockscore.store.pages.editions import EditionRow
from stockscore.store.text import FORMULA
from stockscore.web.ui.components import PageHead


def points(hundredths: int | None) -> float | None:
    """7223 -> 72.23."""
    return None if hundredths is None else hundredths / 100


def number(value: float | None) -> float | None:
    """The number, None for what is none."""
    return value if value is not None and math.isfinite(value) else None


def moment(value: datetime | None) -> str | None:
    """2026-11-24T17:38:00Z."""
    return None if value is None else _moment(value)


@lru_cache(maxsize=1024)
def _moment(value: datetime) -> str:
    """A moment as text; the stocks of a file share a few, such as the close of a session."""
    return value.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def day(value: date | None) -> str | None:
    """2026-11-24."""
    return None if value is None else value.isoformat()


def edition(row: EditionRow | None) -> dict[str, Any]:
    """What every JSON page says of the edition it shows."""
    return {
        "edition": row.id if row else None,
        "method": row.method if row else None,
        "simulated": row.simulated if row else False,
        "as_of": moment(row.as_of) if row else None,
        "updated_at": moment(row.published_at) if row else None,
    }


def html(template: str, page: PageHead, view: Any, status: int = 200) -> tuple[str, int]:
    """A page from its one context."""
    return render_template(template, page=page, view=view), status


def as_json(data: Any, status: int = 200) -> Response:
    """`data` as JSON; it must hold no NaN, because JSON knows none."""
    body = json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return Response(body + "\n", status, mimetype="application/json")


def as_csv(name: str, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> Response:
    """A CSV file called `name`; an absent value is an empty cell."""
    lines = ([_PLAIN_CELLS.get(type(found), cell)(found) for found in row] for row in rows)
    return as_written_csv(name, header, lines)


def as_written_csv(
    name: str, header: Sequence[str], lines: Iterable[Sequence[str | float | None]]
) -> Response:
    """The same of cells that are written already."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows(lines)
    response = Response(text.getvalue(), mimetype="text/csv")
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response


def value(found: Any) -> Any:
    """A value as JSON has it: moments and days as texts, None for a number that is none."""
    if isinstance(found, datetime):
        return moment(found)
    if isinstance(found, date):
        return day(found)
    return number(found) if isinstance(found, float) else found


def cell(found: Any) -> Any:
    """One cell: text that looks like a formula gets an apostrophe before it, numbers stay."""
    written = value(found)
    return _text_cell(written) if isinstance(written, str) else written


def text_cells(texts: Sequence[str | None]) -> list[str | None]:
    """A column of cells of text; many stocks share a sector or an exchange."""
    written = {text: None if text is None else _text_cell(text) for text in set(texts)}
    return list(map(written.__getitem__, texts))


def _text_cell(text: str) -> str:
    return f"'{text}" if text.lstrip(" ").startswith(FORMULA) else text


_PLAIN_CELLS: Mapping[type, Callable[[Any], Any]] = {
    int: int,
    float: number,
    str: _text_cell,
    date: date.isoformat,
    datetime: moment,
    type(None): lambda _none: "",
}
"""How the commonest cells are written, by their very type: a file of all stocks has hundreds of
thousands."""
