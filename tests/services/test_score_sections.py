"""The columns of an edition that lists are ordered by."""

from stockscore.services.score_sections import name_places


def test_stocks_of_one_name_have_one_place_so_that_their_tickers_order_them():
    assert name_places(["Beta", "Alpha", "Beta", "Gamma"]).tolist() == [1, 0, 1, 2]
