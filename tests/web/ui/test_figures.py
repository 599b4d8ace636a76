"""One figure has one label, whichever page says it."""

import pytest

from stockscore.scoring.fields import BY_KEY as FIELDS_BY_KEY
from stockscore.scoring.inputs import INPUTS
from stockscore.scoring.methods import default_method
from stockscore.web.ui.figures import label_of
from stockscore.web.ui.terms import BY_KEY as TERMS_BY_KEY


def test_a_figure_is_called_as_the_method_and_the_glossary_call_it():
    for metric in default_method().metrics:
        assert label_of(metric.key) == metric.label == TERMS_BY_KEY[metric.key].name
    for key in ("revenue_growth", "eps_growth", "dividend_yield"):
        assert label_of(key) == FIELDS_BY_KEY[key].label == TERMS_BY_KEY[key.replace("_", "-")].name


def test_every_input_has_a_label_that_stands_alone():
    for entry in INPUTS:
        label = label_of(entry.name)
        assert label[0].isupper()
        assert not label.startswith("The ")
    with pytest.raises(KeyError):
        label_of("luck")
