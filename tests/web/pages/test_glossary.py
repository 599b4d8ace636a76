"""/glossary: enough terms, each once, each of the method's among them."""

import re

import pytest

from stockscore.scoring.method import FACTORS, KIND_LABELS
from stockscore.scoring.methods import default_method
from stockscore.scoring.signals import SIGNALS
from stockscore.scoring.strategies import STRATEGIES
from stockscore.web.ui.gloss import gloss, mentions
from stockscore.web.ui.terms import BY_KEY, GROUPS, TERMS
from tests.support.pages import PUBLIC


def test_there_are_at_least_120_terms_and_each_once():
    assert len(TERMS) >= 120
    assert len(BY_KEY) == len(TERMS)
    assert len({term.name.casefold() for term in TERMS}) == len(TERMS)


def test_every_metric_factor_signal_kind_and_strategy_is_a_term():
    assert {metric.key for metric in default_method().metrics} <= BY_KEY.keys()
    assert {f"factor-{factor}" for factor in FACTORS} <= BY_KEY.keys()
    names = {term.name for term in TERMS}
    assert set(SIGNALS) <= names
    assert {label.capitalize() for label in KIND_LABELS.values()} <= names
    assert {strategy.label for strategy in STRATEGIES} <= names


def test_a_term_is_said_in_whole_sentences():
    for term in TERMS:
        assert re.match(r"[A-Z0-9]", term.text), term.name
        assert term.text.endswith("."), term.name
        assert "  " not in term.text, term.name
        assert len(term.text) < 300, term.name
        assert term.group in GROUPS


def test_terms_stand_in_alphabetical_order_under_their_subject(browser):
    page = browser.get("/glossary").text
    for group in GROUPS:
        names = [term.name.casefold() for term in TERMS if term.group == group]
        assert names == sorted(names)
        assert f"<h2>{group}</h2>" in page


def test_every_anchor_is_there_once_and_every_link_to_one_leads_somewhere(browser):
    page = browser.get("/glossary").text
    anchors = re.findall(r'<div id="([^"]+)"', page)
    assert anchors == [term.key for term in TERMS]
    linked = set(re.findall(r'<a href="#([^"]+)"', page)) - {"index"}
    assert {link for link in linked if not link.startswith("g-")} == set(anchors)
    for group in (link for link in linked if link.startswith("g-")):
        assert f'<section id="{group}">' in page


def test_where_a_term_is_used_there_is_a_page_with_its_place(browser):
    for url in {term.url for term in TERMS if term.url}:
        path, _, place = url.partition("#")
        answer = browser.get(path)
        assert answer.status_code == 200
        assert not place or f'id="{place}"' in answer.text


def test_each_term_is_linked_from_where_it_is_used_and_no_link_leads_nowhere(browser):
    linked = set()
    for path in PUBLIC:
        linked |= set(re.findall(r'href="/glossary#([^"]+)"', browser.get(path).text))
    assert linked <= BY_KEY.keys()
    # The foot of every page of a simulated market has this one.
    assert BY_KEY.keys() - linked == {"simulated-market"}


def test_a_label_is_linked_by_its_name_or_key_and_stays_text_where_there_is_none():
    assert gloss("Net income") == '<a class="gloss" href="/glossary#net-income">Net income</a>'
    assert 'href="/glossary#dividend"' in gloss("Dividend per share")
    assert 'href="/glossary#factor-value">Value' in gloss("Value", "factor-value")
    assert gloss("Profit & <loss>") == "Profit &amp; &lt;loss&gt;"
    with pytest.raises(KeyError):
        gloss("Value", "factor-luck")


def test_the_texts_of_terms_mention_one_another_once():
    for term in TERMS:
        parts = mentions(term)
        assert "".join(text for text, _ in parts) == term.text
        keys = [key for _, key in parts if key]
        assert len(keys) == len(set(keys))
        assert term.key not in keys
    of = {key for _, key in mentions(BY_KEY["death-cross"])}
    assert "golden-cross" in of


def test_the_same_terms_are_there_as_data(browser):
    terms = browser.get("/glossary.json").json["terms"]
    assert [term["key"] for term in terms] == [term.key for term in TERMS]
    assert len(browser.get("/glossary.csv").text.splitlines()) == len(TERMS) + 1
