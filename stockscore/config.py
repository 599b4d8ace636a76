"""The settings: one table of name, environment variable, type, default and help.

`load` reads and validates all of them at once, so that a wrong environment is reported whole.
`docs/settings.md` and `.env.example` are checked against this table by a test.
"""

from __future__ import annotations

import contextlib
import math
import os
import re
import secrets
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import click

from stockscore.market.exchanges import EXCHANGES
from stockscore.scoring.currency import major_unit
from stockscore.scoring.methods import DEFAULT, METHODS

ROOT = Path(__file__).resolve().parent.parent
"""The project's top folder, which holds templates/, static/, migrations/ and instance/."""

INSTANCE = ROOT / "instance"


class SettingsError(click.UsageError):
    """The environment is wrong; the message names every setting at fault and what it takes.

    A usage error, so that a command says it as a sentence and ends with status 2.
    """


def _text(raw: str) -> str:
    return raw.strip()


def _flag(raw: str) -> bool:
    word = raw.strip().lower()
    if word in {"1", "true", "yes", "on"}:
        return True
    if word in {"0", "false", "no", "off"}:
        return False
    raise ValueError("takes true or false")


def _whole(least: int, most: int) -> Callable[[str], int]:
    def parse(raw: str) -> int:
        try:
            value = int(raw)
        except ValueError:
            value = least - 1
        if not least <= value <= most:
            raise ValueError(f"takes a whole number from {least} to {most}")
        return value

    return parse


def _seconds(raw: str) -> int:
    return _whole(0, 366 * 24 * 3600)(raw)


def _positive(raw: str) -> float:
    try:
        value = float(raw)
    except ValueError:
        value = math.nan
    if not (math.isfinite(value) and value > 0):
        raise ValueError("takes a number above 0")
    return value


def _share(raw: str) -> float:
    try:
        value = float(raw)
    except ValueError:
        value = math.nan
    if not 0 <= value < 1:
        raise ValueError("takes a share from 0 to below 1, such as 0.002")
    return value


def _words(raw: str) -> tuple[str, ...]:
    return tuple(word.strip().upper() for word in raw.split(",") if word.strip())


def _choice(*allowed: str) -> Callable[[str], str]:
    def parse(raw: str) -> str:
        word = raw.strip()
        if word not in allowed:
            raise ValueError(f"takes one of {', '.join(allowed)}")
        return word

    return parse


def _method(raw: str) -> str:
    version = raw.strip()
    if version not in METHODS:
        raise ValueError(f"takes one of {', '.join(METHODS)}")
    return version


def _method_or_none(raw: str) -> str:
    return _method(raw) if raw.strip() else ""


def _exchanges(raw: str) -> tuple[str, ...]:
    mics = tuple(mic.strip().upper() for mic in raw.split(",") if mic.strip())
    unknown = [mic for mic in mics if mic not in EXCHANGES]
    if unknown or (raw and not mics):
        raise ValueError(f"takes exchanges separated by commas, out of {', '.join(EXCHANGES)}")
    return mics


def _currency(raw: str) -> str:
    code = raw.strip().upper()
    if not re.fullmatch("[A-Z]{3}", code) or major_unit(code) != (code, 1.0):
        raise ValueError("takes the ISO code of a currency, such as USD")
    return code


def _database(raw: str) -> str:
    scheme = urlsplit(raw.strip()).scheme.split("+")[0]
    if scheme not in {"sqlite", "postgresql", "postgres"}:
        raise ValueError("takes a URL that begins with sqlite:/// or postgresql://")
    return raw.strip()


def _redis(raw: str) -> str:
    if urlsplit(raw.strip()).scheme not in {"redis", "rediss", "unix"}:
        raise ValueError("takes a URL that begins with redis://, rediss:// or unix://")
    return raw.strip()


def _redis_or_nothing(raw: str) -> str:
    return _redis(raw) if raw.strip() else ""


def _next_database(url: str) -> str:
    """The URL of the database after the one that a Redis URL means, on the same server."""
    parts = urlsplit(url)
    query = parse_qs(parts.query)
    if parts.scheme == "unix" or "db" in query:
        # Here the path is a file, or redis-py lets the query go first.
        query["db"] = [str(_number_or_0(query.get("db", ["0"])[0]) + 1)]
        return f"{url.partition('?')[0]}?{urlencode(query, doseq=True)}"
    return parts._replace(path=f"/{_number_or_0(parts.path.strip('/')) + 1}").geturl()


