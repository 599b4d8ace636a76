"""The import rules of docs/architecture.md, read from the code itself."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "stockscore"

BASE = {"extensions", "config", "clock", "logs", "monitoring"}
ALLOWED = {
    "scoring": set(),
    "market": set(),
    "extensions": set(),
    "clock": set(),
    "config": {"market", "scoring"},
    "logs": set(),
    "monitoring": set(),
    "providers": {"scoring", "market"},
    "store": {"scoring", "market"} | BASE,
    "caching": {"scoring", "market", "store"} | BASE,
    "services": {"scoring", "market", "providers", "store", "caching"} | BASE,
    "jobs": {"scoring", "market", "providers", "store", "caching", "services"} | BASE,
    "web": {"scoring", "market", "store", "caching", "services"} | BASE,
    "dashboard": {"jobs", "services"} | BASE,
    "console": {"providers", "services"},
    "cli": {"console", "scoring", "market", "providers", "store", "caching", "services"} | BASE,
    "commands": {"cli"},
}
"""What each part may import besides itself. `create_app` alone may import everything."""

HEAVY = {"pandas", "numpy", "yfinance", "exchange_calendars", "pytickersymbols", "sentry_sdk"}
PURE = {"flask", "sqlalchemy", "redis", "rq", "yfinance", "pandas", "requests", "time", "random"}


INSIDE_WEB = {
    "http": set(),
    "ui": {"http"},
    "pages": {"http", "ui"},
    "ops": {"http", "ui"},
}
"""What each part of `stockscore/web` may import of it besides itself."""

SHOWS_OTHERS = {"patterns"}
"""The page that shows every macro in every state, and so imports what other pages are made of."""


def part_of(module: str) -> str:
    """The part of the package that a module's dotted name belongs to."""
    pieces = module.split(".")
    return pieces[1] if len(pieces) > 1 else "create_app"


def imports_of(path: Path) -> set[str]:
    """Dotted names that a file imports, wherever in the file."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} imports relatively"
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def modules() -> list[tuple[str, Path]]:
    """Every module of the package with its dotted name."""
    found = []
    for path in sorted(PACKAGE.rglob("*.py")):
        dotted = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        found.append((dotted.removesuffix(".__init__"), path))
    return found


@pytest.mark.parametrize(("module", "path"), modules(), ids=lambda value: str(value)[-40:])
def test_a_module_imports_only_what_lies_below_it(module: str, path: Path) -> None:
    part = part_of(module)
    if part == "create_app":
        return
    own = {part_of(name) for name in imports_of(path) if name.split(".")[0] == "stockscore"}
    assert own - {part} <= ALLOWED[part], f"{module} may not import {own - {part} - ALLOWED[part]}"


def test_scoring_knows_no_framework_no_database_and_no_clock() -> None:
    for path in sorted((PACKAGE / "scoring").rglob("*.py")):
        roots = {name.split(".")[0] for name in imports_of(path)}
        assert not roots & PURE, f"{path.name} imports {roots & PURE}"
        assert "now(" not in path.read_text("utf-8"), f"{path.name} asks a clock"


def test_only_web_pages_never_reach_a_provider_or_a_job() -> None:
    for path in sorted((PACKAGE / "web").rglob("*.py")):
        parts = {part_of(name) for name in imports_of(path) if name.startswith("stockscore.")}
        assert not parts & {"providers", "jobs"}, path.name


def web_modules() -> list[tuple[str, Path]]:
    """The modules of `stockscore/web` but for its top."""
    return [(name, path) for name, path in modules() if name.startswith("stockscore.web.")]


@pytest.mark.parametrize(("module", "path"), web_modules(), ids=lambda value: str(value)[-40:])
def test_inside_web_requests_lie_below_parts_and_parts_below_pages(module: str, path: Path) -> None:
    part, *inner = module.split(".")[2:]
    for name in imports_of(path):
        if not name.startswith("stockscore.web."):
            continue
        other, *others_inner = name.split(".")[2:]
        assert other == part or other in INSIDE_WEB[part], f"{module} may not import {name}"
        if other == part == "pages" and inner[:1] != others_inner[:1]:
            assert inner[0] in SHOWS_OTHERS, f"{module} imports another page: {name}"


def test_web_is_laid_out_as_requests_parts_pages_and_operations() -> None:
    top = [path for path in (PACKAGE / "web").iterdir() if path.name != "__pycache__"]
    assert {path.name for path in top if path.is_dir()} == set(INSIDE_WEB)
    assert len([path for path in top if path.is_file()]) <= 2


def test_a_fresh_web_process_loads_no_numeric_library(tmp_path: Path) -> None:
    program = (
        "import json, sys\n"
        "from stockscore import create_app\n"
        f"app = create_app({{'DATABASE_URL': 'sqlite:///{tmp_path / 'empty.db'}'}})\n"
        "app.test_client().get('/healthz')\n"
        "print(json.dumps(sorted({name.split('.')[0] for name in sys.modules})))\n"
    )
    answer = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    loaded = set(json.loads(answer.stdout.splitlines()[-1]))
    assert "flask" in loaded
    assert not loaded & HEAVY


def test_no_module_is_called_after_nothing() -> None:
    names = {path.stem for _, path in modules()}
    assert not names & {"utils", "util", "helpers", "helper", "manager", "misc", "common"}
