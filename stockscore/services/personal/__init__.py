"""What readers keep here: watchlists and a portfolio, under the key of their browser."""