def _number_or_0(text: str) -> int:
    return int(text) if text.isdecimal() else 0


def _site(raw: str) -> str:
    parts = urlsplit(raw.strip())
    if raw.strip() and not (parts.scheme in {"http", "https"} and parts.hostname):
        raise ValueError("takes an address such as https://stocks.example.org, or nothing")
    return raw.strip().rstrip("/")


def _dsn(raw: str) -> str:
    parts = urlsplit(raw.strip())
    if raw.strip() and not (
        parts.scheme in {"http", "https"} and parts.username and parts.hostname
    ):
        raise ValueError("takes a DSN of Sentry, such as https://key@host/1, or nothing")
    return raw.strip()


@dataclass(frozen=True, slots=True)
class Setting:
    """A setting, read from the environment variable of the same name.

    `parse` makes the value of its text or raises `ValueError` with what it takes. A `secret` is
    never shown, and in production must not be one that everybody knows; one that is `needed` must
    be set there.
    """

    name: str
    parse: Callable[[str], Any]
    default: str
    help: str
    secret: bool = False
    needed: bool = False


SETTINGS = (
    Setting(
        "STOCKSCORE_ENV",
        _choice("development", "production"),
        "development",
        "`production` refuses to start on a missing or default secret.",
    ),
    Setting(
        "DATABASE_URL",
        _database,
        f"sqlite:///{INSTANCE / 'stockscore.db'}",
        "Where everything is kept: SQLite in `instance/` by default, or `postgresql://…`.",
    ),
    Setting("REDIS_URL", _redis, "redis://127.0.0.1:6379/0", "Redis of the page cache."),
    Setting("REDIS_ENABLED", _flag, "false", "Use Redis; without it memory serves."),
    Setting(
        "QUEUE_REDIS_URL",
        _redis_or_nothing,
        "",
        "Redis of the background jobs: a database of its own, better an instance of its own that "
        "never evicts; empty: that of `REDIS_URL` with the next database.",
    ),
    Setting(
        "CACHE_ENABLED", _flag, "true", "Keep pages ready; `false` renders each one every time."
    ),
    Setting("CACHE_TTL_DEFAULT", _seconds, "300", "How long most pages are fresh."),
    Setting("CACHE_TTL_LIST", _seconds, "300", "How long lists of stocks are fresh."),
    Setting("CACHE_TTL_DETAIL", _seconds, "300", "How long a stock's page is fresh."),
    Setting("CACHE_TTL_LEADERBOARD", _seconds, "600", "How long the leaderboard is fresh."),
    Setting("CACHE_TTL_SCORES", _seconds, "900", "How long pages about the method are fresh."),
    Setting(
        "CACHE_STALE_SECONDS",
        _seconds,
        "3600",
        "How long the page of the edition before may be shown while the new one is made.",
    ),
    Setting(
        "CACHE_MEMORY_MB",
        _whole(0, 4096),
        "64",
        "Pages that each web process keeps in its own memory, in MiB.",
    ),
    Setting(
        "METHOD",
        _method,
        DEFAULT,
        "The version of the scoring method by which editions are published.",
    ),
    Setting(
        "METHOD_SHADOW",
        _method_or_none,
        "",
        "A second version that is scored and recorded beside it, shown on the methodology page.",
    ),
    Setting(
        "DATA_PROVIDER",
        _choice("demo", "yahoo", "csv"),
        "demo",
        "Where `flask refresh` gets figures: the simulated market, Yahoo Finance, or files only.",
    ),
    Setting(
        "PROVIDER_RATE_PER_SECOND",
        _positive,
        "2",
        "Requests a second to the data provider, over all that runs.",
    ),
    Setting(
        "PROVIDER_COOLDOWN_SECONDS",
        _positive,
        "60",
        "First pause after the provider says 'too many requests'; it doubles on repeats.",
    ),
    Setting(
        "PROVIDER_TIMEOUT_SECONDS",
        _positive,
        "15",
        "How long one request to the provider may take.",
    ),
    Setting(
        "REFRESH_EVERY_MINUTES",
        _whole(5, 24 * 60),
        "60",
        "How often the scheduler refreshes prices while an exchange is open.",
    ),
    Setting(
        "EXCHANGES",
        _exchanges,
        "",
        "MICs of the exchanges that are refreshed by the schedule and recorded day by day, the "
        "first one being home; empty: all that stocks are listed on.",
    ),
    Setting(
        "BASE_CURRENCY",
        _currency,
        "USD",
        "The currency (ISO code) in which market values are ordered and screened.",
    ),
    Setting(
        "EVIDENCE_COST",
        _share,
        "0.002",
        "What trading costs on `/evidence`, as a share of what is bought or sold.",
    ),
    Setting(
        "EVIDENCE_CASH_OFFERS",
        _words,
        "",
        "Tickers, separated by commas, of stocks that ended by a cash offer: `/evidence` assumes "
        "no loss at their end.",
    ),
    Setting(
        "ADMIN_TOKEN",
        _text,
        "",
        "Opens `/admin` and `POST /cache/invalidate`; without it both stay closed.",
        secret=True,
    ),
    Setting(
        "RQ_DASHBOARD_USERNAME", _text, "", "Name for the dashboard of queues that runs alone."
    ),
    Setting(
        "RQ_DASHBOARD_PASSWORD",
        _text,
        "",
        "Its password; it does not start without both.",
        secret=True,
    ),
    Setting(
        "SECRET_KEY", _text, "", "Signs what a browser keeps for us.", secret=True, needed=True
    ),
    Setting(
        "SENTRY_DSN",
        _dsn,
        "",
        "Where unforeseen errors of pages and jobs are reported; empty: nowhere.",
    ),
    Setting("ACCESS_LOG", _flag, "false", "Write a log line for every request."),
    Setting("LOG_FORMAT", _choice("text", "json"), "text", "How log lines are written."),
    Setting(
        "CLOCK_FILE",
        _text,
        "",
        "A file whose content (an ISO 8601 moment) is taken for now, for rehearsals; empty: the "
        "system's clock.",
    ),
    Setting(
        "SITE_URL",
        _site,
        "",
        "Where readers find the site, for its feeds, previews and sitemap; empty: paths alone.",
    ),
    Setting("PORT", _whole(1, 65535), "5000", "Port of the site, on 127.0.0.1."),
    Setting("HOST", _text, "127.0.0.1", "Address the site listens on."),
    Setting("WEB_CONCURRENCY", _whole(1, 64), "1", "Processes that serve the site."),
)

