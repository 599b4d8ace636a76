"""The recipes of CONTRIBUTING.md, followed in a copy of the program: what they say is enough."""

from __future__ import annotations

import importlib
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from stockscore.config import ROOT, SETTINGS, load
from stockscore.jobs import queues
from stockscore.services import background, sources
from stockscore.services.errors import InputError

TEXT = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
COPIED = ("stockscore", "templates", "static", "migrations")

RECIPES = {
    "stockscore/market/exchanges.py": (
        "EXCHANGES: dict[str, Exchange] = {",
        '_KNOWN += (Exchange("XPRA", "Prague", "Europe/Prague", "CZK", "XPRA"),)\n\n',
    ),
    "stockscore/config.py": (
        '    Setting("WEB_CONCURRENCY"',
        '    Setting("TEA_MINUTES", _whole(1, 10), "3", "How long tea is left."),\n',
    ),
    "stockscore/web/ui/columns.py": (
        "COLUMNS: tuple[StockColumn, ...] = (\n",
        (
            "_LETTERS = StockColumn(\n"
            '    "letters", lambda line: len(line.ticker), csv="letters", json=("letters",),\n'
            '    table=TableHead("Letters", 3, "num", place=99), written=lambda line: "3",\n'
            ")\n\n"
        ),
    ),
    "stockscore/web/ui/terms.py": (
        '    (\n        "Factor",\n',
        '    ("Echo", ("A price that says what another one said before.")),\n',
    ),
    "stockscore/web/__init__.py": ('    "status.routes",\n', '    "tea.routes",\n'),
    "stockscore/jobs/queues.py": (
        '    "housekeeping": Kind(',
        '    "tea": Kind("stockscore.jobs.tasks.tea", MARKET, 60),\n',
    ),
    "stockscore/jobs/tasks.py": (
        "def later(",
        'def tea(slot: str) -> None:\n    _once("tea", slot, lambda run: None)\n\n\n',
    ),
    "stockscore/services/background.py": (
        "_EXTENSION = ",
        'JOBS = (*JOBS, "tea")\n\n',
    ),
}
"""By file: a text that stands there once, and what a person puts before it."""

REPLACED = (
    (
        "stockscore/web/ui/columns.py",
        "COLUMNS: tuple[StockColumn, ...] = (\n",
        "COLUMNS: tuple[StockColumn, ...] = (\n    _LETTERS,\n",
    ),
    (
        "stockscore/scoring/methods/__init__.py",
        "import method_1_0, method_1_1\n",
        "import method_1_0, method_1_1, method_1_2\n",
    ),
    (
        "stockscore/scoring/methods/__init__.py",
        "method_1_1.METHOD)\n}",
        "method_1_1.METHOD, method_1_2.METHOD)\n}",
    ),
)
"""File, a text that stands there once, and what a person makes of it."""

NEW_FILES = {
    "stockscore/scoring/methods/method_1_2.py": (
        "from dataclasses import replace\n\n"
        "from stockscore.scoring.method import PCT_SECTOR\n"
        "from stockscore.scoring.methods import method_1_1\n"
        "from stockscore.scoring.methods.definition import Metric\n"
        "from stockscore.scoring.methods.expressions import over\n\n"
        "BEFORE = method_1_1.METHOD\n"
        'CASH = Metric("cash_to_assets", "health", "Cash to assets", 4, "cash / total assets",\n'
        '    PCT_SECTOR, "percent", "How much is at hand.", inputs=("cash", "total_assets"),\n'
        '    formula=over("cash", "total_assets"), positive=("total_assets",))\n'
        'METHOD = replace(BEFORE, version="1.2", metrics=(*BEFORE.metrics, CASH))\n'
    ),
    "stockscore/web/pages/tea/__init__.py": "",
    "stockscore/web/pages/tea/view.py": (
        "from dataclasses import dataclass\n\n\n"
        "@dataclass(frozen=True)\n"
        "class TeaView:\n"
        "    minutes: int\n"
    ),
    "stockscore/web/pages/tea/routes.py": (
        "from flask import Blueprint, current_app\n\n"
        "from stockscore.web.http.page import Menu, PageDeclaration, public_page\n"
        "from stockscore.web.pages.tea.view import TeaView\n"
        "from stockscore.web.ui import exports\n"
        "from stockscore.web.ui.components import PageHead\n\n"
        'bp = Blueprint("tea", __name__)\n'
        'PAGE = PageDeclaration("/tea", "Tea", Menu("Trust", 3), "scores", in_sitemap=True)\n\n\n'
        "@bp.get(PAGE.path)\n"
        "@public_page(PAGE)\n"
        "def page():\n"
        '    view = TeaView(current_app.config["TEA_MINUTES"])\n'
        "    head = PageHead(title=PAGE.title, canonical=PAGE.path, section=PAGE.path)\n"
        '    return exports.html("tea/tea.html", head, view)\n'
    ),
    "templates/tea/tea.html": (
        '{% extends "base.html" %}\n'
        "{% block main %}<p>{{ view.minutes }} minutes</p>{% endblock %}\n"
    ),
}

