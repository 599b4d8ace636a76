"""The documents: what they point at is there, and the pictures stay light."""

from __future__ import annotations

import re

import pytest

from bench.documents import methodology
from stockscore.config import ROOT
from stockscore.scoring.doctor.rules import RULES
from stockscore.scoring.methods import METHODS, default_method

DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])
WAYS = ("light", "dark")
PICTURES = sorted((ROOT / "docs" / "screenshots").glob("*.png"))

LINKS = re.compile(r'\]\(([^)#\s]+)|(?:src|srcset)="([^"]+)"')


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_what_a_document_links_to_is_there(document):
    links = {link or source for link, source in LINKS.findall(document.read_text())}
    for link in links:
        if "://" not in link:
            assert (document.parent / link).exists(), link


def test_each_page_has_its_pictures_on_phones_and_desks_light_and_dark():
    pages = {picture.name.rsplit("-", 2)[0] for picture in PICTURES}
    assert {"today", "stock", "screener", "compare", "portfolio", "glossary"} <= pages
    kinds = {f"{page}-{width}-{way}" for page in pages for width in (390, 1440) for way in WAYS}
    assert {picture.stem for picture in PICTURES} == kinds


def test_the_pictures_together_are_light():
    assert sum(picture.stat().st_size for picture in PICTURES) < 8_000_000


@pytest.mark.parametrize("name", ["requirements.in", "requirements-dev.in"])
def test_every_dependency_has_its_reason(name):
    reasons = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    for line in (ROOT / name).read_text("utf-8").splitlines():
        package = re.match(r"[\w-]+", line)
        if package and not line.startswith(("#", "-")):
            assert re.search(rf"\| .*\b{package[0]}\b.* \|", reasons), package[0]


def test_the_methodology_is_that_of_the_tables():
    text = (ROOT / "docs" / "methodology.md").read_text("utf-8")
    assert methodology.tables(default_method()) in text, "run `python -m bench.documents`"
    for version, method in METHODS.items():
        for change in method.changes:
            assert f"- {change}" in text, version


def test_every_rule_for_values_is_in_the_document_on_data_quality():
    text = (ROOT / "docs" / "data-quality.md").read_text("utf-8")
    for key, rule in RULES.items():
        assert f"| {rule.title} (`{key}`) | {rule.text} |" in text, (
            "run `python -m bench.documents`"
        )