NAMES = frozenset(setting.name for setting in SETTINGS)

DEFAULT_SECRETS = frozenset({"", "change-me", "changeme", "secret", "dev"})


def load(environ: Mapping[str, str] | None = None, **given: Any) -> dict[str, Any]:
    """All settings by name, from `environ` (the process's own by default), `given` ones first.

    Values in `given` may be text or already of the right type. Raises `SettingsError` naming every
    wrong setting.
    """
    environ = os.environ if environ is None else environ
    values: dict[str, Any] = {}
    problems: list[str] = []
    for setting in SETTINGS:
        raw = given.get(setting.name, environ.get(setting.name) or setting.default)
        if not isinstance(raw, str):
            raw = ",".join(raw) if isinstance(raw, (tuple, list)) else str(raw)
        try:
            values[setting.name] = setting.parse(raw)
        except ValueError as error:
            shown = "" if setting.secret else f", not {raw!r}"
            problems.append(f"{setting.name} {error}{shown}")
    problems += _missing_secrets(values)
    if problems:
        raise SettingsError("The settings are wrong: " + "; ".join(problems) + ".")
    values["QUEUE_REDIS_URL"] = values["QUEUE_REDIS_URL"] or _next_database(values["REDIS_URL"])
    values["SECRET_KEY"] = values["SECRET_KEY"] or _own_secret(INSTANCE / "secret-key")
    return values


def _own_secret(path: Path) -> str:
    """The secret that this checkout made for itself: the same for all its processes and starts."""
    if not path.exists():
        path.parent.mkdir(exist_ok=True)
        # Written whole (and readable by the owner alone) before it gets its name, so that of two
        # processes that start together both read the one that was first.
        with tempfile.NamedTemporaryFile("w", dir=path.parent, encoding="ascii") as file:
            file.write(secrets.token_hex(32))
            file.flush()
            with contextlib.suppress(FileExistsError):
                os.link(file.name, path)
    return path.read_text("ascii")


def _missing_secrets(values: Mapping[str, Any]) -> list[str]:
    """In production a secret must be given and must not be one that everybody knows."""
    if values.get("STOCKSCORE_ENV") != "production":
        return []
    return [
        f"{setting.name} must be set to a long random value in production"
        for setting in SETTINGS
        if setting.secret
        and values.get(setting.name, "").strip().lower() in DEFAULT_SECRETS
        and (setting.needed or values.get(setting.name))
    ]
