"""The settings: one table, validated whole at the start."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from redis.connection import parse_url

from stockscore import create_app
from stockscore.config import SETTINGS, SettingsError, load

ROOT = Path(__file__).resolve().parent.parent


def test_every_setting_has_a_default_that_is_valid() -> None:
    values = load({})
    assert values["DATA_PROVIDER"] == "demo"
    assert values["EXCHANGES"] == ()
    assert values["PORT"] == 5000
    assert values["REDIS_ENABLED"] is False


def test_all_wrong_settings_are_named_at_once() -> None:
    wrong = {"PORT": "http", "DATA_PROVIDER": "bloomberg", "EXCHANGES": "XNYS,MARS"}
    with pytest.raises(SettingsError) as error:
        load(wrong)
    sentence = str(error.value)
    assert "PORT takes a whole number from 1 to 65535, not 'http'" in sentence
    assert "DATA_PROVIDER takes one of demo, yahoo, csv, not 'bloomberg'" in sentence
    assert "EXCHANGES takes exchanges" in sentence


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "mysql://somewhere"),
        ("REDIS_URL", "http://somewhere"),
        ("REDIS_ENABLED", "perhaps"),
        ("PROVIDER_RATE_PER_SECOND", "0"),
        ("PROVIDER_RATE_PER_SECOND", "nan"),
        ("PROVIDER_RATE_PER_SECOND", "inf"),
        ("WEB_CONCURRENCY", "0"),
        ("PORT", "65536"),
        ("LOG_FORMAT", "xml"),
        ("EXCHANGES", " , "),
    ],
)
def test_a_wrong_value_is_a_sentence(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=f"{name} takes"):
        load({name: value})


def test_an_empty_variable_counts_as_not_given() -> None:
    assert load({"PORT": ""})["PORT"] == 5000


@pytest.mark.parametrize(
    ("cache", "jobs"),
    [
        ("redis://127.0.0.1:6379/0", "redis://127.0.0.1:6379/1"),
        ("redis://:secret@example.org:6400", "redis://:secret@example.org:6400/1"),
        ("rediss://user:a%2Fb@example.org/7", "rediss://user:a%2Fb@example.org/8"),
        (
            "redis://example.org/0?db=3&ssl_cert_reqs=none",
            "redis://example.org/0?db=4&ssl_cert_reqs=none",
        ),
        ("unix:///run/redis.sock", "unix:///run/redis.sock?db=1"),
        ("unix:///run/redis.sock?db=2", "unix:///run/redis.sock?db=3"),
    ],
)
def test_jobs_use_the_next_database_of_the_cache_s_redis(cache: str, jobs: str) -> None:
    assert load({"REDIS_URL": cache})["QUEUE_REDIS_URL"] == jobs
    numbers = [parse_url(url).get("db", 0) for url in (cache, jobs)]
    assert numbers[1] == numbers[0] + 1


def test_a_redis_of_its_own_for_jobs_stays() -> None:
    given = {"REDIS_URL": "redis://a/0", "QUEUE_REDIS_URL": "redis://b/0"}
    assert load(given)["QUEUE_REDIS_URL"] == "redis://b/0"


def test_what_the_caller_gives_comes_before_the_environment() -> None:
    assert load({"PORT": "6000"}, PORT=7000)["PORT"] == 7000
    assert load({}, EXCHANGES=("XNYS", "XLON"))["EXCHANGES"] == ("XNYS", "XLON")


@pytest.mark.parametrize("secret", ["", "change-me", "SECRET", "dev"])
def test_production_refuses_a_missing_or_default_secret_and_says_which(secret: str) -> None:
    with pytest.raises(SettingsError, match="SECRET_KEY must be set") as error:
        load({"STOCKSCORE_ENV": "production", "SECRET_KEY": secret})
    assert "'" + secret + "'" not in str(error.value), "a secret is never shown"


def test_production_may_do_without_an_admin_token_but_not_with_a_default_one() -> None:
    given = {"STOCKSCORE_ENV": "production", "SECRET_KEY": "k" * 32}
    assert load(given)["ADMIN_TOKEN"] == ""
    with pytest.raises(SettingsError, match="ADMIN_TOKEN must be set"):
        load(given | {"ADMIN_TOKEN": "change-me"})


def test_production_starts_with_a_secret() -> None:
    values = load({"STOCKSCORE_ENV": "production", "SECRET_KEY": "k" * 32})
    assert values["SECRET_KEY"] == "k" * 32


def test_without_a_secret_a_checkout_makes_its_own_once() -> None:
    assert len(load({})["SECRET_KEY"]) == 64
    assert load({})["SECRET_KEY"] == load({})["SECRET_KEY"]


def test_the_application_refuses_wrong_settings(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="PORT takes"):
        create_app({"PORT": "no", "DATABASE_URL": f"sqlite:///{tmp_path / 'x.db'}"})


def test_the_example_environment_explains_every_setting() -> None:
    example = (ROOT / ".env.example").read_text("utf-8")
    named = set(re.findall(r"^#? ?([A-Z_]+)=", example, re.MULTILINE))
    assert named == {setting.name for setting in SETTINGS}


def test_the_documentation_explains_every_setting() -> None:
    page = (ROOT / "docs" / "settings.md").read_text("utf-8")
    for setting in SETTINGS:
        assert f"| `{setting.name}` |" in page, setting.name
        assert setting.help in page, setting.name