ASKED = """
import json, sys
from stockscore import config, create_app
from stockscore.jobs import queues, tasks
app = create_app({"DATABASE_URL": sys.argv[1]})
client = app.test_client()
command = app.test_cli_runner()
status = command.invoke(args=["market", "status", "--exchange", "XPRA", "--json",
                              "--at", "2026-11-27T10:00Z"]).output
print(json.dumps({
    "page": client.get("/tea").text,
    "cached": client.get("/tea?utm=1").headers["X-Cache"],
    "glossary": client.get("/glossary").text,
    "sitemap": client.get("/sitemap.xml").text,
    "exchange": json.loads(status),
    "exchanges": config.load({"EXCHANGES": "XPRA"})["EXCHANGES"],
    "minutes": config.load({"TEA_MINUTES": "5"})["TEA_MINUTES"],
    "csv": client.get("/stocks.csv").text,
    "method": client.get("/methodology?version=1.2").text,
    "job": queues.KINDS["tea"].function == f"{tasks.tea.__module__}.{tasks.tea.__name__}",
    "jobs": command.invoke(args=["jobs", "enqueue", "--help"]).output,
}))
"""


@pytest.fixture(scope="module")
def followed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the program in which somebody has followed the recipes."""
    folder = tmp_path_factory.mktemp("recipes")
    for name in COPIED:
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / name, folder / name, ignore=ignored)
    for name, (before, added) in RECIPES.items():
        text = (folder / name).read_text("utf-8")
        assert text.count(before) == 1, f"{name} is not as the recipe's test expects it"
        (folder / name).write_text(text.replace(before, added + before), "utf-8")
    for name, before, after in REPLACED:
        text = (folder / name).read_text("utf-8")
        assert text.count(before) == 1, f"{name} is not as the recipe's test expects it"
        (folder / name).write_text(text.replace(before, after), "utf-8")
    for name, text in NEW_FILES.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    return folder


def test_a_change_needs_no_more_than_its_recipe(followed: Path, sqlite_url: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", ASKED, sqlite_url],
        cwd=followed,
        env=os.environ | {"PYTHONPATH": str(followed)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout.splitlines()[-1])
    assert "<p>3 minutes</p>" in found["page"]
    assert '<a href="/tea">Tea</a>' in found["page"], "the foot lists every declared page"
    assert found["cached"] == "HIT", "a parameter that nobody declared makes no other page"
    assert "/tea</loc>" in found["sitemap"]
    assert 'id="echo"' in found["glossary"]
    assert found["exchange"]["is_open"]
    assert found["exchange"]["closes_at"] == "2026-11-27T15:20:00Z"
    assert found["exchanges"] == ["XPRA"]
    assert found["minutes"] == 5
    assert "letters" in found["csv"].splitlines()[0].split(",")
    assert "Cash to assets" in found["method"]
    assert found["job"]
    assert "tea" in found["jobs"]


def test_the_setting_and_the_table_name_the_same_providers() -> None:
    (setting,) = (setting for setting in SETTINGS if setting.name == "DATA_PROVIDER")
    for name in sources.PROVIDERS:
        assert setting.parse(name) == name
    assert load({})["DATA_PROVIDER"] in sources.PROVIDERS
    with pytest.raises(ValueError, match=", ".join(sources.PROVIDERS)):
        setting.parse("nobody")


def test_a_provider_that_nobody_knows_is_refused() -> None:
    with pytest.raises(InputError, match="there are demo, yahoo, csv"):
        sources.provider_of({"DATA_PROVIDER": "bloomberg"})


def test_each_kind_of_job_has_its_function_and_each_job_by_hand_its_kind() -> None:
    for kind in queues.KINDS.values():
        module, _, function = kind.function.rpartition(".")
        assert callable(getattr(importlib.import_module(module), function))
        assert kind.queue in queues.NAMES
    assert set(background.JOBS) <= queues.KINDS.keys()


def test_there_are_ten_recipes_and_what_they_name_is_there() -> None:
    assert re.findall(r"^### (\d+)\. ", TEXT, re.MULTILINE) == [str(n) for n in range(1, 11)]
    for path in re.findall(r"`((?:stockscore|templates|static|tests|docs)/[^`<]*)`", TEXT):
        assert (ROOT / path).exists(), path
    for name in re.findall(r"`(test_\w+\.py)`", TEXT):
        assert list((ROOT / "tests").rglob(name)), name


def test_pre_commit_runs_what_make_lint_runs() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    recipe = re.search(r"^lint:.*\n((?:\t.*\n)+)", makefile, re.MULTILINE)
    assert recipe
    plain = recipe[1].replace("\\\n", " ").replace('"$(BIN)/', ".venv/bin/").replace('"', "")
    commands = [_words(command) for command in plain.split("&&")[1:]]
    hooks = (ROOT / ".pre-commit-config.yaml").read_text("utf-8")
    assert [_words(entry) for entry in re.findall(r"entry: (.*)", hooks)] == commands


def _words(command: str) -> list[str]:
    """A command without the dot for the whole project."""
    return [word for word in command.split() if word != "."]


def test_the_newest_release_of_the_changelog_is_this_version() -> None:
    from stockscore import __version__

    releases = re.findall(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)
    assert releases[0] == __version__
